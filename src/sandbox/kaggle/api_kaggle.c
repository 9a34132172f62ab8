#include "sandbox/kaggle/api_kaggle.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/isotime.h"
#include "data/json.h"
#include "data/url.h"
#include "sandbox/account/identity.h"
#include "sandbox/kaggle/kaggle_link.h"
#include "sandbox/kaggle/kaggle_set.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"

#define REST  "/api/v1/datasets/"
#define CALLS "/v1/datasets.DatasetApiService/"
#define LOGIN "/account/login"

enum {
	PAGE_USUAL = 20,
	PAGE_MAX = 200,
	KEY_BYTES = 16,
};

/* One request: what it names. */
struct ask {
	char *owner;
	char *slug;
	char *file;        /* NULL: none */
	struct json *body; /* NULL: by GET */
};

static void ask_done(struct ask *ask)
{
	mem_free(ask->owner);
	mem_free(ask->slug);
	mem_free(ask->file);
	json_free(ask->body);
}

/* --- keys --- */

static void add_derived(const struct identity *identity, const char *what,
			struct str *out)
{
	const struct hash_key key = {
		secret_text(&identity->token_key),
		strlen(secret_text(&identity->token_key)),
	};
	unsigned char digest[32];

	hash_hmac_sha256(key, what, strlen(what), digest);
	encode_hex(out, digest, KEY_BYTES);
	mem_wipe(digest, sizeof(digest));
}

static void derive(const struct identity *identity, const char *prefix,
		   const char *what, struct secret *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, prefix);
	add_derived(identity, what, &text);
	secret_set(out, text.text);
	mem_wipe(text.text, text.len);
}

void api_kaggle_key(const struct identity *identity, struct secret *out)
{
	derive(identity, "", "kaggle key", out);
}

void api_kaggle_token(const struct identity *identity, struct secret *out)
{
	derive(identity, "KGAT_", "kaggle token", out);
}

static bool is_basic(const struct s3_call *call, const char *sent)
{
	CLEANUP(secret_done) struct secret key = SECRET_EMPTY;
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	CLEANUP(str_done) struct str right = STR_EMPTY;
	bool same;

	api_kaggle_key(call->options->identity, &key);
	str_addf(&right, API_KAGGLE_USER ":%s", secret_text(&key));
	same = encode_unbase64(&plain, sent, strlen(sent)) &&
	       plain.len == right.len && strcmp(plain.text, right.text) == 0;
	mem_wipe(plain.text, plain.len);
	mem_wipe(right.text, right.len);
	return same;
}

static bool is_bearer(const struct s3_call *call, const char *sent)
{
	CLEANUP(secret_done) struct secret token = SECRET_EMPTY;

	api_kaggle_token(call->options->identity, &token);
	return strcmp(secret_text(&token), sent) == 0;
}

static bool check_key(const struct s3_call *call, struct err *err)
{
	const char *header = s3_request_header(&call->request, "authorization");

	if (header != NULL && ((str_starts(header, "Basic ") &&
				is_basic(call, header + strlen("Basic "))) ||
			       (str_starts(header, "Bearer ") &&
				is_bearer(call, header + strlen("Bearer ")))))
		return true;
	return s3_call_refuse(err, "Unauthenticated",
			      header == NULL
				      ? "Unauthorized access: no API key"
				      : "Unauthorized access: these are not"
					" the keys of this sandbox");
}

/* --- parameters --- */

static const char *param(const struct s3_call *call, const struct ask *ask,
			 const char *name)
{
	if (ask->body != NULL)
		return json_text(json_key(ask->body, name), NULL, NULL);
	return s3_request_param(&call->request, name);
}

/* otherwise: when it is not there. */
static bool param_number(const struct s3_call *call, const struct ask *ask,
			 const char *name, int64_t otherwise, int64_t *out,
			 struct err *err)
{
	const char *text = param(call, ask, name);
	char *end;

	*out = json_number(json_key(ask->body, name), NULL, otherwise);
	if (text == NULL || *text == '\0')
		return true;
	*out = strtoll(text, &end, 10);
	return (*end == '\0' && *out >= 0) ||
	       s3_call_refuse(err, "InvalidArgument",
			      "The value '%s' is not valid for %s.", text,
			      name);
}

static bool load(const struct s3_call *call, const struct ask *ask,
		 struct kaggle_set *out, struct err *err)
{
	int64_t version;

