#include "print/aligned.h"

#include <string.h>

#include "base/mem.h"
#include "print/border.h"
#include "print/expanded.h"
#include "print/grid.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"
#include "print/wrapped.h"

enum mark { /* how a cell's next line came to be */
	    MARK_NONE,
	    MARK_NEWLINE,
	    MARK_WRAP,
};

struct cell { /* of the row being drawn */
	struct measure_lines shown;
	size_t line;   /* next one of shown */
	size_t offset; /* bytes of it already drawn */
	enum mark mark;
};

struct table {
	struct grid *grid;
	struct outbuf *out;
	struct border border;
	int lines;          /* 0..2: \pset border */
	int *widths;        /* [grid->count], after wrapping */
	bool is_wrapped;    /* some width is less than the column's */
	bool by_words;      /* cells are broken at blanks */
	struct cell *cells; /* [grid->count] */
};

static bool is_last(const struct table *table, size_t column)
{
	return column + 1 == table->grid->count;
}

static void draw_rule(const struct table *table, enum border_rule which)
{
	const struct border_line *rule = &table->border.rule[which];
	struct outbuf *out = table->out;

	if (table->lines == 2)
		outbuf_add_text(out, rule->left);
	if (table->lines > 0)
		outbuf_add_text(out, rule->flat);
	for (size_t i = 0; i < table->grid->count; i++) {
		outbuf_add_repeat(out, rule->flat, table->widths[i]);
		if (is_last(table, i))
			break;
		if (table->lines == 0) {
			outbuf_add_char(out, ' ');
			continue;
		}
		outbuf_add_text(out, rule->flat);
		outbuf_add_text(out, rule->middle);
		outbuf_add_text(out, rule->flat);
	}
	if (table->lines > 0)
		outbuf_add_text(out, rule->flat);
	if (table->lines == 2)
		outbuf_add_text(out, rule->right);
	outbuf_add_char(out, '\n');
}

/* One header cell of one line: centered, with marks at its sides. */
static void draw_header_cell(const struct table *table, size_t i, size_t line)
{
	const struct border *border = &table->border;
	const struct measure_lines *header = &table->grid->columns[i].header;
	struct outbuf *out = table->out;
	bool is_open = line < header->lines.count;
	bool more = line + 1 < header->lines.count;

	if (table->lines > 0 || (!border->mark_right && i > 0))
		outbuf_add_text(out,
				line > 0 ? border->header_newline_left : " ");
	if (is_open) {
		const struct measure_line *text = &header->lines.items[line];
		int space = table->widths[i] - text->width_cols;

		outbuf_add_spaces(out, space / 2);
		outbuf_add(out, header->shown + text->at, text->len);
		outbuf_add_spaces(out, (space + 1) / 2);
	} else {
		outbuf_add_spaces(out, table->widths[i]);
	}
	if (table->lines > 0 || border->mark_right)
		outbuf_add_text(out, more ? border->header_newline_right : " ");
	if (table->lines > 0 && !is_last(table, i))
		outbuf_add_text(out, border->rule[BORDER_DATA].middle);
}

static void draw_headers(const struct table *table)
{
	const struct border_line *data = &table->border.rule[BORDER_DATA];

	if (table->lines == 2)
		draw_rule(table, BORDER_TOP);
	for (int line = 0; line < table->grid->header_lines; line++) {
		if (table->lines == 2)
			outbuf_add_text(table->out, data->left);
		for (size_t i = 0; i < table->grid->count; i++)
			draw_header_cell(table, i, (size_t)line);
		if (table->lines == 2)
			outbuf_add_text(table->out, data->right);
		outbuf_add_char(table->out, '\n');
	}
	draw_rule(table, BORDER_MIDDLE);
}

