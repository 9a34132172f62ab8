/* Rows from text, for tests of charts: a line of columns NAME:KIND and lines
 * of values, all parted by bars; "\N" is null, "\e" an escape, "\p" a bar. */
#ifndef TESTS_UNIT_CHART_TABLE_H
#define TESTS_UNIT_CHART_TABLE_H

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "chart/gather.h"
#include "data/rows_mem.h"

static const struct {
	const char *name;
	enum rows_kind kind;
	uint32_t oid;
} table_kinds[] = {
	{ "text", ROWS_TEXT, 25 },	{ "int", ROWS_INTEGER, 23 },
	{ "decimal", ROWS_DECIMAL, 1700 }, { "float", ROWS_FLOAT, 701 },
	{ "money", ROWS_DECIMAL, 790 },
	{ "bool", ROWS_BOOL, 16 },	{ "date", ROWS_DATE, 1082 },
	{ "timestamp", ROWS_TIME, 1114 }, { "timestamptz", ROWS_TIME, 1184 },
	{ "time", ROWS_TIME, 1083 },	{ "interval", ROWS_TIME, 1186 },
	{ "json", ROWS_JSON, 4000 },	{ "bytes", ROWS_BYTES, 6551 },
};

/* rows_mem knows no types of a server. */
struct table {
	struct rows rows; /* first */
	struct rows *from;
	struct rows_column columns[16];
};

static enum rows_step table_next(struct rows *rows,
				 const struct rows_value **out_values,
				 struct err *err)
{
	return rows_next(((struct table *)rows)->from, out_values, err);
}

static void table_free(struct rows *rows)
{
	rows_free(((struct table *)rows)->from);
	mem_free(rows);
}

static bool table_again(void *context, struct err *err)
{
	(void)err;
	rows_mem_rewind((struct rows_mem *)((struct table *)context)->from);
	return true;
}

static const struct rows_class table_class = { table_next, table_free };

static size_t table_kind(const char *text)
{
	for (size_t i = 0; i < COUNT_OF(table_kinds); i++)
		if (strcmp(table_kinds[i].name, text) == 0)
			return i;
	return 0;
}

static void table_add(struct rows_mem *mem, const char *text, size_t len)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;

	if (len == 2 && memcmp(text, "\\N", 2) == 0) {
		rows_mem_add(mem, NULL);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '\\' && i + 1 < len) {
			c = text[++i];
			c = c == 'e' ? '\033' : c == 'n' ? '\n'
					    : c == 'p'	 ? '|'
							 : c;
		}
		if (c != '\0')
			str_add_char(&value, c);
	}
	rows_mem_add_slice(mem, value.text, value.len);
}

/* One line's fields to the memory. */
static void table_line(struct rows_mem *mem, const char *line, size_t len,
		       size_t columns)
{
	size_t done = 0, at = 0;

	while (done < columns) {
		const char *end = at <= len ? memchr(line + at, '|', len - at)
					    : NULL;
		size_t size = at > len ? 0
			      : end    ? (size_t)(end - line) - at
				       : len - at;

		if (at > len)
			rows_mem_add(mem, NULL);
		else
			table_add(mem, line + at, size);
		at += size + 1;
		done++;
	}
}

static struct rows *table_rows(const char *text, size_t len)
{
	struct table *table = mem_alloc(sizeof(*table));
	struct rows_mem *mem = rows_mem_new(NULL);
	const char *end = memchr(text, '\n', len);
	size_t head = end ? (size_t)(end - text) : len;
	size_t count = 0;

	for (size_t at = 0; at < head && count < COUNT_OF(table->columns);) {
		const char *bar = memchr(text + at, '|', head - at);
		size_t size = bar ? (size_t)(bar - text) - at : head - at;
		CLEANUP(mem_freep) char *name = mem_copy_slice(text + at, size);
		char *colon = strrchr(name, ':');
		size_t kind = colon ? table_kind(colon + 1) : 0;

		if (colon)
			*colon = '\0';
		rows_mem_column(mem, name, table_kinds[kind].kind);
		table->columns[count].oid = table_kinds[kind].oid;
		count++;
		at += size + 1;
	}
	for (size_t at = head + 1; count > 0 && at < len;) {
		const char *feed = memchr(text + at, '\n', len - at);
		size_t size = feed ? (size_t)(feed - text) - at : len - at;

		table_line(mem, text + at, size, count);
		at += size + 1;
	}
	table->from = rows_mem_rows(mem);
	table->rows = *table->from;
	table->rows.class = &table_class;
	for (size_t i = 0; i < count; i++) {
		uint32_t oid = table->columns[i].oid;

		table->columns[i] = table->from->columns[i];
		table->columns[i].oid = oid;
	}
	table->rows.columns = table->columns;
	return &table->rows;
}

#endif
