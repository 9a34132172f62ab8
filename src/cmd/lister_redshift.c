#include "cmd/lister_redshift.h"

#include "cmd/lister_sql.h"

/* ---- relations ---- */

/* PG_CLASS_INFO, what AUTO is just now: superusers see all, others their own
 * tables. */
static const struct lister_column relation_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "c.relname", false, NULL },
	{ "Type", RELATION_TYPE, false, NULL },
	{ "Owner", "pg_get_userbyid(c.relowner)", false, NULL },
	{ "Distribution",
	  "case when c.relkind <> 'r' then ''"
	  " else case coalesce(i.releffectivediststyle, c.reldiststyle)"
	  " when 0 then 'EVEN' when 1 then 'KEY' when 8 then 'ALL'"
	  " when 9 then 'AUTO' when 10 then 'AUTO (ALL)'"
	  " when 11 then 'AUTO (EVEN)' when 12 then 'AUTO (KEY)' end end",
	  true, "t" },
	{ "Rows", NULL, true, "t", true },
	{ "MB", NULL, true, "t", true },
	{ "Unsorted%", NULL, true, "t", true },
	{ "Stats off%", NULL, true, "t", true },
	{ "Skew", NULL, true, "t", true },
	{ "Description", "obj_description(c.oid, 'pg_class')", true, NULL },
	END_COLUMNS
};

static const struct lister_letter relation_letters[] = {
	{ 't', "c.relkind = 'r'", NULL, NULL },
	{ 'v', "c.relkind = 'v'", "view", NULL },
	{ 'm', "c.relkind in ('v', 'm')", "materialized view", NULL },
	{ 'E', "false", NULL, NULL },
	{ 'i', NULL, NULL,
	  "Redshift has no indexes; \\d TABLE shows sort keys" },
	{ 's', NULL, NULL,
	  "Redshift has no sequences; \\d TABLE shows IDENTITY columns" },
	{ 0, NULL, NULL, NULL },
};

/* Asking for them calls the data catalog, so only their letter does. */
static const char *const external_cells[] = {
	"schemaname", "tablename", "'external table'", "''", "''", NULL,
	NULL,         NULL,        NULL,               NULL, "location",
};

static const struct lister_source relation_sources[] = {
	{
		.cells = external_cells,
		.from = "from svv_external_tables",
		.where = "true",
		.letter = 'E',
		.name_is = { { .schema = "schemaname", .name = "tablename" } },
	},
	{ .cells = NULL },
};

/* The view leaves out empty tables. */
static const struct lister_side relation_sides[] = {
	MARK_MATERIALIZED,
	{
		.sql = "select \"schema\", \"table\", tbl_rows, size,"
		       " round(unsorted), round(stats_off), skew_rows\n"
		       "from svv_table_info\nwhere true",
		.order = "1, 2",
		.keys = 2,
		.column = 5,
		.values = 5,
		.reads = "svv_table_info",
		.unread = "Rows and size are not shown: SVV_TABLE_INFO is for "
			  "superusers and whom they GRANT SELECT on it.",
		.zero_for = "table",
		.name_is = { .schema = "\"schema\"", .name = "\"table\"" },
	},
	{ .sql = NULL },
};

/* The classes of Hive are long; their formats have names. */
static const struct lister_column external_columns[] = {
	{ "Schema", "schemaname", false, NULL },
	{ "Name", "tablename", false, NULL },
	{ "Format",
	  "case when input_format like '%.TextInputFormat' then"
	  " case when serialization_lib like '%OpenCSVSerde' then 'csv'"
	  " when serialization_lib ilike '%json%' then 'json'"
	  " when serialization_lib like '%RegexSerDe' then 'regex'"
	  " else 'text' end"
	  " when input_format ilike '%parquet%' then 'parquet'"
	  " when input_format like '%.OrcInputFormat' then 'orc'"
	  " when input_format like '%.Avro%' then 'avro'"
	  " when input_format like '%.SequenceFile%' then 'sequencefile'"
	  " when input_format like '%.RCFile%' then 'rcfile'"
	  " else coalesce(input_format, '') end",
	  false, NULL },
	{ "Location", "location", false, NULL },
	{ "Partition key", NULL, true, NULL },
	{ "Type", "tabletype", true, NULL },
	{ "Serialization", "serialization_lib", true, NULL },
	{ "Parameters", "parameters", true, NULL },
	END_COLUMNS
};

