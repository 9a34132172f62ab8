#include "chart/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "print/measure.h"

enum {
	RIGHT_HALF = 1, /* of a wide character */
	BRAILLE = 0x2800,
	FULL = 0x2588,      /* full block */
	LEFT_FULL = 0x2588, /* counting up: 7/8 ... 1/8 from the left */
	UP_BASE = 0x2580,   /* 0x2581 is 1/8 from below */
	RIGHT_HALF_BLOCK = 0x2590,
	UPPER_HALF_BLOCK = 0x2580,
	UPPER_EIGHTH = 0x2594,
	RIGHT_EIGHTH = 0x2595,
	ELLIPSIS = 0x2026,
};

void canvas_init(struct canvas *canvas, int columns, int rows, bool ascii,
		 bool has_colour)
{
	*canvas = (struct canvas){
		.columns = columns,
		.rows = rows,
		.ascii = ascii,
		.has_colour = has_colour,
	};
	canvas->cells = mem_alloc_array((size_t)columns * (size_t)rows + 1,
					sizeof(*canvas->cells));
}

void canvas_done(struct canvas *canvas)
{
	mem_free(canvas->cells);
	str_done(&canvas->accents);
	canvas->cells = NULL;
}

static struct canvas_cell *cell_at(struct canvas *canvas, int column, int row)
{
	if (column < 0 || row < 0 || column >= canvas->columns ||
	    row >= canvas->rows)
		return NULL;
	return &canvas->cells[row * canvas->columns + column];
}

void canvas_put(struct canvas *canvas, int column, int row, uint32_t code,
		enum palette_ink ink)
{
	struct canvas_cell *cell = cell_at(canvas, column, row);

	if (cell)
		*cell = (struct canvas_cell){ .code = code, .ink = ink };
}

/* ---- series without colours ---- */

uint32_t canvas_mark(const struct canvas *canvas, enum palette_ink ink)
{
	/* Circle, diamond, triangle, square; filled and empty. */
	static const uint32_t marks[PALETTE_SERIES] = { 0x25CF, 0x25CB, 0x25C6,
							0x25C7, 0x25B2, 0x25B3,
							0x25A0, 0x25A1 };
	size_t at = (size_t)(ink - PALETTE_FIRST) % PALETTE_SERIES;

	return canvas->ascii ? (uint32_t) "*o+x#@%&"[at] : marks[at];
}

uint32_t canvas_filling(const struct canvas *canvas, enum palette_ink ink)
{
	static const uint32_t shades[PALETTE_SERIES] = { FULL,   0x2592, 0x2591,
							 0x2593, '#',    '=',
							 '+',    'o' };
	size_t at = (size_t)(ink - PALETTE_FIRST) % PALETTE_SERIES;

	if (!canvas->told_apart)
		return canvas->ascii ? '#' : FULL;
	return canvas->ascii ? (uint32_t) "#=+.ox%@"[at] : shades[at];
}

/* Only the full block has parts. */
static int whole_cells(const struct canvas *canvas, int eighths,
		       enum palette_ink ink)
{
	return canvas_filling(canvas, ink) == FULL ? eighths
						   : (eighths + 4) / 8 * 8;
}

/* ---- text ---- */

static int code_width(uint32_t code)
{
	int width = measure_code_width(code);

	return width < 0 ? 0 : width;
}

int canvas_width(const char *text, int most)
{
	size_t len = strlen(text);
	int width = 0;

	for (size_t at = 0; at < len && width < most;) {
		uint32_t code;

		at += utf8_decode(text + at, len - at, &code);
		width += code == UINT32_MAX ? 1 : code_width(code);
	}
	return width < most ? width : most;
}

size_t canvas_fit(const char *text, int width)
{
	size_t len = strlen(text), best = 0;
	int column = 0;

	for (size_t at = 0; at < len;) {
		uint32_t code;
		size_t n = utf8_decode(text + at, len - at, &code);
		int wide = code_width(code);

		column += wide;
		if (column > width)
			return best > 0 ? best : at > 0 ? at : n;
		if (code == ' ')
			best = at;
		at += n;
	}
	return len;
}

