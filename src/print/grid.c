#include "print/grid.h"

#include <string.h>

#include "base/mem.h"
#include "data/spool.h"
#include "print/printer.h"
#include "print/sheet.h"

enum { /* columns, where only a window was measured */
       NUMBER_ROOM = 4,
       LEAST_TEXT = 16,
};

/* Words are parted by blanks; what is not plain is one. */
static int widest_word(const char *text, size_t len, int width)
{
	size_t widest = 0, from = 0;

	if (!measure_is_plain(text, len))
		return width;
	for (size_t i = 0; i <= len; i++) {
		if (i < len && text[i] != ' ')
			continue;
		if (i - from > widest)
			widest = i - from;
		from = i + 1;
	}
	return (int)widest;
}

static void note_word(struct grid *grid, size_t i, const char *text, size_t len,
		      int width)
{
	int word;

	if (!grid->sheet->options->narrows)
		return;
	word = widest_word(text, len, width);
	if (word > grid->columns[i].word_width)
		grid->columns[i].word_width = word;
}

void grid_fold_header(struct grid *grid, size_t column)
{
	struct grid_column *one = &grid->columns[column];
	const char *name = grid->sheet->rows->columns[column].name;
	int lines;

	if (one->folded != NULL || strchr(name, ' ') == NULL)
		return;
	one->folded = mem_copy_text(name);
	for (char *at = one->folded; *at != '\0'; at++)
		if (*at == ' ')
			*at = '\n';
	measure_lines(&one->header, one->folded, strlen(one->folded),
		      grid->sheet->options->charset);
	lines = (int)one->header.lines.count;
	if (lines > grid->header_lines)
		grid->header_lines = lines;
}

static void measure_headers(struct grid *grid)
{
	const struct measure_charset *charset = grid->sheet->options->charset;

	for (size_t i = 0; i < grid->count; i++) {
		struct grid_column *column = &grid->columns[i];
		const char *name = grid->sheet->rows->columns[i].name;
		struct measure_size size =
			measure_size(name, strlen(name), charset);

		column->header = (struct measure_lines)MEASURE_LINES_EMPTY;
		measure_lines(&column->header, name, strlen(name), charset);
		column->header_width = column->width = size.width_cols;
		note_word(grid, i, name, strlen(name), size.width_cols);
		column->is_plain = true;
		column->is_right = sheet_is_right(grid->sheet, i);
		if (size.width_cols > grid->header_width)
			grid->header_width = size.width_cols;
		if (size.line_count > grid->header_lines)
			grid->header_lines = size.line_count;
	}
}

static void measure_row(struct grid *grid, const struct rows_value *cells)
{
	for (size_t i = 0; i < grid->count; i++) {
		struct grid_column *column = &grid->columns[i];
		struct measure_size size = { .width_cols = (int)cells[i].len,
					     .line_count = 1 };

		if (!measure_is_plain(cells[i].text, cells[i].len)) {
			size = measure_size(cells[i].text, cells[i].len,
					    grid->sheet->options->charset);
			column->is_plain = false;
		}
		if (size.width_cols > column->width)
			column->width = size.width_cols;
		column->width_sum += size.width_cols;
		note_word(grid, i, cells[i].text, cells[i].len,
			  size.width_cols);
		if (size.width_cols > grid->cell_width)
			grid->cell_width = size.width_cols;
		if (size.line_count > grid->cell_lines)
			grid->cell_lines = size.line_count;
	}
}

/* most: so many rows, 0: all. */
static bool read_rows(struct grid *grid, int64_t most)
{
	struct sheet *sheet = grid->sheet;
	const struct rows_value *cells;
	enum rows_step step;

	while ((step = sheet_next(sheet, &cells)) == ROWS_ROW) {
		measure_row(grid, cells);
		if (!spool_add(grid->spool, cells, sheet->err))
			return false;
		grid->has_more = most > 0 && sheet->count >= most;
		if (grid->has_more)
			break;
	}
	grid->row_count = sheet->count;
	return step != ROWS_FAILED;
}

/* Later rows have longer numbers, and other texts. */
static void leave_room(struct grid *grid)
{
	for (size_t i = 0; i < grid->count; i++) {
		struct grid_column *column = &grid->columns[i];

		if (column->is_right)
			column->width += NUMBER_ROOM;
		else if (column->width < LEAST_TEXT)
			column->width = LEAST_TEXT;
		column->word_width = column->width;
	}
}

bool grid_read(struct grid *grid, struct sheet *sheet)
{
	*grid = (struct grid){ .sheet = sheet,
			       .count = sheet->rows->column_count };
	grid->columns =
		mem_alloc_array(grid->count + 1, sizeof(*grid->columns));
	grid->spool = spool_new(grid->count, SPOOL_MEMORY_BYTES);
	measure_headers(grid);
	if (!read_rows(grid, sheet->options->window_rows))
		return false;
	if (grid->has_more)
		leave_room(grid);
	return spool_rewind(grid->spool, sheet->err);
}

bool grid_read_rest(struct grid *grid)
{
	grid->has_more = false;
	return read_rows(grid, 0) &&
	       spool_rewind(grid->spool, grid->sheet->err);
}

void grid_done(struct grid *grid)
{
	for (size_t i = 0; i < grid->count; i++)
		measure_lines_done(&grid->columns[i].header);
	for (size_t i = 0; i < grid->count; i++)
		mem_free(grid->columns[i].folded);
	mem_free(grid->columns);
	spool_free(grid->spool);
}

enum rows_step grid_next(struct grid *grid, const struct rows_value **out_cells)
{
	return spool_next(grid->spool, out_cells, grid->sheet->err);
}
