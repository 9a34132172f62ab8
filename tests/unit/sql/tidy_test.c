/* The layouts are in tests/cases/tidy/NAME.sql and NAME.out; all other SQL of
 * the tests must keep its tokens. */
#include "tests/unit/check.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "sql/tidy.h"

enum { FILE_BYTES = 1 << 20 };

static void read_whole(const char *path, struct str *out)
{
	struct err err = ERR_EMPTY;

	str_clear(out);
	if (!file_read(path, FILE_BYTES, out, &err))
		fail_msg("%s", err.message);
}

static size_t each_file(const char *pattern,
			void (*check)(const char *path, const struct str *text))
{
	CLEANUP(str_done) struct str full = STR_EMPTY;
	glob_t found;
	size_t count;

	assert_non_null(getenv("TESTS_DIR"));
	str_addf(&full, "%s/%s", getenv("TESTS_DIR"), pattern);
	if (glob(full.text, 0, NULL, &found) != 0)
		return 0;
	count = found.gl_pathc;
	for (size_t i = 0; i < count; i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		read_whole(found.gl_pathv[i], &text);
		check(found.gl_pathv[i], &text);
	}
	globfree(&found);
	return count;
}

static void check_layout(const char *path, const struct str *text)
{
	CLEANUP(str_done) struct str expected = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	str_add_slice(&name, path, strlen(path) - strlen("sql"));
	str_add(&name, "out");
	read_whole(name.text, &expected);
	tidy_sql(text->text, text->len, true, &out);
	str_add_char(&out, '\n');
	assert_text(out.text, expected.text);
}

static void layouts_are_those_of_the_cases(void **state)
{
	(void)state;
	assert_true(each_file("cases/tidy/*.sql", check_layout) > 0);
}

/* Also: SQL that has been laid out is laid out. */
static void check_tokens(const char *path, const struct str *text)
{
	for (int escapes = 0; escapes < 2; escapes++) {
		CLEANUP(str_done) struct str once = STR_EMPTY;
		CLEANUP(str_done) struct str twice = STR_EMPTY;

		tidy_sql(text->text, text->len, escapes != 0, &once);
		if (!tidy_is_same(text->text, text->len, once.text, once.len,
				  escapes != 0))
			fail_msg("%s: other tokens", path);
		tidy_sql(once.text, once.len, escapes != 0, &twice);
		if (str_ends(path, ".sql") &&
		    strcmp(once.text, twice.text) != 0)
			fail_msg("%s: laid out, then otherwise:\n%s\n---\n%s",
				 path, once.text, twice.text);
	}
}

static void check_lines(const char *path, const struct str *text)
{
	const char *at = text->text;

	while (*at != '\0') {
		CLEANUP(str_done) struct str line = STR_EMPTY;
		size_t len = strcspn(at, "\n");

		str_add_slice(&line, at, len);
		check_tokens(path, &line);
		at += len + (at[len] != '\0');
	}
}

static void no_statement_of_the_tests_changes(void **state)
{
	static const char *const patterns[] = {
		"cases/*/*.sql", "cases/*/*/*.sql",
		"cases/*/*.txt", "data/*.sql",
		"cases/*.sql",   "peer/*.sql",
		"peer/*/*.sql",  "../share/*/*.sql",
		"../docs/*.md",  "../share/sql/*.tsv",
		"../README*",    "cases/redshift/*.tsv",
	};
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		count += each_file(patterns[i], check_tokens);
		each_file(patterns[i], check_lines);
	}
	assert_true(count > 100);
}

static const char *const untouched[] = {
	/* A quote, comment or command that this is not about. */
	"select   'open",
	"select   $$open",
	"select /* open",
	"\\d   x",
	"select   1 \\g",
	"select   \"open",
	"",
};

static void what_is_not_sql_stays_as_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(untouched); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;

		tidy_sql(untouched[i], strlen(untouched[i]), true, &out);
		assert_text(out.text, untouched[i]);
	}
}

static const struct {
	const char *a, *b;
	bool same;
} pairs[] = {
	{ "select 1", "select\n1", true },
	{ "select a b", "select ab", false },
	{ "select 1", "select 1 -- x", false },
	/* A line end joins two literals. */
	{ "select 'a'\n'b'", "select 'a' 'b'", false },
	{ "select 'a' 'b'", "select 'a'\n'b'", false },
	{ "select 'a'\n'b'", "select 'a'\n   'b'", true },
	{ "SELECT 1", "select 1", false },
};

static void sameness_is_of_tokens(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		assert_int_equal(tidy_is_same(pairs[i].a, strlen(pairs[i].a),
					      pairs[i].b, strlen(pairs[i].b),
					      true),
				 pairs[i].same);
}

/* Any byte is safe, and any text may be cut anywhere. */
static void cut_and_hostile_texts_are_safe(void **state)
{
	static const char text[] =
		"with a as (select case when x between 1 and 2 then 'y' else "
		"(select max(b) from c where d in (1, 2, 3)) end from \"e\" "
		"left join f on a.g = f.g and a.h = f.h or not i) select "
		"distinct * from a union all select 1, 2, 3 -- end\n"
		"order by 1; copy t from 's3://b/k' iam_role default csv; "
		"((((( [1, 2] end case end $$x;$$ :v :'v' #t 'a'\n'b' \xff";

	(void)state;
	for (size_t from = 0; from < sizeof(text); from += 3)
		for (size_t to = from; to <= sizeof(text); to++) {
			CLEANUP(str_done) struct str out = STR_EMPTY;

			tidy_sql(text + from, to - from, true, &out);
			assert_true(tidy_is_same(text + from, to - from,
						 out.text, out.len, true));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layouts_are_those_of_the_cases),
		cmocka_unit_test(no_statement_of_the_tests_changes),
		cmocka_unit_test(what_is_not_sql_stays_as_it_is),
		cmocka_unit_test(sameness_is_of_tokens),
		cmocka_unit_test(cut_and_hostile_texts_are_safe),
	};

	return RUN_TESTS(tests);
}