/* What has no column of its own goes with the cell to its left. */
static void add_accent(struct canvas *canvas, int column, int row,
		       uint32_t code)
{
	struct canvas_cell *cell = cell_at(canvas, column - 1, row);
	struct str *all = &canvas->accents;
	char bytes[4];

	if (cell && cell->code == RIGHT_HALF)
		cell = cell_at(canvas, column - 2, row);
	if (!cell || canvas->ascii)
		return;
	/* Text goes to the right: the cell that has some is the last one. */
	if (cell->accents)
		str_cut(all, all->len - 1);
	else
		cell->accents = (uint32_t)all->len + 1;
	str_add_slice(all, bytes, utf8_encode(code, bytes));
	str_add_char(all, '\0');
}

static int put_code(struct canvas *canvas, int column, int row, uint32_t code,
		    enum palette_ink ink)
{
	int width = code_width(code);

	if (width == 0) {
		add_accent(canvas, column, row, code);
		return 0;
	}
	if (canvas->ascii && code > 0x7E)
		code = '?';
	canvas_put(canvas, column, row, code, ink);
	if (width == 2)
		canvas_put(canvas, column + 1, row,
			   code == '?' ? '?' : RIGHT_HALF, ink);
	return width;
}

static int put_ellipsis(struct canvas *canvas, int column, int row,
			enum palette_ink ink)
{
	canvas_put(canvas, column, row, canvas->ascii ? '~' : ELLIPSIS, ink);
	return 1;
}

static int width_of(const char *text, size_t len)
{
	int width = 0;

	for (size_t at = 0; at < len;) {
		uint32_t code;

		at += utf8_decode(text + at, len - at, &code);
		width += code == UINT32_MAX ? 1 : code_width(code);
	}
	return width;
}

static int put_cluster(struct canvas *canvas, int column, int row,
		       const char *text, size_t len, enum palette_ink ink)
{
	int done = 0;

	for (size_t at = 0; at < len;) {
		uint32_t code;

		at += utf8_decode(text + at, len - at, &code);
		if (code == UINT32_MAX)
			code = '?';
		done += put_code(canvas, column + done, row, code, ink);
	}
	return done;
}

int canvas_text(struct canvas *canvas, int column, int row, const char *text,
		int width, enum palette_ink ink)
{
	size_t len = strlen(text);
	bool cut = canvas_width(text, width + 1) > width;
	int done = 0;

	if (width <= 0)
		return 0;
	for (size_t at = 0, size; at < len; at += size) {
		int wide;

		size = utf8_cluster(text + at, len - at);
		wide = width_of(text + at, size);
		if (done + wide > width - cut)
			break;
		/* An accent alone would go onto what is no part of it. */
		if (done + wide == 0)
			continue;
		done += put_cluster(canvas, column + done, row, text + at, size,
				    ink);
	}
	if (cut)
		done += put_ellipsis(canvas, column + done, row, ink);
	return done;
}

void canvas_ground(struct canvas *canvas, int column, int row,
		   enum palette_ink ink)
{
	struct canvas_cell *cell = cell_at(canvas, column, row);

	if (cell)
		cell->ground = ink;
}

/* Digits and letters: a column each. */
void canvas_text_over(struct canvas *canvas, int column, int row,
		      const char *text, enum palette_ink ink)
{
	for (; *text; text++, column++) {
		struct canvas_cell *cell = cell_at(canvas, column, row);

		if (!cell)
			continue;
		cell->code = (unsigned char)*text;
		cell->accents = 0;
		cell->ink = ink;
	}
}

/* ---- bars ---- */

/* What has no block of its own is the other side of one that has; without
 * colours half a cell is as near as it gets. */
static void put_other_side(struct canvas *canvas, int column, int row,
			   uint32_t other, uint32_t half, int eighths,
			   enum palette_ink ink)
{
	struct canvas_cell *cell = cell_at(canvas, column, row);

	if (!cell)
		return;
	if (canvas->has_colour && !canvas->ascii) {
		canvas_put(canvas, column, row, other, ink);
		cell->reverse = true;
	} else if (eighths >= 6) {
		canvas_put(canvas, column, row, canvas_filling(canvas, ink),
			   ink);
	} else if (eighths >= 2) {
		canvas_put(canvas, column, row, canvas->ascii ? '#' : half,
			   ink);
	} else if (!canvas->ascii) {
		canvas_put(canvas, column, row,
			   half == RIGHT_HALF_BLOCK ? RIGHT_EIGHTH
						    : UPPER_EIGHTH,
			   ink);
	}
}