	if (!param_number(call, ask, "datasetVersionNumber", 0, &version, err))
		return false;
	if (ask->owner == NULL ||
	    !kaggle_set_load(out, call->options->dir, ask->owner, ask->slug,
			     version, err))
		return s3_call_refuse(err, "NotFound", "Not found: %s/%s",
				      ask->owner ? ask->owner : "",
				      ask->owner ? ask->slug : "");
	if (out->refusal == KAGGLE_PRIVATE)
		return s3_call_refuse(err, "PermissionDenied",
				      "Permission 'datasets.get' was denied");
	return true;
}

static void reply_json(struct s3_call *call, const struct json *json)
{
	s3_reply_header(&call->reply, "Content-Type",
			"application/json; charset=utf-8");
	json_add(&call->reply.body, json);
	call->reply.status = 200;
}

static void put_time(struct json *json, const char *name, int64_t at_ms)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	isotime_add_ms(&text, at_ms);
	json_put_text(json, name, text.text);
}

/* --- search --- */

static struct json *describe(const struct kaggle_set *set)
{
	struct json *json = json_new_object();
	CLEANUP(str_done) struct str ref = STR_EMPTY;
	CLEANUP(str_done) struct str url = STR_EMPTY;

	str_addf(&ref, "%s/%s", set->owner, set->slug);
	str_addf(&url, "https://www.kaggle.com/datasets/%s", ref.text);
	json_put_text(json, "ref", ref.text);
	json_put_text(json, "title", set->title);
	json_put_text(json, "url", url.text);
	json_put_text(json, "ownerName", set->owner);
	json_put_text(json, "ownerRef", set->owner);
	json_put_text(json, "creatorName", set->owner);
	json_put_text(json, "licenseName", set->licence);
	json_put_number(json, "totalBytes", set->archive.bytes);
	put_time(json, "lastUpdated", set->created_ms);
	json_put_number(json, "currentVersionNumber", set->latest);
	json_put_number(json, "downloadCount", 0);
	json_put_number(json, "voteCount", 0);
	json_put_double(json, "usabilityRating", 1.0);
	json_put_bool(json, "isPrivate", false);
	return json;
}

/* All words stand in the name or the title. */
static bool is_found(const struct kaggle_set *set, const char *words)
{
	CLEANUP(str_done) struct str all = STR_EMPTY;

	str_addf(&all, "%s/%s %s", set->owner, set->slug, set->title);
	while (words != NULL && *words != '\0') {
		size_t n = strcspn(words, " ");
		CLEANUP(mem_freep) char *word = mem_copy_slice(words, n);

		if (strcasestr(all.text, word) == NULL)
			return false;
		words += n + strspn(words + n, " ");
	}
	return true;
}

static void find_all(const struct s3_call *call, const struct ask *ask,
		     const struct kaggle_names *names, struct json *out)
{
	for (size_t i = 0; i < names->count; i++) {
		CLEANUP(kaggle_set_done)
		struct kaggle_set set = KAGGLE_SET_EMPTY;
		CLEANUP(mem_freep) char *owner = NULL;
		CLEANUP(mem_freep) char *slug = NULL;

		if (kaggle_set_split(names->items[i], &owner, &slug, NULL) &&
		    kaggle_set_load(&set, call->options->dir, owner, slug, 0,
				    NULL) &&
		    set.refusal != KAGGLE_PRIVATE &&
		    is_found(&set, param(call, ask, "search")))
			json_push_take(out, describe(&set));
	}
}

/* One page of the found, as compact text. */
static void add_page(const struct json *found, int64_t first, int64_t count,
		     struct str *out)
{
	str_add_char(out, '[');
	for (int64_t i = first;
	     i < first + count && i < (int64_t)json_count(found); i++) {
		if (i > first)
			str_add_char(out, ',');
		json_add(out, json_item(found, (size_t)i));
	}
	str_add_char(out, ']');
}

/* The REST answer is a list, the call's an object that holds it. */
static bool run_search(struct s3_call *call, const struct ask *ask,
		       struct err *err)
{
	CLEANUP(kaggle_names_done) struct kaggle_names names = { 0 };
	CLEANUP(json_freep) struct json *found = json_new_array();
	struct str *body = &call->reply.body;
	int64_t page;
	int64_t size;

