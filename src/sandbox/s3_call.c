#include "sandbox/s3_call.h"

#include <stdarg.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "data/xml.h"
#include "sandbox/api.h"
#include "sandbox/api_open.h"
#include "sandbox/identity.h"
#include "sandbox/s3_body.h"
#include "sandbox/s3_fault.h"
#include "sandbox/s3_http.h"
#include "sandbox/s3_store.h"

/* Largest XML or form body: 1,000 keys of DeleteObjects, all escaped. */
enum { TEXT_MAX_BYTES = 8 * 1024 * 1024 };

bool s3_call_refuse(struct err *err, const char *code, const char *fmt, ...)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	err_set(err, ERR_AWS, "%s", text.text);
	return err_set_code(err, code);
}

struct s3_call *s3_call_new(const struct s3_http_options *options,
			    const char *target)
{
	struct s3_call *call = mem_alloc(sizeof(*call));
	struct s3_request request = S3_REQUEST_EMPTY;
	struct s3_auth auth = S3_AUTH_EMPTY;
	struct s3_reply reply = S3_REPLY_EMPTY;
	struct str empty = STR_EMPTY;

	call->options = options;
	call->request = request;
	call->request.target = mem_copy_text(target);
	call->auth = auth;
	call->reply = reply;
	call->text = empty;
	return call;
}

void s3_call_free(struct s3_call *call)
{
	if (call == NULL)
		return;
	s3_body_free(call->body);
	s3_store_writer_free(call->writer);
	s3_request_done(&call->request);
	s3_auth_done(&call->auth);
	s3_reply_done(&call->reply);
	str_done(&call->text);
	mem_free(call);
}

/* --- what may be asked --- */

/* x-amz-* headers that mean something here. A row with values takes only
 * those; AWS does more with others, so they are refused. */
static const struct {
	const char *name;   /* ends in '*': any that begins so */
	const char *values; /* blank separated; NULL: any */
} known_headers[] = {
	{ "x-amz-date", NULL },
	{ "x-amz-content-sha256", NULL },
	{ "x-amz-decoded-content-length", NULL },
	{ "x-amz-trailer", NULL },
	{ "x-amz-sdk-checksum-algorithm", NULL },
	{ "x-amz-checksum-*", NULL },
	{ "x-amz-mp-object-size", NULL },
	{ "x-amz-meta-*", NULL },
	{ "x-amz-copy-source", NULL },
	{ "x-amz-copy-source-range", NULL },
	{ "x-amz-copy-source-if-*", NULL },
	{ "x-amz-metadata-directive", "COPY REPLACE" },
	{ "x-amz-tagging-directive", "COPY" },
	{ "x-amz-storage-class", "STANDARD" },
	{ "x-amz-server-side-encryption", "AES256" },
	{ "x-amz-acl", "private bucket-owner-full-control" },
	{ "x-amz-object-ownership", "BucketOwnerEnforced" },
	{ "x-amz-expected-bucket-owner", IDENTITY_ACCOUNT },
	{ "x-amz-source-expected-bucket-owner", IDENTITY_ACCOUNT },
	{ "x-amz-request-payer", "requester" },
	{ "x-amz-user-agent", NULL },
	{ "x-amz-security-token", NULL },
};

static bool in_list(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (list != NULL && *list != '\0') {
		size_t n = strcspn(list, " ");

		if (n == len && strncmp(list, word, n) == 0)
			return true;
		list += n + strspn(list + n, " ");
	}
	return false;
}

static bool name_fits(const char *pattern, const char *name)
{
	size_t len = strlen(pattern);

	return pattern[len - 1] == '*' ? strncmp(name, pattern, len - 1) == 0
				       : strcmp(name, pattern) == 0;
}

static bool check_header(struct s3_call *call, const struct s3_pair *header,
			 struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(known_headers); i++) {
		const char *values = known_headers[i].values;

		if (!name_fits(known_headers[i].name, header->name))
			continue;
		if (values == NULL || in_list(values, header->value))
			return true;
		if (strstr(header->name, "bucket-owner") != NULL)
			return s3_call_refuse(err, "AccessDenied",
					      "Access Denied");
		break;
	}
	xml_put(&call->reply.extra, "Header", header->name);
	return s3_call_refuse(err, "NotImplemented",
			      "A header you provided implies functionality"
			      " that is not implemented: %s: %s",
			      header->name, header->value);
}

