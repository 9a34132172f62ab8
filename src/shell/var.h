/* shell/var.h - psql's variables, some of which steer the shell.
 *
 * A hook has two parts: what an unset or empty value stands for, and what to
 * do with a new value; a refusal keeps the old one.
 */
#ifndef SHELL_VAR_H
#define SHELL_VAR_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

struct vars;

enum var_kind {                   /* what unset and "" mean */
		VAR_PLAIN,        /* itself */
		VAR_BOOL,         /* unset: off, "": on */
		VAR_WITH_DEFAULT, /* unset: the row's default */
		VAR_COUNT,        /* as before; what is no number: 10 */
};

struct var_hook {         /* one row of the table of special names */
	const char *name; /* NULL ends */
	enum var_kind kind;
	const char *otherwise; /* value at start, and when unset */
	const char *values;    /* what it may be, for Tab: "on, off"; NULL */
	const char *brief;     /* for \? variables; NULL: not shown */
	/* NULL: nothing follows from it. value NULL: it is unset. */
	bool (*assign)(void *context, const struct var_hook *hook,
		       const char *value, struct err *err);
};

struct vars *vars_new(const struct var_hook *hooks, void *context);
void vars_free(struct vars *vars); /* NULL is fine */
CLEANUP_FREE(struct vars, vars_free, vars_freep)

/* Borrowed until the variable changes; NULL: not set. */
const char *vars_get(const struct vars *vars, const char *name);

/* value NULL: unset. ERR_USAGE with psql's words when refused. */
bool vars_set(struct vars *vars, const char *name, const char *value,
	      struct err *err);

/* Differs from what it was when a variable has changed. */
unsigned vars_changes(const struct vars *vars);

/* In the order of names; false past the end. */
bool vars_item(const struct vars *vars, size_t at, const char **out_name,
	       const char **out_value);

bool vars_name_ok(const char *name);

/* A name with a row of its own: \gset leaves it alone. */
bool vars_is_special(const struct vars *vars, const char *name);

/* on, off, true, false, yes, no, 1, 0 and their beginnings. name is for the
 * message. */
bool var_parse_bool(const char *value, const char *name, bool *out,
		    struct err *err);
bool var_parse_int(const char *value, const char *name, int *out,
		   struct err *err);

/* The position of value in a NULL-ended list, without case; the message
 * names the list. */
bool var_parse_choice(const char *value, const char *name,
		      const char *const choices[], int *out, struct err *err);

#endif
