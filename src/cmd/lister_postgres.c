#include "cmd/lister_postgres.h"

#define OF_USERS                                                               \
	"n.nspname <> 'pg_catalog' and n.nspname <> 'information_schema'"
#define ACL(column) "array_to_string(" column ", chr(10))"
#define END                                                                    \
	{                                                                      \
		.heading = NULL                                                \
	}

/* ---- relations ---- */

static const struct lister_column relation_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "c.relname", false, NULL },
	{ "Type",
	  "case c.relkind when 'r' then 'table' when 'v' then 'view'"
	  " when 'm' then 'materialized view' when 'S' then 'sequence'"
	  " when 'f' then 'foreign table' when 'p' then 'partitioned table'"
	  " end",
	  false, NULL },
	{ "Owner", "pg_get_userbyid(c.relowner)", false, NULL },
	{ "Persistence",
	  "case c.relpersistence when 'p' then 'permanent'"
	  " when 't' then 'temporary' when 'u' then 'unlogged' end",
	  true, NULL },
	{ "Access method", "am.amname", true, "tm" },
	{ "Size", "pg_size_pretty(pg_table_size(c.oid))", true, NULL },
	{ "Description", "obj_description(c.oid, 'pg_class')", true, NULL },
	END
};

static const struct lister_letter relation_letters[] = {
	{ 't', "c.relkind in ('r', 'p')", NULL, NULL },
	{ 'v', "c.relkind = 'v'", NULL, NULL },
	{ 'm', "c.relkind = 'm'", NULL, NULL },
	{ 'E', "c.relkind = 'f'", NULL, NULL },
	{ 's', "c.relkind = 'S'", NULL, NULL },
	{ 'i', NULL, NULL, "indexes stand below the columns of \\d TABLE" },
	{ 0, NULL, NULL, NULL },
};

static const struct lister_column foreign_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "c.relname", false, NULL },
	{ "Type", "'foreign table'", false, NULL },
	{ "Owner", "pg_get_userbyid(c.relowner)", false, NULL },
	{ "Description", "obj_description(c.oid, 'pg_class')", true, NULL },
	END
};

/* ---- functions ---- */

#define FUNCTION_FROM                                                          \
	"from pg_proc p\n"                                                     \
	"left join pg_namespace n on n.oid = p.pronamespace\n"                 \
	"left join pg_language l on l.oid = p.prolang"

static const struct lister_column function_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "p.proname", false, NULL },
	{ "Result data type", "pg_get_function_result(p.oid)", false, NULL },
	{ "Argument data types", "pg_get_function_arguments(p.oid)", false,
	  NULL },
	{ "Type",
	  "case when p.prokind = 'a' then 'agg' when p.prokind = 'w'"
	  " then 'window' when p.prokind = 'p' then 'proc'"
	  " else 'func' end",
	  false, NULL },
	{ "Volatility",
	  "case p.provolatile when 'i' then 'immutable'"
	  " when 's' then 'stable' else 'volatile' end",
	  true, NULL },
	{ "Parallel",
	  "case p.proparallel when 'r' then 'restricted' when 's' then 'safe'"
	  " when 'u' then 'unsafe' end",
	  true, NULL },
	{ "Owner", "pg_get_userbyid(p.proowner)", true, NULL },
	{ "Security", "case when p.prosecdef then 'definer' else 'invoker' end",
	  true, NULL },
	{ "Access privileges", ACL("p.proacl"), true, NULL },
	{ "Language", "l.lanname", true, NULL },
	{ "Source code", "coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)",
	  true, NULL },
	{ "Description", "obj_description(p.oid, 'pg_proc')", true, NULL },
	END
};

static const struct lister_letter function_letters[] = {
	{ 'a', "p.prokind = 'a'", NULL, NULL },
	{ 'n',
	  "p.prokind not in ('a', 'p', 'w')"
	  " and p.prorettype <> 'trigger'::regtype",
	  NULL, NULL },
	{ 'p', "p.prokind = 'p'", NULL, NULL },
	{ 't', "p.prorettype = 'trigger'::regtype", NULL, NULL },
	{ 'w', "p.prokind = 'w'", NULL, NULL },
	{ 0, NULL, NULL, NULL },
};

