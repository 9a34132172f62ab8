#include "../check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "sandbox/ground/tsv.h"

static void rows_are_found_by_their_first_cell(void **state)
{
	static const char text[] = "name\thow\n# a comment\n\na\tone\tx\nb\n"
				   "a\tsecond\n";
	char path[] = "/tmp/redsh-tsv-XXXXXX";
	int fd = mkstemp(path);
	CLEANUP(tsv_freep) struct tsv *tsv = NULL;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(fd >= 0);
	assert_true(write(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	tsv = tsv_read(path, &err);
	unlink(path);
	assert_non_null(tsv);
	assert_int_equal(tsv_count(tsv), 3);
	assert_text(tsv_find(tsv, "a")->cells[1], "one");
	assert_text(tsv_find(tsv, "a")->cells[2], "x");
	assert_text(tsv_find(tsv, "b")->cells[1], "");
	assert_null(tsv_find(tsv, "name"));
	assert_text(tsv_row(tsv, 2)->cells[1], "second");
}

static void a_missing_table_is_named(void **state)
{
	struct err err = ERR_EMPTY;

	(void)state;
	assert_null(tsv_read("/nonexistent/rules.tsv", &err));
	assert_non_null(strstr(err.message, "rules.tsv"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_found_by_their_first_cell),
		cmocka_unit_test(a_missing_table_is_named),
	};

	return RUN_TESTS(tests);
}