int canvas_bar_right(struct canvas *canvas, int column, int row, int eighths,
		     enum palette_ink ink)
{
	int columns;

	eighths = whole_cells(canvas, eighths, ink);
	columns = (eighths + 7) / 8;
	for (; eighths >= 8; eighths -= 8)
		canvas_put(canvas, column++, row, canvas_filling(canvas, ink),
			   ink);
	if (eighths > 0)
		canvas_put(canvas, column, row,
			   (uint32_t)(LEFT_FULL + 8 - eighths), ink);
	return columns;
}

int canvas_bar_left(struct canvas *canvas, int column, int row, int eighths,
		    enum palette_ink ink)
{
	int columns;

	eighths = whole_cells(canvas, eighths, ink);
	columns = (eighths + 7) / 8;
	for (; eighths >= 8; eighths -= 8)
		canvas_put(canvas, --column, row, canvas_filling(canvas, ink),
			   ink);
	if (eighths > 0)
		put_other_side(canvas, column - 1, row,
			       (uint32_t)(LEFT_FULL + eighths),
			       RIGHT_HALF_BLOCK, eighths, ink);
	return columns;
}

void canvas_bar_up(struct canvas *canvas, int column, int row, int eighths,
		   enum palette_ink ink)
{
	eighths = whole_cells(canvas, eighths, ink);
	for (; eighths >= 8; eighths -= 8)
		canvas_put(canvas, column, row--, canvas_filling(canvas, ink),
			   ink);
	if (eighths > 0)
		canvas_put(canvas, column, row, (uint32_t)(UP_BASE + eighths),
			   ink);
}

void canvas_bar_down(struct canvas *canvas, int column, int row, int eighths,
		     enum palette_ink ink)
{
	eighths = whole_cells(canvas, eighths, ink);
	for (; eighths >= 8; eighths -= 8)
		canvas_put(canvas, column, row++, canvas_filling(canvas, ink),
			   ink);
	if (eighths > 0)
		put_other_side(canvas, column, row,
			       (uint32_t)(UP_BASE + 8 - eighths),
			       UPPER_HALF_BLOCK, eighths, ink);
}

/* ---- bars of several parts ---- */

static struct canvas_cell *along(struct canvas *canvas, int column, int row,
				 int steps, enum canvas_way way)
{
	static const int moves[][2] = {
		[CANVAS_UP] = { 0, -1 },
		[CANVAS_DOWN] = { 0, 1 },
		[CANVAS_RIGHT] = { 1, 0 },
		[CANVAS_LEFT] = { -1, 0 },
	};

	return cell_at(canvas, column + moves[way][0] * steps,
		       row + moves[way][1] * steps);
}

static uint32_t part_of_block(int eighths, enum canvas_way way)
{
	return (uint32_t)(way == CANVAS_UP ? UP_BASE + eighths
					   : LEFT_FULL + 8 - eighths);
}

/* Eighths [from, to) of one cell. */
static void put_part(struct canvas_cell *cell, int from, int to,
		     enum palette_ink ink, enum canvas_way way)
{
	if (from == 0)
		*cell = (struct canvas_cell){ .code = part_of_block(to, way),
					      .ink = ink };
	else if (to == 8 && !cell->ground)
		cell->ground = ink;
	else if (to - from > from && !cell->ground)
		*cell = (struct canvas_cell){ .code = part_of_block(to, way),
					      .ink = ink };
}

void canvas_segment(struct canvas *canvas, int column, int row, int from,
		    int to, enum palette_ink ink, enum canvas_way way)
{
	bool whole = canvas_filling(canvas, ink) != FULL ||
		     !canvas->has_colour || way == CANVAS_DOWN ||
		     way == CANVAS_LEFT;

	if (whole) {
		from = (from + 4) / 8 * 8;
		to = (to + 4) / 8 * 8;
	}
	for (int at = from / 8; at * 8 < to; at++) {
		struct canvas_cell *cell = along(canvas, column, row, at, way);
		int first = from > at * 8 ? from - at * 8 : 0;
		int last = to < at * 8 + 8 ? to - at * 8 : 8;

		if (!cell || last <= first)
			continue;
		if (whole)
			*cell = (struct canvas_cell){
				.code = canvas_filling(canvas, ink), .ink = ink
			};
		else
			put_part(cell, first, last, ink, way);
	}
}

