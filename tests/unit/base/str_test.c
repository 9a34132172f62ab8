#include "../check.h"

#include "base/str.h"

static void an_empty_text_is_never_null(void **state)
{
	struct str str = STR_EMPTY;

	(void)state;
	assert_text(str.text, "");
	str_clear(&str);
	str_cut(&str, 0);
	str_done(&str);
	str_done(&str);
	assert_text(str.text, "");
}

static void text_grows_and_keeps_nul_bytes(void **state)
{
	CLEANUP(str_done) struct str str = STR_EMPTY;

	(void)state;
	for (int i = 0; i < 1000; i++)
		str_addf(&str, "%03d,", i);
	assert_int_equal(str.len, 4000);
	assert_memory_equal(str.text + 3996, "999,", 5);
	str_set_slice(&str, "a\0b", 3);
	assert_int_equal(str.len, 3);
	str_add_repeat(&str, 'x', 2);
	str_add_char(&str, 'y');
	assert_memory_equal(str.text, "a\0bxxy", 7);
}

static void blanks_at_the_end_go(void **state)
{
	CLEANUP(str_done) struct str str = STR_EMPTY;

	(void)state;
	str_set(&str, " a b \t\r\n");
	str_trim_end(&str);
	assert_text(str.text, " a b");
	str_set(&str, " \n ");
	str_trim_end(&str);
	assert_text(str.text, "");
}

static void taken_text_is_the_callers(void **state)
{
	struct str str = STR_EMPTY;
	char *empty = str_take(&str);

	(void)state;
	assert_text(empty, "");
	mem_free(empty);
	str_add(&str, "kept");
	empty = str_take(&str);
	assert_text(empty, "kept");
	assert_text(str.text, "");
	mem_free(empty);
}

static void slices_compare_whole(void **state)
{
	(void)state;
	assert_true(str_slice_equal("select x", 6, "select"));
	assert_false(str_slice_equal("select", 6, "selects"));
	assert_true(str_slice_equal_nocase("SeLect x", 6, "select"));
	assert_true(str_starts("s3://b", "s3://"));
	assert_false(str_starts("s3:", "s3://"));
	assert_true(str_ends("a.csv.gz", ".gz"));
	assert_false(str_ends("gz", ".gz"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_text_is_never_null),
		cmocka_unit_test(text_grows_and_keeps_nul_bytes),
		cmocka_unit_test(blanks_at_the_end_go),
		cmocka_unit_test(taken_text_is_the_callers),
		cmocka_unit_test(slices_compare_whole),
	};

	return RUN_TESTS(tests);
}
