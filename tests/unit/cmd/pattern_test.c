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
	{ "int[]", " and n = 'int[]' and visible()" },
	{ "*[]", " and n ~ '^(.*\\\\[\\\\])$' and visible()" },
};

/* The same for columns of other kinds. */
static const struct pattern_columns role = { .name = "r" };
static const struct pattern_columns either = { .name = "n", .other = "o" };
static const struct pattern_columns setting = { .name = "n", .dots = true };
static const struct pattern_columns symbol = { .name = "n", .symbols = true };
static const struct pattern_columns schema = { .name = "n",
					       .in_database = true };

static const struct {
	const struct pattern_columns *columns;
	const char *pattern;
	bool folds;
	const char *where;
} more_cases[] = {
	{ &role, "joe", false, " and r = 'joe'" },
	{ &either, "joe", false, " and (n = 'joe' or o = 'joe')" },
	{ &either, "j*", false, " and (n ~ '^(j.*)$' or o ~ '^(j.*)$')" },
	{ &either, "*", false, "" },
	{ &setting, "plpgsql.x", false, " and n ~ '^(plpgsql.x)$'" },
	{ &symbol, "+", false, " and n = '+'" },
	{ &symbol, "||*", false, " and n ~ '^(\\\\|\\\\|.*)$'" },
	{ &schema, "dev.public", false, " and n = 'public'" },
	{ &role, "\"Joe\"", false, " and r = 'Joe'" },
	{ &role, "\"Joe\"", true, " and (r = 'Joe' or r = 'joe')" },
	{ &role, "\"joe\"", true, " and r = 'joe'" },
	{ &role, "Joe", true, " and r = 'joe'" },
	{ &role, "\"J\"*", true, " and (r ~ '^(J.*)$' or r ~ '^(j.*)$')" },
};

static void one_line(const struct str *text, struct str *out)
{
	for (size_t at = 0; at < text->len; at++)
		if (text->text[at] == '\n')
			at += 1;
		else
			str_add_char(out, text->text[at]);
}

static void columns_decide_what_a_pattern_means(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(more_cases); i++) {
		const struct pattern_world world = {
			.escapes = true,
			.folds = more_cases[i].folds,
			.database = "dev",
		};
		CLEANUP(str_done) struct str out = STR_EMPTY;
		CLEANUP(str_done) struct str line = STR_EMPTY;
		struct err err = ERR_EMPTY;

		assert_true(pattern_where(more_cases[i].pattern,
					  more_cases[i].columns, &world, &out,
					  &err));
		one_line(&out, &line);
		assert_text(line.text, more_cases[i].where);
	}
}

static void patterns_become_conditions(void **state)
{
	const struct pattern_world world = { .escapes = true,
					     .database = "dev" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		CLEANUP(str_done) struct str line = STR_EMPTY;
		struct err err = ERR_EMPTY;

		assert_true(pattern_where(cases[i].pattern, &columns, &world,
					  &out, &err));
		one_line(&out, &line);
		assert_text(line.text, cases[i].where);
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
	assert_false(pattern_where("a.b", &role, &world, &out, &err));
	assert_non_null(strstr(err.message, "too many dotted names"));
	assert_false(pattern_where("a.b", &schema, &world, &out, &err));
	assert_non_null(strstr(err.message, "cross-database"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_become_conditions),
		cmocka_unit_test(columns_decide_what_a_pattern_means),
		cmocka_unit_test(
			another_database_and_too_many_dots_are_refused),
	};

	return RUN_TESTS(tests);
}
