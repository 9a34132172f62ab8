#include "../check.h"

#include "base/units.h"

static const struct {
	int64_t bytes;
	const char *text;
} sizes[] = {
	{ 0, "0 B" },
	{ 1023, "1023 B" },
	{ 1024, "1.0 KiB" },
	{ 1536, "1.5 KiB" },
	{ 8 << 20, "8.0 MiB" },
	{ (1 << 20) - 1, "1.0 MiB" },
	{ INT64_C(5) << 40, "5.0 TiB" },
};

static void sizes_are_written_for_people(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		units_add_bytes(&text, sizes[i].bytes);
		assert_text(text.text, sizes[i].text);
	}
}

static const struct {
	const char *text;
	int64_t value;		/* -1: refused */
} typed[] = {
	{ "10", 10 },	       { "8MiB", 8 << 20 },   { "8 MB", 8 << 20 },
	{ "1.5k", 1536 },      { "2 g", INT64_C(2) << 30 },
	{ "", -1 },	       { "k", -1 },	      { "-1", -1 },
	{ "1 parsec", -1 },    { "1e99", -1 },	      { "nan", -1 },
	{ "9999999999999T", -1 },
};

static void typed_sizes_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(typed); i++) {
		struct err err = ERR_EMPTY;
		int64_t value = -1;
		bool ok = units_parse_bytes(typed[i].text, &value, &err);

		assert_int_equal(ok, typed[i].value >= 0);
		assert_int_equal(value, typed[i].value);
		assert_int_equal(err.kind, ok ? ERR_NONE : ERR_USAGE);
	}
}

static void durations_and_counts(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int64_t ms = 0;

	(void)state;
	units_add_duration(&text, 950000);
	str_add(&text, "; ");
	units_add_duration(&text, 75000000);
	str_add(&text, "; ");
	units_add_duration(&text, INT64_C(7500000000));
	str_add(&text, "; ");
	units_add_count(&text, 1234567);
	str_add(&text, "; ");
	units_add_count(&text, -1000);
	str_add(&text, "; ");
	units_add_count(&text, 999);
	assert_text(text.text, "0.95 s; 1 min 15 s; 2 h 5 min; 1,234,567; "
			       "-1,000; 999");
	assert_true(units_parse_duration_ms("5 min", &ms, NULL));
	assert_int_equal(ms, 300000);
	assert_true(units_parse_duration_ms("90", &ms, NULL));
	assert_int_equal(ms, 90000);
	assert_false(units_parse_duration_ms("soon", &ms, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_written_for_people),
		cmocka_unit_test(typed_sizes_are_checked),
		cmocka_unit_test(durations_and_counts),
	};

	return RUN_TESTS(tests);
}
