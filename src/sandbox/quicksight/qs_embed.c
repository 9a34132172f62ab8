#include "sandbox/quicksight/qs_embed.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/json.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_board.h"
#include "sandbox/quicksight/qs_group.h"
#include "sandbox/quicksight/qs_page.h"
#include "sandbox/quicksight/qs_user.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"

enum {
	CODE_BYTES = 24,
	LINK_MS = 5 * 60 * 1000,
};

/* --- the link --- */

/* https://..., or http of the machine itself; no path. */
static bool is_origin(const char *text)
{
	const char *host;

	if (str_starts(text, "https://"))
		host = text + strlen("https://");
	else if (str_starts(text, "http://localhost"))
		host = text + strlen("http://");
	else
		return false;
	return *host != '\0' && strpbrk(host, "/?# ;,'\"") == NULL;
}

static bool check_domains(const struct json *domains, struct err *err)
{
	for (size_t i = 0; i < json_count(domains); i++) {
		const char *text = json_text(json_item(domains, i), NULL, "");

		if (!is_origin(text))
			return s3_call_refuse(err,
					      "InvalidParameterValueException",
					      "AllowedDomains: %s is no origin "
					      "such as https://example.com or "
					      "http://localhost",
					      text);
	}
	return true;
}

#define EXPERIENCE "ExperienceConfiguration."
#define BY_VISUAL  EXPERIENCE "DashboardVisual.InitialDashboardVisualId."

/* Which dashboard, and of one visual its sheet and id. */
static bool read_experience(const struct json *in, struct json *out,
			    struct err *err)
{
	const struct json *all = json_key(in, "ExperienceConfiguration");
	const char *board = json_text(
		in, EXPERIENCE "Dashboard.InitialDashboardId", NULL);

	if (json_count(all) != 1)
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "ExperienceConfiguration must have one "
				      "experience");
	if (board == NULL) {
		board = json_text(in, BY_VISUAL "DashboardId", NULL);
		json_put_text(out, "SheetId",
			      json_text(in, BY_VISUAL "SheetId", ""));
		json_put_text(out, "VisualId",
			      json_text(in, BY_VISUAL "VisualId", ""));
	}
	if (board == NULL)
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "the sandbox embeds dashboards and their "
				      "visuals only");
	json_put_text(out, "DashboardId", board);
	return true;
}

static bool may_see(const struct qs *qs, const struct json *board,
		    const char *user)
{
	static const char action[] = "quicksight:DescribeDashboard";

	return qs_may(board, user, action) ||
	       qs_group_may(qs, board, user, action);
}

static bool check_user(const struct qs_call *call, const struct json *board,
		       struct err *err)
{
	const char *arn = json_text(call->in, "UserArn", "");
	CLEANUP(json_freep) struct json *user = qs_user_find(call->qs, arn);

	if (user == NULL)
		return s3_call_refuse(err, "QuickSightUserNotFoundException",
				      "The user %s does not exist", arn);
	if (may_see(call->qs, board, arn))
		return true;
	return s3_call_refuse(err, "AccessDeniedException",
			      "The user %s may not see the dashboard %s", arn,
			      json_text(board, "DashboardId", ""));
}

static bool keep_code(const struct qs_call *call, struct json *entry,
		      struct err *err)
{
	unsigned char random[CODE_BYTES];
	CLEANUP(str_done) struct str code = STR_EMPTY;
	CLEANUP(str_done) struct str link = STR_EMPTY;
	const char *host = s3_request_header(&call->call->request, "host");
	struct qs_key key = { .kind = "embed", .parent = "" };

	hash_random(random, sizeof(random));
	encode_hex(&code, random, sizeof(random));
	key.id = code.text;
	json_put_number(entry, "ExpiresMs", clock_wall_ms() + LINK_MS);
	json_put_text(entry, "Region", call->region);
	qs_pick(entry, call->in, "UserArn AllowedDomains");
	if (!qs_store_put(call->qs->store, key, entry, err))
		return false;
	str_addf(&link,
		 "http://%s/-quicksight/embed/%s/dashboards/%s"
		 "?identityprovider=quicksight&isauthcode=true",
		 host == NULL ? "localhost" : host, code.text,
		 json_text(entry, "DashboardId", ""));
	json_put_text(call->out, "EmbedUrl", link.text);
	return true;
}

