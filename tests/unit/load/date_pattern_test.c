#include "../check.h"

#include "load/date_pattern.h"

static const struct {
	const char *values[4];
	const char *pattern;	/* NULL: no date */
	bool time, standard, ambiguous;
} cases[] = {
	{ { "2023-01-31" }, "YYYY-MM-DD", false, true, false },
	{ { "2023-1-3" }, "YYYY-MM-DD", false, true, false },
	{ { "2023-01-31 10:00:00" }, "YYYY-MM-DD HH:MI:SS", true, true,
	  false },
	{ { "2023-01-31 10:00:00.123456" }, "YYYY-MM-DD HH:MI:SS", true, true,
	  false },
	{ { "2023-01-31T10:00:00" }, "auto", true, false, false },
	{ { "2023-01-31 10:00" }, "YYYY-MM-DD HH:MI", true, false, false },
	{ { "1/2/2023", "12/31/2023" }, "MM/DD/YYYY", false, false, false },
	{ { "1/2/2023", "31/12/2023" }, "DD/MM/YYYY", false, false, false },
	{ { "1/2/2023", "3/4/2023" }, "MM/DD/YYYY", false, false, true },
	{ { "12/1/2022 8:26", "1/13/2023 18:05" }, "MM/DD/YYYY HH:MI", true,
	  false, false },
	{ { "12/1/2022 8:26 AM", "1/13/2023 6:05 pm" },
	  "MM/DD/YYYY HH12:MI AM", true, false, false },
	{ { "31.12.2023 23:59:59" }, "DD.MM.YYYY HH:MI:SS", true, false,
	  false },
	{ { "Jan-08-2023" }, "MON-DD-YYYY", false, false, false },
	{ { "8 January 2023", "1 May 2022" }, "DD MON YYYY", false, false,
	  false },
	{ { "March 31, 2003" }, "MON DD, YYYY", false, false, false },
	{ { "20230131", "19991231" }, "YYYYMMDD", false, false, false },
	{ { "20231301" }, NULL, false, false, false },
	{ { "12345678" }, NULL, false, false, false },
	{ { "2023-02-30" }, NULL, false, false, false },
	{ { "2023-01-31", "31/01/2023" }, NULL, false, false, false },
	{ { "2023-01-31", "2023-01-31 10:00" }, "auto", true, false, false },
	{ { "2023-01-31T10:00Z", "2023-01-31 10:00:00.5", "2023-01-31" },
	  "auto", true, false, false },
	{ { "2023-01-31 24:00:00" }, NULL, false, false, false },
	{ { "2023-01-31", "10:00" }, NULL, false, false, false },
	{ { "10:30" }, NULL, false, false, false },
	{ { "x" }, NULL, false, false, false },
};

static void values_lead_to_the_pattern_that_reads_them_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct date_guess guess = DATE_GUESS_EMPTY;
		struct date_answer answer = { .time = false };
		bool found;

		for (size_t j = 0; j < 4 && cases[i].values[j] != NULL; j++)
			date_guess_add(&guess, cases[i].values[j],
				       strlen(cases[i].values[j]));
		found = date_guess_answer(&guess, &answer);
		if (found != (cases[i].pattern != NULL))
			fail_msg("%s: %s", cases[i].values[0],
				 found ? answer.pattern : "nothing");
		if (!found)
			continue;
		assert_text(answer.pattern, cases[i].pattern);
		assert_int_equal(answer.time, cases[i].time);
		assert_int_equal(answer.standard, cases[i].standard);
		assert_int_equal(answer.ambiguous, cases[i].ambiguous);
	}
}

static void no_value_gives_no_pattern(void **state)
{
	struct date_guess guess = DATE_GUESS_EMPTY;
	struct date_answer answer;

	(void)state;
	assert_false(date_guess_answer(&guess, &answer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			values_lead_to_the_pattern_that_reads_them_all),
		cmocka_unit_test(no_value_gives_no_pattern),
	};

	return RUN_TESTS(tests);
}
