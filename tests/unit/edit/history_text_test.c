#include "tests/unit/check.h"

#include "base/str.h"
#include "edit/history_text.h"

static const struct {
	const char *text;
	const char *kept; /* NULL: nothing */
} cleans[] = {
	{ "select 1\nfrom t;\n", "select 1\nfrom t;" },
	{ "  select 1", "  select 1" },
	{ "", NULL },
	{ " \n\t\n", NULL },
	{ "create user a password 'Hush1234'", "create user a password '***'" },
	/* A comparison is no secret. */
	{ "select a.password = b.x", "select a.password = b.x" },
	{ "\\c \"host=h password=hush user=u\"",
	  "\\c \"host=h password=*** user=u\"" },
	{ "\\c \"password = 'a b' host=h\"", "\\c \"password = *** host=h\"" },
	{ "\\c postgresql://u:hu@sh@h/db", "\\c postgresql://u:***@h/db" },
	{ "\\c postgresql://u@h/db", "\\c postgresql://u@h/db" },
	{ "\\c postgresql://h:5439/db?password=hush&x=1",
	  "\\c postgresql://h:5439/db?password=***&x=1" },
	{ "copy t from 'https://u:hush@h/x'",
	  "copy t from 'https://u:***@h/x'" },
	{ "\\setenv PGPASSWORD hush", "\\setenv PGPASSWORD ***" },
	{ "\\set my_Secret hush hush", "\\set my_Secret ***" },
	{ "\\set name value", "\\set name value" },
	{ "\\set", "\\set" },
	{ "\\set token", "\\set token" },
	{ "\\settings token x", "\\settings token x" },
};

static void secrets_are_masked_and_the_rest_stays(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cleans); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		bool kept = history_text_clean(cleans[i].text, &out);

		assert_text(kept ? out.text : NULL, cleans[i].kept);
	}
}

static void a_pasted_dump_is_not_history(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	str_add_repeat(&text, 'x', (1 << 20) + 1);
	assert_false(history_text_clean(text.text, &out));
}

static const struct {
	const char *text;
	bool risky;
} risks[] = {
	{ "select * from sales;", false },
	{ "select 'drop table t';", false },
	{ "insert into t values (1)", false },
	{ "update t set a = 1 where b = 2;", false },
	{ "update t set a = 1", true },
	{ "delete from t where a = 1;", true },
	{ "with x as (select 1) delete from t using x where x.a = 1", true },
	{ "DROP TABLE t", true },
	{ "truncate t;", true },
	{ "alter table t drop column a", true },
	{ "alter table t add column a int", false },
	{ "merge into t using s on t.a = s.a remove duplicates", true },
	{ "unload ('select 1') to 's3://b/k'", false },
	{ "unload ('select 1') to 's3://b/k' allowoverwrite", true },
	{ "unload ('select 1') to 's3://b/k' cleanpath", true },
	/* Not only the first statement counts. */
	{ "select 1; drop table t;", true },
	{ "select 1 \\g\ndrop table t;", true },
	{ "begin; -- x\ndelete from t; commit", true },
	{ "\\dt", false },
	{ "\\! rm -rf x", true },
	{ "\\echo a \\! rm x", true },
	{ "\\s3rm s3://b/k", true },
	{ "\\s3ls s3://b", false },
	{ "select 'drop table t;' \\gexec", true },
	{ "", false },
};

static void what_removes_is_risky(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(risks); i++)
		if (history_text_is_risky(risks[i].text,
					  strlen(risks[i].text)) !=
		    risks[i].risky)
			fail_msg("wrong about: %s", risks[i].text);
}

static void newlines_are_byte_1_in_psqls_file(void **state)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	CLEANUP(str_done) struct str back = STR_EMPTY;

	(void)state;
	history_text_encode("a\n\nb", 4, &line);
	assert_text(line.text, "a\001\001b");
	history_text_decode(line.text, line.len, &back);
	assert_text(back.text, "a\n\nb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_are_masked_and_the_rest_stays),
		cmocka_unit_test(a_pasted_dump_is_not_history),
		cmocka_unit_test(what_removes_is_risky),
		cmocka_unit_test(newlines_are_byte_1_in_psqls_file),
	};

	return RUN_TESTS(tests);
}
