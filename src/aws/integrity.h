/* aws/integrity.h - the checksums S3 keeps with objects, as they are sent.
 *
 * x-amz-checksum-NAME is the base64 of the bytes, highest first; a value
 * that ends in -N is one of a multipart upload's parts' checksums and says
 * nothing about the bytes in a row. CRCs of neighbours can be joined, so
 * that parts sent or received in any order give the whole's. Source: S3 user
 * guide, "Checking object integrity".
 */
#ifndef AWS_INTEGRITY_H
#define AWS_INTEGRITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash;
struct http_headers;
struct str;

/* The later, the rather it is taken when a reply names several. */
enum integrity_kind {
	INTEGRITY_NONE,
	INTEGRITY_SHA1,
	INTEGRITY_SHA256,
	INTEGRITY_CRC32,
	INTEGRITY_CRC32C,
	INTEGRITY_CRC64NVME,
	INTEGRITY_COUNT,
};

/* A running checksum. Zeros are an empty one of kind INTEGRITY_NONE. One of
 * a CRC kind may be copied as a value and needs no integrity_done. */
struct integrity {
	enum integrity_kind kind;
	int64_t bytes;		/* fed so far */
	uint64_t crc;
	struct hash *hash;	/* SHA kinds */
};

void integrity_start(struct integrity *sum, enum integrity_kind kind);
void integrity_feed(struct integrity *sum, const void *bytes, size_t len);
void integrity_done(struct integrity *sum);

/* Appends the value of the header; once for SHA kinds. */
void integrity_add(struct integrity *sum, struct str *out);

/* sum goes on with what next counted. False, sum as before: the kinds
 * differ or are none that can be joined. */
bool integrity_join(struct integrity *sum, const struct integrity *next);

/* Reads the value of a header back. False: not one of a CRC kind. */
bool integrity_parse(struct integrity *sum, enum integrity_kind kind,
		     const char *value, int64_t bytes);

/* "CRC64NVME" and "x-amz-checksum-crc64nvme"; "" for none. */
const char *integrity_name(enum integrity_kind kind);
const char *integrity_header(enum integrity_kind kind);
bool integrity_can_join(enum integrity_kind kind);

/* The best checksum of all the bytes among the headers of a reply and its
 * value (borrowed); INTEGRITY_NONE: there is none. */
enum integrity_kind integrity_find(const struct http_headers *headers,
				   const char **out_value);

#endif
