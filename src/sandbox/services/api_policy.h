/* sandbox/services/api_policy.h - may the caller of an AWS service do that?
 *
 * Everything is allowed but what stands in DIR/denied.tsv: rows of an action
 * and a resource, both patterns with * ("redshift:GetClusterCredentials*",
 * "arn:aws:redshift:*:dbuser:*"). It is read with every request, so that a
 * running sandbox can be told.
 */
#ifndef SANDBOX_SERVICES_API_POLICY_H
#define SANDBOX_SERVICES_API_POLICY_H

#include <stdbool.h>

#include "base/err.h"

struct identity_role;
struct s3_call;
struct s3_http_options;
struct str;

/* false: AccessDenied, in AWS's words. resource: an ARN. */
bool api_policy_check(const struct s3_call *call, const char *action,
		      const char *resource, struct err *err);

/* The same, and with the temporary keys of a role its policy must allow it:
 * CloudFormation, QuickSight. */
bool api_policy_check_role(const struct s3_call *call, const char *action,
			   const char *resource, struct err *err);

/* The same for who has no request now: caller is their ARN, role the role whose
 * policies they go by, or NULL. */
bool api_policy_check_as(const struct s3_http_options *options,
			 const char *caller, const struct identity_role *role,
			 const char *action, const char *resource,
			 struct err *err);

/* Appends the ARN of who calls. */
void api_policy_add_caller(const struct s3_call *call, struct str *out);

/* The same for "KIND:redsh-sandbox/NAME" of the cluster, NAME may be NULL:
 * then nothing is checked. */
bool api_policy_check_named(const struct s3_call *call, const char *action,
			    const char *kind, const char *name,
			    struct err *err);

#endif
