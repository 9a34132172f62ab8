#include "tests/unit/check.h"

#include "cmd/listed.h"
#include "data/rows.h"

static void add(struct listed *listed, const char *a, const char *b,
		const char *c)
{
	size_t row = listed_add(listed);

	listed_set(listed, row, 0, a);
	listed_set(listed, row, 1, b);
	if (c != NULL)
		listed_set(listed, row, 2, c);
}

static struct listed *sample(void)
{
	struct listed *listed = listed_new(3);

	add(listed, "s", "b", "view");
	add(listed, "s", "a", "table");
	add(listed, "r", "z", NULL);
	return listed;
}

static void rows_are_found_by_their_first_columns(void **state)
{
	CLEANUP(listed_freep) struct listed *listed = sample();
	const char *keys[] = { "s", "a" };
	const char *none[] = { "s", "z" };
	const char *shifted[] = { "sa", "" };
	size_t row = 99;

	(void)state;
	assert_true(listed_find(listed, keys, 2, &row));
	assert_int_equal(row, 1);
	assert_false(listed_find(listed, none, 2, &row));
	assert_false(listed_find(listed, shifted, 2, &row));
	/* by one column: the first of them */
	assert_true(listed_find(listed, keys, 1, &row));
	assert_int_equal(row, 0);
	listed_set(listed, 2, 0, "s");
	assert_true(listed_find(listed, none, 2, &row));
	assert_int_equal(row, 2);
	add(listed, "t", "t", "new");
	keys[0] = keys[1] = "t";
	assert_true(listed_find(listed, keys, 2, &row));
	assert_int_equal(row, 3);
}

static void values_are_joined_or_replace(void **state)
{
	CLEANUP(listed_freep) struct listed *listed = sample();

	(void)state;
	listed_append(listed, 2, 2, "one", ", ");
	listed_append(listed, 2, 2, "two", ", ");
	assert_text(listed_cell(listed, 2, 2), "one, two");
	listed_set(listed, 2, 2, "three");
	assert_text(listed_cell(listed, 2, 2), "three");
}

static void rows_are_dropped_and_sorted(void **state)
{
	CLEANUP(listed_freep) struct listed *listed = sample();

	(void)state;
	add(listed, "s", "a", "second");
	listed_sort(listed, 2);
	assert_text(listed_cell(listed, 0, 0), "r");
	assert_text(listed_cell(listed, 1, 2), "table");
	assert_text(listed_cell(listed, 2, 2), "second");
	assert_text(listed_cell(listed, 3, 1), "b");
	listed_drop(listed, 2, "view");
	assert_int_equal(listed_count(listed), 3);
	listed_drop(listed, 2, "");
	assert_int_equal(listed_count(listed), 2);
	assert_text(listed_cell(listed, 0, 2), "table");
}

static void columns_without_a_heading_are_left_out(void **state)
{
	CLEANUP(listed_freep) struct listed *listed = sample();
	const struct listed_heading headings[] = {
		{ "Schema", false }, { NULL, false }, { "Type", false }
	};
	CLEANUP(rows_freep)
	struct rows *rows = listed_rows(listed, "Title", headings);
	const struct rows_value *values;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_text(rows->title, "Title");
	assert_int_equal(rows->column_count, 2);
	assert_int_equal(rows_next(rows, &values, &err), ROWS_ROW);
	assert_text(values[0].text, "s");
	assert_text(values[1].text, "view");
	assert_int_equal(rows_next(rows, &values, &err), ROWS_ROW);
	assert_int_equal(rows_next(rows, &values, &err), ROWS_ROW);
	assert_text(values[1].text, "");
	assert_int_equal(rows_next(rows, &values, &err), ROWS_END);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_found_by_their_first_columns),
		cmocka_unit_test(values_are_joined_or_replace),
		cmocka_unit_test(rows_are_dropped_and_sorted),
		cmocka_unit_test(columns_without_a_heading_are_left_out),
	};

	return RUN_TESTS(tests);
}
