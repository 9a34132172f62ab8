#include "cmd/describe_facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "cmd/describe_ask.h"
#include "cmd/describe_column.h"
#include "cmd/describe_redshift.h"
#include "data/rows.h"
#include "db/conn.h"
#include "shell/session.h"
#include "sql/quote.h"

enum place {
	INLINE, /* heading and the first value on a line */
	LIST,   /* the heading, then a line a row */
	TEXT,   /* the heading, then the value as it is */
};

/* In SQL $ stands for the oid, @ for the schema and # for the name as
 * literals. */
struct fact {
	const char *kinds;
	bool verbose;
	bool risky;        /* only where a failure harms nothing, and then
			    * silent */
	const char *needs; /* a view that not everybody may read */
	const char *heading;
	enum place place;
	const char *sql;
};

static const struct fact facts[] = {
	{ "rvlm", false, false, NULL, "Description: ", INLINE,
	  "select obj_description($, 'pg_class')" },
	{ "r", false, false, NULL, "Constraints (not enforced):", LIST,
	  "select '\"' || conname || '\" ' || pg_get_constraintdef(oid)\n"
	  "from pg_constraint\nwhere conrelid = $\n"
	  "order by contype desc, conname" },
	{ "r", false, false, NULL, "Referenced by:", LIST,
	  "select n.nspname || '.' || c.relname || ' \"' || k.conname || '\" '"
	  " || pg_get_constraintdef(k.oid)\n"
	  "from pg_constraint k\njoin pg_class c on c.oid = k.conrelid\n"
	  "join pg_namespace n on n.oid = c.relnamespace\n"
	  "where k.confrelid = $ and k.contype = 'f'\norder by 1" },
	{ "m", false, false, NULL, "", LIST,
	  "select 'Stale: ' || case is_stale"
	  " when 't' then 'yes; REFRESH MATERIALIZED VIEW brings it up to date'"
	  " when 'f' then 'no' else 'unknown' end\n"
	  "  || chr(10) || 'Refresh: ' || case state"
	  " when 0 then 'computes all anew' when 1 then 'incremental'"
	  " when 101 then 'impossible, a column was dropped'"
	  " when 102 then 'impossible, a column changed its type'"
	  " when 103 then 'impossible, a table was renamed'"
	  " when 104 then 'impossible, a column was renamed'"
	  " when 105 then 'impossible, a schema was renamed'"
	  " else 'state ' || cast(state as varchar) end\n"
	  "  || case autorefresh when 't' then ', automatic'"
	  " else ', by hand' end\n"
	  "  || case autorewrite when 't' then chr(10)"
	  " || 'Queries: rewritten to use it' else '' end\n"
	  "from svv_mv_info\n"
	  "where trim(schema_name) = @ and trim(name) = #"
	  " and database_name = current_database()" },
	{ "x", false, false, NULL, "", LIST,
	  "select 'Location: ' || coalesce(location, '')\n"
	  "  || chr(10) || 'Input format: ' || coalesce(input_format, '')\n"
	  "  || chr(10) || 'Output format: ' || coalesce(output_format, '')\n"
	  "  || chr(10) || 'Serialization: '"
	  " || coalesce(serialization_lib, '')\n"
	  "  || chr(10) || 'Serde parameters: '"
	  " || coalesce(serde_parameters, '')\n"
	  "  || chr(10) || 'Parameters: ' || coalesce(parameters, '')\n"
	  "from svv_external_tables\n"
	  "where schemaname = @ and tablename = #" },
	{ "x", true, true, NULL, "Partitions:", LIST,
	  "select values || ' ' || location\nfrom svv_external_partitions\n"
	  "where schemaname = @ and tablename = #\norder by 1\nlimit 100" },
	{ "vlm", true, false, NULL, "View definition:", TEXT,
	  "select pg_get_viewdef($, true)" },
	{ "rvlm", true, false, NULL, "Owner: ", INLINE,
	  "select pg_get_userbyid(relowner)\nfrom pg_class\nwhere oid = $" },
	{ "rvlm", true, false, NULL, "Access privileges:", LIST,
	  "select array_to_string(relacl, chr(10))\nfrom pg_class\n"
	  "where oid = $ and array_to_string(relacl, '') <> ''" },
	{ "rvm", true, false, NULL, "Views on it:", LIST,
	  "select distinct n.nspname || '.' || c.relname\n"
	  "from pg_depend d\njoin pg_rewrite r on r.oid = d.objid\n"
	  "join pg_class c on c.oid = r.ev_class\n"
	  "join pg_namespace n on n.oid = c.relnamespace\n"
	  "where d.refobjid = $ and c.oid <> $\norder by 1" },
	{ "r", true, false, NULL, "Created: ", INLINE,
	  "select substring(cast(relcreationtime as varchar), 1, 19)\n"
	  "from pg_class_info\nwhere reloid = $" },
	{ "r", true, true, "stv_tbl_perm", "In snapshots (BACKUP): ", INLINE,
	  "select case max(backup) when 0 then 'no' when 1 then 'yes' end\n"
	  "from stv_tbl_perm\nwhere id = $" },
};

