#include "cmd/describe_redshift.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/describe_ask.h"
#include "cmd/describe_column.h"
#include "cmd/describe_facts.h"
#include "data/rows.h"
#include "data/rows_mem.h"
#include "db/conn.h"
#include "shell/session_state.h"
#include "sql/quote.h"

void describe_where(struct session *session,
		    const struct describe_relation *relation,
		    const char *schema, const char *table, struct str *out)
{
	bool escapes = db_backslash_escapes(session_db(session));

	str_addf(out, " where %s = ", schema);
	quote_literal(out, relation->schema, escapes);
	str_addf(out, " and %s = ", table);
	quote_literal(out, relation->name, escapes);
}

/* ---- what kind of view ---- */

static bool is_materialized(struct session *session,
			    const struct describe_relation *relation,
			    bool *out_is, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;

	str_add(&sql, "select name\nfrom svv_mv_info\n");
	describe_where(session, relation, "trim(schema_name)", "trim(name)",
		       &sql);
	str_add(&sql, " and database_name = current_database()");
	rows = session_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	*out_is = rows_next(rows, &values, err) == ROWS_ROW;
	return true;
}

/* A late-binding view has no columns in the catalog, and its text ends in
 * WITH NO SCHEMA BINDING. */
static bool is_late(struct session *session,
		    const struct describe_relation *relation, bool *out_is,
		    struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;

	str_addf(&sql,
		 "select count(*)\nfrom pg_attribute\n"
		 "where attrelid = %s and attnum > 0",
		 relation->oid);
	rows = session_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	*out_is = rows_next(rows, &values, err) == ROWS_ROW &&
		  values[0].text != NULL && strcmp(values[0].text, "0") == 0;
	return true;
}

static bool find_kind(struct session *session,
		      struct describe_relation *relation, struct err *err)
{
	bool is = false;

	if (relation->kind != 'v')
		return true;
	if (!is_materialized(session, relation, &is, err))
		return false;
	if (is) {
		relation->kind = 'm';
		return true;
	}
	if (!is_late(session, relation, &is, err))
		return false;
	if (is)
		relation->kind = 'l';
	return true;
}

/* ---- columns ---- */

struct shown { /* which columns the table has */
	bool keys;
	bool values; /* Nullable, Default */
	bool collation;
	bool partition;
	bool description;
	bool is_short;
};

static struct shown what_is_shown(const struct describe_relation *relation,
				  const struct describe_columns *columns,
				  bool verbose)
{
	struct shown shown = {
		.keys = relation->kind == 'r',
		.values = relation->kind == 'r' || relation->kind == 'a',
		.description = verbose && relation->kind != 'x' &&
			       relation->kind != 'l',
	};

	for (size_t i = 0; i < columns->count; i++) {
		shown.collation =
			shown.collation || *columns->items[i].collation != '\0';
		shown.partition =
			shown.partition || columns->items[i].partition > 0;
	}
	return shown;
}

static struct rows_mem *start_table(const struct describe_relation *relation,
				    const struct shown *shown)
{
	static const struct {
		char kind;
		const char *what;
	} titles[] = {
		{ 'r', "Table" },
		{ 'v', "View" },
		{ 'l', "Late-binding view" },
		{ 'm', "Materialized view" },
		{ 'x', "External table" },
		{ 'a', "Relation" },
	};
	CLEANUP(str_done) struct str title = STR_EMPTY;
	struct rows_mem *mem;

	for (size_t i = 0; i < COUNT_OF(titles); i++)
		if (titles[i].kind == relation->kind)
			str_addf(&title, "%s \"%s%s%s.%s\"", titles[i].what,
				 relation->database ? relation->database : "",
				 relation->database ? "." : "",
				 relation->schema, relation->name);
	mem = rows_mem_new(title.text);
	rows_mem_column(mem, "Column", ROWS_TEXT);
	rows_mem_column(mem, "Type", ROWS_TEXT);
	if (shown->collation)
		rows_mem_column(mem, "Collation", ROWS_TEXT);
	if (shown->partition)
		rows_mem_column(mem, "Partition key", ROWS_TEXT);
	if (shown->values) {
		rows_mem_column(mem, "Nullable", ROWS_TEXT);
		rows_mem_column(mem, "Default", ROWS_TEXT);
	}
	if (shown->keys) {
		rows_mem_column(mem, "Encoding", ROWS_TEXT);
		rows_mem_column(mem, "DistKey", ROWS_TEXT);
		rows_mem_column(mem, "SortKey", ROWS_TEXT);
	}
	if (shown->description)
		rows_mem_column(mem, "Description", ROWS_TEXT);
	return mem;
}

