#include "sandbox/checksum.h"

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

struct checksum {
	const struct kind *kind;
	struct hash *hash; /* digests */
	uint64_t crc;      /* CRCs, inverted as they run */
	uint64_t table[256];
};

static void fill_table(struct checksum *checksum)
{
	for (unsigned i = 0; i < COUNT_OF(checksum->table); i++) {
		uint64_t crc = i;

		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^
			      ((crc & 1) ? checksum->kind->polynomial : 0);
		checksum->table[i] = crc;
	}
}

struct checksum *checksum_new(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct checksum *checksum;

		if (strcmp(kinds[i].name, name) != 0)
			continue;
		checksum = mem_alloc(sizeof(*checksum));
		checksum->kind = &kinds[i];
		if (kinds[i].crc_bytes == 0) {
			checksum->hash = hash_new(kinds[i].digest);
			return checksum;
		}
		checksum->crc =
			kinds[i].crc_bytes == 8 ? UINT64_MAX : UINT32_MAX;
		fill_table(checksum);
		return checksum;
	}
	return NULL;
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

void checksum_feed(struct checksum *checksum, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t crc = checksum->crc;

	if (checksum->hash != NULL) {
		hash_feed(checksum->hash, bytes, len);
		return;
	}
	for (size_t i = 0; i < len; i++)
		crc = checksum->table[(crc ^ at[i]) & 0xff] ^ (crc >> 8);
	checksum->crc = crc;
}

void checksum_finish(struct checksum *checksum, struct str *out)
{
	unsigned char bytes[HASH_MAX];
	size_t len = checksum->kind->crc_bytes;

	if (checksum->hash != NULL) {
		hash_finish(checksum->hash, bytes);
		len = hash_size(checksum->kind->digest);
	}
	for (size_t i = 0; checksum->hash == NULL && i < len; i++)
		bytes[i] =
			(unsigned char)(~checksum->crc >> (8 * (len - 1 - i)));
	encode_base64(out, bytes, len);
}
