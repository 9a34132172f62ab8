/* What can be set of a bucket: s3_setting_ops. */
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/xml.h"
#include "sandbox/s3/s3_access.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_encrypt.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_keep.h"
#include "sandbox/s3/s3_store.h"
#include "sandbox/s3/s3_xml.h"

static bool malformed(struct err *err)
{
	return s3_call_refuse(err, "MalformedXML",
			      "The XML you provided was not well-formed or did"
			      " not validate against our published schema");
}

static bool need_bucket(const struct s3_call *call, struct err *err)
{
	return call->bucket.name != NULL ||
	       s3_call_refuse(err, "NoSuchBucket",
			      "The specified bucket does not exist");
}

static bool set(struct s3_call *call, enum s3_store_setting setting,
		const char *value, struct err *err)
{
	return s3_store_set(call->options->store, call->request.bucket,
			    setting, value, err);
}

/* --- versions --- */

static bool get_versioning(struct s3_call *call, struct err *err)
{
	static const char *const status[] = {
		[S3_VERSIONING_ON] = "Enabled",
		[S3_VERSIONING_SUSPENDED] = "Suspended",
	};
	struct str *out;

	if (!need_bucket(call, err))
		return false;
	out = s3_xml_begin(call, "VersioningConfiguration");
	if (call->bucket.versioning != S3_VERSIONING_OFF)
		xml_put(out, "Status", status[call->bucket.versioning]);
	xml_close(out, "VersioningConfiguration");
	return true;
}

static bool put_versioning(struct s3_call *call, struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root =
		s3_xml_read(call, reader, "VersioningConfiguration", err);
	const char *status = xml_text(root, "Status", "");

	if (root == NULL)
		return false;
	if (strcmp(status, "Enabled") != 0 && strcmp(status, "Suspended") != 0)
		return s3_call_refuse(err, "IllegalVersioningConfiguration"
					   "Exception",
				      "The Versioning element must be"
				      " specified");
	return set(call, S3_STORE_VERSIONING, status, err);
}

/* --- who pays --- */

static bool get_payment(struct s3_call *call, struct err *err)
{
	struct str *out;

	if (!need_bucket(call, err))
		return false;
	out = s3_xml_begin(call, "RequestPaymentConfiguration");
	xml_put(out, "Payer",
		call->bucket.requester_pays ? "Requester" : "BucketOwner");
	xml_close(out, "RequestPaymentConfiguration");
	return true;
}

static bool put_payment(struct s3_call *call, struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root =
		s3_xml_read(call, reader, "RequestPaymentConfiguration", err);
	const char *payer = xml_text(root, "Payer", "");

	if (root == NULL)
		return false;
	if (strcmp(payer, "Requester") == 0)
		return set(call, S3_STORE_PAYER, payer, err);
	if (strcmp(payer, "BucketOwner") == 0)
		return set(call, S3_STORE_PAYER, "", err);
	return malformed(err);
}

/* --- policy --- */

static bool has_policy(const struct s3_call *call, struct err *err)
{
	return need_bucket(call, err) &&
	       (call->bucket.policy[0] != '\0' ||
		s3_call_refuse(err, "NoSuchBucketPolicy",
			       "The bucket policy does not exist"));
}

static bool get_policy(struct s3_call *call, struct err *err)
{
	if (!has_policy(call, err))
		return false;
	s3_reply_header(&call->reply, "Content-Type", "application/json");
	str_add(&call->reply.body, call->bucket.policy);
	return true;
}

static bool get_policy_status(struct s3_call *call, struct err *err)
{
	struct str *out;

	if (!has_policy(call, err))
		return false;
	out = s3_xml_begin(call, "PolicyStatus");
	xml_put_bool(out, "IsPublic",
		     s3_access_is_public(call->bucket.policy));
	xml_close(out, "PolicyStatus");
	return true;
}

static bool put_policy(struct s3_call *call, struct err *err)
{
	call->reply.status = 204;
	return s3_access_check_policy(call->request.bucket, call->text.text,
				      call->text.len, err) &&
	       set(call, S3_STORE_POLICY, call->text.text, err);
}

static bool delete_policy(struct s3_call *call, struct err *err)
{
	call->reply.status = 204;
	return set(call, S3_STORE_POLICY, "", err);
}