/* A row of plain cells that fit: the path nearly all rows take. */
static void draw_plain_row(const struct table *table,
			   const struct rows_value *cells)
{
	const struct border_line *data = &table->border.rule[BORDER_DATA];
	struct outbuf *out = table->out;
	size_t count = table->grid->count;

	if (table->lines == 2)
		outbuf_add_text(out, data->left);
	for (size_t i = 0; i < count; i++) {
		int space = table->widths[i] - (int)cells[i].len;
		bool last = i + 1 == count;

		if (table->lines > 0)
			outbuf_add_char(out, ' ');
		if (table->grid->columns[i].is_right)
			outbuf_add_spaces(out, space);
		outbuf_add(out, cells[i].text, cells[i].len);
		if (last && table->lines < 2)
			break;
		if (!table->grid->columns[i].is_right)
			outbuf_add_spaces(out, space);
		outbuf_add_char(out, ' ');
		if (table->lines > 0 && !last)
			outbuf_add_text(out, data->middle);
	}
	if (table->lines == 2)
		outbuf_add_text(out, data->right);
	outbuf_add_char(out, '\n');
}

/* Of len bytes that fit, those before the last blank; len: there is none. */
static size_t whole_words(const char *text, size_t len, size_t all)
{
	size_t end = len;

	if (len == all || text[len] == ' ')
		return len;
	while (end > 0 && text[end - 1] != ' ')
		end--;
	return end > 1 ? end - 1 : len;
}

/* Draws what fits of the cell's current line, moves on in the cell. Returns
 * the columns used. */
static int draw_text(const struct table *table, size_t i)
{
	struct cell *cell = &table->cells[i];
	const struct measure_line *line = &cell->shown.lines.items[cell->line];
	const char *text = cell->shown.shown + line->at + cell->offset;
	int width = table->widths[i];
	size_t len = line->len - cell->offset;

	if (!cell->shown.is_plain) {
		len = measure_fit(text, len, &width,
				  table->grid->sheet->options->charset);
	} else {
		if (len > (size_t)width)
			len = width > 0 ? (size_t)width : 1;
		width = (int)len;
	}

	if (table->by_words && len < line->len - cell->offset) {
		len = whole_words(text, len, line->len - cell->offset);
		width = measure_size(text, len,
				     table->grid->sheet->options->charset)
				.width_cols;
	}
	/* A wide character in a column of one: as if it fitted. */
	if (width > table->widths[i])
		width = table->widths[i];
	if (table->grid->columns[i].is_right)
		outbuf_add_spaces(table->out, table->widths[i] - width);
	outbuf_add(table->out, text, len);
	cell->offset += len;
	if (table->by_words && cell->offset < line->len && text[len] == ' ')
		cell->offset++;
	cell->mark = MARK_WRAP;
	if (cell->offset < line->len)
		return width;
	cell->line++;
	cell->offset = 0;
	cell->mark =
		cell->line < cell->shown.lines.count ? MARK_NEWLINE : MARK_NONE;
	return width;
}

static bool cell_has_more(const struct cell *cell)
{
	return cell->line < cell->shown.lines.count;
}

static const char *left_mark(const struct border *border, enum mark mark)
{
	return mark == MARK_WRAP      ? border->wrap_left
	       : mark == MARK_NEWLINE ? border->newline_left
				      : " ";
}

/* The divider tells about the cell at its right. */
static const char *divider_before(const struct border *border,
				  const struct cell *cell)
{
	if (cell->mark == MARK_WRAP)
		return border->middle_wrap;
	if (cell->mark == MARK_NEWLINE)
		return border->middle_newline;
	if (!cell_has_more(cell))
		return border->middle_blank;
	return border->rule[BORDER_DATA].middle;
}

static void draw_cell_line(const struct table *table, size_t i)
{
	const struct border *border = &table->border;
	struct outbuf *out = table->out;
	struct cell *cell = &table->cells[i];
	bool last = is_last(table, i);
	bool pad = table->lines == 2 || !last;

	if (table->lines > 0)
		outbuf_add_text(out, left_mark(border, cell->mark));
	if (!cell_has_more(cell)) {
		cell->mark = MARK_NONE;
		if (pad)
			outbuf_add_spaces(out, table->widths[i]);
	} else {
		int width = draw_text(table, i);

		if (!table->grid->columns[i].is_right &&
		    (pad || cell->mark != MARK_NONE))
			outbuf_add_spaces(out, table->widths[i] - width);
	}
	if (cell->mark == MARK_WRAP)
		outbuf_add_text(out, border->wrap_right);
	else if (cell->mark == MARK_NEWLINE)
		outbuf_add_text(out, border->newline_right);
	else if (pad)
		outbuf_add_char(out, ' ');
	if (table->lines > 0 && !last)
		outbuf_add_text(out, divider_before(border, cell + 1));
}