static const struct lister_side external_sides[] = {
	{
		.sql = "select schemaname, tablename, columnname\n"
		       "from svv_external_columns\nwhere part_key > 0",
		.order = "1, 2, part_key",
		.join = ", ",
		.keys = 2,
		.column = 4,
		.values = 1,
		.name_is = { .schema = "schemaname", .name = "tablename" },
	},
	{ .sql = NULL },
};

static const struct lister_column materialized_columns[] = {
	{ "Schema", "trim(schema_name)", false, NULL },
	{ "Name", "trim(name)", false, NULL },
	{ "Owner", "trim(user_name)", false, NULL },
	{ "Stale",
	  "case is_stale when 't' then 'yes' when 'f' then 'no'"
	  " else 'unknown' end",
	  false, NULL },
	{ "Autorefresh", "case autorefresh when 't' then 'yes' else 'no' end",
	  false, NULL },
	{ "Autorewrite", "case autorewrite when 't' then 'yes' else 'no' end",
	  true, NULL },
	{ "Refresh",
	  "case state when 0 then 'computes all anew'"
	  " when 1 then 'incremental'"
	  " when 101 then 'impossible: column dropped'"
	  " when 102 then 'impossible: column type changed'"
	  " when 103 then 'impossible: table renamed'"
	  " when 104 then 'impossible: column renamed'"
	  " when 105 then 'impossible: schema renamed'"
	  " else 'state ' || cast(state as varchar) end",
	  true, NULL },
	END_COLUMNS
};

/* ---- functions ---- */

#define FUNCTION_FROM                                                          \
	"from pg_proc_info p\n"                                                \
	"join pg_namespace n on n.oid = p.pronamespace\n"                      \
	"left join pg_language l on l.oid = p.prolang"

static const struct lister_column function_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "p.proname", false, NULL },
	{ "Result data type",
	  "case when p.prokind = 'p' then ''"
	  " when p.proretset then 'SETOF ' || format_type(p.prorettype, null)"
	  " else format_type(p.prorettype, null) end",
	  false, NULL },
	{ "Argument data types", "oidvectortypes(p.proargtypes)", false, NULL },
	{ "Type",
	  "case when p.prokind = 'p' then 'proc'"
	  " when p.proisagg then 'agg' else 'func' end",
	  false, NULL },
	{ "Argument names", "array_to_string(p.proargnames, ', ')", true,
	  NULL },
	{ "Volatility",
	  "case p.provolatile when 'i' then 'immutable'"
	  " when 's' then 'stable' else 'volatile' end",
	  true, NULL },
	{ "Owner", "pg_get_userbyid(p.proowner)", true, NULL },
	{ "Security", "case when p.prosecdef then 'definer' else 'invoker' end",
	  true, NULL },
	{ "Access privileges", ACL("p.proacl"), true, NULL },
	{ "Language", "l.lanname", true, NULL },
	{ "Source code", "p.prosrc", true, NULL },
	{ "Description", "obj_description(p.prooid, 'pg_proc')", true, NULL },
	END_COLUMNS
};

static const struct lister_letter function_letters[] = {
	{ 'a', "p.proisagg", NULL, NULL },
	{ 'n', "not p.proisagg and p.prokind <> 'p'", NULL, NULL },
	{ 'p', "p.prokind = 'p'", NULL, NULL },
	{ 't', NULL, NULL,
	  "Redshift has no triggers, so no functions for them"
	  "; \\dfp lists stored procedures" },
	{ 'w', NULL, NULL,
	  "Redshift's catalog does not mark window functions"
	  "; \\dfnS lists the built-in functions" },
	{ 0, NULL, NULL, NULL },
};

static const struct lister_types function_types = {
	.join = "\nleft join pg_type t# on t#.oid = p.proargtypes[#]\n"
		"left join pg_namespace nt# on nt#.oid = t#.typnamespace",
	.visible = IN_PATH("nt#.nspname"),
	.limit = 32,
};

static const struct lister_column aggregate_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "p.proname", false, NULL },
	{ "Result data type", "format_type(p.prorettype, null)", false, NULL },
	{ "Argument data types",
	  "case when p.pronargs = 0 then '*'"
	  " else oidvectortypes(p.proargtypes) end",
	  false, NULL },
	{ "Description", "obj_description(p.oid, 'pg_proc')", false, NULL },
	END_COLUMNS
};

/* ---- casts, operators, types, languages ---- */

static const struct lister_column cast_columns[] = {
	{ "Source type", "format_type(k.castsource, null)", false, NULL },
	{ "Target type", "format_type(k.casttarget, null)", false, NULL },
	{ "Function",
	  "case when k.castfunc = 0 then '(binary coercible)'"
	  " else p.proname end",
	  false, NULL },
	{ "Implicit?",
	  "case k.castcontext when 'e' then 'no'"
	  " when 'a' then 'in assignment' else 'yes' end",
	  false, NULL },
	{ "Description", "obj_description(k.oid, 'pg_cast')", true, NULL },
	END_COLUMNS
};

