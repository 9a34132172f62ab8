#include "print/expanded.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "print/border.h"
#include "print/grid.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

struct records {
	struct grid *grid;
	struct outbuf *out;
	struct border border;
	int lines;         /* 0..2: \pset border */
	int label_width;   /* of the left column */
	int data_width;    /* of the right one */
	int screen;        /* columns, 0: no limit */
	bool labels_break; /* some label has several lines */
	bool data_break;   /* some value has, or is wrapped */
	struct measure_lines shown;
	struct str *openings;   /* per column: what stands before its value */
	struct str record_line; /* the last one drawn, to be drawn again */
	size_t record_digits;   /* their place in it, and how many */
	int record_digit_count;
};

/* Old-ascii marks broken labels at their left, the others at the right: a
 * column is kept for the mark where there is no border to carry it. */
static bool label_mark_left(const struct records *records)
{
	return records->lines < 2 && records->labels_break &&
	       records->border.is_old;
}

static bool label_mark_right(const struct records *records)
{
	return records->labels_break && !records->border.is_old;
}

static int count_digits(int64_t number)
{
	int digits = 1;

	while (number >= 10) {
		number /= 10;
		digits++;
	}
	return digits;
}

/* Columns between label and data and around them. */
static int separator_width(const struct records *records)
{
	static const int plain[3] = { 1, 3, 7 };
	int width = plain[records->lines];

	if (records->lines == 0 && label_mark_right(records))
		width++;
	if (label_mark_left(records))
		width++;
	if (records->lines < 2 && records->data_break &&
	    !records->border.is_old)
		width++;
	return width;
}

/* Width of "* Record 12", "-[ RECORD 12 ]", "+-[ RECORD 12 ]-+". */
static int record_line_width(const struct records *records)
{
	static const int around[3] = { 9, 12, 15 };

	if (records->grid->sheet->options->tuples_only)
		return 0;
	if (records->grid->row_count == 0)
		return around[records->lines];
	return around[records->lines] + count_digits(records->grid->row_count);
}

/* psql wraps data to the screen, but never under three columns nor under
 * the record lines. Where wrapping needs a mark, there is less again. */
static void fit_data(struct records *records, int screen)
{
	int labels = records->label_width;
	int record_line = record_line_width(records);

	for (;;) {
		int separators = separator_width(records);
		int width = labels + separators + records->data_width;
		int least = labels + separators + 3;
		int fitted;

		if (width < record_line)
			width = record_line;
		if (least < record_line)
			least = record_line;
		if (screen <= 0 || screen >= width)
			fitted = width;
		else if (screen < least)
			fitted = least;
		else
			fitted = screen;
		fitted -= labels + separators;
		if (fitted >= records->data_width || records->data_break ||
		    records->lines == 2 || records->border.is_old) {
			records->data_width = fitted;
			return;
		}
		records->data_break = true;
	}
}

static void add_flat(struct str *line, const char *flat, int count)
{
	for (int i = 0; i < count; i++)
		str_add(line, flat);
}

/* How much of the data's width a record line runs along. */
static int rule_width(const struct records *records)
{
	static const int around[] = { 0, 3, 7 };
	const struct print_options *options = records->grid->sheet->options;
	int limit = records->screen;
	int width;

	if (options->xheader == PRINT_XHEADER_EXACT)
		limit = options->xheader_columns;
	else if (options->xheader != PRINT_XHEADER_PAGE)
		limit = 0;
	width = limit - records->label_width - around[records->lines];
	if (limit <= 0 || width > records->data_width)
		return records->data_width;
	return width > 0 ? width : 0;
}

/* record 0: a rule without a title. */
static void make_record_line(const struct records *records, const char *title,
			     enum border_rule which, struct str *out)
{
	const struct border_line *rule = &records->border.rule[which];
	int lines = records->lines;
	int label_width = records->label_width + label_mark_left(records);
	const char *flat = lines > 0 ? rule->flat : " ";
	int used = (int)strlen(title) + (lines != 2 ? 1 : 0);
	bool is_short =
		records->grid->sheet->options->xheader == PRINT_XHEADER_COLUMN;

	if (lines == 2)
		str_add(out, rule->left);
	if (lines > 0)
		str_add(out, rule->flat);
	str_add(out, title);
	add_flat(out, flat, label_width - used);
	/* What the title covers of the parts that follow is left out. */
	used -= label_width;
	if (lines == 0) {
		if (used-- <= 0)
			str_add_char(out, ' ');
	} else {
		if (used-- <= 0)
			str_add(out, rule->flat);
		if (used-- <= 0)
			str_add(out, is_short ? rule->right : rule->middle);
		if (used-- <= 0 && !is_short)
			str_add(out, rule->flat);
	}
	if (!is_short)
		add_flat(out, flat,
			 rule_width(records) - (used > 0 ? used : 0));
	if (lines == 2 && !is_short) {
		str_add(out, rule->flat);
		str_add(out, rule->right);
	}
	str_add_char(out, '\n');
}

