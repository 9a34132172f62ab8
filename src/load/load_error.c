#include "load/load_error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/rows.h"
#include "data/rows_mem.h"
#include "db/conn.h"
#include "db/exec.h"
#include "load/copy_parse.h"
#include "load/load_line.h"
#include "sql/lexer.h"

/* r_Load_Error_Reference: what people do about each. */
static const struct {
	int code;
	const char *cure;
} cures[] = {
	{ 1201, "name the delimiter that the file has: DELIMITER 'c', or CSV" },
	{ 1202, "the line has more fields than the table: give a column list, "
		"or CSV when a quoted field holds the delimiter" },
	{ 1203, "the line has fewer fields than the table: FILLRECORD makes "
		"the missing ones NULL, a column list leaves them out" },
	{ 1204, "the column is too small: bytes count, not characters; widen "
		"it, or TRUNCATECOLUMNS cuts text" },
	{ 1205, "name the file's dates: DATEFORMAT 'MM/DD/YYYY' or 'auto'; "
		"ACCEPTANYDATE makes bad ones NULL" },
	{ 1206, "name the file's times: TIMEFORMAT 'MM/DD/YYYY HH:MI:SS' or "
		"'auto'; ACCEPTANYDATE makes bad ones NULL" },
	{ 1207, "the column is a number: mend the value, name the text that "
		"means nothing by NULL AS, or load the column as VARCHAR" },
	{ 1208, "the column is a number: mend the value or load the column as "
		"VARCHAR" },
	{ 1209, "the column is DECIMAL: mend the value or load the column as "
		"VARCHAR" },
	{ 1210, "BOOLEAN takes true, false, t, f, yes, no, y, n, 1 and 0" },
	{ 1211, "IGNOREBLANKLINES skips empty lines" },
	{ 1212, "look with \\s3ls whether the file is there still" },
	{ 1213, "the column is NOT NULL: mend the value, or let the column "
		"take NULL" },
	{ 1214, "the line has fewer fields than the table: look at the "
		"delimiter; FILLRECORD makes the missing ones NULL" },
	{ 1215, "CHAR holds single-byte characters only: use VARCHAR" },
	{ 1216, "a line break or an odd quote stands in a field: CSV reads "
		"quoted ones, ESCAPE reads those after a backslash" },
	{ 1217, "the column is IDENTITY: EXPLICIT_IDS takes values from the "
		"file, a column list leaves it out" },
	{ 1218, "NULL AS '\\0' takes fields of one NUL byte only" },
	{ 1219, "the file is not UTF-8: ENCODING names what it is, "
		"ACCEPTINVCHARS replaces the bytes" },
	{ 1220, "the file is not UTF-8: ENCODING names what it is, "
		"ACCEPTINVCHARS replaces the bytes" },
	{ 1221, "ENCODING does not name what the file is in" },
	{ 1222, "the number does not fit: take a wider type such as BIGINT" },
	{ 1224, "the text is no JSON: mend it or load the column as VARCHAR" },
	{ 8001, "MANIFEST needs the whole path of the manifest file; it shows "
		"as well when the role may not read it" },
};

const char *load_error_cure(int code)
{
	for (size_t i = 0; i < COUNT_OF(cures); i++) {
		if (cures[i].code == code)
			return cures[i].cure;
	}
	return NULL;
}

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

static const char stl_sql[] =
	"select query, tbl, starttime, filename, line_number, colname, type, "
	"col_length, position, raw_line, raw_field_value, err_code, "
	"err_reason from stl_load_errors%s "
	"order by query desc, filename, line_number limit %d";
static const char stl_where[] = " where session = %d";

static const char sys_sql[] =
	"select query_id, table_id, start_time, file_name, line_number, "
	"column_name, column_type, column_length, position, '', '', "
	"error_code, error_message from sys_load_error_detail%s "
	"order by query_id desc, file_name, line_number limit %d";
static const char sys_where[] = " where session_id = %d";

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

static void make_sql(char sql[1024], const char *fmt, const char *where_fmt,
		     int session, int limit)
{
	char where[64] = "";

	if (session != 0)
		snprintf(where, sizeof(where), where_fmt, session);
	snprintf(sql, 1024, fmt, where, limit);
}