static bool check_headers(struct s3_call *call, struct err *err)
{
	const struct s3_pairs *headers = &call->request.headers;

	for (size_t i = 0; i < headers->count; i++)
		if (str_starts(headers->items[i].name, "x-amz-") &&
		    !check_header(call, &headers->items[i], err))
			return false;
	return true;
}

static bool check_params(const struct s3_call *call, struct err *err)
{
	static const char *const levels[] = { "service", "bucket", "object" };
	const struct s3_pairs *query = &call->request.query;
	const struct s3_op *op = call->op;

	for (size_t i = 0; i < query->count; i++) {
		const char *name = query->items[i].name;

		if (str_starts(name, "X-Amz-") || strcmp(name, "x-id") == 0 ||
		    (op->param != NULL && strcmp(op->param, name) == 0) ||
		    in_list(op->params, name))
			continue;
		return s3_call_refuse(err, "NotImplemented",
				      "A parameter you provided implies"
				      " functionality that is not implemented:"
				      " %s of %s on a %s (%s)",
				      name, call->request.method,
				      levels[op->level], op->name);
	}
	return true;
}

static enum s3_level level_of(const struct s3_request *request)
{
	if (request->bucket == NULL)
		return S3_ON_SERVICE;
	return request->key == NULL ? S3_ON_BUCKET : S3_ON_OBJECT;
}

static const struct s3_op *find_op(const struct s3_request *request,
				   const struct s3_op *table)
{
	for (const struct s3_op *op = table; op->name != NULL; op++)
		if (strcmp(op->method, request->method) == 0 &&
		    op->level == level_of(request) &&
		    (op->param == NULL ||
		     s3_request_param(request, op->param) != NULL) &&
		    (op->header == NULL ||
		     s3_request_header(request, op->header) != NULL))
			return op;
	return NULL;
}

static const struct s3_op *look_up_op(const struct s3_request *request)
{
	static const struct s3_op *const tables[] = {
		s3_upload_ops, /* more particular: first */
		s3_object_ops,
		s3_bucket_ops,
	};
	const struct s3_op *op = NULL;

	for (size_t i = 0; op == NULL && i < COUNT_OF(tables); i++)
		op = find_op(request, tables[i]);
	return op;
}

static bool choose_op(struct s3_call *call, struct err *err)
{
	call->op = look_up_op(&call->request);
	if (call->op == NULL)
		return s3_call_refuse(err, "MethodNotAllowed",
				      "The specified method is not allowed"
				      " against this resource.");
	return check_params(call, err) && check_headers(call, err);
}

/* --- the body --- */

static bool text_write(void *context, const char *bytes, size_t len,
		       struct err *err)
{
	struct s3_call *call = context;

	if (call->text.len + len > TEXT_MAX_BYTES)
		return s3_call_refuse(err, "EntityTooLarge",
				      "Your proposed upload exceeds the"
				      " maximum allowed size");
	str_add_slice(&call->text, bytes, len);
	return true;
}

static bool object_write(void *context, const char *bytes, size_t len,
			 struct err *err)
{
	struct s3_call *call = context;

	return s3_fault_room(call, len, err) &&
	       s3_store_add(call->writer, bytes, len, err);
}

static enum identity_action action_of(const struct s3_call *call)
{
	const char *method = call->request.method;
	bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;

	if (reads)
		return call->op->level == S3_ON_OBJECT ? IDENTITY_GET
						       : IDENTITY_LIST;
	/* POST on a bucket is DeleteObjects. */
	if (strcmp(method, "DELETE") == 0 ||
	    (strcmp(method, "POST") == 0 && call->op->level == S3_ON_BUCKET))
		return IDENTITY_DELETE;
	return IDENTITY_PUT;
}

/* What a role's temporary keys may do is in its policy; the user may do
 * everything. */
static bool check_role(struct s3_call *call, struct err *err)
{
	const struct identity_role *role = call->auth.role;
	const char *source =
		s3_request_header(&call->request, "x-amz-copy-source");
	const char *bucket = call->request.bucket;
	bool may;

	if (role == NULL)
		return true;
	may = identity_role_may(role, action_of(call),
				bucket != NULL ? bucket : "");
	if (may && source != NULL) {
		size_t from = source[0] == '/' ? 1 : 0;
		CLEANUP(mem_freep)
		char *name = mem_copy_slice(source + from,
					    strcspn(source + from, "/"));

		may = identity_role_may(role, IDENTITY_GET, name);
	}
	return may || s3_call_refuse(err, "AccessDenied", "Access Denied");
}

