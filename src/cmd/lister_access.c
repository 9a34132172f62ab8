#include "cmd/lister_access.h"

#include "cmd/lister_sql.h"

/* ---- users, groups, roles ---- */

static const struct lister_column role_columns[] = {
	{ "Role name", "u.usename", false, NULL },
	{ "Attributes",
	  "case when u.usesuper and u.usecreatedb then 'Superuser, Create DB'"
	  " when u.usesuper then 'Superuser' when u.usecreatedb"
	  " then 'Create DB' else '' end",
	  false, NULL },
	{ "Member of", NULL, false, NULL },
	{ "Connection limit", NULL, true, NULL },
	{ "System log", NULL, true, NULL },
	{ "Session timeout", NULL, true, NULL },
	END_COLUMNS
};

static const char *const group_cells[] = {
	"g.groname", "'Group'", NULL, NULL, NULL, NULL,
};
static const char *const role_cells[] = {
	"role_name", "'Role'", NULL, NULL, NULL, NULL,
};

static const struct lister_source role_sources[] = {
	{
		.cells = group_cells,
		.from = "from pg_group g",
		.where = "true",
		.name_is = { { .name = "g.groname" } },
	},
	{
		.cells = role_cells,
		.from = "from svv_roles",
		.where = "true",
		.user_only = "role_name not like 'sys:%'"
			     " and role_name not like 'ds:%'",
		.name_is = { { .name = "role_name" } },
	},
	{ .cells = NULL },
};

static const struct lister_side role_sides[] = {
	{
		.sql = "select u.usename, u.valuntil\nfrom pg_user u\n"
		       "where u.valuntil is not null",
		.order = "1",
		.join = "\n",
		.prefix = "Password valid until ",
		.keys = 1,
		.column = 1,
		.values = 1,
		.name_is = { .name = "u.usename" },
	},
	{
		.sql = "select u.usename, g.groname\n"
		       "from pg_user u, pg_group g\n"
		       "where u.usesysid = any(g.grolist)",
		.order = "1, 2",
		.join = ", ",
		.keys = 1,
		.column = 2,
		.values = 1,
		.name_is = { .name = "u.usename" },
	},
	{
		.sql = "select user_name, role_name\nfrom svv_user_grants\n"
		       "where true",
		.order = "1, 2",
		.join = ", ",
		.keys = 1,
		.column = 2,
		.values = 1,
		.name_is = { .name = "user_name" },
	},
	{
		.sql = "select role_name, granted_role_name\n"
		       "from svv_role_grants\nwhere true",
		.order = "1, 2",
		.join = ", ",
		.keys = 1,
		.column = 2,
		.values = 1,
		.name_is = { .name = "role_name" },
	},
	{
		.sql = "select user_name, connection_limit, syslog_access,"
		       " nullif(session_timeout, 0)\n"
		       "from svv_user_info\nwhere true",
		.order = "1",
		.keys = 1,
		.column = 3,
		.values = 3,
		.name_is = { .name = "user_name" },
	},
	{ .sql = NULL },
};

static const struct lister_column membership_columns[] = {
	{ "Role name", "u.usename", false, NULL },
	{ "Member of", "g.groname", false, NULL },
	{ "Options", "''", false, NULL },
	{ "Type", "'user in group'", false, NULL },
	END_COLUMNS
};

static const char *const user_grant_cells[] = {
	"user_name",
	"role_name",
	"case when admin_option then 'ADMIN' else '' end",
	"'user in role'",
};
static const char *const role_grant_cells[] = {
	"role_name",
	"granted_role_name",
	"''",
	"'role in role'",
};

static const struct lister_source membership_sources[] = {
	{
		.cells = user_grant_cells,
		.from = "from svv_user_grants",
		.where = "true",
		.name_is = { { .name = "user_name" } },
	},
	{
		.cells = role_grant_cells,
		.from = "from svv_role_grants",
		.where = "true",
		.user_only = "role_name not like 'sys:%'",
		.name_is = { { .name = "role_name" } },
	},
	{ .cells = NULL },
};

