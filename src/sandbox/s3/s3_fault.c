#include "sandbox/s3/s3_fault.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "data/url.h"
#include "data/xml.h"
#include "sandbox/account/faults.h"
#include "sandbox/account/sessions.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"

/* What S3 says most with such a status. */
static const struct {
	int status;
	const char *code;
	const char *message;
} usual[] = {
	{ 503, "SlowDown", "Please reduce your request rate." },
	{ 500, "InternalError",
	  "We encountered an internal error. Please try again." },
	{ 400, "RequestTimeout",
	  "Your socket connection to the server was not read from or written "
	  "to within the timeout period. Idle connections will be closed." },
	{ 403, "AccessDenied", "Access Denied" },
	{ 404, "NoSuchKey", "The specified key does not exist." },
	{ 409, "OperationAborted",
	  "A conflicting conditional operation is currently in progress "
	  "against this resource. Please try again." },
	{ 412, "PreconditionFailed",
	  "At least one of the pre-conditions you specified did not hold" },
	{ 429, "TooManyRequestsException", "Rate exceeded" },
};

void s3_fault_take(struct s3_call *call, const char *op)
{
	struct faults *faults = call->options->faults;
	const struct faults_subject subject = {
		.method = call->request.method,
		.op = op,
		.bucket = call->request.bucket,
		.key = call->request.key,
	};

	faults_take(faults, &subject, false, &call->fault);
	if (call->fault.delay_ms > 0)
		faults_wait(faults, call->fault.delay_ms, -1);
	if (call->fault.kind == FAULT_SKEW)
		call->auth.skew_ms = call->fault.number * 1000;
}

/* "Action=..." of a form, or what stands behind the dot of X-Amz-Target. */
static void add_action(const struct s3_call *call, struct str *out)
{
	const char *target = s3_request_header(&call->request, "x-amz-target");
	const char *mark = strchr(call->request.target, '?');
	const char *form = strcmp(call->request.method, "POST") == 0
				   ? call->text.text
			   : mark != NULL ? mark + 1
					  : "";
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	bool has_value;

	if (target != NULL) {
		const char *dot = strrchr(target, '.');

		str_add(out, dot != NULL ? dot + 1 : target);
		return;
	}
	while (url_query_next(&form, &name, &value, &has_value))
		if (strcmp(name.text, "Action") == 0)
			str_set(out, value.text);
}

void s3_fault_take_action(struct s3_call *call)
{
	struct faults *faults = call->options->faults;
	CLEANUP(str_done) struct str action = STR_EMPTY;
	const struct faults_subject subject = {
		.method = call->request.method,
		.op = action.text,
		.bucket = call->request.bucket,
		.key = call->request.key,
	};
	struct faults_subject named = subject;

	if (faults == NULL || call->fault.rule != 0)
		return;
	add_action(call, &action);
	if (action.len == 0)
		return;
	named.op = action.text;
	faults_take(faults, &named, true, &call->fault);
	if (call->fault.delay_ms > 0)
		faults_wait(faults, call->fault.delay_ms, -1);
}

static void refuse(struct s3_call *call, const char *code, const char *message,
		   int status)
{
	struct err err = ERR_EMPTY;

	s3_call_refuse(&err, code, "%s", message);
	s3_call_fail(call, &err);
	if (status != 0)
		call->reply.status = status;
}

static void answer_status(struct s3_call *call, int status)
{
	const struct fault *fault = &call->fault;
	const char *code = fault->code;
	const char *message = "a fault of the sandbox";

	for (size_t i = 0; i < COUNT_OF(usual); i++) {
		if (code[0] == '\0' && usual[i].status == fault->number)
			code = usual[i].code;
		if (strcmp(code, usual[i].code) == 0)
			message = usual[i].message;
	}
	refuse(call, code[0] != '\0' ? code : "InternalError", message,
	       status);
	if (fault->retry_after_s >= 0)
		s3_reply_headerf(&call->reply, "Retry-After", "%d",
				 fault->retry_after_s);
}

/* A region: as S3 tells it of a bucket elsewhere. An address: the DNS of a
 * new bucket is not there yet. */
static void answer_redirect(struct s3_call *call)
{
	const char *where = call->fault.where;
	const char *host = s3_request_header(&call->request, "host");
	CLEANUP(str_done) struct str base = STR_EMPTY;

	if (strcmp(where, "self") != 0 && strstr(where, "://") == NULL) {
		CLEANUP(str_done) struct str endpoint = STR_EMPTY;

		str_addf(&endpoint, "s3.%s.amazonaws.com", where);
		xml_put(&call->reply.extra, "Endpoint", endpoint.text);
		if (call->request.bucket != NULL)
			xml_put(&call->reply.extra, "Bucket",
				call->request.bucket);
		refuse(call, "PermanentRedirect",
		       "The bucket you are attempting to access must be"
		       " addressed using the specified endpoint. Please send"
		       " all future requests to this endpoint.",
		       301);
		s3_reply_header(&call->reply, "x-amz-bucket-region", where);
		return;
	}
	if (strcmp(where, "self") == 0)
		str_addf(&base, "http://%s", host != NULL ? host : "");
	else
		str_add(&base, where);
	xml_put(&call->reply.extra, "Endpoint", base.text);
	refuse(call, "TemporaryRedirect",
	       "Please re-send this request to the specified temporary"
	       " endpoint. Continue to use the original request endpoint for"
	       " future requests.",
	       307);
	s3_reply_headerf(&call->reply, "Location", "%s%s", base.text,
			 call->request.target);
}

static void answer_expired(struct s3_call *call)
{
	const char *id = call->auth.claim.access_key_id.text;

	if (call->options->sessions != NULL)
		sessions_expire(call->options->sessions, SESSIONS_KEYS, id);
	refuse(call, "ExpiredToken", "The provided token has expired.", 0);
}

bool s3_fault_answer(struct s3_call *call)
{
	const struct fault *fault = &call->fault;

	/* what is not signed yet has no service of its own */
	if (call->bare_form && call->auth.claim.service.len == 0)
		str_set(&call->auth.claim.service, "sts");
	switch (fault->kind) {
	case FAULT_STATUS:
		answer_status(call, (int)fault->number);
		return true;
	case FAULT_ERROR_IN_200:
		answer_status(call, 200);
		return true;
	case FAULT_REDIRECT:
		answer_redirect(call);
		return true;
	case FAULT_EXPIRE:
		answer_expired(call);
		return true;
	case FAULT_NONE:
	case FAULT_SKEW:
	case FAULT_QUOTA:
	case FAULT_CUT_REQUEST:
	case FAULT_STALL_READ:
	case FAULT_CORRUPT_REQUEST:
	case FAULT_RESET:
	case FAULT_NO_REPLY:
	case FAULT_CUT_REPLY:
	case FAULT_SHORT_BODY:
	case FAULT_STALL_REPLY:
	case FAULT_WRONG_LENGTH:
	case FAULT_CORRUPT_BYTE:
	case FAULT_FLOOD:
	case FAULT_FAIL:
	case FAULT_KILL:
		break;
	}
	return false;
}

bool s3_fault_room(struct s3_call *call, size_t len, struct err *err)
{
	return call->fault.kind != FAULT_QUOTA ||
	       faults_spend(call->options->faults, call->fault.rule,
			    (int64_t)len) ||
	       err_set_errno(err, ENOSPC, "cannot write the object");
}
