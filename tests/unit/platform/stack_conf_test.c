#include "../check.h"

#include "base/str.h"
#include "platform/stack_conf.h"

static const struct {
	const char *text;
	const char *range;	/* NULL: refused */
} cidrs[] = {
	{ "10.20.0.0/16", "10.20.0.0/16" },
	{ "10.20.3.4/16", "10.20.0.0/16" },
	{ "192.0.2.7", "192.0.2.7/32" },
	{ "192.0.2.7/32", "192.0.2.7/32" },
	{ "10.1.2.3/8", "10.0.0.0/8" },
	{ "10.255.255.255/31", "10.255.255.254/31" },
	{ "0.0.0.0/0", NULL },
	{ "10.0.0.0/0", NULL },
	{ "0.0.0.0/1", NULL },
	{ "10.0.0.0/7", NULL },
	{ "10.0.0.0/33", NULL },
	{ "10.0.0.0/-1", NULL },
	{ "10.0.0.0/+8", NULL },
	{ "10.0.0.0/ 8", NULL },
	{ "10.0.0.0/8 ", NULL },
	{ "10.0.0.0/", NULL },
	{ "10.0.0/8", NULL },
	{ "256.0.0.0/8", NULL },
	{ "::1/128", NULL },
	{ "/8", NULL },
	{ "", NULL },
	{ "10.0.0.0/99999999999999999999", NULL },
};

static void a_range_is_never_the_world(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cidrs); i++) {
		CLEANUP(str_done) struct str range = STR_EMPTY;
		struct err err = ERR_EMPTY;
		bool good = stack_conf_check_cidr(cidrs[i].text, &range, &err);

		assert_text(good ? range.text : NULL, cidrs[i].range);
		assert_int_equal(err.kind, good ? ERR_NONE : ERR_USAGE);
	}
}

static const struct {
	const char *name;
	bool is_stack;
	bool is_workgroup;
} names[] = {
	{ "sales", true, true },    { "sales-2", true, true },
	{ "Sales", true, false },   { "ab", true, false },
	{ "2sales", false, false }, { "-sales", false, false },
	{ "a_b", false, false },    { "a b", false, false },
	{ "", false, false },
};

static void names_are_those_that_aws_takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		assert_int_equal(stack_conf_check_name(names[i].name, false,
						       NULL),
				 names[i].is_stack);
		assert_int_equal(stack_conf_check_name(names[i].name, true,
						       NULL),
				 names[i].is_workgroup);
	}
}

static void a_new_file_says_nothing_of_the_other_kind(void **state)
{
	struct stack_conf_new new = { "sales", "eu-west-1", "10.0.0.0/8", "",
				      true };
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)state;
	stack_conf_write(&new, &text);
	assert_non_null(strstr(text.text, "\nstack = sales\n"));
	assert_non_null(strstr(text.text, "\nregion = eu-west-1\n"));
	assert_non_null(strstr(text.text, "\nAllowedCidr = 10.0.0.0/8\n"));
	assert_non_null(strstr(text.text, "# BaseCapacity"));
	assert_null(strstr(text.text, "NodeType"));
	new.serverless = false;
	new.region = new.cidr = "";
	str_clear(&text);
	stack_conf_write(&new, &text);
	assert_non_null(strstr(text.text, "\n# region ="));
	assert_non_null(strstr(text.text, "\nAllowedCidr =\n"));
	assert_non_null(strstr(text.text, "# NodeType"));
	assert_null(strstr(text.text, "BaseCapacity"));
	assert_non_null(strstr(text.text, "\n# WithQuickSight = no\n"));
	new.quicksight_user = "arn:aws:quicksight:eu-west-1:1:user/default/a";
	str_clear(&text);
	stack_conf_write(&new, &text);
	assert_non_null(strstr(text.text, "\nWithQuickSight = yes\n"
					  "QuickSightUserArn = arn:aws:"));
	assert_null(strstr(text.text, "# WithQuickSight"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_range_is_never_the_world),
		cmocka_unit_test(names_are_those_that_aws_takes),
		cmocka_unit_test(a_new_file_says_nothing_of_the_other_kind),
	};

	return RUN_TESTS(tests);
}
