/* load/cure_write.h - a cure as text: what is typed, and the question. Pure.
 */
#ifndef LOAD_CURE_WRITE_H
#define LOAD_CURE_WRITE_H

#include <stdbool.h>

#include "load/cure.h"

struct copy_args;
struct str;

struct cure_origin {
	const char *sql;		/* the COPY as it was sent */
	const struct copy_args *copyfrom; /* or the line it comes from */
	bool secret;			/* the COPY holds keys */
	const char *staged;		/* the file of this machine that went
					 * by pieces which are gone; or NULL */
};

/* The lines to type, in order: statements without semicolons, a \copyfrom
 * line. They may hold keys. */
void cure_write_lines(struct cure_texts *out, const struct cure_way *way,
		      const struct cure_origin *origin);

/* Appends the lines as they are shown: with semicolons, without keys. */
void cure_write_shown(struct str *out, const struct cure_way *way,
		      const struct cure_origin *origin);

/* Appends "timeformat 'auto'", "columns (a, b)", "the same COPY". */
void cure_write_change(struct str *out, const struct cure_way *way);

/* Appends "Run again with timeformat 'auto'?" */
void cure_write_question(struct str *out, const struct cure_way *way);

#endif
