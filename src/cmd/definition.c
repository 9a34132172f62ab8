#include "cmd/definition.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "cmd/definition_redshift.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/dberr.h"
#include "db/exec.h"
#include "shell/session.h"
#include "sql/quote.h"

/* ---- questions ---- */

/* As psql tells it: severity and message, nothing else. */
static bool fail(const struct dberr *why, struct err *err)
{
	const char *severity = dberr_field(why, DBERR_SEVERITY);
	const char *message = dberr_field(why, DBERR_MESSAGE);

	if (!dberr_is_set(why))
		return false;
	err_clear(err);
	return err_set(err, ERR_SERVER, "%s:  %s",
		       severity ? severity : "ERROR",
		       message ? message : "(not available)");
}

/* The first row of a query; NULL: refused, or there is none. */
static struct rows *ask(struct session *session, const char *sql,
			const struct rows_value **out_row, struct err *err)
{
	CLEANUP(dberr_freep) struct dberr *why = dberr_new();
	struct rows *rows;

	if (!session_hidden_sql(session, sql, err))
		return NULL;
	rows = exec_query(session_db(session), sql, why, err);
	if (!rows) {
		fail(why, err);
		return NULL;
	}
	if (rows_next(rows, out_row, err) == ROWS_ROW)
		return rows;
	rows_free(rows);
	err_set(err, ERR_MISSING, "ERROR:  (not available)");
	return NULL;
}

/* The oid of what, by a cast of the server's. */
static bool find(struct session *session, const char *what, const char *type,
		 struct str *out_oid, struct err *err)
{
	bool escapes = db_backslash_escapes(session_db(session));
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *row;

	str_add(&sql, "SELECT ");
	quote_literal(&sql, what, escapes);
	str_addf(&sql, "::pg_catalog.%s::pg_catalog.oid", type);
	rows = ask(session, sql.text, &row, err);
	if (rows)
		str_add(out_oid, row[0].text ? row[0].text : "0");
	return rows != NULL;
}

/* ---- functions ---- */

static void end_line(struct str *out)
{
	if (out->len > 0 && out->text[out->len - 1] != '\n')
		str_add_char(out, '\n');
}

bool definition_of_function(struct session *session, const char *what,
			    struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str oid = STR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *row;

	if (db_is_redshift(session_db(session)))
		return definition_redshift_function(session, what, out, err);
	if (!find(session, what, strchr(what, '(') ? "regprocedure" : "regproc",
		  &oid, err))
		return false;
	str_addf(&sql, "SELECT pg_catalog.pg_get_functiondef(%s)", oid.text);
	rows = ask(session, sql.text, &row, err);
	if (!rows)
		return false;
	str_add(out, row[0].text ? row[0].text : "");
	end_line(out);
	return true;
}

bool definition_begins_body(const char *line)
{
	return str_starts(line, "AS ") || str_starts(line, "BEGIN ") ||
	       str_starts(line, "RETURN ");
}

/* ---- views ---- */

/* Columns: schema, name, kind, both quoted where needed, text, options
 * (name=value, ...) and the check option. */
static void ask_for_view(struct str *sql, const char *oid, int version)
{
	str_add(sql, "SELECT n.nspname, c.relname, c.relkind,\n"
		     " pg_catalog.quote_ident(n.nspname) || '.' ||\n"
		     " pg_catalog.quote_ident(c.relname),\n"
		     " pg_catalog.pg_get_viewdef(c.oid, true)");
	if (version >= 90400)
		str_add(sql,
			",\n (SELECT pg_catalog.string_agg("
			"pg_catalog.quote_ident(o.option_name) || '=' ||\n"
			"   CASE WHEN pg_catalog.quote_ident(o.option_value) = "
			"o.option_value\n"
			"   THEN o.option_value "
			"ELSE pg_catalog.quote_literal(o.option_value) END, "
			"', ')\n"
			"  FROM pg_catalog.pg_options_to_table(c.reloptions) o"
			"\n  WHERE o.option_name <> 'check_option'),\n"
			" (SELECT pg_catalog.upper(o.option_value)\n"
			"  FROM pg_catalog.pg_options_to_table(c.reloptions) o"
			"\n  WHERE o.option_name = 'check_option')");
	else
		str_add(sql, ", NULL, NULL");
	str_addf(sql,
		 "\nFROM pg_catalog.pg_class c\n"
		 "LEFT JOIN pg_catalog.pg_namespace n"
		 " ON n.oid = c.relnamespace\n"
		 "WHERE c.oid = %s",
		 oid);
}

static bool write_view(const struct rows_value *row, struct str *out,
		       struct err *err)
{
	const char *text = row[4].text ? row[4].text : "";
	size_t len = strlen(text);

	if (!row[2].text || strcmp(row[2].text, "v") != 0)
		return err_set(err, ERR_USAGE, "\"%s.%s\" is not a view",
			       row[0].text ? row[0].text : "",
			       row[1].text ? row[1].text : "");
	if (len > 0 && text[len - 1] == ';')
		len--;
	str_addf(out, "CREATE OR REPLACE VIEW %s",
		 row[3].text ? row[3].text : "");
	if (row[5].text)
		str_addf(out, "\n WITH (%s)", row[5].text);
	str_add(out, " AS\n");
	str_add_slice(out, text, len);
	if (row[6].text)
		str_addf(out, "\n WITH %s CHECK OPTION", row[6].text);
	end_line(out);
	return true;
}

bool definition_of_view(struct session *session, const char *what,
			struct str *out, struct err *err)
{
	struct db *db = session_db(session);
	CLEANUP(str_done) struct str oid = STR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *row;

	if (db_is_redshift(db))
		return definition_redshift_view(session, what, out, err);
	if (!find(session, what, "regclass", &oid, err))
		return false;
	ask_for_view(&sql, oid.text, db_server_version(db));
	rows = ask(session, sql.text, &row, err);
	return rows && write_view(row, out, err);
}