static bool begin_s3(struct s3_call *call, struct err *err)
{
	const struct s3_request *request = &call->request;
	const char *payload = s3_auth_payload(&call->auth, request, err);
	struct sink sink = { text_write, call };

	if (payload == NULL ||
	    !s3_auth_verify(&call->auth, request, payload, &call->reply.extra,
			    err) ||
	    !choose_op(call, err))
		return false;
	if (!check_role(call, err))
		return false;
	call->sink = sink;
	if (call->op->takes == S3_TAKES_OBJECT) {
		if (!s3_store_has_bucket(call->options->store, request->bucket,
					 err))
			return false;
		call->writer = s3_store_begin(call->options->store, err);
		if (call->writer == NULL)
			return false;
		call->sink.write = object_write;
	}
	call->body = s3_body_new(request, &call->auth, &call->sink, err);
	return call->body != NULL;
}

void s3_call_fail(struct s3_call *call, const struct err *err)
{
	log_debug(LOG_SANDBOX, "%s %s: %s: %s", call->request.method,
		  call->request.path.text, err->code, err->message);
	if (!api_error(call, err))
		s3_reply_error(&call->reply, &call->request, err);
}

/* AssumeRoleWithWebIdentity looks so from outside. */
static bool is_bare_form(const struct s3_request *request)
{
	const char *type = s3_request_header(request, "content-type");

	return strcmp(request->method, "POST") == 0 &&
	       request->bucket == NULL && type != NULL &&
	       str_starts(type, "application/x-www-form-urlencoded") &&
	       s3_request_header(request, "authorization") == NULL &&
	       s3_request_param(request, "X-Amz-Algorithm") == NULL;
}

/* Before anything else can go wrong. */
static void take_fault(struct s3_call *call)
{
	const struct s3_op *op = look_up_op(&call->request);

	s3_fault_take(call, op != NULL && !call->open && !call->bare_form
				    ? op->name
				    : NULL);
}

static bool begin(struct s3_call *call, const char *method, struct err *err)
{
	if (!s3_request_parse(&call->request, method, err))
		return false;
	if (!s3_request_length_is_clear(&call->request))
		return s3_call_refuse(err, "InvalidRequest",
				      "The length of the body is said more"
				      " than once");
	call->open = api_open_is_for(call);
	call->bare_form = !call->open && is_bare_form(&call->request);
	take_fault(call);
	if (call->open || call->bare_form)
		return true;
	call->auth.sessions = call->options->sessions;
	if (!s3_auth_begin(&call->auth, &call->request, call->options->identity,
			   &call->reply.extra, err))
		return false;
	if (strcmp(call->auth.claim.service.text, "s3") == 0)
		return begin_s3(call, err);
	return api_begin(call, err);
}

bool s3_call_begin(struct s3_call *call, const char *method)
{
	struct err err = ERR_EMPTY;

	bool begun = begin(call, method, &err);

	if (s3_fault_answer(call))
		return false;
	if (!begun)
		s3_call_fail(call, &err);
	return begun;
}

void s3_call_feed(struct s3_call *call, const char *bytes, size_t len)
{
	struct err err = ERR_EMPTY;
	bool taken;

	if (call->reply.status != 0)
		return;
	taken = call->body == NULL ? text_write(call, bytes, len, &err)
				   : s3_body_feed(call->body, bytes, len, &err);
	if (!taken)
		s3_call_fail(call, &err);
}

static bool end(struct s3_call *call, struct err *err)
{
	if (call->open) {
		api_open_run(call);
		return true;
	}
	if (call->bare_form)
		return api_run_unsigned(call, err);
	if (call->op == NULL)
		return api_run(call, err);
	return s3_body_end(call->body, err) && call->op->run(call, err);
}

void s3_call_end(struct s3_call *call)
{
	struct err err = ERR_EMPTY;

	if (call->reply.status != 0)
		return;
	if (call->op == NULL) {
		s3_fault_take_action(call);
		if (s3_fault_answer(call))
			return;
		if (call->fault.kind == FAULT_RESET) { /* not done either */
			call->reply.status = 500;
			return;
		}
	}
	call->reply.status = 200;
	if (!end(call, &err))
		s3_call_fail(call, &err);
}