	if (!param_number(call, ask, "page", 1, &page, err) ||
	    !param_number(call, ask, "pageSize", PAGE_USUAL, &size, err) ||
	    !kaggle_set_list(call->options->dir, &names, err))
		return false;
	if (page < 1 || size < 1 || size > PAGE_MAX)
		return s3_call_refuse(err, "InvalidArgument",
				      "page is 1 or more, pageSize 1 to %d",
				      PAGE_MAX);
	find_all(call, ask, &names, found);
	s3_reply_header(&call->reply, "Content-Type",
			"application/json; charset=utf-8");
	if (ask->body != NULL)
		str_add(body, "{\"datasets\":");
	add_page(found, page > 1 << 20 ? INT64_C(1) << 40 : (page - 1) * size,
		 size, body);
	if (ask->body != NULL)
		str_add(body, ",\"nextPageToken\":\"\"}");
	call->reply.status = 200;
	return true;
}

/* --- files --- */

static void add_token(int64_t at, struct str *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text, "from:%lld", (long long)at);
	encode_base64url(out, text.text, text.len);
}

static bool read_token(const char *token, size_t count, size_t *out_first,
		       struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	char *end = NULL;
	long long at = 0;

	*out_first = 0;
	if (token == NULL || *token == '\0')
		return true;
	if (encode_unbase64(&text, token, strlen(token)) &&
	    str_starts(text.text, "from:"))
		at = strtoll(text.text + strlen("from:"), &end, 10);
	if (end == NULL || *end != '\0' || at < 1 || at > (long long)count)
		return s3_call_refuse(err, "InvalidArgument",
				      "Invalid page token.");
	*out_first = (size_t)at;
	return true;
}

static struct json *describe_file(const struct kaggle_set *set,
				  const struct kaggle_file *file)
{
	struct json *json = json_new_object();
	CLEANUP(str_done) struct str ref = STR_EMPTY;
	const char *dot = strrchr(file->name, '.');

	str_addf(&ref, "%s/%s", set->owner, set->slug);
	json_put_text(json, "ref", file->name);
	json_put_text(json, "name", file->name);
	json_put_text(json, "datasetRef", ref.text);
	json_put_text(json, "ownerRef", set->owner);
	json_put_number(json, "totalBytes", file->bytes);
	put_time(json, "creationDate", set->created_ms);
	json_put_text(json, "fileType", dot != NULL ? dot : "");
	json_put_take(json, "columns", json_new_array());
	return json;
}

static bool run_files(struct s3_call *call, const struct ask *ask,
		      struct err *err)
{
	CLEANUP(kaggle_set_done) struct kaggle_set set = KAGGLE_SET_EMPTY;
	CLEANUP(json_freep) struct json *out = json_new_object();
	CLEANUP(str_done) struct str token = STR_EMPTY;
	struct json *list = json_new_array();
	size_t first = 0;
	int64_t size = 0;

	json_put_take(out, "datasetFiles", list);
	if (!load(call, ask, &set, err) ||
	    !param_number(call, ask, "pageSize", PAGE_USUAL, &size, err) ||
	    !read_token(param(call, ask, "pageToken"), set.count, &first, err))
		return false;
	if (size < 1 || size > PAGE_MAX)
		return s3_call_refuse(err, "InvalidArgument",
				      "pageSize is 1 to %d", PAGE_MAX);
	for (size_t i = first; i < set.count && i < first + (size_t)size; i++)
		json_push_take(list, describe_file(&set, &set.items[i]));
	if (first + (size_t)size < set.count)
		add_token((int64_t)first + size, &token);
	json_put_text(out, "nextPageToken", token.text);
	json_put_text(out, "errorMessage", "");
	reply_json(call, out);
	return true;
}

/* --- status and metadata --- */

static bool run_status(struct s3_call *call, const struct ask *ask,
		       struct err *err)
{
	CLEANUP(kaggle_set_done) struct kaggle_set set = KAGGLE_SET_EMPTY;
	CLEANUP(json_freep) struct json *out = json_new_object();

	if (!load(call, ask, &set, err))
		return false;
	json_put_text(out, "status", "READY");
	reply_json(call, out);
	return true;
}

static bool run_metadata(struct s3_call *call, const struct ask *ask,
			 struct err *err)
{
	CLEANUP(kaggle_set_done) struct kaggle_set set = KAGGLE_SET_EMPTY;
	CLEANUP(json_freep) struct json *out = json_new_object();
	struct json *info = json_new_object();
	struct json *licences = json_new_array();
	struct json *licence = json_new_object();

	json_put_take(out, "info", info);
	json_put_take(info, "licenses", licences);
	json_push_take(licences, licence);
	if (!load(call, ask, &set, err))
		return false;
	json_put_text(licence, "name", set.licence);
	json_put_text(info, "datasetSlug", set.slug);
	json_put_text(info, "ownerUser", set.owner);
	json_put_text(info, "title", set.title);
	json_put_bool(info, "isPrivate", false);
	reply_json(call, out);
	return true;
}

