#include "../check.h"

#include "base/str.h"
#include "sandbox/checksum.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			known_values_come_out_however_the_bytes_are_cut),
		cmocka_unit_test(unknown_names_are_null),
	};

	return RUN_TESTS(tests);
}