static const struct lister_types function_types = {
	.join = "\nleft join pg_type t# on t#.oid = p.proargtypes[#]\n"
		"left join pg_namespace nt# on nt#.oid = t#.typnamespace",
	.visible = "pg_type_is_visible(t#.oid)",
	.limit = 100,
};

static const struct lister_column aggregate_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "p.proname", false, NULL },
	{ "Result data type", "format_type(p.prorettype, null)", false, NULL },
	{ "Argument data types",
	  "case when p.pronargs = 0 then '*'"
	  " else pg_get_function_arguments(p.oid) end",
	  false, NULL },
	{ "Description", "obj_description(p.oid, 'pg_proc')", false, NULL },
	END
};

/* ---- casts, operators, types, languages ---- */

static const struct lister_column cast_columns[] = {
	{ "Source type", "format_type(k.castsource, null)", false, NULL },
	{ "Target type", "format_type(k.casttarget, null)", false, NULL },
	{ "Function",
	  "case when k.castmethod = 'b' then '(binary coercible)'"
	  " when k.castmethod = 'i' then '(with inout)' else p.proname end",
	  false, NULL },
	{ "Implicit?",
	  "case k.castcontext when 'e' then 'no'"
	  " when 'a' then 'in assignment' else 'yes' end",
	  false, NULL },
	{ "Description", "obj_description(k.oid, 'pg_cast')", true, NULL },
	END
};

static const struct lister_column operator_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "o.oprname", false, NULL },
	{ "Left arg type",
	  "case when o.oprkind = 'l' then null"
	  " else format_type(o.oprleft, null) end",
	  false, NULL },
	{ "Right arg type",
	  "case when o.oprkind = 'r' then null"
	  " else format_type(o.oprright, null) end",
	  false, NULL },
	{ "Result type", "format_type(o.oprresult, null)", false, NULL },
	{ "Function", "o.oprcode", true, NULL },
	{ "Description",
	  "coalesce(obj_description(o.oid, 'pg_operator'),"
	  " obj_description(o.oprcode, 'pg_proc'))",
	  false, NULL },
	END
};

/* One type: a prefix operator's. */
static const struct lister_types operator_types = {
	.join = "\nleft join pg_type t# on t#.oid ="
		" case when # = @ - 1 then o.oprright else o.oprleft end\n"
		"left join pg_namespace nt# on nt#.oid = t#.typnamespace",
	.visible = "pg_type_is_visible(t#.oid)",
	.check = "\n  and (@ > 1 or o.oprleft = 0)",
	.limit = 2,
};

static const struct lister_column type_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "format_type(t.oid, null)", false, NULL },
	{ "Internal name", "t.typname", true, NULL },
	{ "Size",
	  "case when t.typrelid <> 0 then 'tuple'"
	  " when t.typlen < 0 then 'var' else t.typlen::text end",
	  true, NULL },
	{ "Elements",
	  "array_to_string(array(select e.enumlabel from pg_enum e"
	  " where e.enumtypid = t.oid order by e.enumsortorder), chr(10))",
	  true, NULL },
	{ "Owner", "pg_get_userbyid(t.typowner)", true, NULL },
	{ "Access privileges", ACL("t.typacl"), true, NULL },
	{ "Description", "obj_description(t.oid, 'pg_type')", false, NULL },
	END
};

static const struct lister_column language_columns[] = {
	{ "Name", "l.lanname", false, NULL },
	{ "Owner", "pg_get_userbyid(l.lanowner)", false, NULL },
	{ "Trusted", "l.lanpltrusted", false, NULL },
	{ "Internal language", "not l.lanispl", true, NULL },
	{ "Call handler", "l.lanplcallfoid::regprocedure", true, NULL },
	{ "Validator", "l.lanvalidator::regprocedure", true, NULL },
	{ "Inline handler", "l.laninline::regprocedure", true, NULL },
	{ "Access privileges", ACL("l.lanacl"), true, NULL },
	{ "Description", "obj_description(l.oid, 'pg_language')", false, NULL },
	END
};

