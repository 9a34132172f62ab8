#include "data/pack_blocks.h"

#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/str.h"
#include "data/pack_load.h"

struct block_packer {
	enum pack_kind kind;
	int level;
	z_stream gzip;
	ZSTD_CCtx *zstd;
};

bool pack_blocks_load(enum pack_kind kind, struct err *err)
{
	switch (kind) {
	case PACK_GZIP:
		return pack_load_zlib(err);
	case PACK_ZSTD:
		return pack_load_zstd(err);
	case PACK_BZIP2:
		return pack_load_bzip2(err);
	case PACK_NONE:
		return true;
	case PACK_LZOP:
	case PACK_AUTO:
		break;
	}
	return err_set(err, ERR_USAGE, "%s cannot be written here",
		       pack_name(kind));
}

struct block_packer *block_packer_new(enum pack_kind kind, int level)
{
	struct block_packer *packer = mem_alloc(sizeof(*packer));
	bool good = true;

	packer->kind = kind;
	packer->level = level;
	if (kind == PACK_GZIP) {
		/* -15: raw deflate, head and tail are written apart. */
		good = deflateInit2(&packer->gzip,
				    level ? level : Z_DEFAULT_COMPRESSION,
				    Z_DEFLATED, -15, 8,
				    Z_DEFAULT_STRATEGY) == Z_OK;
	} else if (kind == PACK_ZSTD) {
		packer->zstd = ZSTD_createCCtx();
		good = packer->zstd != NULL;
	}
	if (!good)
		abort();
	return packer;
}

void block_packer_free(struct block_packer *packer)
{
	if (packer == NULL)
		return;
	if (packer->kind == PACK_GZIP)
		deflateEnd(&packer->gzip);
	if (packer->zstd != NULL)
		ZSTD_freeCCtx(packer->zstd);
	mem_free(packer);
}

static void pack_gzip(struct block_packer *packer, const void *bytes,
		      size_t len, bool is_last, struct str *out)
{
	z_stream *z = &packer->gzip;
	size_t most;

	deflateReset(z);
	/* An empty stored block marks the end of the flush. */
	most = deflateBound(z, len) + 16;
	str_reserve(out, most);
	z->next_in = (unsigned char *)bytes;
	z->avail_in = (unsigned)len;
	z->next_out = (unsigned char *)out->text + out->len;
	z->avail_out = (unsigned)most;
	deflate(z, is_last ? Z_FINISH : Z_SYNC_FLUSH);
	if (z->avail_in > 0 || z->avail_out == 0)
		abort();
	out->len += most - z->avail_out;
}

static void pack_zstd(struct block_packer *packer, const void *bytes,
		      size_t len, struct str *out)
{
	size_t most = ZSTD_compressBound(len);
	size_t got;

	str_reserve(out, most);
	got = ZSTD_compressCCtx(packer->zstd, out->text + out->len, most,
				bytes, len, packer->level);
	if (ZSTD_isError(got))
		abort();
	out->len += got;
}

static void pack_bzip2(const struct block_packer *packer, const void *bytes,
		       size_t len, struct str *out)
{
	/* libbz2: "1% larger plus six hundred bytes" */
	unsigned most = (unsigned)(len + len / 100 + 601);

	str_reserve(out, most);
	if (BZ2_bzBuffToBuffCompress(out->text + out->len, &most,
				     (char *)bytes, (unsigned)len,
				     packer->level ? packer->level : 9, 0,
				     0) != BZ_OK)
		abort();
	out->len += most;
}

void pack_block(struct block_packer *packer, const void *bytes, size_t len,
		bool is_last, struct str *out, struct pack_blocks_sum *out_sum)
{
	out_sum->len = (int64_t)len;
	out_sum->crc = 0;
	if (packer->kind == PACK_GZIP) {
		out_sum->crc = (uint32_t)crc32_z(0, bytes, len);
		pack_gzip(packer, bytes, len, is_last, out);
	} else if (packer->kind == PACK_ZSTD) {
		pack_zstd(packer, bytes, len, out);
	} else if (packer->kind == PACK_BZIP2) {
		pack_bzip2(packer, bytes, len, out);
	} else {
		str_add_slice(out, bytes, len);
	}
	if (out->cap > 0)
		out->text[out->len] = '\0';
}

void pack_blocks_head(enum pack_kind kind, struct str *out)
{
	/* RFC 1952: deflate, no flags, no time, unknown system */
	static const char head[10] = "\x1f\x8b\x08\0\0\0\0\0\0\xff";

	if (kind == PACK_GZIP)
		str_add_slice(out, head, sizeof(head));
}

void pack_blocks_join(enum pack_kind kind, struct pack_blocks_sum *whole,
		      const struct pack_blocks_sum *next)
{
	if (kind == PACK_GZIP)
		whole->crc = (uint32_t)crc32_combine(whole->crc, next->crc,
						     (z_off_t)next->len);
	whole->len += next->len;
}

static void add_little(struct str *out, uint32_t number)
{
	for (int shift = 0; shift < 32; shift += 8)
		str_add_char(out, (char)(number >> shift));
}

void pack_blocks_tail(enum pack_kind kind, const struct pack_blocks_sum *whole,
		      struct str *out)
{
	if (kind != PACK_GZIP)
		return;
	add_little(out, whole->crc);
	add_little(out, (uint32_t)whole->len);
}