/* As the line before but for its digits, while those are as many and the
 * border is that between records. */
static void draw_record_line(struct records *records, int64_t record,
			     enum border_rule which)
{
	struct str *line = &records->record_line;
	char title[64] = "";
	int digits = record > 0 ? count_digits(record) : 0;
	const char *found;

	if (which == BORDER_MIDDLE && digits == records->record_digit_count &&
	    line->len > 0) {
		char *at = line->text + records->record_digits + digits;

		for (; record > 0; record /= 10)
			*--at = (char)('0' + record % 10);
		outbuf_add(records->out, line->text, line->len);
		return;
	}
	if (record > 0)
		snprintf(title, sizeof(title),
			 records->lines == 0 ? "* Record %" PRId64
					     : "[ RECORD %" PRId64 " ]",
			 record);
	str_clear(line);
	make_record_line(records, title, which, line);
	outbuf_add(records->out, line->text, line->len);
	found = strstr(line->text, title);
	records->record_digits =
		(size_t)(found - line->text) + strcspn(title, "0123456789");
	records->record_digit_count = digits;
	if (which != BORDER_MIDDLE)
		str_clear(line);
}

/* Line number line of a label, or blanks behind its last. */
static void draw_label(const struct records *records,
		       const struct measure_lines *label, size_t line)
{
	const struct border *border = &records->border;
	struct outbuf *out = records->out;
	bool mark_left = records->lines == 2 || label_mark_left(records);
	bool mark_right = records->lines > 0 || label_mark_right(records);
	const struct measure_line *text;

	if (line >= label->lines.count) {
		outbuf_add_spaces(out, records->label_width + mark_left +
					       mark_right);
		return;
	}
	text = &label->lines.items[line];
	if (mark_left)
		outbuf_add_text(out,
				line > 0 ? border->header_newline_left : " ");
	outbuf_add(out, label->shown + text->at, text->len);
	outbuf_add_spaces(out, records->label_width - text->width_cols);
	if (!mark_right)
		return;
	outbuf_add_text(out, line + 1 < label->lines.count
				     ? border->header_newline_right
				     : " ");
}

struct value {         /* being drawn */
	size_t line;   /* of records->shown */
	size_t offset; /* bytes of the line already drawn */
	bool is_done;
};

/* One screen line of a value, moves on in it. */
static void draw_data(const struct records *records, struct value *value)
{
	const struct border *border = &records->border;
	const struct measure_lines *shown = &records->shown;
	const struct measure_line *line = &shown->lines.items[value->line];
	const char *text = shown->shown + line->at + value->offset;
	struct outbuf *out = records->out;
	const char *mark = NULL;
	int width = records->data_width;
	size_t len = measure_fit(text, line->len - value->offset, &width,
				 records->grid->sheet->options->charset);

	outbuf_add_text(out, value->offset == 0 ? " " : border->wrap_left);
	outbuf_add(out, text, len);
	value->offset += len;
	if (value->offset < line->len) {
		mark = border->wrap_right;
	} else if (value->line + 1 < shown->lines.count) {
		mark = border->newline_right;
		value->line++;
		value->offset = 0;
	} else {
		value->is_done = true;
	}
	if (records->lines == 2 ||
	    (mark && records->data_break && !border->is_old)) {
		outbuf_add_spaces(out, records->data_width - width);
		outbuf_add_text(out, mark ? mark : " ");
	}
	if (records->lines == 2)
		outbuf_add_text(out, border->rule[BORDER_DATA].right);
	outbuf_add_char(out, '\n');
}

static const char *separator_of(const struct border *border,
				const struct value *value)
{
	if (value->offset > 0)
		return border->middle_wrap;
	if (value->line > 0)
		return border->middle_newline;
	return border->rule[BORDER_DATA].middle;
}

/* Of a label of one line: border, label, separator, blank. */
static void make_opening(const struct records *records, size_t column,
			 struct str *opening)
{
	const struct measure_lines *label =
		&records->grid->columns[column].header;
	const struct border_line *data = &records->border.rule[BORDER_DATA];
	const struct measure_line *text = &label->lines.items[0];

	if (records->lines == 2)
		str_add(opening, data->left);
	if (records->lines == 2 || label_mark_left(records))
		str_add_char(opening, ' ');
	str_add_slice(opening, label->shown + text->at, text->len);
	str_add_repeat(opening, ' ',
		       (size_t)(records->label_width - text->width_cols));
	if (records->lines > 0 || label_mark_right(records))
		str_add_char(opening, ' ');
	if (records->lines > 0)
		str_add(opening, data->middle);
	str_add_char(opening, ' ');
}

