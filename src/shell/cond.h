/* shell/cond.h - the stack of \if blocks. */
#ifndef SHELL_COND_H
#define SHELL_COND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "sql/split.h"

struct cond;

struct cond *cond_new(void);
void cond_free(struct cond *cond); /* NULL is fine */
CLEANUP_FREE(struct cond, cond_free, cond_freep)

/* Whether statements and commands run here. */
bool cond_active(const struct cond *cond);
bool cond_is_empty(const struct cond *cond);

/* \if: what its expression gave; outside counts too. */
void cond_if(struct cond *cond, bool true_);

/* Whether an \elif here would have to look at its expression. */
bool cond_takes_elif(const struct cond *cond);
bool cond_wants_value(const struct cond *cond);
bool cond_elif(struct cond *cond, bool true_, struct err *err);
bool cond_else(struct cond *cond, struct err *err);
bool cond_endif(struct cond *cond, struct err *err);

/* Ctrl-C leaves the innermost block; false: there was none. */
bool cond_leave(struct cond *cond);

/* \if inside a statement: the statement is cut back to what it was when a
 * skipped branch began. */
void cond_set_mark(struct cond *cond, struct split_mark mark);
struct split_mark cond_mark(const struct cond *cond);

#endif
