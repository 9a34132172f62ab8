#include "../check.h"

#include <stdlib.h>
#include <time.h>

#include "base/str.h"
#include "data/isotime.h"

static const struct {
	const char *text;
	int64_t ms;
} good[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "2026-03-14T15:09:26Z", 1773500966000 },
	{ "2026-03-14T15:09:26.535897Z", 1773500966535 },
	{ "2026-03-14 15:09:26", 1773500966000 },
	{ "2026-03-14T16:39:26+01:30", 1773500966000 },
	{ "2026-03-14T10:09:26-0500", 1773500966000 },
	{ "2026-03-14T15:09:26UTC", 1773500966000 },
	{ "20260314T150926Z", 1773500966000 },
	{ "2026-03-14", 1773446400000 },
	{ "2024-02-29T00:00Z", 1709164800000 },
	{ "1969-12-31T23:59:59.999Z", -1 },
	{ "0001-01-01", -62135596800000 },
	{ "9999-12-31T23:59:59Z", 253402300799000 },
};

static void iso_times_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		struct err err = ERR_EMPTY;
		int64_t ms = -2;

		assert_true(isotime_parse(good[i].text, &ms, &err));
		assert_int_equal(ms, good[i].ms);
	}
}

static void what_is_no_time_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"2026",
		"2026-02-30",
		"2025-02-29",
		"2026-13-01",
		"2026-03-14T25:00:00Z",
		"2026-03-14T15:09:26Zx",
		"2026-03-14T15:09:26.Z",
		"2026-03-14T",
		"2026-03-14T15:09:26+1",
		"0000-01-01",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err err = ERR_EMPTY;
		int64_t ms;

		assert_false(isotime_parse(bad[i], &ms, &err));
		assert_int_equal(err.kind, ERR_DATA);
	}
}

static void split_and_join_agree_on_every_day(void **state)
{
	int64_t day_ms = INT64_C(86400000);

	(void)state;
	for (int64_t day = -719162; day < 2932897; day += 13) {
		struct isotime_parts parts;

		isotime_split(day * day_ms + 1, &parts);
		assert_int_equal(isotime_join(&parts), day * day_ms + 1);
		assert_true(
			isotime_is_date(parts.year, parts.month, parts.day));
	}
}

static void every_form_is_written(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	int64_t ms = 1773500966535;

	(void)state;
	isotime_add(&out, ms);
	str_add_char(&out, '|');
	isotime_add_ms(&out, ms);
	str_add_char(&out, '|');
	isotime_add_basic(&out, ms);
	str_add_char(&out, '|');
	isotime_add_day(&out, ms);
	str_add_char(&out, '|');
	isotime_add_http(&out, ms);
	str_add_char(&out, '|');
	isotime_add_sql(&out, ms);
	assert_text(out.text, "2026-03-14T15:09:26Z|2026-03-14T15:09:26.535Z|"
			      "20260314T150926Z|20260314|"
			      "Sat, 14 Mar 2026 15:09:26 GMT|"
			      "2026-03-14 15:09:26");
}

static void local_time_follows_tz(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	setenv("TZ", "XXX-2", 1);
	tzset();
	isotime_add_local(&out, 1773500966535);
	assert_text(out.text, "2026-03-14 17:09:26");
}

static void http_dates_are_read(void **state)
{
	int64_t ms;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(
		isotime_parse_http("Sat, 14 Mar 2026 15:09:26 GMT", &ms, &err));
	assert_int_equal(ms, 1773500966000);
	assert_false(
		isotime_parse_http("Sat, 14 Mar 2026 15:09:26", &ms, &err));
	assert_false(isotime_parse_http("", &ms, &err));
	assert_false(isotime_parse_http("Sat", &ms, &err));
	assert_false(isotime_parse_http("Sat, 14 M", &ms, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iso_times_are_read),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(split_and_join_agree_on_every_day),
		cmocka_unit_test(every_form_is_written),
		cmocka_unit_test(local_time_follows_tz),
		cmocka_unit_test(http_dates_are_read),
	};

	return RUN_TESTS(tests);
}
