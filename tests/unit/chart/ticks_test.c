/* Where axes are marked, and how numbers and times are read and written. */
#include "../check.h"

#include <float.h>
#include <math.h>

#include "base/str.h"
#include "chart/amount.h"
#include "chart/ticks.h"

static void join(const struct ticks *ticks, struct str *out)
{
	for (size_t i = 0; i < ticks->count; i++)
		str_addf(out, "%s%s", i > 0 ? " | " : "",
			 ticks->items[i].text);
}

static const struct {
	double low, high;
	int most;
	bool whole, bare;
	const char *expected;
} number_axes[] = {
	{ 0, 100, 5, false, false, "0 | 20 | 40 | 60 | 80 | 100" },
	{ 0, 1, 5, false, false, "0 | 0.2 | 0.4 | 0.6 | 0.8 | 1.0" },
	{ 0, 3, 10, true, false, "0 | 1 | 2 | 3" },
	{ 0, 1000, 4, false, false, "0 | 250 | 500 | 750 | 1,000" },
	{ 0, 9000, 5, true, false, "0 | 2,000 | 4,000 | 6,000 | 8,000" },
	{ 0, 52000, 6, true, false,
	  "0 | 10k | 20k | 30k | 40k | 50k" },
	{ 0, 1.25e6, 5, false, false,
	  "0 | 0.25M | 0.50M | 0.75M | 1.00M | 1.25M" },
	{ -3e9, 3e9, 6, false, false, "-3G | -2G | -1G | 0 | 1G | 2G | 3G" },
	{ 2019, 2024, 6, true, true,
	  "2019 | 2020 | 2021 | 2022 | 2023 | 2024" },
	{ 1000000, 1000005, 5, true, false,
	  "1,000,000 | 1,000,001 | 1,000,002 | 1,000,003 | 1,000,004 | "
	  "1,000,005" },
	{ 0, 3e-7, 3, false, false, "0 | 1e-07 | 2e-07 | 3e-07" },
	{ 0, 5e20, 5, false, false,
	  "0 | 1e+20 | 2e+20 | 3e+20 | 4e+20 | 5e+20" },
	{ -0.3, 0.3, 6, false, false,
	  "-0.3 | -0.2 | -0.1 | 0 | 0.1 | 0.2 | 0.3" },
};

static void numbers_are_marked_at_round_steps(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(number_axes); i++) {
		double step = ticks_step(number_axes[i].low,
					 number_axes[i].high,
					 number_axes[i].most,
					 number_axes[i].whole);
		CLEANUP(ticks_done) struct ticks ticks = TICKS_EMPTY;
		CLEANUP(str_done) struct str text = STR_EMPTY;

		ticks_numbers(&ticks, number_axes[i].low, number_axes[i].high,
			      step, number_axes[i].bare);
		join(&ticks, &text);
		assert_string_equal(text.text, number_axes[i].expected);
	}
}

/* Any two bounds: a finite step, few ticks, all within, rising. */
static void steps_are_sound_for_any_bounds(void **state)
{
	static const double edges[] = { -DBL_MAX, -1e300, -1e15,  -12345.678,
					-1,	  -1e-5,  -5e-324, 0,
					5e-324,	  1e-300, 1e-5,	  0.1,
					1,	  7,	  1e15,	  1e15 + 2,
					1e300,	  DBL_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(edges); i++)
		for (size_t j = i; j < COUNT_OF(edges); j++)
			for (int most = 1; most <= 10; most += 3) {
				CLEANUP(ticks_done)
				struct ticks ticks = TICKS_EMPTY;
				double step = ticks_step(edges[i], edges[j],
							 most, false);

				assert_true(isfinite(step) && step > 0);
				ticks_numbers(&ticks, edges[i], edges[j], step,
					      false);
				assert_true(ticks.count <= (size_t)most + 2);
				for (size_t at = 1; at < ticks.count; at++)
					assert_true(ticks.items[at].at >
						    ticks.items[at - 1].at);
			}
}

static void powers_are_marked(void **state)
{
	CLEANUP(ticks_done) struct ticks ticks = TICKS_EMPTY;
	CLEANUP(ticks_done) struct ticks wide = TICKS_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str wide_text = STR_EMPTY;

	(void)state;
	ticks_powers(&ticks, 0.01, 1e6, 20);
	join(&ticks, &text);
	assert_string_equal(text.text, "0.01 | 0.1 | 1 | 10 | 100 | 1,000 | "
				       "10k | 100k | 1M");
	ticks_powers(&wide, 1e-300, 1e300, 5);
	join(&wide, &wide_text);
	assert_string_equal(wide_text.text, "1e-300 | 1e-179 | 1e-58 | 1e63 | "
					    "1e184");
}

