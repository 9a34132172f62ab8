#include "../check.h"

#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"

/* FIPS 180-4 and RFC 1321 examples. */
static const struct {
	enum hash_kind kind;
	const char *text;
	const char *hex;
} digests[] = {
	{ HASH_SHA256, "abc",
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ HASH_SHA256, "",
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ HASH_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ HASH_MD5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
};

static void digests_match_published_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(digests); i++) {
		CLEANUP(str_done) struct str hex = STR_EMPTY;

		hash_add_hex(digests[i].kind, digests[i].text,
			     strlen(digests[i].text), &hex);
		assert_text(hex.text, digests[i].hex);
		assert_int_equal(hex.len, 2 * hash_size(digests[i].kind));
	}
}

static void feeding_in_pieces_gives_the_same_and_starts_anew(void **state)
{
	CLEANUP(hash_freep) struct hash *hash = hash_new(HASH_MD5);
	unsigned char pieces[HASH_MAX];
	unsigned char whole[HASH_MAX];

	(void)state;
	hash_bytes(HASH_MD5, "one two", 7, whole);
	for (int round = 0; round < 2; round++) {
		hash_feed(hash, "one", 3);
		hash_feed(hash, " two", 4);
		hash_finish(hash, pieces);
		assert_memory_equal(pieces, whole, 16);
	}
}

static void hmac_matches_rfc_4231_case_2(void **state)
{
	CLEANUP(str_done) struct str hex = STR_EMPTY;
	unsigned char mac[32];
	struct hash_key key = { "Jefe", 4 };

	(void)state;
	hash_hmac_sha256(key, "what do ya want for nothing?", 28, mac);
	encode_hex(&hex, mac, 32);
	assert_text(hex.text, "5bdcc146bf60754e6a042426089575c7"
			      "5a003f089d2739839dec58b964ec3843");
}

static void random_bytes_differ(void **state)
{
	unsigned char a[300];
	unsigned char b[300];

	(void)state;
	hash_random(a, sizeof(a));
	hash_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_match_published_examples),
		cmocka_unit_test(
			feeding_in_pieces_gives_the_same_and_starts_anew),
		cmocka_unit_test(hmac_matches_rfc_4231_case_2),
		cmocka_unit_test(random_bytes_differ),
	};

	return RUN_TESTS(tests);
}
