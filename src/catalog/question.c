#include "catalog/question.h"

#include <stddef.h>

/* Schemas nobody completes: TOAST, other sessions' temporary tables, work
 * areas. Redshift's system views live in pg_catalog and stay. */
#define VISIBLE                                                                \
	"n.nspname !~ '^pg_(toast|temp|internal|automv)'"                      \
	" and n.nspname <> 'catalog_history'"                                  \
	" and n.nspname not like 'padb_%'"
/* Materialized views are 'v' on Redshift; mv_tbl__NAME__0 holds the rows. */
#define RELATIONS          "c.relkind in ('r', 'v') and c.relname not like 'mv_tbl__%'"
#define POSTGRES_RELATIONS "c.relkind in ('r', 'v', 'm', 'f', 'p')"
#define ACL(column)        "array_to_string(" column ", ',')"

/* enum lookup_mark and lookup_kind in numbers: see catalog/lookup.h. */
#define RELATION_INSERT                                                        \
	"insert or ignore into temp.s_relations"                               \
	" (oid, schema_oid, name, kind, owner, dist, acl)"                     \
	" values (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
#define COLUMN_INSERT                                                          \
	"insert or ignore into temp.s_columns"                                 \
	" (oid, position, name, type, marks, sort, encoding)"                  \
	" values (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 'none'))"

