#include "sandbox/s3_encrypt.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sandbox/identity.h"
#include "sandbox/s3_call.h"

#define SSE        "x-amz-server-side-encryption"
#define KEY_ARN    "arn:aws:kms:" IDENTITY_REGION ":" IDENTITY_ACCOUNT ":key/"
#define ALIAS_ARN  "arn:aws:kms:" IDENTITY_REGION ":" IDENTITY_ACCOUNT ":alias/"

static const struct key {
	const char *alias;
	const char *id;
	bool disabled;
} keys[] = {
	{ "aws/s3", "5a3b0c6e-0f53-4f0c-9b1c-6f1d1c3a7e01", false },
	{ "redsh-sandbox", "1234abcd-12ab-34cd-56ef-1234567890ab", false },
	{ "redsh-disabled", "0987dcba-09fe-87dc-65ba-ab0987654321", true },
};

/* A key's id, its ARN, "alias/NAME", or the ARN of that. */
static const struct key *find_key(const char *name)
{
	if (name[0] == '\0')
		return &keys[0];
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const char *rest = name;

		if (str_starts(name, KEY_ARN))
			rest = name + strlen(KEY_ARN);
		if (strcmp(rest, keys[i].id) == 0)
			return &keys[i];
		if (str_starts(name, ALIAS_ARN))
			rest = name + strlen(ALIAS_ARN);
		else if (str_starts(name, "alias/"))
			rest = name + strlen("alias/");
		else
			continue;
		if (strcmp(rest, keys[i].alias) == 0)
			return &keys[i];
	}
	return NULL;
}

static bool add_kms(const char *algorithm, const char *name, bool bucket_key,
		    struct str *out, struct err *err)
{
	const struct key *key = find_key(name);

	if (key == NULL)
		return s3_call_refuse(err, "KMS.NotFoundException",
				      "Key '%s' does not exist", name);
	if (key->disabled)
		return s3_call_refuse(err, "KMS.DisabledException",
				      KEY_ARN "%s is disabled.", key->id);
	str_addf(out, SSE ": %s\n" SSE "-aws-kms-key-id: " KEY_ARN "%s\n",
		 algorithm, key->id);
	if (bucket_key)
		str_add(out, SSE "-bucket-key-enabled: true\n");
	return true;
}

bool s3_encrypt_lines(const char *algorithm, const char *key, bool bucket_key,
		      struct str *out, struct err *err)
{
	if (strcmp(algorithm, "AES256") == 0 && key[0] == '\0') {
		str_add(out, SSE ": AES256\n");
		return true;
	}
	if (strcmp(algorithm, "aws:kms") == 0 ||
	    strcmp(algorithm, "aws:kms:dsse") == 0)
		return add_kms(algorithm, key, bucket_key, out, err);
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
		return s3_encrypt_lines(algorithm, key != NULL ? key : "",
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
