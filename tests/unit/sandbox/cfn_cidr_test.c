#include "../check.h"

#include "base/str.h"
#include "data/json.h"
#include "sandbox/stacks/cfn_cidr.h"

static void only_blocks_are_parsed(void **state)
{
	static const char *const bad[] = { "",	       "10.0.0.0",
					   "10.0.0/8", "10.0.0.0/33",
					   "256.0.0.0/8", "10.0.0.0/8 ",
					   "a.b.c.d/8", "10.0.0.0.0/8" };
	struct cfn_cidr cidr;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(cfn_cidr_parse(bad[i], &cidr));
	assert_true(cfn_cidr_parse("10.77.16.0/20", &cidr));
	assert_int_equal(cidr.first, 0x0a4d1000);
	assert_int_equal(cidr.bits, 20);
	assert_true(cfn_cidr_is_whole(&cidr));
	assert_true(cfn_cidr_parse("10.77.17.0/20", &cidr));
	assert_false(cfn_cidr_is_whole(&cidr));
	assert_true(cfn_cidr_parse("0.0.0.0/0", &cidr));
	assert_true(cfn_cidr_is_whole(&cidr));
}

static const struct {
	const char *one;
	const char *other;
	bool contains;
	bool overlaps;
} pairs[] = {
	{ "10.0.0.0/16", "10.0.1.0/24", true, true },
	{ "10.0.1.0/24", "10.0.0.0/16", false, true },
	{ "10.0.0.0/24", "10.0.1.0/24", false, false },
	{ "0.0.0.0/0", "255.255.255.255/32", true, true },
	{ "10.0.0.0/16", "10.1.0.0/16", false, false },
};

static void blocks_are_compared(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		struct cfn_cidr one;
		struct cfn_cidr other;

		assert_true(cfn_cidr_parse(pairs[i].one, &one));
		assert_true(cfn_cidr_parse(pairs[i].other, &other));
		assert_int_equal(cfn_cidr_contains(&one, &other),
				 pairs[i].contains);
		assert_int_equal(cfn_cidr_overlaps(&one, &other),
				 pairs[i].overlaps);
	}
}

static const struct {
	const char *block;
	int count;
	int bits;
	const char *json; /* NULL: refused */
} splits[] = {
	{ "10.0.0.0/24", 2, 5, "[\"10.0.0.0/27\",\"10.0.0.32/27\"]" },
	{ "10.0.0.0/24", 1, 8, "[\"10.0.0.0/24\"]" },
	{ "10.0.0.0/24", 2, 8, NULL },
	{ "10.0.0.0/24", 0, 4, NULL },
	{ "10.0.0.0/8", 257, 8, NULL },
	{ "10.0.0.0", 1, 8, NULL },
	{ "0.0.0.0/0", 1, 32, "[\"0.0.0.0/0\"]" },
};

static void blocks_are_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(splits); i++) {
		CLEANUP(json_freep)
		struct json *list = cfn_cidr_split(
			splits[i].block, splits[i].count, splits[i].bits);
		CLEANUP(str_done) struct str text = STR_EMPTY;

		if (list != NULL)
			json_add(&text, list);
		assert_text(list != NULL ? text.text : NULL, splits[i].json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_blocks_are_parsed),
		cmocka_unit_test(blocks_are_compared),
		cmocka_unit_test(blocks_are_split),
	};

	return RUN_TESTS(tests);
}
