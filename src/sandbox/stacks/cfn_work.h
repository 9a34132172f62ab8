/* sandbox/stacks/cfn_work.h - operations on a stack: begun, and brought on in
 * steps.
 *
 *	CREATING -> complete, or ROLLING_BACK | DELETING
 *	UPDATING -> CLEANING -> complete, or UPDATE_BACK -> BACK_CLEANING
 *	DELETING -> deleted, or failed
 *
 * A phase gives resources something to do (enum cfn_todo); each waits for what
 * it needs, begins, is initiated, is done, with an event at each. When one
 * fails, those that are on their way are cancelled. All under cfn's lock.
 */
#ifndef SANDBOX_STACKS_CFN_WORK_H
#define SANDBOX_STACKS_CFN_WORK_H

#include <stdbool.h>
#include <stdint.h>

struct cfn;
struct cfn_stack;
struct json;

/* template, params and tags of the stack are the new ones; of an update
 * old_template and its kin are those before. */
void cfn_work_create(struct cfn *cfn, struct cfn_stack *stack);
void cfn_work_update(struct cfn *cfn, struct cfn_stack *stack);
void cfn_work_delete(struct cfn *cfn, struct cfn_stack *stack);

/* On with taking an update back; skip: logical names to leave as they are. */
void cfn_work_continue(struct cfn *cfn, struct cfn_stack *stack,
		       const struct json *skip);

/* An update that runs is taken back. */
void cfn_work_cancel(struct cfn *cfn, struct cfn_stack *stack);

/* Brings it on as far as it goes at now_ms. *out_next_ms: when it may go on,
 * not touched when nothing is under way. True: something changed. */
bool cfn_work_step(struct cfn *cfn, struct cfn_stack *stack, int64_t now_ms,
		   int64_t *out_next_ms);

#endif