/* ---- one fact ---- */

static void add_sql(struct session *session,
		    const struct describe_relation *relation,
		    const char *template, struct str *out)
{
	bool escapes = db_backslash_escapes(session_db(session));

	for (; *template != '\0'; template ++)
		if (*template == '$')
			str_add(out, relation->oid);
		else if (*template == '@')
			quote_literal(out, relation->schema, escapes);
		else if (*template == '#')
			quote_literal(out, relation->name, escapes);
		else
			str_add_char(out, *template);
}

/* Lines of a value, each behind blanks. */
static void add_lines(const char *text, const char *indent, struct str *out)
{
	for (;;) {
		size_t len = strcspn(text, "\n");

		str_add(out, indent);
		str_add_slice(out, text, len);
		str_add_char(out, '\n');
		if (text[len] == '\0')
			return;
		text += len + 1;
	}
}

static void add_value(const struct fact *fact, const char *text, bool first,
		      struct str *out)
{
	if (first)
		str_add(out, fact->heading);
	switch (fact->place) {
	case INLINE:
		str_add_slice(out, text, strcspn(text, "\n"));
		str_add_char(out, '\n');
		text += strcspn(text, "\n");
		if (*text == '\n')
			add_lines(text + 1, "    ", out);
		break;
	case LIST:
		if (first && *fact->heading != '\0')
			str_add_char(out, '\n');
		add_lines(text, *fact->heading != '\0' ? "    " : "", out);
		break;
	case TEXT:
		str_addf(out, "\n%s\n", text);
		break;
	}
}

static bool add_fact(struct session *session,
		     const struct describe_relation *relation,
		     const struct fact *fact, struct str *footer,
		     struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;
	bool first = true;

	add_sql(session, relation, fact->sql, &sql);
	rows = fact->risky ? describe_ask(session, sql.text, NULL)
			   : session_query(session, sql.text, err);
	if (rows == NULL)
		return fact->risky;
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		if (values[0].text == NULL || *values[0].text == '\0')
			continue;
		if (!first && fact->place != LIST)
			continue;
		add_value(fact, values[0].text, first, footer);
		first = false;
	}
	return step == ROWS_END || fact->risky;
}

/* ---- keys ---- */

#define DIST_STYLE(column)                                                     \
	"case " column " when 0 then 'EVEN' when 1 then 'KEY'"                 \
	" when 8 then 'ALL' when 9 then 'AUTO' when 10 then 'AUTO (ALL)'"      \
	" when 11 then 'AUTO (EVEN)' when 12 then 'AUTO (KEY)'"                \
	" else 'unknown' end"

static bool add_dist_style(struct session *session,
			   const struct describe_relation *relation,
			   const struct describe_columns *columns,
			   struct str *footer, struct err *err)
{
	const char *key = describe_columns_dist_key(columns);
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	/* Other people's tables are not in PG_CLASS_INFO, which alone knows
	 * what AUTO is just now. */
	str_addf(&sql,
		 "select " DIST_STYLE(
			 "coalesce(i.releffectivediststyle,"
			 " c.reldiststyle)") "\n"
					     "from pg_class c\n"
					     "left join pg_class_info i on "
					     "i.reloid = c.oid\n"
					     "where c.oid = %s",
		 relation->oid);
	rows = session_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	step = rows_next(rows, &values, err);
	if (step != ROWS_ROW)
		return step == ROWS_END;
	str_addf(footer, "Distribution style: %s",
		 values[0].text != NULL ? values[0].text : "");
	if (key != NULL) {
		str_add(footer, " (");
		quote_name(footer, key);
		str_add_char(footer, ')');
	}
	str_add_char(footer, '\n');
	return true;
}

static void add_sort_key(const struct describe_columns *columns,
			 struct str *footer)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	describe_columns_sort_key(columns, &key);
	if (key.len > 0)
		str_addf(footer, "%s: (%s)\n",
			 describe_columns_interleaved(columns)
				 ? "Interleaved sort key"
				 : "Sort key",
			 key.text);
}

