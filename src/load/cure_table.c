#include "load/cure_table.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/rows.h"
#include "db/exec.h"
#include "load/copy_parse.h"
#include "load/infer.h"
#include "sql/quote.h"

void cure_table_done(struct cure_table *table)
{
	for (size_t i = 0; i < table->columns.count; i++) {
		mem_free(table->columns.items[i].name);
		mem_free(table->columns.items[i].type);
	}
	vec_done(&table->columns);
	vec_done(&table->file);
	mem_free(table->schema);
	mem_free(table->name);
	mem_free(table->names);
}

enum column { SCHEMA, TABLE, NAME, TYPE, NOT_NULL, DEFAULT, COLUMN_COUNT };

static void take_row(struct cure_table *out, const struct rows_value *values)
{
	struct cure_column column = { .name = NULL };

	for (size_t i = 0; i <= NOT_NULL; i++)
		if (values[i].text == NULL)
			return;
	if (out->name == NULL) {
		out->schema = mem_copy_text(values[SCHEMA].text);
		out->name = mem_copy_text(values[TABLE].text);
	}
	column.name = mem_copy_text(values[NAME].text);
	column.type = mem_copy_text(values[TYPE].text);
	column.not_null = values[NOT_NULL].text[0] == 't';
	/* "identity"(...), default_identity(...) */
	column.identity = values[DEFAULT].text != NULL &&
			  strstr(values[DEFAULT].text, "identity") != NULL &&
			  strchr(values[DEFAULT].text, '(') != NULL;
	vec_push(&out->columns, column);
}

static void take_all(struct cure_table *out,
		     const struct copy_statement *statement)
{
	bool explicit_ids = copy_options_has(&statement->options,
					     COPY_EXPLICIT_IDS);

	for (size_t i = 0; i < out->columns.count; i++)
		if (!out->columns.items[i].identity || explicit_ids)
			vec_push(&out->file, i);
}

static void take_list(struct cure_table *out,
		      const struct copy_statement *statement)
{
	for (size_t i = 0; i < statement->columns.count; i++) {
		for (size_t j = 0; j < out->columns.count; j++)
			if (strcmp(out->columns.items[j].name,
				   statement->columns.items[i]) == 0)
				vec_push(&out->file, j);
	}
}

static void name_fields(struct cure_table *out)
{
	out->names = mem_alloc_array(out->file.count + 1, sizeof(*out->names));
	for (size_t i = 0; i < out->file.count; i++)
		out->names[i] = out->columns.items[out->file.items[i]].name;
}

void cure_table_read(struct cure_table *out, struct db *db, int64_t oid,
		     const struct copy_statement *statement)
{
	const struct rows_value *values;
	struct err ignored = ERR_EMPTY;
	char sql[768];

	if (oid <= 0)
		return;
	snprintf(sql, sizeof(sql),
		 "select n.nspname, c.relname, a.attname, "
		 "pg_catalog.format_type(a.atttypid, a.atttypmod), "
		 "a.attnotnull, d.adsrc "
		 "from pg_catalog.pg_class c "
		 "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
		 "join pg_catalog.pg_attribute a on a.attrelid = c.oid "
		 "left join pg_catalog.pg_attrdef d "
		 "on d.adrelid = a.attrelid and d.adnum = a.attnum "
		 "where c.oid = %lld and a.attnum > 0 and not a.attisdropped "
		 "order by a.attnum",
		 (long long)oid);
	CLEANUP(rows_freep)
	struct rows *rows = exec_query(db, sql, NULL, &ignored);
	while (rows != NULL && rows->column_count == COLUMN_COUNT &&
	       rows_next(rows, &values, &ignored) == ROWS_ROW)
		take_row(out, values);
	if (statement->columns.count > 0)
		take_list(out, statement);
	else
		take_all(out, statement);
	name_fields(out);
}

void cure_table_infer(struct cure_table *out, const char *name,
		      const struct infer *infer)
{
	out->absent = true;
	out->name = mem_copy_text(name);
	out->schema = mem_copy_text("");
	for (size_t i = 0; i < infer->columns.count; i++) {
		struct str type = STR_EMPTY;
		struct cure_column column = {
			.name = mem_copy_text(infer->columns.items[i].column),
		};

		infer_add_type(&infer->columns.items[i], &type);
		column.type = str_take(&type);
		vec_push(&out->columns, column);
		vec_push(&out->file, i);
	}
	name_fields(out);
}

int cure_table_field(const struct cure_table *table, const char *column)
{
	for (size_t i = 0; i < table->file.count; i++)
		if (strcmp(table->names[i], column) == 0)
			return (int)i;
	return -1;
}

const struct cure_column *cure_table_column(const struct cure_table *table,
					    int field)
{
	return &table->columns.items[table->file.items[field]];
}

const char *cure_table_type(const struct cure_table *table, int field)
{
	return cure_table_column(table, field)->type;
}

void cure_table_add_name(const struct cure_table *table, struct str *out)
{
	bool open = table->schema == NULL ||
		    strcmp(table->schema, "public") == 0 ||
		    str_starts(table->schema, "pg_temp");

	quote_qualified(out, open ? NULL : table->schema, table->name);
}

void cure_table_add_list(const struct cure_table *table, int skip,
			 struct str *out)
{
	bool first = true;

	for (size_t i = 0; i < table->file.count; i++) {
		if ((int)i == skip)
			continue;
		str_add(out, first ? "" : ", ");
		quote_name(out, table->names[i]);
		first = false;
	}
}
