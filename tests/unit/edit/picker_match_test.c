#include "tests/unit/check.h"

#include <stdlib.h>

#include "base/str.h"
#include "edit/picker_match.h"

static const struct {
	const char *typed;
	const char *text;
	enum picker_fit fit;
	const char *marks; /* of text: x where it fits; NULL: as none */
} cases[] = {
	{ "", "anything", PICKER_WHOLE, NULL },
	{ "  ", "anything", PICKER_WHOLE, NULL },
	{ "SALES", "from Sales s", PICKER_WHOLE, "     xxxxx  " },
	{ " from s ", "from sales", PICKER_WHOLE, "xxxxxx    " },
	{ "sales from", "from sales", PICKER_WORDS, "xxxx xxxxx" },
	{ "a a", "cab", PICKER_WORDS, " x " },
	{ "sls", "sales", PICKER_NEAR, "x x x" },
	{ "slsord", "sales_orders", PICKER_FAR, "x x x xxx   " },
	/* The tightest place counts, not the first. */
	{ "sls", "s...l...s sales", PICKER_NEAR, "          x x x" },
	{ "sls from", "from sales", PICKER_NEAR, "xxxx x x x" },
	{ "sls", "sssssssssssslxxxxxxxxxxxxxxxs", PICKER_NONE, NULL },
	{ "sx", "sales", PICKER_NONE, NULL },
	{ "sales x", "sales", PICKER_NONE, "xxxxx" },
	/* One letter fits as it stands or not at all. */
	{ "z", "sales", PICKER_NONE, NULL },
	{ "longer than", "short", PICKER_NONE, NULL },
	{ "\303\244", "b\303\244r", PICKER_WHOLE, " xx " },
	{ "x", "", PICKER_NONE, "" },
};

static void texts_fit_more_or_less(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str folded = STR_EMPTY;
		CLEANUP(str_done) struct str shown = STR_EMPTY;
		struct picker_query query = PICKER_QUERY_EMPTY;
		unsigned char marks[64];

		picker_fold(cases[i].text, strlen(cases[i].text), &folded);
		picker_query_set(&query, cases[i].typed,
				 strlen(cases[i].typed));
		if (picker_match(&query, folded.text, folded.len) !=
		    cases[i].fit)
			fail_msg("\"%s\" in \"%s\"", cases[i].typed,
				 cases[i].text);
		/* The mask may not exclude what fits. */
		if (cases[i].fit != PICKER_NONE)
			assert_int_equal(query.mask & ~picker_mask(folded.text,
								   folded.len),
					 0);
		picker_mark(&query, folded.text, folded.len, marks);
		for (size_t k = 0; k < folded.len; k++)
			str_add_char(&shown, marks[k] ? 'x' : ' ');
		if (cases[i].marks)
			assert_text(shown.text, cases[i].marks);
		else
			assert_null(strchr(shown.text, 'x'));
		picker_query_done(&query);
	}
}

static void many_words_are_no_harm(void **state)
{
	CLEANUP(str_done) struct str typed = STR_EMPTY;
	struct picker_query query = PICKER_QUERY_EMPTY;

	(void)state;
	for (int i = 0; i < 100; i++)
		str_add(&typed, "word ");
	picker_query_set(&query, typed.text, typed.len);
	assert_int_equal(query.count, PICKER_WORDS_MAX);
	assert_int_equal(picker_match(&query, "word", 4), PICKER_NONE);
	picker_query_done(&query);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_fit_more_or_less),
		cmocka_unit_test(many_words_are_no_harm),
	};

	return RUN_TESTS(tests);
}