/* A row with line feeds, wide characters or wrapping: line after line. */
static void draw_row(const struct table *table, const struct rows_value *cells)
{
	const struct border_line *data = &table->border.rule[BORDER_DATA];
	size_t count = table->grid->count;
	bool more;

	for (size_t i = 0; i < count; i++) {
		struct cell *cell = &table->cells[i];

		measure_lines(&cell->shown, cells[i].text, cells[i].len,
			      table->grid->sheet->options->charset);
		cell->line = 0;
		cell->offset = 0;
		cell->mark = MARK_NONE;
	}
	do {
		more = false;
		if (table->lines == 2)
			outbuf_add_text(table->out, data->left);
		for (size_t i = 0; i < count; i++) {
			draw_cell_line(table, i);
			more |= cell_has_more(&table->cells[i]);
		}
		if (table->lines == 2)
			outbuf_add_text(table->out, data->right);
		outbuf_add_char(table->out, '\n');
	} while (more);
}

static bool fits_plainly(const struct table *table,
			 const struct rows_value *cells)
{
	for (size_t i = 0; i < table->grid->count; i++) {
		if ((int)cells[i].len > table->widths[i])
			return false;
		if (!table->grid->columns[i].is_plain &&
		    !measure_is_plain(cells[i].text, cells[i].len))
			return false;
	}
	return true;
}

static void draw_title(const struct table *table, int total_width)
{
	const char *title = table->grid->sheet->title;
	int width;

	if (title == NULL)
		return;
	width = measure_size(title, strlen(title),
			     table->grid->sheet->options->charset)
			.width_cols;
	outbuf_add_spaces(table->out, (total_width - width) / 2);
	outbuf_add_text(table->out, title);
	outbuf_add_char(table->out, '\n');
}

/* The cell's first line, cut to the column with a mark. */
static void cut_cell(const struct table *table, size_t column,
		     struct rows_value cell, struct str *out)
{
	struct measure_lines *shown = &table->cells[column].shown;
	const struct measure_charset *charset =
		table->grid->sheet->options->charset;
	const struct measure_line *line;
	int width = table->widths[column] - 1;

	measure_lines(shown, cell.text, cell.len, charset);
	line = &shown->lines.items[0];
	if (width > 0)
		str_add_slice(out, shown->shown + line->at,
			      measure_fit(shown->shown + line->at, line->len,
					  &width, charset));
	str_add(out, "\xE2\x80\xA6");
}

static bool is_wider(const struct table *table, size_t column,
		     struct rows_value cell)
{
	struct measure_size size = measure_size(
		cell.text, cell.len, table->grid->sheet->options->charset);

	return size.width_cols > table->widths[column] || size.line_count > 1;
}

/* A row behind the window: what is wider than its column is cut. */
static void draw_late_row(const struct table *table,
			  const struct rows_value *cells)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(mem_freep)
	struct rows_value *fitted =
		mem_alloc_array(table->grid->count, sizeof(*fitted));
	size_t at = 0;

	for (size_t i = 0; i < table->grid->count; i++) {
		if (!is_wider(table, i, cells[i]))
			continue;
		cut_cell(table, i, cells[i], &text);
		str_add_char(&text, '\0');
	}
	for (size_t i = 0; i < table->grid->count; i++) {
		fitted[i] = cells[i];
		if (!is_wider(table, i, cells[i]))
			continue;
		fitted[i].text = text.text + at;
		fitted[i].len = strlen(fitted[i].text);
		at += fitted[i].len + 1;
	}
	draw_row(table, fitted);
}

enum { FLUSH_ROWS = 50 };

static bool draw_rest(const struct table *table)
{
	struct sheet *sheet = table->grid->sheet;
	const struct rows_value *cells;
	enum rows_step step;

	/* The first screen is seen now. */
	outbuf_flush(table->out);
	while ((step = sheet_next(sheet, &cells)) == ROWS_ROW) {
		if (fits_plainly(table, cells))
			draw_plain_row(table, cells);
		else
			draw_late_row(table, cells);
		if (sheet->count % FLUSH_ROWS == 0)
			outbuf_flush(table->out);
		if (table->out->failed)
			return false;
	}
	return step == ROWS_END;
}

