/* cmd/platform_follow.h - what happens to a stack, on the screen, and at its
 * end why it failed. */
#ifndef CMD_PLATFORM_FOLLOW_H
#define CMD_PLATFORM_FOLLOW_H

#include <stdbool.h>

#include "base/err.h"

struct platform_place;
struct stack_watch_end;

struct platform_follow {
	const char *stack;	/* its ARN */
	const char *since;	/* as of struct stack_watch */
	const char *verb;	/* "create", "update", "delete": what takes it up
				 * again after Ctrl-C */
	int total;		/* resources; 0: not known */
	int name_width;		/* of the longest of their names; 0 likewise */
	bool is_fresh;		/* as of struct stack_watch */
};

/* Until nothing is under way. A line for each resource that is ready or has
 * failed, and on a terminal one of what is under way; elsewhere a line for what
 * takes longer than some looks. False: Ctrl-C, or the stack is not what was
 * asked for, and err tells the first true cause and its cure. */
bool platform_follow(struct platform_place *place,
		     const struct platform_follow *follow,
		     struct stack_watch_end *end, struct err *err);

#endif
