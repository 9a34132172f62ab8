/* print/expanded.h - one record under the other: \x with widths. */
#ifndef PRINT_EXPANDED_H
#define PRINT_EXPANDED_H

#include <stdbool.h>

struct grid;

/* screen: columns to wrap data into (format wrapped); 0: none. */
bool expanded_draw(struct grid *grid, int screen);

#endif
