#include "cmd/definition_redshift.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "cmd/definition_name.h"
#include "cmd/describe_ask.h"
#include "data/rows.h"
#include "sql/quote.h"

/* ---- functions ---- */

enum { /* columns of functions_sql */
       F_SCHEMA,
       F_NAME,
       F_KIND,
       F_LANGUAGE,
       F_VOLATILE,
       F_DEFINER,
       F_RESULT,
       F_IN_TYPES,
       F_ALL_TYPES,
       F_NAMES,
       F_MODES,
       F_BODY,
};

static const char functions_sql[] =
	"select n.nspname, p.proname, p.prokind, l.lanname, p.provolatile,"
	" p.prosecdef, format_type(p.prorettype, null),"
	" oidvectortypes(p.proargtypes),"
	" array_to_string(p.proallargtypes, ','),"
	" array_to_string(p.proargnames, ','),"
	" array_to_string(p.proargmodes, ','), p.prosrc\n"
	"from pg_proc_info p\n"
	"join pg_namespace n on n.oid = p.pronamespace\n"
	"join pg_language l on l.oid = p.prolang\n"
	"where true";

/* The words of a list, cut at commas; "" past its end. */
static void list_item(const char *list, size_t at, struct str *out)
{
	str_clear(out);
	while (list && at > 0) {
		list = strchr(list, ',');
		list = list ? list + 1 : NULL;
		at--;
	}
	if (!list)
		return;
	list += strspn(list, " ");
	str_add_slice(out, list, strcspn(list, ","));
}

static size_t list_count(const char *list)
{
	size_t count = 1;

	if (!list || !*list)
		return 0;
	for (; *list; list++)
		count += *list == ',';
	return count;
}

/* "1043,23" to "character varying,integer": the types of arguments that are
 * not all for input. */
static bool name_types(struct session *session, const char *oids,
		       struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str oid = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *row;
	size_t count = list_count(oids);

	str_add(&sql, "select ");
	for (size_t i = 0; i < count; i++) {
		list_item(oids, i, &oid);
		str_addf(&sql, "%sformat_type(%s, null)", i > 0 ? ", " : "",
			 oid.text);
	}
	rows = describe_ask(session, sql.text, err);
	if (!rows || rows_next(rows, &row, err) != ROWS_ROW)
		return false;
	for (size_t i = 0; i < count; i++)
		str_addf(out, "%s%s", i > 0 ? "," : "",
			 row[i].text ? row[i].text : "");
	return true;
}

static const char *mode_word(char mode)
{
	return mode == 'o' ? "OUT " : mode == 'b' ? "INOUT " : "";
}

/* "(a integer, b INOUT text)". */
static void add_arguments(const struct rows_value *row, const char *types,
			  struct str *out)
{
	CLEANUP(str_done) struct str word = STR_EMPTY;
	size_t count = list_count(types);

	str_add_char(out, '(');
	for (size_t i = 0; i < count; i++) {
		str_add(out, i > 0 ? ", " : "");
		list_item(row[F_NAMES].text, i, &word);
		if (word.len > 0) {
			quote_name(out, word.text);
			str_add_char(out, ' ');
		}
		list_item(row[F_MODES].text, i, &word);
		str_add(out, mode_word(word.text[0]));
		list_item(types, i, &word);
		str_add(out, word.text);
	}
	str_add_char(out, ')');
}

/* The body between dollar signs that it does not hold. */
static void add_body(const char *body, struct str *out)
{
	CLEANUP(str_done) struct str tag = STR_EMPTY;

	str_set(&tag, "$$");
	for (int i = 0; strstr(body, tag.text); i++) {
		str_clear(&tag);
		str_addf(&tag, "$body%d$", i);
	}
	str_addf(out, "AS %s%s%s", tag.text, body, tag.text);
}

static void add_behaviour(const struct rows_value *row, struct str *out)
{
	char kind = row[F_VOLATILE].text ? row[F_VOLATILE].text[0] : 'v';

	str_addf(out, "\n RETURNS %s\n %s\n",
		 row[F_RESULT].text ? row[F_RESULT].text : "",
		 kind == 'i'   ? "IMMUTABLE"
		 : kind == 's' ? "STABLE"
			       : "VOLATILE");
}

static bool write_function(struct session *session,
			   const struct rows_value *row, struct str *out,
			   struct err *err)
{
	CLEANUP(str_done) struct str types = STR_EMPTY;
	bool is_procedure = row[F_KIND].text && row[F_KIND].text[0] == 'p';
	const char *language = row[F_LANGUAGE].text ? row[F_LANGUAGE].text : "";

