/* print/expanded.h - one record under the other: \x with widths. */
#ifndef PRINT_EXPANDED_H
#define PRINT_EXPANDED_H

#include <stdbool.h>

struct grid;

/* wrap: format wrapped, which fits data to the screen (columns; 0: none). */
bool expanded_draw(struct grid *grid, bool wrap, int screen);

#endif