/* ---- dots ---- */

void canvas_dot(struct canvas *canvas, int x, int y, enum palette_ink ink)
{
	static const uint8_t bits[4][2] = {
		{ 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 }
	};
	struct canvas_cell *cell;

	if (x < 0 || y < 0)
		return;
	cell = cell_at(canvas, x / 2, y / 4);
	if (!cell)
		return;
	if (canvas->ascii || canvas->told_apart) {
		canvas_put(canvas, x / 2, y / 4, canvas_mark(canvas, ink), ink);
		return;
	}
	if (cell->code != 0)
		*cell = (struct canvas_cell){ .code = 0 };
	cell->dots |= bits[y % 4][x % 2];
	cell->ink = ink;
}

/* Bresenham's. */
void canvas_line(struct canvas *canvas, int x0, int y0, int x1, int y1,
		 enum palette_ink ink)
{
	int dx = abs(x1 - x0), dy = -abs(y1 - y0);
	int step_x = x0 < x1 ? 1 : -1, step_y = y0 < y1 ? 1 : -1;
	int error = dx + dy;

	for (;;) {
		int twice = 2 * error;

		canvas_dot(canvas, x0, y0, ink);
		if (x0 == x1 && y0 == y1)
			return;
		if (twice >= dy) {
			error += dy;
			x0 += step_x;
		}
		if (twice <= dx) {
			error += dx;
			y0 += step_y;
		}
	}
}

/* ---- out ---- */

struct pen { /* what the terminal was told last */
	int ink, ground;
	bool reverse;
};

static void add_look(struct str *out, const struct canvas_cell *cell,
		     const struct palette_look *look, struct pen *pen)
{
	CLEANUP(str_done) struct str sgr = STR_EMPTY;
	bool blank = cell->code == 0 && cell->dots == 0 && !cell->ground;
	struct pen next = { blank ? PALETTE_PLAIN : cell->ink, cell->ground,
			    cell->reverse };

	if (look->ground == THEME_NONE ||
	    (next.ink == pen->ink && next.ground == pen->ground &&
	     next.reverse == pen->reverse))
		return;
	*pen = next;
	palette_add(&sgr, look, (enum palette_ink)next.ink,
		    (enum palette_ink)next.ground);
	if (next.reverse)
		str_add(&sgr, sgr.len > 0 ? ";7" : "7");
	str_addf(out, "\033[0%s%sm", sgr.len > 0 ? ";" : "", sgr.text);
}

static void add_cell(struct str *out, const struct canvas *canvas,
		     const struct canvas_cell *cell)
{
	char bytes[4];
	uint32_t code = cell->code;

	if (code == RIGHT_HALF)
		return;
	if (cell->dots)
		code = BRAILLE + cell->dots;
	str_add_slice(out, bytes, utf8_encode(code ? code : ' ', bytes));
	if (cell->accents)
		str_add(out, canvas->accents.text + cell->accents - 1);
}

static bool is_blank(const struct canvas_cell *cell)
{
	return (cell->code == 0 || cell->code == ' ') && !cell->dots &&
	       !cell->ground && !cell->reverse;
}

bool canvas_write(const struct canvas *canvas, const struct palette_look *look,
		  struct sink *sink, struct err *err)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	for (int row = 0; row < canvas->rows; row++) {
		const struct canvas_cell *cells =
			canvas->cells + (size_t)row * (size_t)canvas->columns;
		struct pen pen = { PALETTE_PLAIN, PALETTE_PLAIN, false };
		int end = canvas->columns;

		while (end > 0 && is_blank(&cells[end - 1]))
			end--;
		for (int i = 0; i < end; i++) {
			if (cells[i].code != RIGHT_HALF)
				add_look(&out, &cells[i], look, &pen);
			add_cell(&out, canvas, &cells[i]);
		}
		if (pen.ink || pen.ground || pen.reverse)
			str_add(&out, "\033[0m");
		str_add_char(&out, '\n');
	}
	return sink_write(sink, out.text, out.len, err);
}
