#include "../check.h"

#include "sql/keyword.h"

static void the_table_is_sorted_and_all_are_found(void **state)
{
	(void)state;
	assert_true(keyword_count > 400);
	for (size_t i = 0; i < keyword_count; i++) {
		const char *text = keyword_table[i].text;

		if (i > 0)
			assert_true(strcmp(keyword_table[i - 1].text, text) <
				    0);
		assert_ptr_equal(keyword_find(text, strlen(text)),
				 &keyword_table[i]);
	}
}

static const struct {
	const char *word;
	bool keyword;
	bool reserved;
} cases[] = {
	{ "select", true, true },  { "SELECT", true, true },
	{ "Tag", true, true },     { "distkey", true, false },
	{ "selec", false, false }, { "selects", false, false },
	{ "", false, false },      { "zzz", false, false },
};

static void words_are_found_without_regard_to_case(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t len = strlen(cases[i].word);

		assert_int_equal(keyword_find(cases[i].word, len) != NULL,
				 cases[i].keyword);
		assert_int_equal(keyword_is_reserved(cases[i].word, len),
				 cases[i].reserved);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_sorted_and_all_are_found),
		cmocka_unit_test(words_are_found_without_regard_to_case),
	};

	return RUN_TESTS(tests);
}
