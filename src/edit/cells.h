/* edit/cells.h - rows of cells: what a part of the screen shows.
 *
 * Pure. A cell is a character with its width and style; what has no width
 * of its own joins the cell before, so a cell always begins at a column.
 * Nothing that a terminal would obey gets in: a control character becomes
 * ^X, a bad byte U+FFFD, and what changes the direction of text is left out.
 *
 *	cells_row(&cells);			begin a row
 *	cells_add(&cells, THEME_ITEM, name, len);
 *	cells_pad(&cells, THEME_ITEM, 30);	blanks up to column 30
 *	cells_add(&cells, THEME_DETAIL, type, len);
 */
#ifndef EDIT_CELLS_H
#define EDIT_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"
#include "edit/theme.h"

struct cell {
	uint32_t at;   /* of its text */
	uint16_t len;  /* bytes */
	uint8_t width; /* columns: 1 or 2 */
	uint8_t style; /* enum theme_style, or CELLS_RAW */
};

enum {
	/* The cell's text is an escape sequence of a prompt, of width 0. */
	CELLS_RAW = THEME_STYLES,
};

struct cells {
	int columns; /* of a row; what is wider is cut */
	struct str text;
	VEC(struct cell);
	struct {
		VEC(size_t); /* index of the row's first cell */
	} rows;
	int column; /* where the next cell goes */
};

/* Empty, for rows of columns; keeps the memory of what was there. */
void cells_clear(struct cells *cells, int columns);
void cells_done(struct cells *cells);

#define CELLS_EMPTY                                                            \
	{                                                                      \
		.text = STR_EMPTY                                              \
	}

/* Begins a row. */
void cells_row(struct cells *cells);

/* To the row; what does not fit is left out. Returns the columns taken. */
int cells_add(struct cells *cells, enum theme_style style, const char *text,
	      size_t len);

/* As cells_add, at most width columns; "..." shows that more is missing. */
int cells_add_cut(struct cells *cells, enum theme_style style, const char *text,
		  size_t len, int width);

/* Blanks until column is reached. */
void cells_pad(struct cells *cells, enum theme_style style, int column);

/* Columns that cells_add would take where there is room. */
int cells_width(const char *text, size_t len);

/* One character as it is shown: bytes of text used, its columns, and the
 * bytes to be written. 0 columns: joins the one before. column: for tabs. */
struct glyph {
	size_t used;
	int width;
	const char *text; /* NULL: own */
	size_t len;
	char own[10];
};

void cells_glyph(const char *text, size_t len, int column, struct glyph *out);

/* A glyph as the next cell, without regard to the row's width; a glyph of
 * width 0 joins the cell before. style may be CELLS_RAW. */
void cells_put(struct cells *cells, int style, const struct glyph *glyph);

/* The cells of a row: [*out_first, return value). */
size_t cells_of_row(const struct cells *cells, size_t row, size_t *out_first);

#endif
