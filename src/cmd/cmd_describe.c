#include "cmd/cmd_describe.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/describe.h"
#include "cmd/pattern.h"
#include "data/rows.h"
#include "data/rows_mem.h"
#include "db/conn.h"
#include "shell/command.h"
#include "shell/session.h"

/* A listing is one query. Headings are given here: Redshift folds quoted
 * column names to lower case. */
struct listing {
	const char *title;
	const char *const *headings; /* NULL ends */
	const char *sql;             /* up to a where with one condition */
	const char *user_only;       /* condition without S and pattern */
	const char *order;
	struct pattern_columns columns;
	/* psql's words when nothing is there: "Did not find any ..."; NULL:
	 * an empty table is shown. */
	const char *none;
};

/* Copies the answer under our headings. */
static struct rows_mem *copy_rows(const struct listing *listing,
				  struct rows *rows, struct err *err)
{
	CLEANUP(rows_mem_freep)
	struct rows_mem *mem = rows_mem_new(listing->title);
	const struct rows_value *values;
	struct rows_mem *done;
	enum rows_step step;

	for (size_t i = 0; i < rows->column_count; i++)
		rows_mem_column(mem, listing->headings[i], ROWS_TEXT);
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW)
		for (size_t i = 0; i < rows->column_count; i++)
			rows_mem_add_slice(
				mem,
				values[i].text != NULL ? values[i].text : "",
				values[i].len);
	if (step == ROWS_FAILED)
		return NULL;
	done = mem;
	mem = NULL;
	return done;
}

static void say_none(struct session *session, const struct listing *listing,
		     const char *pattern)
{
	if (pattern != NULL)
		session_info(session, "Did not find any %s named \"%s\".",
			     listing->none, pattern);
	else
		session_info(session, "Did not find any %ss.", listing->none);
}

/* more: a further condition, or "". */
static bool show_listing(struct session *session, const struct listing *listing,
			 const struct args *args, const char *more,
			 struct err *err)
{
	struct pattern_world world = {
		.escapes = db_backslash_escapes(session_db(session)),
		.database = db_name(session_db(session)),
	};
	const char *pattern = args_text(args, "PATTERN");
	struct pattern_columns columns = listing->columns;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	struct rows_mem *mem;

	str_addf(&sql, "%s%s", listing->sql, more);
	if (pattern == NULL && !args_suffix(args, 'S') &&
	    listing->user_only != NULL)
		str_addf(&sql, "\n  and %s", listing->user_only);
	if (!pattern_where(pattern, &columns, &world, &sql, err))
		return false;
	str_addf(&sql, "\norder by %s", listing->order);
	rows = describe_query(session, sql.text, err);
	if (rows == NULL)
		return false;
	mem = copy_rows(listing, rows, err);
	if (mem == NULL)
		return false;
	if (rows_mem_count(mem) == 0 && listing->none != NULL) {
		say_none(session, listing, pattern);
		rows_free(rows_mem_rows(mem));
		return true;
	}
	return session_print_rows(session, rows_mem_rows(mem), NULL, err);
}

/* ---- \d, \dt, \dv, \dm ---- */

static const char *const relation_headings[] = { "Schema", "Name", "Type",
						 "Owner", NULL };
static const char *const relation_more_headings[] = {
	"Schema", "Name", "Type", "Owner", "Distribution", "Description", NULL
};

#define RELATION_TYPE                                                          \
	"case c.relkind when 'r' then 'table' when 'v' then 'view'"            \
	" else 'materialized view' end"
#define RELATION_FROM                                                          \
	"\nfrom pg_class c\njoin pg_namespace n on n.oid = c.relnamespace"
#define NOT_SYSTEM "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"

static const struct listing relation_listing = {
	.title = "List of relations",
	.headings = relation_headings,
	.sql = "select n.nspname, c.relname, " RELATION_TYPE ","
	       " pg_get_userbyid(c.relowner)" RELATION_FROM "\nwhere ",
	.user_only = NOT_SYSTEM,
	.order = "1, 2",
	.columns = { "n.nspname", "c.relname", "pg_table_is_visible(c.oid)" },
	.none = "relation",
};

