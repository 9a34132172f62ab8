/* sandbox/stacks/cfn_phase.h - the phases of an operation: cfn_work's other
 * half. */
#ifndef SANDBOX_STACKS_CFN_PHASE_H
#define SANDBOX_STACKS_CFN_PHASE_H

#include "sandbox/stacks/cfn_eval.h"

struct cfn;
struct cfn_stack;
struct json;

/* The phase is over, well or not: what comes next is begun, or the operation
 * ends. template: of what ran. */
void cfn_phase_end(struct cfn *cfn, struct cfn_stack *stack,
		   const struct json *template);

/* --- of cfn_work, for it --- */

/* Of stack->template; NULL: there is none. */
struct json *cfn_work_template(const struct cfn_stack *stack);
struct cfn_scope cfn_work_scope(struct cfn_stack *stack,
				const struct json *template);

#endif
