/* platform/stack_cause.h - why a stack failed: the first true cause in words,
 * with its cure.
 *
 * When one resource fails, CloudFormation cancels those under way and then
 * removes what was made: most of the events that follow are that cascade. The
 * cause is the first *_FAILED event whose reason is not a cancellation. A table
 * of causes, one row each, knows the reasons of AWS's services. Pure.
 */
#ifndef PLATFORM_STACK_CAUSE_H
#define PLATFORM_STACK_CAUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct cloudformation_event;
struct cloudformation_events;

struct stack_cause {
	struct str what;	/* "Cluster (AWS::Redshift::Cluster)", "" */
	struct str reason;	/* theirs, without the wrapping */
	struct str words;	/* ours; "" when no row knows the reason */
	struct str cure;	/* "" likewise */
};

#define STACK_CAUSE_EMPTY                                                      \
	{                                                                      \
		STR_EMPTY, STR_EMPTY, STR_EMPTY, STR_EMPTY                     \
	}

void stack_cause_done(struct stack_cause *cause);

/* What a reason of AWS means for a resource of that type ("": of the stack or
 * of a call). folder: as of stack_state_fill. Replaces *out, but for what. */
void stack_cause_explain(const char *type, const char *reason,
			 const char *folder, struct stack_cause *out);

/* The event to blame among events[from..], oldest first: that of a resource,
 * else that of the stack. NULL: nothing failed. */
const struct cloudformation_event *
stack_cause_find(const struct cloudformation_events *events, size_t from);

/* Where the way back begins, which may fail by itself; events->count: it has
 * not begun. */
size_t stack_cause_way_back(const struct cloudformation_events *events);

/* Does the event only say that another one failed? */
bool stack_cause_is_cascade(const struct cloudformation_event *event);

/* Does this event of the stack itself begin an operation, so that what is older
 * belongs to another? */
bool stack_cause_begins(const struct cloudformation_event *event);

#endif
