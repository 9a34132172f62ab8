#include "../check.h"

#include "data/rows_mem.h"

static void cells_come_back_row_by_row(void **state)
{
	CLEANUP(rows_mem_freep) struct rows_mem *mem = rows_mem_new("Title");
	struct rows *rows = rows_mem_rows(mem);
	const struct rows_value *values;
	struct err err = ERR_EMPTY;

	(void)state;
	rows_mem_column(mem, "name", ROWS_TEXT);
	rows_mem_column(mem, "size", ROWS_INTEGER);
	for (int i = 0; i < 1000; i++) {
		rows_mem_addf(mem, "row %d", i);
		rows_mem_add_number(mem, i);
	}
	rows_mem_add(mem, NULL);
	rows_mem_add_slice(mem, "a\0b", 3);
	assert_int_equal(rows_mem_count(mem), 1001);
	assert_text(rows->title, "Title");
	assert_int_equal(rows->column_count, 2);
	assert_text(rows->columns[1].name, "size");
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < 1000; i++)
			assert_int_equal(rows_next(rows, &values, &err),
					 ROWS_ROW);
		assert_text(values[0].text, "row 999");
		assert_text(values[1].text, "999");
		assert_int_equal(rows_next(rows, &values, &err), ROWS_ROW);
		assert_null(values[0].text);
		assert_int_equal(values[1].len, 3);
		assert_int_equal(rows_next(rows, &values, &err), ROWS_END);
		rows_mem_rewind(mem);
	}
}

static void no_columns_means_no_rows(void **state)
{
	CLEANUP(rows_mem_freep) struct rows_mem *mem = rows_mem_new(NULL);
	const struct rows_value *values;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_null(rows_mem_rows(mem)->title);
	assert_int_equal(rows_next(rows_mem_rows(mem), &values, &err),
			 ROWS_END);
}

static void numbers_are_the_kinds_aligned_right(void **state)
{
	(void)state;
	assert_true(rows_kind_is_number(ROWS_DECIMAL));
	assert_false(rows_kind_is_number(ROWS_BOOL));
	assert_false(rows_kind_is_number(ROWS_DATE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_come_back_row_by_row),
		cmocka_unit_test(no_columns_means_no_rows),
		cmocka_unit_test(numbers_are_the_kinds_aligned_right),
	};

	return RUN_TESTS(tests);
}