	if (strcmp(language, "internal") == 0 || strcmp(language, "c") == 0)
		return err_set(err, ERR_USAGE,
			       "\"%s\" is built in: the server does not keep "
			       "its text",
			       row[F_NAME].text);
	if (!row[F_ALL_TYPES].text)
		str_add(&types,
			row[F_IN_TYPES].text ? row[F_IN_TYPES].text : "");
	else if (!name_types(session, row[F_ALL_TYPES].text, &types, err))
		return false;
	str_addf(out, "CREATE OR REPLACE %s ",
		 is_procedure ? "PROCEDURE" : "FUNCTION");
	quote_qualified(out, row[F_SCHEMA].text, row[F_NAME].text);
	add_arguments(row, types.text, out);
	if (is_procedure)
		str_add_char(out, '\n');
	else
		add_behaviour(row, out);
	add_body(row[F_BODY].text ? row[F_BODY].text : "", out);
	str_addf(out, "\nLANGUAGE %s", language);
	if (row[F_DEFINER].text && strcmp(row[F_DEFINER].text, "t") == 0)
		str_add(out, " SECURITY DEFINER");
	str_add_char(out, '\n');
	return true;
}

static void without_blanks(const char *text, struct str *out)
{
	for (; *text; text++)
		if (!isspace((unsigned char)*text))
			str_add_char(out, (char)tolower((unsigned char)*text));
}

static bool has_types(const struct definition_name *wanted, const char *types)
{
	CLEANUP(str_done) struct str mine = STR_EMPTY;
	CLEANUP(str_done) struct str theirs = STR_EMPTY;

	if (!wanted->has_types)
		return true;
	without_blanks(wanted->types.text, &mine);
	without_blanks(types ? types : "", &theirs);
	return strcmp(mine.text, theirs.text) == 0;
}

bool definition_redshift_function(struct session *session, const char *what,
				  struct str *out, struct err *err)
{
	CLEANUP(definition_name_done)
	struct definition_name wanted = DEFINITION_NAME_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *row;
	enum rows_step step;

	if (!definition_name_read(what, &wanted, err))
		return false;
	str_add(&sql, functions_sql);
	definition_name_where(&wanted, "pg_function_is_visible(p.prooid)",
			      "p.proname", &sql);
	rows = describe_ask(session, sql.text, err);
	if (!rows)
		return false;
	while ((step = rows_next(rows, &row, err)) == ROWS_ROW) {
		if (!has_types(&wanted, row[F_IN_TYPES].text))
			continue;
		if (text.len > 0) {
			err_set(err, ERR_USAGE,
				"more than one function named \"%s\"", what);
			return err_hint(err, "say which: %s(TYPE, ...)",
					wanted.name.text);
		}
		if (!write_function(session, row, &text, err))
			return false;
	}
	if (step == ROWS_FAILED)
		return false;
	str_add(out, text.text);
	return text.len > 0 || err_set(err, ERR_MISSING,
				       "function \"%s\" does not exist", what);
}

/* ---- views ---- */

static bool is_materialized(struct session *session,
			    const struct rows_value *row)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *found;
	struct err ignored = ERR_EMPTY;

	str_add(&sql, "select name from svv_mv_info where schema_name = ");
	quote_literal(&sql, row[0].text, true);
	str_add(&sql, " and name = ");
	quote_literal(&sql, row[1].text, true);
	rows = describe_ask(session, sql.text, &ignored);
	return rows && rows_next(rows, &found, NULL) == ROWS_ROW;
}

/* pg_get_viewdef gives the whole statement for late-binding and materialized
 * views, the query alone for the others. */
static void write_view(struct session *session, const struct rows_value *row,
		       struct str *out)
{
	const char *text = row[2].text ? row[2].text : "";
	size_t len;

	text += strspn(text, " \t\r\n");
	len = strlen(text);
	while (len > 0 && strchr("; \t\r\n", text[len - 1]))
		len--;
	if (strncasecmp(text, "create", 6) != 0) {
		str_add(out, is_materialized(session, row)
				     ? "CREATE MATERIALIZED VIEW "
				     : "CREATE OR REPLACE VIEW ");
		quote_qualified(out, row[0].text, row[1].text);
		str_add(out, " AS\n");
	}
	str_add_slice(out, text, len);
	str_add_char(out, '\n');
}

bool definition_redshift_view(struct session *session, const char *what,
			      struct str *out, struct err *err)
{
	CLEANUP(definition_name_done)
	struct definition_name wanted = DEFINITION_NAME_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *row;

	if (!definition_name_read(what, &wanted, err))
		return false;
	str_add(&sql,
		"select n.nspname, c.relname, pg_get_viewdef(c.oid, true),"
		" c.relkind\nfrom pg_class c\n"
		"join pg_namespace n on n.oid = c.relnamespace\nwhere true");
	definition_name_where(&wanted, "pg_table_is_visible(c.oid)",
			      "c.relname", &sql);
	rows = describe_ask(session, sql.text, err);
	if (!rows)
		return false;
	if (rows_next(rows, &row, err) != ROWS_ROW)
		return err_set(err, ERR_MISSING,
			       "relation \"%s\" does not exist", what);
	if (!row[3].text || strcmp(row[3].text, "v") != 0)
		return err_set(err, ERR_USAGE, "\"%s.%s\" is not a view",
			       row[0].text, row[1].text);
	write_view(session, row, out);
	return true;
}
