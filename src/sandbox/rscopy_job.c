#include "sandbox/rscopy_job.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "load/copy_parse.h"
#include "sandbox/identity.h"

/* The engine's number for what goes wrong around S3 and roles. */
enum { CODE_S3 = 8001 };

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

	if (err->kind == ERR_SERVER && strlen(err->code) == 5)
		state = err->code;
	else if (err->kind == ERR_USAGE)
		state = "42601";
	str_set(&job->result->hint, err->hint);
	return rscopy_fail(job, state, "%s", err->message);
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
	{ "NoSuchBucket", 404 },
	{ "NoSuchKey", 404 },
	{ "InvalidAccessKeyId", 403 },
	{ "SignatureDoesNotMatch", 403 },
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
		return fail_engine(job, CODE_S3, context, err->message);
	hash_random(random, sizeof(random));
	str_addf(&message, "S3ServiceException:%s,Status %d,Error %s,Rid ",
		 err->message, status, err->code);
	encode_hex(&message, random, sizeof(random));
	str_add(&message, ",ExtRid redsh-sandbox,CanRetry 1");
	return fail_engine(job, CODE_S3, context, message.text);
}

/* --- roles and keys --- */

static bool refuse_role(struct rscopy_job *job, const char *arn)
{
	CLEANUP(str_done) struct str context = STR_EMPTY;

	str_addf(&context, "IAM Role=%s", arn);
	str_set(&job->result->hint,
		"roles of the sandbox are in share/sandbox/roles.tsv; "
		"iam_role default works too");
	return rscopy_fail_engine(job, CODE_S3, context.text,
				  "User arn:aws:redshift:" IDENTITY_REGION
				  ":" IDENTITY_ACCOUNT
				  ":dbuser:" IDENTITY_CLUSTER
				  "/%s is not authorized to assume IAM Role %s",
				  job->call->user, arn);
}

/* 'arn1,arn2': the cluster assumes the first, each the next. */
static bool check_chain(struct rscopy_job *job, const char *roles)
{
	bool first = true;

	while (*roles != '\0') {
		size_t len = strcspn(roles, ",");
		CLEANUP(mem_freep) char *arn = mem_copy_slice(roles, len);
		const struct identity_role *role =
			identity_role(job->call->identity, arn);

		if (role == NULL || (first && !role->attached))
			return refuse_role(job, arn);
		first = false;
		roles += len;
		if (*roles == ',')
			roles++;
	}
	return !first || refuse_role(job, "");
}

static bool check_keys(struct rscopy_job *job, const struct copy_auth *auth)
{
	const struct identity *identity = job->call->identity;
	struct err err = ERR_EMPTY;

	if (strcmp(secret_text(&auth->key_id), identity->access_key_id) != 0) {
		err_set(&err, ERR_AWS,
			"The AWS Access Key Id you provided does not exist"
			" in our records.");
		err_set_code(&err, "InvalidAccessKeyId");
	} else if (!secret_equal(&auth->key, &identity->secret_key) ||
		   secret_is_set(&auth->token)) {
		err_set(&err, ERR_AWS,
			"The request signature we calculated does not match"
			" the signature you provided. Check your key and"
			" signing method.");
		err_set_code(&err, "SignatureDoesNotMatch");
	} else {
		return true;
	}
	return rscopy_fail_s3(job, "", &err);
}

bool rscopy_authorize(struct rscopy_job *job,
		      const struct copy_options *options)
{
	switch (options->auth.kind) {
	case COPY_AUTH_NONE:
		return rscopy_fail(job, "42601",
				   "CREDENTIALS argument is required but not"
				   " found");
	case COPY_AUTH_DEFAULT:
		return identity_default_role(job->call->identity) != NULL ||
		       rscopy_fail(job, "42601",
				   "no default IAM role is set for this"
				   " cluster");
	case COPY_AUTH_ROLE:
		return check_chain(job, options->auth.role);
	case COPY_AUTH_SESSION:
		return rscopy_fail(job, "0A000",
				   "IAM_ROLE 'SESSION' needs a session of a"
				   " federated identity");
	case COPY_AUTH_KEYS:
		return check_keys(job, &options->auth);
	}
	return false;
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
