#include "../check.h"

#include "base/str.h"
#include "data/snappy.h"

#define BLOCK(text) text, sizeof(text) - 1

static const struct {
	const char *bytes;
	size_t len;
	const char *text; /* NULL: damaged */
} cases[] = {
	{ BLOCK("\x00"), "" },
	{ BLOCK("\x03\x08" "abc"), "abc" },
	/* a copy of 4 bytes from 4 before, one of 10 with two bytes of it */
	{ BLOCK("\x08\x0c" "abcd\x01\x04"), "abcdabcd" },
	{ BLOCK("\x0e\x0c" "abcd\x26\x04\x00"), "abcdabcdabcdab" },
	{ BLOCK("\x0e\x0c" "abcd\x27\x04\x00\x00\x00"), "abcdabcdabcdab" },
	/* a copy that reaches into itself */
	{ BLOCK("\x06\x00" "a\x05\x01"), "aaaaaa" },
	/* a length of its own byte */
	{ BLOCK("\x03\xf0\x02" "abc"), "abc" },
	{ BLOCK(""), NULL },
	{ BLOCK("\x03\x08" "ab"), NULL },
	{ BLOCK("\x02\x08" "abc"), NULL },
	{ BLOCK("\x04\x08" "abc"), NULL },
	{ BLOCK("\x08\x0c" "abcd\x01\x05"), NULL },
	{ BLOCK("\x08\x0c" "abcd\x01\x00"), NULL },
	{ BLOCK("\x08\x0c" "abcd\x01"), NULL },
	{ BLOCK("\xff\xff\xff\xff\x0f\x08" "abc"), NULL },
};

static void blocks_are_unpacked_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		struct err err = ERR_EMPTY;
		bool good = snappy_unpack(&out, cases[i].bytes, cases[i].len,
					  1000, &err);

		if (good != (cases[i].text != NULL))
			fail_msg("case %zu: %s", i, err.message);
		if (good)
			assert_text(out.text, cases[i].text);
	}
}

static void a_block_goes_behind_what_is_there(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	str_set(&out, "xyz");
	assert_true(snappy_unpack(&out, BLOCK("\x03\x08" "abc"), 3, &err));
	assert_text(out.text, "xyzabc");
	/* it cannot copy what was there */
	assert_false(snappy_unpack(&out, BLOCK("\x08\x0c" "abcd\x01\x06"), 100,
				   &err));
	assert_false(snappy_unpack(&out, BLOCK("\x03\x08" "abc"), 2, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_unpacked_or_refused),
		cmocka_unit_test(a_block_goes_behind_what_is_there),
	};

	return RUN_TESTS(tests);
}
