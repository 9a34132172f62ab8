#include "sql/expect_table.h"

#include "base/mem.h"
#include "sql/expect.h"

#define WORDS(...)                                                             \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}

const char *const expect_statement_words[] = { "ABORT",
					       "ALTER",
					       "ANALYZE",
					       "ATTACH",
					       "BEGIN",
					       "CALL",
					       "CANCEL",
					       "CLOSE",
					       "COMMENT",
					       "COMMIT",
					       "COPY",
					       "CREATE",
					       "DEALLOCATE",
					       "DECLARE",
					       "DELETE FROM",
					       "DESC",
					       "DETACH",
					       "DROP",
					       "END",
					       "EXECUTE",
					       "EXPLAIN",
					       "FETCH",
					       "GRANT",
					       "INSERT INTO",
					       "LOCK",
					       "MERGE INTO",
					       "PREPARE",
					       "REFRESH MATERIALIZED VIEW",
					       "RESET",
					       "REVOKE",
					       "ROLLBACK",
					       "SELECT",
					       "SET",
					       "SHOW",
					       "START TRANSACTION",
					       "TRUNCATE",
					       "UNLOAD",
					       "UPDATE",
					       "USE",
					       "VACUUM",
					       "WITH",
					       NULL };

const char *const expect_query_words[] = { "SELECT", "WITH", NULL };

const char *const expect_expression_words[] = { "CASE",  "CAST",     "EXISTS",
						"FALSE", "INTERVAL", "NOT",
						"NULL",  "TRUE",     NULL };

#define AFTER_EXPRESSION                                                       \
	"AND", "OR", "IN", "BETWEEN", "LIKE", "ILIKE", "SIMILAR TO",           \
		"IS NULL", "IS NOT NULL", "NOT", "THEN", "WHEN", "ELSE",       \
		"END", "AS", "OVER"

const char *const expect_after_expression_words[] = { AFTER_EXPRESSION, NULL };

const char *const expect_column_words[] = {
	"NOT NULL",   "NULL",    "DEFAULT", "IDENTITY",    "GENERATED",
	"ENCODE",     "DISTKEY", "SORTKEY", "PRIMARY KEY", "UNIQUE",
	"REFERENCES", "COLLATE", NULL
};

const char *const expect_over_words[] = { "PARTITION BY", "ORDER BY", "ROWS",
					  NULL };

#define OBJECTS                                                                \
	"DATABASE", "DATASHARE", "EXTERNAL SCHEMA", "EXTERNAL TABLE",          \
		"FUNCTION", "GROUP", "MATERIALIZED VIEW", "PROCEDURE", "ROLE", \
		"SCHEMA", "TABLE", "USER", "VIEW"

#define AFTER_FROM                                                             \
	"WHERE", "JOIN", "INNER JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", \
		"CROSS JOIN", "ON", "USING", "AS", "GROUP BY", "HAVING",       \
		"ORDER BY", "QUALIFY", "LIMIT", "UNION", "UNION ALL",          \
		"INTERSECT", "EXCEPT"

#define AFTER_WHERE                                                            \
	"GROUP BY", "HAVING", "ORDER BY", "QUALIFY", "LIMIT", "UNION",         \
		"UNION ALL", "INTERSECT", "EXCEPT"

enum {
	EXPRESSION =
		EXPECT_COLUMN | EXPECT_FUNCTION | EXPECT_ALIAS | EXPECT_WORD,
};

