#include "aws/integrity.h"

#include <string.h>

#include "base/str.h"
#include "data/crc.h"
#include "data/encode.h"
#include "data/hash.h"
#include "net/http.h"

static const struct {
	const char *name;
	const char *header;
	bool is_crc;
	enum crc_kind crc;
	enum hash_kind hash;
} kinds[INTEGRITY_COUNT] = {
	[INTEGRITY_NONE] = { .name = "", .header = "" },
	[INTEGRITY_SHA1] = { .name = "SHA1",
			     .header = "x-amz-checksum-sha1",
			     .hash = HASH_SHA1 },
	[INTEGRITY_SHA256] = { .name = "SHA256",
			       .header = "x-amz-checksum-sha256",
			       .hash = HASH_SHA256 },
	[INTEGRITY_CRC32] = { .name = "CRC32",
			      .header = "x-amz-checksum-crc32",
			      .is_crc = true,
			      .crc = CRC_32 },
	[INTEGRITY_CRC32C] = { .name = "CRC32C",
			       .header = "x-amz-checksum-crc32c",
			       .is_crc = true,
			       .crc = CRC_32C },
	[INTEGRITY_CRC64NVME] = { .name = "CRC64NVME",
				  .header = "x-amz-checksum-crc64nvme",
				  .is_crc = true,
				  .crc = CRC_64NVME },
};

void integrity_done(struct integrity *sum)
{
	hash_free(sum->hash);
	memset(sum, 0, sizeof(*sum));
}

void integrity_start(struct integrity *sum, enum integrity_kind kind)
{
	integrity_done(sum);
	sum->kind = kind;
	if (kind != INTEGRITY_NONE && !kinds[kind].is_crc)
		sum->hash = hash_new(kinds[kind].hash);
}

void integrity_feed(struct integrity *sum, const void *bytes, size_t len)
{
	sum->bytes += (int64_t)len;
	if (sum->hash != NULL)
		hash_feed(sum->hash, bytes, len);
	else if (sum->kind != INTEGRITY_NONE)
		sum->crc = crc_feed(kinds[sum->kind].crc, sum->crc, bytes, len);
}

void integrity_add(struct integrity *sum, struct str *out)
{
	unsigned char bytes[HASH_MAX];
	size_t len;

	if (sum->kind == INTEGRITY_NONE)
		return;
	if (sum->hash != NULL) {
		hash_finish(sum->hash, bytes);
		encode_base64(out, bytes, hash_size(kinds[sum->kind].hash));
		return;
	}
	len = crc_size(kinds[sum->kind].crc);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (unsigned char)(sum->crc >> (8 * (len - 1 - i)));
	encode_base64(out, bytes, len);
}

bool integrity_can_join(enum integrity_kind kind)
{
	return kinds[kind].is_crc;
}

bool integrity_join(struct integrity *sum, const struct integrity *next)
{
	if (sum->kind != next->kind || !kinds[sum->kind].is_crc)
		return false;
	sum->crc = crc_join(kinds[sum->kind].crc, sum->crc, next->crc,
			    next->bytes);
	sum->bytes += next->bytes;
	return true;
}

bool integrity_parse(struct integrity *sum, enum integrity_kind kind,
		     const char *value, int64_t bytes)
{
	CLEANUP(str_done) struct str raw = STR_EMPTY;

	if (!kinds[kind].is_crc || strchr(value, '-') != NULL ||
	    !encode_unbase64(&raw, value, strlen(value)) ||
	    raw.len != crc_size(kinds[kind].crc))
		return false;
	integrity_start(sum, kind);
	sum->bytes = bytes;
	for (size_t i = 0; i < raw.len; i++)
		sum->crc = sum->crc << 8 | (unsigned char)raw.text[i];
	return true;
}

const char *integrity_name(enum integrity_kind kind)
{
	return kinds[kind].name;
}

const char *integrity_header(enum integrity_kind kind)
{
	return kinds[kind].header;
}

enum integrity_kind integrity_find(const struct http_headers *headers,
				   const char **out_value)
{
	const char *type = http_headers_get(headers, "x-amz-checksum-type");

	if (type != NULL && str_equal_nocase(type, "COMPOSITE"))
		return INTEGRITY_NONE;
	for (int kind = INTEGRITY_COUNT - 1; kind > INTEGRITY_NONE; kind--) {
		const char *value =
			http_headers_get(headers, kinds[kind].header);

		if (value == NULL || strchr(value, '-') != NULL)
			continue;
		*out_value = value;
		return (enum integrity_kind)kind;
	}
	return INTEGRITY_NONE;
}
