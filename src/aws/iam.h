/* aws/iam.h - roles: who may assume one, and what it may do.
 *
 * Calls for who sends several at once (worker_send_take) and readers of what
 * came back. A role of another account than the caller's cannot be asked
 * about: GetRole finds another one of the same name, or none.
 */
#ifndef AWS_IAM_H
#define AWS_IAM_H

#include <stdbool.h>

#include "base/err.h"

struct call;
struct json;
struct str;

/* GetRole by the name in the ARN. */
struct call *iam_role_call(const char *arn);

/* The trust policy, yours to json_free; NULL: err. ERR_MISSING: there is no
 * such role in the caller's account. */
struct json *iam_role_trust(const struct call *call, const char *arn,
			    struct err *err);

/* "arn:aws:iam::1234:role/path/Name" */
bool iam_is_role(const char *arn);
const char *iam_role_name(const char *arn);	/* "Name" */

/* SimulatePrincipalPolicy of one resource; actions is NULL terminated. */
struct call *iam_simulate_call(const char *arn, const char *const *actions,
			       const char *resource);

enum iam_decision {
	IAM_UNKNOWN,		/* not among the results */
	IAM_ALLOWED,
	IAM_NOT_ALLOWED,	/* no policy of the role allows it; one of the
				 * resource still may */
	IAM_DENIED,		/* a statement denies it */
};

enum iam_decision iam_decision(const struct call *call, const char *action);

/* Does a policy (of trust, of a bucket, of a key) allow the action to the
 * principal: a service ("redshift.amazonaws.com"), or an ARN, whose whole
 * account counts only if with_account is set? *out_conditional: a statement
 * that does asks for more than can be judged here. */
bool iam_policy_allows(const struct json *policy, const char *action,
		       const char *principal, bool with_account,
		       bool *out_conditional);

/* Does a policy of a resource deny it to the ARN, whatever else allows it?
 * Only what denies without conditions and exceptions counts. */
bool iam_policy_denies(const struct json *policy, const char *action,
		       const char *principal, const char *resource);

#endif
