/* sandbox/account/policy_condition.h - the Condition of a policy's statement.
 *
 * What the sandbox knows of a request: that it is secure (its loopback stands
 * for TLS), the account, and who asks for a role. Other keys and operators are
 * refused when the policy is set. [IAM: JSON policy elements: Condition]
 */
#ifndef SANDBOX_ACCOUNT_POLICY_CONDITION_H
#define SANDBOX_ACCOUNT_POLICY_CONDITION_H

#include <stdbool.h>

#include "base/err.h"

struct json;

/* NotImplemented. condition NULL: there is none. */
bool policy_condition_check(const struct json *condition, struct err *err);

/* external_id: sts:ExternalId of the request; NULL: it has none. */
bool policy_condition_holds(const struct json *condition,
			    const char *external_id);

#endif
