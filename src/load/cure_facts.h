/* load/cure_facts.h - what the object itself tells about a failed COPY.
 *
 * Records that load/load_line reads on its way to the line and behind it, the
 * first 128 MiB of them: how many have too few fields, what the column at fault
 * holds, what the bytes are. From these load/cure makes its proposals.
 */
#ifndef LOAD_CURE_FACTS_H
#define LOAD_CURE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"
#include "load/copy_value.h"
#include "load/date_pattern.h"
#include "load/facts.h"
#include "load/infer.h"
#include "load/load_line.h"
#include "load/sniff.h"

struct copy_options;
struct cure_table;
struct err;
struct load_error;
struct load_error_hooks;

/* A value that the type does not take. */
struct cure_odd {
	char *text;
	int64_t count;
};

enum { CURE_ODD_MAX = 8 };

struct cure_facts {
	bool looked;		/* the object could be read */
	bool wants_types;	/* see cure_facts_want_types */
	bool retyped;		/* cure_facts_retype was successful */
	bool whole;		/* to its end, all of it weighed */
	bool reached;		/* the line at fault was weighed */
	struct sniff sniff;	/* of its first bytes */
	struct infer infer;

	int64_t records;	/* of data */
	int64_t few, many;	/* with fewer, more fields than columns */
	int64_t blank;
	int64_t broken;		/* by a quote */
	size_t least, most;	/* fields of a record that is not blank */

	/* the same bytes cut at delimiters only */
	int64_t plain_lines, plain_odd;	/* odd: another number of fields */
	int64_t wrapped;	/* fields in quotes */
	int64_t stray;		/* fields with a quote that are not */
	int64_t stray_typed;	/* ... of columns that are no text */

	/* ... and cut where a backslash makes a quote plain */
	int64_t slashed;	/* lines with such a quote */
	int64_t slashed_parts;	/* lines with such a delimiter */
	int64_t slash_odd;	/* with another number of fields */

	/* the column at fault */
	struct copy_type type;
	int64_t values, nulls;
	int64_t null_texts;	/* of them not empty: NULL AS, blanks */
	int64_t bad;		/* values that the type does not take */
	size_t longest;		/* bytes */
	bool wide;		/* some value is not plain ASCII */
	struct facts kinds;	/* of all values */
	struct { VEC(struct cure_odd); } odd;	/* the first CURE_ODD_MAX */
	int64_t odd_rest;	/* values that are none of these */
	struct date_guess when;	/* all columns of its kind, null words left
				 * out */
	int64_t dates;		/* ... so many */
	int64_t epochs[2];	/* ... of them seconds since 1970, milliseconds */
	int64_t plain_dates;	/* ... of them 'auto' can read one way only */

	/* all columns */
	size_t *longest_of;	/* [fields of the table] bytes; NULL: unknown */
	struct facts *kinds_of;	/* [the same], where cure_facts_retype is to
				 * follow; NULL */
	int64_t lost;		/* lines that some column does not take */

	/* text of all fields */
	int64_t bad_text;	/* fields that are not UTF-8 */
	bool utf8;		/* well-formed characters of several bytes */
	bool controls;		/* bad bytes that Latin-1 has no letter for */
};

#define CURE_FACTS_EMPTY                                                       \
	{                                                                      \
		.sniff = SNIFF_START, .infer = INFER_EMPTY                     \
	}

void cure_facts_done(struct cure_facts *facts);

/* Looks at the object's first bytes: fills sniff and infer. Done by
 * cure_facts_gather where it was not before. */
bool cure_facts_sniff(struct cure_facts *facts, const struct load_error *error,
		      const struct load_error_hooks *hooks, struct err *err);

/* Before cure_facts_gather: the types of all columns are wanted. */
void cure_facts_want_types(struct cure_facts *facts);

/* After it: infer has the types that all records weighed fit. false: they
 * were not wanted, or the fields are not those of infer. */
bool cure_facts_retype(struct cure_facts *facts, size_t columns);

/* Fills facts and line. false: there is no such line, or the object could not
 * be read (facts->looked tells). column: index of the field at fault or -1. */
bool cure_facts_gather(struct cure_facts *facts, struct load_line *line,
		       const struct load_error *error, int column,
		       const struct copy_options *options,
		       const struct cure_table *table,
		       const struct load_error_hooks *hooks, struct err *err);

#endif
