#include "../check.h"

#include "base/sink.h"
#include "base/str.h"
#include "data/pack_zip.h"

/* A header of PKWARE's form: flags, method, crc, packed, size, lengths of name
 * and extra. */
#define LOCAL(flags, method, numbers, lengths)                                 \
	"PK\3\4\24\0" flags method "\0\0\0\0" numbers lengths

static void what_stands_before_a_member_is_read(void **state)
{
	static const char header[] =
		LOCAL("\0\0", "\10\0", "\1\2\3\4\5\0\0\0\6\0\1\0", "\7\0\3\0");
	struct pack_zip_local local;

	(void)state;
	assert_true(pack_zip_local(&local, header, NULL));
	assert_false(local.is_end || local.has_descriptor ||
		     local.member.is_encrypted);
	assert_int_equal(local.member.method, 8);
	assert_int_equal(local.member.crc, 0x04030201);
	assert_int_equal(local.member.packed, 5);
	assert_int_equal(local.member.size, 0x10006);
	assert_int_equal(local.name_len, 7);
	assert_int_equal(local.extra_len, 3);
	assert_true(pack_zip_local_extra(&local, "abc", NULL));
	assert_int_equal(local.member.size, 0x10006);
}

static void sizes_behind_the_data_are_not_known_before(void **state)
{
	static const char header[] =
		LOCAL("\11\0", "\10\0", "\0\0\0\0\0\0\0\0\0\0\0\0",
		      "\1\0\0\0");
	struct pack_zip_local local;

	(void)state;
	assert_true(pack_zip_local(&local, header, NULL));
	assert_true(local.has_descriptor && local.member.is_encrypted);
	assert_true(pack_zip_local_extra(&local, "", NULL));
	assert_int_equal(local.member.packed, -1);
	assert_int_equal(local.member.size, -1);
}

static void wide_sizes_stand_in_the_extra_field(void **state)
{
	static const char header[] =
		LOCAL("\0\0", "\0\0",
		      "\0\0\0\0\377\377\377\377\377\377\377\377",
		      "\1\0\30\0");
	/* another field first, then ZIP64: size, packed */
	static const char extra[] = "\2\0\0\0"
				    "\1\0\20\0\0\0\0\0\2\0\0\0\0\0\0\0\1\0\0";
	static const char negative[] =
		"\2\0\0\0"
		"\1\0\20\0\0\0\0\0\0\0\0\200\0\0\0\0\1\0\0";
	struct pack_zip_local local;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(pack_zip_local(&local, header, NULL));
	assert_true(pack_zip_local_extra(&local, extra, NULL));
	assert_true(local.member.size == INT64_C(1) << 33);
	assert_true(local.member.packed == INT64_C(1) << 32);
	assert_true(pack_zip_local(&local, header, NULL));
	assert_false(pack_zip_local_extra(&local, negative, &err));
	assert_int_equal(err.kind, ERR_DATA);
	assert_true(pack_zip_local(&local, header, NULL));
	local.extra_len = 10; /* in the middle of ZIP64's */
	assert_false(pack_zip_local_extra(&local, extra, NULL));
}

static void the_directory_ends_the_members(void **state)
{
	static const char *const ends[] = { "PK\1\2", "PK\5\6", "PK\6\6" };
	struct pack_zip_local local;
	struct err err = ERR_EMPTY;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		assert_true(pack_zip_local(&local, ends[i], NULL));
		assert_true(local.is_end);
	}
	assert_false(pack_zip_local(&local, "PK\7\10", &err));
	assert_int_equal(err.kind, ERR_DATA);
}

static void a_descriptor_is_known_by_what_was_counted(void **state)
{
	static const struct {
		const char *bytes;
		size_t len, whole;
	} rows[] = {
		{ "PK\7\10\1\2\3\4\5\0\0\0\6\0\0\0PK", 18, 16 },
		{ "\1\2\3\4\5\0\0\0\6\0\0\0PK", 14, 12 },
		{ "PK\7\10\1\2\3\4\5\0\0\0\0\0\0\0\6\0\0\0\0\0\0\0", 24, 24 },
		{ "\1\2\3\4\5\0\0\0\0\0\0\0\6\0\0\0\0\0\0\0PK\1\2", 24, 20 },
		{ "PK\7\10\1\2\3\4\5\0\0\0\7\0\0\0", 16, 0 },
		{ "PK\7\10\1\2\3\4\5\0\0\0\6\0\0", 15, 0 },
		{ "\1\2\3", 3, 0 },
		{ "", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pack_zip_member member = { .size = -1, .packed = -1 };
		struct err err = ERR_EMPTY;
		size_t whole = pack_zip_descriptor(&member, rows[i].bytes,
						   rows[i].len, 5, 6, &err);

		assert_int_equal(whole, rows[i].whole);
		assert_int_equal(err.kind, whole > 0 ? ERR_NONE : ERR_DATA);
		assert_int_equal(member.size, whole > 0 ? 6 : -1);
		if (whole > 0)
			assert_int_equal(member.crc, 0x04030201);
	}
}

static void a_nul_in_a_name_is_not_its_end(void **state)
{
	static const char directory[] =
		"PK\1\2\24\0\24\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"\5\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0a\0../";
	CLEANUP(pack_zip_done) struct pack_zip zip = { 0 };
	char plain[] = "a.csv";

	(void)state;
	assert_true(pack_zip_read(&zip, directory, 51, NULL));
	assert_int_equal(zip.count, 1);
	assert_text(zip.items[0].name, "a?../");
	assert_true(zip.items[0].has_nul);
	assert_false(pack_zip_mend_name(plain, 5));
	assert_text(plain, "a.csv");
}

static void deflated_data_tell_their_own_end(void **state)
{
	/* "hi" of deflate's fixed codes, and what stands behind it */
	static const char bytes[] = "\313\310\4\0PK\7\10";
	struct pack_zip_member member = { .size = -1, .packed = -1,
					  .method = 8 };
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct sink sink = sink_to_str(&out);
	struct err err = ERR_EMPTY;
	CLEANUP(unzip_freep)
	struct unzip *unzip = unzip_new(&member, &sink, &err);

	(void)state;
	assert_non_null(unzip);
	assert_true(unzip_feed(unzip, bytes, 2, &err));
	assert_false(unzip_has_ended(unzip));
	assert_false(unzip_end(unzip, NULL));
	assert_true(unzip_feed(unzip, bytes + 2, 6, &err));
	assert_true(unzip_has_ended(unzip));
	assert_int_equal(unzip_unused(unzip), 4);
	assert_int_equal(unzip_size(unzip), 2);
	assert_text(out.text, "hi");
	member.size = 2;
	assert_false(unzip_end(unzip, &err));
	assert_non_null(strstr(err.message, "checksum"));
	member.crc = 0xd8932aac;
	assert_true(unzip_end(unzip, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stands_before_a_member_is_read),
		cmocka_unit_test(sizes_behind_the_data_are_not_known_before),
		cmocka_unit_test(wide_sizes_stand_in_the_extra_field),
		cmocka_unit_test(the_directory_ends_the_members),
		cmocka_unit_test(a_descriptor_is_known_by_what_was_counted),
		cmocka_unit_test(a_nul_in_a_name_is_not_its_end),
		cmocka_unit_test(deflated_data_tell_their_own_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
