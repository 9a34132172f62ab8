#include "tests/unit/check.h"

#include "catalog/spell.h"

static const struct {
	const char *name;
	const char *typed;
	enum spell_match match;
} cases[] = {
	{ "sales_order", "", SPELL_PREFIX },
	{ "sales_order", "SALES_", SPELL_PREFIX },
	{ "sales_order", "ord", SPELL_WORD },
	{ "SalesOrder", "ord", SPELL_WORD },
	{ "order2line", "2", SPELL_WORD },
	{ "sales order", "Order", SPELL_WORD },
	{ "salesorder", "ord", SPELL_NONE },
	{ "sales_order", "slord", SPELL_FUZZY },
	{ "sales_order", "saels", SPELL_FUZZY },
	{ "sales_order", "asles", SPELL_FUZZY },
	{ "sales_order", "salas_or", SPELL_FUZZY },
	{ "sales_order", "saless_or", SPELL_FUZZY },
	{ "sales_order", "odrer", SPELL_FUZZY },
	{ "sales_order", "alsord", SPELL_NONE },
	{ "sales_order", "xales", SPELL_NONE },
	{ "sal", "sales", SPELL_NONE },
	{ "sale", "sales", SPELL_FUZZY },
	{ "", "sales", SPELL_NONE },
	{ "", "", SPELL_PREFIX },
	{ "gr\xc3\xb6\xc3\x9f"
	  "e",
	  "gr\xc3\xb6", SPELL_PREFIX },
	{ "__x", "x", SPELL_WORD },
};

static void a_name_answers_by_the_nearest_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(spell_match(cases[i].name, cases[i].typed),
				 cases[i].match);
}

static void words_end_with_the_name(void **state)
{
	size_t at = 0;

	(void)state;
	assert_int_equal(at = spell_next_word("a_bC", at), 2);
	assert_int_equal(at = spell_next_word("a_bC", at), 3);
	assert_int_equal(spell_next_word("a_bC", at), 0);
	assert_int_equal(spell_next_word("", 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_answers_by_the_nearest_match),
		cmocka_unit_test(words_end_with_the_name),
	};

	return RUN_TESTS(tests);
}
