#include "print/vertical.h"

#include <string.h>

#include "base/str.h"
#include "print/measure.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

#define STARS "***************************"

static int name_width(const struct sheet *sheet, size_t i)
{
	const char *name = sheet->rows->columns[i].name;

	return measure_size(name, strlen(name), sheet->options->charset)
		.width_cols;
}

static int widest_name(const struct sheet *sheet)
{
	int widest = 0;

	for (size_t i = 0; i < sheet->rows->column_count; i++)
		if (name_width(sheet, i) > widest)
			widest = name_width(sheet, i);
	return widest;
}

static void put_record(const struct sheet *sheet,
		       const struct rows_value *cells, int width)
{
	CLEANUP(str_done) struct str title = STR_EMPTY;
	struct outbuf *out = sheet->out;

	if (!sheet->options->tuples_only) {
		str_add(&title, STARS " ");
		str_add_number(&title, sheet->count);
		str_add(&title, ". row " STARS "\n");
		outbuf_add(out, title.text, title.len);
	} else if (sheet->count > 1) {
		outbuf_add_char(out, '\n');
	}
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		outbuf_add_spaces(out, width - name_width(sheet, i));
		outbuf_add_text(out, sheet->rows->columns[i].name);
		outbuf_add_text(out, ": ");
		outbuf_add(out, cells[i].text, cells[i].len);
		outbuf_add_char(out, '\n');
	}
}

bool vertical_print(struct sheet *sheet)
{
	CLEANUP(str_done) struct str scratch = STR_EMPTY;
	int width = widest_name(sheet);
	const struct rows_value *cells;
	enum rows_step step;

	while ((step = sheet_next(sheet, &cells)) == ROWS_ROW) {
		put_record(sheet, cells, width);
		if (sheet->out->failed)
			return false;
	}
	if (step == ROWS_FAILED)
		return false;
	sheet_draw_footer(sheet, sheet_footer(sheet, true, &scratch));
	return true;
}
