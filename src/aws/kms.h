/* aws/kms.h - what is told of a key of KMS.
 *
 * Calls for who sends several at once (worker_send_take) and readers of what
 * came back. A key is named by id, alias or ARN; an ARN says its region.
 */
#ifndef AWS_KMS_H
#define AWS_KMS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct call;
struct json;

struct kms_key {
	struct str arn;
	struct str state;	/* "Enabled", "Disabled", "PendingDeletion" */
	bool aws_managed;	/* of AWS, such as aws/s3: no policy to change,
				 * and no right to ask for */
};

#define KMS_KEY_EMPTY                                                          \
	{                                                                      \
		STR_EMPTY, STR_EMPTY, false                                    \
	}

void kms_key_done(struct kms_key *key);

/* DescribeKey, in the region of the ARN, else in region (NULL: the one in
 * force). */
struct call *kms_describe_call(const char *key, const char *region);
bool kms_describe_read(const struct call *call, struct kms_key *out,
		       struct err *err);

/* GetKeyPolicy; the policy is yours to json_free, NULL: err. */
struct call *kms_policy_call(const char *key_arn);
struct json *kms_policy_read(const struct call *call, struct err *err);

/* Appends "eu-west-1" of an ARN of KMS; nothing for other names. */
void kms_add_region(const char *key, struct str *out);

#endif
