#include "sandbox/s3/s3_access.h"

#include <fnmatch.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/url.h"
#include "data/xml.h"
#include "sandbox/account/account.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/policy_condition.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_store.h"
#include "sandbox/services/api_policy.h"

#define BUCKET_ARN "arn:aws:s3:::"

/* Service authorization reference: operations whose permission has another
 * name than they. */
static const struct {
	const char *op;
	const char *action;
	const char *versioned; /* when a version is named */
} actions[] = {
	{ "ListBuckets", "ListAllMyBuckets", NULL },
	{ "HeadBucket", "ListBucket", NULL },
	{ "ListObjects", "ListBucket", NULL },
	{ "ListObjectsV2", "ListBucket", NULL },
	{ "ListObjectVersions", "ListBucketVersions", NULL },
	{ "ListMultipartUploads", "ListBucketMultipartUploads", NULL },
	{ "GetBucketEncryption", "GetEncryptionConfiguration", NULL },
	{ "PutBucketEncryption", "PutEncryptionConfiguration", NULL },
	{ "DeleteBucketEncryption", "PutEncryptionConfiguration", NULL },
	{ "GetObject", "GetObject", "GetObjectVersion" },
	{ "HeadObject", "GetObject", "GetObjectVersion" },
	{ "GetObjectAttributes", "GetObject", "GetObjectVersion" },
	{ "DeleteObject", "DeleteObject", "DeleteObjectVersion" },
	{ "CopyObject", "PutObject", NULL },
	{ "CreateMultipartUpload", "PutObject", NULL },
	{ "UploadPart", "PutObject", NULL },
	{ "UploadPartCopy", "PutObject", NULL },
	{ "CompleteMultipartUpload", "PutObject", NULL },
	{ "ListParts", "ListMultipartUploadParts", NULL },
};

static void add_action(const struct s3_call *call, struct str *out)
{
	const char *name = call->op->name;
	bool versioned = s3_request_param(&call->request, "versionId") != NULL;

	for (size_t i = 0; i < COUNT_OF(actions); i++) {
		if (strcmp(actions[i].op, call->op->name) != 0)
			continue;
		name = versioned && actions[i].versioned != NULL
			       ? actions[i].versioned
			       : actions[i].action;
	}
	str_addf(out, "s3:%s", name);
}

static void add_resource(const char *bucket, const char *key, struct str *out)
{
	str_addf(out, BUCKET_ARN "%s", bucket != NULL ? bucket : "*");
	if (key != NULL)
		str_addf(out, "/%s", key);
}

static bool denied(struct err *err)
{
	return s3_call_refuse(err, "AccessDenied", "Access Denied");
}

/* --- where --- */

static bool redirect(struct s3_call *call, const char *region, struct err *err)
{
	CLEANUP(str_done) struct str endpoint = STR_EMPTY;

	if (call->request.by_host && call->auth.claim.region.len > 0 &&
	    call->request.region == NULL)
		return s3_auth_refuse_region(&call->auth, region,
					     &call->reply.extra, err);
	str_addf(&endpoint, "%s%ss3.%s.amazonaws.com",
		 call->request.by_host ? call->request.bucket : "",
		 call->request.by_host ? "." : "", region);
	xml_put(&call->reply.extra, "Endpoint", endpoint.text);
	xml_put(&call->reply.extra, "Bucket", call->request.bucket);
	return s3_call_refuse(err, "PermanentRedirect",
			      "The bucket you are attempting to access must be"
			      " addressed using the specified endpoint. Please"
			      " send all future requests to this endpoint.");
}

bool s3_access_locate(struct s3_call *call, struct err *err)
{
	const char *here = call->auth.claim.region.len > 0
				   ? call->auth.claim.region.text
				   : call->request.region;
	const char *region;

	if (call->request.bucket == NULL || call->op == NULL)
		return true;
	if (!s3_store_bucket(call->options->store, call->request.bucket,
			     &call->bucket, NULL))
		return true;
	region = call->bucket.region[0] != '\0' ? call->bucket.region
						: IDENTITY_REGION;
	if (strcmp(call->op->name, "CreateBucket") == 0)
		return true;
	if (here != NULL && strcmp(here, region) == 0)
		return true;
	/* that one may be asked of everywhere */
	if (strcmp(call->op->name, "GetBucketLocation") == 0)
		return true;
	s3_reply_always(&call->reply, "x-amz-bucket-region", region);
	return here == NULL || redirect(call, region, err);
}

