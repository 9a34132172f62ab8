#include "tests/unit/check.h"

#include "base/str.h"
#include "sql/expect.h"

/* The cursor is "|". what must be among what is expected, or be nothing at
 * all when it is EXPECT_NOTHING. */
static const struct {
	const char *text;
	unsigned what;
	const char *typed;     /* sql[start, cursor) */
	const char *qualifier; /* NULL: none */
	const char *word;      /* one of the words, NULL: not looked at */
	const char *table;     /* NULL: not looked at */
} cases[] = {
	{ "|", EXPECT_STATEMENT, "", NULL, "SELECT", NULL },
	{ "sel|", EXPECT_STATEMENT, "sel", NULL, "SELECT", NULL },
	{ "select 1; sel|", EXPECT_STATEMENT, "sel", NULL, "SELECT", NULL },
	{ "-- note\n|", EXPECT_STATEMENT, "", NULL, NULL, NULL },
	{ "select |", EXPECT_COLUMN, "", NULL, "DISTINCT", NULL },
	{ "select a, |", EXPECT_COLUMN, "", NULL, NULL, NULL },
	{ "select a |", EXPECT_WORD, "", NULL, "FROM", NULL },
	{ "select * |", EXPECT_WORD, "", NULL, "FROM", NULL },
	{ "select t.* |", EXPECT_WORD, "", NULL, "FROM", NULL },
	{ "select a + |", EXPECT_COLUMN, "", NULL, NULL, NULL },
	{ "select x.ab| from t x", EXPECT_COLUMN, "ab", "x", NULL, NULL },
	{ "select s.t.| from s.t", EXPECT_COLUMN, "", "s.t", NULL, NULL },
	{ "select \"X\".| from t", EXPECT_COLUMN, "", "\"X\"", NULL, NULL },
	{ "select \"Ab| from t", EXPECT_COLUMN, "Ab", NULL, NULL, NULL },
	{ "select * from |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "select * from or|", EXPECT_TABLE, "or", NULL, NULL, NULL },
	{ "select * from s.|", EXPECT_TABLE, "", "s", NULL, NULL },
	{ "select * from a, |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "select * from a join |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "select * from a |", EXPECT_WORD, "", NULL, "WHERE", NULL },
	{ "select * from a left |", EXPECT_WORD, "", NULL, "JOIN", NULL },
	{ "select * from a join b on |", EXPECT_COLUMN, "", NULL, NULL, NULL },
	{ "select * from a where |", EXPECT_COLUMN, "", NULL, NULL, NULL },
	{ "select * from a where x = |", EXPECT_COLUMN, "", NULL, NULL, NULL },
	{ "select * from a where x = 1 |", EXPECT_WORD, "", NULL, "AND", NULL },
	{ "select * from a where x = 1 and |", EXPECT_COLUMN, "", NULL, NULL,
	  NULL },
	{ "select * from a group |", EXPECT_WORD, "", NULL, "BY", NULL },
	{ "select * from a group by |", EXPECT_COLUMN, "", NULL, NULL, NULL },
	{ "select * from a order by x |", EXPECT_WORD, "", NULL, "DESC", NULL },
	{ "select count(|) from t", EXPECT_COLUMN, "", NULL, NULL, NULL },
	{ "select x in (|", EXPECT_COLUMN, "", NULL, NULL, NULL },
	{ "select * from (|", EXPECT_WORD, "", NULL, "SELECT", NULL },
	{ "select * from (select a from |", EXPECT_TABLE, "", NULL, NULL,
	  NULL },
	{ "select a::|", EXPECT_TYPE, "", NULL, NULL, NULL },
	{ "select cast(a as |", EXPECT_TYPE, "", NULL, NULL, NULL },
	{ "select sum(a) over (|", EXPECT_WORD, "", NULL, "PARTITION BY",
	  NULL },
	{ "select sum(a) over (partition by |", EXPECT_COLUMN, "", NULL, NULL,
	  NULL },
	{ "with c as (select 1) |", EXPECT_WORD, "", NULL, "SELECT", NULL },
	{ "explain select * from |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "insert into |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "insert into t (|", EXPECT_COLUMN, "", NULL, NULL, "t" },
	{ "insert into s.t (a, b|", EXPECT_COLUMN, "b", NULL, NULL, "s.t" },
	{ "insert into t |", EXPECT_WORD, "", NULL, "VALUES", NULL },
	{ "update t set |", EXPECT_COLUMN, "", NULL, NULL, "t" },
	{ "update t set a = 1, |", EXPECT_COLUMN, "", NULL, NULL, "t" },
	{ "delete |", EXPECT_WORD, "", NULL, "FROM", NULL },
	{ "delete from |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "copy |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "copy t |", EXPECT_WORD, "", NULL, "FROM", NULL },
	{ "copy t (a, |", EXPECT_COLUMN, "", NULL, NULL, "t" },
	{ "copy t from '|", EXPECT_S3_URI, "", NULL, NULL, NULL },
	{ "copy t from 's3://b/k|", EXPECT_S3_URI, "s3://b/k", NULL, NULL,
	  NULL },
	{ "copy t (a, b) from 's3://b/it''s|", EXPECT_S3_URI, "s3://b/it''s",
	  NULL, NULL, NULL },
	{ "copy t from 's3://b/k' |", EXPECT_COPY_OPTION, "", NULL,
	  "IGNOREHEADER", NULL },
	{ "copy t from 's3://b/k' iam_role |", EXPECT_WORD, "", NULL, "DEFAULT",
	  NULL },
	{ "copy t from 's3://b/k' iam_role '|", EXPECT_IAM_ROLE, "", NULL, NULL,
	  NULL },
	{ "copy t from 's3://b/k' region '|", EXPECT_REGION, "", NULL, NULL,
	  NULL },
	{ "unload ('select 1') to '|", EXPECT_S3_URI, "", NULL, NULL, NULL },
	{ "unload ('select 1') to 's3://b/' |", EXPECT_UNLOAD_OPTION, "", NULL,
	  "PARQUET", NULL },
	{ "drop table |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "drop table if exists |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "drop view |", EXPECT_VIEW, "", NULL, NULL, NULL },
	{ "create |", EXPECT_WORD, "", NULL, "TABLE", NULL },
	{ "create temp table t (a |", EXPECT_TYPE, "", NULL, NULL, NULL },
	{ "create table t (a int |", EXPECT_WORD, "", NULL, "NOT NULL", NULL },
	{ "create table t (a int encode |", EXPECT_ENCODING, "", NULL, NULL,
	  NULL },
	{ "create table t (a int) |", EXPECT_WORD, "", NULL, "DISTSTYLE",
	  NULL },
	{ "create table t (a int) diststyle |", EXPECT_WORD, "", NULL, "EVEN",
	  NULL },
	{ "create view v as select * from |", EXPECT_TABLE, "", NULL, NULL,
	  NULL },
	{ "alter table t drop column |", EXPECT_COLUMN, "", NULL, NULL, "t" },
	{ "alter table t owner to |", EXPECT_USER, "", NULL, NULL, NULL },
	{ "grant select on |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "grant select on t to |", EXPECT_USER, "", NULL, NULL, NULL },
	{ "set |", EXPECT_SETTING, "", NULL, NULL, NULL },
	{ "set query_group to |", EXPECT_SETTING_VALUE, "", "query_group", NULL,
	  NULL },
	{ "show |", EXPECT_SETTING, "", NULL, NULL, NULL },
	{ "truncate |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "vacuum full |", EXPECT_TABLE, "", NULL, NULL, NULL },
	{ "call |", EXPECT_PROCEDURE, "", NULL, NULL, NULL },
	{ "select :na|", EXPECT_VARIABLE, "na", NULL, NULL, NULL },
	{ "select :|", EXPECT_VARIABLE, "", NULL, NULL, NULL },
	{ "select :'na|", EXPECT_VARIABLE, "na", NULL, NULL, NULL },
	/* Nothing belongs here. */
	{ "select 'abc|", EXPECT_NOTHING, "abc", NULL, NULL, NULL },
	{ "select 1 -- abc|", EXPECT_NOTHING, NULL, NULL, NULL, NULL },
	{ "select /* abc|", EXPECT_NOTHING, NULL, NULL, NULL, NULL },
	{ "select $$ abc|", EXPECT_NOTHING, NULL, NULL, NULL, NULL },
	{ "select 12|", EXPECT_NOTHING, NULL, NULL, NULL, NULL },
	{ "select a as |", EXPECT_NOTHING, "", NULL, NULL, NULL },
};

static bool has_word(const struct expect *expect, const char *word)
{
	for (size_t i = 0; expect->words != NULL && expect->words[i] != NULL;
	     i++)
		if (strcmp(expect->words[i], word) == 0)
			return true;
	return false;
}

static void check_case(size_t i)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str typed = STR_EMPTY;
	CLEANUP(str_done) struct str other = STR_EMPTY;
	const char *bar = strchr(cases[i].text, '|');
	size_t cursor = (size_t)(bar - cases[i].text);
	struct expect expect;

	str_add_slice(&sql, cases[i].text, cursor);
	str_add(&sql, bar + 1);
	expect = expect_at(sql.text, sql.len, cursor);
	if (cases[i].what == EXPECT_NOTHING
		    ? expect.what != 0
		    : (expect.what & cases[i].what) == 0)
		fail_msg("%s: expects %x, not %x", cases[i].text, expect.what,
			 cases[i].what);
	str_add_slice(&typed, sql.text + expect.start, cursor - expect.start);
	if (cases[i].typed != NULL)
		assert_text(typed.text, cases[i].typed);
	str_add_slice(&other, expect.qualifier, expect.qualifier_len);
	assert_text(other.text,
		    cases[i].qualifier != NULL ? cases[i].qualifier : "");
	if (cases[i].word != NULL && !has_word(&expect, cases[i].word))
		fail_msg("%s: no %s", cases[i].text, cases[i].word);
	if (cases[i].table != NULL) {
		str_set_slice(&other, expect.table, expect.table_len);
		assert_text(other.text, cases[i].table);
	}
}

static void the_place_tells_what_may_come(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check_case(i);
}

static void any_cut_of_any_text_is_safe(void **state)
{
	static const char text[] =
		"with a(b,c) as (select 1,2 union (((select 'x''', $q$ ;\n)"
		" from s.\"T\" x)) ) select x.b, :'v', a.* from a, (b join c"
		" using (i)) where (((";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++)
		for (size_t from = 0; from < len; from += 7) {
			struct expect expect = expect_at(
				text + from, len - from, (len - from) * 2 / 3);

			assert_true(expect.start <= len - from);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_place_tells_what_may_come),
		cmocka_unit_test(any_cut_of_any_text_is_safe),
	};

	return RUN_TESTS(tests);
}
