#include "../check.h"

#include "base/str.h"
#include "transfer/progress.h"

static void it_tells_share_rate_and_time_left(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct progress progress;

	(void)state;
	progress_start(&progress, 4 * 1024 * 1024, 0);
	progress_set(&progress, 1024 * 1024, 1000000);
	progress_add_text(&progress, &text);
	assert_text(text.text,
		    " 25%  1.0 MiB of 4.0 MiB  1.0 MiB/s  4 s left");
}

static void it_never_passes_the_whole(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct progress progress;

	(void)state;
	progress_start(&progress, 1024, 0);
	/* bytes of a part that was sent twice */
	progress_set(&progress, 2048, 10);
	progress_add_text(&progress, &text);
	assert_text(text.text, "100%  1.0 KiB of 1.0 KiB");
}

static void without_a_total_it_only_counts(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct progress progress;

	(void)state;
	progress_start(&progress, -1, 0);
	progress_set(&progress, 512, 10);
	progress_add_text(&progress, &text);
	assert_text(text.text, "512 B");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_tells_share_rate_and_time_left),
		cmocka_unit_test(it_never_passes_the_whole),
		cmocka_unit_test(without_a_total_it_only_counts),
	};

	return RUN_TESTS(tests);
}
