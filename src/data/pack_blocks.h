/* data/pack_blocks.h - one compressed stream made of blocks that several
 * threads pack at the same time.
 *
 * gzip: each block is raw deflate that ends at a byte (Z_SYNC_FLUSH), the
 * last one ends the stream; head, blocks and tail are one member like any
 * other, as pigz makes them (RFC 1952, zlib's crc32_combine). zstd and bzip2:
 * a frame or stream a block, of which their formats allow many (RFC 8878
 * 3.1).
 *
 *	pack_blocks_head(kind, out)
 *	pack_block(packer, bytes, len, is_last, out, &sum)	any thread, each
 *								with its packer
 *	pack_blocks_join(kind, &whole, &sum)			in their order
 *	pack_blocks_tail(kind, &whole, out)
 */
#ifndef DATA_PACK_BLOCKS_H
#define DATA_PACK_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/pack.h"

struct block_packer;
struct str;

/* What gzip keeps of the plain bytes. Starts as { 0 }. */
struct pack_blocks_sum {
	uint32_t crc;
	int64_t len;
};

/* PACK_NONE, PACK_GZIP, PACK_ZSTD or PACK_BZIP2; to be called first. Fails
 * where the library is not there. */
bool pack_blocks_load(enum pack_kind kind, struct err *err);

/* level 0: the library's default. For one thread. */
struct block_packer *block_packer_new(enum pack_kind kind, int level);
void block_packer_free(struct block_packer *packer);	/* NULL is fine */
CLEANUP_FREE(struct block_packer, block_packer_free, block_packer_freep)

/* Appends to out. len is at most 1 GiB. */
void pack_block(struct block_packer *packer, const void *bytes, size_t len,
		bool is_last, struct str *out,
		struct pack_blocks_sum *out_sum);

void pack_blocks_head(enum pack_kind kind, struct str *out);
void pack_blocks_join(enum pack_kind kind, struct pack_blocks_sum *whole,
		      const struct pack_blocks_sum *next);
void pack_blocks_tail(enum pack_kind kind, const struct pack_blocks_sum *whole,
		      struct str *out);

#endif