/* --- downloads --- */

static bool redirect(struct s3_call *call, const char *where)
{
	s3_reply_header(&call->reply, "Location", where);
	s3_reply_header(&call->reply, "Content-Type",
			"text/html; charset=utf-8");
	call->reply.status = 302;
	return true;
}

static const struct kaggle_file *find_file(const struct kaggle_set *set,
					   const char *name)
{
	for (size_t i = 0; i < set->count; i++)
		if (strcmp(set->items[i].name, name) == 0)
			return &set->items[i];
	return NULL;
}

static bool run_download(struct s3_call *call, const struct ask *ask,
			 struct err *err)
{
	CLEANUP(kaggle_set_done) struct kaggle_set set = KAGGLE_SET_EMPTY;
	CLEANUP(str_done) struct str where = STR_EMPTY;
	const struct kaggle_file *file = NULL;

	if (!load(call, ask, &set, err))
		return false;
	if (set.refusal == KAGGLE_LOGIN)
		return redirect(call, LOGIN "?titleType=dataset-downloads");
	if (set.refusal == KAGGLE_TERMS)
		return s3_call_refuse(err, "PermissionDenied",
				      "You must accept the terms of this data"
				      " set on its page before you can download"
				      " it.");
	if (ask->file != NULL) {
		file = find_file(&set, ask->file);
		if (file == NULL)
			return s3_call_refuse(err, "NotFound", "Not found: %s",
					      ask->file);
	}
	kaggle_link_add(call, &set, file, &where);
	return redirect(call, where.text);
}

/* What a person sees whose browser is not logged in. */
static bool run_login(struct s3_call *call)
{
	s3_reply_header(&call->reply, "Content-Type",
			"text/html; charset=utf-8");
	str_add(&call->reply.body,
		"<!DOCTYPE html><html><head><title>Login | Kaggle</title>"
		"</head><body><h1>Sign in</h1></body></html>\n");
	call->reply.status = 200;
	return true;
}

/* --- which --- */

static const struct op {
	const char *name;   /* for faults */
	const char *verb;   /* of the path */
	const char *method; /* of the call */
	bool of_set;        /* names a data set */
	bool of_file;       /* and may name a file */
	bool (*run)(struct s3_call *call, const struct ask *ask,
		    struct err *err);
} ops[] = {
	{ "KaggleSearch", "list", "ListDatasets", false, false, run_search },
	{ "KaggleListFiles", "list", "ListDatasetFiles", true, false,
	  run_files },
	{ "KaggleDownload", "download", "DownloadDataset", true, true,
	  run_download },
	{ "KaggleStatus", "status", "GetDatasetStatus", true, false,
	  run_status },
	{ "KaggleMetadata", "metadata", "GetDatasetMetadata", true, false,
	  run_metadata },
};

static const char op_storage[] = "KaggleStorage";
static const char op_other[] = "KaggleOther"; /* pages, what is not known */

static const struct op *find_op(const struct s3_call *call)
{
	const char *target = call->request.target;
	size_t all = strcspn(target, "?");
	bool by_path = str_starts(target, REST);
	const char *at = target + strlen(by_path ? REST : CALLS);
	size_t len;

	if (!by_path && !str_starts(target, CALLS))
		return NULL;
	len = strcspn(at, "/?");
	for (size_t i = 0; i < COUNT_OF(ops); i++)
		if (by_path ? str_slice_equal(at, len, ops[i].verb) &&
				      (at + len < target + all) == ops[i].of_set
			    : str_slice_equal(at, len, ops[i].method))
			return &ops[i];
	return NULL;
}

bool api_kaggle_is_for(const struct s3_call *call)
{
	const char *target = call->request.target;
	const char *header = s3_request_header(&call->request, "authorization");

	if ((header != NULL && str_starts(header, "AWS")) ||
	    s3_request_param(&call->request, "X-Amz-Algorithm") != NULL ||
	    call->options->dir == NULL)
		return false;
	return str_starts(target, "/api/v1/") || str_starts(target, CALLS) ||
	       str_starts(target, LOGIN) || kaggle_link_is_for(call);
}

const char *api_kaggle_op(const struct s3_call *call)
{
	const struct op *op = find_op(call);

	if (op != NULL)
		return op->name;
	return kaggle_link_is_for(call) ? op_storage : op_other;
}

bool api_kaggle_has_op(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(ops); i++)
		if (strcmp(ops[i].name, name) == 0)
			return true;
	return strcmp(name, op_storage) == 0 || strcmp(name, op_other) == 0;
}

