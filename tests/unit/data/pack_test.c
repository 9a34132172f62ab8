#include "../check.h"

#include "base/sink.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/pack.h"

static const enum pack_kind all[] = { PACK_NONE, PACK_GZIP, PACK_ZSTD,
				      PACK_BZIP2 };

static void pack_whole(enum pack_kind kind, const struct str *plain,
		       struct str *packed)
{
	struct sink sink = sink_to_str(packed);
	CLEANUP(packer_freep)
	struct packer *packer = packer_new(kind, 0, &sink);
	struct err err = ERR_EMPTY;

	assert_true(packer_feed(packer, plain->text, plain->len, &err));
	assert_true(packer_end(packer, &err));
}

static bool unpack_whole(const struct str *packed, size_t piece,
			 struct str *plain, struct err *err)
{
	struct sink sink = sink_to_str(plain);
	CLEANUP(unpack_freep)
	struct unpack *unpack = unpack_new(PACK_AUTO, &sink);

	for (size_t at = 0; at < packed->len; at += piece) {
		size_t part =
			packed->len - at < piece ? packed->len - at : piece;

		if (!unpack_feed(unpack, packed->text + at, part, err))
			return false;
	}
	return unpack_end(unpack, err);
}

/* Text that compresses, followed by noise that does not. */
static void make_plain(struct str *plain)
{
	str_add_repeat(plain, 'x', 300000);
	str_reserve(plain, 100000);
	hash_random(plain->text + plain->len, 100000);
	plain->len += 100000;
}

static void every_kind_goes_there_and_back(void **state)
{
	static const size_t pieces[] = { 1000000, 4096, 7 };
	CLEANUP(str_done) struct str plain = STR_EMPTY;

	(void)state;
	make_plain(&plain);
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		CLEANUP(str_done) struct str packed = STR_EMPTY;

		pack_whole(all[i], &plain, &packed);
		assert_int_equal(pack_detect(packed.text, packed.len), all[i]);
		for (size_t p = 0; p < COUNT_OF(pieces); p++) {
			CLEANUP(str_done) struct str again = STR_EMPTY;
			struct err err = ERR_EMPTY;

			assert_true(
				unpack_whole(&packed, pieces[p], &again, &err));
			assert_int_equal(again.len, plain.len);
			assert_memory_equal(again.text, plain.text, plain.len);
		}
	}
}

static void several_members_are_one_stream(void **state)
{
	(void)state;
	for (size_t i = 1; i < COUNT_OF(all); i++) {
		CLEANUP(str_done) struct str plain = STR_EMPTY;
		CLEANUP(str_done) struct str packed = STR_EMPTY;

		str_set(&plain, "one,");
		pack_whole(all[i], &plain, &packed);
		str_set(&plain, "two");
		pack_whole(all[i], &plain, &packed);
		for (size_t piece = 1; piece < 9; piece++) {
			CLEANUP(str_done) struct str again = STR_EMPTY;
			struct err err = ERR_EMPTY;

			assert_true(unpack_whole(&packed, piece, &again, &err));
			assert_text(again.text, "one,two");
		}
	}
}

static void input_that_ends_early_is_called_cut_short(void **state)
{
	(void)state;
	for (size_t i = 1; i < COUNT_OF(all); i++) {
		CLEANUP(str_done) struct str plain = STR_EMPTY;
		CLEANUP(str_done) struct str packed = STR_EMPTY;

		str_set(&plain, "some text to pack");
		pack_whole(all[i], &plain, &packed);
		for (size_t len = packed.len - 1; len > 6; len--) {
			CLEANUP(str_done) struct str again = STR_EMPTY;
			struct err err = ERR_EMPTY;

			str_cut(&packed, len);
			assert_false(unpack_whole(&packed, 5, &again, &err));
			assert_non_null(strstr(err.message, "cut short"));
		}
	}
}

static void damaged_input_is_called_damaged(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {
		{ "\x1f\x8bxxxxxxxxxxxx", 14 },
		{ "BZhxxxxxxxxxxx", 14 },
		{ "\x28\xb5\x2f\xfd\x24\x01\xff\xff\xff\xff\xff\xff", 12 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct str packed = STR_EMPTY;
		CLEANUP(str_done) struct str again = STR_EMPTY;
		struct err err = ERR_EMPTY;

		str_add_slice(&packed, bad[i].bytes, bad[i].len);
		assert_false(unpack_whole(&packed, 100, &again, &err));
		assert_int_equal(err.kind, ERR_DATA);
		assert_non_null(strstr(err.message, "damaged"));
		str_done(&packed);
	}
}

static void gzip_padded_with_zeros_is_fine(void **state)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	CLEANUP(str_done) struct str packed = STR_EMPTY;
	CLEANUP(str_done) struct str again = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	str_set(&plain, "text");
	pack_whole(PACK_GZIP, &plain, &packed);
	str_add_repeat(&packed, '\0', 512);
	assert_true(unpack_whole(&packed, 100, &again, &err));
	assert_text(again.text, "text");
}

static void lzop_is_named_not_read(void **state)
{
	CLEANUP(str_done) struct str packed = STR_EMPTY;
	CLEANUP(str_done) struct str again = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	str_add_slice(&packed, "\x89LZO\0\r\n\x1a\n", 9);
	assert_false(unpack_whole(&packed, 100, &again, &err));
	assert_non_null(strstr(err.message, "lzop"));
}

static void a_short_plain_file_passes(void **state)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	CLEANUP(str_done) struct str again = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(unpack_whole(&plain, 1, &again, &err));
	str_set(&plain, "a,b");
	assert_true(unpack_whole(&plain, 1, &again, &err));
	assert_text(again.text, "a,b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_goes_there_and_back),
		cmocka_unit_test(several_members_are_one_stream),
		cmocka_unit_test(input_that_ends_early_is_called_cut_short),
		cmocka_unit_test(damaged_input_is_called_damaged),
		cmocka_unit_test(gzip_padded_with_zeros_is_fine),
		cmocka_unit_test(lzop_is_named_not_read),
		cmocka_unit_test(a_short_plain_file_passes),
	};

	return RUN_TESTS(tests);
}
