/* chart/canvas.h - cells of a terminal to draw on: text, blocks, braille.
 *
 * Rows count from the top, columns from the left; what lies outside is not
 * drawn. Dots are 2 by 4 to a cell. In ASCII a dot is a mark in its cell.
 */
#ifndef CHART_CANVAS_H
#define CHART_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sink.h"
#include "base/str.h"
#include "chart/palette.h"

struct canvas_cell {
	uint32_t code;       /* 0: nothing; 1: right half of the one before */
	uint32_t accents;    /* in canvas.accents, + 1; 0: none */
	uint8_t ink, ground; /* enum palette_ink */
	uint8_t dots;        /* braille, drawn into code when it is shown */
	bool reverse;
};

struct canvas {
	struct canvas_cell *cells;
	struct str accents; /* what combines with cells: UTF-8, a NUL behind */
	int columns, rows;
	bool ascii;
	bool has_colour;
	bool told_apart; /* series by marks and patterns, not by colour */
};

/* The mark of a line's points and the filling of a bar, where colours cannot
 * tell series apart. */
uint32_t canvas_mark(const struct canvas *canvas, enum palette_ink ink);
uint32_t canvas_filling(const struct canvas *canvas, enum palette_ink ink);

void canvas_init(struct canvas *canvas, int columns, int rows, bool ascii,
		 bool has_colour);
void canvas_done(struct canvas *canvas);

void canvas_put(struct canvas *canvas, int column, int row, uint32_t code,
		enum palette_ink ink);

/* At most width columns, an ellipsis where it is cut, which is never within a
 * letter and its accents; how many it took. */
int canvas_text(struct canvas *canvas, int column, int row, const char *text,
		int width, enum palette_ink ink);

/* The colour behind a cell, and text that leaves it as it is. */
void canvas_ground(struct canvas *canvas, int column, int row,
		   enum palette_ink ink);
void canvas_text_over(struct canvas *canvas, int column, int row,
		      const char *text, enum palette_ink ink);

/* Columns of a text, not more than most. */
int canvas_width(const char *text, int most);

/* Bytes of text that fit into a line of width columns, up to a blank. */
size_t canvas_fit(const char *text, int width);

/* A bar of eighths from the left edge of column to the right, or leftwards
 * from its left edge. Returns how many columns it takes. */
int canvas_bar_right(struct canvas *canvas, int column, int row, int eighths,
		     enum palette_ink ink);
int canvas_bar_left(struct canvas *canvas, int column, int row, int eighths,
		    enum palette_ink ink);

/* A bar of eighths upwards from the bottom of row, or downwards from its
 * top. */
void canvas_bar_up(struct canvas *canvas, int column, int row, int eighths,
		   enum palette_ink ink);
void canvas_bar_down(struct canvas *canvas, int column, int row, int eighths,
		     enum palette_ink ink);

/* A part of a bar, from and to in eighths from where it begins, which is the
 * cell at column, row. Where two parts meet within a cell the one that comes
 * first is drawn on the colour of the next; towards the left, downwards and
 * without colours parts are whole cells. */
enum canvas_way { CANVAS_UP, CANVAS_DOWN, CANVAS_RIGHT, CANVAS_LEFT };

void canvas_segment(struct canvas *canvas, int column, int row, int from,
		    int to, enum palette_ink ink, enum canvas_way way);

/* A dot at x, y of 2 x columns by 4 x rows, from the top left. */
void canvas_dot(struct canvas *canvas, int x, int y, enum palette_ink ink);
void canvas_line(struct canvas *canvas, int x0, int y0, int x1, int y1,
		 enum palette_ink ink);

/* All rows, blanks at their ends left out, a line feed behind each. */
bool canvas_write(const struct canvas *canvas, const struct palette_look *look,
		  struct sink *sink, struct err *err);

#endif
