/* platform/stack_state.h - the states of a stack: what each means and what to
 * do next, one row each.
 *
 * States: CloudFormation API reference, StackStatus. Pure.
 */
#ifndef PLATFORM_STACK_STATE_H
#define PLATFORM_STACK_STATE_H

#include <stdbool.h>
#include <stddef.h>

struct str;

enum stack_kind {
	STACK_EMPTY,	/* a change set, no resources: as if there were none */
	STACK_BUSY,	/* something is under way: it can be followed */
	STACK_GOOD,	/* may be updated */
	STACK_DEAD,	/* must be deleted before it can be made again */
	STACK_STUCK,	/* the way back of an update failed: to be gone on */
	STACK_GONE,	/* deleted */
	STACK_STRANGE,	/* a state that is not known here */
};

struct stack_state {
	const char *status;
	enum stack_kind kind;
	bool is_success;	/* as the end of what was asked for */
	const char *means;	/* "is there" */
	const char *next;	/* with %D, for stack_state_fill */
};

/* Never NULL; of an unknown status ending in _IN_PROGRESS STACK_BUSY. */
const struct stack_state *stack_state_find(const char *status);
const struct stack_state *stack_state_row(size_t at);	/* NULL: past the end */

/* At rest, and not what was asked for. */
bool stack_state_is_failure(const struct stack_state *state);

/* What to do next, of a failure where to read why; folder is what the person
 * named, "" the current one.
 * Appends. */
void stack_state_next(const struct stack_state *state, const char *folder,
		      struct str *out);

/* Appends text with %D replaced by " FOLDER" or nothing. */
void stack_state_fill(const char *text, const char *folder, struct str *out);

#endif
