#include "data/pack.h"

#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/sink.h"
#include "data/pack_load.h"

#define CHUNK_BYTES ((size_t)64 << 10)
#define MAGIC_BYTES 6

/* zlib's and libbz2's counts are unsigned int: bytes go in by such pieces. */
#define PIECE_BYTES ((size_t)1 << 24)

static const struct {
	enum pack_kind kind;
	const char *name;
	const char *suffix;
	const char *magic;
	size_t magic_len;
} kinds[] = {
	{ PACK_GZIP, "gzip", ".gz", "\x1f\x8b", 2 },
	{ PACK_ZSTD, "zstd", ".zst", "\x28\xb5\x2f\xfd", 4 },
	{ PACK_BZIP2, "bzip2", ".bz2", "BZh", 3 },
	{ PACK_LZOP, "lzop", ".lzo", "\x89LZO", 4 },
};

enum pack_kind pack_detect(const void *bytes, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (len >= kinds[i].magic_len &&
		    memcmp(bytes, kinds[i].magic, kinds[i].magic_len) == 0)
			return kinds[i].kind;
	return PACK_NONE;
}

const char *pack_name(enum pack_kind kind)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return "none";
}

const char *pack_suffix(enum pack_kind kind)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].suffix;
	return "";
}

struct unpack {
	enum pack_kind kind;
	struct sink *sink;
	unsigned char magic[MAGIC_BYTES]; /* PACK_AUTO: first bytes */
	size_t magic_len;
	bool started;     /* the library's state is made */
	bool in_member;   /* inside a member or frame */
	bool seen_member; /* at least one was whole */
	z_stream gzip;
	bz_stream bzip2;
	ZSTD_DStream *zstd;
	char out[CHUNK_BYTES];
};

struct unpack *unpack_new(enum pack_kind kind, struct sink *sink)
{
	struct unpack *unpack = mem_alloc(sizeof(*unpack));

	unpack->kind = kind;
	unpack->sink = sink;
	return unpack;
}

static void stop_library(struct unpack *unpack)
{
	if (!unpack->started)
		return;
	unpack->started = false;
	if (unpack->kind == PACK_GZIP)
		inflateEnd(&unpack->gzip);
	if (unpack->kind == PACK_BZIP2)
		BZ2_bzDecompressEnd(&unpack->bzip2);
	if (unpack->kind == PACK_ZSTD)
		ZSTD_freeDStream(unpack->zstd);
}

void unpack_free(struct unpack *unpack)
{
	if (unpack == NULL)
		return;
	stop_library(unpack);
	mem_free(unpack);
}

enum pack_kind unpack_kind(const struct unpack *unpack)
{
	return unpack->kind;
}

static bool damaged(const struct unpack *unpack, const char *what,
		    struct err *err)
{
	return err_set(err, ERR_DATA, "the %s data are damaged%s%s",
		       pack_name(unpack->kind), what ? ": " : "",
		       what ? what : "");
}

static bool load_library(enum pack_kind kind, struct err *err)
{
	switch (kind) {
	case PACK_GZIP:
		return pack_load_zlib(err);
	case PACK_BZIP2:
		return pack_load_bzip2(err);
	case PACK_ZSTD:
		return pack_load_zstd(err);
	case PACK_LZOP:
	case PACK_NONE:
	case PACK_AUTO:
		break;
	}
	return true;
}

/* Beside a missing library they fail only for want of memory. */
static bool start_library(struct unpack *unpack, struct err *err)
{
	bool good = true;

	if (unpack->started)
		return true;
	if (!load_library(unpack->kind, err))
		return false;
	if (unpack->kind == PACK_GZIP) {
		memset(&unpack->gzip, 0, sizeof(unpack->gzip));
		good = inflateInit2(&unpack->gzip, 15 + 16) == Z_OK;
	} else if (unpack->kind == PACK_BZIP2) {
		memset(&unpack->bzip2, 0, sizeof(unpack->bzip2));
		good = BZ2_bzDecompressInit(&unpack->bzip2, 0, 0) == BZ_OK;
	} else if (unpack->kind == PACK_ZSTD) {
		unpack->zstd = ZSTD_createDStream();
		good = unpack->zstd != NULL;
	}
	if (!good)
		abort();
	unpack->started = true;
	return true;
}

