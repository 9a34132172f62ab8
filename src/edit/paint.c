#include "edit/paint.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "edit/cells.h"

enum {
	SHIFT_CELLS = 8, /* fewer are written anew */
};

struct paint {
	int fd;
	enum theme_ground ground;
	bool rich;
	struct cells shown, next;
	/* The cursor, in rows of shown; column == shown.columns: behind a full
	 * row, where a terminal waits before it wraps. */
	size_t row;
	int column;
	int style; /* what SGR says now */
	struct str out;
};

struct paint *paint_new(int fd)
{
	struct paint *paint = mem_alloc(sizeof(*paint));
	const struct cells empty = CELLS_EMPTY;
	const struct str none = STR_EMPTY;

	paint->fd = fd;
	paint->ground = THEME_DARK;
	paint->shown = paint->next = empty;
	paint->out = none;
	return paint;
}

void paint_free(struct paint *paint)
{
	if (paint == NULL)
		return;
	cells_done(&paint->shown);
	cells_done(&paint->next);
	str_done(&paint->out);
	mem_free(paint);
}

void paint_set_colours(struct paint *paint, enum theme_ground ground, bool rich)
{
	if (paint->ground == ground && paint->rich == rich)
		return;
	paint->ground = ground;
	paint->rich = rich;
	/* All cells look different now. */
	for (size_t i = 0; i < paint->shown.count; i++)
		paint->shown.items[i].style = UINT8_MAX;
}

struct cells *paint_next(struct paint *paint, int columns)
{
	cells_clear(&paint->next, columns);
	return &paint->next;
}

/* ---- bytes out ---- */

static void flush(struct paint *paint)
{
	size_t at = 0;

	while (at < paint->out.len) {
		ssize_t put = write(paint->fd, paint->out.text + at,
				    paint->out.len - at);

		if (put >= 0) {
			at += (size_t)put;
		} else if (errno == EAGAIN) {
			struct pollfd fd = { .fd = paint->fd,
					     .events = POLLOUT };

			poll(&fd, 1, -1);
		} else if (errno != EINTR) {
			break; /* the terminal is gone: reading tells */
		}
	}
	str_clear(&paint->out);
}

void paint_send(struct paint *paint, const char *bytes, size_t len)
{
	str_add_slice(&paint->out, bytes, len);
}

static void set_style(struct paint *paint, int style)
{
	const char *sgr;

	if (style == paint->style)
		return;
	sgr = theme_sgr(paint->ground, paint->rich, (enum theme_style)style);
	if (*sgr == '\0') {
		const char *now = theme_sgr(paint->ground, paint->rich,
					    (enum theme_style)paint->style);

		if (*now != '\0' || paint->style == CELLS_RAW)
			str_add(&paint->out, "\033[m");
		paint->style = THEME_PLAIN;
		return;
	}
	if (strcmp(sgr, theme_sgr(paint->ground, paint->rich,
				  (enum theme_style)paint->style)) == 0 &&
	    paint->style != CELLS_RAW) {
		paint->style = style;
		return;
	}
	str_addf(&paint->out, "\033[%s%sm",
		 paint->style == THEME_PLAIN ? "" : "0;", sgr);
	paint->style = style;
}

/* ---- moving ---- */

static void to_column(struct paint *paint, int column)
{
	if (column == paint->column)
		return;
	if (column == 0 || paint->column >= paint->shown.columns) {
		str_add_char(&paint->out, '\r');
		paint->column = 0;
	}
	if (column > paint->column)
		str_addf(&paint->out, "\033[%dC", column - paint->column);
	else if (paint->column - column < 4)
		str_add_repeat(&paint->out, '\b',
			       (size_t)(paint->column - column));
	else
		str_addf(&paint->out, "\033[%dD", paint->column - column);
	paint->column = column;
}

/* rows: of those that are on the screen. */
static void to_row(struct paint *paint, size_t row)
{
	if (row < paint->row)
		str_addf(&paint->out, "\033[%zuA", paint->row - row);
	else if (row > paint->row)
		str_addf(&paint->out, "\033[%zuB", row - paint->row);
	paint->row = row;
}

/* ---- one row ---- */

static bool same_cell(const struct cells *a, size_t i, const struct cells *b,
		      size_t k)
{
	const struct cell *x = &a->items[i], *y = &b->items[k];

	return x->len == y->len && x->width == y->width &&
	       x->style == y->style &&
	       memcmp(a->text.text + x->at, b->text.text + y->at, x->len) == 0;
}

