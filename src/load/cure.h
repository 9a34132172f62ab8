/* load/cure.h - what to type so that a failed COPY succeeds.
 *
 * Made of the facts of this load (load/cure_facts), best first: what keeps
 * all data before what loses some, and of that it is said how much. A way is
 * the COPY with other parameters, columns or table, and statements around it.
 * Pure. Meanings of the codes: r_Load_Error_Reference.
 */
#ifndef LOAD_CURE_H
#define LOAD_CURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "load/copy_edit.h"

struct copy_statement;
struct cure_facts;
struct cure_table;
struct load_error;

struct cure_texts { VEC(char *); };

struct cure_way {
	char *what;		/* "the longest of the 12 values has 40 bytes" */
	struct cure_texts before;	/* statements, without semicolons */
	struct copy_changes changes;	/* of the COPY's parameters */
	char *table;		/* it fills another one: SQL text, or NULL */
	char *columns;		/* "(a, b)", "": none, or NULL: as it is */
	struct cure_texts after;
	bool no_block;		/* does not run in a transaction block */
};

struct cure {
	char *why;		/* in plain words, or NULL */
	struct { VEC(struct cure_way); } ways;
};

struct cure_case {
	const struct load_error *error;
	const struct copy_statement *statement;
	const struct cure_facts *facts;
	const struct cure_table *table;
	int column;		/* index of the field at fault, or -1 */
	int64_t shown_line;	/* of the person's own file */
	bool escapes;		/* see sql/quote.h */
};

void cure_done(struct cure *cure);

/* *out is { 0 }. */
void cure_find(struct cure *out, const struct cure_case *question);

/* What a code means, whatever the facts; NULL: not in the reference. */
const char *cure_meaning(int code);

#endif