bool load_error_read(struct load_errors *out, struct db *db, int session,
		     int limit, struct err *err)
{
	/* STL views are not on serverless; SYS views are on both, but have
	 * neither raw line nor value */
	bool serverless = strstr(db_host(db), ".redshift-serverless.") != NULL;
	struct err first = ERR_EMPTY;
	char sql[1024];

	make_sql(sql, stl_sql, stl_where, session, limit);
	if (serverless || !read_view(out, db, sql, &first)) {
		if (first.kind == ERR_CANCELLED) {
			*err = first;
			return false;
		}
		make_sql(sql, sys_sql, sys_where, session, limit);
		if (!read_view(out, db, sql, err))
			return false;
	}
	/* of one session: only the newest COPY counts */
	while (session != 0 && out->count > 1 &&
	       out->items[out->count - 1].query != out->items[0].query) {
		struct load_errors last = { .count = 0 };

		vec_push(&last, out->items[--out->count]);
		load_errors_done(&last);
	}
	return true;
}

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

/* --- the explanation --- */

struct question {
	struct db *db; /* to ask on */
	const struct copy_statement *statement;
	const struct load_error_hooks *hooks;
};

static int in_columns(const struct copy_statement *statement,
		      const char *column)
{
	for (size_t i = 0; i < statement->columns.count; i++) {
		if (str_equal_nocase(statement->columns.items[i], column))
			return (int)i;
	}
	return -1;
}

enum {
	EXTRA_COLUMNS = 1202,
	FIRST_DELIMITER = 1201,
	FEW_COLUMNS = 1203,
	NO_DELIMITER = 1214
};

/* Which field of the line the column is, from 0; -1: not known. */
static int column_index(const struct question *question,
			const struct load_error *error)
{
	const struct rows_value *values;
	char sql[256];
	int at = 0;

	if (question->statement->columns.count > 0)
		return error->code == EXTRA_COLUMNS
			       ? (int)question->statement->columns.count
			       : in_columns(question->statement, error->column);
	snprintf(sql, sizeof(sql),
		 "select attname from pg_catalog.pg_attribute "
		 "where attrelid = %lld and attnum > 0 "
		 "and not attisdropped order by attnum",
		 (long long)error->table);
	CLEANUP(rows_freep)
	struct rows *rows = exec_query(question->db, sql, NULL, NULL);
	while (rows != NULL && rows_next(rows, &values, NULL) == ROWS_ROW) {
		if (values[0].text != NULL &&
		    strcmp(values[0].text, error->column) == 0)
			return at;
		at++;
	}
	/* the first field that has no column */
	return error->code == EXTRA_COLUMNS && at > 0 ? at : -1;
}

static void add_escaped(struct str *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < ' ' || *text == 127)
			str_addf(out, "\\x%02x", (unsigned char)*text);
		else
			str_add_char(out, *text);
	}
}

static void add_place(const struct load_error *error, struct str *out)
{
	add_escaped(out, error->file);
	if (error->line >= 0)
		str_addf(out, ", line %lld", (long long)error->line);
	str_add_char(out, '\n');
	if (error->column[0] != '\0') {
		str_addf(out, "  column  %s", error->column);
		if (error->type[0] != '\0') {
			str_addf(out, "  %s", error->type);
			if (error->length[0] != '\0' &&
			    strcmp(error->length, "0") != 0)
				str_addf(out, "(%s)", error->length);
		}
		str_add_char(out, '\n');
	}
}

static void add_value(const struct load_error *error,
		      const struct load_line *line, struct str *out)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;

	if (line != NULL && line->field_len > 0)
		str_add_slice(&value, line->text.text + line->field_at,
			      line->field_len);
	else
		str_add(&value, error->value);
	if (value.len == 0)
		return;
	str_add(out, "  value   ");
	add_escaped(out, value.text);
	str_add_char(out, '\n');
}

/* The commonest cause of all: COPY's own delimiter is the bar. */
static bool looks_like_csv(const struct question *question,
			   const struct load_error *error,
			   const struct load_line *line)
{
	const struct copy_options *options = &question->statement->options;

	return (error->code == FIRST_DELIMITER || error->code == FEW_COLUMNS ||
		error->code == NO_DELIMITER) &&
	       !copy_options_has(options, COPY_CSV) &&
	       !copy_options_has(options, COPY_DELIMITER) &&
	       strpbrk(line->text.text, ",;\t") != NULL &&
	       strchr(line->text.text, '|') == NULL;
}

