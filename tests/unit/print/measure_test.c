#include "../check.h"

#include <libpq-fe.h>

#include "base/utf8.h"
#include "print/measure.h"

static const struct {
	const char *text;
	int width_cols, line_count;
	const char *shown; /* lines joined by / */
} cells[] = {
	{ "", 0, 1, "" },
	{ "abc", 3, 1, "abc" },
	{ "ab\ncde\n", 3, 3, "ab/cde/" },
	{ "\t", 8, 1, "        " },
	{ "a\tb", 9, 1, "a       b" },
	{ "12345678\tb", 17, 1, "12345678        b" },
	{ "a\rb", 4, 1, "a\\rb" },
	{ "\x1b[1m\x7f", 11, 1, "\\x1B[1m\\x7F" },
	{ "\xc2\x85", 6, 1, "\\u0085" },
	{ "\u4e2d\u6587", 4, 1, "\u4e2d\u6587" },
	{ "e\u0301", 1, 1, "e\u0301" },
	{ "\U0001F600", 2, 1, "\U0001F600" },
	{ "caf\xc3", 3, 1, "caf" },
	{ "\xe6x", 0, 1, "" },
	{ "\xf0\x9f\x98", 0, 1, "" },
	{ "a\xc3\nb", 5, 2, "a\\xC3/b" },
	{ "a\xff", 5, 1, "a\\xFF" },
	{ "longer than eight\x01", 21, 1, "longer than eight\\x01" },
};

static void cells_are_measured_and_shown_as_psql_shows_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cells); i++) {
		size_t len = strlen(cells[i].text);
		struct measure_size size =
			measure_size(cells[i].text, len, NULL);
		struct measure_lines lines = MEASURE_LINES_EMPTY;
		CLEANUP(str_done) struct str shown = STR_EMPTY;
		int widest = 0;

		measure_lines(&lines, cells[i].text, len, NULL);
		for (size_t at = 0; at < lines.lines.count; at++) {
			const struct measure_line *line =
				&lines.lines.items[at];

			if (at > 0)
				str_add_char(&shown, '/');
			str_add_slice(&shown, lines.shown + line->at,
				      line->len);
			if (line->width_cols > widest)
				widest = line->width_cols;
		}
		assert_text(shown.text, cells[i].shown);
		assert_int_equal(size.width_cols, cells[i].width_cols);
		assert_int_equal(widest, cells[i].width_cols);
		assert_int_equal(size.line_count, cells[i].line_count);
		assert_int_equal(lines.lines.count, cells[i].line_count);
		measure_lines_done(&lines);
	}
}

static void plain_is_printable_ascii_at_every_place(void **state)
{
	char text[24];

	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		for (size_t at = 0; at < sizeof(text); at++) {
			memset(text, 'x', sizeof(text));
			text[at] = (char)byte;
			assert_int_equal(measure_is_plain(text, sizeof(text)),
					 byte >= 0x20 && byte < 0x7f);
		}
	}
}

static void a_piece_has_at_least_one_character(void **state)
{
	int width = 3;

	(void)state;
	assert_int_equal(measure_fit("\u4e2d\u6587", 6, &width, NULL), 3);
	assert_int_equal(width, 2);
	width = 1;
	assert_int_equal(measure_fit("\u4e2d\u6587", 6, &width, NULL), 3);
	assert_int_equal(width, 2);
	width = 2;
	assert_int_equal(measure_fit("e\u0301abc", 6, &width, NULL), 4);
	assert_int_equal(width, 2);
}

/* Only version 15 has these very tables. */
static void widths_are_those_of_libpq_15(void **state)
{
	int encoding = pg_char_to_encoding("UTF8");

	(void)state;
	if (PQlibVersion() / 10000 != 15)
		skip();
	for (uint32_t code = 1; code <= 0x10ffff; code++) {
		char text[5] = "";

		if (utf8_encode(code, text) == 0)
			continue;
		if (measure_code_width(code) != PQdsplen(text, encoding))
			fail_msg("U+%04X: %d instead of %d", code,
				 measure_code_width(code),
				 PQdsplen(text, encoding));
	}
}

static int two_bytes(const char *text, int encoding)
{
	return (text[0] & 0x80) != 0 ? encoding : 1;
}

static int two_columns(const char *text, int encoding)
{
	return (unsigned char)text[0] < 0x20 ? -1 : two_bytes(text, encoding);
}

static void other_encodings_are_measured_by_their_own_rules(void **state)
{
	static const struct measure_charset charset = { 2, two_bytes,
							two_columns };
	static const char text[] = "\x8a\xbfz\n\tx\x01\r\x8a";
	struct measure_lines lines = MEASURE_LINES_EMPTY;
	int width = 2;

	(void)state;
	assert_int_equal(measure_size(text, 9, &charset).width_cols, 17);
	assert_int_equal(measure_size(text, 9, &charset).line_count, 2);
	measure_lines(&lines, text, 9, &charset);
	assert_int_equal(lines.lines.items[0].width_cols, 3);
	assert_text(lines.shown, "\x8a\xbfz        x\\x01\\r\x8a");
	assert_int_equal(measure_fit("\x8a\xbfz", 3, &width, &charset), 2);
	measure_lines_done(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			cells_are_measured_and_shown_as_psql_shows_them),
		cmocka_unit_test(plain_is_printable_ascii_at_every_place),
		cmocka_unit_test(a_piece_has_at_least_one_character),
		cmocka_unit_test(widths_are_those_of_libpq_15),
		cmocka_unit_test(
			other_encodings_are_measured_by_their_own_rules),
	};

	return RUN_TESTS(tests);
}
