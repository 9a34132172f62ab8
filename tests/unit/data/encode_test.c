#include "../check.h"

#include "base/str.h"
#include "data/encode.h"

/* RFC 4648, section 10. */
static const struct {
	const char *plain;
	const char *base64;
} vectors[] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
};

static void base64_goes_there_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(vectors); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		CLEANUP(str_done) struct str plain = STR_EMPTY;

		encode_base64(&text, vectors[i].plain,
			      strlen(vectors[i].plain));
		assert_text(text.text, vectors[i].base64);
		assert_true(encode_unbase64(&plain, text.text, text.len));
		assert_text(plain.text, vectors[i].plain);
	}
}

static void base64_reads_the_url_alphabet_without_padding(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str plain = STR_EMPTY;

	(void)state;
	encode_base64url(&text, "\xfb\xff\xfe\x01", 4);
	assert_text(text.text, "-__-AQ");
	assert_true(encode_unbase64(&plain, "+//-\n AQ", 8));
	assert_int_equal(plain.len, 4);
	assert_memory_equal(plain.text, "\xfb\xff\xfe\x01", 4);
}

static void malformed_base64_and_hex_leave_out_as_it_was(void **state)
{
	static const char *const bad[] = { "Zg=v", "Z", "Zm9v!", "Zm9vZ" };
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	str_set(&out, "kept");
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_false(encode_unbase64(&out, bad[i], strlen(bad[i])));
		assert_text(out.text, "kept");
	}
	assert_false(encode_unhex(&out, "abc", 3));
	assert_false(encode_unhex(&out, "00zz", 4));
	assert_text(out.text, "kept");
}

static void hex_goes_there_and_back(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str plain = STR_EMPTY;

	(void)state;
	encode_hex(&text, "\x00\x7f\xff", 3);
	assert_text(text.text, "007fff");
	assert_true(encode_unhex(&plain, "007FfF", 6));
	assert_memory_equal(plain.text, "\x00\x7f\xff", 3);
}

#define BYTES(text) text, sizeof(text) - 1

static const struct {
	enum encode_charset charset;
	const char *bytes;
	size_t len;
	const char *utf8;
	size_t bad_count;
} charsets[] = {
	{ ENCODE_LATIN1, BYTES("M\xfcller"), "M\u00fcller", 0 },
	{ ENCODE_WINDOWS_1252, BYTES("\x80 \x93q\x94"), "\u20ac \u201cq\u201d",
	  0 },
	{ ENCODE_WINDOWS_1252, BYTES("a\x81"), "a\ufffd", 1 },
	{ ENCODE_UTF16LE, BYTES("a\0\xac\x20\x3d\xd8\x00\xde"),
	  "a\u20ac\U0001F600", 0 },
	{ ENCODE_UTF16BE, BYTES("\0a\x20\xac\xd8\x3d\xde\x00"),
	  "a\u20ac\U0001F600", 0 },
	{ ENCODE_UTF16LE,
	  BYTES("\x3d\xd8"
		"a\0"),
	  "\ufffd"
	  "a",
	  1 },
	{ ENCODE_UTF16LE, BYTES("a\0b"), "a\ufffd", 1 },
	{ ENCODE_UTF8, BYTES("gr\xc3\xbc\xc3\x9f"), "gr\u00fc\u00df", 0 },
	{ ENCODE_UTF8,
	  BYTES("a\xff"
		"b\xc3"),
	  "a\ufffd"
	  "b\ufffd",
	  2 },
};

static void charsets_read_in_pieces_of_any_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(charsets); i++) {
		for (size_t piece = 1; piece <= 9; piece++) {
			CLEANUP(str_done) struct str out = STR_EMPTY;
			struct encode_reader reader = {
				.charset = charsets[i].charset
			};

			for (size_t at = 0; at < charsets[i].len; at += piece) {
				size_t left = charsets[i].len - at;

				encode_read(&reader, charsets[i].bytes + at,
					    left < piece ? left : piece, &out);
			}
			encode_read_end(&reader, &out);
			assert_text(out.text, charsets[i].utf8);
			assert_int_equal(reader.bad_count,
					 charsets[i].bad_count);
		}
	}
}

static void a_replacement_character_can_be_chosen(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct encode_reader reader = { .charset = ENCODE_UTF8,
					.replacement = '?' };

	(void)state;
	encode_read(&reader, "a\xff", 2, &out);
	assert_text(out.text, "a?");
}

static void byte_order_marks_are_found(void **state)
{
	enum encode_charset charset;
	size_t len;

	(void)state;
	assert_true(encode_find_bom("\xff\xfe"
				    "a",
				    3, &charset, &len));
	assert_int_equal(charset, ENCODE_UTF16LE);
	assert_int_equal(len, 2);
	assert_true(encode_find_bom("\xef\xbb\xbf", 3, &charset, &len));
	assert_int_equal(charset, ENCODE_UTF8);
	assert_false(encode_find_bom("ab", 2, &charset, &len));
	assert_text(encode_charset_name(ENCODE_UTF16BE), "utf16be");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_goes_there_and_back),
		cmocka_unit_test(base64_reads_the_url_alphabet_without_padding),
		cmocka_unit_test(malformed_base64_and_hex_leave_out_as_it_was),
		cmocka_unit_test(hex_goes_there_and_back),
		cmocka_unit_test(charsets_read_in_pieces_of_any_size),
		cmocka_unit_test(a_replacement_character_can_be_chosen),
		cmocka_unit_test(byte_order_marks_are_found),
	};

	return RUN_TESTS(tests);
}
