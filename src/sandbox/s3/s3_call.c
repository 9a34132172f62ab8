#include "sandbox/s3/s3_call.h"

#include <stdarg.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "data/xml.h"
#include "sandbox/account/identity.h"
#include "sandbox/kaggle/api_kaggle.h"
#include "sandbox/quicksight/api_quicksight.h"
#include "sandbox/s3/s3_access.h"
#include "sandbox/s3/s3_body.h"
#include "sandbox/s3/s3_fault.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_store.h"
#include "sandbox/services/api.h"
#include "sandbox/services/api_open.h"

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
	call->kept = empty;
	return call;
}

void s3_call_free(struct s3_call *call)
{
	if (call == NULL)
		return;
	s3_body_free(call->body);
	s3_store_bucket_done(&call->bucket);
	s3_store_writer_free(call->writer);
	s3_request_done(&call->request);
	s3_auth_done(&call->auth);
	s3_reply_done(&call->reply);
	str_done(&call->text);
	str_done(&call->kept);
	mem_free(call);
}

/* --- what may be asked --- */

/* x-amz-* headers that mean something here. A row with values takes only
 * those, and refuses others with its code; without one AWS does more with
 * them, so they are refused by name. */
static const struct {
	const char *name;   /* ends in '*': any that begins so */
	const char *values; /* blank separated; NULL: any */
	const char *code;
	const char *message;
} known_headers[] = {
	{ "x-amz-date", NULL, NULL, NULL },
	{ "x-amz-content-sha256", NULL, NULL, NULL },
	{ "x-amz-decoded-content-length", NULL, NULL, NULL },
	{ "x-amz-trailer", NULL, NULL, NULL },
	{ "x-amz-sdk-checksum-algorithm", NULL, NULL, NULL },
	{ "x-amz-checksum-*", NULL, NULL, NULL },
	{ "x-amz-mp-object-size", NULL, NULL, NULL },
	{ "x-amz-meta-*", NULL, NULL, NULL },
	{ "x-amz-copy-source", NULL, NULL, NULL },
	{ "x-amz-copy-source-range", NULL, NULL, NULL },
	{ "x-amz-copy-source-if-*", NULL, NULL, NULL },
	{ "x-amz-metadata-directive", "COPY REPLACE", "InvalidArgument",
	  "Unknown metadata directive." },
	{ "x-amz-tagging-directive", "COPY", NULL, NULL },
	{ "x-amz-storage-class",
	  "STANDARD REDUCED_REDUNDANCY STANDARD_IA ONEZONE_IA"
	  " INTELLIGENT_TIERING GLACIER DEEP_ARCHIVE GLACIER_IR",
	  "InvalidStorageClass",
	  "The storage class you specified is not valid" },
	{ "x-amz-server-side-encryption-customer-*", NULL, NULL, NULL },
	{ "x-amz-copy-source-server-side-encryption-customer-*", NULL, NULL,
	  NULL },
	{ "x-amz-server-side-encryption*", NULL, NULL, NULL },
	{ "x-amz-acl", "private bucket-owner-full-control",
	  "AccessControlListNotSupported", "The bucket does not allow ACLs" },
	{ "x-amz-object-ownership", "BucketOwnerEnforced", NULL, NULL },
	{ "x-amz-expected-bucket-owner", IDENTITY_ACCOUNT, "AccessDenied",
	  "Access Denied" },
	{ "x-amz-source-expected-bucket-owner", IDENTITY_ACCOUNT,
	  "AccessDenied", "Access Denied" },
	{ "x-amz-request-payer", "requester", "InvalidArgument",
	  "The request payer is not valid" },
	{ "x-amz-object-attributes", NULL, NULL, NULL },
	{ "x-amz-optional-object-attributes", "RestoreStatus", NULL, NULL },
	{ "x-amz-user-agent", NULL, NULL, NULL },
	{ "x-amz-security-token", NULL, NULL, NULL },
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
		if (known_headers[i].code != NULL)
			return s3_call_refuse(err, known_headers[i].code, "%s",
					      known_headers[i].message);
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
	const struct s3_pairs *lists[] = { &call->request.headers,
					   &call->request.query };

	for (size_t i = 0; i < COUNT_OF(lists); i++)
		for (size_t j = 0; j < lists[i]->count; j++)
			if (str_starts(lists[i]->items[j].name, "x-amz-") &&
			    !check_header(call, &lists[i]->items[j], err))
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
		    str_starts(name, "x-amz-") ||
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

static const struct s3_op *const tables[] = {
	s3_upload_ops, /* more particular: first */
	s3_delete_ops, s3_object_ops, s3_setting_ops,
	s3_bucket_ops, s3_list_ops,
};

bool s3_call_has_op(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		for (const struct s3_op *op = tables[i]; op->name != NULL; op++)
			if (strcmp(op->name, name) == 0)
				return true;
	return false;
}

static const struct s3_op *look_up_op(const struct s3_request *request)
{
	const struct s3_op *op = NULL;

	for (size_t i = 0; op == NULL && i < COUNT_OF(tables); i++)
		op = find_op(request, tables[i]);
	return op;
}

static bool check_op(struct s3_call *call, struct err *err)
{
	if (call->op == NULL && call->anonymous)
		return s3_call_refuse(err, "AccessDenied", "Access Denied");
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

/* An object's own checksum is counted even when none was sent; MD5 is not
 * when the etag is another. */
static bool begin_body(struct s3_call *call, struct err *err)
{
	struct sink sink = { text_write, call };

	call->sink = sink;
	if (call->op->takes == S3_TAKES_OBJECT) {
		if (!s3_store_has_bucket(call->options->store,
					 call->request.bucket, err))
			return false;
		call->writer = s3_store_begin(call->options->store, err);
		if (call->writer == NULL)
			return false;
		call->sink.write = object_write;
	}
	call->body = s3_body_new(&call->request, &call->auth, &call->sink, err);
	return call->body != NULL &&
	       (call->op->prepare == NULL || call->op->prepare(call, err));
}

static bool verify(struct s3_call *call, struct err *err)
{
	const char *payload;

	if (call->anonymous)
		return true;
	payload = s3_auth_payload(&call->auth, &call->request, err);
	return payload != NULL &&
	       s3_auth_verify(&call->auth, &call->request, payload,
			      &call->reply.extra, err);
}

static bool begin_s3(struct s3_call *call, struct err *err)
{
	call->op = look_up_op(&call->request);
	return s3_access_locate(call, err) && verify(call, err) &&
	       check_op(call, err) && s3_access_check(call, err) &&
	       begin_body(call, err);
}

void s3_call_fail(struct s3_call *call, const struct err *why)
{
	struct err shown = *why;
	const struct err *err = &shown;

	s3_access_hide(call, &shown);
	log_debug(LOG_SANDBOX, "%s %s: %s: %s", call->request.method,
		  call->request.path.text, err->code, err->message);
	if (call->kaggle)
		api_kaggle_error(call, err);
	else if (!api_error(call, err))
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

/* Only what S3 has; what an AWS API lacks a signature for says so itself. */
static bool is_anonymous(const struct s3_request *request)
{
	return s3_request_header(request, "authorization") == NULL &&
	       s3_request_param(request, "X-Amz-Algorithm") == NULL &&
	       s3_request_param(request, "Signature") == NULL &&
	       s3_request_header(request, "x-amz-target") == NULL;
}

/* Before anything else can go wrong. */
static void take_fault(struct s3_call *call)
{
	const struct s3_op *op = look_up_op(&call->request);

	if (call->kaggle)
		s3_fault_take(call, api_kaggle_op(call));
	else if (api_quicksight_is_for(call))
		s3_fault_take(call, api_quicksight_op(call));
	else
		s3_fault_take(call,
			      op != NULL && !call->open && !call->bare_form
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
	call->kaggle = api_kaggle_is_for(call);
	call->bare_form = !call->open && !call->kaggle &&
			  is_bare_form(&call->request);
	take_fault(call);
	if (call->open || call->kaggle || call->bare_form)
		return true;
	call->anonymous = is_anonymous(&call->request);
	if (call->anonymous)
		return begin_s3(call, err);
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
	if (call->kaggle)
		return api_kaggle_run(call, err);
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
