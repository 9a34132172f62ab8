/* print/expanded.h - one record under the other: \x with widths. */
#ifndef PRINT_EXPANDED_H
#define PRINT_EXPANDED_H

#include <stdbool.h>

struct grid;

/* wrap: format wrapped, which fits data into screen columns (0: no limit) and
 * makes them no narrower than the record lines. */
bool expanded_draw(struct grid *grid, bool wrap, int screen);

#endif