/* ---- schemas, databases, settings ---- */

static const struct lister_column schema_columns[] = {
	{ "Name", "n.nspname", false, NULL },
	{ "Owner", "pg_get_userbyid(n.nspowner)", false, NULL },
	{ "Access privileges", ACL("n.nspacl"), true, NULL },
	{ "Description", "obj_description(n.oid, 'pg_namespace')", true, NULL },
	END
};

static const struct lister_column database_columns[] = {
	{ "Name", "d.datname", false, NULL },
	{ "Owner", "pg_get_userbyid(d.datdba)", false, NULL },
	{ "Encoding", "pg_encoding_to_char(d.encoding)", false, NULL },
	{ "Collate", "d.datcollate", false, NULL },
	{ "Ctype", "d.datctype", false, NULL },
	{ "ICU Locale", "d.daticulocale", false, NULL },
	{ "Locale Provider",
	  "case d.datlocprovider when 'c' then 'libc' when 'i' then 'icu' end",
	  false, NULL },
	{ "Access privileges", ACL("d.datacl"), false, NULL },
	{ "Size",
	  "case when has_database_privilege(d.datname, 'CONNECT')"
	  " then pg_size_pretty(pg_database_size(d.datname))"
	  " else 'No Access' end",
	  true, NULL },
	{ "Tablespace", "s.spcname", true, NULL },
	{ "Description", "shobj_description(d.oid, 'pg_database')", true,
	  NULL },
	END
};

static const struct lister_column setting_columns[] = {
	{ "Parameter", "s.name", false, NULL },
	{ "Value", "current_setting(s.name)", false, NULL },
	{ "Type", "s.vartype", true, NULL },
	{ "Context", "s.context", true, NULL },
	{ "Access privileges", ACL("a.paracl"), true, NULL },
	END
};

static const struct lister_column role_setting_columns[] = {
	{ "Role", "r.rolname", false, NULL },
	{ "Database", "d.datname", false, NULL },
	{ "Settings", ACL("s.setconfig"), false, NULL },
	END
};

/* ---- roles, privileges, comments ---- */

static const struct lister_column role_columns[] = {
	{ "Role name", "r.rolname", false, NULL },
	{ "Attributes",
	  "concat_ws(chr(10), nullif(concat_ws(', ',\n"
	  "    case when r.rolsuper then 'Superuser' end,\n"
	  "    case when not r.rolinherit then 'No inheritance' end,\n"
	  "    case when r.rolcreaterole then 'Create role' end,\n"
	  "    case when r.rolcreatedb then 'Create DB' end,\n"
	  "    case when not r.rolcanlogin then 'Cannot login' end,\n"
	  "    case when r.rolreplication then 'Replication' end,\n"
	  "    case when r.rolbypassrls then 'Bypass RLS' end), ''),\n"
	  "    case when r.rolconnlimit = 0 then 'No connections'"
	  " when r.rolconnlimit = 1 then '1 connection'"
	  " when r.rolconnlimit > 1 then r.rolconnlimit || ' connections' end,"
	  "\n    'Password valid until ' || r.rolvaliduntil)",
	  false, NULL },
	{ "Member of",
	  "array(select g.rolname from pg_auth_members m"
	  " join pg_roles g on g.oid = m.roleid where m.member = r.oid)",
	  false, NULL },
	{ "Description", "shobj_description(r.oid, 'pg_authid')", true, NULL },
	END
};

static const struct lister_column membership_columns[] = {
	{ "Role name", "r.rolname", false, NULL },
	{ "Member of", "g.rolname", false, NULL },
	{ "Options",
	  "concat_ws(', ', case when m.admin_option then 'ADMIN' end,"
	  " case when r.rolinherit then 'INHERIT' end, 'SET')",
	  false, NULL },
	{ "Grantor", "pg_get_userbyid(m.grantor)", false, NULL },
	END
};

