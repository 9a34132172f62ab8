#include "../check.h"

#include "shell/var.h"

static int assigned;

static bool take(void *context, const struct var_hook *hook, const char *value,
		 struct err *err)
{
	bool on;

	(void)context;
	assigned++;
	return var_parse_bool(value, hook->name, &on, err);
}

static const struct var_hook hooks[] = {
	{ "SWITCH", VAR_BOOL, "off", NULL, NULL, take },
	{ "WORD", VAR_WITH_DEFAULT, "none", NULL, NULL, NULL },
	{ .name = NULL },
};

static void a_value_is_kept_until_it_is_unset(void **state)
{
	CLEANUP(vars_freep) struct vars *vars = vars_new(NULL, NULL);

	(void)state;
	assert_null(vars_get(vars, "x"));
	assert_true(vars_set(vars, "x", "1", NULL));
	assert_true(vars_set(vars, "x", "2", NULL));
	assert_text(vars_get(vars, "x"), "2");
	assert_true(vars_set(vars, "x", NULL, NULL));
	assert_null(vars_get(vars, "x"));
}

static void names_are_letters_digits_and_underscores(void **state)
{
	CLEANUP(vars_freep) struct vars *vars = vars_new(NULL, NULL);
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(vars_name_ok("a_1"));
	assert_true(vars_name_ok("\xc3\xa4"));
	assert_false(vars_name_ok("a-b"));
	assert_false(vars_name_ok(""));
	assert_false(vars_set(vars, "a b", "x", &err));
	assert_text(err.message, "invalid variable name: \"a b\"");
}

static void items_come_in_the_order_of_names(void **state)
{
	CLEANUP(vars_freep) struct vars *vars = vars_new(NULL, NULL);
	const char *name;
	const char *value;

	(void)state;
	vars_set(vars, "b", "2", NULL);
	vars_set(vars, "c", "3", NULL);
	vars_set(vars, "a", "1", NULL);
	assert_true(vars_item(vars, 0, &name, &value));
	assert_text(name, "a");
	assert_true(vars_item(vars, 2, &name, &value));
	assert_text(value, "3");
	assert_false(vars_item(vars, 3, &name, &value));
}

static void a_switch_reads_unset_as_off_and_empty_as_on(void **state)
{
	CLEANUP(vars_freep) struct vars *vars = vars_new(hooks, NULL);

	(void)state;
	assert_text(vars_get(vars, "SWITCH"), "off");
	vars_set(vars, "SWITCH", "", NULL);
	assert_text(vars_get(vars, "SWITCH"), "on");
	vars_set(vars, "SWITCH", NULL, NULL);
	assert_text(vars_get(vars, "SWITCH"), "off");
}

static void a_refused_value_leaves_the_old_one(void **state)
{
	CLEANUP(vars_freep) struct vars *vars = vars_new(hooks, NULL);
	struct err err = ERR_EMPTY;

	(void)state;
	assigned = 0;
	assert_true(vars_set(vars, "SWITCH", "yes", NULL));
	assert_false(vars_set(vars, "SWITCH", "perhaps", &err));
	assert_text(vars_get(vars, "SWITCH"), "yes");
	assert_int_equal(assigned, 2);
	assert_text(err.message, "unrecognized value \"perhaps\" for "
				 "\"SWITCH\": Boolean expected");
}

static void unset_gives_the_default_back(void **state)
{
	CLEANUP(vars_freep) struct vars *vars = vars_new(hooks, NULL);

	(void)state;
	vars_set(vars, "WORD", "other", NULL);
	vars_set(vars, "WORD", NULL, NULL);
	assert_text(vars_get(vars, "WORD"), "none");
}

static const struct {
	const char *text;
	int means; /* -1: refused */
} bools[] = {
	{ "on", 1 }, { "off", 0 }, { "o", -1 }, { "of", 0 },   { "TRUE", 1 },
	{ "t", 1 },  { "f", 0 },   { "y", 1 },  { "n", 0 },    { "1", 1 },
	{ "0", 0 },  { "", -1 },   { "2", -1 }, { "onn", -1 }, { "true ", -1 },
};

static void booleans_may_be_shortened(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bools); i++) {
		bool value = false;
		bool ok = var_parse_bool(bools[i].text, "x", &value, NULL);

		assert_int_equal(ok ? value : -1, bools[i].means);
	}
}

static void numbers_must_be_whole_and_in_range(void **state)
{
	int value = 0;

	(void)state;
	assert_true(var_parse_int("-7", "x", &value, NULL));
	assert_int_equal(value, -7);
	assert_false(var_parse_int("7x", "x", &value, NULL));
	assert_false(var_parse_int("", "x", &value, NULL));
	assert_false(var_parse_int("99999999999", "x", &value, NULL));
}

static void a_choice_is_found_without_case(void **state)
{
	static const char *const choices[] = { "none", "all", NULL };
	struct err err = ERR_EMPTY;
	int at = -1;

	(void)state;
	assert_true(var_parse_choice("ALL", "ECHO", choices, &at, NULL));
	assert_int_equal(at, 1);
	assert_false(var_parse_choice("some", "ECHO", choices, &at, &err));
	assert_text(err.message, "unrecognized value \"some\" for \"ECHO\"\n"
				 "Available values are: none, all.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_kept_until_it_is_unset),
		cmocka_unit_test(names_are_letters_digits_and_underscores),
		cmocka_unit_test(items_come_in_the_order_of_names),
		cmocka_unit_test(a_switch_reads_unset_as_off_and_empty_as_on),
		cmocka_unit_test(a_refused_value_leaves_the_old_one),
		cmocka_unit_test(unset_gives_the_default_back),
		cmocka_unit_test(booleans_may_be_shortened),
		cmocka_unit_test(numbers_must_be_whole_and_in_range),
		cmocka_unit_test(a_choice_is_found_without_case),
	};

	return RUN_TESTS(tests);
}
