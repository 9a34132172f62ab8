/* aws/policy.h - how calls are made, as the AWS files and variables say.
 *
 * Retries, checksums, signed bodies. Read once, then never changed, so any
 * thread may look. Settings and their defaults: AWS SDKs and Tools reference
 * guide, "Retry behavior" and "Data integrity protections for Amazon S3".
 */
#ifndef AWS_POLICY_H
#define AWS_POLICY_H

#include <stdbool.h>

#include "aws/integrity.h"
#include "base/err.h"
#include "net/retry.h"

struct endpoint_config;
struct profile;

struct policy {
	enum retry_mode retry_mode;
	int max_attempts;		/* the first one included */
	enum integrity_kind body_kind;	/* sent with uploads; NONE: only
					 * where S3 requires one */
	bool checks_replies;		/* ask S3 for checksums, compare */
	bool signs_bodies;		/* SHA-256 of S3's: no TLS there */
};

/* ERR_USAGE: a setting has a value it cannot have. */
bool policy_read(struct policy *policy, const struct profile *profile,
		 const struct endpoint_config *endpoints, struct err *err);

#endif