/* PG_CLASS_INFO: superusers see all, others their own tables. */
static const struct listing relation_more_listing = {
	.title = "List of relations",
	.headings = relation_more_headings,
	.sql = "select n.nspname, c.relname, " RELATION_TYPE ","
	       " pg_get_userbyid(c.relowner),\n"
	       "  case coalesce(i.releffectivediststyle, i.reldiststyle)"
	       " when 0 then 'EVEN' when 1 then 'KEY' when 8 then 'ALL'"
	       " when 9 then 'AUTO' when 10 then 'AUTO (ALL)'"
	       " when 11 then 'AUTO (EVEN)' when 12 then 'AUTO (KEY)' end,\n"
	       "  obj_description(c.oid, 'pg_class')" RELATION_FROM
	       "\nleft join pg_class_info i on i.reloid = c.oid"
	       " and c.relkind = 'r'\nwhere ",
	.user_only = NOT_SYSTEM,
	.order = "1, 2",
	.columns = { "n.nspname", "c.relname", "pg_table_is_visible(c.oid)" },
	.none = "relation",
};

/* Hidden tables of materialized views carry this name. */
#define NOT_HIDDEN " and c.relname not like 'mv_tbl__%'"

static void add_kinds(const struct args *args, struct str *out)
{
	static const struct {
		char letter;
		const char *kind;
	} letters[] = {
		{ 't', "'r'" },
		{ 'v', "'v'" },
		{ 'm', "'m'" },
	};
	size_t count = 0;

	str_add(out, "c.relkind in (");
	for (size_t i = 0; i < COUNT_OF(letters); i++)
		if (args_suffix(args, letters[i].letter))
			str_addf(out, "%s%s", count++ > 0 ? ", " : "",
				 letters[i].kind);
	str_add(out, count > 0 ? "" : "'r', 'v', 'm'");
	str_add(out, ")" NOT_HIDDEN);
}

static const char *const mv_headings[] = { "Schema", "Name",        "Owner",
					   "Stale",  "Autorefresh", NULL };

/* Redshift's materialized views are views in pg_class; only SVV_MV_INFO tells
 * them apart. */
static const struct listing mv_listing = {
	.title = "List of materialized views",
	.headings = mv_headings,
	.sql = "select trim(schema_name), trim(name), trim(user_name),"
	       " is_stale, autorefresh\nfrom svv_mv_info\n"
	       "where database_name = current_database()",
	.order = "1, 2",
	.columns = { "trim(schema_name)", "trim(name)", NULL },
	.none = "materialized view",
};

static const char *const external_headings[] = { "Schema", "Name", "Type",
						 "Location", NULL };

static const struct listing external_listing = {
	.title = "List of external tables",
	.headings = external_headings,
	.sql = "select schemaname, tablename, tabletype, location\n"
	       "from svv_external_tables\nwhere true",
	.order = "1, 2",
	.columns = { "schemaname", "tablename", NULL },
	.none = "external table",
};

/* \d alone lists; \d PATTERN describes; \d with letters lists these kinds. */
static bool relations_run(struct session *session, const struct args *args,
			  struct err *err)
{
	const char *pattern = args_text(args, "PATTERN");
	bool verbose = args_suffix(args, '+');
	bool redshift = db_is_redshift(session_db(session));
	bool kinds = args_suffix(args, 't') || args_suffix(args, 'v') ||
		     args_suffix(args, 'm') || args_suffix(args, 'E');
	CLEANUP(str_done) struct str where = STR_EMPTY;

	if (!kinds && pattern != NULL)
		return describe_relations(session, pattern, verbose, err);
	if (args_suffix(args, 'E'))
		return show_listing(session, &external_listing, args, "", err);
	if (args_suffix(args, 'm') && redshift)
		return show_listing(session, &mv_listing, args, "", err);
	add_kinds(args, &where);
	return show_listing(session,
			    verbose && redshift ? &relation_more_listing
						: &relation_listing,
			    args, where.text, err);
}

/* ---- \dn ---- */

static const char *const schema_headings[] = { "Name", "Owner",
					       "Access privileges",
					       "Description", NULL };

