#include "cmd/dashboard_sheets.h"

#include <string.h>

#include "base/cancel.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "base/utf8.h"
#include "chart/wish.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/exec.h"
#include "load/warehouse.h"
#include "report/script.h"
#include "shell/pipeline.h"
#include "shell/session_state.h"
#include "sql/classify.h"
#include "sql/interp.h"
#include "sql/lexer.h"
#include "sql/quote.h"
#include "sql/split.h"

enum {
	SCRIPT_BYTES = 4 << 20,
	SQL_CHARACTERS = 168000, /* model: CustomSql.SqlQuery */
	TEXT_CHARACTERS = 1024,  /* model: SheetDescription */
	TITLE_CHARACTERS = 200,  /* model: 2048; what a tab can show */
};

static const char UNDEFINED_TABLE[] = "42P01";
static const char UNDEFINED_SCHEMA[] = "3F000";

/* ---- columns ---- */

static enum quicksight_type type_of(const struct rows_column *column)
{
	enum { TIMESTAMP = 1114, TIMESTAMPTZ = 1184 };

	switch (column->kind) {
	case ROWS_INTEGER:
		return QUICKSIGHT_INTEGER;
	case ROWS_DECIMAL:
		return QUICKSIGHT_FIXED;
	case ROWS_FLOAT:
		return QUICKSIGHT_FLOAT;
	case ROWS_BOOL:
		return QUICKSIGHT_BIT;
	case ROWS_DATE:
		return QUICKSIGHT_DATETIME;
	case ROWS_TIME:
		return column->oid == TIMESTAMP || column->oid == TIMESTAMPTZ
			       ? QUICKSIGHT_DATETIME
			       : QUICKSIGHT_STRING;
	case ROWS_TEXT:
	case ROWS_JSON:
	case ROWS_BYTES:
		break;
	}
	return QUICKSIGHT_STRING;
}

/* Bytes and shapes are nothing that QuickSight shows: left out of tables. */
static void take_columns(struct quicksight_sheet *sheet,
			 const struct rows *rows, bool is_table)
{
	for (size_t i = 0; i < rows->column_count; i++)
		if (!is_table || rows->columns[i].kind != ROWS_BYTES)
			quicksight_columns_add(&sheet->columns,
					       rows->columns[i].name,
					       type_of(&rows->columns[i]));
}

static struct rows *ask_columns(struct session *session, const char *sql,
				struct err *err)
{
	struct rows *rows;

	if (!pipeline_allows(session, "quicksight", err))
		return NULL;
	if (db_transaction(session->db) == DB_IN_FAILED_BLOCK) {
		err_set(err, ERR_USAGE, "the transaction block has failed: the "
					"columns cannot be asked for");
		err_hint(err, "ROLLBACK ends it");
		return NULL;
	}
	rows = exec_describe(session->db, sql, NULL, err);
	if (!rows && strcmp(err->code, UNDEFINED_TABLE) == 0 && !err->hint[0])
		err_hint(err, "\\dt *.* lists the tables, \\dv *.* the views; "
			      "one that is not on the search_path needs its "
			      "schema: SCHEMA.TABLE");
	return rows;
}

/* ---- the SQL of a sheet ---- */

static bool is_query(const char *sql, bool escapes)
{
	struct statement what = classify(sql, strlen(sql), escapes);

	return what.kind == STATEMENT_QUERY &&
	       (strcmp(what.name, "SELECT") == 0 ||
		strcmp(what.name, "WITH") == 0 ||
		strcmp(what.name, "VALUES") == 0);
}

/* QuickSight puts the query into one of its own: no semicolon at its end, and
 * a comment there must not swallow what comes behind. */
static bool clean_sql(const char *sql, bool escapes, struct str *out,
		      struct err *err)
{
	const char *last;

	str_set(out, sql);
	for (str_trim_end(out);
	     out->len > 0 && out->text[out->len - 1] == ';'; str_trim_end(out))
		str_cut(out, out->len - 1);
	if (!is_query(out->text, escapes)) {
		err_set(err, ERR_USAGE,
			"QuickSight runs each query by itself, and this is "
			"none: %.60s",
			out->text);
		return err_hint(err, "one SELECT for each sheet; what it needs "
				     "goes into WITH or a view");
	}
	last = strrchr(out->text, '\n');
	if (strstr(last ? last : out->text, "--") != NULL)
		str_add_char(out, '\n');
	if (utf8_count(out->text, out->len) > SQL_CHARACTERS) {
		err_set(err, ERR_USAGE, "the query is longer than QuickSight's "
			"%d characters", SQL_CHARACTERS);
		return err_hint(err, "make a view of it, and publish that");
	}
	return true;
}

