/* sandbox/stacks/cfn_absent.h - what the sandbox has not of CloudFormation, and
 * what to write instead. Pure. */
#ifndef SANDBOX_STACKS_CFN_ABSENT_H
#define SANDBOX_STACKS_CFN_ABSENT_H

#include <stdbool.h>

#include "base/err.h"

/* What a dynamic reference begins with. */
#define CFN_ABSENT_DYNAMIC "{{resolve:"

/* Is it a section, function, type or kind that AWS has and the sandbox lacks? */
bool cfn_absent_is(const char *word);

/* ValidationError that names it, with what to do instead; false. */
bool cfn_absent_refuse(const char *word, struct err *err);

#endif
