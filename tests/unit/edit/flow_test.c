#include "tests/unit/check.h"

#include "edit/cells.h"
#include "edit/flow.h"

static const struct {
	const char *prompt, *before, *after; /* around the cursor */
	int columns;
	size_t rows;
	size_t cursor_row;
	int cursor_column;
} places[] = {
	{ "=> ", "abc", "", 10, 1, 0, 6 },
	/* Full rows: the cursor goes on to the next. */
	{ "=> ", "abcdefg", "", 10, 1, 1, 0 },
	{ "=> ", "abcdefgh", "", 10, 2, 1, 1 },
	{ "=> ", "abcdefg", "h", 10, 2, 1, 0 },
	/* A wide character does not fit in the last column. */
	{ "=> ", "abcdef", "\xe6\x97\xa5", 10, 2, 1, 0 },
	{ "=> ", "abcdef\xe6\x97\xa5", "", 10, 2, 1, 2 },
	/* Colours of the prompt take no columns. */
	{ "\001\033[1m\002=>\001\033[m\002 ", "abc", "", 10, 1, 0, 6 },
	/* A tab ends at the edge. */
	{ "", "abcdefghi\t", "", 10, 1, 1, 0 },
	{ "", "\t", "", 20, 1, 0, 8 },
	{ "", "e\xcc\x81", "", 20, 1, 0, 1 },
	{ "", "", "", 20, 1, 0, 0 },
	/* A prompt wider than the screen. */
	{ "0123456789abc", "x", "", 10, 2, 1, 4 },
	{ "", "\001\001\001", "", 3, 3, 2, 2 },
};

static void rows_and_the_cursor_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct flow flow = { 0 };
		size_t row;
		int column;

		flow_start(&flow, places[i].columns, NULL);
		flow_prompt(&flow, places[i].prompt, 0, 1);
		flow_text(&flow, places[i].before, strlen(places[i].before),
			  NULL, 0);
		flow_place(&flow, places[i].after, strlen(places[i].after),
			   &row, &column);
		assert_int_equal(row, places[i].cursor_row);
		assert_int_equal(column, places[i].cursor_column);
		flow_text(&flow, places[i].after, strlen(places[i].after), NULL,
			  0);
		assert_int_equal(flow.row + 1, places[i].rows);
	}
}

/* Counting and building must agree, whatever part is built. */
static void a_window_shows_the_same_rows(void **state)
{
	static const char text[] = "ab\tcd\xe6\x97\xa5\xe6\x97\xa5xyz\001\002"
				   "e\xcc\x81 plain letters up to the end";

	(void)state;
	for (int columns = 3; columns < 30; columns++) {
		CLEANUP(cells_done) struct cells all = CELLS_EMPTY;
		struct flow whole = { 0 }, counted = { 0 };

		cells_clear(&all, columns);
		flow_window(&whole, 0, SIZE_MAX);
		flow_start(&whole, columns, &all);
		flow_text(&whole, text, sizeof(text) - 1, NULL, 0);
		flow_start(&counted, columns, NULL);
		flow_text(&counted, text, sizeof(text) - 1, NULL, 0);
		assert_int_equal(whole.row, counted.row);
		assert_int_equal(whole.column, counted.column);
		assert_int_equal(all.rows.count, whole.row + 1);
		for (size_t row = 0; row <= whole.row; row++) {
			CLEANUP(cells_done) struct cells one = CELLS_EMPTY;
			struct flow part = { 0 };
			size_t a, a_end = cells_of_row(&all, row, &a);

			cells_clear(&one, columns);
			flow_window(&part, row, row + 1);
			flow_start(&part, columns, &one);
			flow_text(&part, text, sizeof(text) - 1, NULL, 0);
			assert_int_equal(one.rows.count, 1);
			assert_int_equal(one.count, a_end - a);
			for (size_t k = 0; k < one.count; k++)
				assert_int_equal(one.items[k].width,
						 all.items[a + k].width);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_the_cursor_are_found),
		cmocka_unit_test(a_window_shows_the_same_rows),
	};

	return RUN_TESTS(tests);
}
