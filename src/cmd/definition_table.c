#include "cmd/definition_table.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/definition_external.h"
#include "cmd/definition_name.h"
#include "cmd/definition_rights.h"
#include "cmd/describe_ask.h"
#include "cmd/describe_column.h"
#include "cmd/describe_redshift.h"
#include "cmd/describe_similar.h"
#include "data/rows.h"
#include "db/conn.h"
#include "shell/session.h"
#include "sql/quote.h"

struct table {
	struct describe_relation relation;
	struct describe_columns columns;
	struct str style;       /* reldiststyle */
	struct str constraints; /* lines with a comma in front */
	struct str shown;       /* what SHOW TABLE says, or "" */
	bool auto_encode;
	bool auto_sort;
	bool no_backup;
};

static void table_done(struct table *table)
{
	mem_free(table->relation.oid);
	mem_free(table->relation.schema);
	mem_free(table->relation.name);
	describe_columns_done(&table->columns);
	str_done(&table->style);
	str_done(&table->constraints);
	str_done(&table->shown);
}

static const char *text_of(const struct rows_value *value)
{
	return value->text != NULL ? value->text : "";
}

/* ---- which ---- */

/* *out_kind 0: there is none of this name. */
static bool find(struct session *session, const struct definition_name *name,
		 struct table *table, char *out_kind, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	*out_kind = 0;
	str_add(&sql,
		"select c.oid, n.nspname, c.relname, c.relkind,"
		" c.reldiststyle\nfrom pg_class c\n"
		"join pg_namespace n on n.oid = c.relnamespace\nwhere true");
	definition_name_where(name, "pg_table_is_visible(c.oid)", "c.relname",
			      &sql);
	rows = describe_ask(session, sql.text, err);
	if (rows == NULL)
		return false;
	step = rows_next(rows, &values, err);
	if (step != ROWS_ROW)
		return step == ROWS_END;
	table->relation.oid = mem_copy_text(text_of(&values[0]));
	table->relation.schema = mem_copy_text(text_of(&values[1]));
	table->relation.name = mem_copy_text(text_of(&values[2]));
	table->relation.kind = text_of(&values[3])[0];
	str_add(&table->style, text_of(&values[4]));
	*out_kind = table->relation.kind;
	return true;
}

/* ---- what SHOW TABLE alone knows ---- */

static void read_shown(struct session *session, struct table *table)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (!describe_may_fail(session))
		return;
	str_add(&sql, "show table ");
	quote_qualified(&sql, table->relation.schema, table->relation.name);
	describe_ask_text(session, sql.text, &table->shown);
}

/* The line of a column has this in it. */
static bool is_shown(const struct table *table, const char *column,
		     const char *text)
{
	CLEANUP(str_done) struct str bare = STR_EMPTY;
	CLEANUP(str_done) struct str quoted = STR_EMPTY;
	const char *line = table->shown.text;

	str_addf(&bare, "%s ", column);
	quote_name_always(&quoted, column, strlen(column));
	str_add_char(&quoted, ' ');
	while (*line != '\0') {
		size_t len = strcspn(line, "\n");
		CLEANUP(str_done) struct str one = STR_EMPTY;

		str_add_slice(&one, line, len);
		line += len + (line[len] == '\n');
		str_cut(&one, one.len);
		if (str_starts(one.text + strspn(one.text, " \t"), bare.text) ||
		    str_starts(one.text + strspn(one.text, " \t"), quoted.text))
			return strcasestr(one.text, text) != NULL;
	}
	return false;
}

/* ---- what is Redshift's own choice ---- */

/* Of tables with rows, and for superusers: else all is written out. */
static bool read_auto(struct session *session, struct table *table,
		      struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	if (!describe_may_read(session, "svv_table_info"))
		return true;
	str_addf(&sql,
		 "select encoded, sortkey1\nfrom svv_table_info\n"
		 "where table_id = %s",
		 table->relation.oid);
	rows = describe_ask(session, sql.text, err);
	if (rows == NULL)
		return false;
	step = rows_next(rows, &values, err);
	if (step != ROWS_ROW)
		return step == ROWS_END;
	table->auto_encode = strstr(text_of(&values[0]), "AUTO") != NULL;
	table->auto_sort = str_starts(text_of(&values[1]), "AUTO");
	return true;
}

/* Where the view is not to be read the service backs up all (Serverless,
 * RA3), or the person is no superuser. */