static int width_of(const struct cells *cells, size_t from, size_t to)
{
	int width = 0;

	for (; from < to; from++)
		width += cells->items[from].width;
	return width;
}

static void put_cells(struct paint *paint, size_t from, size_t to)
{
	const struct cells *next = &paint->next;

	for (size_t i = from; i < to; i++) {
		const struct cell *cell = &next->items[i];

		if (cell->style == CELLS_RAW)
			paint->style = CELLS_RAW;
		else if (cell->style != THEME_PLAIN ||
			 paint->style != CELLS_RAW)
			set_style(paint, cell->style);
		str_add_slice(&paint->out, next->text.text + cell->at,
			      cell->len);
		paint->column += cell->width;
	}
}

/* Cells behind the last piece of a prompt's own colours may be written alone,
 * those before only together. */
static size_t after_raw(const struct cells *cells, size_t from, size_t to)
{
	while (to > from && cells->items[to - 1].style != CELLS_RAW)
		to--;
	return to;
}

/* Which cells of two rows differ: a[from, a_to) and b[from, b_to). */
struct span {
	size_t a, a_to, b, b_to;
	size_t same; /* cells before it */
};

static struct span differ(const struct cells *a, size_t a_row,
			  const struct cells *b, size_t b_row)
{
	struct span span = { 0 };
	size_t b_first, b_raw;
	int a_width, b_width;

	span.a_to = cells_of_row(a, a_row, &span.a);
	span.b_to = cells_of_row(b, b_row, &span.b);
	b_first = span.b;
	while (span.a < span.a_to && span.b < span.b_to &&
	       same_cell(a, span.a, b, span.b)) {
		span.a++;
		span.b++;
	}
	if (span.a == span.a_to && span.b == span.b_to)
		return span;
	b_raw = after_raw(b, b_first, span.b_to);
	if (span.b < b_raw) {
		span.a -= span.b - b_first;
		span.b = b_first;
		return span;
	}
	a_width = width_of(a, span.a, span.a_to);
	b_width = width_of(b, span.b, span.b_to);
	if (a_width != b_width)
		return span;
	while (span.a_to > span.a && span.b_to > span.b &&
	       same_cell(a, span.a_to - 1, b, span.b_to - 1)) {
		span.a_to--;
		span.b_to--;
	}
	return span;
}

/* Cells that a terminal can shift without a doubt about their width. */
static bool are_plain(const struct cells *cells, size_t from, size_t to)
{
	for (; from < to; from++)
		if (cells->items[from].width != 1 ||
		    cells->items[from].len != 1)
			return false;
	return true;
}

/* Something was put in or taken out in front of cells that stay the same: the
 * terminal shifts those. False: not so, or not worth it. */
static bool shift_row(struct paint *paint, size_t row, const struct span *span)
{
	const struct cells *old = &paint->shown, *next = &paint->next;
	size_t a_to = span->a_to, b_to = span->b_to, first;
	int shift =
		width_of(next, span->b, b_to) - width_of(old, span->a, a_to);

	while (a_to > span->a && b_to > span->b &&
	       same_cell(old, a_to - 1, next, b_to - 1)) {
		a_to--;
		b_to--;
	}
	if (shift == 0 || span->b_to - b_to < SHIFT_CELLS ||
	    !are_plain(old, a_to, span->a_to) ||
	    width_of(old, a_to, span->a_to) <= -shift)
		return false;
	cells_of_row(next, row, &first);
	to_row(paint, row);
	to_column(paint, width_of(next, first, span->b));
	set_style(paint, THEME_PLAIN);
	str_addf(&paint->out, "\033[%d%c", shift > 0 ? shift : -shift,
		 shift > 0 ? '@' : 'P');
	put_cells(paint, span->b, b_to);
	return true;
}

/* Row of next where the screen shows a row of shown. */
static void change_row(struct paint *paint, size_t row)
{
	const struct cells *old = &paint->shown, *next = &paint->next;
	struct span span = differ(old, row, next, row);
	size_t old_first, first, old_end, end;
	int old_width, width;

	if (span.a == span.a_to && span.b == span.b_to)
		return;
	if (shift_row(paint, row, &span))
		return;
	old_end = cells_of_row(old, row, &old_first);
	end = cells_of_row(next, row, &first);
	to_row(paint, row);
	to_column(paint, width_of(next, first, span.b));
	put_cells(paint, span.b, span.b_to);
	old_width = width_of(old, old_first, old_end);
	width = width_of(next, first, end);
	if (width < old_width && span.b_to == end) {
		set_style(paint, THEME_PLAIN);
		str_add(&paint->out, "\033[K");
	}
}

