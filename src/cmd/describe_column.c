#include "cmd/describe_column.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/describe_ask.h"
#include "cmd/describe_redshift.h"
#include "data/rows.h"
#include "db/conn.h"
#include "shell/session.h"
#include "sql/quote.h"

void describe_columns_done(struct describe_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++) {
		struct describe_column *column = &columns->items[i];

		mem_free(column->name);
		mem_free(column->type);
		mem_free(column->default_text);
		mem_free(column->encoding);
		mem_free(column->description);
		mem_free(column->collation);
	}
	vec_done(columns);
}

static char *copy(const struct rows_value *value)
{
	return mem_copy_text(value->text != NULL ? value->text : "");
}

static bool is_true(const struct rows_value *value)
{
	return value->text != NULL &&
	       (value->text[0] == 't' || value->text[0] == 'T');
}

static int number(const struct rows_value *value)
{
	return value->text != NULL ? (int)strtol(value->text, NULL, 10) : 0;
}

static void replace(char **text, const char *with)
{
	mem_free(*text);
	*text = mem_copy_text(with);
}

/* Rows of name, type, not null, default, description, partition key. */
static bool take_columns(struct rows *rows, struct describe_columns *out,
			 struct err *err)
{
	const struct rows_value *values;
	enum rows_step step;

	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		struct describe_column column = {
			.name = copy(&values[0]),
			.type = copy(&values[1]),
			.not_null = is_true(&values[2]),
			.default_text = copy(&values[3]),
			.description = copy(&values[4]),
			.partition = number(&values[5]),
			.encoding = mem_copy_text(""),
			.collation = mem_copy_text(""),
		};

		vec_push(out, column);
	}
	return step == ROWS_END;
}

/* ---- sources ---- */

static void local_sql(const struct describe_relation *relation, struct str *out)
{
	str_addf(out,
		 "select a.attname, format_type(a.atttypid, a.atttypmod),\n"
		 "  a.attnotnull, pg_get_expr(d.adbin, d.adrelid),\n"
		 "  p.description, 0\n"
		 "from pg_attribute a\n"
		 "left join pg_attrdef d on d.adrelid = a.attrelid"
		 " and d.adnum = a.attnum\n"
		 "left join pg_description p on p.objoid = a.attrelid"
		 " and p.objsubid = a.attnum\n"
		 "where a.attrelid = %s and a.attnum > 0"
		 " and not a.attisdropped\n"
		 "order by a.attnum",
		 relation->oid);
}

static void external_sql(struct session *session,
			 const struct describe_relation *relation,
			 struct str *out)
{
	str_add(out, "select columnname, external_type,"
		     " is_nullable = 'false', '', '', part_key\n"
		     "from svv_external_columns\n");
	describe_where(session, relation, "schemaname", "tablename", out);
	str_add(out, "\norder by columnnum");
}

static void late_sql(struct session *session,
		     const struct describe_relation *relation, struct str *out)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	quote_qualified(&name, relation->schema, relation->name);
	str_add(out, "select col_name, col_type, false, '', '', 0\n"
		     "from pg_get_cols(");
	quote_literal(out, name.text,
		      db_backslash_escapes(session_db(session)));
	str_add(out, ") cols(view_schema name, view_name name, col_name name,"
		     " col_type varchar, col_num int)\norder by col_num");
}

static void abroad_sql(struct session *session,
		       const struct describe_relation *relation,
		       struct str *out)
{
	str_add(out,
		"select column_name, data_type || case"
		" when data_type like '%char%'"
		" and character_maximum_length is not null\n"
		"  then '(' || cast(character_maximum_length as varchar) || ')'"
		"\n  when data_type in ('numeric', 'decimal')"
		" and numeric_precision is not null\n"
		"  then '(' || cast(numeric_precision as varchar) || ','"
		" || cast(coalesce(numeric_scale, 0) as varchar) || ')'"
		" else '' end,\n"
		"  is_nullable = 'NO', column_default, remarks, 0\n"
		"from svv_all_columns\n");
	describe_where(session, relation, "schema_name", "table_name", out);
	str_add(out, " and database_name = ");
	quote_literal(out, relation->database,
		      db_backslash_escapes(session_db(session)));
	str_add(out, "\norder by ordinal_position");
}

/* The view is found broken, or is not found, only by being asked for: an
 * error is told below the table. */
static bool read_late(struct session *session,
		      const struct describe_relation *relation,
		      struct describe_columns *out, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;

	if (!describe_may_fail(session))
		return true;
	late_sql(session, relation, &sql);
	rows = describe_ask(session, sql.text, err);
	if (rows == NULL || !take_columns(rows, out, err))
		return false;
	return true;
}