/* ---- \dR ---- */

static const struct lister_column rbac_columns[] = {
	{ "Role name", "role_name", false, NULL },
	{ "Owner", "role_owner", false, NULL },
	{ "Member of", NULL, false, NULL },
	{ "Granted to", NULL, false, NULL },
	{ "System privileges", NULL, true, NULL },
	{ "External id", "external_id", true, NULL },
	END_COLUMNS
};

static const struct lister_side rbac_sides[] = {
	{
		.sql = "select role_name, granted_role_name\n"
		       "from svv_role_grants\nwhere true",
		.order = "1, 2",
		.join = "\n",
		.keys = 1,
		.column = 2,
		.values = 1,
		.name_is = { .name = "role_name" },
	},
	{
		.sql = "select role_name, user_name"
		       " || case when admin_option then ' (ADMIN)' else '' end"
		       "\nfrom svv_user_grants\nwhere true",
		.order = "1, 2",
		.join = "\n",
		.keys = 1,
		.column = 3,
		.values = 1,
		.name_is = { .name = "role_name" },
	},
	{
		.sql = "select granted_role_name, 'role ' || role_name\n"
		       "from svv_role_grants\nwhere true",
		.order = "1, 2",
		.join = "\n",
		.keys = 1,
		.column = 3,
		.values = 1,
		.name_is = { .name = "granted_role_name" },
	},
	{
		.sql = "select identity_name, system_privilege\n"
		       "from svv_system_privileges\n"
		       "where identity_type = 'role'",
		.order = "1, 2",
		.join = "\n",
		.keys = 1,
		.column = 4,
		.values = 1,
		.name_is = { .name = "identity_name" },
	},
	{ .sql = NULL },
};

/* ---- privileges, comments ---- */

static const struct lister_column privilege_columns[] = {
	{ "Schema", "n.nspname", false, NULL },
	{ "Name", "c.relname", false, NULL },
	{ "Type", RELATION_TYPE, false, NULL },
	{ "Access privileges", ACL("c.relacl"), false, NULL },
	{ "Column privileges", NULL, false, NULL },
	END_COLUMNS
};

/* The acl of a relation holds users and groups; roles are in the view. */
static const struct lister_side privilege_sides[] = {
	MARK_MATERIALIZED,
	{
		.sql = "select n.nspname, c.relname, a.attname || ':'"
		       " || chr(10) || '  '"
		       " || array_to_string(a.attacl, chr(10) || '  ')\n"
		       "from pg_attribute_info a\n"
		       "join pg_class c on c.oid = a.attrelid\n"
		       "join pg_namespace n on n.oid = c.relnamespace\n"
		       "where a.attnum > 0 and not a.attisdropped"
		       " and array_to_string(a.attacl, ' ') <> ''",
		.user_only = OF_USERS,
		.order = "1, 2, 3",
		.join = "\n",
		.keys = 2,
		.column = 4,
		.values = 1,
		.name_is = { .schema = "n.nspname",
			     .name = "c.relname",
			     .visible = "pg_table_is_visible(c.oid)" },
	},
	{
		.sql = "select namespace_name, relation_name, identity_name"
		       " || '=' || privilege_type"
		       " || case when admin_option then '*' else '' end\n"
		       "from svv_relation_privileges\n"
		       "where identity_type = 'role'",
		.order = "1, 2, 3",
		.join = "\n",
		.prefix = "role ",
		.keys = 2,
		.column = 3,
		.values = 1,
		.name_is = { .schema = "namespace_name",
			     .name = "relation_name" },
	},
	{ .sql = NULL },
};