/* select "a", "b" from s.t: a column that is added later changes nothing. */
static void add_table_sql(const struct quicksight_columns *columns,
			  const char *table, struct str *out)
{
	str_add(out, "select ");
	for (size_t i = 0; i < columns->count; i++) {
		str_add(out, i > 0 ? ", " : "");
		quote_name(out, columns->items[i].name);
	}
	str_addf(out, " from %s", table);
}

/* ---- one sheet ---- */

static bool shape_sheet(struct quicksight_sheet *sheet,
			enum quicksight_kind kind, struct err *err)
{
	struct quicksight_say say = { .kind = kind,
				      .by = QUICKSIGHT_NO_COLUMN };

	return quicksight_columns_check(&sheet->columns, err) &&
	       quicksight_shape_add(&sheet->visuals, &sheet->columns, &say,
				    err);
}

/* "weekly.sql" may be a table of a schema, but seldom is meant as one. */
static bool refuse_file(const char *name, struct err *err)
{
	if (!str_ends(name, ".sql") ||
	    (strcmp(err->code, UNDEFINED_TABLE) != 0 &&
	     strcmp(err->code, UNDEFINED_SCHEMA) != 0))
		return false;
	err_set(err, ERR_MISSING,
		"there is no file %s, and no table of that "
		"name",
		name);
	return err_hint(err, "\\! pwd tells where files are looked for, \\cd "
			     "goes elsewhere");
}

static bool read_table(struct session *session,
		       const struct dashboard_source *source,
		       struct quicksight_sheet *sheet, struct err *err)
{
	CLEANUP(str_done) struct str schema = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;

	if (!warehouse_split_name(source->table, &schema, &name)) {
		err_set(err, ERR_USAGE, "\"%s\" is no table and no SQL file",
			source->table);
		return err_hint(err, "a query stands in parentheses: "
				     "\\quicksight publish NAME (select ...)");
	}
	/* As typed: whether quotes keep capitals is the server's business. */
	str_addf(&sql, "select * from %s", source->table);
	rows = ask_columns(session, sql.text, err);
	if (!rows)
		return refuse_file(source->table, err);
	take_columns(sheet, rows, true);
	str_clear(&sql);
	add_table_sql(&sheet->columns, source->table, &sql);
	sheet->sql = str_take(&sql);
	return shape_sheet(sheet, source->kind, err);
}

static bool read_query(struct session *session, const char *text,
		       struct quicksight_sheet *sheet, struct rows **out_rows,
		       struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (!clean_sql(text, db_backslash_escapes(session->db), &sql, err))
		return false;
	*out_rows = ask_columns(session, sql.text, err);
	if (!*out_rows)
		return false;
	take_columns(sheet, *out_rows, false);
	sheet->sql = str_take(&sql);
	return quicksight_columns_check(&sheet->columns, err);
}

/* ---- the visuals that a chart line asks for ---- */

/* \chart's kinds by their place in chart/chart.h. */
static enum quicksight_kind kind_of(enum chart_kind kind)
{
	enum quicksight_kind found = QUICKSIGHT_GUESS;

	if (kind != CHART_GUESS)
		quicksight_kind_find(chart_kind_name(kind), &found);
	return found;
}

static bool add_chart(struct quicksight_sheet *sheet, const struct rows *rows,
		      const struct chart_wish *wish, struct err *err)
{
	CLEANUP(chart_named_done) struct chart_named named = { .by = -1 };
	struct quicksight_say say = { .title = wish->title };

	if (!chart_wish_read(wish, rows, &named, err))
		return false;
	say.kind = kind_of(named.kind);
	say.named = named.columns.items;
	say.named_count = named.columns.count;
	say.by = named.by;
	return quicksight_shape_add(&sheet->visuals, &sheet->columns, &say,
				    err);
}

static void join_paragraphs(const struct script_part *part, struct str *out)
{
	for (size_t i = 0; i < part->paragraphs.count; i++)
		str_addf(out, "%s%s", i > 0 ? " " : "",
			 part->paragraphs.items[i]);
	quicksight_cut(out, TEXT_CHARACTERS);
}

static bool read_part(struct session *session, const struct script_part *part,
		      enum quicksight_kind kind, struct quicksight_sheet *sheet,
		      struct err *err)
{
	CLEANUP(rows_freep) struct rows *rows = NULL;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str title = STR_EMPTY;

	if (!read_query(session, part->sql, sheet, &rows, err))
		return false;
	str_add(&title, part->title ? part->title : "");
	quicksight_cut(&title, TITLE_CHARACTERS);
	sheet->title = title.len > 0 ? str_take(&title) : NULL;
	join_paragraphs(part, &text);
	sheet->text = text.len > 0 ? str_take(&text) : NULL;
	if (part->charts.count == 0)
		return shape_sheet(sheet, kind, err);
	for (size_t i = 0; i < part->charts.count; i++)
		if (!add_chart(sheet, rows, &part->charts.items[i], err))
			return false;
	return true;
}

