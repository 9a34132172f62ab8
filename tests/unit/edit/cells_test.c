#include "tests/unit/check.h"

#include "edit/cells.h"

/* The row as text, its columns in out_width. */
static const char *row_text(const struct cells *cells, size_t row,
			    struct str *out, int *out_width)
{
	size_t first, end = cells_of_row(cells, row, &first);

	str_clear(out);
	*out_width = 0;
	for (; first < end; first++) {
		str_add_slice(out, cells->text.text + cells->items[first].at,
			      cells->items[first].len);
		*out_width += cells->items[first].width;
	}
	return out->text;
}

static const struct {
	const char *text;
	int columns;
	const char *shown;
	int width;
} rows[] = {
	{ "plain", 10, "plain", 5 },
	{ "too long", 5, "too l", 5 },
	/* A wide character is not cut in half. */
	{ "ab\xe6\x97\xa5", 3, "ab", 2 },
	/* A mark joins what is before it, or shows that it has nothing. */
	{ "e\xcc\x81x", 10, "e\xcc\x81x", 2 },
	{ "\xcc\x81x", 10, "\xef\xbf\xbdx", 2 },
	/* What a terminal would obey. */
	{ "a\033[31mb", 20, "a^[[31mb", 8 },
	{ "a\tb", 20, "a       b", 9 },
	{ "a\x7f", 20, "a^?", 3 },
	{ "a\xc2\x9b"
	  "b",
	  20,
	  "a\xef\xbf\xbd"
	  "b",
	  3 },
	{ "a\xe2\x80\xae"
	  "b",
	  20,
	  "a\xef\xbf\xbd"
	  "b",
	  3 },
	{ "a\xff"
	  "b",
	  20,
	  "a\xef\xbf\xbd"
	  "b",
	  3 },
	/* Caret and letter stay together. */
	{ "abc\001", 4, "abc", 3 },
	{ "", 4, "", 0 },
};

static void text_becomes_cells(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP(cells_done) struct cells cells = CELLS_EMPTY;
		CLEANUP(str_done) struct str out = STR_EMPTY;
		int width;

		cells_clear(&cells, rows[i].columns);
		cells_row(&cells);
		assert_int_equal(cells_add(&cells, THEME_PLAIN, rows[i].text,
					   strlen(rows[i].text)),
				 rows[i].width);
		assert_text(row_text(&cells, 0, &out, &width), rows[i].shown);
		assert_int_equal(width, rows[i].width);
	}
}

static void what_is_cut_shows_it(void **state)
{
	CLEANUP(cells_done) struct cells cells = CELLS_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;
	int width;

	(void)state;
	cells_clear(&cells, 20);
	cells_row(&cells);
	cells_add_cut(&cells, THEME_ITEM, "a long name", 11, 8);
	cells_pad(&cells, THEME_ITEM, 10);
	cells_add_cut(&cells, THEME_DETAIL, "short", 5, 10);
	assert_text(row_text(&cells, 0, &out, &width), "a lon...  short");
	cells_row(&cells);
	cells_pad(&cells, THEME_ITEM, 100);
	row_text(&cells, 1, &out, &width);
	assert_int_equal(width, 20);
}

static void marks_on_one_character_have_a_limit(void **state)
{
	CLEANUP(cells_done) struct cells cells = CELLS_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)state;
	str_add_char(&text, 'e');
	for (int i = 0; i < 100000; i++)
		str_add(&text, "\xcc\x81");
	cells_clear(&cells, 20);
	cells_row(&cells);
	cells_add(&cells, THEME_PLAIN, text.text, text.len);
	assert_int_equal(cells.count, 1);
	assert_in_range(cells.items[0].len, 2, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_cells),
		cmocka_unit_test(what_is_cut_shows_it),
		cmocka_unit_test(marks_on_one_character_have_a_limit),
	};

	return RUN_TESTS(tests);
}
