#include "../check.h"

#include <string.h>

#include "aws/integrity.h"
#include "base/str.h"
#include "net/http.h"

/* Of "123456789": the CRC catalogues, FIPS 180 digests by sha1sum and
 * sha256sum. */
static const struct {
	enum integrity_kind kind;
	const char *name;
	const char *base64;
} cases[] = {
	{ INTEGRITY_CRC32, "CRC32", "y/Q5Jg==" },
	{ INTEGRITY_CRC32C, "CRC32C", "4waSgw==" },
	{ INTEGRITY_CRC64NVME, "CRC64NVME", "rosUhgp5mIg=" },
	{ INTEGRITY_SHA1, "SHA1", "98O8HYCOBHMq32eZZczDTKeuNEE=" },
	{ INTEGRITY_SHA256, "SHA256",
	  "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=" },
};

static void values_are_those_s3_sends(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct integrity sum = { 0 };
		CLEANUP(str_done) struct str out = STR_EMPTY;

		integrity_start(&sum, cases[i].kind);
		integrity_feed(&sum, "1234", 4);
		integrity_feed(&sum, "", 0);
		integrity_feed(&sum, "56789", 5);
		integrity_add(&sum, &out);
		assert_text(out.text, cases[i].base64);
		assert_text(integrity_name(cases[i].kind), cases[i].name);
		assert_int_equal(sum.bytes, 9);
		integrity_done(&sum);
	}
}

static void parts_join_to_the_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct integrity first = { 0 }, second = { 0 }, back = { 0 };
		CLEANUP(str_done) struct str out = STR_EMPTY;

		integrity_start(&first, cases[i].kind);
		integrity_start(&second, cases[i].kind);
		integrity_feed(&first, "12", 2);
		integrity_feed(&second, "3456789", 7);
		integrity_add(&second, &out);
		assert_true(integrity_parse(&back, cases[i].kind, out.text,
					    7));
		assert_true(integrity_join(&first, &back));
		str_clear(&out);
		integrity_add(&first, &out);
		assert_text(out.text, cases[i].base64);
		assert_int_equal(first.bytes, 9);
	}
}

static void what_cannot_be_joined_is_left_alone(void **state)
{
	struct integrity sum = { 0 }, other = { 0 };

	(void)state;
	assert_false(integrity_join(&sum, &other));
	integrity_start(&sum, INTEGRITY_CRC32);
	integrity_start(&other, INTEGRITY_CRC32C);
	assert_false(integrity_join(&sum, &other));
	assert_false(integrity_parse(&sum, INTEGRITY_CRC32, "y/Q5Jg==-3", 9));
	assert_false(integrity_parse(&sum, INTEGRITY_CRC32, "y/Q5", 9));
	assert_false(integrity_parse(&sum, INTEGRITY_CRC32, "?", 9));
	assert_false(integrity_parse(&sum, INTEGRITY_SHA1,
				     "98O8HYCOBHMq32eZZczDTKeuNEE=", 9));
	integrity_start(&other, INTEGRITY_SHA1);
	assert_false(integrity_join(&other, &other));
	integrity_done(&other);
}

static void a_reply_names_its_best_sum_of_the_whole(void **state)
{
	struct http_headers headers = { 0 };
	const char *value = NULL;

	(void)state;
	assert_int_equal(integrity_find(&headers, &value), INTEGRITY_NONE);
	http_headers_add(&headers, "X-Amz-Checksum-Sha256", "abc=-2");
	assert_int_equal(integrity_find(&headers, &value), INTEGRITY_NONE);
	http_headers_add(&headers, "X-Amz-Checksum-Crc32", "y/Q5Jg==");
	assert_int_equal(integrity_find(&headers, &value), INTEGRITY_CRC32);
	assert_text(value, "y/Q5Jg==");
	http_headers_add(&headers, "x-amz-checksum-crc64nvme", "rosUhgp5mIg=");
	assert_int_equal(integrity_find(&headers, &value),
			 INTEGRITY_CRC64NVME);
	http_headers_add(&headers, "x-amz-checksum-type", "COMPOSITE");
	assert_int_equal(integrity_find(&headers, &value), INTEGRITY_NONE);
	http_headers_done(&headers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_those_s3_sends),
		cmocka_unit_test(parts_join_to_the_whole),
		cmocka_unit_test(what_cannot_be_joined_is_left_alone),
		cmocka_unit_test(a_reply_names_its_best_sum_of_the_whole),
	};

	return RUN_TESTS(tests);
}