static const char *find_cure(const struct question *question,
			     const struct load_error *error,
			     const struct load_line *line)
{
	if (strstr(error->reason, "quote") != NULL)
		return "a quote in the line opens or closes where it should "
		       "not: mend it, double it inside a quoted field, or "
		       "name another QUOTE";
	if (looks_like_csv(question, error, line))
		return "fields are parted by | unless COPY is told otherwise: "
		       "this line asks for CSV or another DELIMITER";
	return load_error_cure(error->code);
}

static void add_error(const struct question *question,
		      const struct load_error *error, struct str *out)
{
	CLEANUP(load_line_done) struct load_line line = LOAD_LINE_EMPTY;
	struct err err = ERR_EMPTY;
	const char *cure;
	bool found = error->line > 0 &&
		     load_line_read(&line, error, column_index(question, error),
				    &question->statement->options,
				    question->hooks, &err);

	add_place(error, out);
	add_value(error, found ? &line : NULL, out);
	str_addf(out, "  reason  %s (%d)\n", error->reason, error->code);
	if (found) {
		load_line_add(&line, 100, out);
	} else if (error->raw_line[0] != '\0') {
		str_add(out, "  line    ");
		add_escaped(out, error->raw_line);
		str_add_char(out, '\n');
	}
	if (!found && err.kind != ERR_NONE)
		str_addf(out, "  (the line itself could not be read: %s)\n",
			 err.message);
	cure = find_cure(question, error, &line);
	if (cure != NULL)
		str_addf(out, "  cure    %s\n", cure);
}

enum { EXPLAIN_MAX = 3, ASK_MAX = 100 };

static bool add_errors(const struct question *question, int session,
		       struct str *out)
{
	CLEANUP(load_errors_done) struct load_errors errors = { .count = 0 };
	struct err err = ERR_EMPTY;

	if (!load_error_read(&errors, question->db, session, ASK_MAX, &err)) {
		str_addf(out, "The load errors could not be read: %s\n",
			 err.message);
		return true;
	}
	if (errors.count == 0)
		return false;
	for (size_t i = 0; i < errors.count && i < EXPLAIN_MAX; i++)
		add_error(question, &errors.items[i], out);
	if (errors.count > EXPLAIN_MAX)
		str_addf(out, "%zu errors in all; \\loaderrors shows them\n",
			 errors.count);
	return true;
}

/* The first COPY among the statements of a text. */
static void parse_any(struct copy_statement *out, const char *sql)
{
	size_t len = strlen(sql);
	bool begins = true;
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	do {
		token = lexer_next_solid(&lexer);
		if (begins && token_is(&token, "COPY")) {
			struct copy_statement found = COPY_STATEMENT_EMPTY;
			struct err ignored = ERR_EMPTY;

			if (copy_parse(&found, sql + token.at, len - token.at,
				       &ignored)) {
				*out = found;
				return;
			}
			copy_statement_done(&found);
		}
		begins = token_is_char(&token, ';');
	} while (token.kind != TOKEN_END);
}

bool load_error_explain(struct str *out, struct db *db, const char *sql,
			const char *message,
			const struct load_error_hooks *hooks)
{
	CLEANUP(copy_statement_done)
	struct copy_statement statement = COPY_STATEMENT_EMPTY;
	struct question question = { db, &statement, hooks };
	struct err err = ERR_EMPTY;

	/* "Check 'stl_load_errors' ...", "... 'sys_load_error_detail' ..." */
	if (strstr(message, "load_error") == NULL)
		return false;
	/* what cannot be parsed here the server took: go on without its
	 * dialect */
	parse_any(&statement, sql);
	if (db_transaction(db) == DB_IDLE)
		return add_errors(&question, db_backend_pid(db), out);
	if (db_transaction(db) == DB_UNKNOWN || hooks->connect == NULL)
		return false;
	CLEANUP(db_closep)
	struct db *second = hooks->connect(hooks->context, &err);
	if (second == NULL) {
		str_addf(out, "The load errors could not be read: %s\n",
			 err.message);
		return true;
	}
	question.db = second;
	return add_errors(&question, db_backend_pid(db), out);
}