static const struct listing schema_listing = {
	.title = "List of schemas",
	.headings = schema_headings,
	.sql = "select n.nspname, pg_get_userbyid(n.nspowner)\n"
	       "from pg_namespace n\nwhere true",
	.user_only = NOT_SYSTEM,
	.order = "1",
	.columns = { NULL, "n.nspname", NULL },
	.none = "schema",
};

static const struct listing schema_more_listing = {
	.title = "List of schemas",
	.headings = schema_headings,
	.sql = "select n.nspname, pg_get_userbyid(n.nspowner),"
	       " array_to_string(n.nspacl, chr(10)),"
	       " obj_description(n.oid, 'pg_namespace')\n"
	       "from pg_namespace n\nwhere true",
	.user_only = NOT_SYSTEM,
	.order = "1",
	.columns = { NULL, "n.nspname", NULL },
	.none = "schema",
};

static bool schemas_run(struct session *session, const struct args *args,
			struct err *err)
{
	return show_listing(session,
			    args_suffix(args, '+') ? &schema_more_listing
						   : &schema_listing,
			    args, "", err);
}

/* ---- \df ---- */

static const char *const function_headings[] = {
	"Schema", "Name", "Result data type", "Argument data types",
	"Type",   NULL
};

static const struct listing function_listing = {
	.title = "List of functions",
	.headings = function_headings,
	.sql = "select schema_name, function_name, result_type,"
	       " argument_type, lower(function_type)\n"
	       "from svv_redshift_functions\n"
	       "where database_name = current_database()",
	.user_only = "schema_name <> 'pg_catalog'"
		     " and schema_name <> 'information_schema'",
	.order = "1, 2, 4",
	.columns = { "schema_name", "function_name", NULL },
};

/* A plain PostgreSQL has no such view. */
static const struct listing plain_function_listing = {
	.title = "List of functions",
	.headings = function_headings,
	.sql = "select n.nspname, p.proname, format_type(p.prorettype, null),"
	       " oidvectortypes(p.proargtypes), 'func'\nfrom pg_proc p\n"
	       "join pg_namespace n on n.oid = p.pronamespace\nwhere true",
	.user_only = NOT_SYSTEM,
	.order = "1, 2, 4",
	.columns = { "n.nspname", "p.proname", NULL },
};

static bool functions_run(struct session *session, const struct args *args,
			  struct err *err)
{
	const char *more =
		args_suffix(args, 'p')   ? " and lower(function_type)"
					   " like '%procedure%'"
		: args_suffix(args, 'a') ? " and lower(function_type)"
					   " like '%aggregate%'"
		: args_suffix(args, 'n') ? " and lower(function_type)"
					   " not like '%procedure%'"
					 : "";

	if (!db_is_redshift(session_db(session)))
		return show_listing(session, &plain_function_listing, args, "",
				    err);
	return show_listing(session, &function_listing, args, more, err);
}

/* ---- \du, \dg ---- */

/* What one user belongs to, as {a,b} after psql. */
static void add_member_of(const char *user, struct rows_mem *members,
			  struct str *out)
{
	struct rows *rows = rows_mem_rows(members);
	const struct rows_value *values;
	size_t count = 0;

	rows_mem_rewind(members);
	while (rows_next(rows, &values, NULL) == ROWS_ROW)
		if (values[0].text != NULL && values[1].text != NULL &&
		    strcmp(values[0].text, user) == 0)
			str_addf(out, "%s%s", count++ > 0 ? "," : "{",
				 values[1].text);
	str_add(out, count > 0 ? "}" : "{}");
}

/* Groups (leader only) and roles are two queries: they cannot be joined. */
static bool read_members(struct session *session, struct rows_mem *out,
			 struct err *err)
{
	static const char *const queries[] = {
		"select u.usename, g.groname from pg_user u, pg_group g"
		" where u.usesysid = any(g.grolist) order by 1, 2",
		"select user_name, role_name from svv_user_grants"
		" order by 1, 2",
	};
	size_t count = db_is_redshift(session_db(session)) ? 2 : 1;

