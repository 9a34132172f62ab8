#include "print/json_out.h"

#include <string.h>

#include "base/mem.h"
#include "data/json.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

static size_t digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* RFC 8259: no leading zeros, digits on both sides of the point. NaN,
 * Infinity and money are not numbers there. */
static bool is_json_number(const char *text)
{
	size_t whole;

	if (*text == '-')
		text++;
	whole = digits(text);
	if (whole == 0 || (whole > 1 && text[0] == '0'))
		return false;
	text += whole;
	if (*text == '.') {
		text++;
		if (digits(text) == 0)
			return false;
		text += digits(text);
	}
	if (*text == 'e' || *text == 'E') {
		text++;
		if (*text == '+' || *text == '-')
			text++;
		if (digits(text) == 0)
			return false;
		text += digits(text);
	}
	return *text == '\0';
}

static void put_value(struct str *line, enum rows_kind kind,
		      struct rows_value value)
{
	if (value.text == NULL)
		str_add(line, "null");
	else if (rows_kind_is_number(kind) && is_json_number(value.text))
		str_add_slice(line, value.text, value.len);
	else if (kind == ROWS_BOOL && value.len == 1 && value.text[0] == 't')
		str_add(line, "true");
	else if (kind == ROWS_BOOL && value.len == 1 && value.text[0] == 'f')
		str_add(line, "false");
	else if (kind == ROWS_JSON && value.len > 0)
		str_add_slice(line, value.text, value.len);
	else
		json_add_string(line, value.text, value.len);
}

/* Keys with their colon, a comma before all but the first. */
static struct str *make_keys(const struct rows *rows)
{
	struct str *keys =
		mem_alloc_array(rows->column_count + 1, sizeof(*keys));

	for (size_t i = 0; i < rows->column_count; i++) {
		const char *name = rows->columns[i].name;

		keys[i] = (struct str)STR_EMPTY;
		if (i > 0)
			str_add_char(&keys[i], ',');
		json_add_string(&keys[i], name, strlen(name));
		str_add_char(&keys[i], ':');
	}
	return keys;
}

static void free_keys(struct str *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		str_done(&keys[i]);
	mem_free(keys);
}

/* before: what stands in front of every row but the first. The values come
 * from the rows themselves: NULL is null, numbers are not grouped. */
static enum rows_step put_objects(struct sheet *sheet, const char *before)
{
	const struct rows *rows = sheet->rows;
	struct str *keys = make_keys(rows);
	CLEANUP(str_done) struct str line = STR_EMPTY;
	const struct rows_value *values;
	enum rows_step step;

	while ((step = rows_next(sheet->rows, &values, sheet->err)) ==
	       ROWS_ROW) {
		str_set(&line, sheet->count++ > 0 ? before : "");
		str_add_char(&line, '{');
		for (size_t i = 0; i < rows->column_count; i++) {
			str_add_slice(&line, keys[i].text, keys[i].len);
			put_value(&line, rows->columns[i].kind, values[i]);
		}
		str_add_char(&line, '}');
		outbuf_add(sheet->out, line.text, line.len);
		if (sheet->out->failed)
			break;
	}
	free_keys(keys, rows->column_count);
	return step;
}

bool json_out_print(struct sheet *sheet)
{
	outbuf_add_char(sheet->out, '[');
	if (put_objects(sheet, ",\n ") != ROWS_END)
		return false;
	outbuf_add_text(sheet->out, "]\n");
	return true;
}

bool json_out_print_lines(struct sheet *sheet)
{
	if (put_objects(sheet, "\n") != ROWS_END)
		return false;
	if (sheet->count > 0)
		outbuf_add_char(sheet->out, '\n');
	return true;
}