static const struct lister_column operator_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "o.oprname", false, NULL },
	{ "Left arg type",
	  "case when o.oprkind = 'l' then ''"
	  " else format_type(o.oprleft, null) end",
	  false, NULL },
	{ "Right arg type",
	  "case when o.oprkind = 'r' then ''"
	  " else format_type(o.oprright, null) end",
	  false, NULL },
	{ "Result type", "format_type(o.oprresult, null)", false, NULL },
	{ "Function", "o.oprcode", true, NULL },
	{ "Description",
	  "coalesce(obj_description(o.oid, 'pg_operator'),"
	  " obj_description(o.oprcode, 'pg_proc'))",
	  false, NULL },
	END_COLUMNS
};

static const struct lister_types operator_types = {
	.join = "\nleft join pg_type t# on t#.oid ="
		" case when # = @ - 1 then o.oprright else o.oprleft end\n"
		"left join pg_namespace nt# on nt#.oid = t#.typnamespace",
	.visible = IN_PATH("nt#.nspname"),
	.check = "\n  and (@ > 1 or o.oprleft = 0)",
	.limit = 2,
};

static const struct lister_column type_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "format_type(t.oid, null)", false, NULL },
	{ "Internal name", "t.typname", true, NULL },
	{ "Size",
	  "case when t.typrelid <> 0 then 'tuple'"
	  " when t.typlen < 0 then 'var'"
	  " else cast(cast(t.typlen as integer) as varchar) end",
	  true, NULL },
	{ "Owner", "pg_get_userbyid(t.typowner)", true, NULL },
	{ "Description", "obj_description(t.oid, 'pg_type')", false, NULL },
	END_COLUMNS
};

static const struct lister_column language_columns[] = {
	{ "Name", "l.lanname", false, NULL },
	{ "Trusted", "l.lanpltrusted", false, NULL },
	{ "Internal language", "not l.lanispl", true, NULL },
	{ "Access privileges", ACL("l.lanacl"), true, NULL },
	{ "Description", "obj_description(l.oid, 'pg_language')", false, NULL },
	END_COLUMNS
};

/* ---- schemas, databases, settings ---- */

static const struct lister_column schema_columns[] = {
	{ "Name", "n.nspname", false, NULL },
	{ "Owner", "pg_get_userbyid(n.nspowner)", false, NULL },
	{ "Type",
	  "case when e.esoid is null then 'local' else case e.eskind"
	  " when 1 then 'data catalog' when 2 then 'Hive metastore'"
	  " when 3 then 'PostgreSQL' when 4 then 'Redshift database'"
	  " when 5 then 'remote Redshift database' when 6 then 'system table'"
	  " when 8 then 'MySQL' when 9 then 'Kinesis' when 10 then 'MSK'"
	  " else 'external' end end",
	  false, NULL },
	{ "External database", "e.esdbname", true, NULL },
	{ "External options", "e.esoptions", true, NULL },
	{ "Access privileges", ACL("n.nspacl"), true, NULL },
	{ "Description", "obj_description(n.oid, 'pg_namespace')", true, NULL },
	END_COLUMNS
};

static const struct lister_column database_columns[] = {
	{ "Name", "d.datname", false, NULL },
	{ "Owner", "pg_get_userbyid(d.datdba)", false, NULL },
	{ "Encoding", "pg_encoding_to_char(d.encoding)", false, NULL },
	{ "Type", NULL, false, NULL },
	{ "Isolation level", NULL, true, NULL },
	{ "Connection limit", "d.datconnlimit", true, NULL },
	{ "Access privileges", ACL("d.datacl"), false, NULL },
	END_COLUMNS
};

#define OF_SERVICE "('padb_harvest', 'template0', 'template1', 'sys:internal')"

static const struct lister_side database_sides[] = {
	{
		.sql = "select database_name, database_type,"
		       " database_isolation_level\n"
		       "from svv_redshift_databases\nwhere true",
		.user_only = "database_name not in " OF_SERVICE,
		.order = "1",
		.keys = 1,
		.column = 3,
		.values = 2,
		.adds = true,
		.name_is = { .name = "database_name" },
	},
	{ .sql = NULL },
};