const struct expect_clause expect_clauses[] = {
	{ "SELECT", EXPRESSION,
	  WORDS("DISTINCT", "ALL", "TOP", "CASE", "CAST", "NOT", "NULL", "TRUE",
		"FALSE", "INTERVAL", "EXISTS"),
	  WORDS("FROM", "INTO", AFTER_EXPRESSION) },
	{ "DISTINCT", EXPRESSION, expect_expression_words,
	  WORDS("FROM", AFTER_EXPRESSION) },
	{ "FROM", EXPECT_TABLE, NULL, WORDS(AFTER_FROM) },
	{ "JOIN", EXPECT_TABLE, NULL, WORDS(AFTER_FROM) },
	{ "USING", EXPECT_TABLE, NULL, WORDS(AFTER_FROM) },
	{ "INTO", EXPECT_TABLE, NULL,
	  WORDS("VALUES", "SELECT", "DEFAULT VALUES", "FROM", "USING",
		"WITH") },
	{ "UPDATE", EXPECT_TABLE, NULL, WORDS("SET") },
	{ "ON", EXPRESSION, expect_expression_words,
	  WORDS(AFTER_FROM, AFTER_EXPRESSION) },
	{ "WHERE", EXPRESSION, expect_expression_words,
	  WORDS(AFTER_WHERE, AFTER_EXPRESSION) },
	{ "HAVING", EXPRESSION, expect_expression_words,
	  WORDS("ORDER BY", "QUALIFY", "LIMIT", "UNION", AFTER_EXPRESSION) },
	{ "QUALIFY", EXPRESSION, expect_expression_words,
	  WORDS("ORDER BY", "LIMIT", "UNION", AFTER_EXPRESSION) },
	{ "BY", EXPRESSION, NULL,
	  WORDS("ASC", "DESC", "NULLS FIRST", "NULLS LAST", "HAVING",
		"ORDER BY", "QUALIFY", "LIMIT", "OFFSET", "UNION", "UNION ALL",
		"ROWS", "THEN", "WHEN", "END") },
	{ "SET", EXPRESSION, WORDS("DEFAULT", "NULL", "CASE"),
	  WORDS("FROM", "WHERE", AFTER_EXPRESSION) },
	{ "VALUES", EXPECT_FUNCTION | EXPECT_WORD,
	  WORDS("DEFAULT", "NULL", "TRUE", "FALSE"), NULL },
	{ "LIMIT", EXPECT_WORD, WORDS("ALL"), WORDS("OFFSET") },
	{ "OFFSET", EXPECT_NOTHING, NULL, NULL },
	{ "UNION", EXPECT_WORD, WORDS("ALL", "SELECT"), NULL },
	{ "ALL", EXPECT_WORD, WORDS("SELECT"), NULL },
	{ "INTERSECT", EXPECT_WORD, WORDS("SELECT"), NULL },
	{ "EXCEPT", EXPECT_WORD, WORDS("SELECT"), NULL },
};
const size_t expect_clause_count = COUNT_OF(expect_clauses);

#define COPY_WORDS                                                             \
	WORDS("IAM_ROLE", "CREDENTIALS", "REGION", "FORMAT AS", "CSV",         \
	      "DELIMITER", "FIXEDWIDTH", "PARQUET", "ORC", "AVRO", "JSON",     \
	      "SHAPEFILE", "GZIP", "BZIP2", "LZOP", "ZSTD", "IGNOREHEADER",    \
	      "NULL AS", "QUOTE AS", "ESCAPE", "REMOVEQUOTES", "DATEFORMAT",   \
	      "TIMEFORMAT", "ACCEPTANYDATE", "ACCEPTINVCHARS", "BLANKSASNULL", \
	      "EMPTYASNULL", "ENCODING", "EXPLICIT_IDS", "FILLRECORD",         \
	      "IGNOREALLERRORS", "IGNOREBLANKLINES", "MANIFEST", "MAXERROR",   \
	      "NOLOAD", "READRATIO", "ROUNDEC", "STATUPDATE", "COMPUPDATE",    \
	      "COMPROWS", "TRIMBLANKS", "TRUNCATECOLUMNS", "ENCRYPTED",        \
	      "MASTER_SYMMETRIC_KEY")

#define UNLOAD_WORDS                                                           \
	WORDS("IAM_ROLE", "FORMAT AS", "CSV", "PARQUET", "JSON", "DELIMITER",  \
	      "FIXEDWIDTH", "HEADER", "MANIFEST", "MANIFEST VERBOSE", "GZIP",  \
	      "BZIP2", "ZSTD", "ADDQUOTES", "ESCAPE", "NULL AS",               \
	      "ALLOWOVERWRITE", "CLEANPATH", "PARALLEL ON", "PARALLEL OFF",    \
	      "MAXFILESIZE", "ROWGROUPSIZE", "PARTITION BY", "REGION",         \
	      "EXTENSION", "ENCRYPTED", "KMS_KEY_ID")

