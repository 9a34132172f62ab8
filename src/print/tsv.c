#include "print/tsv.h"

#include <string.h>

#include "print/escape.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

static const struct escape escapes = {
	.of = {
		['\t'] = "\\t",
		['\n'] = "\\n",
		['\r'] = "\\r",
		['\\'] = "\\\\",
	},
	.few = { ESCAPE_BYTE('\t'), ESCAPE_BYTE('\n'), ESCAPE_BYTE('\r'),
		 ESCAPE_BYTE('\\'), ESCAPE_BYTE('\\') },
};

static void put_name(const struct sheet *sheet, size_t i)
{
	const char *name = sheet->rows->columns[i].name;

	escape_put(&escapes, sheet->out, name, strlen(name));
}

static void put_headers(const struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		if (i > 0)
			outbuf_add_char(sheet->out, '\t');
		put_name(sheet, i);
	}
	outbuf_add_char(sheet->out, '\n');
}

/* What stands for null is written as it is: \N, for one. */
static void put_cell(const struct sheet *sheet, struct rows_value cell)
{
	if (cell.text == sheet->null.text)
		outbuf_add(sheet->out, cell.text, cell.len);
	else
		escape_put(&escapes, sheet->out, cell.text, cell.len);
}

static void put_row(const struct sheet *sheet, const struct rows_value *cells)
{
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		if (i > 0)
			outbuf_add_char(sheet->out, '\t');
		put_cell(sheet, cells[i]);
	}
	outbuf_add_char(sheet->out, '\n');
}

/* Expanded: a name and a value a line, as csv has it. */
static void put_record(const struct sheet *sheet,
		       const struct rows_value *cells)
{
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		put_name(sheet, i);
		outbuf_add_char(sheet->out, '\t');
		put_cell(sheet, cells[i]);
		outbuf_add_char(sheet->out, '\n');
	}
}

bool tsv_print(struct sheet *sheet)
{
	bool expanded = sheet->options->expanded == PRINT_EXPANDED_ON;
	const struct rows_value *cells;
	enum rows_step step;

	if (!expanded && !sheet->options->tuples_only)
		put_headers(sheet);
	while ((step = sheet_next(sheet, &cells)) == ROWS_ROW) {
		if (expanded)
			put_record(sheet, cells);
		else
			put_row(sheet, cells);
		if (sheet->out->failed)
			return false;
	}
	return step == ROWS_END;
}