	rows_mem_column(out, "user", ROWS_TEXT);
	rows_mem_column(out, "member of", ROWS_TEXT);
	for (size_t i = 0; i < count; i++) {
		CLEANUP(rows_freep)
		struct rows *rows = describe_query(session, queries[i], err);
		const struct rows_value *values;
		enum rows_step step;

		if (rows == NULL)
			return false;
		while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
			rows_mem_add(out, values[0].text);
			rows_mem_add(out, values[1].text);
		}
		if (step == ROWS_FAILED)
			return false;
	}
	return true;
}

static struct rows *query_users(struct session *session, const char *pattern,
				struct err *err)
{
	static const struct pattern_columns columns = {
		.name = "u.usename",
	};
	struct pattern_world world = {
		.escapes = db_backslash_escapes(session_db(session)),
		.database = db_name(session_db(session)),
	};
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_add(&sql, "select u.usename, u.usesuper, u.usecreatedb,"
		      " u.valuntil\nfrom pg_user u\nwhere true");
	if (!pattern_where(pattern, &columns, &world, &sql, err))
		return NULL;
	str_add(&sql, "\norder by 1");
	return describe_query(session, sql.text, err);
}

static void add_attributes(const struct rows_value *values, struct str *out)
{
	bool super = values[1].text != NULL && values[1].text[0] == 't';
	bool creates = values[2].text != NULL && values[2].text[0] == 't';

	if (super)
		str_add(out, "Superuser");
	if (creates)
		str_addf(out, "%sCreate DB", out->len > 0 ? ", " : "");
	if (values[3].text != NULL && values[3].len > 0)
		str_addf(out, "%sPassword valid until %s",
			 out->len > 0 ? "\n" : "", values[3].text);
}

static bool users_run(struct session *session, const struct args *args,
		      struct err *err)
{
	CLEANUP(rows_mem_freep) struct rows_mem *members = rows_mem_new(NULL);
	CLEANUP(rows_freep) struct rows *users = NULL;
	struct rows_mem *mem;
	const struct rows_value *values;
	enum rows_step step;

	if (!read_members(session, members, err))
		return false;
	users = query_users(session, args_text(args, "PATTERN"), err);
	if (users == NULL)
		return false;
	mem = rows_mem_new("List of roles");
	rows_mem_column(mem, "Role name", ROWS_TEXT);
	rows_mem_column(mem, "Attributes", ROWS_TEXT);
	rows_mem_column(mem, "Member of", ROWS_TEXT);
	while ((step = rows_next(users, &values, err)) == ROWS_ROW) {
		CLEANUP(str_done) struct str attributes = STR_EMPTY;
		CLEANUP(str_done) struct str member_of = STR_EMPTY;

		add_attributes(values, &attributes);
		add_member_of(values[0].text != NULL ? values[0].text : "",
			      members, &member_of);
		rows_mem_add(mem, values[0].text);
		rows_mem_add(mem, attributes.text);
		rows_mem_add(mem, member_of.text);
	}
	if (step == ROWS_FAILED) {
		rows_free(rows_mem_rows(mem));
		return false;
	}
	return session_print_rows(session, rows_mem_rows(mem), "", err);
}

/* ---- \l, \dp ---- */

static const char *const database_headings[] = { "Name", "Owner", "Encoding",
						 "Access privileges", NULL };

static const struct listing database_listing = {
	.title = "List of databases",
	.headings = database_headings,
	.sql = "select d.datname, pg_get_userbyid(d.datdba),"
	       " pg_encoding_to_char(d.encoding),"
	       " array_to_string(d.datacl, chr(10))\n"
	       "from pg_database d\nwhere true",
	.user_only = "d.datname not in ('padb_harvest', 'sys:internal')",
	.order = "1",
	.columns = { NULL, "d.datname", NULL },
};

static bool databases_run(struct session *session, const struct args *args,
			  struct err *err)
{
	return show_listing(session, &database_listing, args, "", err);
}

static const char *const privilege_headings[] = { "Schema", "Name", "Type",
						  "Access privileges", NULL };

