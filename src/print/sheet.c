#include "print/sheet.h"

#include <locale.h>
#include <string.h>

#include "base/mem.h"
#include "print/outbuf.h"
#include "print/printer.h"

/* psql: a locale that does not group gets groups of 3, and a comma, or a
 * point where the comma is the decimal point. */
static void read_locale(struct sheet_digits *digits)
{
	const struct lconv *locale = localeconv();
	bool has_point = locale->decimal_point[0] != '\0';

	digits->decimal_point = has_point ? locale->decimal_point : ".";
	digits->group = (size_t)(unsigned char)locale->grouping[0];
	if (digits->group == 0 || digits->group > 6)
		digits->group = 3;
	digits->separator = locale->thousands_sep;
	if (digits->separator[0] == '\0')
		digits->separator =
			strcmp(digits->decimal_point, ",") == 0 ? "." : ",";
}

void sheet_init(struct sheet *sheet, struct rows *rows,
		const struct print_options *options, struct outbuf *out,
		struct err *err)
{
	const char *null_text = options->null_text ? options->null_text : "";

	*sheet = (struct sheet){
		.rows = rows,
		.options = options,
		.out = out,
		.err = err,
		.grouped = STR_EMPTY,
		.null = { null_text, strlen(null_text) },
		.cells = mem_alloc_array(rows->column_count + 1,
					 sizeof(struct rows_value)),
	};
	if (!options->tuples_only)
		sheet->title = rows->title ? rows->title : options->title;
	if (options->numeric_locale)
		read_locale(&sheet->digits);
}

void sheet_done(struct sheet *sheet)
{
	mem_free(sheet->cells);
	str_done(&sheet->grouped);
}

bool sheet_is_right(const struct sheet *sheet, size_t column)
{
	return rows_kind_is_number(sheet->rows->columns[column].kind);
}

/* Appends "-1234567.50" as "-1,234,567.50". */
static void group_digits(const struct sheet_digits *digits,
			 struct rows_value value, struct str *out)
{
	size_t at = value.text[0] == '-' || value.text[0] == '+' ? 1 : 0;
	size_t whole = strspn(value.text + at, "0123456789");

	str_add_slice(out, value.text, at);
	for (size_t i = 0; i < whole; i++) {
		if (i > 0 && (whole - i) % digits->group == 0)
			str_add(out, digits->separator);
		str_add_char(out, value.text[at + i]);
	}
	at += whole;
	if (value.text[at] == '.') {
		str_add(out, digits->decimal_point);
		at++;
	}
	str_add_slice(out, value.text + at, value.len - at);
}

/* Money, NaN and Infinity stay as they are. */
static bool is_groupable(const struct sheet *sheet, size_t column,
			 struct rows_value value)
{
	return value.text && sheet_is_right(sheet, column) &&
	       strspn(value.text, "0123456789+-.eE") == value.len;
}

static void group_row(struct sheet *sheet, const struct rows_value *values)
{
	size_t count = sheet->rows->column_count;

	str_clear(&sheet->grouped);
	for (size_t i = 0; i < count; i++) {
		if (!is_groupable(sheet, i, values[i]))
			continue;
		group_digits(&sheet->digits, values[i], &sheet->grouped);
		str_add_char(&sheet->grouped, '\0');
	}
	/* Only now the buffer no longer moves. */
	for (size_t i = 0, at = 0; i < count; i++) {
		const char *text = sheet->grouped.text + at;

		if (!is_groupable(sheet, i, values[i]))
			continue;
		sheet->cells[i] = (struct rows_value){ text, strlen(text) };
		at += sheet->cells[i].len + 1;
	}
}

enum rows_step sheet_next(struct sheet *sheet,
			  const struct rows_value **out_cells)
{
	const struct rows_value *values;
	enum rows_step step = rows_next(sheet->rows, &values, sheet->err);

	if (step != ROWS_ROW)
		return step;
	sheet->count++;
	for (size_t i = 0; i < sheet->rows->column_count; i++)
		sheet->cells[i] = values[i].text ? values[i] : sheet->null;
	if (sheet->options->numeric_locale)
		group_row(sheet, values);
	*out_cells = sheet->cells;
	return ROWS_ROW;
}

const char *sheet_footer(const struct sheet *sheet, bool with_count,
			 struct str *scratch)
{
	const struct print_options *options = sheet->options;
	int64_t count;

	if (options->tuples_only)
		return NULL;
	if (options->footer)
		return options->footer[0] ? options->footer : NULL;
	if (!with_count || !options->show_footer)
		return NULL;
	str_clear(scratch);
	count = options->rows_before + sheet->count;
	str_add_char(scratch, '(');
	str_add_number(scratch, count);
	str_add(scratch, count == 1 ? " row)" : " rows)");
	return scratch->text;
}

bool sheet_footer_next(const char **at, const char **out_line, size_t *out_len)
{
	if (*at == NULL)
		return false;
	*out_line = *at;
	*out_len = strcspn(*at, "\n");
	*at += *out_len;
	if (**at == '\n')
		(*at)++;
	if (**at == '\0')
		*at = NULL;
	return true;
}

void sheet_draw_footer(const struct sheet *sheet, const char *footer)
{
	const char *line;
	size_t len;

	while (sheet_footer_next(&footer, &line, &len)) {
		outbuf_add(sheet->out, line, len);
		outbuf_add_char(sheet->out, '\n');
	}
}
