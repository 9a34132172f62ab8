#include "sandbox/copy/rscopy_access.h"

#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "load/copy_parse.h"
#include "sandbox/account/account.h"
#include "sandbox/copy/rscopy_job.h"
#include "sandbox/s3/s3_encrypt.h"
#include "sandbox/s3/s3_store.h"

/* [copy-parameters-authorization] */
enum { CHAIN_MAX = 10 };

static bool refuse_s3(struct rscopy_job *job, const char *context,
		      const char *code, const char *message)
{
	struct err err = ERR_EMPTY;

	err_set(&err, ERR_AWS, "%s", message);
	err_set_code(&err, code);
	return rscopy_fail_s3(job, context, &err);
}

/* --- who --- */

static bool refuse_role(struct rscopy_job *job, const char *arn)
{
	CLEANUP(str_done) struct str context = STR_EMPTY;

	str_addf(&context, "IAM Role=%s", arn);
	str_set(&job->result->hint,
		"roles of the sandbox are in share/sandbox/roles.tsv and in"
		" roles.tsv of its folder; iam_role default works too");
	return rscopy_fail_engine(job, RSCOPY_CODE_S3, context.text,
				  "User arn:aws:redshift:" IDENTITY_REGION
				  ":" IDENTITY_ACCOUNT
				  ":dbuser:" IDENTITY_CLUSTER
				  "/%s is not authorized to assume IAM Role %s",
				  job->call->user, arn);
}

/* The warehouse takes a role that is attached to it and trusts it. */
static bool may_begin(const struct rscopy_job *job,
		      const struct identity_role *role)
{
	const struct identity *identity = job->call->identity;

	return account_is_attached(identity, role) &&
	       account_trusts_warehouse(identity, role, job->call->user);
}

/* 'arn1,arn2': the cluster assumes the first, each the next. */
static bool assume_chain(struct rscopy_job *job, const char *roles)
{
	const struct identity_role *before = NULL;
	size_t count = 0;

	while (*roles != '\0') {
		size_t len = strcspn(roles, ",");
		CLEANUP(mem_freep) char *arn = mem_copy_slice(roles, len);
		const struct identity_role *role =
			identity_role(job->call->identity, arn);

		if (++count > CHAIN_MAX)
			return rscopy_fail(job, "42601",
					   "no more than %d roles can be"
					   " chained",
					   CHAIN_MAX);
		if (role == NULL ||
		    (before == NULL ? !may_begin(job, role)
				    : !account_trusts(job->call->identity,
						      role, before->arn)))
			return refuse_role(job, arn);
		before = role;
		roles += len;
		roles += *roles == ',';
	}
	job->role = before;
	return before != NULL || refuse_role(job, "");
}

static bool assume_default(struct rscopy_job *job)
{
	job->role = account_default(job->call->identity);
	if (job->role == NULL)
		return rscopy_fail(job, "42601",
				   "no default IAM role is set"
				   " for this cluster");
	return may_begin(job, job->role) || refuse_role(job, job->role->arn);
}

static bool check_keys(struct rscopy_job *job, const struct copy_auth *auth)
{
	const struct identity *identity = job->call->identity;

	if (strcmp(secret_text(&auth->key_id), identity->access_key_id) != 0)
		return refuse_s3(job, "", "InvalidAccessKeyId",
				 "The AWS Access Key Id you provided does not"
				 " exist in our records.");
	if (!secret_equal(&auth->key, &identity->secret_key) ||
	    secret_is_set(&auth->token))
		return refuse_s3(job, "", "SignatureDoesNotMatch",
				 "The request signature we calculated does not"
				 " match the signature you provided. Check"
				 " your key and signing method.");
	return true;
}

bool rscopy_access_begin(struct rscopy_job *job,
			 const struct copy_options *options)
{
	const struct copy_given *region =
		copy_options_get(options, COPY_REGION);

	job->role = NULL;
	job->region = region == NULL ? IDENTITY_REGION : region->text;
	switch (options->auth.kind) {
	case COPY_AUTH_NONE:
		return rscopy_fail(job, "42601",
				   "CREDENTIALS argument is required but not"
				   " found");
	case COPY_AUTH_DEFAULT:
		return assume_default(job);
	case COPY_AUTH_ROLE:
		return assume_chain(job, options->auth.role);
	case COPY_AUTH_SESSION:
		/* the sandbox has no federated logins that carry a role */
		return rscopy_fail(job, "0A000",
				   "IAM_ROLE 'SESSION' needs a session of a"
				   " federated identity");
	case COPY_AUTH_KEYS:
		return check_keys(job, &options->auth);
	}
	return false;
}

/* --- where --- */

