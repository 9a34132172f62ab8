#include "../check.h"

#include "base/str.h"
#include "sandbox/copy/rscopy_time.h"

static const struct {
	const char *pattern; /* NULL: auto */
	const char *text;
	const char *shown; /* NULL: refused */
} cases[] = {
	{ "YYYY-MM-DD", "2024-02-29", "2024-02-29 00:00:00" },
	{ "YYYY-MM-DD", "2023-02-29", NULL },
	{ "YYYY-MM-DD", "2024-2-9", "2024-02-09 00:00:00" },
	{ "YYYY-MM-DD", "2024-02-29  ", "2024-02-29 00:00:00" },
	{ "YYYY-MM-DD", "2024-02-29x", NULL },
	{ "YYYY-MM-DD", "24-02-29", NULL },
	{ "YYYY-MM-DD", "", NULL },
	{ "yyyy/mm/dd", "2024/02/29", "2024-02-29 00:00:00" },
	{ "MM/DD/YYYY HH:MI", "2/9/2024 8:05", "2024-02-09 08:05:00" },
	{ "MM/DD/YYYY HH:MI", "13/9/2024 8:05", NULL },
	{ "MM/DD/YYYY HH:MI", "2/9/2024 24:00", NULL },
	{ "MM/DD/YYYY HH:MI", "2/9/2024", NULL },
	{ "DD.MM.YY", "29.2.24", "2024-02-29 00:00:00" },
	{ "DD.MM.YY", "29.2.76", "1976-02-29 00:00:00" },
	{ "DD Month YYYY", "1 May 2024", "2024-05-01 00:00:00" },
	{ "DD Mon YYYY", "1 september 2024", "2024-09-01 00:00:00" },
	{ "DY, DD MON YYYY", "Thu, 29 Feb 2024", "2024-02-29 00:00:00" },
	{ "HH12:MI AM YYYYMMDD", "12:30 am 20240229", "2024-02-29 00:30:00" },
	{ "HH12:MI AM YYYYMMDD", "12:30 PM 20240229", "2024-02-29 12:30:00" },
	{ "HH12:MI AM YYYYMMDD", "13:30 PM 20240229", NULL },
	{ "J", "2460370", "2024-02-29 00:00:00" },
	{ "YYYY-MM-DD HH:MI:SSOF", "2024-02-29 13:14:15+02",
	  "2024-02-29 13:14:15+02:00:00" },
	{ "YYYY-MM-DD HH:MI:SS", "2024-02-29 13:14:15.5",
	  "2024-02-29 13:14:15.500000" },
	{ "epochsecs", "1709212455", "2024-02-29 13:14:15+00:00:00" },
	{ "epochsecs", "1709212455.25", "2024-02-29 13:14:15.250000+00:00:00" },
	{ "epochsecs", "-1.5", "1969-12-31 23:59:58.500000+00:00:00" },
	{ "epochmillisecs", "1709212455123",
	  "2024-02-29 13:14:15.123000+00:00:00" },
	{ "epochsecs", "soon", NULL },
	{ "epochsecs", "-", NULL },
	{ "epochsecs", "99999999999999999", NULL },
	{ NULL, "2024-02-29T13:14:15.123Z",
	  "2024-02-29 13:14:15.123000+00:00:00" },
	{ NULL, "2024-02-29 13:14:15 -08:30", "2024-02-29 13:14:15-08:30:00" },
	{ NULL, "02/29/2024 01:14 PM", "2024-02-29 13:14:00" },
	{ NULL, "2/29/2024 8:05", "2024-02-29 08:05:00" },
	{ NULL, "29-Feb-2024", "2024-02-29 00:00:00" },
	{ NULL, "20240229131415", "2024-02-29 13:14:15" },
	{ NULL, "20240229T131415", "2024-02-29 13:14:15" },
	{ NULL, "now", NULL },
	{ NULL, "", NULL },
};

static void texts_are_read_by_their_pattern(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str shown = STR_EMPTY;
		struct rscopy_time time;
		bool read =
			rscopy_time_read(&time, cases[i].pattern, cases[i].text,
					 strlen(cases[i].text));

		if (read != (cases[i].shown != NULL))
			fail_msg("case %zu: %s", i, cases[i].text);
		if (!read)
			continue;
		rscopy_time_add_date(&shown, &time);
		str_add_char(&shown, ' ');
		rscopy_time_add_clock(&shown, &time, true);
		assert_text(shown.text, cases[i].shown);
	}
}

static void the_default_takes_only_its_own_form(void **state)
{
	static const char *const right[] = { "2024-02-29", "2024-02-29 13:14",
					     "2024-02-29 13:14:15.123456",
					     "2024-02-29 13:14:15+02" };
	static const char *const wrong[] = { "2/29/2024", "2024/02/29",
					     "2024-02-29T13:14:15", "x" };
	struct rscopy_time time;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(right); i++)
		assert_true(rscopy_time_read_iso(&time, right[i],
						 strlen(right[i])));
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		assert_false(rscopy_time_read_iso(&time, wrong[i],
						  strlen(wrong[i])));
}

static void clocks_need_a_time(void **state)
{
	struct rscopy_time time;

	(void)state;
	assert_true(rscopy_time_read_clock(&time, "13:14:15", 8));
	assert_int_equal(time.second, 15);
	assert_false(rscopy_time_read_clock(&time, "", 0));
	assert_false(rscopy_time_read_clock(&time, "25:00", 5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_read_by_their_pattern),
		cmocka_unit_test(the_default_takes_only_its_own_form),
		cmocka_unit_test(clocks_need_a_time),
	};

	return RUN_TESTS(tests);
}
