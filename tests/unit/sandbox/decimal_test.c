#include "../check.h"

#include "sandbox/rewrite/decimal.h"

/* r_numeric_computations201 */
static void types_follow_the_rules_of_the_guide(void **state)
{
	static const struct {
		enum decimal_operation operation;
		struct decimal a, b, is;
	} cases[] = {
		/* its example: PRICEPAID / COMMISSION */
		{ DECIMAL_DIVIDE, { 8, 2 }, { 8, 2 }, { 17, 9 } },
		{ DECIMAL_ADD, { 8, 2 }, { 5, 4 }, { 11, 4 } },
		{ DECIMAL_MULTIPLY, { 8, 2 }, { 5, 0 }, { 14, 2 } },
		{ DECIMAL_MERGE, { 8, 2 }, { 5, 4 }, { 10, 4 } },
		{ DECIMAL_DIVIDE, { 5, 0 }, { 1, 1 }, { 10, 4 } },
		/* 38 digits: a quotient keeps what stands before the point */
		{ DECIMAL_DIVIDE, { 19, 0 }, { 19, 0 }, { 38, 19 } },
		{ DECIMAL_DIVIDE, { 19, 2 }, { 38, 19 }, { 38, 4 } },
		{ DECIMAL_MULTIPLY, { 19, 2 }, { 38, 19 }, { 38, 21 } },
		{ DECIMAL_ADD, { 0, 0 }, { 8, 2 }, { 0, 0 } },
		{ DECIMAL_DIVIDE, { 8, 2 }, { 0, 0 }, { 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct decimal is = decimal_computed(cases[i].operation,
						     cases[i].a, cases[i].b);

		assert_int_equal(is.precision, cases[i].is.precision);
		if (is.precision > 0)
			assert_int_equal(is.scale, cases[i].is.scale);
	}
}

static void modifiers_are_those_of_postgresql(void **state)
{
	(void)state;
	assert_int_equal(decimal_modifier((struct decimal){ 8, 2 }), 524294);
	assert_int_equal(decimal_modifier((struct decimal){ 0, 0 }), -1);
}

static void what_is_no_tree_finds_nothing(void **state)
{
	static const char *const trees[] = {
		"",
		"{",
		"}",
		"{QUERY",
		"{OTHER}",
		"({QUERY})",
		"{QUERY :targetList ({TARGETENTRY :expr {OPEXPR :opno 1761 "
		":args () :location 0} :resjunk false}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(trees); i++) {
		struct decimal_places places = { 0 };
		struct decimal_columns columns = { 0 };

		assert_false(decimal_find(trees[i], "/", 1, &places, &columns));
		assert_int_equal(places.count, 0);
		vec_done(&places);
		vec_done(&columns);
	}
}

static void nodes_without_fields_have_no_type(void **state)
{
	static const char tree[] =
		"{QUERY :rtable <> :targetList ({TARGETENTRY :expr {OPEXPR "
		":opno 1761 :args () :location 0} :resjunk false} "
		"{TARGETENTRY :expr {VAR :vartype 1700 :varno 9 :varattno 1} "
		":resjunk false} {TARGETENTRY :expr {SUBLINK :subLinkType 4} "
		":resjunk false})}";
	struct decimal_places places = { 0 };
	struct decimal_columns columns = { 0 };

	(void)state;
	assert_true(decimal_find(tree, "/", 1, &places, &columns));
	assert_int_equal(places.count, 0);
	assert_int_equal(columns.count, 3);
	for (size_t i = 0; i < columns.count; i++)
		assert_int_equal(columns.items[i], -1);
	vec_done(&places);
	vec_done(&columns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_follow_the_rules_of_the_guide),
		cmocka_unit_test(modifiers_are_those_of_postgresql),
		cmocka_unit_test(what_is_no_tree_finds_nothing),
		cmocka_unit_test(nodes_without_fields_have_no_type),
	};

	return RUN_TESTS(tests);
}