static const struct lister_column setting_columns[] = {
	{ "Parameter", "s.name", false, NULL },
	{ "Value", "s.setting", false, NULL },
	{ "Type", "s.vartype", true, NULL },
	{ "Context", "s.context", true, NULL },
	END_COLUMNS
};

/* ---- datashares ---- */

static const struct lister_column share_columns[] = {
	{ "Name", "share_name", false, NULL },
	{ "Type", "lower(share_type)", false, NULL },
	{ "Database",
	  "case share_type when 'INBOUND' then consumer_database"
	  " else source_database end",
	  false, NULL },
	{ "Producer account", "producer_account", false, NULL },
	{ "Producer namespace", "producer_namespace", true, NULL },
	{ "Public", "case when is_publicaccessible then 'yes' else 'no' end",
	  true, NULL },
	{ "Created", "substring(cast(createdate as varchar), 1, 10)", true,
	  NULL },
	{ "Managed by", "managed_by", true, NULL },
	{ "Access privileges", "share_acl", true, NULL },
	{ "Objects", NULL, true, NULL },
	END_COLUMNS
};

static const struct lister_side share_sides[] = {
	{
		.sql = "select share_name, object_type || ' ' || object_name\n"
		       "from svv_datashare_objects\nwhere true",
		.order = "1, 2",
		.join = "\n",
		.keys = 1,
		.column = 9,
		.values = 1,
		.name_is = { .name = "share_name" },
	},
	{ .sql = NULL },
};

/* ---- comments ---- */

static const struct lister_column comment_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "k.conname", false, NULL },
	{ "Object", "'table constraint'", false, NULL },
	{ "Description", "d.description", false, NULL },
	END_COLUMNS
};

/* ---- the table ---- */