static const struct lister_column privilege_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "c.relname", false, NULL },
	{ "Type",
	  "case c.relkind when 'r' then 'table' when 'v' then 'view'"
	  " when 'm' then 'materialized view' when 'S' then 'sequence'"
	  " when 'f' then 'foreign table' when 'p' then 'partitioned table'"
	  " end",
	  false, NULL },
	{ "Access privileges", ACL("c.relacl"), false, NULL },
	{ "Column privileges",
	  "array_to_string(array(select a.attname || ':' || chr(10) || '  '"
	  " || array_to_string(a.attacl, chr(10) || '  ')\n"
	  "    from pg_attribute a where a.attrelid = c.oid"
	  " and not a.attisdropped and a.attacl is not null), chr(10))",
	  false, NULL },
	{ "Policies",
	  "array_to_string(array(select o.polname"
	  " || case when o.polpermissive then '' else ' (RESTRICTIVE)' end\n"
	  "    || case when o.polcmd = '*' then ':'"
	  " else ' (' || o.polcmd::text || '):' end\n"
	  "    || coalesce(chr(10) || '  (u): '"
	  " || pg_get_expr(o.polqual, o.polrelid), '')\n"
	  "    || coalesce(chr(10) || '  (c): '"
	  " || pg_get_expr(o.polwithcheck, o.polrelid), '')\n"
	  "    || case when o.polroles = '{0}' then '' else chr(10)"
	  " || '  to: ' || array_to_string(array(select r.rolname"
	  " from pg_roles r where r.oid = any(o.polroles) order by 1), ', ')"
	  " end\n"
	  "    from pg_policy o where o.polrelid = c.oid), chr(10))",
	  false, NULL },
	END
};

static const struct lister_column default_acl_columns[] = {
	{ "Owner", "pg_get_userbyid(d.defaclrole)", false, NULL },
	{ "Schema", "n.nspname", false, NULL },
	{ "Type",
	  "case d.defaclobjtype when 'r' then 'table' when 'S' then 'sequence'"
	  " when 'f' then 'function' when 'T' then 'type'"
	  " when 'n' then 'schema' end",
	  false, NULL },
	{ "Access privileges", ACL("d.defaclacl"), false, NULL },
	END
};

static const struct lister_column comment_columns[] = {
	{ "Schema", "o.nspname", false, NULL },
	{ "Name", "o.name", false, NULL },
	{ "Object", "o.object", false, NULL },
	{ "Description", "d.description", false, NULL },
	END
};

/* What no other listing shows the comments of. */
#define COMMENTED                                                              \
	"from (\n"                                                             \
	"  select k.tableoid, k.oid, n.nspname, k.conname::text as name,\n"    \
	"    'table constraint' as object,"                                    \
	" pg_table_is_visible(c.oid) as visible\n"                             \
	"  from pg_constraint k join pg_class c on c.oid = k.conrelid\n"       \
	"  join pg_namespace n on n.oid = c.relnamespace\n"                    \
	"  union all\n"                                                        \
	"  select k.tableoid, k.oid, n.nspname, k.conname,\n"                  \
	"    'domain constraint', pg_type_is_visible(t.oid)\n"                 \
	"  from pg_constraint k join pg_type t on t.oid = k.contypid\n"        \
	"  join pg_namespace n on n.oid = t.typnamespace\n"                    \
	"  union all\n"                                                        \
	"  select c.tableoid, c.oid, n.nspname, c.opcname,\n"                  \
	"    'operator class', pg_opclass_is_visible(c.oid)\n"                 \
	"  from pg_opclass c join pg_namespace n on n.oid = c.opcnamespace\n"  \
	"  union all\n"                                                        \
	"  select f.tableoid, f.oid, n.nspname, f.opfname,\n"                  \
	"    'operator family', pg_opfamily_is_visible(f.oid)\n"               \
	"  from pg_opfamily f join pg_namespace n on n.oid = f.opfnamespace\n" \
	"  union all\n"                                                        \
	"  select r.tableoid, r.oid, n.nspname, r.rulename,\n"                 \
	"    'rule', pg_table_is_visible(c.oid)\n"                             \
	"  from pg_rewrite r join pg_class c on c.oid = r.ev_class\n"          \
	"  join pg_namespace n on n.oid = c.relnamespace\n"                    \
	"  where r.rulename <> '_RETURN'\n"                                    \
	"  union all\n"                                                        \
	"  select t.tableoid, t.oid, n.nspname, t.tgname,\n"                   \
	"    'trigger', pg_table_is_visible(c.oid)\n"                          \
	"  from pg_trigger t join pg_class c on c.oid = t.tgrelid\n"           \
	"  join pg_namespace n on n.oid = c.relnamespace\n"                    \
	") o\n"                                                                \
	"join pg_description d on d.classoid = o.tableoid"                     \
	" and d.objoid = o.oid and d.objsubid = 0"

