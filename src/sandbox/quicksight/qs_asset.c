#include "sandbox/quicksight/qs_asset.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_call.h"

enum { PAGE_ITEMS = 100 };

/* --- ARNs --- */

void qs_add_arn(const char *region, const char *kind, const char *id,
		struct str *out)
{
	str_addf(out, "arn:aws:quicksight:%s:" IDENTITY_ACCOUNT ":%s/%s",
		 region, kind, id);
}

bool qs_read_arn(const char *arn, const char *kind, struct str *out_region,
		 struct str *out_id)
{
	static const char head[] = "arn:aws:quicksight:";
	const char *region = arn + strlen(head);
	CLEANUP(str_done) struct str middle = STR_EMPTY;
	size_t len;

	if (!str_starts(arn, head))
		return false;
	len = strcspn(region, ":");
	str_addf(&middle, ":" IDENTITY_ACCOUNT ":%s/", kind);
	if (len == 0 || !str_starts(region + len, middle.text) ||
	    region[len + middle.len] == '\0')
		return false;
	str_add_slice(out_region, region, len);
	str_add(out_id, region + len + middle.len);
	return true;
}

void qs_add_home(const struct qs *qs, struct str *out)
{
	if (!qs_setting(qs, "identity-region", out))
		str_add(out, IDENTITY_REGION);
}

/* --- records --- */

static bool is_time(const char *name)
{
	return str_ends(name, "Time") || str_ends(name, "VerifiedAt");
}

void qs_pick(struct json *out, const struct json *record, const char *names)
{
	while (*names != '\0') {
		size_t len = strcspn(names, " ");
		CLEANUP(mem_freep) char *name = mem_copy_slice(names, len);
		const struct json *value = json_key(record, name);
		enum json_shape shape = json_shape(value);

		if (shape == JSON_SHAPE_NUMBER && is_time(name))
			json_put_double(out, name,
					json_double(value, NULL, 0) / 1000);
		else if (shape != JSON_SHAPE_NONE && shape != JSON_SHAPE_NULL)
			json_put_take(out, name, json_clone(value));
		names += len + strspn(names + len, " ");
	}
}

struct qs_key qs_key_of(const struct qs_call *call, const char *kind,
			const char *id_member)
{
	return (struct qs_key){ kind, call->region,
				json_text(call->in, id_member, "") };
}

/* "Dashboard X" in messages. */
static const char *words_of(const char *kind)
{
	static const struct {
		const char *kind;
		const char *words;
	} names[] = {
		{ "datasource", "DataSource" }, { "dataset", "DataSet" },
		{ "analysis", "Analysis" },	{ "dashboard", "Dashboard" },
		{ "vpcConnection", "VPCConnection" },
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i].kind, kind) == 0)
			return names[i].words;
	return kind;
}

struct json *qs_need(const struct qs_call *call, const char *kind,
		     const char *id_member, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	struct json *record = qs_store_get(call->qs->store, key, err);

	if (record == NULL && (err == NULL || err->kind == ERR_MISSING))
		s3_call_refuse(err, "ResourceNotFoundException",
			       "%s %s does not exist", words_of(kind), key.id);
	return record;
}

bool qs_need_new(const struct qs_call *call, struct qs_key key, struct err *err)
{
	return !qs_store_has(call->qs->store, key) ||
	       s3_call_refuse(err, "ResourceExistsException",
			      "%s %s already exists", words_of(key.kind),
			      key.id);
}

/* A limit of the settings: "limit-dashboard 3". */
static bool has_room(const struct qs_call *call, struct qs_key key,
		     struct err *err)
{
	CLEANUP(json_freep)
	struct json *list = qs_store_list(call->qs->store, key, err);
	CLEANUP(str_done) struct str name = STR_EMPTY;
	int64_t most;

	if (list == NULL)
		return false;
	str_addf(&name, "limit-%s", key.kind);
	most = qs_setting_number(call->qs, name.text, INT64_MAX);
	return (int64_t)json_count(list) < most ||
	       s3_call_refuse(err, "LimitExceededException",
			      "The account has %zu %ss, which is its limit",
			      json_count(list), words_of(key.kind));
}

struct json *qs_new_asset(const struct qs_call *call, struct qs_key key,
			  const char *id_member, struct err *err)
{
	const struct json *permissions = json_key(call->in, "Permissions");
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	struct json *record;

	if (!qs_need_new(call, key, err) || !has_room(call, key, err) ||
	    !qs_check_permissions(call->qs, key.kind, permissions, err))
		return NULL;
	record = json_new_object();
	qs_add_arn(call->region, key.kind, key.id, &arn);
	json_put_text(record, "Arn", arn.text);
	json_put_text(record, id_member, key.id);
	qs_pick(record, call->in, "Name Tags");
	json_put_take(record, "Permissions",
		      permissions == NULL ? json_new_array()
					  : json_clone(permissions));
	json_put_number(record, "CreatedTime", clock_wall_ms());
	json_put_number(record, "LastUpdatedTime", clock_wall_ms());
	return record;
}

