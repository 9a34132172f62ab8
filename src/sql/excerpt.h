/* sql/excerpt.h - the statement around the cursor, without what of a long one
 * tells nothing: for completion.
 *
 * What is under the cursor depends on the shape of a statement and on its
 * names, not on the hundred thousandth row of a VALUES. So of a list (parted
 * by commas, AND, OR, WHEN, or UNION and its like) the elements behind the
 * first ones and before the cursor's are left out, as are statements before,
 * and long literals and comments become short ones. Elements with a clause in
 * them (FROM, WHERE ...) stay. One pass, some milliseconds a megabyte.
 */
#ifndef SQL_EXCERPT_H
#define SQL_EXCERPT_H

#include <stddef.h>

#include "base/str.h"

struct excerpt {
	const char *text; /* borrowed from sql, or own */
	size_t len;
	size_t cursor; /* the same place in text */
	struct str own;
};

struct excerpt_limits {
	size_t text_bytes;  /* a text up to this length stays whole */
	size_t token_bytes; /* and such a literal or comment */
	size_t elements;    /* of a list that are kept */
};

/* Redshift: a table has at most 1,600 columns. */
#define EXCERPT_LIMITS                                                         \
	{                                                                      \
		.text_bytes = (size_t)64 << 10, .token_bytes = 256,            \
		.elements = 1600                                               \
	}

/* sql is borrowed until excerpt_done. Around the cursor the bytes are those of
 * sql: at least the token that holds it or ends at it. */
void excerpt_make(struct excerpt *excerpt, const char *sql, size_t len,
		  size_t cursor, const struct excerpt_limits *limits);
void excerpt_done(struct excerpt *excerpt);

#endif
