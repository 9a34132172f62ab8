#include "data/pack_load.h"

#include <bzlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/lazy.h"

/* ---- zlib ---- */

#define ZLIB_FUNCTIONS(ROW)                                                    \
	ROW(int, inflateInit2_,                                                \
	    (z_stream * stream, int bits, const char *version, int bytes),     \
	    (stream, bits, version, bytes))                                    \
	ROW(int, inflate, (z_stream * stream, int flush), (stream, flush))     \
	ROW(int, inflateReset, (z_stream * stream), (stream))                  \
	ROW(int, inflateEnd, (z_stream * stream), (stream))                    \
	ROW(int, deflateInit2_,                                                \
	    (z_stream * stream, int level, int method, int bits, int memory,   \
	     int strategy, const char *version, int bytes),                    \
	    (stream, level, method, bits, memory, strategy, version, bytes))   \
	ROW(int, deflate, (z_stream * stream, int flush), (stream, flush))     \
	ROW(int, deflateEnd, (z_stream * stream), (stream))                    \
	ROW(int, deflateReset, (z_stream * stream), (stream))                  \
	ROW(uLong, deflateBound, (z_stream * stream, uLong len),               \
	    (stream, len))                                                     \
	ROW(uLong, crc32_combine, (uLong one, uLong two, z_off_t len),         \
	    (one, two, len))                                                   \
	ROW(uLong, crc32_z, (uLong crc, const Bytef *bytes, z_size_t len),     \
	    (crc, bytes, len))                                                 \
	ROW(uLong, adler32_z, (uLong sum, const Bytef *bytes, z_size_t len),   \
	    (sum, bytes, len))

#define LAZY_LIBRARY zlib
LAZY_DEFINE(ZLIB_FUNCTIONS, ZLIB_SONAME, "zlib1g",
	    "files of gzip and zip need it")

bool pack_load_zlib(struct err *err)
{
	return lazy_load(&zlib, err);
}

/* ---- zstd ---- */

#define ZSTD_FUNCTIONS(ROW)                                                    \
	ROW(unsigned, ZSTD_isError, (size_t code), (code))                     \
	ROW(const char *, ZSTD_getErrorName, (size_t code), (code))            \
	ROW(ZSTD_DStream *, ZSTD_createDStream, (void), ())                    \
	ROW(size_t, ZSTD_freeDStream, (ZSTD_DStream * stream), (stream))       \
	ROW(size_t, ZSTD_decompressStream,                                     \
	    (ZSTD_DStream * stream, ZSTD_outBuffer * out, ZSTD_inBuffer * in), \
	    (stream, out, in))                                                 \
	ROW(ZSTD_CCtx *, ZSTD_createCCtx, (void), ())                          \
	ROW(size_t, ZSTD_freeCCtx, (ZSTD_CCtx * context), (context))           \
	ROW(size_t, ZSTD_CCtx_setParameter,                                    \
	    (ZSTD_CCtx * context, ZSTD_cParameter what, int value),            \
	    (context, what, value))                                            \
	ROW(size_t, ZSTD_compressStream2,                                      \
	    (ZSTD_CCtx * context, ZSTD_outBuffer * out, ZSTD_inBuffer * in,    \
	     ZSTD_EndDirective end),                                           \
	    (context, out, in, end))                                           \
	ROW(size_t, ZSTD_compressBound, (size_t len), (len))                   \
	ROW(size_t, ZSTD_compressCCtx,                                         \
	    (ZSTD_CCtx * context, void *to, size_t room, const void *bytes,    \
	     size_t len, int level),                                           \
	    (context, to, room, bytes, len, level))

#undef LAZY_LIBRARY
#define LAZY_LIBRARY zstd
LAZY_DEFINE(ZSTD_FUNCTIONS, ZSTD_SONAME, "libzstd1", "files of zstd need it")

bool pack_load_zstd(struct err *err)
{
	return lazy_load(&zstd, err);
}

/* ---- bzip2 ---- */

#define BZIP2_FUNCTIONS(ROW)                                                   \
	ROW(int, BZ2_bzDecompressInit,                                         \
	    (bz_stream * stream, int verbosity, int small),                    \
	    (stream, verbosity, small))                                        \
	ROW(int, BZ2_bzDecompress, (bz_stream * stream), (stream))             \
	ROW(int, BZ2_bzDecompressEnd, (bz_stream * stream), (stream))          \
	ROW(int, BZ2_bzCompressInit,                                           \
	    (bz_stream * stream, int blocks, int verbosity, int effort),       \
	    (stream, blocks, verbosity, effort))                               \
	ROW(int, BZ2_bzCompress, (bz_stream * stream, int action),             \
	    (stream, action))                                                  \
	ROW(int, BZ2_bzCompressEnd, (bz_stream * stream), (stream))            \
	ROW(int, BZ2_bzBuffToBuffCompress,                                     \
	    (char *to, unsigned *room, char *bytes, unsigned len, int blocks,  \
	     int verbosity, int effort),                                       \
	    (to, room, bytes, len, blocks, verbosity, effort))

#undef LAZY_LIBRARY
#define LAZY_LIBRARY bzip2
LAZY_DEFINE(BZIP2_FUNCTIONS, BZIP2_SONAME, "libbz2-1.0",
	    "files of bzip2 need it")

bool pack_load_bzip2(struct err *err)
{
	return lazy_load(&bzip2, err);
}