const struct lister lister_redshift[] = {
	{
		.name = "d",
		.title = "List of relations",
		.columns = relation_columns,
		.from = "from pg_class c\n"
			"join pg_namespace n on n.oid = c.relnamespace\n"
			"left join pg_class_info i on i.reloid = c.oid"
			" and c.relkind = 'r'",
		.where = "c.relkind in ('r', 'v', 'm') and " NOT_INNER,
		.user_only = OF_USERS,
		.order = "1, 2",
		.name_is = { { .schema = "n.nspname",
			       .name = "c.relname",
			       .visible = "pg_table_is_visible(c.oid)" } },
		.letters = relation_letters,
		.type_column = 2,
		.sources = relation_sources,
		.sides = relation_sides,
		.sort_columns = 2,
		.found_none = { "Did not find any relations.",
				"Did not find any relation named \"%1\"." },
	},
	{
		.name = "dm",
		.title = "List of materialized views",
		.columns = materialized_columns,
		.from = "from svv_mv_info",
		.where = "database_name = current_database()",
		.order = "1, 2",
		.name_is = { { .schema = "trim(schema_name)",
			       .name = "trim(name)" } },
		.found_none = { "Did not find any relations.",
				"Did not find any relation named \"%1\"." },
	},
	{
		.name = "dE",
		.title = "List of external tables",
		.columns = external_columns,
		.from = "from svv_external_tables",
		.where = "true",
		.order = "1, 2",
		.sides = external_sides,
		.name_is = { { .schema = "schemaname", .name = "tablename" } },
		.found_none = { "Did not find any relations.",
				"Did not find any relation named \"%1\"." },
	},
	{
		.name = "da",
		.title = "List of aggregate functions",
		.columns = aggregate_columns,
		.from = "from pg_proc p\n"
			"join pg_namespace n on n.oid = p.pronamespace",
		.where = "p.proisagg",
		.user_only = OF_USERS,
		.order = "1, 2, 4",
		.name_is = { { .schema = "n.nspname",
			       .name = "p.proname",
			       .visible = "pg_function_is_visible(p.oid)" } },
		.found_none = { "Redshift has no aggregate functions but its"
				" own; \\daS lists them." },
	},
	{
		.name = "dC",
		.title = "List of casts",
		.columns = cast_columns,
		.from = "from pg_cast k\n"
			"left join pg_proc p on p.oid = k.castfunc\n"
			"left join pg_type ts on ts.oid = k.castsource\n"
			"left join pg_namespace ns on ns.oid = ts.typnamespace"
			"\nleft join pg_type tt on tt.oid = k.casttarget\n"
			"left join pg_namespace nt on nt.oid = tt.typnamespace",
		.where = "true",
		.order = "1, 2",
		.name_is = { { .schema = "ns.nspname",
			       .name = "ts.typname",
			       .other = "format_type(ts.oid, null)",
			       .visible = IN_PATH("ns.nspname") },
			     { .schema = "nt.nspname",
			       .name = "tt.typname",
			       .other = "format_type(tt.oid, null)",
			       .visible = IN_PATH("nt.nspname") } },
		.either = true,
		.canonical = true,
	},
	{
		.name = "dconfig",
		.title = "List of configuration parameters",
		.title_unasked = "List of non-default configuration parameters",
		.columns = setting_columns,
		.from = "from pg_settings s",
		.where = "true",
		.user_only = "s.source <> 'default'",
		.order = "1",
		.name_is = { { .name = "lower(s.name)", .dots = true } },
	},
	{
		.name = "dd",
		.title = "Object descriptions",
		.columns = comment_columns,
		.from = "from pg_constraint k\n"
			"join pg_class c on c.oid = k.conrelid\n"
			"join pg_namespace n on n.oid = c.relnamespace\n"
			"join pg_description d on d.objoid = k.oid"
			" and d.objsubid = 0\n"
			"join pg_class of on of.oid = d.classoid"
			" and of.relname = 'pg_constraint'",
		.where = "true",
		.user_only = OF_USERS,
		.order = "1, 2, 3",
		.name_is = { { .schema = "n.nspname",
			       .name = "k.conname",
			       .visible = "pg_table_is_visible(c.oid)" } },
	},
	{
		.name = "df",
		.title = "List of functions",
		.columns = function_columns,
		.from = FUNCTION_FROM,
		.where = "true",
		.user_only = OF_USERS,
		.order = "1, 2, 4",
		.name_is = { { .schema = "n.nspname",
			       .name = "p.proname",
			       .visible =
				       "pg_function_is_visible(p.prooid)" } },
		.letters = function_letters,
		.types = &function_types,
	},
	{
		.name = "dL",
		.title = "List of languages",
		.columns = language_columns,
		.from = "from pg_language l",
		.where = "true",
		.user_only = "l.lanispl",
		.order = "1",
		.name_is = { { .name = "l.lanname", .in_database = true } },
	},
	{
		.name = "dn",
		.title = "List of schemas",
		.columns = schema_columns,
		.from = "from pg_namespace n\n"
			"left join pg_external_schema e on e.esoid = n.oid",
		.where = "true",
		.user_only = "n.nspname !~ '^pg_'"
			     " and n.nspname <> 'information_schema'"
			     " and n.nspname <> 'catalog_history'",
		.order = "1",
		.name_is = { { .name = "n.nspname", .in_database = true } },
	},
	{
		.name = "do",
		.title = "List of operators",
		.columns = operator_columns,
		.from = "from pg_operator o\n"
			"join pg_namespace n on n.oid = o.oprnamespace",
		.where = "true",
		.user_only = OF_USERS,
		.order = "1, 2, 3, 4",
		.name_is = { { .schema = "n.nspname",
			       .name = "o.oprname",
			       .symbols = true,
			       .visible = IN_PATH("n.nspname") } },
		.types = &operator_types,
		.found_none = { "Redshift has no operators but its own; \\doS"
				" lists them." },
	},
	{
		.name = "dshares",
		.title = "List of datashares",
		.columns = share_columns,
		.from = "from svv_datashares",
		.where = "true",
		.order = "1, 2",
		.name_is = { { .name = "share_name" } },
		.sides = share_sides,
		.found_none = { "Did not find any datashares (superusers see "
				"all, others those they own or may use).",
				"Did not find any datashare named \"%1\"." },
	},
	{
		.name = "dT",
		.title = "List of data types",
		.columns = type_columns,
		.from = "from pg_type t\n"
			"join pg_namespace n on n.oid = t.typnamespace",
		.where = "(t.typrelid = 0 or exists (select 1 from pg_class c"
			 " where c.oid = t.typrelid and c.relkind = 'c'))",
		.user_only = OF_USERS,
		.order = "1, 2",
		.name_is = { { .schema = "n.nspname",
			       .name = "t.typname",
			       .other = "format_type(t.oid, null)",
			       .visible = IN_PATH("n.nspname") } },
		.canonical = true,
		.no_arrays = "t.typname !~ '^_'",
		.found_none = { "Redshift has no data types but its own; \\dTS"
				" lists them." },
	},
	{
		.name = "l",
		.title = "List of databases",
		.columns = database_columns,
		.from = "from pg_database_info d",
		.where = "true",
		.user_only = "d.datname not in " OF_SERVICE,
		.order = "1",
		.name_is = { { .name = "d.datname" } },
		.sides = database_sides,
		.sort_columns = 1,
	},
	{ .name = NULL },
};
