#include "load/warehouse.h"

#include <stdlib.h>
#include <string.h>

#include "aws/worker.h"
#include "base/str.h"
#include "data/rows.h"
#include "load/copyfrom.h"
#include "sql/lexer.h"
#include "sql/quote.h"

static bool first_value(const struct load_world *world, const char *sql,
			struct str *out, struct err *err)
{
	const struct rows_value *values;

	if (world->ask == NULL)
		return err_set(err, ERR_USAGE, "not connected");
	CLEANUP(rows_freep)
	struct rows *rows = world->ask(world->context, sql, err);
	if (rows == NULL || rows_next(rows, &values, err) != ROWS_ROW ||
	    values[0].text == NULL)
		return false;
	str_set_slice(out, values[0].text, values[0].len);
	return true;
}

int64_t warehouse_number(const struct load_world *world, const char *sql,
			 int64_t otherwise)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err ignored = ERR_EMPTY;

	if (!first_value(world, sql, &text, &ignored))
		return otherwise;
	return strtoll(text.text, NULL, 10);
}

bool warehouse_split_name(const char *table, struct str *schema,
			  struct str *name)
{
	struct lexer lexer;

	lexer_init(&lexer, table, strlen(table), LEXER_ESCAPES, NULL);
	for (;;) {
		struct token token = lexer_next_solid(&lexer);

		if (token.kind == TOKEN_TEMP)
			str_set_slice(name, token.text, token.len);
		else if (token.kind == TOKEN_WORD || token.kind == TOKEN_NAME)
			quote_name_read(name, token.text, token.len, true);
		else
			return false;
		token = lexer_next_solid(&lexer);
		if (token.kind == TOKEN_END)
			return true;
		if (!token_is_char(&token, '.') || schema->len > 0)
			return false;
		str_set_slice(schema, name->text, name->len);
		str_clear(name);
	}
}

void warehouse_columns_done(struct warehouse_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		mem_free(columns->items[i]);
	vec_done(columns);
}

static void columns_sql(const struct load_world *world, const char *schema,
			const char *name, struct str *sql)
{
	str_add(sql, "select a.attname from pg_catalog.pg_attribute a "
		     "join pg_catalog.pg_class c on c.oid = a.attrelid "
		     "join pg_catalog.pg_namespace n "
		     "on n.oid = c.relnamespace "
		     "where a.attnum > 0 and not a.attisdropped "
		     "and c.relname = ");
	quote_literal(sql, name, world->escapes);
	if (schema[0] != '\0') {
		str_add(sql, " and n.nspname = ");
		quote_literal(sql, schema, world->escapes);
	} else {
		str_add(sql, " and pg_catalog.pg_table_is_visible(c.oid)");
	}
	str_add(sql, " order by a.attnum");
}

bool warehouse_find_columns(const struct load_world *world, const char *table,
			    struct warehouse_columns *out, struct err *err)
{
	CLEANUP(str_done) struct str schema = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	const struct rows_value *values;
	enum rows_step step;

	if (!warehouse_split_name(table, &schema, &name)) {
		err_set(err, ERR_USAGE, "%s is no name of a table", table);
		return err_hint(err, "write table, schema.table or \"Odd "
				     "Name\"");
	}
	columns_sql(world, schema.text, name.text, &sql);
	CLEANUP(rows_freep)
	struct rows *rows = world->ask(world->context, sql.text, err);
	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW)
		vec_push(out, mem_copy_text(values[0].text));
	return step == ROWS_END;
}

void warehouse_region(const char *host, struct str *out)
{
	const char *service = strstr(host, ".redshift.");
	const char *begin;

	if (service == NULL)
		service = strstr(host, ".redshift-serverless.");
	if (service == NULL || strstr(service, "amazonaws.com") == NULL)
		return;
	begin = service;
	while (begin > host && begin[-1] != '.')
		begin--;
	str_add_slice(out, begin, (size_t)(service - begin));
}

/* Behind an endpoint of an emulator the warehouse is in the region in
 * force. */
static void add_emulated_region(const struct load_world *world, struct str *out)
{
	struct err ignored = ERR_EMPTY;
	struct aws *aws = world->aws != NULL
				  ? world->aws(world->context, &ignored)
				  : NULL;

	if (aws != NULL && world->host[0] != '\0' && worker_is_overridden(aws))
		worker_add_region(aws, out);
}

bool warehouse_foreign_region(const struct load_world *world, const char *uri,
			      struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str mine = STR_EMPTY;
	CLEANUP(str_done) struct str bucket = STR_EMPTY;
	CLEANUP(str_done) struct str theirs = STR_EMPTY;

	warehouse_region(world->host, &mine);
	if (mine.len == 0)
		add_emulated_region(world, &mine);
	if (mine.len == 0 || !str_starts(uri, "s3://"))
		return true;
	uri += strlen("s3://");
	str_set_slice(&bucket, uri, strcspn(uri, "/"));
	if (!world->region(world->context, bucket.text, &theirs, err))
		return false;
	if (theirs.len > 0 && strcmp(mine.text, theirs.text) != 0)
		str_add(out, theirs.text);
	return true;
}
