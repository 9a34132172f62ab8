#include "print/csv_out.h"

#include <string.h>

#include "data/csv.h"
#include "print/escape.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

struct csv_out {
	struct outbuf *out;
	char separator;
	struct escape quoted; /* bytes that make a field a quoted one */
	bool quote_all;       /* the separator is a part of "\." */
	struct str scratch;
};

static void put_field(struct csv_out *csv, const char *text, size_t len)
{
	if (!csv->quote_all && escape_clear(&csv->quoted, text, len) == len &&
	    !(len == 2 && memcmp(text, "\\.", 2) == 0)) {
		outbuf_add(csv->out, text, len);
		return;
	}
	str_clear(&csv->scratch);
	csv_add_quoted(&csv->scratch, text, len);
	outbuf_add(csv->out, csv->scratch.text, csv->scratch.len);
}

static void put_name(struct csv_out *csv, const struct sheet *sheet, size_t i)
{
	const char *name = sheet->rows->columns[i].name;

	put_field(csv, name, strlen(name));
}

static void put_headers(struct csv_out *csv, const struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		if (i > 0)
			outbuf_add_char(csv->out, csv->separator);
		put_name(csv, sheet, i);
	}
	outbuf_add_char(csv->out, '\n');
}

static void put_row(struct csv_out *csv, const struct rows_value *cells,
		    size_t count)
{
	/* psql prints nothing for a row without columns. */
	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			outbuf_add_char(csv->out, csv->separator);
		put_field(csv, cells[i].text, cells[i].len);
	}
	outbuf_add_char(csv->out, '\n');
}

static void put_record(struct csv_out *csv, const struct sheet *sheet,
		       const struct rows_value *cells)
{
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		put_name(csv, sheet, i);
		outbuf_add_char(csv->out, csv->separator);
		put_field(csv, cells[i].text, cells[i].len);
		outbuf_add_char(csv->out, '\n');
	}
}

bool csv_out_print(struct sheet *sheet)
{
	const struct print_options *options = sheet->options;
	struct csv_out csv = { .out = sheet->out, .scratch = STR_EMPTY };
	const struct rows_value *cells;
	enum rows_step step;

	csv.separator = options->csv_field_sep ? options->csv_field_sep : ',';
	csv.quoted = (struct escape){
		.of = { ['"'] = "\"", ['\r'] = "\r", ['\n'] = "\n" },
		.few = { ESCAPE_BYTE('"'), ESCAPE_BYTE('\r'), ESCAPE_BYTE('\n'),
			 ESCAPE_BYTE(csv.separator),
			 ESCAPE_BYTE(csv.separator) },
	};
	csv.quoted.of[(unsigned char)csv.separator] = "";
	csv.quote_all = csv.separator == '\\' || csv.separator == '.';
	if (options->expanded != PRINT_EXPANDED_ON && !options->tuples_only)
		put_headers(&csv, sheet);
	while ((step = sheet_next(sheet, &cells)) == ROWS_ROW) {
		if (options->expanded == PRINT_EXPANDED_ON)
			put_record(&csv, sheet, cells);
		else
			put_row(&csv, cells, sheet->rows->column_count);
		if (csv.out->failed)
			break;
	}
	str_done(&csv.scratch);
	return step == ROWS_END;
}
