#include "../check.h"

#include "base/utf8.h"

static const struct {
	const char *bytes;
	size_t len;
	size_t first_bad;
	int width_cols;
} cases[] = {
	{ "abc", 3, 3, 3 },
	{ "\xc3\xa9", 2, 2, 1 },		/* e with acute */
	{ "e\xcc\x81", 3, 3, 1 },		/* e, combining acute */
	{ "\xe6\x97\xa5", 3, 3, 2 },		/* wide */
	{ "\xf0\x9f\x98\x80", 4, 4, 2 },	/* emoji */
	{ "a\xff", 2, 1, 2 },			/* never a byte of UTF-8 */
	{ "\xc0\xaf", 2, 0, 2 },		/* overlong slash */
	{ "\xed\xa0\x80", 3, 0, 3 },		/* surrogate */
	{ "\xe6\x97", 2, 0, 2 },		/* cut short */
	{ "\xc1\xbf", 2, 0, 2 },		/* overlong DEL */
	{ "\xe0\x9f\xbf", 3, 0, 3 },	/* overlong, of three bytes */
	{ "\xf0\x8f\xbf\xbf", 4, 0, 4 },	/* and of four */
	{ "\xf4\x90\x80\x80", 4, 0, 4 },	/* beyond U+10FFFF */
	{ "\xf8\x88\x80\x80\x80", 5, 0, 5 }, /* five bytes were once */
	{ "a\x80", 2, 1, 2 },			/* goes on from nothing */
	{ "\xe6\x97(", 3, 0, 3 },		/* does not go on */
	{ "a\0b", 3, 3, 2 },			/* NUL is a character */
	{ "", 0, 0, 0 },
};

static void bytes_are_judged_and_measured(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(utf8_first_bad(cases[i].bytes, cases[i].len),
				 cases[i].first_bad);
		assert_int_equal(utf8_width_cols(cases[i].bytes, cases[i].len),
				 cases[i].width_cols);
	}
}

static void encoding_is_the_inverse_of_decoding(void **state)
{
	static const uint32_t codes[] = { 0,	  0x7f,	  0x80,	   0x7ff,
					  0x800,  0xffff, 0x10000, 0x10ffff };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		uint32_t code = 1;
		char bytes[4];
		size_t len = utf8_encode(codes[i], bytes);

		assert_int_equal(utf8_decode(bytes, len, &code), len);
		assert_int_equal(code, codes[i]);
	}
	assert_int_equal(utf8_encode(0xd800, (char[4]){ 0 }), 0);
	assert_int_equal(utf8_encode(0x110000, (char[4]){ 0 }), 0);
}

static void fitting_never_cuts_a_character(void **state)
{
	static const char text[] = "a\xe6\x97\xa5\xe6\x9c\xac";

	(void)state;
	assert_int_equal(utf8_fit(text, 7, 1), 1);
	assert_int_equal(utf8_fit(text, 7, 2), 1);
	assert_int_equal(utf8_fit(text, 7, 3), 4);
	assert_int_equal(utf8_fit(text, 7, 100), 7);
	assert_int_equal(utf8_count(text, 7), 3);
}

static const struct {
	const char *text;
	size_t first; /* bytes of its first cluster */
} clusters[] = {
	{ "ab", 1 },
	{ "\r\n", 1 },				/* nobody asks for lines */
	{ "e\xcc\x81x", 3 },			/* e, combining acute */
	{ "e\xcc\x81\xcc\xa3x", 5 },		/* and a dot below */
	{ "\xcc\x81x", 2 },			/* an accent alone */
	{ "\xc3\xa9t\xc3\xa9", 2 },
	{ "\xe4\xb8\xad\xe6\x96\x87", 3 },
	{ "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab.", 9 }, /* Hangul */
	{ "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87\xa9", 8 }, /* flag */
	{ "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb!", 11 }, /* joined */
	{ "\xff\xcc\x81", 1 },
	{ "e\xff", 1 },
};

static void clusters_are_what_people_see(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(clusters); i++)
		assert_int_equal(utf8_cluster(clusters[i].text,
					      strlen(clusters[i].text)),
				 clusters[i].first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_judged_and_measured),
		cmocka_unit_test(encoding_is_the_inverse_of_decoding),
		cmocka_unit_test(fitting_never_cuts_a_character),
		cmocka_unit_test(clusters_are_what_people_see),
	};

	return RUN_TESTS(tests);
}