static const struct listing privilege_listing = {
	.title = "Access privileges",
	.headings = privilege_headings,
	.sql = "select n.nspname, c.relname, " RELATION_TYPE ","
	       " array_to_string(c.relacl, chr(10))" RELATION_FROM
	       "\nwhere c.relkind in ('r', 'v', 'm')" NOT_HIDDEN,
	.user_only = NOT_SYSTEM,
	.order = "1, 2",
	.columns = { "n.nspname", "c.relname", "pg_table_is_visible(c.oid)" },
};

static bool privileges_run(struct session *session, const struct args *args,
			   struct err *err)
{
	return show_listing(session, &privilege_listing, args, "", err);
}

/* ---- what Redshift has not ---- */

static const struct {
	const char *command;
	const char *what;
	const char *instead;
} absent[] = {
	{ "di", "indexes", "\\d TABLE shows sort keys" },
	{ "ds", "sequences", "\\d TABLE shows IDENTITY columns" },
	{ "db", "tablespaces", "storage is managed by the service" },
	{ "dc", "encoding conversions", "text is UTF-8" },
	{ "dA", "access methods", "" },
	{ "dD", "domains", "" },
	{ "des", "foreign servers", "\\dn+ shows external schemas" },
	{ "det", "foreign tables", "\\dE lists external tables" },
	{ "deu", "user mappings", "" },
	{ "dew", "foreign-data wrappers", "" },
	{ "dF", "text search configurations", "" },
	{ "dl", "large objects", "" },
	{ "dO", "collations", "" },
	{ "dP", "partitioned tables", "\\dE lists external tables" },
	{ "dR", "publications and subscriptions",
	  "datashares are in svv_datashares" },
	{ "dx", "extensions", "" },
	{ "dX", "extended statistics", "" },
	{ "dy", "event triggers", "" },
};

static bool absent_run(struct session *session, const struct args *args,
		       struct err *err)
{
	const char *typed = args_command(args);

	(void)session;
	for (size_t i = 0; i < COUNT_OF(absent); i++) {
		if (strncmp(typed, absent[i].command,
			    strlen(absent[i].command)) != 0)
			continue;
		err_set(err, ERR_USAGE, "\\%s: Redshift has no %s", typed,
			absent[i].what);
		return err_hint(err, "%s", absent[i].instead);
	}
	return err_set(err, ERR_USAGE, "\\%s: not supported", typed);
}

static const struct arg pattern_args[] = {
	{ "PATTERN", ARG_PATTERN, ARG_OPTIONAL, "names; * and ? match" },
	ARG_END,
};

const struct command cmd_describe_table[] = {
	{
		.name = "d",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.synopsis = "\\d[tvmES+]  [PATTERN]",
		.brief = "describe a table or view, or list tables, views, "
			 "materialized views, external tables",
		.args = pattern_args,
		.run = relations_run,
		.suffixes = "tvmES+",
	},
	{
		.name = "df",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.brief = "list functions; a: aggregates, n: no procedures, "
			 "p: procedures",
		.args = pattern_args,
		.run = functions_run,
		.suffixes = "anptwS+",
	},
	{
		.name = "dg",
		.aliases = "du",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.brief = "list users with their groups and roles",
		.args = pattern_args,
		.run = users_run,
		.suffixes = "S+",
	},
	{
		.name = "dn",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.brief = "list schemas",
		.args = pattern_args,
		.run = schemas_run,
		.suffixes = "S+",
	},
	{
		.name = "dp",
		.aliases = "z",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.brief = "list access privileges of tables and views",
		.args = pattern_args,
		.run = privileges_run,
		.suffixes = "S",
	},
	{
		.name = "l",
		.aliases = "list",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.brief = "list databases",
		.args = pattern_args,
		.run = databases_run,
		.suffixes = "S+",
	},
	{
		.name = "di",
		.aliases = "ds db dc dA dD des det deu dew dF dl dO dP dRp dRs "
			   "dx dX dy dAc dAf dAo dAp dFd dFp dFt",
		.group = GROUP_DESCRIBE,
		.synopsis = "\\di, \\ds, \\dx ...",
		.brief = "say what Redshift has instead of indexes, "
			 "sequences, extensions ...",
		.args = pattern_args,
		.run = absent_run,
		.suffixes = "Sitnx+",
	},
	COMMAND_END,
};
