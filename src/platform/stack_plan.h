/* platform/stack_plan.h - what create or update would do: a change set, made,
 * read, and taken away again.
 *
 *	stack_plan_make(&plan, &ask, err)	shows what would be done
 *	stack_plan_run(&plan, to, token, err)	does it
 *	stack_plan_drop(&plan, to, err)		else: nothing of it is left
 *	stack_plan_done(&plan)
 */
#ifndef PLATFORM_STACK_PLAN_H
#define PLATFORM_STACK_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/cloudformation.h"
#include "aws/cloudformation_change.h"
#include "base/err.h"
#include "base/str.h"
#include "platform/stack_conf.h"

struct rows;

struct stack_plan {
	struct str name;	/* of the change set */
	struct str id;		/* its ARN, "" before it is made */
	struct str stack;	/* the stack's name */
	struct str stack_id;	/* its ARN, "" likewise */
	bool asked;		/* the change set may be there */
	bool is_new;		/* the stack is made by it */
	bool was_empty;		/* it was there in REVIEW_IN_PROGRESS before */
	bool is_nothing;	/* all is as it is wanted */
	struct cloudformation_summary summary;
	struct cloudformation_changes changes;
};

#define STACK_PLAN_EMPTY                                                       \
	{                                                                      \
		.name = STR_EMPTY, .id = STR_EMPTY, .stack = STR_EMPTY,        \
		.stack_id = STR_EMPTY                                          \
	}

void stack_plan_done(struct stack_plan *plan);

struct stack_plan_ask {
	const struct cloudformation *to;
	const struct stack_conf *conf;
	struct cloudformation_source source;
	const struct cloudformation_stack *there;	/* NULL: there is none */
	const char *folder;	/* as of stack_state_fill */
	int64_t poll_ms;	/* 0: 2 s */
	void (*waits)(void *context);	/* some times a second */
	void *context;
};

/* ValidateTemplate, the parameters of conf checked against it, CreateChangeSet,
 * waited for. Afterwards, also when it fails, stack_plan_drop or
 * stack_plan_run. ERR_USAGE, ERR_DATA: parameters are missing or unknown. */
bool stack_plan_make(struct stack_plan *plan, const struct stack_plan_ask *ask,
		     struct err *err);

/* ExecuteChangeSet. */
bool stack_plan_run(struct stack_plan *plan, const struct cloudformation *to,
		    const char *token, struct err *err);

/* Deletes the change set, and the empty stack that was made for it. After a
 * Ctrl-C it takes a second at most. False: something may be left. */
bool stack_plan_drop(struct stack_plan *plan, const struct cloudformation *to,
		     struct err *err);

/* --- stack_plan_rows.c --- */

/* What would be done: added, changed, replaced, removed and why. */
struct rows *stack_plan_rows(const struct stack_plan *plan);

struct stack_plan_count {
	int added, changed, replaced, removed;
};

struct stack_plan_count stack_plan_count(const struct stack_plan *plan);

/* Sentences on data that would be lost or left, a line each. Appends. */
void stack_plan_dangers(const struct stack_plan *plan, struct str *out);

/* Would tables or objects be lost, or perhaps? */
bool stack_plan_loses(const struct stack_plan *plan);

/* A new name for one operation: "redsh-" and 24 hexadecimal digits. */
void stack_plan_token(struct str *out);

#endif