#define PRIVILEGES                                                             \
	"SELECT", "INSERT", "UPDATE", "DELETE", "DROP", "REFERENCES",          \
		"TRUNCATE", "ALTER", "USAGE", "CREATE", "TEMP", "EXECUTE",     \
		"ALL"

const struct expect_row expect_rows[] = {
	/* COPY and UNLOAD: their options follow the quoted place. */
	{ "^COPY", EXPECT_TABLE, NULL },
	{ "^COPY *", EXPECT_WORD, WORDS("FROM") },
	{ "^COPY * ()", EXPECT_WORD, WORDS("FROM") },
	{ "^UNLOAD ()", EXPECT_WORD, WORDS("TO") },
	{ "IAM_ROLE", EXPECT_WORD, WORDS("DEFAULT") },
	{ "DISTSTYLE", EXPECT_WORD, WORDS("AUTO", "EVEN", "KEY", "ALL") },
	{ "COMPUPDATE", EXPECT_WORD, WORDS("ON", "OFF", "PRESET") },
	{ "STATUPDATE", EXPECT_WORD, WORDS("ON", "OFF") },
	{ "ENCODE", EXPECT_ENCODING, NULL },
	{ "ENCODING", EXPECT_WORD,
	  WORDS("UTF8", "UTF16", "UTF16LE", "UTF16BE", "ISO88591") },

	/* Names of one kind. */
	{ "^CREATE", EXPECT_WORD,
	  WORDS("TEMP TABLE", "OR REPLACE", "LIBRARY", "MODEL", OBJECTS) },
	{ "OR REPLACE", EXPECT_WORD,
	  WORDS("VIEW", "FUNCTION", "PROCEDURE", "LIBRARY") },
	{ "^DROP", EXPECT_WORD, WORDS("LIBRARY", "MODEL", OBJECTS) },
	{ "^ALTER", EXPECT_WORD,
	  WORDS("DEFAULT PRIVILEGES", "SYSTEM", OBJECTS) },
	{ "^CREATE TABLE", EXPECT_SCHEMA, NULL },
	{ "^CREATE TABLE * ()", EXPECT_WORD,
	  WORDS("DISTSTYLE", "DISTKEY", "SORTKEY", "COMPOUND SORTKEY",
		"INTERLEAVED SORTKEY", "ENCODE AUTO", "BACKUP") },
	{ "^CREATE TABLE *", EXPECT_WORD,
	  WORDS("AS", "DISTSTYLE", "DISTKEY", "SORTKEY") },
	{ "^CREATE VIEW", EXPECT_SCHEMA, NULL },
	{ "^CREATE VIEW *", EXPECT_WORD, WORDS("AS") },
	{ "^CREATE VIEW * AS", EXPECT_WORD, expect_query_words },
	{ "^CREATE TABLE * AS", EXPECT_WORD, expect_query_words },
	{ "^CREATE SCHEMA", EXPECT_WORD, WORDS("AUTHORIZATION") },
	{ "^CREATE *", EXPECT_NOTHING, NULL },
	{ "MATERIALIZED VIEW", EXPECT_VIEW, NULL },
	{ "DROP VIEW", EXPECT_VIEW, NULL },
	{ "ALTER VIEW", EXPECT_VIEW, NULL },
	{ "SHOW VIEW", EXPECT_VIEW, NULL },
	{ "DROP TABLE", EXPECT_TABLE, NULL },
	{ "^ALTER TABLE", EXPECT_TABLE, NULL },
	{ "SHOW TABLE", EXPECT_TABLE, NULL },
	{ "SHOW EXTERNAL TABLE", EXPECT_TABLE, NULL },
	{ "LOCK TABLE", EXPECT_TABLE, NULL },
	{ "^LOCK", EXPECT_TABLE | EXPECT_WORD, WORDS("TABLE") },
	{ "TRUNCATE TABLE", EXPECT_TABLE, NULL },
	{ "^TRUNCATE", EXPECT_TABLE | EXPECT_WORD, WORDS("TABLE") },
	{ "^ANALYZE COMPRESSION", EXPECT_TABLE, NULL },
	{ "^ANALYZE", EXPECT_TABLE | EXPECT_WORD,
	  WORDS("COMPRESSION", "VERBOSE") },
	{ "^ANALYZE *", EXPECT_WORD,
	  WORDS("PREDICATE COLUMNS", "ALL COLUMNS") },
	{ "^VACUUM", EXPECT_TABLE | EXPECT_WORD,
	  WORDS("FULL", "SORT ONLY", "DELETE ONLY", "REINDEX", "RECLUSTER") },
	{ "VACUUM FULL", EXPECT_TABLE, NULL },
	{ "VACUUM REINDEX", EXPECT_TABLE, NULL },
	{ "VACUUM RECLUSTER", EXPECT_TABLE, NULL },
	{ "SORT ONLY", EXPECT_TABLE, NULL },
	{ "DELETE ONLY", EXPECT_TABLE, NULL },
	{ "^VACUUM *", EXPECT_WORD, WORDS("TO") },
	{ "REFERENCES", EXPECT_TABLE, NULL },
	{ "^CALL", EXPECT_PROCEDURE, NULL },
	{ "DROP PROCEDURE", EXPECT_PROCEDURE, NULL },
	{ "DROP FUNCTION", EXPECT_PROCEDURE, NULL },
	{ "SHOW PROCEDURE", EXPECT_PROCEDURE, NULL },
	{ "IN SCHEMA", EXPECT_SCHEMA, NULL },
	{ "FROM SCHEMA", EXPECT_SCHEMA, NULL },
	{ "DROP SCHEMA", EXPECT_SCHEMA, NULL },
	{ "ALTER SCHEMA", EXPECT_SCHEMA, NULL },
	{ "ON SCHEMA", EXPECT_SCHEMA, NULL },
	{ "SET SCHEMA", EXPECT_SCHEMA, NULL },
	{ "DROP DATABASE", EXPECT_DATABASE, NULL },
	{ "ALTER DATABASE", EXPECT_DATABASE, NULL },
	{ "ON DATABASE", EXPECT_DATABASE, NULL },
	{ "FROM DATABASE", EXPECT_DATABASE, NULL },
	{ "^USE", EXPECT_DATABASE, NULL },
	{ "DROP USER", EXPECT_USER, NULL },
	{ "ALTER USER", EXPECT_USER, NULL },
	{ "OWNER TO", EXPECT_USER, NULL },
	{ "AUTHORIZATION", EXPECT_USER, NULL },

	/* ALTER TABLE t ... */
	{ "^ALTER TABLE *", EXPECT_WORD,
	  WORDS("ADD COLUMN", "DROP COLUMN", "ALTER COLUMN", "RENAME TO",
		"RENAME COLUMN", "OWNER TO", "ADD CONSTRAINT",
		"DROP CONSTRAINT", "ALTER DISTSTYLE", "ALTER DISTKEY",
		"ALTER SORTKEY", "ALTER ENCODE AUTO", "APPEND FROM") },
	{ "^ALTER TABLE * DROP COLUMN", EXPECT_COLUMN, NULL },
	{ "^ALTER TABLE * DROP", EXPECT_COLUMN | EXPECT_WORD,
	  WORDS("COLUMN", "CONSTRAINT") },
	{ "^ALTER TABLE * ALTER COLUMN", EXPECT_COLUMN, NULL },
	{ "^ALTER TABLE * ALTER COLUMN *", EXPECT_WORD,
	  WORDS("TYPE", "ENCODE") },
	{ "^ALTER TABLE * ALTER COLUMN * TYPE", EXPECT_TYPE, NULL },
	{ "^ALTER TABLE * ALTER DISTKEY", EXPECT_COLUMN, NULL },
	{ "^ALTER TABLE * RENAME COLUMN", EXPECT_COLUMN, NULL },
	{ "^ALTER TABLE * RENAME COLUMN *", EXPECT_WORD, WORDS("TO") },
	{ "^ALTER TABLE * ADD COLUMN", EXPECT_NOTHING, NULL },
	{ "^ALTER TABLE * ADD COLUMN *", EXPECT_TYPE, NULL },
	{ "^ALTER TABLE * APPEND FROM", EXPECT_TABLE, NULL },
	{ "COMMENT ON", EXPECT_WORD,
	  WORDS("TABLE", "COLUMN", "VIEW", "CONSTRAINT", "DATABASE") },
	{ "COMMENT ON TABLE", EXPECT_TABLE, NULL },
	{ "COMMENT ON COLUMN", EXPECT_TABLE, NULL },
	{ "COMMENT ON VIEW", EXPECT_VIEW, NULL },

	/* Privileges. */
	{ "^GRANT", EXPECT_WORD, WORDS("ROLE", PRIVILEGES) },
	{ "^REVOKE", EXPECT_WORD,
	  WORDS("GRANT OPTION FOR", "ROLE", PRIVILEGES) },
	{ "^GRANT *", EXPECT_WORD, WORDS("ON", "TO") },
	{ "^REVOKE *", EXPECT_WORD, WORDS("ON", "FROM") },

	/* Settings. */
	{ "^SET", EXPECT_SETTING | EXPECT_WORD,
	  WORDS("SESSION AUTHORIZATION", "LOCAL", "SESSION") },
	{ "^SET *", EXPECT_WORD, WORDS("TO") },
	{ "^SET * TO", EXPECT_SETTING_VALUE, NULL },
	{ "^SET * =", EXPECT_SETTING_VALUE, NULL },
	{ "^RESET", EXPECT_SETTING | EXPECT_WORD, WORDS("ALL") },
	{ "^SHOW", EXPECT_SETTING | EXPECT_WORD,
	  WORDS("ALL", "COLUMNS FROM TABLE", "DATABASES", "DATASHARES",
		"EXTERNAL TABLE", "GRANTS", "MODEL", "PROCEDURE",
		"SCHEMAS FROM DATABASE", "TABLE", "TABLES FROM SCHEMA",
		"VIEW") },
	{ "FROM TABLE", EXPECT_TABLE, NULL },

	/* Statements about tables. */
	{ "^DELETE", EXPECT_WORD, WORDS("FROM") },
	{ "^INSERT", EXPECT_WORD, WORDS("INTO") },
	{ "^MERGE", EXPECT_WORD, WORDS("INTO") },
	{ "^EXPLAIN", EXPECT_WORD,
	  WORDS("VERBOSE", "SELECT", "WITH", "INSERT INTO", "UPDATE",
		"DELETE FROM", "CREATE TABLE") },
	{ "^BEGIN", EXPECT_WORD,
	  WORDS("TRANSACTION", "WORK", "ISOLATION LEVEL", "READ ONLY") },
	{ "^FETCH", EXPECT_WORD, WORDS("NEXT", "ALL", "FORWARD") },
	{ "GROUP", EXPECT_WORD, WORDS("BY") },
	{ "ORDER", EXPECT_WORD, WORDS("BY") },
	{ "PARTITION", EXPECT_WORD, WORDS("BY") },
	{ "LEFT", EXPECT_WORD, WORDS("JOIN", "OUTER JOIN") },
	{ "RIGHT", EXPECT_WORD, WORDS("JOIN", "OUTER JOIN") },
	{ "FULL", EXPECT_WORD, WORDS("JOIN", "OUTER JOIN") },
	{ "INNER", EXPECT_WORD, WORDS("JOIN") },
	{ "CROSS", EXPECT_WORD, WORDS("JOIN") },
	{ "OUTER", EXPECT_WORD, WORDS("JOIN") },
	{ "IS", EXPECT_WORD, WORDS("NULL", "NOT NULL", "TRUE", "FALSE") },
	{ "IS NOT", EXPECT_WORD, WORDS("NULL", "TRUE", "FALSE") },
};
const size_t expect_row_count = COUNT_OF(expect_rows);

const struct expect_row expect_option_rows[] = {
	{ "COPY", EXPECT_COPY_OPTION | EXPECT_WORD, COPY_WORDS },
	{ "UNLOAD", EXPECT_UNLOAD_OPTION | EXPECT_WORD, UNLOAD_WORDS },
};
