/* sandbox/s3/s3_access.h - may this caller do that to this bucket, and is it
 * here?
 *
 * What S3 looks at before an operation: the bucket's region, who pays, the
 * policy of a role, DIR/denied.tsv, and the bucket's own policy for those who
 * have not signed at all.
 */
#ifndef SANDBOX_S3_S3_ACCESS_H
#define SANDBOX_S3_S3_ACCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct s3_call;

/* Before the signature is looked at: fills call->bucket, refuses requests that
 * are signed for another region than the bucket's. A bucket that is missing is
 * left to the operation. */
bool s3_access_locate(struct s3_call *call, struct err *err);

/* AccessDenied, or who pays is not said. */
bool s3_access_check(struct s3_call *call, struct err *err);

/* The same for one key of many (DeleteObjects), and for a source. action:
 * "s3:DeleteObject". */
bool s3_access_check_key(const struct s3_call *call, const char *action,
			 const char *bucket, const char *key, struct err *err);

/* A missing key is told only to those who may list: 403 for others. */
void s3_access_hide(const struct s3_call *call, struct err *err);

/* Is text a policy that the sandbox understands? MalformedPolicy. */
bool s3_access_check_policy(const char *bucket, const char *text, size_t len,
			    struct err *err);

/* Does the policy let everybody read something? */
bool s3_access_is_public(const char *policy);

#endif
