#include "../check.h"

#include "base/str.h"
#include "load/load_moment.h"
#include "transfer/progress.h"

#define MIB (INT64_C(1024) * 1024)
#define S   INT64_C(1000000)

static const struct {
	struct load_moment moment;
	int64_t seconds;
	const char *line;
} cases[] = {
	{ { .files = 0, .files_total = 4, .bytes_total = 16 }, 1,
	  "copy t    0%  0 B of 16 B  0 of 4 files  1 s" },
	{ { .files = 3, .files_total = 12, .bytes = 20 * MIB,
	    .bytes_total = 40 * MIB, .rows = 1234567 }, 10,
	  "copy t   50%  20.0 MiB of 40.0 MiB  2.0 MiB/s  11 s left"
	  "  3 of 12 files  1,234,567 rows" },
	{ { .files = 1, .files_total = 1, .bytes = 40 * MIB,
	    .bytes_total = 40 * MIB, .rows = 1 }, 10,
	  "copy t  100%  40.0 MiB of 40.0 MiB  4.0 MiB/s  1 of 1 file  1 row" },
	{ { .files = 2, .bytes = 30 * MIB, .rows = 9000 }, 10,
	  "copy t  30.0 MiB  3.0 MiB/s  2 files  9,000 rows  10 s" },
	{ { .files = -1, .rows = -1 }, 75, "copy t  1 min 15 s" },
	{ { .queued = true, .files = -1, .rows = -1 }, 3,
	  "copy t  waits in the queue  3 s" },
	{ { .queued = true, .place = 2, .files = -1, .rows = -1 }, 3,
	  "copy t  waits in the queue, place 2  3 s" },
};

static void a_moment_is_a_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct load_moment *moment = &cases[i].moment;
		CLEANUP(str_done) struct str line = STR_EMPTY;
		struct progress progress;

		progress_start(&progress, moment->bytes_total > 0
						  ? moment->bytes_total
						  : -1, 0);
		progress_set(&progress, moment->bytes, cases[i].seconds * S);
		load_moment_add_text(moment, "copy t", &progress,
				     cases[i].seconds * S, &line);
		assert_text(line.text, cases[i].line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_moment_is_a_line),
	};

	return RUN_TESTS(tests);
}