const struct question question_table[] = {
	{
		.name = "schemas",
		.redshift = "select n.oid, n.nspname,"
			    " pg_get_userbyid(n.nspowner), " ACL(
				    "n.nspacl") " from pg_namespace n where "
						"" VISIBLE,
		.postgres = "select n.oid, n.nspname,"
			    " pg_get_userbyid(n.nspowner), " ACL(
				    "n.nspacl") " from pg_namespace n where "
						"" VISIBLE,
		.insert = "insert or ignore into temp.s_schemas"
			  " (oid, database, name, kind, owner, acl) values"
			  " (?1, (select database from temp.s_facts), ?2,"
			  " 'local', ?3, ?4)",
		.part = PART_SCHEMAS,
	},
	{
		.name = "relations",
		.redshift = "select c.oid, c.relnamespace, c.relname,"
			    " case when c.relkind = 'r' then 0 else 1 end,"
			    " pg_get_userbyid(c.relowner),"
			    " case c.reldiststyle when 0 then 'even'"
			    " when 1 then 'key' when 8 then 'all'"
			    " when 9 then 'auto' end, " ACL(
				    "c.relacl") " from pg_class c"
						" join pg_namespace n"
						" on n.oid = c.relnamespace"
						" where " RELATIONS
						" and " VISIBLE "%s",
		.postgres = "select c.oid, c.relnamespace, c.relname,"
			    " case c.relkind when 'v' then 1 when 'm' then 4"
			    " when 'f' then 2 else 0 end,"
			    " pg_get_userbyid(c.relowner), null, " ACL(
				    "c.relacl") " from pg_class c"
						" join pg_namespace n"
						" on n.oid = c.relnamespace"
						" where " POSTGRES_RELATIONS
						" and " VISIBLE "%s",
		.named = "c.relname",
		.insert = RELATION_INSERT,
		.part = PART_RELATIONS,
	},
	{
		.name = "columns",
		/* marks: 1 dist key, 2 sort key, 16 not null, 64 identity. In
		 * an interleaved key the sign alternates. */
		.redshift =
			"select a.attrelid, a.attnum, a.attname,"
			" format_type(a.atttypid, a.atttypmod),"
			" case when a.attisdistkey then 1 else 0 end"
			" + case when a.attsortkeyord <> 0 then 2 else 0 end"
			" + case when a.attnotnull then 16 else 0 end,"
			" abs(a.attsortkeyord),"
			" format_encoding(a.attencodingtype::integer)"
			" from pg_attribute a"
			" join pg_class c on c.oid = a.attrelid"
			" where a.attnum > 0 and not a.attisdropped"
			" and " RELATIONS "%s",
		.postgres =
			"select a.attrelid, a.attnum, a.attname,"
			" format_type(a.atttypid, a.atttypmod),"
			" case when a.attnotnull then 16 else 0 end"
			" + case when a.attidentity <> '' then 64 else 0 end,"
			" null, null from pg_attribute a"
			" join pg_class c on c.oid = a.attrelid"
			" where a.attnum > 0 and not a.attisdropped"
			" and " POSTGRES_RELATIONS "%s",
		.named = "c.relname",
		.insert = COLUMN_INSERT,
		.part = PART_COLUMNS,
	},
	{
		.name = "defaults",
		.redshift =
			"select d.adrelid, d.adnum,"
			" pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d"
			" join pg_class c on c.oid = d.adrelid where true%s",
		.postgres =
			"select d.adrelid, d.adnum,"
			" pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d"
			" join pg_class c on c.oid = d.adrelid where true%s",
		.named = "c.relname",
		/* An identity column has a default of this form. */
		.insert = "update temp.s_columns set value = ?3,"
			  " marks = marks | case when ?3 like '\"identity\"(%'"
			  " or ?3 like 'default_identity(%' then 64 else 0 end"
			  " where oid = ?1 and position = ?2",
		.part = PART_DEFAULTS,
		.optional = true,
	},
	{
		.name = "keys",
		.redshift = "select k.conrelid, k.contype, k.conname,"
			    " array_to_string(k.conkey, ','), tn.nspname,"
			    " t.relname, array_to_string(k.confkey, ',')"
			    " from pg_constraint k"
			    " join pg_class c on c.oid = k.conrelid"
			    " left join pg_class t on t.oid = k.confrelid"
			    " left join pg_namespace tn"
			    " on tn.oid = t.relnamespace"
			    " where k.contype in ('p', 'f', 'u')%s",
		.postgres = "select k.conrelid, k.contype, k.conname,"
			    " array_to_string(k.conkey, ','), tn.nspname,"
			    " t.relname, array_to_string(k.confkey, ',')"
			    " from pg_constraint k"
			    " join pg_class c on c.oid = k.conrelid"
			    " left join pg_class t on t.oid = k.confrelid"
			    " left join pg_namespace tn"
			    " on tn.oid = t.relnamespace"
			    " where k.contype in ('p', 'f', 'u')%s",
		.named = "c.relname",
		.insert = "insert or ignore into temp.s_keys"
			  " values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		.part = PART_KEYS,
		.optional = true,
	},
	{
		.name = "comments",
		.redshift = "select d.objoid, d.objsubid, d.description"
			    " from pg_description d"
			    " join pg_class c on c.oid = d.objoid"
			    " join pg_class k on k.oid = d.classoid"
			    " where k.relname = 'pg_class' and " RELATIONS "%s",
		.postgres = "select d.objoid, d.objsubid, d.description"
			    " from pg_description d"
			    " join pg_class c on c.oid = d.objoid"
			    " join pg_class k on k.oid = d.classoid"
			    " where k.relname = 'pg_class'"
			    " and " POSTGRES_RELATIONS "%s",
		.named = "c.relname",
		.insert = "insert or ignore into temp.s_comments"
			  " values (?1, ?2, ?3)",
		.part = PART_COMMENTS,
		.optional = true,
	},
	{
		.name = "comments on schemas",
		.redshift = "select d.objoid, -1, d.description"
			    " from pg_description d"
			    " join pg_class k on k.oid = d.classoid"
			    " where k.relname = 'pg_namespace'",
		.postgres = "select d.objoid, -1, d.description"
			    " from pg_description d"
			    " join pg_class k on k.oid = d.classoid"
			    " where k.relname = 'pg_namespace'",
		.insert = "update temp.s_schemas set comment = ?3"
			  " where oid = ?1 and ?2 = '-1'",
		.part = PART_SCHEMAS,
		.optional = true,
	},
	{
		.name = "functions",
		/* proargnames: 8.0 has the inputs only. */
		.redshift = "select p.oid, p.pronamespace, p.proname,"
			    " oidvectortypes(p.proargtypes),"
			    " array_to_string(p.proargnames, ','),"
			    " case when p.proisagg then 7"
			    " when format_type(p.prorettype, null) = 'void'"
			    " and l.lanname = 'plpgsql' then 6 else 5 end,"
			    " format_type(p.prorettype, null), l.lanname"
			    " from pg_proc p"
			    " join pg_namespace n on n.oid = p.pronamespace"
			    " join pg_language l on l.oid = p.prolang"
			    " where n.nspname not in ('pg_catalog',"
			    " 'information_schema') and " VISIBLE,
		.postgres = "select p.oid, p.pronamespace, p.proname,"
			    " oidvectortypes(p.proargtypes),"
			    " array_to_string(p.proargnames, ','),"
			    " case p.prokind when 'a' then 7 when 'p' then 6"
			    " else 5 end,"
			    " format_type(p.prorettype, null), l.lanname"
			    " from pg_proc p"
			    " join pg_namespace n on n.oid = p.pronamespace"
			    " join pg_language l on l.oid = p.prolang"
			    " where n.nspname not in ('pg_catalog',"
			    " 'information_schema') and " VISIBLE,
		.insert = "insert or ignore into temp.s_functions"
			  " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, null)",
		.part = PART_FUNCTIONS,
		.optional = true,
	},
	{
		.name = "procedures",
		.redshift = "select prooid, prokind from pg_proc_info"
			    " where prokind in ('p', 'a')",
		.insert = "update temp.s_functions set kind ="
			  " case ?2 when 'p' then 6 else 7 end where oid = ?1",
		.part = PART_FUNCTIONS,
		.optional = true,
	},
	{
		.name = "comments on functions",
		.redshift = "select d.objoid, d.description"
			    " from pg_description d"
			    " join pg_proc p on p.oid = d.objoid"
			    " join pg_class k on k.oid = d.classoid"
			    " join pg_namespace n on n.oid = p.pronamespace"
			    " where k.relname = 'pg_proc'"
			    " and n.nspname <> 'pg_catalog'",
		.postgres = "select d.objoid, d.description"
			    " from pg_description d"
			    " join pg_proc p on p.oid = d.objoid"
			    " join pg_class k on k.oid = d.classoid"
			    " join pg_namespace n on n.oid = p.pronamespace"
			    " where k.relname = 'pg_proc'"
			    " and n.nspname <> 'pg_catalog'",
		.insert = "update temp.s_functions set comment = ?2"
			  " where oid = ?1",
		.part = PART_FUNCTIONS,
		.optional = true,
	},
	{
		.name = "databases",
		.redshift = "select datname, '', pg_get_userbyid(datdba)"
			    " from pg_database where datname not in"
			    " ('padb_harvest', 'template0', 'template1',"
			    " 'sys:internal')",
		.postgres = "select datname, '', pg_get_userbyid(datdba)"
			    " from pg_database where not datistemplate",
		.insert = "insert or ignore into temp.s_databases"
			  " values (?1, ?2, ?3)",
		.part = PART_DATABASES,
		.optional = true,
	},
	{
		.name = "shared databases",
		.redshift = "select database_name, database_type, null"
			    " from svv_redshift_databases",
		.insert = "insert into temp.s_databases values (?1, ?2, ?3)"
			  " on conflict (name) do update set kind = ?2",
		.part = PART_DATABASES,
		.optional = true,
	},
	{
		.name = "users",
		.redshift = "select usename, case when usesuper then"
			    " 'superuser' else '' end from pg_user",
		.postgres = "select usename, case when usesuper then"
			    " 'superuser' else '' end from pg_user",
		.insert = "insert or ignore into temp.s_names"
			  " values (5, '', ?1, ?2)",
		.part = PART_USERS,
		.optional = true,
	},
	{
		.name = "groups",
		.redshift = "select groname from pg_group",
		.postgres = "select groname from pg_group",
		.insert = "insert or ignore into temp.s_names"
			  " values (6, '', ?1, '')",
		.part = PART_GROUPS,
		.optional = true,
	},
	{
		.name = "roles",
		.redshift = "select role_name from svv_roles",
		.postgres = "select rolname from pg_roles"
			    " where not rolcanlogin",
		.insert = "insert or ignore into temp.s_names"
			  " values (7, '', trim(?1), '')",
		.part = PART_ROLES,
		.optional = true,
	},
	{
		.name = "settings",
		.redshift = "select name, setting from pg_settings",
		.postgres = "select name, setting from pg_settings",
		.insert = "insert or ignore into temp.s_names values (8,"
			  " (select database from temp.s_facts), ?1, ?2)",
		.part = PART_SETTINGS,
		.optional = true,
	},
	{
		.name = "libraries",
		.redshift = "select name from pg_library",
		.insert = "insert or ignore into temp.s_names values (9,"
			  " (select database from temp.s_facts), trim(?1), '')",
		.part = PART_LIBRARIES,
		.optional = true,
	},
	{
		.name = "datashares",
		.redshift = "select share_name, share_type from svv_datashares",
		.insert = "insert or ignore into temp.s_names"
			  " values (10, '', trim(?1), lower(trim(?2)))",
		.part = PART_DATASHARES,
		.optional = true,
	},
	{
		.name = "materialized views",
		.redshift = "select trim(schema_name), trim(name), is_stale"
			    " from svv_mv_info"
			    " where database_name = current_database()%s",
		.named = "trim(name)",
		.insert = "update temp.s_relations set kind = 4, detail ="
			  " case trim(?3) when 't' then 'stale'"
			  " when 'f' then 'fresh' else '' end"
			  " where name = ?2 and schema_oid in"
			  " (select oid from temp.s_schemas where name = ?1"
			  " and database = (select database"
			  " from temp.s_facts))",
		.part = PART_STALENESS,
		.optional = true,
	},
	{
		.name = "columns of late-binding views",
		.redshift = "select view_schema, view_name, col_name, col_type,"
			    " col_num from pg_get_late_binding_view_cols()"
			    " cols(view_schema name, view_name name,"
			    " col_name name, col_type varchar, col_num int)",
		.insert = "insert or ignore into temp.s_columns"
			  " (oid, position, name, type, marks) select r.oid,"
			  " ?5, ?3, ?4, 0 from temp.s_relations r"
			  " join temp.s_schemas s on s.oid = r.schema_oid"
			  " where r.name = ?2 and s.name = ?1",
		.part = PART_LATE,
		.optional = true,
	},
	{
		.name = "external schemas",
		.redshift = "select schemaname, databasename"
			    " from svv_external_schemas",
		.insert = "update temp.s_schemas set kind = 'external'"
			  " where name = ?1 and ?2 is ?2",
		.part = PART_EXTERNAL_SCHEMAS,
		.optional = true,
	},
	{
		.name = "external tables",
		.redshift = "select schemaname, tablename, location"
			    " from svv_external_tables where true%s",
		.named = "tablename",
		.insert = "insert or ignore into temp.s_relations"
			  " (oid, schema_oid, name, kind, detail) select"
			  " min(0, coalesce((select min(oid)"
			  " from temp.s_relations), 0)) - 1,"
			  " oid, ?2, 2, ?3 from temp.s_schemas"
			  " where name = ?1 and database ="
			  " (select database from temp.s_facts)",
		.part = PART_EXTERNAL,
		.optional = true,
	},
	{
		.name = "external columns",
		.redshift = "select schemaname, tablename, columnname,"
			    " external_type, columnnum, part_key"
			    " from svv_external_columns where true%s",
		.named = "tablename",
		.insert = "insert or ignore into temp.s_columns"
			  " (oid, position, name, type, marks) select r.oid,"
			  " ?5, ?3, ?4, case when cast(?6 as integer) > 0 then 32 else 0 end"
			  " from temp.s_relations r"
			  " join temp.s_schemas s on s.oid = r.schema_oid"
			  " where r.name = ?2 and r.kind = 2 and s.name = ?1",
		.part = PART_EXTERNAL,
		.optional = true,
	},
	{
		.name = "external partitions",
		.redshift = "select schemaname, tablename, \"values\","
			    " location from svv_external_partitions"
			    " limit 20000",
		.insert = "insert or ignore into temp.s_partitions"
			  " select r.oid, ?3, ?4 from temp.s_relations r"
			  " join temp.s_schemas s on s.oid = r.schema_oid"
			  " where r.name = ?2 and r.kind = 2 and s.name = ?1",
		.part = PART_PARTITIONS,
		.optional = true,
	},
	{
		.name = "schemas of other databases",
		.redshift = "select database_name, schema_name, schema_type"
			    " from svv_all_schemas"
			    " where database_name <> current_database()",
		.insert = "insert or ignore into temp.s_schemas"
			  " (oid, database, name, kind) values"
			  " (min(0, coalesce((select min(oid)"
			  " from temp.s_schemas), 0)) - 1,"
			  " ?1, ?2, ?3)",
		.part = PART_OTHERS,
		.optional = true,
	},
	{
		.name = "tables of other databases",
		.redshift = "select database_name, schema_name, table_name,"
			    " case when table_type = 'VIEW' then 1"
			    " when table_type = 'EXTERNAL TABLE' then 2"
			    " else 0 end from svv_all_tables"
			    " where database_name <> current_database()",
		.insert = "insert or ignore into temp.s_relations"
			  " (oid, schema_oid, name, kind) select"
			  " min(0, coalesce((select min(oid)"
			  " from temp.s_relations), 0)) - 1,"
			  " oid, ?3, ?4 from temp.s_schemas"
			  " where name = ?2 and database = ?1",
		.part = PART_OTHERS,
		.optional = true,
	},
	{
		.name = NULL,
	},
};

const char question_late_view[] =
	"select view_schema, view_name, col_name, col_type, col_num"
	" from pg_get_cols(%s) cols(view_schema name, view_name name,"
	" col_name name, col_type varchar, col_num int)";