/* One line that needs no measuring: the path nearly all values take. */
static bool draw_plain_field(struct records *records, size_t column,
			     struct rows_value cell)
{
	const struct grid_column *about = &records->grid->columns[column];
	struct str *opening = &records->openings[column];
	struct outbuf *out = records->out;

	if (about->header.lines.count > 1 ||
	    (int64_t)cell.len > records->data_width ||
	    (!about->is_plain && !measure_is_plain(cell.text, cell.len)))
		return false;
	if (opening->len == 0)
		make_opening(records, column, opening);
	outbuf_add(out, opening->text, opening->len);
	outbuf_add(out, cell.text, cell.len);
	if (records->lines == 2) {
		outbuf_add_spaces(out, records->data_width - (int)cell.len + 1);
		outbuf_add_text(out, records->border.rule[BORDER_DATA].right);
	}
	outbuf_add_char(out, '\n');
	return true;
}

static void draw_field(struct records *records, size_t column,
		       struct rows_value cell)
{
	const struct measure_lines *label =
		&records->grid->columns[column].header;
	const struct border_line *data = &records->border.rule[BORDER_DATA];
	struct outbuf *out = records->out;
	struct value value = { 0 };

	measure_lines(&records->shown, cell.text, cell.len,
		      records->grid->sheet->options->charset);
	for (size_t line = 0; !value.is_done || line < label->lines.count;
	     line++) {
		if (records->lines == 2)
			outbuf_add_text(out, data->left);
		draw_label(records, label, line);
		if (records->lines > 0)
			outbuf_add_text(out,
					separator_of(&records->border, &value));
		if (!value.is_done) {
			draw_data(records, &value);
			continue;
		}
		/* The label has more lines than the value. */
		if (records->lines == 2) {
			outbuf_add_spaces(out, records->data_width + 2);
			outbuf_add_text(out, data->right);
		}
		outbuf_add_char(out, '\n');
	}
}

static bool draw_records(struct records *records)
{
	CLEANUP(str_done) struct str scratch = STR_EMPTY;
	struct sheet *sheet = records->grid->sheet;
	bool tuples_only = sheet->options->tuples_only;
	bool later = sheet->options->is_later_part;
	const struct rows_value *cells;
	const char *footer;
	int64_t first = sheet->options->rows_before + 1;
	int64_t record = first - 1;
	enum rows_step step;

	if (sheet->title && !later) {
		outbuf_add_text(records->out, sheet->title);
		outbuf_add_char(records->out, '\n');
	}
	while ((step = grid_next(records->grid, &cells)) == ROWS_ROW) {
		record++;
		if (!tuples_only || record > 1 || records->lines == 2)
			draw_record_line(records, tuples_only ? 0 : record,
					 record == first ? BORDER_TOP
							 : BORDER_MIDDLE);
		for (size_t i = 0; i < records->grid->count; i++)
			if (!draw_plain_field(records, i, cells[i]))
				draw_field(records, i, cells[i]);
		if (records->out->failed)
			return false;
	}
	if (step == ROWS_FAILED)
		return false;
	if (sheet->options->has_more_parts)
		return true;
	if (records->lines == 2)
		draw_record_line(records, 0, BORDER_BOTTOM);
	footer = sheet_footer(sheet, false, &scratch);
	if (footer) {
		outbuf_add_char(records->out, '\n');
		sheet_draw_footer(sheet, footer);
	}
	outbuf_add_char(records->out, '\n');
	return true;
}

bool expanded_draw(struct grid *grid, bool wrap, int screen)
{
	const struct print_options *options = grid->sheet->options;
	struct records records = {
		.grid = grid,
		.out = grid->sheet->out,
		.label_width = grid->header_width,
		.data_width = grid->cell_width,
		.screen = screen,
		.labels_break = grid->header_lines > 1,
		.data_break = grid->cell_lines > 1,
		.shown = MEASURE_LINES_EMPTY,
		.record_line = STR_EMPTY,
	};
	bool good = true;

	records.lines = options->border < 0   ? 0
			: options->border > 2 ? 2
					      : options->border;
	border_make(options, &records.border);
	if ((grid->row_count == 0 && !options->is_later_part) ||
	    grid->count == 0) {
		CLEANUP(str_done) struct str scratch = STR_EMPTY;

		sheet_draw_footer(grid->sheet,
				  sheet_footer(grid->sheet, true, &scratch));
		outbuf_add_char(records.out, '\n');
	} else {
		records.openings =
			mem_alloc_array(grid->count, sizeof(struct str));
		for (size_t i = 0; i < grid->count; i++)
			records.openings[i] = (struct str)STR_EMPTY;
		if (wrap || options->wide_records)
			fit_data(&records, wrap ? screen : 0);
		good = draw_records(&records);
		for (size_t i = 0; i < grid->count; i++)
			str_done(&records.openings[i]);
		mem_free(records.openings);
	}
	measure_lines_done(&records.shown);
	str_done(&records.record_line);
	return good;
}
