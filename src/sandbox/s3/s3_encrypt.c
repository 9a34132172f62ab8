#include "sandbox/s3/s3_encrypt.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sandbox/account/account.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"

#define SSE        "x-amz-server-side-encryption"

static void add_lines(const char *algorithm, const struct account_key *key,
		      struct str *out)
{
	str_addf(out,
		 SSE ": %s\n" SSE "-aws-kms-key-id: " ACCOUNT_KEY_ARN "%s\n",
		 algorithm, key->id);
}

void s3_encrypt_add_key(const struct account_key *key, struct str *out)
{
	add_lines("aws:kms", key, out);
}

bool s3_encrypt_check_state(const struct identity *identity,
			    const struct account_key *key, struct err *err)
{
	const char *state = account_key_state(identity, key);

	if (strcmp(state, "Disabled") == 0)
		return s3_call_refuse(err, "KMS.DisabledException",
				      ACCOUNT_KEY_ARN "%s is disabled.",
				      key->id);
	if (strcmp(state, "PendingDeletion") == 0)
		return s3_call_refuse(err, "KMS.KMSInvalidStateException",
				      ACCOUNT_KEY_ARN "%s is pending deletion.",
				      key->id);
	return true;
}

const struct account_key *s3_encrypt_key(const char *lines)
{
	static const char name[] = SSE "-aws-kms-key-id: ";
	const char *at = strstr(lines, name);
	CLEANUP(mem_freep) char *arn = NULL;

	if (at == NULL)
		return NULL;
	at += strlen(name);
	arn = mem_copy_slice(at, strcspn(at, "\n"));
	return account_key(arn);
}

static bool add_kms(const struct s3_call *call, const char *algorithm,
		    const char *name, bool bucket_key, struct str *out,
		    struct err *err)
{
	const struct account_key *key =
		account_key(name[0] != '\0' ? name : "alias/aws/s3");

	if (key == NULL)
		return s3_call_refuse(err, "KMS.NotFoundException",
				      "Key '%s' does not exist", name);
	if (!s3_encrypt_check_state(call->options->identity, key, err))
		return false;
	add_lines(algorithm, key, out);
	if (bucket_key)
		str_add(out, SSE "-bucket-key-enabled: true\n");
	return true;
}

bool s3_encrypt_lines(const struct s3_call *call, const char *algorithm,
		      const char *key, bool bucket_key, struct str *out,
		      struct err *err)
{
	if (strcmp(algorithm, "AES256") == 0 && key[0] == '\0') {
		str_add(out, SSE ": AES256\n");
		return true;
	}
	if (strcmp(algorithm, "aws:kms") == 0 ||
	    strcmp(algorithm, "aws:kms:dsse") == 0)
		return add_kms(call, algorithm, key, bucket_key, out, err);
	return s3_call_refuse(err, "InvalidArgument",
			      strcmp(algorithm, "AES256") == 0
				      ? "Server Side Encryption with Customer"
					" provided keys is incompatible with"
					" the encryption method specified"
				      : "The encryption method specified is"
					" not supported");
}

bool s3_encrypt_check_customer(const struct s3_call *call, struct err *err)
{
	const struct s3_pairs *headers = &call->request.headers;

	for (size_t i = 0; i < headers->count; i++)
		if (strstr(headers->items[i].name,
			   "server-side-encryption-customer-") != NULL)
			return s3_call_refuse(
				err, "InvalidRequest",
				"Requests specifying Server Side Encryption"
				" with Customer provided keys must be made"
				" over a secure connection.");
	return true;
}

bool s3_encrypt_read(const struct s3_call *call, struct str *out,
		     struct err *err)
{
	const struct s3_request *request = &call->request;
	const char *algorithm = s3_request_header(request, SSE);
	const char *key = s3_request_header(request, SSE "-aws-kms-key-id");
	const char *bucket_key =
		s3_request_header(request, SSE "-bucket-key-enabled");

	if (!s3_encrypt_check_customer(call, err))
		return false;
	if (algorithm != NULL)
		return s3_encrypt_lines(call, algorithm, key != NULL ? key : "",
					bucket_key != NULL &&
						strcmp(bucket_key, "true") == 0,
					out, err);
	if (key != NULL)
		return s3_call_refuse(err, "InvalidArgument",
				      "Server Side Encryption with AWS KMS"
				      " managed key requires HTTP header"
				      " x-amz-server-side-encryption :"
				      " aws:kms");
	if (call->bucket.encryption != NULL && call->bucket.encryption[0])
		str_add(out, call->bucket.encryption);
	else
		str_add(out, SSE ": AES256\n");
	return true;
}

bool s3_encrypt_is_kms(const char *lines)
{
	return strstr(lines, SSE ": aws:kms") != NULL;
}