static bool draw_table(struct table *table, int total_width)
{
	CLEANUP(str_done) struct str scratch = STR_EMPTY;
	struct sheet *sheet = table->grid->sheet;
	const struct rows_value *cells;
	enum rows_step step;

	if (!sheet->options->is_later_part) {
		draw_title(table, total_width);
		if (!sheet->options->tuples_only)
			draw_headers(table);
	}
	while ((step = grid_next(table->grid, &cells)) == ROWS_ROW) {
		if (table->out->failed)
			return false;
		/* psql counts cells: rows without any draw nothing. */
		if (table->grid->count == 0)
			continue;
		if (fits_plainly(table, cells))
			draw_plain_row(table, cells);
		else
			draw_row(table, cells);
	}
	if (step == ROWS_FAILED)
		return false;
	if (table->grid->has_more && !draw_rest(table))
		return false;
	if (sheet->options->has_more_parts)
		return true;
	if (table->lines == 2)
		draw_rule(table, BORDER_BOTTOM);
	sheet_draw_footer(sheet, sheet_footer(sheet, true, &scratch));
	outbuf_add_char(table->out, '\n');
	return true;
}

/* Columns that borders and blanks take. */
static int frame_width(int lines, size_t count)
{
	if (lines == 0)
		return (int)count;
	if (lines == 1)
		return (int)count * 3 - (count > 0 ? 1 : 0);
	return (int)count * 3 + 1;
}

/* Records need all rows. */
static bool draw_records(struct grid *grid, bool wrap, int screen)
{
	if (grid->has_more && !grid_read_rest(grid))
		return false;
	return expanded_draw(grid, wrap, screen);
}

static bool draw_as_table(struct table *table, int total_width)
{
	struct grid *grid = table->grid;
	bool good;

	border_make(grid->sheet->options, &table->border);
	if (table->by_words)
		table->border.wrap_right = table->border.wrap_left =
			table->border.header_newline_left =
				table->border.header_newline_right = " ";
	table->cells = mem_alloc_array(grid->count + 1, sizeof(*table->cells));
	for (size_t i = 0; i < grid->count; i++)
		table->cells[i].shown =
			(struct measure_lines)MEASURE_LINES_EMPTY;
	good = draw_table(table, total_width);
	for (size_t i = 0; i < grid->count; i++)
		measure_lines_done(&table->cells[i].shown);
	mem_free(table->cells);
	return good;
}

/* Without lines between the columns. false: it does not fit so either. */
static bool narrow(struct table *table, struct wrapped *fit)
{
	int *widths;

	fit->frame = frame_width(0, table->grid->count);
	widths = wrapped_narrow(table->grid, fit);
	if (widths == NULL)
		return false;
	mem_free(table->widths);
	table->widths = widths;
	table->lines = 0;
	table->by_words = true;
	return true;
}

static bool print_grid(struct grid *grid, bool wrap)
{
	const struct print_options *options = grid->sheet->options;
	int screen =
		options->columns ? options->columns : options->screen_columns;
	struct table table = { .grid = grid, .out = grid->sheet->out };
	struct wrapped fit = { .screen = screen };
	bool too_wide;
	bool good;

	table.lines = options->border < 0   ? 0
		      : options->border > 2 ? 2
					    : options->border;
	if (options->expanded == PRINT_EXPANDED_ON)
		return draw_records(grid, wrap, screen);
	fit.frame = frame_width(table.lines, grid->count);
	table.widths = wrapped_fit(grid, wrap, &fit);
	too_wide = screen > 0 && grid->count > 1 &&
		   (screen < fit.header_total || screen < fit.total);
	if (options->expanded == PRINT_EXPANDED_AUTO && too_wide &&
	    !(options->narrows && narrow(&table, &fit)))
		good = draw_records(grid, wrap, screen);
	else
		good = draw_as_table(&table, fit.total);
	mem_free(table.widths);
	return good;
}

static bool read_and_print(struct sheet *sheet, bool wrap)
{
	struct grid grid;
	bool good = grid_read(&grid, sheet) && print_grid(&grid, wrap);

	grid_done(&grid);
	return good;
}

bool aligned_print(struct sheet *sheet)
{
	return read_and_print(sheet, false);
}

bool aligned_print_wrapped(struct sheet *sheet)
{
	return read_and_print(sheet, true);
}
