#include "tests/unit/check.h"

#include "base/str.h"
#include "cmd/pattern.h"

static const struct pattern_columns columns = {
	.schema = "s",
	.name = "n",
	.visible = "visible()",
};

/* What psql 15 makes of these patterns, in our shape. */
static const struct {
	const char *pattern;
	const char *where;
} cases[] = {
	{ NULL, " and visible()" },
	{ "", " and visible()" },
	{ "sales", " and n = 'sales' and visible()" },
	{ "SALES", " and n = 'sales' and visible()" },
	{ "\"Sales\"", " and n = 'Sales' and visible()" },
	{ "*", " and visible()" },
	{ "s*", " and n ~ '^(s.*)$' and visible()" },
	{ "s?", " and n ~ '^(s.)$' and visible()" },
	{ "public.*", " and s = 'public'" },
	{ "*.*", "" },
	{ "*.sales", " and n = 'sales'" },
	{ "public.sales", " and n = 'sales' and s = 'public'" },
	{ "dev.public.sales", " and n = 'sales' and s = 'public'" },
	{ "\"a.b\"", " and n = 'a.b' and visible()" },
	{ "\"a\"\"b\"", " and n = 'a\"b' and visible()" },
	{ "\"a*b\"*", " and n ~ '^(a\\\\*b.*)$' and visible()" },
	{ "a$b", " and n = 'a$b' and visible()" },
	{ "a$*", " and n ~ '^(a\\\\$.*)$' and visible()" },
	{ "[ab]x", " and n ~ '^([ab]x)$' and visible()" },
	{ "o'brien", " and n = 'o''brien' and visible()" },
	{ "a\\b", " and n ~ '^(a\\\\b)$' and visible()" },
};

static void patterns_become_conditions(void **state)
{
	const struct pattern_world world = { .escapes = true,
					     .database = "dev" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		CLEANUP(str_done) struct str one_line = STR_EMPTY;
		struct err err = ERR_EMPTY;

		assert_true(pattern_where(cases[i].pattern, &columns, &world,
					  &out, &err));
		for (size_t at = 0; at < out.len; at++)
			if (out.text[at] == '\n')
				at += 1;
			else
				str_add_char(&one_line, out.text[at]);
		assert_text(one_line.text, cases[i].where);
	}
}

static void another_database_and_too_many_dots_are_refused(void **state)
{
	const struct pattern_world world = { .escapes = true,
					     .database = "dev" };
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(
		pattern_where("other.public.t", &columns, &world, &out, &err));
	assert_int_equal(err.kind, ERR_USAGE);
	assert_non_null(strstr(err.hint, "\\c other"));
	assert_false(pattern_where("a.b.c.d", &columns, &world, &out, &err));
	assert_non_null(strstr(err.message, "too many dotted names"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_become_conditions),
		cmocka_unit_test(
			another_database_and_too_many_dots_are_refused),
	};

	return RUN_TESTS(tests);
}
