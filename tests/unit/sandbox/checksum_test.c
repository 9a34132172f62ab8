#include "../check.h"

#include "base/str.h"
#include "sandbox/s3/checksum.h"

/* The check values of "123456789" that the CRC catalogues and S3 document. */
static const struct {
	const char *name;
	const char *base64;
} cases[] = {
	{ "crc32", "y/Q5Jg==" },
	{ "crc32c", "4waSgw==" },
	{ "crc64nvme", "rosUhgp5mIg=" },
	{ "sha1", "98O8HYCOBHMq32eZZczDTKeuNEE=" },
	{ "sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=" },
	{ "md5", "JfnnlDI7RTiF9RgfG2JNCw==" },
};

static void known_values_come_out_however_the_bytes_are_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(checksum_freep)
		struct checksum *sum = checksum_new(cases[i].name);
		CLEANUP(str_done) struct str out = STR_EMPTY;

		assert_text(checksum_name(sum), cases[i].name);
		checksum_feed(sum, "1234", 4);
		checksum_feed(sum, "", 0);
		checksum_feed(sum, "56789", 5);
		checksum_finish(sum, &out);
		assert_text(out.text, cases[i].base64);
	}
}

static void unknown_names_are_null(void **state)
{
	(void)state;
	assert_null(checksum_new("xxhash3"));
	assert_null(checksum_new(""));
}

/* However a text is cut, its parts' CRCs make that of the whole. */
static void crcs_of_parts_combine(void **state)
{
	static const char text[] = "123456789";

	(void)state;
	for (size_t i = 0; checksum_is_crc(cases[i].name); i++)
		for (size_t at = 0; at <= 9; at++) {
			CLEANUP(checksum_freep)
			struct checksum *first = checksum_new(cases[i].name);
			CLEANUP(checksum_freep)
			struct checksum *second = checksum_new(cases[i].name);
			CLEANUP(str_done) struct str a = STR_EMPTY;
			CLEANUP(str_done) struct str b = STR_EMPTY;
			CLEANUP(str_done) struct str both = STR_EMPTY;

			checksum_feed(first, text, at);
			checksum_feed(second, text + at, 9 - at);
			checksum_finish(first, &a);
			checksum_finish(second, &b);
			assert_true(checksum_combine(cases[i].name, a.text,
						     b.text, (int64_t)(9 - at),
						     &both));
			assert_text(both.text, cases[i].base64);
		}
}

static void what_is_no_crc_does_not_combine(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	assert_false(checksum_combine("sha1", "AAAA", "AAAA", 1, &out));
	assert_false(checksum_combine("crc32", "AAAA", "y/Q5Jg==", 1, &out));
	assert_false(checksum_combine("crc32", "y/Q5Jg==", "!", 1, &out));
}

/* Many bytes a step give what single bytes give. */
static void long_texts_are_counted_as_short_ones(void **state)
{
	unsigned char bytes[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 7);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(checksum_freep)
		struct checksum *whole = checksum_new(cases[i].name);
		CLEANUP(checksum_freep)
		struct checksum *single = checksum_new(cases[i].name);
		CLEANUP(str_done) struct str a = STR_EMPTY;
		CLEANUP(str_done) struct str b = STR_EMPTY;

		checksum_feed(whole, bytes, sizeof(bytes));
		for (size_t at = 0; at < sizeof(bytes); at++)
			checksum_feed(single, bytes + at, 1);
		checksum_finish(whole, &a);
		checksum_finish(single, &b);
		assert_text(a.text, b.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			known_values_come_out_however_the_bytes_are_cut),
		cmocka_unit_test(unknown_names_are_null),
		cmocka_unit_test(crcs_of_parts_combine),
		cmocka_unit_test(what_is_no_crc_does_not_combine),
		cmocka_unit_test(long_texts_are_counted_as_short_ones),
	};

	return RUN_TESTS(tests);
}
