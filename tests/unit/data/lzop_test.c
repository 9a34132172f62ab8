#include "../check.h"

#include "base/sink.h"
#include "base/str.h"
#include "data/lzop.h"

/* What lzop 1.04 makes of "0|x\n" to "19|x\n": -1 -CC, with Adler-32 of plain
 * and packed bytes; -9 --crc32 -CC, with CRC-32 of the header as well. */
static const unsigned char fast[] = {
	0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a, 0x10, 0x40, 0x20,
	0xa0, 0x09, 0x40, 0x02, 0x01, 0x03, 0x00, 0x00, 0x0f, 0x00, 0x00, 0x00,
	0x00, 0x6b, 0x0c, 0x2e, 0x0d, 0x00, 0x00, 0x00, 0x00, 0x00, 0x24, 0xf6,
	0x02, 0x21, 0x00, 0x00, 0x00, 0x5a, 0x00, 0x00, 0x00, 0x59, 0xae, 0xd9,
	0x19, 0xdd, 0x47, 0x03, 0x17, 0x13, 0x00, 0x22, 0x30, 0x7c, 0x78, 0x0a,
	0x31, 0x7c, 0x78, 0x0a, 0x32, 0x7c, 0x78, 0x0a, 0x33, 0x7c, 0x78, 0x0a,
	0x34, 0x7c, 0x78, 0x0a, 0x35, 0x7c, 0x78, 0x0a, 0x36, 0x7c, 0x78, 0x0a,
	0x37, 0x7c, 0x78, 0x0a, 0x38, 0x7c, 0x78, 0x0a, 0x39, 0x7c, 0x78, 0x0a,
	0x31, 0x30, 0x7c, 0x78, 0x0a, 0x31, 0x31, 0x7c, 0x78, 0x0a, 0x31, 0x32,
	0x64, 0x01, 0x6d, 0x05, 0x31, 0x71, 0x05, 0x31, 0x74, 0x05, 0x00, 0x02,
	0x31, 0x36, 0x7c, 0x78, 0x0a, 0x31, 0x37, 0x7c, 0x78, 0x0a, 0x31, 0x38,
	0x7c, 0x78, 0x0a, 0x31, 0x39, 0x7c, 0x78, 0x0a, 0x11, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00,
};

static const unsigned char best[] = {
	0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a, 0x10, 0x40,
	0x20, 0xa0, 0x10, 0x01, 0x03, 0x09, 0x03, 0x00, 0x13, 0x0c, 0x00,
	0x00, 0x00, 0x00, 0x6b, 0x0c, 0x2e, 0x0d, 0x00, 0x00, 0x00, 0x00,
	0x00, 0xa1, 0xb0, 0xdf, 0x98, 0x00, 0x00, 0x00, 0x5a, 0x00, 0x00,
	0x00, 0x3f, 0x1d, 0x4f, 0x0b, 0x3f, 0x45, 0x4f, 0x50, 0x57, 0x16,
	0x30, 0x7c, 0x78, 0x0a, 0x31, 0x4d, 0x00, 0x32, 0x4d, 0x00, 0x33,
	0x4d, 0x00, 0x34, 0x4d, 0x00, 0x35, 0x4d, 0x00, 0x36, 0x4d, 0x00,
	0x37, 0x4d, 0x00, 0x38, 0x4d, 0x00, 0x39, 0x6c, 0x04, 0x80, 0x05,
	0x65, 0x05, 0x31, 0x69, 0x05, 0x31, 0x6d, 0x05, 0x31, 0x71, 0x05,
	0x31, 0x75, 0x05, 0x31, 0x79, 0x05, 0x31, 0x7d, 0x05, 0x31, 0x61,
	0x06, 0x31, 0x64, 0x06, 0x11, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

static const struct {
	const unsigned char *bytes;
	size_t len;
} packed[] = {
	{ fast, sizeof(fast) },
	{ best, sizeof(best) },
};

static bool unpack(const unsigned char *bytes, size_t len, size_t piece,
		   struct str *plain, struct err *err)
{
	struct sink sink = sink_to_str(plain);
	CLEANUP(lzop_freep) struct lzop *lzop = lzop_new(&sink);

	for (size_t at = 0; at < len; at += piece)
		if (!lzop_feed(lzop, bytes + at,
			       len - at < piece ? len - at : piece, err))
			return false;
	return lzop_end(lzop, err);
}

static void expect_plain(struct str *plain, int times)
{
	for (int t = 0; t < times; t++)
		for (int i = 0; i < 20; i++)
			str_addf(plain, "%d|x\n", i);
}

static void what_lzop_packed_is_unpacked_however_it_comes(void **state)
{
	CLEANUP(str_done) struct str expected = STR_EMPTY;

	(void)state;
	expect_plain(&expected, 1);
	for (size_t i = 0; i < COUNT_OF(packed); i++)
		for (size_t piece = 1; piece <= packed[i].len; piece++) {
			CLEANUP(str_done) struct str plain = STR_EMPTY;
			struct err err = ERR_EMPTY;

			assert_true(unpack(packed[i].bytes, packed[i].len,
					   piece, &plain, &err));
			assert_text(plain.text, expected.text);
		}
}

static void several_members_are_one_stream(void **state)
{
	CLEANUP(str_done) struct str expected = STR_EMPTY;
	CLEANUP(str_done) struct str both = STR_EMPTY;
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	expect_plain(&expected, 2);
	str_add_slice(&both, (const char *)fast, sizeof(fast));
	str_add_slice(&both, (const char *)best, sizeof(best));
	assert_true(unpack((const unsigned char *)both.text, both.len, 5,
			   &plain, &err));
	assert_text(plain.text, expected.text);
}

static void input_that_ends_early_is_called_cut_short(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(packed); i++)
		for (size_t len = 0; len < packed[i].len; len++) {
			CLEANUP(str_done) struct str plain = STR_EMPTY;
			struct err err = ERR_EMPTY;

			assert_false(unpack(packed[i].bytes, len, len + 1,
					    &plain, &err));
			assert_int_equal(err.kind, ERR_DATA);
			assert_non_null(strstr(err.message, "cut short"));
		}
}

