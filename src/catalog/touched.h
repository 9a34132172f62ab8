/* catalog/touched.h - what DDL touches, told from its text.
 *
 * Collects over several statements. What a statement's text cannot tell
 * (CASCADE, SQL inside a procedure) makes the collection wider, so that what
 * is read again is never too little. Pure.
 */
#ifndef CATALOG_TOUCHED_H
#define CATALOG_TOUCHED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct touched {
	VEC(char *);        /* relations by bare name, as the server may spell
			     * them */
	unsigned parts;     /* bits of enum question_part */
	bool all_relations; /* their names alone are read whole */
	bool all;           /* everything is to be read */
};

#define TOUCHED_EMPTY                                                          \
	{                                                                      \
		.items = NULL                                                  \
	}

void touched_done(struct touched *touched);
void touched_clear(struct touched *touched);
bool touched_is_empty(const struct touched *touched);

/* Adds what one statement touches; nothing for what is no DDL. */
void touched_add(struct touched *touched, const char *sql, size_t len);

/* Adds all of from. */
void touched_join(struct touched *touched, const struct touched *from);

#endif