/* ---- all ---- */

/* The table last; a title where there is none. */
static void finish_sheet(const struct quicksight_sheets *sheets, size_t at,
			 const char *name)
{
	struct quicksight_sheet *sheet = &sheets->items[at];
	CLEANUP(str_done) struct str title = STR_EMPTY;

	if (!sheet->title && sheets->count == 1)
		sheet->title = mem_copy_text(name);
	if (!sheet->title && sheet->visuals.count > 0) {
		quicksight_add_title(&sheet->visuals.items[0], &sheet->columns,
				     &title);
		sheet->title = str_take(&title);
	}
	if (!sheet->title) {
		str_addf(&title, "Sheet %zu", at + 1);
		sheet->title = str_take(&title);
	}
	quicksight_shape_table(&sheet->visuals);
}

/* \set in a file. */
static bool set_variable(void *context, const char *command, size_t *out_used)
{
	return session_command(context, command, out_used);
}

static bool read_script(struct session *session, const char *path,
			const char *text, struct script *script,
			struct err *err)
{
	CLEANUP(str_done) struct str content = STR_EMPTY;
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	bool escapes = db_backslash_escapes(session->db);
	struct interp vars = {
		.lookup = session_lookup,
		.context = session,
		.may_quote = session_may_quote,
		.escapes = escapes,
		.e_strings = db_takes_e_strings(session->db),
	};
	struct script_world world = { escapes, &vars, set_variable, session };

	if (text && text[strspn(text, " \t\r\n;")] == '\0') {
		err_set(err, ERR_USAGE, "\\quicksight publish: which query?");
		return err_hint(err,
				"\\quicksight publish NAME (select ...), or "
				"TABLE, or FILE.sql; without them it is "
				"the last statement that was sent");
	}
	if (text) {
		/* The buffer's variables are replaced already. */
		world.vars = NULL;
		return script_read(script, text, strlen(text), &world, err);
	}
	path_expand(path, &whole);
	return file_read(whole.text, SCRIPT_BYTES, &content, err) &&
	       (script_read(script, content.text, content.len, &world, err) ||
		err_wrap(err, "%s", path));
}

static bool read_parts(struct session *session,
		       const struct dashboard_source *source,
		       struct quicksight_sheets *out, struct err *err)
{
	CLEANUP(script_done) struct script script = SCRIPT_EMPTY;

	if (!read_script(session, source->table, source->text, &script, err))
		return false;
	for (size_t i = 0; i < script.parts.count; i++) {
		const struct script_part *part = &script.parts.items[i];
		struct quicksight_sheet sheet = { .title = NULL };
		bool ok;

		if (!part->sql)
			continue;
		ok = cancel_check(err) &&
		     read_part(session, part, source->kind, &sheet, err);
		vec_push(out, sheet);
		if (!ok)
			return err_wrap(err, "statement of line %zu",
					part->line);
	}
	return true;
}

static bool is_file(const char *name)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (!name || !str_ends(name, ".sql"))
		return false;
	path_expand(name, &path);
	return strchr(name, '/') != NULL || file_exists(path.text);
}

static bool read_one(struct session *session,
		     const struct dashboard_source *source,
		     struct quicksight_sheets *out, struct err *err)
{
	CLEANUP(rows_freep) struct rows *rows = NULL;
	struct quicksight_sheet sheet = { .title = NULL };
	bool ok = source->query
			  ? read_query(session, source->query, &sheet, &rows,
				       err) &&
				    shape_sheet(&sheet, source->kind, err)
			  : read_table(session, source, &sheet, err);

	vec_push(out, sheet);
	return ok;
}

bool dashboard_sheets_read(struct session *session,
			   const struct dashboard_source *source,
			   struct quicksight_sheets *out, struct err *err)
{
	bool parts = source->text || is_file(source->table);

	if (parts ? !read_parts(session, source, out, err)
		  : !read_one(session, source, out, err))
		return false;
	if (out->count == 0) {
		err_set(err, ERR_USAGE, "there is nothing to publish");
		return err_hint(err, "\\quicksight publish NAME (select ...), "
				     "a table, or a SQL file");
	}
	if (out->count > QUICKSIGHT_MOST_SHEETS) {
		err_set(err, ERR_USAGE, "there are %zu queries; a dashboard "
			"holds %d sheets", out->count, QUICKSIGHT_MOST_SHEETS);
		return err_hint(err, "publish them as several dashboards");
	}
	for (size_t i = 0; i < out->count; i++)
		finish_sheet(out, i, source->name);
	quicksight_sheets_tell_apart(out);
	return true;
}
