#include "sandbox/quicksight/qs_embed.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/json.h"
#include "data/xml.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_board.h"
#include "sandbox/quicksight/qs_grid.h"
#include "sandbox/quicksight/qs_group.h"
#include "sandbox/quicksight/qs_user.h"
#include "sandbox/quicksight/qs_visual.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"

enum {
	CODE_BYTES = 24,
	LINK_MS = 5 * 60 * 1000,
	PAGE_ROWS = 500, /* of a table */
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

static bool check_user(const struct qs_call *call, const struct json *board,
		       struct err *err)
{
	const char *arn = json_text(call->in, "UserArn", "");
	CLEANUP(json_freep) struct json *user = qs_user_find(call->qs, arn);

	if (user == NULL)
		return s3_call_refuse(err, "QuickSightUserNotFoundException",
				      "The user %s does not exist", arn);
	if (qs_may(board, arn, "quicksight:DescribeDashboard") ||
	    qs_group_may(call->qs, board, arn, "quicksight:DescribeDashboard"))
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

/* --- the page --- */

static const char page_head[] =
	"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width\">"
	"<style>body{font:15px sans-serif;margin:2rem;color:#222}"
	"h1{font-size:1.5rem}h2{font-size:1.2rem;border-bottom:1px solid #ccc}"
	"h3{font-size:1rem}table{border-collapse:collapse;margin-bottom:1rem}"
	"th,td{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}"
	"th{background:#eee}.note{color:#a00}</style><title>";

static void add_tag(struct str *out, const char *tag, const char *text)
{
	str_addf(out, "<%s>", tag);
	xml_escape(out, text, strlen(text));
	str_addf(out, "</%s>\n", tag);
}

static void add_rows(const struct qs_visual *visual,
		     const struct qs_grid *grid, struct str *out)
{
	size_t rows = qs_grid_rows(grid);

	str_add(out, "<table><thead><tr>");
	for (size_t i = 0; i < visual->fields.count; i++)
		add_tag(out, "th", visual->fields.items[i].title.text);
	str_add(out, "</tr></thead><tbody>\n");
	for (size_t row = 0; row < rows && row < PAGE_ROWS; row++) {
		str_add(out, "<tr>");
		for (size_t i = 0; i < grid->columns; i++)
			add_tag(out, "td", qs_grid_cell(grid, row, i));
		str_add(out, "</tr>");
	}
	str_add(out, "</tbody></table>\n");
	if (grid->rows_total > PAGE_ROWS)
		str_addf(out, "<p>%zu rows; the first %d are shown.</p>\n",
			 grid->rows_total, PAGE_ROWS);
}

static void add_visual(const struct qs *qs, const struct json *definition,
		       const struct json *sheet, const char *id,
		       struct str *out)
{
	CLEANUP(qs_visual_done) struct qs_visual visual = QS_VISUAL_EMPTY;
	CLEANUP(qs_grid_done) struct qs_grid grid = { 0 };
	struct err err = ERR_EMPTY;

	if (qs_visual_read(qs, definition, sheet, id, &visual, &err) &&
	    qs_grid_fill(&grid, qs, &visual, &err)) {
		add_tag(out, "h3",
			visual.title.len > 0 ? visual.title.text : id);
		add_rows(&visual, &grid, out);
		return;
	}
	add_tag(out, "h3", visual.title.len > 0 ? visual.title.text : id);
	str_add(out, "<p class=\"note\">");
	xml_escape(out, err.message, strlen(err.message));
	str_add(out, "</p>\n");
}

static void add_sheets(const struct qs *qs, const struct json *entry,
		       const struct json *definition, struct str *out)
{
	const struct json *sheets = json_key(definition, "Sheets");
	const char *only_sheet = json_text(entry, "SheetId", NULL);
	const char *only_visual = json_text(entry, "VisualId", NULL);

	for (size_t i = 0; i < json_count(sheets); i++) {
		const struct json *sheet = json_item(sheets, i);
		const char *id = json_text(sheet, "SheetId", "");
		const struct json *visual;
		const char *kind;

		if (only_sheet != NULL && strcmp(only_sheet, id) != 0)
			continue;
		add_tag(out, "h2", json_text(sheet, "Name", id));
		for (size_t j = 0;
		     (visual = qs_visual_at(sheet, j, &kind)) != NULL; j++) {
			const char *name = json_text(visual, "VisualId", "");

			if (only_visual == NULL ||
			    strcmp(only_visual, name) == 0)
				add_visual(qs, definition, sheet, name, out);
		}
	}
}

static void refuse(struct s3_call *call, int status, const char *text)
{
	struct str *body = &call->reply.body;

	s3_reply_header(&call->reply, "Content-Type",
			"text/html; charset=utf-8");
	str_add(body, page_head);
	str_add(body, "QuickSight</title></head><body>");
	add_tag(body, "p", text);
	str_add(body, "</body></html>\n");
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
	    qs_may(board, json_text(entry, "UserArn", ""),
		   "quicksight:DescribeDashboard"))
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
	str_add(body, page_head);
	xml_escape(body, name, strlen(name));
	str_add(body, "</title></head><body>\n");
	add_tag(body, "h1", name);
	add_sheets(qs, entry, json_key(version, "Definition"), body);
	str_add(body, "</body></html>\n");
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