/* ---- SVV_TABLE_INFO ---- */

enum { ROWS_AT, SIZE_AT, UNSORTED_AT, STATS_AT, SKEW_AT, SORT_AT };

static double as_number(const struct rows_value *value)
{
	return value->text != NULL ? strtod(value->text, NULL) : 0;
}

/* Where the numbers ask for something, what it is: rules of thumb, but for
 * the 10 percent of analyze_threshold_percent. */
static void add_advice(const struct rows_value *values, struct str *out)
{
	const char *name;

	if (as_number(&values[UNSORTED_AT]) > 20)
		str_add(out, "    VACUUM would sort the rows\n");
	if (as_number(&values[STATS_AT]) > 10)
		str_add(out, "    ANALYZE would bring the statistics up to "
			     "date\n");
	if (as_number(&values[SKEW_AT]) > 4)
		str_add(out,
			"    the fullest slice holds many times the rows of "
			"the emptiest: another distribution key?\n");
	name = values[SORT_AT].text;
	if (name != NULL && strncmp(name, "AUTO", 4) == 0)
		str_addf(out, "Sort key chosen by Redshift: %s\n", name);
}

static void add_percent(const char *heading, const struct rows_value *value,
			struct str *out)
{
	if (value->text != NULL)
		str_addf(out, "%s%.0f%%", heading, as_number(value));
}

static void add_numbers(const struct rows_value *values, struct str *out)
{
	str_add(out, "Rows: ");
	units_add_count(out, (int64_t)as_number(&values[ROWS_AT]));
	str_add(out, "   Size: ");
	/* in blocks of 1 MB */
	units_add_bytes(out, (int64_t)as_number(&values[SIZE_AT]) << 20);
	add_percent("   Unsorted: ", &values[UNSORTED_AT], out);
	add_percent("   Stats off: ", &values[STATS_AT], out);
	if (values[SKEW_AT].text != NULL)
		str_addf(out, "   Skew: %.2f", as_number(&values[SKEW_AT]));
	str_add_char(out, '\n');
	add_advice(values, out);
}

/* The view leaves out empty tables. */
static bool add_table_info(struct session *session,
			   const struct describe_relation *relation,
			   struct str *footer, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;
	enum rows_step step;

	if (!describe_may_read(session, "svv_table_info")) {
		str_add(footer, "Rows, size: not visible to you "
				"(SVV_TABLE_INFO needs a superuser or GRANT "
				"SELECT)\n");
		return true;
	}
	str_addf(&sql,
		 "select tbl_rows, size, unsorted, stats_off, skew_rows,"
		 " sortkey1\nfrom svv_table_info\nwhere table_id = %s",
		 relation->oid);
	rows = session_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	step = rows_next(rows, &values, err);
	if (step == ROWS_ROW)
		add_numbers(values, footer);
	else if (step == ROWS_END)
		str_add(footer, "Rows: none\n");
	return step != ROWS_FAILED;
}

/* ---- all ---- */

static bool add_table_facts(struct session *session,
			    const struct describe_relation *relation,
			    const struct describe_columns *columns,
			    bool verbose, struct str *footer, struct err *err)
{
	if (!add_dist_style(session, relation, columns, footer, err))
		return false;
	add_sort_key(columns, footer);
	if (!columns->keys_known)
		str_add(footer, "Encodings and keys: not visible to you "
				"(they need a privilege on the table)\n");
	return !verbose || add_table_info(session, relation, footer, err);
}

static bool applies(struct session *session, const struct fact *fact,
		    const struct describe_relation *relation, bool verbose)
{
	if (strchr(fact->kinds, relation->kind) == NULL ||
	    (fact->verbose && !verbose))
		return false;
	if (fact->risky && !describe_may_fail(session))
		return false;
	return fact->needs == NULL || describe_may_read(session, fact->needs);
}

bool describe_facts(struct session *session,
		    const struct describe_relation *relation,
		    const struct describe_columns *columns, bool verbose,
		    struct str *footer, struct err *err)
{
	if (relation->kind == 'r' &&
	    !add_table_facts(session, relation, columns, verbose, footer, err))
		return false;
	for (size_t i = 0; i < COUNT_OF(facts); i++)
		if (applies(session, &facts[i], relation, verbose) &&
		    !add_fact(session, relation, &facts[i], footer, err))
			return false;
	return true;
}
