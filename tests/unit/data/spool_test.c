#include "../check.h"

#include <stdlib.h>

#include "base/str.h"
#include "data/spool.h"

static const size_t memory[] = { 1 << 20, 1000, 1 };

static void fill(struct spool *spool, int count, const char *last)
{
	struct err err = ERR_EMPTY;

	for (int i = 0; i < count; i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		struct rows_value values[3] = { { 0 } };

		str_addf(&text, "row %d", i);
		values[0] = (struct rows_value){ text.text, text.len };
		values[2] = (struct rows_value){ last, strlen(last) };
		assert_true(spool_add(spool, values, &err));
	}
}

static void check_pass(struct spool *spool, int count, const char *last)
{
	const struct rows_value *values;
	struct err err = ERR_EMPTY;

	assert_true(spool_rewind(spool, &err));
	for (int i = 0; i < count; i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		str_addf(&text, "row %d", i);
		assert_int_equal(spool_next(spool, &values, &err), ROWS_ROW);
		assert_text(values[0].text, text.text);
		assert_null(values[1].text);
		assert_text(values[2].text, last);
		assert_int_equal(values[2].len, strlen(last));
	}
	assert_int_equal(spool_next(spool, &values, &err), ROWS_END);
}

static void rows_are_read_twice_from_memory_and_from_a_file(void **state)
{
	CLEANUP(str_done) struct str big = STR_EMPTY;

	(void)state;
	str_add_repeat(&big, 'b', 600000);
	for (size_t i = 0; i < COUNT_OF(memory); i++) {
		CLEANUP(spool_freep)
		struct spool *small = spool_new(3, memory[i]);
		CLEANUP(spool_freep)
		struct spool *wide = spool_new(3, memory[i]);

		fill(small, 5000, "");
		assert_int_equal(spool_count(small), 5000);
		check_pass(small, 5000, "");
		check_pass(small, 5000, "");
		fill(wide, 3, big.text);
		check_pass(wide, 3, big.text);
		check_pass(wide, 3, big.text);
	}
}

static void rows_without_columns_are_counted(void **state)
{
	CLEANUP(spool_freep) struct spool *spool = spool_new(0, 1);
	const struct rows_value *values;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(spool_add(spool, NULL, &err));
	assert_true(spool_add(spool, NULL, &err));
	assert_true(spool_rewind(spool, &err));
	assert_int_equal(spool_next(spool, &values, &err), ROWS_ROW);
	assert_int_equal(spool_next(spool, &values, &err), ROWS_ROW);
	assert_int_equal(spool_next(spool, &values, &err), ROWS_END);
}

static void a_missing_temporary_folder_is_named(void **state)
{
	CLEANUP(spool_freep) struct spool *spool = spool_new(1, 1);
	struct rows_value value = { "x", 1 };
	struct err err = ERR_EMPTY;

	(void)state;
	setenv("TMPDIR", "/nonexistent", 1);
	assert_false(spool_add(spool, &value, &err));
	unsetenv("TMPDIR");
	assert_non_null(strstr(err.message, "/nonexistent"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			rows_are_read_twice_from_memory_and_from_a_file),
		cmocka_unit_test(rows_without_columns_are_counted),
		cmocka_unit_test(a_missing_temporary_folder_is_named),
	};

	return RUN_TESTS(tests);
}
