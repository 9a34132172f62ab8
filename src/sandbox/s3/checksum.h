/* sandbox/s3/checksum.h - the checksums S3 clients send with a body.
 *
 * x-amz-checksum-NAME is the base64 of the bytes, highest first. CRCs are
 * counted here by tables of their own, sixteen bytes a step (S3: CRC64NVME has
 * the reflected polynomial 9a6c9329ac4bc9b5, start and end inverted as the
 * other two).
 */
#ifndef SANDBOX_S3_CHECKSUM_H
#define SANDBOX_S3_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct checksum;
struct str;

/* name: "crc32", "crc32c", "crc64nvme", "sha1", "sha256", "md5"; NULL: that
 * one is unknown. */
struct checksum *checksum_new(const char *name);
void checksum_free(struct checksum *checksum); /* NULL is fine */
CLEANUP_FREE(struct checksum, checksum_free, checksum_freep)
const char *checksum_name(const struct checksum *checksum);
void checksum_feed(struct checksum *checksum, const void *bytes, size_t len);

/* Appends the base64; call once. */
void checksum_finish(struct checksum *checksum, struct str *out);

/* Bytes of that checksum; 0: unknown. */
size_t checksum_size(const char *name);

/* Is it a CRC, so that those of parts can be combined? */
bool checksum_is_crc(const char *name);

/* CRCs of a part and of the bytes after it, in base64, to that of both: *out
 * is replaced. false: not a CRC, or no base64 of it. */
bool checksum_combine(const char *name, const char *first, const char *second,
		      int64_t second_bytes, struct str *out);

/* The checksum of the parts' checksums (base64, in order), without "-N". */
bool checksum_compose(const char *name, const char *const *parts, size_t count,
		      struct str *out);

#endif