static void read_backup(struct session *session, struct table *table)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str backup = STR_EMPTY;

	if (!describe_may_fail(session) ||
	    !describe_may_read(session, "stv_tbl_perm"))
		return;
	str_addf(&sql, "select max(backup)\nfrom stv_tbl_perm\nwhere id = %s",
		 table->relation.oid);
	table->no_backup = describe_ask_text(session, sql.text, &backup) &&
			   strcmp(backup.text, "0") == 0;
}

/* ---- constraints ---- */

/* pg_get_constraintdef leaves out the schema of what the search path shows. */
static void add_constraint(const struct rows_value *values, struct str *out)
{
	const char *text = text_of(&values[1]);
	const char *end = strrchr(text, '(');
	const char *refers = strstr(text, " REFERENCES ");

	str_add(out, ",\n    CONSTRAINT ");
	quote_name(out, text_of(&values[0]));
	str_add_char(out, ' ');
	if (refers == NULL || end == NULL || values[2].text == NULL) {
		str_add(out, text);
		return;
	}
	str_add_slice(out, text, (size_t)(refers - text));
	str_add(out, " REFERENCES ");
	quote_qualified(out, values[2].text, text_of(&values[3]));
	str_addf(out, " %s", end);
}

static bool read_constraints(struct session *session, struct table *table,
			     struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	str_addf(&sql,
		 "select k.conname, pg_get_constraintdef(k.oid), n.nspname,"
		 " c.relname\nfrom pg_constraint k\n"
		 "left join pg_class c on c.oid = k.confrelid\n"
		 "left join pg_namespace n on n.oid = c.relnamespace\n"
		 "where k.conrelid = %s\norder by k.contype desc, k.conname",
		 table->relation.oid);
	rows = describe_ask(session, sql.text, err);
	if (rows == NULL)
		return false;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW)
		add_constraint(values, &table->constraints);
	return step == ROWS_END;
}

/* ---- the text ---- */

static void add_default(const struct table *table,
			const struct describe_column *column, struct str *out)
{
	CLEANUP(str_done) struct str numbers = STR_EMPTY;
	bool by_default;

	if (*column->default_text == '\0')
		return;
	if (!describe_column_identity(column->default_text, &numbers,
				      &by_default)) {
		str_addf(out, " DEFAULT %s", column->default_text);
		return;
	}
	by_default = by_default ||
		     is_shown(table, column->name, "GENERATED BY DEFAULT");
	str_addf(out, " %sIDENTITY(%s)",
		 by_default ? "GENERATED BY DEFAULT AS " : "", numbers.text);
}

static void add_column(const struct table *table,
		       const struct describe_column *column, struct str *out)
{
	const char *encoding = column->encoding;

	str_add(out, "    ");
	quote_name(out, column->name);
	str_addf(out, " %s", column->type);
	add_default(table, column, out);
	if (column->not_null)
		str_add(out, " NOT NULL");
	if (*encoding != '\0' && !table->auto_encode)
		str_addf(out, " ENCODE %s",
			 strcmp(encoding, "none") == 0 ? "raw" : encoding);
	if (*column->collation != '\0' ||
	    is_shown(table, column->name, "COLLATE case_insensitive"))
		str_add(out, " COLLATE CASE_INSENSITIVE");
}

static void add_distribution(const struct table *table, struct str *out)
{
	const char *key = describe_columns_dist_key(&table->columns);
	const char *style = table->style.text;

	str_addf(out, "\nDISTSTYLE %s",
		 strcmp(style, "0") == 0   ? "EVEN"
		 : strcmp(style, "1") == 0 ? "KEY"
		 : strcmp(style, "8") == 0 ? "ALL"
					   : "AUTO");
	if (strcmp(style, "1") != 0 || key == NULL)
		return;
	str_add(out, "\nDISTKEY (");
	quote_name(out, key);
	str_add_char(out, ')');
}

static void add_sort_key(const struct table *table, struct str *out)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	if (table->auto_sort) {
		str_add(out, "\nSORTKEY AUTO");
		return;
	}
	describe_columns_sort_key(&table->columns, &key);
	if (key.len > 0)
		str_addf(out, "\n%s SORTKEY (%s)",
			 describe_columns_interleaved(&table->columns)
				 ? "INTERLEAVED"
				 : "COMPOUND",
			 key.text);
}

static void add_table(const struct table *table, bool asked_all,
		      struct str *out)
{
	const struct describe_relation *relation = &table->relation;
	bool temporary = str_starts(relation->schema, "pg_temp");

	if (!asked_all)
		str_add(out, "-- Inside a transaction BACKUP, COLLATE and "
			     "GENERATED BY DEFAULT are not asked for.\n");