static const struct lister_column default_acl_columns[] = {
	{ "Owner", "pg_get_userbyid(d.defacluser)", false, NULL },
	{ "Schema", "n.nspname", false, NULL },
	{ "Type",
	  "case d.defaclobjtype when 'r' then 'table' when 'f'"
	  " then 'function' when 'p' then 'procedure' end",
	  false, NULL },
	{ "Access privileges", ACL("d.defaclacl"), false, NULL },
	END_COLUMNS
};

static const struct lister_column role_setting_columns[] = {
	{ "Role", "u.usename", false, NULL },
	{ "Database", "''", false, NULL },
	{ "Settings", ACL("u.useconfig"), false, NULL },
	END_COLUMNS
};

static const char *const database_setting_cells[] = {
	"''",
	"d.datname",
	ACL("d.datconfig"),
};

static const struct lister_source role_setting_sources[] = {
	{
		.cells = database_setting_cells,
		.from = "from pg_database d",
		.where = "array_to_string(d.datconfig, ' ') <> ''",
		.name_is = { { .name = "''" }, { .name = "d.datname" } },
	},
	{ .cells = NULL },
};

/* ---- the table ---- */

const struct lister lister_access[] = {
	{
		.name = "ddp",
		.title = "Default access privileges",
		.columns = default_acl_columns,
		.from = "from pg_default_acl d\n"
			"left join pg_namespace n on n.oid = d.defaclnamespace",
		.where = "true",
		.order = "1, 2, 3",
		.name_is = { { .name = "n.nspname",
			       .other = "pg_get_userbyid(d.defacluser)",
			       .dots = true } },
		.partial = "Only superusers see the default privileges of "
			   "others.",
	},
	{
		.name = "dg",
		.title = "List of roles",
		.columns = role_columns,
		.from = "from pg_user u",
		.where = "true",
		.user_only = "u.usename <> 'rdsdb'",
		.order = "1",
		.name_is = { { .name = "u.usename" } },
		.sources = role_sources,
		.sides = role_sides,
		.sort_columns = 1,
		.no_footer = true,
		.partial = "Only superusers see the roles and limits of "
			   "others.",
	},
	{
		.name = "dR",
		.title = "Roles and who has them",
		.columns = rbac_columns,
		.from = "from svv_roles",
		.where = "true",
		.user_only = "role_name not like 'sys:%'"
			     " and role_name not like 'ds:%'",
		.order = "1",
		.name_is = { { .name = "role_name" } },
		.sides = rbac_sides,
		.partial = "Only superusers see all grants: shown are those to "
			   "you and to your roles.",
	},
	{
		.name = "dp",
		.title = "Access privileges",
		.columns = privilege_columns,
		.from = "from pg_class c\n"
			"join pg_namespace n on n.oid = c.relnamespace",
		.where = "c.relkind in ('r', 'v', 'm') and " NOT_INNER,
		.user_only = OF_USERS,
		.order = "1, 2",
		.name_is = { { .schema = "n.nspname",
			       .name = "c.relname",
			       .visible = "pg_table_is_visible(c.oid)" } },
		.sides = privilege_sides,
		.partial = "Only superusers see the privileges of all roles.",
	},
	{
		.name = "drds",
		.title = "List of settings",
		.columns = role_setting_columns,
		.from = "from pg_user u",
		.where = "array_to_string(u.useconfig, ' ') <> ''",
		.order = "1, 2",
		.name_is = { { .name = "u.usename" }, { .name = "''" } },
		.sources = role_setting_sources,
		.found_none = { "Did not find any settings.",
				"Did not find any settings for role \"%1\".",
				"Did not find any settings for role \"%1\""
				" and database \"%2\"." },
	},
	{
		.name = "drg",
		.title = "List of role grants",
		.columns = membership_columns,
		.from = "from pg_user u, pg_group g",
		.where = "u.usesysid = any(g.grolist)",
		.order = "1, 2",
		.name_is = { { .name = "u.usename" } },
		.sources = membership_sources,
		.sort_columns = 2,
		.partial = "Only superusers see all grants of roles: shown "
			   "are those to you and to your roles.",
	},
	{ .name = NULL },
};
