#include "sandbox/copy/rscopy_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "load/copy_parse.h"
#include "sandbox/copy/rscopy_job.h"
#include "sql/quote.h"

enum { VARCHAR_MAX = 65535 };

/* --- types --- */

static const struct {
	const char *name; /* pg_type.typname */
	enum rscopy_type type;
	int length;
	const char *shown; /* in the error views, NULL: as it is */
} types[] = {
	{ "int2", RSCOPY_INTEGER, 2 },
	{ "int4", RSCOPY_INTEGER, 4 },
	{ "int8", RSCOPY_INTEGER, 8 },
	{ "numeric", RSCOPY_DECIMAL, 38 },
	{ "float4", RSCOPY_FLOAT, 0 },
	{ "float8", RSCOPY_FLOAT, 0 },
	{ "bool", RSCOPY_BOOL, 0 },
	{ "bpchar", RSCOPY_CHAR, 1, "char" },
	{ "varchar", RSCOPY_VARCHAR, VARCHAR_MAX },
	{ "text", RSCOPY_VARCHAR, VARCHAR_MAX },
	{ "date", RSCOPY_DATE, 0 },
	{ "time", RSCOPY_TIME, 0 },
	{ "timetz", RSCOPY_TIME, 0 },
	{ "timestamp", RSCOPY_TIMESTAMP, 0 },
	{ "timestamptz", RSCOPY_TIMESTAMPTZ, 0 },
	{ "super", RSCOPY_SUPER, 0 },
	{ "varbyte", RSCOPY_VARBYTE, 0 },
	{ "geometry", RSCOPY_GEOMETRY, 0 },
	{ "geography", RSCOPY_GEOMETRY, 0 },
	{ "hllsketch", RSCOPY_SKETCH, 0 },
};

/* Type modifiers as PostgreSQL packs them, 4 added to each. */
static void set_type(struct rscopy_column *column, const char *name, int typmod)
{
	snprintf(column->type_name, sizeof(column->type_name), "%s", name);
	column->type = RSCOPY_OTHER;
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strcmp(types[i].name, name) != 0)
			continue;
		if (types[i].shown != NULL)
			snprintf(column->type_name, sizeof(column->type_name),
				 "%s", types[i].shown);
		column->type = types[i].type;
		column->length = types[i].length;
	}
	if (typmod < 4)
		return;
	if (column->type == RSCOPY_DECIMAL) {
		column->length = (typmod - 4) >> 16;
		column->scale = (typmod - 4) & 0xffff;
	} else if (column->type == RSCOPY_CHAR ||
		   column->type == RSCOPY_VARCHAR ||
		   column->type == RSCOPY_VARBYTE) {
		column->length = typmod - 4;
	}
}

/* --- the catalog --- */

enum { ATTNAME, TYPNAME, TYPMOD, NOT_NULL, IDENTITY, HAS_DEFAULT, FIELDS };

static bool take_column(void *context, const char *const *values, size_t count,
			struct err *err)
{
	struct rscopy_table *table = context;
	struct rscopy_column column = { 0 };

	if (count != FIELDS)
		return err_set(err, ERR_DATA, "catalog row of %zu fields",
			       count);
	column.name = mem_copy_text(values[ATTNAME]);
	set_type(&column, values[TYPNAME], atoi(values[TYPMOD]));
	column.not_null = values[NOT_NULL][0] == 't';
	column.identity = values[IDENTITY][0] != '\0';
	column.by_default = values[IDENTITY][0] == 'd';
	column.has_default = values[HAS_DEFAULT][0] == 't';
	vec_push(table, column);
	return true;
}

static bool take_table(void *context, const char *const *values, size_t count,
		       struct err *err)
{
	struct rscopy_table *table = context;

	if (count != 3)
		return err_set(err, ERR_DATA, "catalog row of %zu fields",
			       count);
	table->oid = strtoll(values[0], NULL, 10);
	table->schema = mem_copy_text(values[1]);
	table->name = mem_copy_text(values[2]);
	return true;
}

static bool query(struct rscopy_job *job, const char *sql,
		  bool (*take)(void *, const char *const *, size_t,
			       struct err *),
		  void *context)
{
	const struct rscopy_link *link = job->call->link;
	struct rscopy_row row = { take, context };
	struct err err = ERR_EMPTY;

	return link->query(link->context, sql, &row, &err) ||
	       rscopy_fail_err(job, &err);
}

static bool find_table(struct rscopy_job *job,
		       const struct copy_statement *statement,
		       struct rscopy_table *out)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (statement->schema != NULL) {
		quote_name_always(&name, statement->schema,
				  strlen(statement->schema));
		str_add_char(&name, '.');
	}
	quote_name_always(&name, statement->table, strlen(statement->table));
	str_add(&sql, "SELECT c.oid, n.nspname, c.relname"
		      " FROM pg_catalog.pg_class c"
		      " JOIN pg_catalog.pg_namespace n"
		      " ON n.oid = c.relnamespace"
		      " WHERE c.relkind IN ('r', 'p') AND c.oid ="
		      " pg_catalog.to_regclass(");
	quote_literal(&sql, name.text, false);
	str_add_char(&sql, ')');
	if (!query(job, sql.text, take_table, out))
		return false;
	return out->name != NULL ||
	       rscopy_fail(job, "42P01",
			   "Cannot COPY into nonexistent table %s",
			   statement->table);
}

