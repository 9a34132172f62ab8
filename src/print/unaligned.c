#include "print/unaligned.h"

#include <string.h>

#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

struct separator {
	const char *text;
	size_t len;
};

struct unaligned {
	struct sheet *sheet;
	struct outbuf *out;
	struct separator field;
	struct separator record;
	bool need_record; /* a record separator before the next thing */
};

static struct separator separator(const char *text, bool zero,
				  const char *otherwise)
{
	if (zero)
		return (struct separator){ "", 1 };
	text = text ? text : otherwise;
	return (struct separator){ text, strlen(text) };
}

static void put(struct outbuf *out, struct separator separator)
{
	outbuf_add(out, separator.text, separator.len);
}

static void next_record(struct unaligned *print)
{
	if (print->need_record)
		put(print->out, print->record);
	print->need_record = false;
}

static void put_headers(struct unaligned *print)
{
	const struct rows *rows = print->sheet->rows;

	for (size_t i = 0; i < rows->column_count; i++) {
		if (i > 0)
			put(print->out, print->field);
		outbuf_add_text(print->out, rows->columns[i].name);
	}
	print->need_record = true;
}

static void put_row(struct unaligned *print, const struct rows_value *cells)
{
	size_t count = print->sheet->rows->column_count;

	/* psql prints nothing at all for a row without columns. */
	if (count == 0)
		return;
	next_record(print);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			put(print->out, print->field);
		outbuf_add(print->out, cells[i].text, cells[i].len);
	}
	print->need_record = true;
}

/* Two separators between records, one between the fields of one. */
static void put_record(struct unaligned *print, const struct rows_value *cells)
{
	const struct rows *rows = print->sheet->rows;

	for (size_t i = 0; i < rows->column_count; i++) {
		if (i == 0 && print->need_record) {
			put(print->out, print->record);
			put(print->out, print->record);
		} else if (i > 0) {
			put(print->out, print->record);
		}
		outbuf_add_text(print->out, rows->columns[i].name);
		put(print->out, print->field);
		outbuf_add(print->out, cells[i].text, cells[i].len);
		print->need_record = true;
	}
}

static void put_footer(struct unaligned *print, bool expanded)
{
	CLEANUP(str_done) struct str scratch = STR_EMPTY;
	const char *at = sheet_footer(print->sheet, !expanded, &scratch);
	const char *line;
	size_t len;

	if (at && expanded)
		put(print->out, print->record);
	while (sheet_footer_next(&at, &line, &len)) {
		next_record(print);
		outbuf_add(print->out, line, len);
		print->need_record = true;
	}
}

bool unaligned_print(struct sheet *sheet)
{
	const struct print_options *options = sheet->options;
	bool expanded = options->expanded == PRINT_EXPANDED_ON;
	struct unaligned print = { .sheet = sheet, .out = sheet->out };
	const struct rows_value *cells;
	enum rows_step step;

	print.field =
		separator(options->field_sep, options->field_sep_zero, "|");
	print.record =
		separator(options->record_sep, options->record_sep_zero, "\n");
	if (sheet->title) {
		outbuf_add_text(print.out, sheet->title);
		if (expanded)
			print.need_record = true;
		else
			put(print.out, print.record);
	}
	if (!expanded && !options->tuples_only)
		put_headers(&print);
	while ((step = sheet_next(sheet, &cells)) == ROWS_ROW) {
		if (expanded)
			put_record(&print, cells);
		else
			put_row(&print, cells);
		if (print.out->failed)
			return false;
	}
	if (step == ROWS_FAILED)
		return false;
	put_footer(&print, expanded);
	/* The last record ends in a newline whatever the separator is, but for
	 * the zero byte (find -print0). */
	if (print.need_record && options->record_sep_zero)
		put(print.out, print.record);
	else if (print.need_record)
		outbuf_add_char(print.out, '\n');
	return true;
}
