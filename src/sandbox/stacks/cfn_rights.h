/* sandbox/stacks/cfn_rights.h - may who acts for a stack do that to a resource?
 *
 * CloudFormation acts with the rights of who asked for the operation, or of
 * the stack's role (RoleARN) where it has one. Each type has the action that
 * makes, changes or deletes it, and more for some of its properties; each is
 * asked of the role's policies and of DIR/denied.tsv, on the ARN that the
 * resource has or will have.
 */
#ifndef SANDBOX_STACKS_CFN_RIGHTS_H
#define SANDBOX_STACKS_CFN_RIGHTS_H

#include <stdbool.h>

#include "base/err.h"

struct cfn_making;
struct cfn_stack;
struct s3_call;
struct str;

enum cfn_deed { CFN_MAKES, CFN_CHANGES, CFN_REMOVES };

/* AccessDenied in AWS's words. action: of the type itself. */
bool cfn_rights_check(const struct cfn_making *making, enum cfn_deed deed,
		      const char *action, struct err *err);

/* Appends the ARN of who acts. */
void cfn_rights_add_actor(const struct cfn_stack *stack, struct str *out);

/* May the caller hand this role to CloudFormation, and may that assume it?
 * arn NULL: none is handed over. */
bool cfn_rights_check_role(const struct s3_call *call, const char *arn,
			   struct err *err);

#endif
