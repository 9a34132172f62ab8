#include "../check.h"

#include "base/str.h"
#include "sql/interp.h"

static const struct {
	const char *name;
	const char *value;
} variables[] = {
	{ "a", "1" },         { "s", "it's" },        { "t", "My \"T\"" },
	{ "b", "x\\y" },      { "outer", ":a + :a" }, { "self", ":self!" },
	{ "quote", "'open" },
};

static const char *lookup(void *context, const char *name)
{
	(void)context;
	for (size_t i = 0; i < COUNT_OF(variables); i++)
		if (strcmp(variables[i].name, name) == 0)
			return variables[i].value;
	return NULL;
}

static const struct {
	const char *text;
	const char *filled;
} cases[] = {
	{ "select :a", "select 1" },
	{ "select :'s', :\"t\"", "select 'it''s', \"My \"\"T\"\"\"" },
	{ ":'b'", "'x\\\\y'" },
	{ ":{?a} :{?no}", "TRUE FALSE" },
	{ ":no :'no' :\"no\"", ":no :'no' :\"no\"" },
	{ "':a' \":a\" $$:a$$ /*:a*/ --:a", "':a' \":a\" $$:a$$ /*:a*/ --:a" },
	{ "x::a", "x::a" },
	{ ":outer", "1 + 1" },
	{ ":quote :a' :a", "'open :a' 1" },
	{ "a[1:a]", "a[11]" },
	{ ": a :", ": a :" },
	{ ":'a", ":'a" },
};

static void references_outside_of_quotes_are_filled_in(void **state)
{
	static const struct interp vars = { .lookup = lookup, .escapes = true };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;

		interp_text(&vars, cases[i].text, strlen(cases[i].text), &out);
		assert_string_equal(out.text, cases[i].filled);
	}
}

static void a_value_that_names_itself_ends(void **state)
{
	static const struct interp vars = { .lookup = lookup };
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	interp_text(&vars, ":self", 5, &out);
	assert_non_null(strstr(out.text, "!!"));
}

static void without_variables_text_stays(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	interp_text(NULL, "a :b ':c'", 9, &out);
	assert_string_equal(out.text, "a :b ':c'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_outside_of_quotes_are_filled_in),
		cmocka_unit_test(a_value_that_names_itself_ends),
		cmocka_unit_test(without_variables_text_stays),
	};

	return RUN_TESTS(tests);
}
