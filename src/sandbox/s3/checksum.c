#include "sandbox/s3/checksum.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"

struct kind {
	const char *name;
	size_t crc_bytes;    /* 0: a digest of data/hash */
	uint64_t polynomial; /* reflected */
	enum hash_kind digest;
};

static const struct kind kinds[] = {
	{ .name = "crc32", .crc_bytes = 4, .polynomial = 0xedb88320 },
	{ .name = "crc32c", .crc_bytes = 4, .polynomial = 0x82f63b78 },
	{ .name = "crc64nvme",
	  .crc_bytes = 8,
	  .polynomial = 0x9a6c9329ac4bc9b5 },
	{ .name = "sha1", .digest = HASH_SHA1 },
	{ .name = "sha256", .digest = HASH_SHA256 },
	{ .name = "md5", .digest = HASH_MD5 },
};

enum { STEP = 16 };

struct checksum {
	const struct kind *kind;
	struct hash *hash; /* digests */
	uint64_t crc;      /* CRCs, inverted as they run */
	/* table[n]: what a byte does to the CRC n bytes further on */
	uint64_t table[STEP][256];
};

static void fill_tables(struct checksum *checksum)
{
	for (unsigned i = 0; i < 256; i++) {
		uint64_t crc = i;

		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^
			      ((crc & 1) ? checksum->kind->polynomial : 0);
		checksum->table[0][i] = crc;
	}
	for (size_t n = 1; n < STEP; n++)
		for (unsigned i = 0; i < 256; i++) {
			uint64_t crc = checksum->table[n - 1][i];

			checksum->table[n][i] =
				checksum->table[0][crc & 0xff] ^ (crc >> 8);
		}
}

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

struct checksum *checksum_new(const char *name)
{
	const struct kind *kind = find_kind(name);
	struct checksum *checksum;

	if (kind == NULL)
		return NULL;
	checksum = mem_alloc(sizeof(*checksum));
	checksum->kind = kind;
	if (kind->crc_bytes == 0) {
		checksum->hash = hash_new(kind->digest);
		return checksum;
	}
	checksum->crc = kind->crc_bytes == 8 ? UINT64_MAX : UINT32_MAX;
	fill_tables(checksum);
	return checksum;
}

void checksum_free(struct checksum *checksum)
{
	if (checksum == NULL)
		return;
	hash_free(checksum->hash);
	mem_free(checksum);
}

const char *checksum_name(const struct checksum *checksum)
{
	return checksum->kind->name;
}

/* The lowest byte comes first, whatever the machine. */
static uint64_t word_at(const unsigned char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return le64toh(word);
}

/* What eight bytes do that end where table[0] stands for the last one. */
static uint64_t look_up(const uint64_t (*table)[256], uint64_t word)
{
	return table[7][word & 0xff] ^ table[6][word >> 8 & 0xff] ^
	       table[5][word >> 16 & 0xff] ^ table[4][word >> 24 & 0xff] ^
	       table[3][word >> 32 & 0xff] ^ table[2][word >> 40 & 0xff] ^
	       table[1][word >> 48 & 0xff] ^ table[0][word >> 56];
}

static uint64_t feed_step(const struct checksum *checksum, uint64_t crc,
			  const unsigned char *at)
{
	const uint64_t(*table)[256] = checksum->table;

	return look_up(table + 8, word_at(at) ^ crc) ^
	       look_up(table, word_at(at + 8));
}

void checksum_feed(struct checksum *checksum, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t crc = checksum->crc;

	if (checksum->hash != NULL) {
		hash_feed(checksum->hash, bytes, len);
		return;
	}
	for (; len >= STEP; at += STEP, len -= STEP)
		crc = feed_step(checksum, crc, at);
	for (; len > 0; at++, len--)
		crc = checksum->table[0][(crc ^ *at) & 0xff] ^ (crc >> 8);
	checksum->crc = crc;
}

static void put_crc(uint64_t crc, size_t len, struct str *out)
{
	unsigned char bytes[sizeof(crc)];

	for (size_t i = 0; i < len; i++)
		bytes[i] = (unsigned char)(crc >> (8 * (len - 1 - i)));
	encode_base64(out, bytes, len);
}

void checksum_finish(struct checksum *checksum, struct str *out)
{
	unsigned char bytes[HASH_MAX];

	if (checksum->hash == NULL) {
		put_crc(~checksum->crc, checksum->kind->crc_bytes, out);
		return;
	}
	hash_finish(checksum->hash, bytes);
	encode_base64(out, bytes, hash_size(checksum->kind->digest));
}

size_t checksum_size(const char *name)
{
	const struct kind *kind = find_kind(name);

	if (kind == NULL)
		return 0;
	return kind->crc_bytes > 0 ? kind->crc_bytes : hash_size(kind->digest);
}

bool checksum_is_crc(const char *name)
{
	const struct kind *kind = find_kind(name);

	return kind != NULL && kind->crc_bytes > 0;
}

/* --- of parts --- */

/* The product of two polynomials modulo the kind's; the highest bit is x^0. */
static uint64_t multiply(const struct kind *kind, uint64_t a, uint64_t b)
{
	uint64_t bit = UINT64_C(1) << (8 * kind->crc_bytes - 1);
	uint64_t product = 0;

	for (; bit != 0; bit >>= 1) {
		if (a & bit)
			product ^= b;
		b = (b >> 1) ^ ((b & 1) ? kind->polynomial : 0);
	}
	return product;
}

/* x^(8 * bytes): what so many zero bytes do to a CRC before them. */
static uint64_t power_of(const struct kind *kind, int64_t bytes)
{
	uint64_t one = UINT64_C(1) << (8 * kind->crc_bytes - 1);
	uint64_t square = one >> 8; /* x^8 */
	uint64_t power = one;

	for (; bytes > 0; bytes >>= 1) {
		if (bytes & 1)
			power = multiply(kind, power, square);
		square = multiply(kind, square, square);
	}
	return power;
}

static bool read_crc(const struct kind *kind, const char *text, uint64_t *out)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;

	if (!encode_unbase64(&bytes, text, strlen(text)) ||
	    bytes.len != kind->crc_bytes)
		return false;
	*out = 0;
	for (size_t i = 0; i < bytes.len; i++)
		*out = *out << 8 | (unsigned char)bytes.text[i];
	return true;
}

bool checksum_combine(const char *name, const char *first, const char *second,
		      int64_t second_bytes, struct str *out)
{
	const struct kind *kind = find_kind(name);
	uint64_t a;
	uint64_t b;

	if (kind == NULL || kind->crc_bytes == 0 ||
	    !read_crc(kind, first, &a) || !read_crc(kind, second, &b))
		return false;
	str_clear(out);
	put_crc(multiply(kind, power_of(kind, second_bytes), a) ^ b,
		kind->crc_bytes, out);
	return true;
}

bool checksum_compose(const char *name, const char *const *parts, size_t count,
		      struct str *out)
{
	CLEANUP(checksum_freep) struct checksum *checksum = checksum_new(name);
	CLEANUP(str_done) struct str bytes = STR_EMPTY;

	if (checksum == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!encode_unbase64(&bytes, parts[i], strlen(parts[i])))
			return false;
	checksum_feed(checksum, bytes.text, bytes.len);
	checksum_finish(checksum, out);
	return true;
}
