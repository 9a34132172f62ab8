/* load/copy_switch.h - the switches of \copyfrom and \copyto, one row each.
 */
#ifndef LOAD_COPY_SWITCH_H
#define LOAD_COPY_SWITCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct copy_args;
struct str;

struct copy_switch {
	const char *name;
	unsigned verbs;	   /* enum copy_verb */
	size_t offset;	   /* in struct copy_args: of a bool ... */
	const char *value; /* ... or, where it takes one, of a struct str:
			    * what it takes, in words */
	bool number;	   /* the value is a number */
	const char *otherwise; /* that number when none follows, or NULL */
};

/* The last row has name NULL. The rows of the commands in cmd/ have the same
 * switches. */
extern const struct copy_switch copy_switch_table[];

/* NULL: the verb of args has no such switch. */
const struct copy_switch *copy_switch_find(const struct copy_args *args,
					   const char *word, size_t len);

/* Sets one without a value. */
void copy_switch_set(struct copy_args *args, const struct copy_switch *row);

/* Where the value of one with a value goes; its text is "" before. */
struct str *copy_switch_value(struct copy_args *args,
			      const struct copy_switch *row);

/* Switches that do not go together, or not with what else was typed. */
bool copy_switch_check(const struct copy_args *args, struct err *err);

#endif
