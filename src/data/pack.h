/* data/pack.h - compressed streams: gzip, zstd, bzip2.
 *
 * Bytes go in in pieces, plain bytes come out at a sink. Several members or
 * frames one after another are one stream, as gzip(1) and COPY have it.
 */
#ifndef DATA_PACK_H
#define DATA_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct sink;
struct unpack;
struct packer;

enum pack_kind {
	PACK_NONE,	/* bytes pass as they are */
	PACK_GZIP,
	PACK_ZSTD,
	PACK_BZIP2,
	PACK_LZOP,	/* known by its magic only; data/lzop reads it */
	PACK_AUTO,	/* for unpack_new: by the magic of the first bytes */
};

/* From the first bytes (6 are enough, fewer may say PACK_NONE). */
enum pack_kind pack_detect(const void *bytes, size_t len);

/* "gzip", "zstd", "bzip2", "lzop", "none"; COPY's words are these. */
const char *pack_name(enum pack_kind kind);

/* ".gz", ".zst", ".bz2", ".lzo", "". */
const char *pack_suffix(enum pack_kind kind);

/* sink is borrowed until unpack_free. */
struct unpack *unpack_new(enum pack_kind kind, struct sink *sink);
void unpack_free(struct unpack *unpack);	/* NULL is fine */
CLEANUP_FREE(struct unpack, unpack_free, unpack_freep)

/* ERR_DATA: not of that kind, or damaged; sink errors pass through. */
bool unpack_feed(struct unpack *unpack, const void *bytes, size_t len,
		 struct err *err);

/* After the last byte; ERR_DATA "... is cut short" in mid-stream. Who reads
 * only a sample does not call it. */
bool unpack_end(struct unpack *unpack, struct err *err);

/* What it turned out to be; PACK_AUTO before enough bytes came. */
enum pack_kind unpack_kind(const struct unpack *unpack);

/* PACK_NONE, PACK_GZIP or PACK_ZSTD or PACK_BZIP2; level 0: the library's
 * default. sink is borrowed until packer_free. */
struct packer *packer_new(enum pack_kind kind, int level, struct sink *sink);
void packer_free(struct packer *packer);	/* NULL is fine */
CLEANUP_FREE(struct packer, packer_free, packer_freep)
bool packer_feed(struct packer *packer, const void *bytes, size_t len,
		 struct err *err);
bool packer_end(struct packer *packer, struct err *err);

#endif