/* --- the policy of a bucket --- */

/* "x", or one of ["x", "y"]; patterns as policies have them. */
static bool any_fits(const struct json *patterns, const char *text)
{
	size_t count = json_count(patterns);

	if (json_shape(patterns) == JSON_SHAPE_TEXT)
		return fnmatch(json_text(patterns, NULL, ""), text,
			       FNM_NOESCAPE) == 0;
	for (size_t i = 0; i < count; i++)
		if (fnmatch(json_text(json_item(patterns, i), NULL, ""), text,
			    FNM_NOESCAPE) == 0)
			return true;
	return false;
}

static bool is_everybody(const struct json *principal)
{
	if (json_shape(principal) == JSON_SHAPE_OBJECT)
		principal = json_key(principal, "AWS");
	return any_fits(principal, "*");
}

static const struct json *statements(const struct json *policy, size_t *count)
{
	const struct json *list = json_key(policy, "Statement");

	*count = json_shape(list) == JSON_SHAPE_ARRAY ? json_count(list) : 1;
	return list;
}

static const struct json *statement(const struct json *list, size_t i)
{
	return json_shape(list) == JSON_SHAPE_ARRAY ? json_item(list, i) : list;
}

/* May everybody do that? What denies wins. */
static bool policy_allows(const char *text, const char *action,
			  const char *resource)
{
	CLEANUP(json_freep)
	struct json *policy = json_parse(text, strlen(text), NULL);
	size_t count;
	const struct json *list = statements(policy, &count);
	bool allowed = false;

	for (size_t i = 0; i < count; i++) {
		const struct json *one = statement(list, i);

		if (!is_everybody(json_key(one, "Principal")) ||
		    !any_fits(json_key(one, "Action"), action) ||
		    !any_fits(json_key(one, "Resource"), resource) ||
		    !policy_condition_holds(json_key(one, "Condition"), NULL))
			continue;
		if (strcmp(json_text(one, "Effect", ""), "Allow") != 0)
			return false;
		allowed = true;
	}
	return allowed;
}

bool s3_access_is_public(const char *text)
{
	CLEANUP(json_freep)
	struct json *policy = json_parse(text, strlen(text), NULL);
	size_t count;
	const struct json *list = statements(policy, &count);

	for (size_t i = 0; i < count; i++) {
		const struct json *one = statement(list, i);

		if (is_everybody(json_key(one, "Principal")) &&
		    strcmp(json_text(one, "Effect", ""), "Allow") == 0)
			return true;
	}
	return false;
}

static bool malformed(struct err *err, const char *why)
{
	return s3_call_refuse(err, "MalformedPolicy", "%s", why);
}

static bool check_resource(const char *bucket, const struct json *one)
{
	const struct json *resource = json_key(one, "Resource");
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(str_done) struct str below = STR_EMPTY;
	size_t count = json_count(resource);

	str_addf(&arn, BUCKET_ARN "%s", bucket);
	str_addf(&below, "%s/", arn.text);
	for (size_t i = 0; i < (count > 0 ? count : 1); i++) {
		const char *text = json_text(
			count > 0 ? json_item(resource, i) : resource, NULL,
			"");

		if (strcmp(text, arn.text) != 0 &&
		    !str_starts(text, below.text))
			return false;
	}
	return true;
}

bool s3_access_check_policy(const char *bucket, const char *text, size_t len,
			    struct err *err)
{
	CLEANUP(json_freep) struct json *policy = json_parse(text, len, NULL);
	size_t count;
	const struct json *list = statements(policy, &count);