static bool generate(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *entry = json_new_object();
	CLEANUP(json_freep) struct json *board = NULL;
	struct qs_key key = { .kind = "dashboard", .parent = call->region };

	if (!check_domains(json_key(call->in, "AllowedDomains"), err) ||
	    !read_experience(call->in, entry, err))
		return false;
	key.id = json_text(entry, "DashboardId", "");
	board = qs_store_get(call->qs->store, key, NULL);
	if (board == NULL)
		return s3_call_refuse(err, "ResourceNotFoundException",
				      "Dashboard %s does not exist", key.id);
	return check_user(call, board, err) && keep_code(call, entry, err);
}

const struct qs_op qs_embed_ops[] = {
	{ "GenerateEmbedUrlForRegisteredUser", generate, "user", "UserArn" },
	{ 0 },
};

/* --- what stands behind it --- */

static void refuse(struct s3_call *call, int status, const char *text)
{
	struct str *body = &call->reply.body;

	s3_reply_header(&call->reply, "Content-Type",
			"text/html; charset=utf-8");
	qs_page_begin("QuickSight", body);
	qs_page_add_tag(body, "p", text);
	qs_page_end(body);
	call->reply.status = status;
}

/* Who may frame the page: nobody, where no domains were given. */
static void add_policy(struct s3_call *call, const struct json *domains)
{
	CLEANUP(str_done) struct str policy = STR_EMPTY;

	str_add(&policy,
		"default-src 'none'; style-src 'unsafe-inline'; "
		"frame-ancestors");
	for (size_t i = 0; i < json_count(domains); i++)
		str_addf(&policy, " %s",
			 json_text(json_item(domains, i), NULL, ""));
	if (json_count(domains) == 0)
		str_add(&policy, " 'none'");
	s3_reply_header(&call->reply, "Content-Security-Policy", policy.text);
	s3_reply_header(&call->reply, "Cache-Control", "no-store");
}

static void show(struct s3_call *call, const struct json *entry)
{
	struct qs *qs = call->options->quicksight;
	struct str *body = &call->reply.body;
	struct qs_key key = { "dashboard", json_text(entry, "Region", ""),
			      json_text(entry, "DashboardId", "") };
	CLEANUP(json_freep) struct json *board =
		qs_store_get(qs->store, key, NULL);
	CLEANUP(json_freep) struct json *version = NULL;
	const char *name;

	if (board != NULL &&
	    may_see(qs, board, json_text(entry, "UserArn", "")))
		version = qs_board_version(qs, board, key.parent, 0, NULL);
	if (version == NULL) {
		refuse(call, 404, "This dashboard is not there any more, or "
				  "not for you.");
		return;
	}
	name = json_text(version, "Name", "");
	s3_reply_header(&call->reply, "Content-Type",
			"text/html; charset=utf-8");
	add_policy(call, json_key(entry, "AllowedDomains"));
	qs_page_begin(name, body);
	qs_page_add_tag(body, "h1", name);
	qs_page_add_sheets(qs, json_key(version, "Definition"),
			   json_text(entry, "SheetId", NULL),
			   json_text(entry, "VisualId", NULL), body);
	qs_page_end(body);
	call->reply.status = 200;
}

/* Used up by the first who asks. */
static bool take_entry(void *context, struct json *record, struct err *err)
{
	struct json **out = context;

	if (json_bool(record, "Used", false))
		return err_set(err, ERR_MISSING, "used");
	json_put_bool(record, "Used", true);
	*out = json_clone(record);
	return true;
}

void qs_embed_run(struct s3_call *call, const char *code)
{
	struct qs_store *store = call->options->quicksight->store;
	CLEANUP(mem_freep) char *own = mem_copy_slice(code, strcspn(code, "/"));
	CLEANUP(json_freep) struct json *entry = NULL;
	struct qs_key key = { "embed", "", own };

	if (!qs_store_change(store, key, take_entry, &entry, NULL) ||
	    json_number(entry, "ExpiresMs", 0) <=
		    clock_wall_ms() + call->auth.skew_ms) {
		refuse(call, 403, "This link was used already, or has "
				  "expired.");
		return;
	}
	qs_store_drop(store, key, NULL);
	show(call, entry);
}
