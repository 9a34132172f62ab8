#include "load/load_error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "data/rows.h"
#include "data/rows_mem.h"
#include "db/conn.h"
#include "db/exec.h"
#include "load/warehouse.h"
#include "sql/quote.h"

/* --- rows of the views --- */

void load_errors_done(struct load_errors *errors)
{
	for (size_t i = 0; i < errors->count; i++) {
		struct load_error *error = &errors->items[i];

		mem_free(error->file);
		mem_free(error->column);
		mem_free(error->type);
		mem_free(error->length);
		mem_free(error->value);
		mem_free(error->raw_line);
		mem_free(error->reason);
		mem_free(error->at);
	}
	vec_done(errors);
}

/* Both views under the same names, in the order of enum column. */
enum column {
	QUERY,
	TABLE,
	AT,
	FILE_NAME,
	LINE,
	COLUMN,
	TYPE,
	LENGTH,
	POSITION,
	RAW_LINE,
	VALUE,
	CODE,
	REASON,
	COLUMN_COUNT,
};

static const struct view {
	const char *select;
	const char *session, *query, *table, *time;	/* columns */
	const char *order;
} stl = {
	"select query, tbl, starttime, filename, line_number, colname, type, "
	"col_length, position, raw_line, raw_field_value, err_code, "
	"err_reason from stl_load_errors",
	"session", "query", "tbl", "starttime",
	"query desc, filename, line_number",
}, sys = {
	"select query_id, table_id, start_time, file_name, line_number, "
	"column_name, column_type, column_length, position, '', '', "
	"error_code, error_message from sys_load_error_detail",
	"session_id", "query_id", "table_id", "start_time",
	"query_id desc, file_name, line_number",
};

/* The system's columns are padded with blanks. */
static char *trimmed(const struct rows_value *value)
{
	size_t len = value->text == NULL ? 0 : value->len;

	while (len > 0 && value->text[len - 1] == ' ')
		len--;
	return mem_copy_slice(len == 0 ? "" : value->text, len);
}

static int64_t number(const struct rows_value *value)
{
	return value->text == NULL ? -1 : strtoll(value->text, NULL, 10);
}

static void take_row(struct load_errors *out, const struct rows_value *values)
{
	struct load_error error = {
		.query = number(&values[QUERY]),
		.table = number(&values[TABLE]),
		.file = trimmed(&values[FILE_NAME]),
		.line = number(&values[LINE]),
		.column = trimmed(&values[COLUMN]),
		.type = trimmed(&values[TYPE]),
		.length = trimmed(&values[LENGTH]),
		.value = trimmed(&values[VALUE]),
		.raw_line = trimmed(&values[RAW_LINE]),
		.position = number(&values[POSITION]),
		.code = (int)number(&values[CODE]),
		.reason = trimmed(&values[REASON]),
		.at = trimmed(&values[AT]),
	};

	vec_push(out, error);
}

static bool read_view(struct load_errors *out, struct db *db, const char *sql,
		      struct err *err)
{
	const struct rows_value *values;
	CLEANUP(rows_freep) struct rows *rows = exec_query(db, sql, NULL, err);
	enum rows_step step;

	if (rows == NULL)
		return false;
	if (rows->column_count != COLUMN_COUNT)
		return err_set(err, ERR_DATA,
			       "the view of load errors has other columns");
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW)
		take_row(out, values);
	return step == ROWS_END;
}

static const char *joint(const struct str *sql)
{
	return strstr(sql->text, " where ") == NULL ? " where " : " and ";
}

static void add_condition(struct str *sql, const char *column, int64_t value)
{
	if (value != 0)
		str_addf(sql, "%s%s = %lld", joint(sql), column,
			 (long long)value);
}

static void make_sql(struct str *sql, const struct view *view,
		     const struct load_error_wish *wish)
{
	str_add(sql, view->select);
	add_condition(sql, view->session, wish->session);
	add_condition(sql, view->query, wish->query);
	add_condition(sql, view->table, wish->table);
	if (wish->last_copy)
		str_addf(sql, "%s%s = pg_last_copy_id()", joint(sql),
			 view->query);
	if (wish->seconds > 0)
		str_addf(sql, "%s%s >= dateadd(second, -%d, getdate())",
			 joint(sql), view->time, wish->seconds);
	str_addf(sql, " order by %s limit %d", view->order, wish->limit);
}

/* Rows behind those of the first COPY go. */
static void keep_newest(struct load_errors *errors)
{
	while (errors->count > 1 && errors->items[errors->count - 1].query !=
					    errors->items[0].query) {
		struct load_errors last = { .count = 0 };

		vec_push(&last, errors->items[--errors->count]);
		load_errors_done(&last);
	}
}

