/* print/grid.h - a whole result, measured: what formats with widths need.
 *
 * First of their two passes: rows go into a spool while widths are taken.
 */
#ifndef PRINT_GRID_H
#define PRINT_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/rows.h"
#include "print/measure.h"

struct sheet;
struct spool;

struct grid_column {
	struct measure_lines header;
	int header_width;  /* columns of its widest line */
	int width;         /* of header and all cells */
	int word_width;    /* of their widest word; asked for by narrows */
	char *folded;      /* text of the header, where it was folded */
	int64_t width_sum; /* of all cells, for psql's wrapping */
	bool is_plain;     /* all its cells are (see measure_is_plain) */
	bool is_right;
};

struct grid {
	struct sheet *sheet;
	struct spool *spool;
	struct grid_column *columns; /* [count] */
	size_t count;
	int64_t row_count;
	bool has_more;    /* rows, beyond window_rows */
	int header_width; /* widest header, */
	int cell_width;   /* widest cell of all columns */
	int header_lines; /* most lines of a header, */
	int cell_lines;   /* of a cell; 0: no rows or columns */
};

/* Pulls all rows; false: sheet->err. grid_done in any case. */
bool grid_read(struct grid *grid, struct sheet *sheet);
/* Reads what window_rows left. */
bool grid_read_rest(struct grid *grid);
void grid_done(struct grid *grid);

/* The header's words stand one below the other. */
void grid_fold_header(struct grid *grid, size_t column);

/* The next row of the second pass. */
enum rows_step grid_next(struct grid *grid,
			 const struct rows_value **out_cells);

#endif