	if (!table->columns.keys_known)
		str_add(out, "-- Encodings, DISTKEY and SORTKEY are missing: "
			     "you have no privilege on the table.\n");
	str_addf(out, "CREATE %sTABLE ", temporary ? "TEMPORARY " : "");
	quote_qualified(out, temporary ? NULL : relation->schema,
			relation->name);
	str_add(out, " (\n");
	for (size_t i = 0; i < table->columns.count; i++) {
		str_add(out, i > 0 ? ",\n" : "");
		add_column(table, &table->columns.items[i], out);
	}
	str_add(out, table->constraints.text);
	str_add(out, "\n)");
	if (table->no_backup && !temporary)
		str_add(out, "\nBACKUP NO");
	add_distribution(table, out);
	add_sort_key(table, out);
	if (table->auto_encode)
		str_add(out, "\nENCODE AUTO");
	str_add(out, ";\n");
}

static bool define_table(struct session *session, struct table *table, bool all,
			 struct str *out, struct err *err)
{
	if (!describe_columns_read(session, &table->relation, true,
				   &table->columns, err) ||
	    !read_constraints(session, table, err) ||
	    !read_auto(session, table, err))
		return false;
	read_backup(session, table);
	read_shown(session, table);
	add_table(table, describe_may_fail(session), out);
	return !all || definition_rights(session, &table->relation,
					 &table->columns, out, err);
}

/* ---- elsewhere ---- */

static bool say_missing(struct session *session,
			const struct definition_name *name, struct err *err)
{
	CLEANUP(str_done) struct str what = STR_EMPTY;
	CLEANUP(str_done) struct str meant = STR_EMPTY;

	quote_qualified(&what, name->schema.text, name->name.text);
	err_set(err, ERR_MISSING, "relation \"%s\" does not exist", what.text);
	describe_similar(session, what.text, &meant);
	if (meant.len > 0)
		err_hint(err, "did you mean: \\st %s", meant.text);
	return false;
}

static bool define_external(struct session *session,
			    const struct definition_name *name, bool all,
			    struct str *out, struct err *err)
{
	char no_oid[] = "";
	struct describe_relation relation = {
		.oid = no_oid,
		.schema = name->schema.text,
		.name = name->name.text,
		.kind = 'x',
	};
	bool found = false;

	if (name->schema.len > 0 &&
	    !definition_external(session, &relation, all, &found, out, err))
		return false;
	return found || say_missing(session, name, err);
}

/* Its catalog is not to be seen from here. */
static bool define_abroad(struct session *session,
			  const struct definition_name *name, struct str *out,
			  struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;

	str_add(&sql, "show table ");
	quote_name(&sql, name->database.text);
	str_add_char(&sql, '.');
	quote_qualified(&sql, name->schema.text, name->name.text);
	rows = describe_ask(session, sql.text, err);
	if (rows == NULL)
		return err_hint(err, "connect to it by \\c %s",
				name->database.text);
	if (rows_next(rows, &values, err) == ROWS_ROW)
		str_addf(out, "%s%s\n", text_of(&values[0]),
			 str_ends(text_of(&values[0]), ";") ? "" : ";");
	return true;
}

bool definition_of_table(struct session *session, const char *what, bool all,
			 struct str *out, struct err *err)
{
	CLEANUP(definition_name_done)
	struct definition_name name = DEFINITION_NAME_EMPTY;
	CLEANUP(table_done)
	struct table table = {
		.columns = DESCRIBE_COLUMNS_EMPTY,
		.style = STR_EMPTY,
		.constraints = STR_EMPTY,
		.shown = STR_EMPTY,
	};
	char kind;

	if (!db_is_redshift(session_db(session))) {
		err_set(err, ERR_USAGE,
			"\\st: PostgreSQL keeps no text of a "
			"table");
		return err_hint(err, "pg_dump --schema-only --table=%s", what);
	}
	if (!definition_name_read(what, &name, err))
		return false;
	if (name.database.len > 0 &&
	    strcmp(name.database.text, db_name(session_db(session))) != 0)
		return define_abroad(session, &name, out, err);
	if (!find(session, &name, &table, &kind, err))
		return false;
	if (kind == 0)
		return define_external(session, &name, all, out, err);
	if (kind == 'r')
		return define_table(session, &table, all, out, err);
	err_set(err, ERR_USAGE, "\"%s.%s\" is not a table",
		table.relation.schema, table.relation.name);
	return err_hint(err, "\\sv %s shows the text of a view", what);
}