void qs_put_picked(struct qs_call *call, const char *name,
		   const struct json *record, const char *members)
{
	struct json *out = json_new_object();

	qs_pick(out, record, members);
	json_put_take(call->out, name, out);
}

bool qs_describe(struct qs_call *call, struct err *err)
{
	const struct qs_op *op = call->op;
	CLEANUP(json_freep)
	struct json *record = qs_need(call, op->kind, op->id, err);

	if (record == NULL)
		return false;
	qs_put_picked(call, op->answer, record, op->members);
	return true;
}

void qs_put_who(struct qs_call *call, const struct json *record,
		const char *id_member)
{
	qs_pick(call->out, record, "Arn");
	qs_pick(call->out, record, id_member);
}

/* --- pages --- */

/* A token is "name:first" in base64. */
static void make_token(const char *name, size_t first, struct str *out)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;

	str_addf(&plain, "%s:%zu", name, first);
	encode_base64(out, plain.text, plain.len);
}

static bool read_token(const char *token, const char *name, size_t count,
		       size_t *out_first, struct err *err)
{
	*out_first = 0;
	if (token == NULL)
		return true;
	for (size_t first = 1; first < count; first++) {
		CLEANUP(str_done) struct str made = STR_EMPTY;

		make_token(name, first, &made);
		*out_first = first;
		if (strcmp(made.text, token) == 0)
			return true;
	}
	return s3_call_refuse(err, "InvalidNextTokenException",
			      "The NextToken is not valid");
}

bool qs_put_page(struct qs_call *call, const struct json *list,
		 const char *name, const char *members, struct err *err)
{
	size_t most = (size_t)json_number(call->in, "MaxResults", PAGE_ITEMS);
	size_t count = json_count(list);
	struct json *page;
	size_t first;
	size_t end;

	if (!read_token(json_text(call->in, "NextToken", NULL), name, count,
			&first, err))
		return false;
	end = count - first > most ? first + most : count;
	page = json_new_array();
	for (size_t i = first; i < end; i++) {
		struct json *item = json_new_object();

		qs_pick(item, json_item(list, i), members);
		json_push_take(page, item);
	}
	json_put_take(call->out, name, page);
	if (end < count) {
		CLEANUP(str_done) struct str token = STR_EMPTY;

		make_token(name, end, &token);
		json_put_text(call->out, "NextToken", token.text);
	}
	return true;
}

/* --- searches --- */

static bool is_owner(const struct json *record, const char *principal)
{
	const struct json *list = json_key(record, "Permissions");

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *entry = json_item(list, i);
		const struct json *actions = json_key(entry, "Actions");

		if (strcmp(json_text(entry, "Principal", ""), principal) != 0)
			continue;
		for (size_t j = 0; j < json_count(actions); j++)
			if (strstr(json_text(json_item(actions, j), NULL, ""),
				   ":Delete") != NULL)
				return true;
	}
	return false;
}

static size_t count_owners(const struct json *record)
{
	const struct json *list = json_key(record, "Permissions");
	size_t count = 0;

	for (size_t i = 0; i < json_count(list); i++)
		if (is_owner(record, json_text(json_item(list, i), "Principal",
					       "")))
			count++;
	return count;
}

static bool fits(const struct json *record, const struct json *filter)
{
	const char *name = json_text(filter, "Name", "");
	const char *value = json_text(filter, "Value", "");
	const char *shown = json_text(record, "Name", "");

	if (str_ends(name, "_NAME"))
		return strcmp(json_text(filter, "Operator", ""),
			      "StringLike") == 0
			       ? strcasestr(shown, value) != NULL
			       : strcmp(shown, value) == 0;
	if (str_ends(name, "SOLE_OWNER"))
		return is_owner(record, value) && count_owners(record) == 1;
	if (strstr(name, "VIEWER") == NULL && str_ends(name, "OWNER"))
		return is_owner(record, value);
	return qs_may(record, value, "");
}

static bool fits_all(const struct json *record, const struct json *filters)
{
	for (size_t i = 0; i < json_count(filters); i++)
		if (!fits(record, json_item(filters, i)))
			return false;
	return true;
}

bool qs_list(struct qs_call *call, struct err *err)
{
	struct qs_key key = { call->op->kind, call->region, "" };
	const struct json *filters = json_key(call->in, "Filters");
	CLEANUP(json_freep)
	struct json *list = qs_store_list(call->qs->store, key, err);
	CLEANUP(json_freep) struct json *found = json_new_array();

	if (list == NULL)
		return false;
	for (size_t i = 0; i < json_count(list); i++)
		if (fits_all(json_item(list, i), filters))
			json_push_take(found, json_clone(json_item(list, i)));
	return qs_put_page(call, found, call->op->answer, call->op->members,
			   err);
}