static bool read_plain(struct session *session,
		       const struct describe_relation *relation,
		       struct describe_columns *out, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;

	if (relation->kind == 'x')
		external_sql(session, relation, &sql);
	else if (relation->kind == 'a')
		abroad_sql(session, relation, &sql);
	else
		local_sql(relation, &sql);
	rows = session_query(session, sql.text, err);
	return rows != NULL && take_columns(rows, out, err);
}

/* ---- encodings, keys, collations ---- */

static struct describe_column *find(struct describe_columns *columns,
				    const struct rows_value *name)
{
	for (size_t i = 0; name->text != NULL && i < columns->count; i++)
		if (strcmp(columns->items[i].name, name->text) == 0)
			return &columns->items[i];
	return NULL;
}

static void take_keys(struct describe_column *column,
		      const struct rows_value *values)
{
	int key = number(&values[3]);

	replace(&column->encoding,
		values[1].text != NULL ? values[1].text : "");
	column->distkey = is_true(&values[2]);
	column->sortkey = abs(key);
	/* The sign alternates in interleaved keys. */
	column->interleaved = key < 0;
	if (*column->default_text == '\0' && values[4].text != NULL)
		replace(&column->default_text, values[4].text);
}

static bool read_keys(struct session *session,
		      const struct describe_relation *relation,
		      struct describe_columns *columns, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	str_add(&sql, "select column_name, encoding, distkey, sortkey,"
		      " column_default\nfrom svv_redshift_columns\n");
	describe_where(session, relation, "schema_name", "table_name", &sql);
	str_add(&sql, " and database_name = ");
	quote_literal(&sql, db_name(session_db(session)),
		      db_backslash_escapes(session_db(session)));
	rows = session_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		struct describe_column *column = find(columns, &values[0]);

		if (column == NULL)
			continue;
		columns->keys_known = true;
		take_keys(column, values);
	}
	return step == ROWS_END;
}

static bool read_collations(struct session *session,
			    const struct describe_relation *relation,
			    struct describe_columns *columns, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	str_add(&sql, "select column_name, lower(collation_name)\n"
		      "from svv_columns\n");
	describe_where(session, relation, "table_schema", "table_name", &sql);
	str_add(&sql, " and lower(collation_name) = 'case_insensitive'");
	rows = session_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		struct describe_column *column = find(columns, &values[0]);

		if (column != NULL)
			replace(&column->collation, values[1].text);
	}
	return step == ROWS_END;
}

bool describe_columns_read(struct session *session,
			   const struct describe_relation *relation,
			   bool collations, struct describe_columns *out,
			   struct err *err)
{
	if (relation->kind == 'l')
		return read_late(session, relation, out, err);
	if (!read_plain(session, relation, out, err))
		return false;
	if (relation->kind != 'r')
		return true;
	return read_keys(session, relation, out, err) &&
	       (!collations || read_collations(session, relation, out, err));
}

/* ---- keys ---- */

static const struct describe_column *at_position(
	const struct describe_columns *columns, int position)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->items[i].sortkey == position)
			return &columns->items[i];
	return NULL;
}

void describe_columns_sort_key(const struct describe_columns *columns,
			       struct str *out)
{
	const struct describe_column *column;

	for (int i = 1; (column = at_position(columns, i)) != NULL; i++) {
		str_add(out, i > 1 ? ", " : "");
		quote_name(out, column->name);
	}
}

bool describe_columns_interleaved(const struct describe_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->items[i].interleaved)
			return true;
	return false;
}

const char *describe_columns_dist_key(const struct describe_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->items[i].distkey)
			return columns->items[i].name;
	return NULL;
}

/* ---- IDENTITY ---- */

bool describe_column_identity(const char *default_text, struct str *out_numbers,
			      bool *out_by_default)
{
	const char *at = default_text;
	const char *quote;
	size_t len;

	at += *at == '"';
	*out_by_default = strncmp(at, "default_identity", 16) == 0;
	if (!*out_by_default && strncmp(at, "identity", 8) != 0)
		return false;
	at += *out_by_default ? 16 : 8;
	at += *at == '"';
	quote = *at == '(' ? strchr(at, '\'') : NULL;
	if (quote == NULL)
		return false;
	len = strspn(quote + 1, "0123456789,-+ ");
	if (len == 0 || quote[1 + len] != '\'')
		return false;
	str_add_slice(out_numbers, quote + 1, len);
	return true;
}