/* --- encryption --- */

#define RULE                                                                   \
	"Rule/ApplyServerSideEncryptionByDefault/"

static bool get_encryption(struct s3_call *call, struct err *err)
{
	static const char sse[] = "x-amz-server-side-encryption";
	static const char key_id[] =
		"x-amz-server-side-encryption-aws-kms-key-id";
	CLEANUP(mem_freep) char *algorithm = NULL;
	CLEANUP(mem_freep) char *key = NULL;
	struct str *out;

	if (!need_bucket(call, err))
		return false;
	algorithm = s3_keep_value(call->bucket.encryption, sse);
	key = s3_keep_value(call->bucket.encryption, key_id);
	out = s3_xml_begin(call, "ServerSideEncryptionConfiguration");
	xml_open(out, "Rule");
	xml_open(out, "ApplyServerSideEncryptionByDefault");
	xml_put(out, "SSEAlgorithm", algorithm != NULL ? algorithm : "AES256");
	if (key != NULL)
		xml_put(out, "KMSMasterKeyID", key);
	xml_close(out, "ApplyServerSideEncryptionByDefault");
	xml_put_bool(out, "BucketKeyEnabled",
		     strstr(call->bucket.encryption, "bucket-key") != NULL);
	xml_close(out, "Rule");
	xml_close(out, "ServerSideEncryptionConfiguration");
	return true;
}

static bool put_encryption(struct s3_call *call, struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = s3_xml_read(
		call, reader, "ServerSideEncryptionConfiguration", err);
	CLEANUP(str_done) struct str lines = STR_EMPTY;

	return root != NULL &&
	       s3_encrypt_lines(call, xml_text(root, RULE "SSEAlgorithm", ""),
				xml_text(root, RULE "KMSMasterKeyID", ""),
				xml_bool(root, "Rule/BucketKeyEnabled", false),
				&lines, err) &&
	       set(call, S3_STORE_ENCRYPTION, lines.text, err);
}

static bool delete_encryption(struct s3_call *call, struct err *err)
{
	call->reply.status = 204;
	return set(call, S3_STORE_ENCRYPTION, "", err);
}

const struct s3_op s3_setting_ops[] = {
	{ "GetBucketVersioning", "GET", S3_ON_BUCKET, "versioning", NULL,
	  S3_TAKES_NOTHING, "", get_versioning, NULL },
	{ "PutBucketVersioning", "PUT", S3_ON_BUCKET, "versioning", NULL,
	  S3_TAKES_TEXT, "", put_versioning, NULL },
	{ "GetBucketRequestPayment", "GET", S3_ON_BUCKET, "requestPayment",
	  NULL, S3_TAKES_NOTHING, "", get_payment, NULL },
	{ "PutBucketRequestPayment", "PUT", S3_ON_BUCKET, "requestPayment",
	  NULL, S3_TAKES_TEXT, "", put_payment, NULL },
	{ "GetBucketPolicy", "GET", S3_ON_BUCKET, "policy", NULL,
	  S3_TAKES_NOTHING, "", get_policy, NULL },
	{ "GetBucketPolicyStatus", "GET", S3_ON_BUCKET, "policyStatus", NULL,
	  S3_TAKES_NOTHING, "", get_policy_status, NULL },
	{ "PutBucketPolicy", "PUT", S3_ON_BUCKET, "policy", NULL,
	  S3_TAKES_TEXT, "", put_policy, NULL },
	{ "DeleteBucketPolicy", "DELETE", S3_ON_BUCKET, "policy", NULL,
	  S3_TAKES_NOTHING, "", delete_policy, NULL },
	{ "GetBucketEncryption", "GET", S3_ON_BUCKET, "encryption", NULL,
	  S3_TAKES_NOTHING, "", get_encryption, NULL },
	{ "PutBucketEncryption", "PUT", S3_ON_BUCKET, "encryption", NULL,
	  S3_TAKES_TEXT, "", put_encryption, NULL },
	{ "DeleteBucketEncryption", "DELETE", S3_ON_BUCKET, "encryption", NULL,
	  S3_TAKES_NOTHING, "", delete_encryption, NULL },
	{ 0 },
};
