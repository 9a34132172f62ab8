#include "../check.h"

#include "base/str.h"
#include "base/utf8.h"
#include "shell/progress_line.h"
#include "transfer/progress.h"

static const struct progress half = {
	.total = 4 << 20, .done = 2 << 20, .rate = 1 << 20
};
static const struct progress begun = {
	.total = -1, .done = 1 << 20, .rate = 1 << 20, .files_done = 3
};
static const struct progress many = { .total = 4 << 20,
				      .done = 1 << 20,
				      .rate = 1 << 20,
				      .files_done = 3,
				      .files_total = 1000 };

/* Each line is at most as wide as columns says. */
static const struct {
	const char *subject;
	const struct progress *progress;
	int columns;
	const char *expected;
} cases[] = {
	{ "s3://b/k", &half, 0,
	  "put s3://b/k   50%  2.0 MiB of 4.0 MiB  1.0 MiB/s  3 s left" },
	{ "s3://b/k", &half, 80,
	  "put s3://b/k   50%  2.0 MiB of 4.0 MiB  1.0 MiB/s  3 s left" },
	{ "s3://bucket/year=2026/month=07/sales.csv", &half, 80,
	  "put s3://buck\xE2\x80\xA6/month=07/sales.csv   50%  2.0 MiB of "
	  "4.0 MiB  1.0 MiB/s  3 s left" },
	{ "s3://bucket/year=2026/month=07/sales.csv", &half, 40,
	  "put s3://buck\xE2\x80\xA6" "6/month=07/sales.csv   50%" },
	{ "s3://bucket/year=2026/month=07/sales.csv", &half, 20,
	  "put s3://\xE2\x80\xA6/sales.csv" },
	{ "", &many, 80,
	  "put 3 of 1,000 files   25%  1.0 MiB of 4.0 MiB  1.0 MiB/s  4 s left" },
	{ "", &begun, 80, "put 3 files  1.0 MiB  1.0 MiB/s" },
	{ "s3://b/k", NULL, 80, "put s3://b/k" },
	{ "s3://b/k", NULL, 6, "put s3" },
};

static void names_give_way_before_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		struct progress_line line = { "put", cases[i].subject,
					      cases[i].progress };

		progress_line_add(&line, cases[i].columns, &text);
		assert_text(text.text, cases[i].expected);
	}
}

/* Two columns a character. */
static void wide_names_are_cut_by_columns(void **state)
{
	const char *name = "\xE5\xA3\xB2\xE4\xB8\x8A\xE9\xAB\x98\xE5\xA3\xB2"
			   "\xE4\xB8\x8A\xE9\xAB\x98\xE5\xA3\xB2\xE4\xB8\x8A";

	(void)state;
	for (int columns = 1; columns < 20; columns++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		progress_line_add_cut(name, columns, &text);
		assert_true(utf8_valid(text.text, text.len));
		assert_true(utf8_width_cols(text.text, text.len) <= columns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_give_way_before_numbers),
		cmocka_unit_test(wide_names_are_cut_by_columns),
	};

	return RUN_TESTS(tests);
}
