#include "../check.h"

#include "sql/classify.h"

static const struct {
	const char *sql;
	const char *name;
	enum statement_kind kind;
	enum statement_block block;
	bool destructive;
} cases[] = {
	{ "", "", STATEMENT_EMPTY, BLOCK_ALLOWED, false },
	{ " -- x\n/* y */ ; ", "", STATEMENT_EMPTY, BLOCK_ALLOWED, false },
	{ "listen x", "", STATEMENT_UNKNOWN, BLOCK_ALLOWED, false },
	{ "'a'", "", STATEMENT_UNKNOWN, BLOCK_ALLOWED, false },
	{ "/* c */ select 1", "SELECT", STATEMENT_QUERY, BLOCK_ALLOWED, false },
	{ "((select 1) union select 2)", "SELECT", STATEMENT_QUERY,
	  BLOCK_ALLOWED, false },
	{ "select * into t from u", "SELECT INTO", STATEMENT_DDL, BLOCK_ALLOWED,
	  false },
	{ "select (select 1 into x)", "SELECT", STATEMENT_QUERY, BLOCK_ALLOWED,
	  false },
	{ "with a as (select 1) select * from a", "SELECT", STATEMENT_QUERY,
	  BLOCK_ALLOWED, false },
	{ "Create or Replace Temp VIEW v as select 1", "CREATE VIEW",
	  STATEMENT_DDL, BLOCK_ALLOWED, false },
	{ "create temporary table t (a int)", "CREATE TABLE", STATEMENT_DDL,
	  BLOCK_ALLOWED, false },
	{ "create external table s.t (a int)", "CREATE EXTERNAL TABLE",
	  STATEMENT_DDL, BLOCK_REFUSED, false },
	{ "create index i on t (a)", "", STATEMENT_UNKNOWN, BLOCK_ALLOWED,
	  false },
	{ "drop table t", "DROP TABLE", STATEMENT_DDL, BLOCK_ALLOWED, true },
	{ "truncate t", "TRUNCATE", STATEMENT_CHANGE, BLOCK_COMMITS, true },
	{ "delete from t", "DELETE", STATEMENT_CHANGE, BLOCK_ALLOWED, true },
	{ "delete from t where (a = 1)", "DELETE", STATEMENT_CHANGE,
	  BLOCK_ALLOWED, false },
	{ "update t set a = (select 1 from u where 1=1)", "UPDATE",
	  STATEMENT_CHANGE, BLOCK_ALLOWED, true },
	{ "vacuum full t", "VACUUM", STATEMENT_OTHER, BLOCK_REFUSED, false },
	{ "alter table a append from b", "ALTER TABLE APPEND", STATEMENT_CHANGE,
	  BLOCK_REFUSED, false },
	{ "alter table a add column b int", "ALTER TABLE", STATEMENT_DDL,
	  BLOCK_ALLOWED, false },
	{ "copy t from 's3://b/k' iam_role default", "COPY", STATEMENT_COPY,
	  BLOCK_ALLOWED, false },
	{ "copy job create j", "COPY JOB CREATE", STATEMENT_OTHER,
	  BLOCK_REFUSED, false },
	{ "unload ('select 1') to 's3://b/k'", "UNLOAD", STATEMENT_UNLOAD,
	  BLOCK_ALLOWED, false },
	{ "start transaction read only", "START TRANSACTION", STATEMENT_BEGIN,
	  BLOCK_ALLOWED, false },
	{ "end", "END", STATEMENT_COMMIT, BLOCK_ALLOWED, false },
	{ "set session authorization x", "SET SESSION AUTHORIZATION",
	  STATEMENT_SETTING, BLOCK_ALLOWED, false },
	{ "set search_path to a", "SET", STATEMENT_SETTING, BLOCK_ALLOWED,
	  false },
	{ "fetch all from c", "FETCH", STATEMENT_QUERY, BLOCK_REQUIRED, false },
};

static void statements_are_known_by_their_first_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct statement is =
			classify(cases[i].sql, strlen(cases[i].sql), true);

		assert_string_equal(is.name, cases[i].name);
		assert_int_equal(is.kind, cases[i].kind);
		assert_int_equal(is.block, cases[i].block);
		assert_int_equal(is.destructive, cases[i].destructive);
	}
}

static void the_words_are_located(void **state)
{
	static const char sql[] = "/* x */ create or replace view v as select";
	struct statement is = classify(sql, sizeof(sql) - 1, true);

	(void)state;
	assert_int_equal(is.at, 8);
	assert_memory_equal(sql + is.words_end, " v as", 5);
	assert_string_equal(is.object, "VIEW");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_are_known_by_their_first_words),
		cmocka_unit_test(the_words_are_located),
	};

	return RUN_TESTS(tests);
}