/* gzip(1) ignores zeros that pad the end (tapes); other bytes are damage. */
static bool is_padding(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

static bool feed_gzip(struct unpack *unpack, const unsigned char *bytes,
		      size_t len, struct err *err)
{
	z_stream *z = &unpack->gzip;

	if (!start_library(unpack, err))
		return false;
	z->next_in = (unsigned char *)bytes;
	z->avail_in = (unsigned)len;
	do {
		int code;
		size_t made;

		if (!unpack->in_member && z->avail_in > 0) {
			if (unpack->seen_member &&
			    is_padding(z->next_in, z->avail_in))
				return true;
			unpack->in_member = true;
		}
		z->next_out = (unsigned char *)unpack->out;
		z->avail_out = CHUNK_BYTES;
		code = inflate(z, Z_NO_FLUSH);
		if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
			return damaged(unpack, z->msg, err);
		made = CHUNK_BYTES - z->avail_out;
		if (!sink_write(unpack->sink, unpack->out, made, err))
			return false;
		if (code == Z_STREAM_END) {
			unpack->in_member = false;
			unpack->seen_member = true;
			inflateReset(z);
		}
	} while (z->avail_in > 0 || (unpack->in_member && z->avail_out == 0));
	return true;
}

static bool feed_bzip2(struct unpack *unpack, const unsigned char *bytes,
		       size_t len, struct err *err)
{
	bz_stream *z = &unpack->bzip2;
	char *next = (char *)bytes;
	unsigned left = (unsigned)len;

	do {
		int code;

		if (!start_library(unpack, err))
			return false;
		unpack->in_member = true;
		z->next_in = next;
		z->avail_in = left;
		z->next_out = unpack->out;
		z->avail_out = CHUNK_BYTES;
		code = BZ2_bzDecompress(z);
		if (code != BZ_OK && code != BZ_STREAM_END)
			return damaged(unpack, NULL, err);
		next = z->next_in;
		left = z->avail_in;
		if (!sink_write(unpack->sink, unpack->out,
				CHUNK_BYTES - z->avail_out, err))
			return false;
		if (code == BZ_STREAM_END) {
			stop_library(unpack);
			unpack->in_member = false;
			unpack->seen_member = true;
		}
	} while (left > 0 || (unpack->in_member && z->avail_out == 0));
	return true;
}

static bool feed_zstd(struct unpack *unpack, const unsigned char *bytes,
		      size_t len, struct err *err)
{
	ZSTD_inBuffer in = { bytes, len, 0 };
	ZSTD_outBuffer out;

	do {
		size_t code;

		out = (ZSTD_outBuffer){ unpack->out, CHUNK_BYTES, 0 };
		code = ZSTD_decompressStream(unpack->zstd, &out, &in);
		if (ZSTD_isError(code))
			return damaged(unpack, ZSTD_getErrorName(code), err);
		if (!sink_write(unpack->sink, unpack->out, out.pos, err))
			return false;
		unpack->in_member = code != 0;
		unpack->seen_member |= code == 0;
	} while (in.pos < in.size || out.pos == CHUNK_BYTES);
	return true;
}

static bool feed_known(struct unpack *unpack, const unsigned char *bytes,
		       size_t len, struct err *err)
{
	if (len == 0)
		return true;
	switch (unpack->kind) {
	case PACK_GZIP:
		return feed_gzip(unpack, bytes, len, err);
	case PACK_BZIP2:
		return feed_bzip2(unpack, bytes, len, err);
	case PACK_ZSTD:
		return start_library(unpack, err) &&
		       feed_zstd(unpack, bytes, len, err);
	case PACK_LZOP:
		err_set(err, ERR_DATA, "lzop data cannot be read here");
		return err_hint(err, "compress with gzip, zstd or bzip2");
	case PACK_NONE:
	case PACK_AUTO:
		break;
	}
	return sink_write(unpack->sink, (const char *)bytes, len, err);
}

/* Decides the kind and hands on the bytes kept until then. */
static bool decide(struct unpack *unpack, struct err *err)
{
	unpack->kind = pack_detect(unpack->magic, unpack->magic_len);
	return feed_known(unpack, unpack->magic, unpack->magic_len, err);
}

bool unpack_feed(struct unpack *unpack, const void *bytes, size_t len,
		 struct err *err)
{
	const unsigned char *at = bytes;

	while (unpack->kind == PACK_AUTO && len > 0) {
		unpack->magic[unpack->magic_len++] = *at++;
		len--;
		if (unpack->magic_len == MAGIC_BYTES && !decide(unpack, err))
			return false;
	}
	while (len > 0) {
		size_t piece = len < PIECE_BYTES ? len : PIECE_BYTES;

		if (!feed_known(unpack, at, piece, err))
			return false;
		at += piece;
		len -= piece;
	}
	return true;
}

bool unpack_end(struct unpack *unpack, struct err *err)
{
	if (unpack->kind == PACK_AUTO && !decide(unpack, err))
		return false;
	if (unpack->kind == PACK_NONE)
		return true;
	if (unpack->in_member || !unpack->seen_member) {
		err_set(err, ERR_DATA, "the %s data are cut short",
			pack_name(unpack->kind));
		return err_hint(err, "transfer or compress the file again");
	}
	return true;
}

struct packer {
	enum pack_kind kind;
	int level;
	bool started; /* the library's state is made */
	struct sink *sink;
	z_stream gzip;
	bz_stream bzip2;
	ZSTD_CCtx *zstd;
	char out[CHUNK_BYTES];
};

struct packer *packer_new(enum pack_kind kind, int level, struct sink *sink)
{
	struct packer *packer = mem_alloc(sizeof(*packer));

	packer->kind = kind;
	packer->level = level;
	packer->sink = sink;
	return packer;
}

/* As start_library. */
static bool start_packer(struct packer *packer, struct err *err)
{
	int level = packer->level;
	bool good = true;

	if (packer->started)
		return true;
	if (!load_library(packer->kind, err))
		return false;
	if (packer->kind == PACK_GZIP) {
		good = deflateInit2(&packer->gzip,
				    level ? level : Z_DEFAULT_COMPRESSION,
				    Z_DEFLATED, 15 + 16, 8,
				    Z_DEFAULT_STRATEGY) == Z_OK;
	} else if (packer->kind == PACK_BZIP2) {
		good = BZ2_bzCompressInit(&packer->bzip2, level ? level : 9, 0,
					  0) == BZ_OK;
	} else if (packer->kind == PACK_ZSTD) {
		packer->zstd = ZSTD_createCCtx();
		good = packer->zstd != NULL;
		if (good && level)
			ZSTD_CCtx_setParameter(packer->zstd,
					       ZSTD_c_compressionLevel, level);
	}
	if (!good)
		abort();
	packer->started = true;
	return true;
}

static void stop_packer(struct packer *packer)
{
	if (!packer->started)
		return;
	if (packer->kind == PACK_GZIP)
		deflateEnd(&packer->gzip);
	if (packer->kind == PACK_BZIP2)
		BZ2_bzCompressEnd(&packer->bzip2);
	if (packer->kind == PACK_ZSTD)
		ZSTD_freeCCtx(packer->zstd);
}

void packer_free(struct packer *packer)
{
	if (packer == NULL)
		return;
	stop_packer(packer);
	mem_free(packer);
}

static bool pack_gzip(struct packer *packer, const void *bytes, size_t len,
		      bool is_last, struct err *err)
{
	z_stream *z = &packer->gzip;

	z->next_in = (unsigned char *)bytes;
	z->avail_in = (unsigned)len;
	do {
		z->next_out = (unsigned char *)packer->out;
		z->avail_out = CHUNK_BYTES;
		deflate(z, is_last ? Z_FINISH : Z_NO_FLUSH);
		if (!sink_write(packer->sink, packer->out,
				CHUNK_BYTES - z->avail_out, err))
			return false;
	} while (z->avail_out == 0);
	return true;
}

static bool pack_bzip2(struct packer *packer, const void *bytes, size_t len,
		       bool is_last, struct err *err)
{
	bz_stream *z = &packer->bzip2;
	int code;

	z->next_in = (char *)bytes;
	z->avail_in = (unsigned)len;
	do {
		z->next_out = packer->out;
		z->avail_out = CHUNK_BYTES;
		code = BZ2_bzCompress(z, is_last ? BZ_FINISH : BZ_RUN);
		if (!sink_write(packer->sink, packer->out,
				CHUNK_BYTES - z->avail_out, err))
			return false;
	} while (is_last ? code != BZ_STREAM_END : z->avail_in > 0);
	return true;
}

static bool pack_zstd(struct packer *packer, const void *bytes, size_t len,
		      bool is_last, struct err *err)
{
	ZSTD_inBuffer in = { bytes, len, 0 };
	bool more;

	do {
		ZSTD_outBuffer out = { packer->out, CHUNK_BYTES, 0 };
		size_t rest = ZSTD_compressStream2(packer->zstd, &out, &in,
						   is_last ? ZSTD_e_end
							   : ZSTD_e_continue);

		if (ZSTD_isError(rest))
			abort();
		if (!sink_write(packer->sink, packer->out, out.pos, err))
			return false;
		more = is_last ? rest > 0 : in.pos < in.size;
	} while (more);
	return true;
}

static bool pack_piece(struct packer *packer, const void *bytes, size_t len,
		       bool is_last, struct err *err)
{
	if (!start_packer(packer, err))
		return false;
	if (packer->kind == PACK_GZIP)
		return pack_gzip(packer, bytes, len, is_last, err);
	if (packer->kind == PACK_BZIP2)
		return pack_bzip2(packer, bytes, len, is_last, err);
	if (packer->kind == PACK_ZSTD)
		return pack_zstd(packer, bytes, len, is_last, err);
	return sink_write(packer->sink, bytes, len, err);
}

bool packer_feed(struct packer *packer, const void *bytes, size_t len,
		 struct err *err)
{
	const char *at = bytes;

	while (len > 0) {
		size_t piece = len < PIECE_BYTES ? len : PIECE_BYTES;

		if (!pack_piece(packer, at, piece, false, err))
			return false;
		at += piece;
		len -= piece;
	}
	return true;
}

bool packer_end(struct packer *packer, struct err *err)
{
	return pack_piece(packer, "", 0, true, err);
}