static bool check_region(struct rscopy_job *job, const char *bucket,
			 const char *context)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (!s3_store_region(job->call->store, bucket, &region, &err))
		return rscopy_fail_s3(job, context, &err);
	if (region.len == 0)
		str_set(&region, IDENTITY_REGION);
	if (str_equal_nocase(region.text, job->region))
		return true;
	str_clear(&job->result->hint);
	str_addf(&job->result->hint, "the bucket %s is in %s: add region '%s'",
		 bucket, region.text, region.text);
	/* [s3serviceexception-error] */
	return refuse_s3(job, context, "PermanentRedirect",
			 "The bucket you are attempting to access must be"
			 " addressed using the specified endpoint. Please"
			 " send all future requests to this endpoint.");
}

static void add_resource(struct str *out, const char *bucket, const char *key)
{
	str_addf(out, "arn:aws:s3:::%s%s%s", bucket, key[0] != '\0' ? "/" : "",
		 key);
}

static bool may_in_bucket(struct rscopy_job *job, const char *action,
			  const char *bucket, const char *resource)
{
	struct s3_store_bucket found = { 0 };
	bool is_there = s3_store_bucket(job->call->store, bucket, &found, NULL);
	const char *policy = is_there && found.policy != NULL ? found.policy
							      : "";
	bool may = account_decide_in(job->call->identity, job->role, policy,
				     action, resource) == ACCOUNT_ALLOWED;

	s3_store_bucket_done(&found);
	return may;
}

bool rscopy_access_check(struct rscopy_job *job, const char *action,
			 const char *bucket, const char *key,
			 const char *context)
{
	CLEANUP(str_done) struct str resource = STR_EMPTY;

	if (!check_region(job, bucket, context))
		return false;
	add_resource(&resource, bucket, key);
	return job->role == NULL ||
	       may_in_bucket(job, action, bucket, resource.text) ||
	       refuse_s3(job, context, "AccessDenied", "Access Denied");
}

static bool check_key(struct rscopy_job *job, const char *action,
		      const struct account_key *key, const char *context)
{
	CLEANUP(str_done) struct str message = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (job->role != NULL &&
	    account_decide_key(job->call->identity, job->role, action, key) !=
		    ACCOUNT_ALLOWED) {
		str_addf(&message,
			 "User: arn:aws:sts::" IDENTITY_ACCOUNT
			 ":assumed-role/%s/RedshiftIamRoleSession is not"
			 " authorized to perform: %s on resource:"
			 " " ACCOUNT_KEY_ARN "%s because no identity-based"
			 " policy allows the %s action",
			 strrchr(job->role->arn, '/') + 1, action, key->id,
			 action);
		return refuse_s3(job, context, "AccessDenied", message.text);
	}
	return s3_encrypt_check_state(job->call->identity, key, &err) ||
	       rscopy_fail_s3(job, context, &err);
}

bool rscopy_access_read(struct rscopy_job *job, const char *bucket,
			const char *key)
{
	CLEANUP(s3_store_object_done)
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	CLEANUP(str_done) struct str context = STR_EMPTY;
	const struct account_key *kms;

	str_addf(&context, "S3 key being read : s3://%s/%s", bucket, key);
	if (!rscopy_access_check(job, "s3:GetObject", bucket, key,
				 context.text))
		return false;
	if (!s3_store_head(job->call->store, bucket, key, &object, NULL))
		return true; /* missing: told by who opens it */
	kms = s3_encrypt_key(object.headers);
	return kms == NULL || check_key(job, "kms:Decrypt", kms, context.text);
}

/* The bucket's default key, for ENCRYPTED AUTO; "": it has none of KMS. */
static bool default_lock(struct rscopy_job *job, const char *bucket,
			 struct str *out)
{
	struct s3_store_bucket found = { 0 };
	bool done = s3_store_bucket(job->call->store, bucket, &found, NULL);

	if (done && found.encryption != NULL)
		str_add(out, found.encryption);
	s3_store_bucket_done(&found);
	return done;
}

bool rscopy_access_lock(struct rscopy_job *job, const char *bucket,
			const char *key, const char *context, struct str *out)
{
	const struct account_key *kms;
	CLEANUP(str_done) struct str region = STR_EMPTY;

	if (key == NULL && !default_lock(job, bucket, out))
		return refuse_s3(job, context, "NoSuchBucket",
				 "The specified bucket does not exist");
	kms = key != NULL ? account_key(key) : s3_encrypt_key(out->text);
	if (key == NULL && kms == NULL)
		return true;
	s3_store_region(job->call->store, bucket, &region, NULL);
	if (kms == NULL || (region.len > 0 &&
			    strcmp(region.text, IDENTITY_REGION) != 0))
		return refuse_s3(job, context, "KMS.NotFoundException",
				 "The key does not exist in the bucket's"
				 " region");
	if (key != NULL)
		s3_encrypt_add_key(kms, out);
	return check_key(job, "kms:GenerateDataKey", kms, context) &&
	       check_key(job, "kms:Decrypt", kms, context);
}
