/* sandbox/stacks/cfn_diff.h - what a template would change of a stack: change
 * sets.
 *
 * [CloudFormation API: ResourceChange, ResourceChangeDetail]
 */
#ifndef SANDBOX_STACKS_CFN_DIFF_H
#define SANDBOX_STACKS_CFN_DIFF_H

#include <stdbool.h>

#include "base/err.h"

struct cfn;
struct cfn_stack;
struct json;

struct cfn_wanted {
	const struct json *template; /* checked */
	const struct json *params;
	const struct json *tags;
};

/* An array of ResourceChange; NULL: err. out_any: is anything to do, outputs
 * and tags too? */
struct json *cfn_diff_make(struct cfn *cfn, struct cfn_stack *stack,
			   const struct cfn_wanted *wanted, bool *out_any,
			   struct err *err);

/* Faults of properties that values show before anything is made: an array of
 * {LogicalResourceId, ResourceType, Reason}. */
struct json *cfn_diff_faults(struct cfn *cfn, struct cfn_stack *stack,
			     const struct cfn_wanted *wanted);

#endif
