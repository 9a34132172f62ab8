/* platform/stack_watch.h - what happens to a stack, told as it happens, until
 * it ends.
 *
 * Asks DescribeStacks and DescribeStackEvents every few seconds, later less
 * often, and less when AWS asks for that; a network that is away for a while is
 * waited for. Ctrl-C ends the watching within a moment and nothing else: the
 * work goes on at AWS.
 */
#ifndef PLATFORM_STACK_WATCH_H
#define PLATFORM_STACK_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/cloudformation.h"
#include "base/err.h"
#include "base/str.h"

struct stack_watch {
	const struct cloudformation *to;
	const char *stack;	/* its ARN, by which it is known when deleted */
	const char *since;	/* the newest event before it began; "": it is
				 * under way, and all of it is told */
	bool is_fresh;		/* it was asked for just now: a stack that rests
				 * may not have begun yet */
	int64_t poll_ms;	/* 0: 3 s, after some minutes 8 s */
	void *context;
	/* Each event once, the oldest first. */
	void (*happened)(void *context,
			 const struct cloudformation_event *event);
	/* After each look at the stack and its events. */
	void (*looked)(void *context);
	/* Some times a second. */
	void (*waits)(void *context);
	/* Something to know: that AWS is away, that events may not be read. */
	void (*told)(void *context, const char *text);
};

struct stack_watch_end {
	struct str status;			/* of the stack */
	struct str reason;
	struct cloudformation_events events;	/* of the operation, oldest
						 * first */
};

#define STACK_WATCH_END_EMPTY                                                  \
	{                                                                      \
		STR_EMPTY, STR_EMPTY, { NULL, 0, 0 }                           \
	}

void stack_watch_end_done(struct stack_watch_end *end);

/* Until nothing is under way. ERR_CANCELLED: Ctrl-C. */
bool stack_watch(const struct stack_watch *watch, struct stack_watch_end *end,
		 struct err *err);

/* Events of the last operation, oldest first; those of all with all. */
bool stack_watch_events(const struct cloudformation *to, const char *stack,
			bool all, struct cloudformation_events *out,
			struct err *err);

/* Appends the id of the newest event, for .since. */
bool stack_watch_newest(const struct cloudformation *to, const char *stack,
			struct str *out, struct err *err);

/* Waits; false and ERR_CANCELLED after Ctrl-C. */
bool stack_watch_pause(int64_t ms, void (*waits)(void *context), void *context,
		       struct err *err);

#endif
