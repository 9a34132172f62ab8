#include "tests/unit/check.h"

#include "base/similar.h"

static const struct {
	const char *one;
	const char *two;
	size_t distance; /* with a limit of 3 */
} cases[] = {
	{ "sales", "sales", 0 },    { "salse", "sales", 1 },
	{ "SALES", "sales", 0 },    { "sale", "sales", 1 },
	{ "saless", "sales", 1 },   { "sqlse", "sales", 2 },
	{ "", "abc", 3 },           { "abc", "", 3 },
	{ "", "", 0 },              { "", "abcd", 4 },
	{ "orders", "customers", 4 }, { "ba", "ab", 1 },
	{ "cab", "abc", 2 },
};

static void letters_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(
			similar_distance(cases[i].one, cases[i].two, 3),
			cases[i].distance);
}

static void long_names_are_too_far(void **state)
{
	char name[200];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(similar_distance(name, name, 3), 4);
	name[127] = '\0';
	assert_int_equal(similar_distance(name, name, 3), 0);
}

static void the_nearest_name_is_found(void **state)
{
	static const char *const names[] = { "kaggle", "s3ls", "a", "b" };
	static const struct {
		const char *wanted, *found;
	} nearest[] = {
		{ "kagle", "kaggle" }, { "s3sl", "s3ls" }, { "x", NULL },
		{ "platform", NULL },  { "ka", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(nearest); i++) {
		struct similar similar = { .wanted = nearest[i].wanted };

		for (size_t j = 0; j < COUNT_OF(names); j++)
			similar_consider(&similar, names[j]);
		if (nearest[i].found)
			assert_text(similar.name, nearest[i].found);
		else
			assert_null(similar.name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_counted),
		cmocka_unit_test(long_names_are_too_far),
		cmocka_unit_test(the_nearest_name_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
