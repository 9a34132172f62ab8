#include "sandbox/copy/rscopy_job.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"

bool rscopy_fail(struct rscopy_job *job, const char *sqlstate, const char *fmt,
		 ...)
{
	va_list args;

	snprintf(job->result->sqlstate, sizeof(job->result->sqlstate), "%s",
		 sqlstate);
	str_clear(&job->result->message);
	va_start(args, fmt);
	str_addv(&job->result->message, fmt, args);
	va_end(args);
	return false;
}

bool rscopy_fail_err(struct rscopy_job *job, const struct err *err)
{
	const char *state = "XX000";

	if ((err->kind == ERR_SERVER || err->kind == ERR_USAGE) &&
	    strlen(err->code) == 5)
		state = err->code;
	else if (err->kind == ERR_USAGE)
		state = "42601";
	str_set(&job->result->hint, err->hint);
	return rscopy_fail(job, state, "%s", err->message);
}

bool rscopy_lacks(struct rscopy_job *job, const char *what)
{
	return rscopy_fail(job, "SB001", "the sandbox has no %s", what);
}

static bool fail_engine(struct rscopy_job *job, int code, const char *context,
			const char *message)
{
	static const char line[] =
		"-----------------------------------------------";
	struct str *detail = &job->result->detail;

	str_clear(detail);
	str_addf(detail,
		 "\n  %s\n  error:  %s\n  code:      %d\n  context:   %s\n"
		 "  query:     %lld\n  location:  rscopy\n"
		 "  process:   padbmaster [pid=%d]\n  %s\n",
		 line, message, code, context, (long long)job->call->query_id,
		 job->call->session_pid, line);
	return rscopy_fail(job, "XX000", "%s", message);
}

bool rscopy_fail_engine(struct rscopy_job *job, int code, const char *context,
			const char *fmt, ...)
{
	CLEANUP(str_done) struct str message = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&message, fmt, args);
	va_end(args);
	return fail_engine(job, code, context, message.text);
}

/* --- S3 --- */

static const struct {
	const char *code;
	int status;
} s3_codes[] = {
	{ "PermanentRedirect", 301 },  { "AccessDenied", 403 },
	{ "NoSuchBucket", 404 },       { "NoSuchKey", 404 },
	{ "InvalidAccessKeyId", 403 }, { "SignatureDoesNotMatch", 403 },
	{ "KMS.DisabledException", 400 },
	{ "KMS.KMSInvalidStateException", 400 },
	{ "KMS.NotFoundException", 400 },
};

bool rscopy_fail_s3(struct rscopy_job *job, const char *context,
		    const struct err *err)
{
	CLEANUP(str_done) struct str message = STR_EMPTY;
	unsigned char random[8];
	int status = 0;

	for (size_t i = 0; i < COUNT_OF(s3_codes); i++)
		if (strcmp(s3_codes[i].code, err->code) == 0)
			status = s3_codes[i].status;
	if (status == 0)
		return fail_engine(job, RSCOPY_CODE_S3, context, err->message);
	hash_random(random, sizeof(random));
	str_addf(&message, "S3ServiceException:%s,Status %d,Error %s,Rid ",
		 err->message, status, err->code);
	encode_hex(&message, random, sizeof(random));
	str_add(&message, ",ExtRid redsh-sandbox,CanRetry 1");
	return fail_engine(job, RSCOPY_CODE_S3, context, message.text);
}

bool rscopy_go_on(struct rscopy_job *job)
{
	const struct rscopy_link *link = job->call->link;

	return link->cancelled == NULL || !link->cancelled(link->context) ||
	       rscopy_fail(job, "57014",
			   "Query (%lld) cancelled on user's"
			   " request",
			   (long long)job->call->query_id);
}
