#include "print/insert.h"

#include <string.h>

#include "print/escape.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

enum { ROWS_A_STATEMENT = 500 };

static const struct escape in_name = {
	.of = { ['"'] = "\"\"" },
	.few = { ESCAPE_BYTE('"'), ESCAPE_BYTE('"'), ESCAPE_BYTE('"'),
		 ESCAPE_BYTE('"'), ESCAPE_BYTE('"') },
};

static const struct escape in_literal = {
	.of = { ['\''] = "''", ['\\'] = "\\\\" },
	.few = { ESCAPE_BYTE('\''), ESCAPE_BYTE('\\'), ESCAPE_BYTE('\\'),
		 ESCAPE_BYTE('\\'), ESCAPE_BYTE('\\') },
};

/* Always quoted: keywords among the names need no list here. */
static void put_name(struct outbuf *out, const char *name)
{
	outbuf_add_char(out, '"');
	escape_put(&in_name, out, name, strlen(name));
	outbuf_add_char(out, '"');
}

static void put_head(const struct sheet *sheet)
{
	const char *table = sheet->options->insert_table;

	outbuf_add_text(sheet->out, "insert into ");
	outbuf_add_text(sheet->out, table && *table ? table : "table_name");
	outbuf_add_text(sheet->out, " (");
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		if (i > 0)
			outbuf_add_text(sheet->out, ", ");
		put_name(sheet->out, sheet->rows->columns[i].name);
	}
	outbuf_add_text(sheet->out, ") values\n");
}

/* NaN and Infinity are literals. */
static bool is_bare(enum rows_kind kind, struct rows_value value)
{
	if (kind == ROWS_BOOL)
		return true;
	return rows_kind_is_number(kind) &&
	       strspn(value.text, "0123456789.+-eE") == value.len;
}

static void put_value(const struct sheet *sheet, size_t column,
		      struct rows_value value)
{
	enum rows_kind kind = sheet->rows->columns[column].kind;
	struct outbuf *out = sheet->out;

	if (!value.text) {
		outbuf_add_text(out, "null");
	} else if (kind == ROWS_BOOL) {
		outbuf_add_text(out, *value.text == 't' ? "true" : "false");
	} else if (is_bare(kind, value)) {
		outbuf_add(out, value.text, value.len);
	} else {
		if (sheet->options->e_strings &&
		    memchr(value.text, '\\', value.len))
			outbuf_add_char(out, 'E');
		outbuf_add_char(out, '\'');
		escape_put(&in_literal, out, value.text, value.len);
		outbuf_add_char(out, '\'');
	}
}

/* Takes the values as they are: nulls stay nulls, digits ungrouped. */
bool insert_print(struct sheet *sheet)
{
	const struct rows_value *values;
	enum rows_step step;

	while ((step = rows_next(sheet->rows, &values, sheet->err)) ==
	       ROWS_ROW) {
		bool first = sheet->count++ % ROWS_A_STATEMENT == 0;

		if (sheet->rows->column_count == 0)
			continue;
		if (first && sheet->count > 1)
			outbuf_add_text(sheet->out, ";\n");
		if (first)
			put_head(sheet);
		outbuf_add_text(sheet->out, first ? "  (" : ",\n  (");
		for (size_t i = 0; i < sheet->rows->column_count; i++) {
			if (i > 0)
				outbuf_add_text(sheet->out, ", ");
			put_value(sheet, i, values[i]);
		}
		outbuf_add_char(sheet->out, ')');
		if (sheet->out->failed)
			return false;
	}
	if (sheet->count > 0 && sheet->rows->column_count > 0)
		outbuf_add_text(sheet->out, ";\n");
	return step == ROWS_END;
}