bool load_error_read(struct load_errors *out, struct db *db,
		     const struct load_error_wish *wish, struct err *err)
{
	/* STL views are not on serverless; SYS views are on both, but have
	 * neither raw line nor value */
	bool serverless = strstr(db_host(db), ".redshift-serverless.") != NULL;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct err first = ERR_EMPTY;

	make_sql(&sql, &stl, wish);
	if (serverless || !read_view(out, db, sql.text, &first)) {
		if (first.kind == ERR_CANCELLED) {
			*err = first;
			return false;
		}
		str_clear(&sql);
		make_sql(&sql, &sys, wish);
		if (!read_view(out, db, sql.text, err))
			return false;
	}
	if (wish->newest)
		keep_newest(out);
	return true;
}

/* --- tables and statements --- */

bool load_error_find_table(struct db *db, const char *name, int64_t *out_oid,
			   struct err *err)
{
	bool escapes = db_backslash_escapes(db);
	CLEANUP(str_done) struct str schema = STR_EMPTY;
	CLEANUP(str_done) struct str table = STR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	const struct rows_value *values;

	if (!warehouse_split_name(name, &schema, &table)) {
		err_set(err, ERR_USAGE, "%s is no name of a table", name);
		return err_hint(err, "write table, schema.table or \"Odd "
				     "Name\"");
	}
	str_add(&sql, "select c.oid from pg_catalog.pg_class c "
		      "join pg_catalog.pg_namespace n "
		      "on n.oid = c.relnamespace where c.relname = ");
	quote_literal(&sql, table.text, escapes);
	if (schema.len > 0) {
		str_add(&sql, " and n.nspname = ");
		quote_literal(&sql, schema.text, escapes);
	} else {
		str_add(&sql, " and pg_catalog.pg_table_is_visible(c.oid)");
	}
	CLEANUP(rows_freep) struct rows *rows = exec_query(db, sql.text, NULL, err);
	if (rows == NULL)
		return false;
	if (rows_next(rows, &values, err) == ROWS_ROW) {
		*out_oid = number(&values[0]);
		return true;
	}
	err_set(err, ERR_MISSING, "there is no table %s%s", name,
		schema.len > 0 ? "" : " in the search path");
	return err_hint(err, "of a table that was dropped the errors are found "
			     "by number: \\loaderrors lists all");
}

/* Line ends are the two characters \n in the view. */
static void add_piece(struct str *out, const struct rows_value *value)
{
	for (size_t i = 0; i < value->len; i++) {
		if (value->text[i] == '\\' && i + 1 < value->len &&
		    value->text[i + 1] == 'n') {
			str_add_char(out, '\n');
			i++;
		} else {
			str_add_char(out, value->text[i]);
		}
	}
}

void load_error_statement(struct db *db, int64_t query, struct str *out)
{
	const struct rows_value *values;
	struct err ignored = ERR_EMPTY;
	char sql[160];

	snprintf(sql, sizeof(sql),
		 "select text from sys_query_text where query_id = %lld "
		 "order by sequence",
		 (long long)query);
	CLEANUP(rows_freep)
	struct rows *rows = exec_query(db, sql, NULL, &ignored);
	while (rows != NULL && rows_next(rows, &values, &ignored) == ROWS_ROW)
		if (values[0].text != NULL)
			add_piece(out, &values[0]);
	str_trim_end(out);
}

/* --- rows --- */

struct rows *load_error_rows(const struct load_errors *errors)
{
	struct rows_mem *mem = rows_mem_new("Load errors");

	rows_mem_column(mem, "query", ROWS_INTEGER);
	rows_mem_column(mem, "time", ROWS_TIME);
	rows_mem_column(mem, "file", ROWS_TEXT);
	rows_mem_column(mem, "line", ROWS_INTEGER);
	rows_mem_column(mem, "column", ROWS_TEXT);
	rows_mem_column(mem, "type", ROWS_TEXT);
	rows_mem_column(mem, "value", ROWS_TEXT);
	rows_mem_column(mem, "code", ROWS_INTEGER);
	rows_mem_column(mem, "reason", ROWS_TEXT);
	for (size_t i = 0; i < errors->count; i++) {
		const struct load_error *error = &errors->items[i];

		rows_mem_add_number(mem, error->query);
		rows_mem_add(mem, error->at);
		rows_mem_add(mem, error->file);
		rows_mem_add_number(mem, error->line);
		rows_mem_add(mem, error->column);
		rows_mem_add(mem, error->type);
		rows_mem_add(mem, error->value);
		rows_mem_add_number(mem, error->code);
		rows_mem_add(mem, error->reason);
	}
	return rows_mem_rows(mem);
}

