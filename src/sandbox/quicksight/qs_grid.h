/* sandbox/quicksight/qs_grid.h - the rows of a visual of QuickSight, held in
 * memory. */
#ifndef SANDBOX_QUICKSIGHT_QS_GRID_H
#define SANDBOX_QUICKSIGHT_QS_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"

struct qs;
struct qs_visual;

enum { QS_GRID_ROWS_MAX = 20000 }; /* the rest is counted, not shown */

struct qs_grid {
	size_t columns;
	size_t rows_total;
	VEC(char *); /* cells, row by row; NULL: null */
};

void qs_grid_done(struct qs_grid *grid);
size_t qs_grid_rows(const struct qs_grid *grid); /* that are held */
/* "" for null; borrowed. */
const char *qs_grid_cell(const struct qs_grid *grid, size_t row, size_t column);

/* Bytes of a cell to show: the midnight of dates is left out. */
size_t qs_grid_shown(const char *cell);

/* grid is empty. */
bool qs_grid_fill(struct qs_grid *grid, const struct qs *qs,
		  const struct qs_visual *visual, struct err *err);

#endif
