/* data/crc.h - the CRCs that S3 keeps of objects.
 *
 * Pure. Some 10 GB a second where the processor multiplies without carry,
 * 1.5 by tables elsewhere. Parameters: S3's CRC64NVME as in the NVM Express
 * specification 1.4 of the NVM command set, CRC32 as zlib, CRC32C as RFC 3720.
 */
#ifndef DATA_CRC_H
#define DATA_CRC_H

#include <stddef.h>
#include <stdint.h>

enum crc_kind {
	CRC_32,
	CRC_32C,
	CRC_64NVME,
	CRC_COUNT,
};

/* Start with 0, go on with the result. */
uint64_t crc_feed(enum crc_kind kind, uint64_t crc, const void *bytes,
		  size_t len);

/* The CRC of two texts one after the other, from theirs; cheap for any
 * length. */
uint64_t crc_join(enum crc_kind kind, uint64_t first, uint64_t second,
		  int64_t second_bytes);

size_t crc_size(enum crc_kind kind);	/* bytes: 4 or 8 */

/* The way by tables alone, on the inverted state; for its test. */
uint64_t crc_run_tables(enum crc_kind kind, uint64_t state, const void *bytes,
			size_t len);

#endif
