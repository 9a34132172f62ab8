/* cmd/lister_sql.h - SQL that the listings of Redshift share. */
#ifndef CMD_LISTER_SQL_H
#define CMD_LISTER_SQL_H

/* Schemas of temporary tables are pg_temp_N: theirs are the person's. */
#define OF_USERS                                                               \
	"n.nspname <> 'information_schema'"                                    \
	" and (n.nspname !~ '^pg_' or n.nspname ~ '^pg_temp')"
#define ACL(column)     "array_to_string(" column ", chr(10))"
#define IN_PATH(column) column " = any(current_schemas(true))"
/* Where materialized views keep their rows. */
#define NOT_INNER "c.relname not like 'mv_tbl__%'"
#define RELATION_TYPE                                                          \
	"case c.relkind when 'r' then 'table' when 'v' then 'view'"            \
	" else 'materialized view' end"
#define END_COLUMNS                                                            \
	{                                                                      \
		.heading = NULL                                                \
	}

/* Materialized views are views in pg_class. */
#define MARK_MATERIALIZED                                                      \
	{                                                                      \
		.sql = "select trim(schema_name), trim(name),"                 \
		       " 'materialized view'\nfrom svv_mv_info\n"              \
		       "where database_name = current_database()",             \
		.order = "1, 2", .needs = "view", .keys = 2, .column = 2,      \
		.values = 1,                                                   \
		.name_is = { .schema = "trim(schema_name)",                    \
			     .name = "trim(name)" },                           \
	}

#endif