static const struct {
	const char *low, *high;
	int most;
	const char *expected;
	double gap_days;
} time_axes[] = {
	{ "2020-03-01", "2024-03-01", 5, "2021 | 2022 | 2023 | 2024" },
	{ "2024-01-01", "2024-12-31", 4, "Q1 2024 | Q2 | Q3 | Q4" },
	{ "2023-11-15", "2024-04-15", 6,
	  "Dec 2023 | Jan 2024 | Feb | Mar | Apr" },
	{ "2024-02-27", "2024-03-02", 6,
	  "27 Feb 2024 | 28 Feb | 29 Feb | 1 Mar | 2 Mar" },
	{ "2024-02-01", "2024-03-01", 5,
	  "5 Feb 2024 | 12 Feb | 19 Feb | 26 Feb" },
	{ "2024-03-14 22:00", "2024-03-15 04:00", 6,
	  "14 Mar 2024 22:00 | 23:00 | 15 Mar | 01:00 | 02:00 | 03:00 | "
	  "04:00" },
	{ "2024-03-14 10:00:00", "2024-03-14 10:00:02", 4,
	  "14 Mar 2024 10:00:00.000 | 10:00:00.500 | 10:00:01.000 | "
	  "10:00:01.500 | 10:00:02.000" },
	{ "1000-01-01", "2000-01-01", 5,
	  "1000 | 1200 | 1400 | 1600 | 1800 | 2000" },
	{ "0044-03-15 BC", "0100-01-01", 3, "1 BC | 50 | 100", 0 },
	{ "2024-05-05", "2024-05-05", 5, "5 May 2024", 0 },
	{ "2022-01-01", "2024-01-01", 9, "2022 | 2023 | 2024", 365 },
	{ "2024-01-01", "2024-07-01", 9, "Q1 2024 | Q2 | Q3", 91 },
	{ "2024-01-01", "2024-01-03", 9, "1 Jan 2024 | 2 Jan | 3 Jan", 1 },
};

static void times_are_marked_at_boundaries_of_the_calendar(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(time_axes); i++) {
		CLEANUP(ticks_done) struct ticks ticks = TICKS_EMPTY;
		CLEANUP(str_done) struct str text = STR_EMPTY;
		double low, high;

		assert_true(amount_read_time(time_axes[i].low,
					     strlen(time_axes[i].low), &low));
		assert_true(amount_read_time(time_axes[i].high,
					     strlen(time_axes[i].high), &high));
		ticks_times(&ticks, low, high, time_axes[i].most,
			    time_axes[i].gap_days * 86400e3, false);
		join(&ticks, &text);
		assert_string_equal(text.text, time_axes[i].expected);
	}
}

/* Every day of eight centuries, there and back. */
static void days_are_counted(void **state)
{
	double at = amount_join(1600, 1, 1);

	(void)state;
	for (int i = 0; i < 292194; i++, at += 86400000.0) {
		struct amount_date date;

		amount_split(at, &date);
		assert_true(amount_join(date.year, date.month, date.day) == at);
		assert_int_equal(date.weekday, (i + 6) % 7);
	}
}

static const struct {
	const char *text;
	bool good;
	double value;
} readings[] = {
	{ "12.5", true, 12.5 },
	{ "-0.1", true, -0.1 },
	{ "123456789012345.6789", true, 123456789012345.6789 },
	{ "99999999999999999999999999999999999999", true, 1e38 },
	{ "1e3", true, 1000 },
	{ "1.5E-3", true, 0.0015 },
	{ "Infinity", true, INFINITY },
	{ "-inf", true, -INFINITY },
	{ "", false, 0 },
	{ "-", false, 0 },
	{ "1.2.3", false, 0 },
	{ "0x10", false, 0 },
	{ " 1", false, 0 },
	{ "1 ", false, 0 },
	{ "1,000", false, 0 },
	{ "$5", false, 0 },
};

static void numbers_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(readings); i++) {
		double value = 0;
		bool good = amount_read(readings[i].text,
					strlen(readings[i].text), &value);

		assert_int_equal(good, readings[i].good);
		if (good)
			assert_true(value == readings[i].value);
	}
}

static const struct {
	double value;
	const char *plain, *brief;
} writings[] = {
	{ 0, "0", "0" },
	{ 5, "5", "5" },
	{ 1234567, "1,234,567", "1.23M" },
	{ 12.5, "12.5", "12.5" },
	{ 12.346, "12.35", "12.35" },
	{ 999.999, "1,000", "1,000" },
	{ -1234.5, "-1,234.5", "-1,234" },
	{ 0.01234, "0.0123", "0.0123" },
	{ 0.00001, "1e-05", "1e-05" },
	{ 999999, "999,999", "1M" },
	{ 45600, "45,600", "45.6k" },
	{ 1e38, "1e+38", "1e+38" },
	{ -0.0, "0", "0" },
};

static void numbers_are_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(writings); i++) {
		CLEANUP(str_done) struct str plain = STR_EMPTY;
		CLEANUP(str_done) struct str brief = STR_EMPTY;

		amount_add(&plain, writings[i].value);
		amount_add_short(&brief, writings[i].value);
		assert_string_equal(plain.text, writings[i].plain);
		assert_string_equal(brief.text, writings[i].brief);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_marked_at_round_steps),
		cmocka_unit_test(steps_are_sound_for_any_bounds),
		cmocka_unit_test(powers_are_marked),
		cmocka_unit_test(
			times_are_marked_at_boundaries_of_the_calendar),
		cmocka_unit_test(days_are_counted),
		cmocka_unit_test(numbers_are_read),
		cmocka_unit_test(numbers_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