/* All columns of the table, in its order. */
static bool find_columns(struct rscopy_job *job, struct rscopy_table *table)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_addf(&sql,
		 "SELECT a.attname, CASE WHEN t.typtype = 'd' THEN"
		 " (SELECT b.typname FROM pg_catalog.pg_type b"
		 " WHERE b.oid = t.typbasetype) ELSE t.typname END,"
		 " CASE WHEN t.typtype = 'd' THEN t.typtypmod"
		 " ELSE a.atttypmod END, a.attnotnull,"
		 " a.attidentity, a.atthasdef"
		 " FROM pg_catalog.pg_attribute a"
		 " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
		 " WHERE a.attrelid = %lld AND a.attnum > 0"
		 " AND NOT a.attisdropped ORDER BY a.attnum",
		 (long long)table->oid);
	return query(job, sql.text, take_column, table);
}

/* --- which of them the file fills --- */

static void drop_identities(struct rscopy_table *table)
{
	for (size_t i = table->count; i > 0; i--) {
		if (!table->items[i - 1].identity)
			continue;
		mem_free(table->items[i - 1].name);
		vec_remove(table, i - 1);
	}
}

static size_t find_column(const struct rscopy_table *table, const char *name)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->items[i].name != NULL &&
		    strcmp(table->items[i].name, name) == 0)
			return i;
	return SIZE_MAX;
}

/* A NOT NULL column that is left out needs a default. */
static bool check_left(struct rscopy_job *job, const struct rscopy_column *left)
{
	if (left->name == NULL || !left->not_null || left->has_default ||
	    left->identity)
		return true;
	return rscopy_fail(job, "42601",
			   "NOT NULL column without DEFAULT must be included"
			   " in column list: %s",
			   left->name);
}

/* Moves the named columns of all into table; NULL names mark them as used. */
static bool choose(struct rscopy_job *job,
		   const struct copy_statement *statement, bool explicit_ids,
		   struct rscopy_table *all, struct rscopy_table *table)
{
	for (size_t i = 0; i < statement->columns.count; i++) {
		const char *name = statement->columns.items[i];
		size_t at = find_column(all, name);

		if (at == SIZE_MAX)
			return rscopy_fail(job, "42703",
					   "column \"%s\" of relation \"%s\""
					   " does not exist",
					   name, table->name);
		if (all->items[at].identity && !all->items[at].by_default &&
		    !explicit_ids)
			return rscopy_fail(job, "42601",
					   "cannot load into identity column"
					   " \"%s\" without EXPLICIT_IDS",
					   name);
		vec_push(table, all->items[at]);
		all->items[at].name = NULL;
	}
	for (size_t i = 0; i < all->count; i++) {
		const struct rscopy_column *left = &all->items[i];

		if (!check_left(job, left))
			return false;
		if (explicit_ids && left->name != NULL && left->identity &&
		    !left->by_default)
			return rscopy_fail(job, "42601",
					   "EXPLICIT_IDS needs the identity"
					   " column \"%s\" in the column"
					   " list",
					   left->name);
	}
	return true;
}

bool rscopy_table_find(struct rscopy_job *job,
		       const struct copy_statement *statement,
		       bool explicit_ids, struct rscopy_table *out)
{
	CLEANUP(rscopy_table_done) struct rscopy_table all = { 0 };

	if (!find_table(job, statement, out))
		return false;
	if (statement->columns.count == 0) {
		if (!find_columns(job, out))
			return false;
		if (!explicit_ids)
			drop_identities(out);
		return true;
	}
	all.oid = out->oid;
	return find_columns(job, &all) &&
	       choose(job, statement, explicit_ids, &all, out);
}

void rscopy_table_done(struct rscopy_table *table)
{
	mem_free(table->schema);
	mem_free(table->name);
	for (size_t i = 0; i < table->count; i++)
		mem_free(table->items[i].name);
	vec_done(table);
}

void rscopy_table_add_copy(const struct rscopy_table *table, struct str *out)
{
	str_add(out, "COPY ");
	quote_name_always(out, table->schema, strlen(table->schema));
	str_add_char(out, '.');
	quote_name_always(out, table->name, strlen(table->name));
	str_add(out, " (");
	for (size_t i = 0; i < table->count; i++) {
		if (i > 0)
			str_add(out, ", ");
		quote_name_always(out, table->items[i].name,
				  strlen(table->items[i].name));
	}
	str_add(out, ") FROM STDIN");
}