/* --- reading the request --- */

static char *unescape(const char *text, size_t len)
{
	struct str out = STR_EMPTY;

	url_unescape(&out, text, len, URL_PLUS_STAYS);
	return str_take(&out);
}

/* VERB/OWNER/SLUG[/FILE]: what is behind the slug is the file, whether its
 * slashes are escaped or not. */
static void read_path(const struct s3_call *call, struct ask *ask)
{
	const char *at = call->request.target + strlen(REST);
	const char *end = at + strcspn(at, "?");
	char **const parts[] = { &ask->owner, &ask->slug };

	at += strcspn(at, "/?");
	for (size_t i = 0; i < COUNT_OF(parts) && at < end; i++) {
		size_t len;

		at++;
		len = strcspn(at, "/?");
		*parts[i] = unescape(at, len);
		at += len;
	}
	if (at < end)
		ask->file = unescape(at + 1, (size_t)(end - at - 1));
}

static bool read_body(const struct s3_call *call, struct ask *ask,
		      struct err *err)
{
	const char *file;

	ask->body = json_parse(call->text.text, call->text.len, NULL);
	if (json_shape(ask->body) != JSON_SHAPE_OBJECT)
		return s3_call_refuse(err, "InvalidArgument",
				      "The body is not a JSON object.");
	ask->owner = mem_copy_text(json_text(ask->body, "ownerSlug", ""));
	ask->slug = mem_copy_text(json_text(ask->body, "datasetSlug", ""));
	file = json_text(ask->body, "fileName", NULL);
	if (file != NULL && *file != '\0')
		ask->file = mem_copy_text(file);
	return true;
}

static bool read_ask(const struct s3_call *call, const struct op *op,
		     struct ask *out, struct err *err)
{
	bool by_path = str_starts(call->request.target, REST);

	if (strcmp(call->request.method, by_path ? "GET" : "POST") != 0)
		return s3_call_refuse(err, "MethodNotAllowed",
				      "The method %s is not allowed here.",
				      call->request.method);
	if (by_path)
		read_path(call, out);
	else if (!read_body(call, out, err))
		return false;
	if (op->of_set && (out->slug == NULL || *out->slug == '\0' ||
			   (out->file != NULL && !op->of_file)))
		return s3_call_refuse(err, "NotFound", "Not found");
	return true;
}

bool api_kaggle_run(struct s3_call *call, struct err *err)
{
	CLEANUP(ask_done) struct ask ask = { .owner = NULL };
	const struct op *op = find_op(call);

	if (kaggle_link_is_for(call))
		return kaggle_link_run(call, err);
	if (str_starts(call->request.target, LOGIN))
		return run_login(call);
	if (!check_key(call, err))
		return false;
	if (op == NULL)
		return s3_call_refuse(err, "NotFound",
				      "this sandbox's Kaggle has data sets"
				      " only: list, download, status,"
				      " metadata");
	return read_ask(call, op, &ask, err) &&
	       kaggle_set_make_demo(call->options->dir, err) &&
	       op->run(call, &ask, err);
}

/* --- errors --- */

static int status_of(const struct s3_call *call, const struct err *err)
{
	static const struct {
		const char *code;
		int status;
	} codes[] = {
		{ "InvalidArgument", 400 },  { "Unauthenticated", 401 },
		{ "PermissionDenied", 403 }, { "AccessDenied", 403 },
		{ "NotFound", 404 },         { "MethodNotAllowed", 405 },
		{ "InvalidURI", 400 },       { "InvalidRequest", 400 },
		{ "EntityTooLarge", 413 },   { "ExpiredToken", 401 },
		{ "SlowDown", 503 },
	};

	if (call->fault.kind == FAULT_STATUS && call->fault.number != 0)
		return (int)call->fault.number;
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (strcmp(codes[i].code, err->code) == 0)
			return codes[i].status;
	return 500;
}

void api_kaggle_error(struct s3_call *call, const struct err *err)
{
	struct s3_reply *reply = &call->reply;
	CLEANUP(json_freep) struct json *json = NULL;

	s3_reply_error(reply, &call->request, err);
	if (kaggle_link_is_for(call))
		return;
	json = json_new_object();
	str_clear(&reply->headers);
	str_clear(&reply->body);
	s3_reply_header(reply, "Content-Type",
			"application/json; charset=utf-8");
	reply->status = status_of(call, err);
	json_put_number(json, "code", reply->status);
	json_put_text(json, "message", err->message);
	json_add(&reply->body, json);
}
