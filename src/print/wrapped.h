/* print/wrapped.h - which columns of a wrapped table give way. */
#ifndef PRINT_WRAPPED_H
#define PRINT_WRAPPED_H

#include <stdbool.h>

struct grid;

struct wrapped {
	int screen;		/* in: columns to fit into, 0: no limit */
	int frame;		/* in: columns that borders take */
	int total;		/* out: width of the table, */
	int header_total;	/* with columns as narrow as their headers */
};

/* Widths of the columns, [grid->count], to be freed: the natural ones, or
 * with wrap as far shrunk as needed and possible. */
int *wrapped_fit(const struct grid *grid, bool wrap, struct wrapped *fit);

/* As wrapped_fit, but nothing is broken within a word, only texts of the last
 * column; headers are folded as needed. NULL: that is not enough. */
int *wrapped_narrow(struct grid *grid, struct wrapped *fit);

#endif