/* Checksums cover header and blocks, lengths are checked. */
static void no_bit_can_change_unseen(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(packed); i++)
		for (size_t bit = 0; bit < packed[i].len * 8; bit++) {
			unsigned char bytes[256];
			CLEANUP(str_done) struct str plain = STR_EMPTY;
			struct err err = ERR_EMPTY;

			memcpy(bytes, packed[i].bytes, packed[i].len);
			bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
			assert_false(unpack(bytes, packed[i].len, packed[i].len,
					    &plain, &err));
			assert_int_equal(err.kind, ERR_DATA);
			assert_non_null(strstr(err.message, "lzop data"));
		}
}

/* A byte of the first file changed, and what is said of it. */
static void what_is_not_read_is_named(void **state)
{
	static const struct {
		size_t at;
		unsigned char byte;
		const char *says;
	} cases[] = {
		{ 0, 'x', "no member of lzop begins here" },
		{ 9, 0x08, "of an lzop before 0.94" },
		{ 13, 0x10 + 1, "need a newer lzop" },
		{ 15, 128, "packed by method 128, not LZO1X" },
		{ 19, 0x08, "have a filter" },
		{ 19, 0x04, "split over several files" },
		{ 21, 1, "the header has another checksum" },
		{ 38, 0xff, "a block has an impossible length" },
		{ 42, 0xff, "a block has an impossible length" },
		{ 46, 1, "a block has another checksum" },
		{ 50, 1, "a block has another checksum" },
		{ 54, 1, "a block has another checksum" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		unsigned char bytes[sizeof(fast)];
		CLEANUP(str_done) struct str plain = STR_EMPTY;
		struct err err = ERR_EMPTY;

		memcpy(bytes, fast, sizeof(fast));
		bytes[cases[i].at] = cases[i].byte;
		assert_false(unpack(bytes, sizeof(fast), sizeof(fast), &plain,
				    &err));
		assert_non_null(strstr(err.message, cases[i].says));
	}
}

static void a_block_without_checksums_is_still_checked(void **state)
{
	/* 40 times a, lzop -F */
	unsigned char bytes[] = {
		0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a, 0x10,
		0x40, 0x20, 0xa0, 0x09, 0x40, 0x01, 0x05, 0x03, 0x00, 0x00,
		0x0c, 0x00, 0x00, 0x00, 0x00, 0x6b, 0x0c, 0x2e, 0x18, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x25, 0x43, 0x02, 0x2c, 0x00, 0x00,
		0x00, 0x28, 0x00, 0x00, 0x00, 0x1c, 0x02, 0x61, 0x61, 0x61,
		0x61, 0x61, 0x32, 0x10, 0x00, 0x0c, 0x61, 0x61, 0x61, 0x61,
		0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61,
		0x61, 0x11, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	CLEANUP(str_done) struct str bad = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(unpack(bytes, sizeof(bytes), 8, &plain, &err));
	assert_text(plain.text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	bytes[46] = 0xff; /* a run of literals that is not there */
	assert_false(unpack(bytes, sizeof(bytes), 8, &bad, &err));
	assert_non_null(strstr(err.message, "a block cannot be unpacked"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_lzop_packed_is_unpacked_however_it_comes),
		cmocka_unit_test(several_members_are_one_stream),
		cmocka_unit_test(input_that_ends_early_is_called_cut_short),
		cmocka_unit_test(no_bit_can_change_unseen),
		cmocka_unit_test(what_is_not_read_is_named),
		cmocka_unit_test(a_block_without_checksums_is_still_checked),
	};

	return RUN_TESTS(tests);
}
