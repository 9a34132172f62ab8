/* print/border.h - the characters tables are drawn with.
 *
 * One table row for each linestyle; unicode ones are put together from the
 * three unicode_*_linestyle settings. What the marks mean: psql's manual at
 * \pset linestyle; where they stand: aligned.c and expanded.c.
 */
#ifndef PRINT_BORDER_H
#define PRINT_BORDER_H

#include <stdbool.h>

struct print_options;

enum border_rule {
	BORDER_TOP,
	BORDER_MIDDLE,
	BORDER_BOTTOM,
	BORDER_DATA,		/* between cells of a row */
	BORDER_RULE_COUNT,
};

struct border_line {
	const char *flat;
	const char *left, *middle, *right;
};

struct border {
	struct border_line rule[BORDER_RULE_COUNT];
	const char *middle_newline;	/* before a cell that goes on after a
					 * line feed, */
	const char *middle_wrap;	/* after a wrap, */
	const char *middle_blank;	/* has ended already */
	const char *header_newline_left;
	const char *header_newline_right;
	const char *newline_left, *newline_right;
	const char *wrap_left, *wrap_right;
	bool mark_right;		/* marks stand at the right of cells,
					 * also with border 0 */
	bool is_old;			/* old-ascii */
};

void border_make(const struct print_options *options, struct border *border);

#endif