	if (json_shape(policy) != JSON_SHAPE_OBJECT)
		return malformed(err, "Policies must be valid JSON and the"
				      " first byte must be '{'");
	for (size_t i = 0; i < count; i++) {
		const struct json *one = statement(list, i);
		const char *effect = json_text(one, "Effect", "");

		if (strcmp(effect, "Allow") != 0 && strcmp(effect, "Deny") != 0)
			return malformed(err, "Invalid effect");
		if (json_key(one, "Principal") == NULL)
			return malformed(err, "Missing required field"
					      " Principal");
		if (json_key(one, "Action") == NULL)
			return malformed(err, "Missing required field Action");
		if (!policy_condition_check(json_key(one, "Condition"), err))
			return false;
		if (json_key(one, "NotAction") != NULL ||
		    json_key(one, "NotResource") != NULL ||
		    json_key(one, "NotPrincipal") != NULL)
			return s3_call_refuse(err, "NotImplemented",
					      "policies here have no Not...");
		if (!check_resource(bucket, one))
			return malformed(err, "Policy has invalid resource");
	}
	return true;
}

/* --- who --- */

static enum identity_action role_action(const char *action)
{
	if (strstr(action, ":Delete") != NULL ||
	    strstr(action, ":Abort") != NULL)
		return IDENTITY_DELETE;
	if (strstr(action, ":List") != NULL ||
	    strstr(action, ":GetBucket") != NULL ||
	    strstr(action, ":GetEncryption") != NULL)
		return IDENTITY_LIST;
	return strstr(action, ":Get") != NULL ? IDENTITY_GET : IDENTITY_PUT;
}

static bool may(const struct s3_call *call, const char *action,
		const char *bucket, const char *key, struct err *err)
{
	CLEANUP(str_done) struct str resource = STR_EMPTY;

	add_resource(bucket, key, &resource);
	if (call->anonymous)
		return (call->bucket.policy != NULL &&
			policy_allows(call->bucket.policy, action,
				      resource.text)) ||
		       denied(err);
	/* what a role's temporary keys may do is in its policy */
	if (call->auth.role != NULL &&
	    !identity_role_may(call->auth.role, role_action(action),
			       bucket != NULL ? bucket : "") &&
	    account_decide(call->options->identity, call->auth.role, action,
			   resource.text) != ACCOUNT_ALLOWED)
		return denied(err);
	return api_policy_check(call, action, resource.text, err);
}

bool s3_access_check_key(const struct s3_call *call, const char *action,
			 const char *bucket, const char *key, struct err *err)
{
	return may(call, action, bucket, key, err);
}

/* "BUCKET/KEY", "/BUCKET/KEY", escaped. */
static bool check_source(const struct s3_call *call, struct err *err)
{
	const char *source =
		s3_request_header(&call->request, "x-amz-copy-source");
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(mem_freep) char *bucket = NULL;
	const char *slash;

	if (source == NULL)
		return true;
	source += source[0] == '/';
	url_unescape(&name, source, strcspn(source, "?"), URL_PLUS_STAYS);
	slash = strchr(name.text, '/');
	if (slash == NULL)
		return true; /* refused later, for its form */
	bucket = mem_copy_slice(name.text, (size_t)(slash - name.text));
	return may(call, "s3:GetObject", bucket, slash + 1, err);
}

/* Everybody says so here, the owner too: there is nobody else. */
static bool check_payer(struct s3_call *call, struct err *err)
{
	const char *payer =
		s3_request_header(&call->request, "x-amz-request-payer");

	if (!call->bucket.requester_pays || strstr(call->op->name, "Bucket"))
		return true;
	if (payer == NULL || call->anonymous)
		return denied(err);
	s3_reply_header(&call->reply, "x-amz-request-charged", "requester");
	return true;
}

bool s3_access_check(struct s3_call *call, struct err *err)
{
	CLEANUP(str_done) struct str action = STR_EMPTY;

	if (call->request.by_host && call->bucket.name == NULL &&
	    call->anonymous)
		return s3_call_refuse(err, "NoSuchBucket",
				      "The specified bucket does not exist");
	add_action(call, &action);
	/* of many keys each is asked about */
	if (strcmp(call->op->name, "DeleteObjects") == 0)
		return check_payer(call, err);
	return may(call, action.text, call->request.bucket, call->request.key,
		   err) &&
	       check_source(call, err) && check_payer(call, err);
}

void s3_access_hide(const struct s3_call *call, struct err *err)
{
	if (call->op == NULL || call->op->level != S3_ON_OBJECT ||
	    strcmp(err->code, "NoSuchKey") != 0 ||
	    may(call, "s3:ListBucket", call->request.bucket, NULL, NULL))
		return;
	denied(err);
}
