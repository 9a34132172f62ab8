#include "../check.h"

#include "transfer/name_filter.h"

/* A word of patterns: -exclude, +include. */
static const struct {
	const char *patterns[4];
	const char *name;
	bool takes;
} cases[] = {
	{ { NULL }, "a/b.csv", true },
	{ { "-*.tmp", NULL }, "a/b.csv", true },
	{ { "-*.tmp", NULL }, "a/b.tmp", false },
	{ { "-a/*", NULL }, "a/b/c", false },
	{ { "-a/*", NULL }, "b/a/c", true },
	{ { "+*.csv", NULL }, "a/b.csv", true },
	{ { "+*.csv", NULL }, "a/b.tmp", false },
	{ { "-*", "+*.csv", NULL }, "a/b.csv", true },
	{ { "-*", "+*.csv", NULL }, "a/b.tmp", false },
	{ { "+*.csv", "-*", NULL }, "a/b.csv", true },
	{ { "-[ab]?", NULL }, "b1", false },
	{ { "-[ab]?", NULL }, "c1", true },
};

static void an_include_takes_back_what_an_exclude_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(name_filter_done) struct name_filter filter = { 0 };

		for (size_t k = 0; cases[i].patterns[k] != NULL; k++) {
			const char *pattern = cases[i].patterns[k];

			if (pattern[0] == '-')
				name_filter_exclude(&filter, pattern + 1);
			else
				name_filter_include(&filter, pattern + 1);
		}
		if (name_filter_takes(&filter, cases[i].name) !=
		    cases[i].takes)
			fail_msg("case %zu: %s", i, cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_include_takes_back_what_an_exclude_left_out),
	};

	return RUN_TESTS(tests);
}