/* 'EUR'::bpchar: the cast tells nothing. */
static size_t literal_len(const char *text)
{
	const char *end = strrchr(text, '\'');

	if (*text == '\'' && end > text && strncmp(end, "'::", 3) == 0)
		return (size_t)(end - text) + 1;
	return strlen(text);
}

static void add_default(struct rows_mem *mem, const char *text, bool is_short)
{
	CLEANUP(str_done) struct str numbers = STR_EMPTY;
	bool by_default;

	if (describe_column_identity(text, &numbers, &by_default))
		rows_mem_addf(mem, "%sidentity(%s)",
			      by_default ? "default " : "", numbers.text);
	else
		rows_mem_add_slice(mem, text,
				   is_short ? literal_len(text) : strlen(text));
}

static void add_place(struct rows_mem *mem, int place)
{
	if (place != 0)
		rows_mem_addf(mem, "%d", place);
	else
		rows_mem_add(mem, "");
}

/* The catalog's names are long: at a terminal those that people type. */
static void add_type(struct rows_mem *mem, const char *type, bool is_short)
{
	static const struct {
		const char *begins;
		const char *instead;
	} names[] = {
		{ "character varying", "varchar" },
		{ "character(", "char(" },
		{ "timestamp without time zone", "timestamp" },
		{ "timestamp with time zone", "timestamptz" },
		{ "time without time zone", "time" },
		{ "time with time zone", "timetz" },
		{ "binary varying", "varbyte" },
	};

	for (size_t i = 0; is_short && i < COUNT_OF(names); i++)
		if (str_starts(type, names[i].begins)) {
			rows_mem_addf(mem, "%s%s", names[i].instead,
				      type + strlen(names[i].begins));
			return;
		}
	rows_mem_add(mem, type);
}

static void add_column(struct rows_mem *mem,
		       const struct describe_column *column,
		       const struct shown *shown)
{
	rows_mem_add(mem, column->name);
	add_type(mem, column->type, shown->is_short);
	if (shown->collation)
		rows_mem_add(mem, column->collation);
	if (shown->partition)
		add_place(mem, column->partition);
	if (shown->values) {
		rows_mem_add(mem, column->not_null ? "not null" : "");
		add_default(mem, column->default_text, shown->is_short);
	}
	if (shown->keys) {
		rows_mem_add(mem, column->encoding);
		rows_mem_add(mem, column->distkey ? "yes" : "");
		add_place(mem, column->sortkey);
	}
	if (shown->description)
		rows_mem_add(mem, column->description);
}

static struct rows *columns_table(const struct session *session,
				  const struct describe_relation *relation,
				  const struct describe_columns *columns,
				  bool verbose)
{
	struct shown shown = what_is_shown(relation, columns, verbose);
	struct rows_mem *mem = start_table(relation, &shown);

	shown.is_short = session->styled;
	for (size_t i = 0; i < columns->count; i++)
		add_column(mem, &columns->items[i], &shown);
	return rows_mem_rows(mem);
}

/* ---- a late-binding view that cannot be asked ---- */

static void add_no_columns(struct session *session, const struct err *why,
			   struct str *footer)
{
	if (why->kind != ERR_NONE)
		str_addf(footer,
			 "Columns: unknown, the view cannot be expanded: %s\n",
			 why->message);
	else if (!describe_may_fail(session))
		str_add(footer, "Columns: not asked for inside a transaction, "
				"which a broken view would abort\n");
}

bool describe_redshift(struct session *session,
		       struct describe_relation *relation, bool verbose,
		       struct described *out, struct err *err)
{
	CLEANUP(describe_columns_done)
	struct describe_columns columns = DESCRIBE_COLUMNS_EMPTY;
	struct err why = ERR_EMPTY;
	bool ok;

	if (!find_kind(session, relation, err))
		return false;
	ok = describe_columns_read(session, relation, verbose, &columns, &why);
	if (!ok && relation->kind != 'l') {
		*err = why;
		return false;
	}
	out->rows = columns_table(session, relation, &columns, verbose);
	if (relation->kind == 'a') {
		str_addf(&out->footer,
			 "In another database: keys, encodings and more are "
			 "seen there, \\c %s\n",
			 relation->database);
		return columns.count > 0 ||
		       err_set(err, ERR_MISSING, "no columns");
	}
	if (columns.count == 0 && relation->kind == 'l')
		add_no_columns(session, &why, &out->footer);
	return describe_facts(session, relation, &columns, verbose,
			      &out->footer, err);
}