static void add_row(struct paint *paint, size_t row)
{
	size_t first;
	size_t end = cells_of_row(&paint->next, row, &first);

	if (row > 0) {
		to_row(paint, row - 1);
		/* What follows must not fill the new row with a colour. */
		set_style(paint, THEME_PLAIN);
		str_add(&paint->out, "\r\n");
		paint->row = row;
		paint->column = 0;
	}
	to_column(paint, 0);
	put_cells(paint, first, end);
}

static void drop_rows(struct paint *paint, size_t from)
{
	if (from >= paint->shown.rows.count || from == 0)
		return;
	to_row(paint, from);
	to_column(paint, 0);
	set_style(paint, THEME_PLAIN);
	str_add(&paint->out, "\033[J");
}

static void swap_frames(struct paint *paint)
{
	struct cells old = paint->shown;

	paint->shown = paint->next;
	paint->next = old;
}

void paint_show(struct paint *paint, size_t cursor_row, int cursor_column)
{
	size_t before = paint->shown.rows.count;
	size_t rows = paint->next.rows.count;

	paint->shown.columns = paint->next.columns;
	for (size_t row = 0; row < rows; row++) {
		if (row < before)
			change_row(paint, row);
		else
			add_row(paint, row);
	}
	drop_rows(paint, rows);
	set_style(paint, THEME_PLAIN);
	to_row(paint, cursor_row);
	to_column(paint, cursor_column);
	swap_frames(paint);
	flush(paint);
}

/* ---- leaving ---- */

void paint_forget(struct paint *paint)
{
	cells_clear(&paint->shown, paint->shown.columns);
	paint->row = 0;
	paint->column = 0;
}

void paint_leave(struct paint *paint)
{
	if (paint->shown.rows.count == 0)
		return;
	to_row(paint, paint->shown.rows.count - 1);
	str_add(&paint->out, "\r\n");
	paint_forget(paint);
	flush(paint);
}

void paint_erase(struct paint *paint)
{
	if (paint->shown.rows.count == 0)
		return;
	to_row(paint, 0);
	str_add(&paint->out, "\r\033[m\033[J");
	paint->style = THEME_PLAIN;
	paint_forget(paint);
	flush(paint);
}

void paint_note_return(struct paint *paint)
{
	paint->column = 0;
}

void paint_clear_screen(struct paint *paint)
{
	str_add(&paint->out, "\033[H\033[2J");
	paint_forget(paint);
	flush(paint);
}

/* Rows that the terminal now shows for a row of this width. */
static size_t rows_for(int width, int columns)
{
	return width <= columns ? 1 : (size_t)((width + columns - 1) / columns);
}

/* Deleting the lines, and not erasing them, keeps a terminal that reflows
 * from taking them for wrapped ones later, and keeps them out of what was
 * scrolled away. */
void paint_resize(struct paint *paint, int columns, bool reflows)
{
	size_t above = 0, height = 0;

	for (size_t row = 0; row < paint->shown.rows.count; row++) {
		size_t first;
		size_t end = cells_of_row(&paint->shown, row, &first);
		int width = width_of(&paint->shown, first, end);
		size_t rows = reflows ? rows_for(width, columns) : 1;

		if (row < paint->row)
			above += rows;
		height += rows;
	}
	if (reflows && columns > 0)
		above += (size_t)(paint->column / columns);
	if (height == 0)
		return;
	str_add_char(&paint->out, '\r');
	if (above > 0)
		str_addf(&paint->out, "\033[%zuA", above);
	str_addf(&paint->out, "\033[%zuM", height);
	paint_forget(paint);
	flush(paint);
}

void paint_print(struct paint *paint, const struct cells *cells)
{
	cells_clear(&paint->next, cells->columns);
	str_add_slice(&paint->next.text, cells->text.text, cells->text.len);
	for (size_t i = 0; i < cells->count; i++)
		vec_push(&paint->next, cells->items[i]);
	for (size_t row = 0; row < cells->rows.count; row++) {
		size_t first, end = cells_of_row(cells, row, &first);

		put_cells(paint, first, end);
		set_style(paint, THEME_PLAIN);
		str_add(&paint->out, "\r\n");
	}
	paint_forget(paint);
	flush(paint);
}