/* ---- the table ---- */

const struct lister lister_postgres[] = {
	{
		.name = "d",
		.title = "List of relations",
		.columns = relation_columns,
		.from = "from pg_class c\n"
			"left join pg_namespace n on n.oid = c.relnamespace\n"
			"left join pg_am am on am.oid = c.relam",
		.where = "c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')"
			 " and n.nspname !~ '^pg_toast'",
		.user_only = OF_USERS,
		.order = "1, 2",
		.name_is = { { .schema = "n.nspname",
			       .name = "c.relname",
			       .visible = "pg_table_is_visible(c.oid)" } },
		.letters = relation_letters,
		.found_none = { "Did not find any relations.",
				"Did not find any relation named \"%1\"." },
	},
	{
		.name = "dE",
		.title = "List of relations",
		.columns = foreign_columns,
		.from = "from pg_class c\n"
			"left join pg_namespace n on n.oid = c.relnamespace",
		.where = "c.relkind = 'f'",
		.user_only = OF_USERS,
		.order = "1, 2",
		.name_is = { { .schema = "n.nspname",
			       .name = "c.relname",
			       .visible = "pg_table_is_visible(c.oid)" } },
		.found_none = { "Did not find any relations.",
				"Did not find any relation named \"%1\"." },
	},
	{
		.name = "da",
		.title = "List of aggregate functions",
		.columns = aggregate_columns,
		.from = FUNCTION_FROM,
		.where = "p.prokind = 'a'",
		.user_only = OF_USERS,
		.order = "1, 2, 4",
		.name_is = { { .schema = "n.nspname",
			       .name = "p.proname",
			       .visible = "pg_function_is_visible(p.oid)" } },
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
			       .visible = "pg_type_is_visible(ts.oid)" },
			     { .schema = "nt.nspname",
			       .name = "tt.typname",
			       .other = "format_type(tt.oid, null)",
			       .visible = "pg_type_is_visible(tt.oid)" } },
		.either = true,
	},
	{
		.name = "dconfig",
		.title = "List of configuration parameters",
		.title_unasked = "List of non-default configuration parameters",
		.columns = setting_columns,
		.from = "from pg_settings s\n"
			"left join pg_parameter_acl a"
			" on a.parname = lower(s.name)",
		.where = "true",
		.user_only = "s.source <> 'default'"
			     " and s.setting is distinct from s.boot_val",
		.order = "1",
		.name_is = { { .name = "lower(s.name)", .dots = true } },
	},
	{
		.name = "dd",
		.title = "Object descriptions",
		.columns = comment_columns,
		.from = COMMENTED,
		.where = "true",
		.user_only = "o.nspname <> 'pg_catalog'"
			     " and o.nspname <> 'information_schema'",
		.order = "1, 2, 3",
		.name_is = { { .schema = "o.nspname",
			       .name = "o.name",
			       .visible = "o.visible" } },
	},
	{
		.name = "ddp",
		.title = "Default access privileges",
		.columns = default_acl_columns,
		.from = "from pg_default_acl d\n"
			"left join pg_namespace n on n.oid = d.defaclnamespace",
		.where = "true",
		.order = "1, 2, 3",
		.name_is = { { .name = "n.nspname",
			       .other = "pg_get_userbyid(d.defaclrole)",
			       .dots = true } },
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
			       .visible = "pg_function_is_visible(p.oid)" } },
		.letters = function_letters,
		.types = &function_types,
	},
	{
		.name = "dg",
		.title = "List of roles",
		.columns = role_columns,
		.from = "from pg_roles r",
		.where = "true",
		.user_only = "r.rolname !~ '^pg_'",
		.order = "1",
		.name_is = { { .name = "r.rolname" } },
		.no_footer = true,
	},
	{
		.name = "dL",
		.title = "List of languages",
		.columns = language_columns,
		.from = "from pg_language l",
		.where = "true",
		.user_only = "l.lanplcallfoid <> 0",
		.order = "1",
		.name_is = { { .name = "l.lanname", .in_database = true } },
	},
	{
		.name = "dn",
		.title = "List of schemas",
		.columns = schema_columns,
		.from = "from pg_namespace n",
		.where = "true",
		.user_only = "n.nspname !~ '^pg_'"
			     " and n.nspname <> 'information_schema'",
		.order = "1",
		.name_is = { { .name = "n.nspname", .in_database = true } },
	},
	{
		.name = "do",
		.title = "List of operators",
		.columns = operator_columns,
		.from = "from pg_operator o\n"
			"left join pg_namespace n on n.oid = o.oprnamespace",
		.where = "true",
		.user_only = OF_USERS,
		.order = "1, 2, 3, 4",
		.name_is = { { .schema = "n.nspname",
			       .name = "o.oprname",
			       .symbols = true,
			       .visible = "pg_operator_is_visible(o.oid)" } },
		.types = &operator_types,
	},
	{
		.name = "dp",
		.title = "Access privileges",
		.columns = privilege_columns,
		.from = "from pg_class c\n"
			"left join pg_namespace n on n.oid = c.relnamespace",
		.where = "c.relkind in ('r', 'v', 'm', 'S', 'f', 'p')",
		.user_only = "n.nspname !~ '^pg_'"
			     " and n.nspname <> 'information_schema'",
		.order = "1, 2",
		.name_is = { { .schema = "n.nspname",
			       .name = "c.relname",
			       .visible = "pg_table_is_visible(c.oid)" } },
	},
	{
		.name = "drds",
		.title = "List of settings",
		.columns = role_setting_columns,
		.from = "from pg_db_role_setting s\n"
			"left join pg_database d on d.oid = s.setdatabase\n"
			"left join pg_roles r on r.oid = s.setrole",
		.where = "true",
		.order = "1, 2",
		.name_is = { { .name = "r.rolname" }, { .name = "d.datname" } },
		.found_none = { "Did not find any settings.",
				"Did not find any settings for role \"%1\".",
				"Did not find any settings for role \"%1\""
				" and database \"%2\"." },
	},
	{
		.name = "drg",
		.title = "List of role grants",
		.columns = membership_columns,
		.from = "from pg_auth_members m\n"
			"join pg_roles r on r.oid = m.member\n"
			"join pg_roles g on g.oid = m.roleid",
		.where = "true",
		.user_only = "r.rolname !~ '^pg_'",
		.order = "1, 2, 4",
		.name_is = { { .name = "r.rolname" } },
	},
	{
		.name = "dT",
		.title = "List of data types",
		.columns = type_columns,
		.from = "from pg_type t\n"
			"left join pg_namespace n on n.oid = t.typnamespace",
		.where = "(t.typrelid = 0 or exists (select 1 from pg_class c"
			 " where c.oid = t.typrelid and c.relkind = 'c'))",
		.user_only = OF_USERS,
		.order = "1, 2",
		.name_is = { { .schema = "n.nspname",
			       .name = "t.typname",
			       .other = "format_type(t.oid, null)",
			       .visible = "pg_type_is_visible(t.oid)" } },
		.canonical = true,
		.no_arrays = "not exists (select 1 from pg_type e"
			     " where e.oid = t.typelem and e.typarray = t.oid)",
	},
	{
		.name = "l",
		.title = "List of databases",
		.columns = database_columns,
		.from = "from pg_database d\n"
			"join pg_tablespace s on s.oid = d.dattablespace",
		.where = "true",
		.order = "1",
		.name_is = { { .name = "d.datname" } },
	},
	{ .name = NULL },
};
