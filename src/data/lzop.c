#include "data/lzop.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <lzo/lzo1x.h>
#include <zlib.h>

#include "base/sink.h"
#include "base/str.h"
#include "data/pack_load.h"

/* A file is members one after another; a member is magic, header, blocks and
 * a length of 0. All numbers are big-endian.
 *
 *   header   version:2 library:2 needed:2 method:1 level:1 flags:4 mode:4
 *            mtime:4+4 name-length:1 name checksum:4
 *   extra    length:4 bytes checksum:4, if FLAG_EXTRA
 *   block    plain-length:4 packed-length:4 checksums:4 each, bytes
 *
 * A block has the checksums of its plain bytes that the flags name, then
 * those of its packed ones, which are left out where it is stored unpacked.
 */
#define MAGIC "\x89LZO\0\r\n\x1a\n"

enum {
	MAGIC_BYTES = 9,
	FIXED_BYTES = 25, /* of the header, up to the length of the name */
	EXTRA_MAX_BYTES = 1 << 20,
	BLOCK_MAX_BYTES = 64 << 20,
	SPLIT_MARK = -1, /* in place of a length: more in another file */

	OLDEST = 0x0940, /* shorter headers before that */
	NEWEST = 0x1040,
	METHOD_FIRST = 1, /* LZO1X-1, LZO1X-1(15), LZO1X-999 */
	METHOD_LAST = 3,

	FLAG_ADLER_PLAIN = 0x1,
	FLAG_ADLER_PACKED = 0x2,
	FLAG_EXTRA = 0x40,
	FLAG_CRC_PLAIN = 0x100,
	FLAG_CRC_PACKED = 0x200,
	FLAG_MULTIPART = 0x400,
	FLAG_FILTER = 0x800,
	FLAG_CRC_HEADER = 0x1000,
};

struct lzop {
	struct sink *sink;
	struct str have; /* of what the step takes */
	size_t need;     /* bytes it takes */
	bool (*step)(struct lzop *lzop, struct err *err);
	bool seen_member;  /* at least one was whole */
	struct str header; /* without magic, for its checksum */
	uint32_t flags;
	uint32_t plain_len; /* of the block */
	uint32_t packed_len;
	struct str plain;
};

static bool damaged(const char *what, struct err *err)
{
	return err_set(err, ERR_DATA, "the lzop data are damaged: %s", what);
}

static uint32_t read32(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	       (uint32_t)b[2] << 8 | b[3];
}

static uint32_t read16(const char *at)
{
	return read32(at) >> 16;
}

static uint32_t sum_of(bool is_crc, const char *bytes, size_t len)
{
	const unsigned char *at = (const unsigned char *)bytes;

	return (uint32_t)(is_crc ? crc32_z(0, at, len) : adler32_z(1, at, len));
}

static void await(struct lzop *lzop, size_t need,
		  bool (*step)(struct lzop *lzop, struct err *err))
{
	lzop->need = need;
	lzop->step = step;
}

static bool take_magic(struct lzop *lzop, struct err *err);
static bool take_plain_len(struct lzop *lzop, struct err *err);

/* --- blocks --- */

/* How many of the flags are set: so many checksums there are. */
static size_t sums(const struct lzop *lzop, uint32_t adler, uint32_t crc)
{
	return (lzop->flags & adler ? 1 : 0) + (lzop->flags & crc ? 1 : 0);
}

/* The checksums at *at, which moves behind them, against these bytes. */
static bool check_sums(const struct lzop *lzop, const char **at,
		       const uint32_t flags[2], const char *bytes, size_t len)
{
	for (int is_crc = 0; is_crc < 2; is_crc++) {
		if ((lzop->flags & flags[is_crc]) == 0)
			continue;
		if (read32(*at) != sum_of(is_crc, bytes, len))
			return false;
		*at += 4;
	}
	return true;
}

static bool unpack_block(struct lzop *lzop, const char *packed, struct err *err)
{
	lzo_uint len = lzop->plain_len;
	int code;

	str_clear(&lzop->plain);
	str_reserve(&lzop->plain, len);
	code = lzo1x_decompress_safe(
		(const unsigned char *)packed, lzop->packed_len,
		(unsigned char *)lzop->plain.text, &len, NULL);
	if (code != LZO_E_OK || len != lzop->plain_len)
		return damaged("a block cannot be unpacked", err);
	lzop->plain.len = len;
	return true;
}

static bool take_block(struct lzop *lzop, struct err *err)
{
	static const uint32_t plain[2] = { FLAG_ADLER_PLAIN, FLAG_CRC_PLAIN };
	static const uint32_t packed[2] = { FLAG_ADLER_PACKED,
					    FLAG_CRC_PACKED };
	const char *plain_sums = lzop->have.text;
	const char *packed_sums =
		plain_sums + 4 * sums(lzop, plain[0], plain[1]);
	const char *body = lzop->have.text + lzop->need - lzop->packed_len;
	const char *text = body;

	await(lzop, 4, take_plain_len);
	if (lzop->packed_len < lzop->plain_len) {
		if (!check_sums(lzop, &packed_sums, packed, body,
				lzop->packed_len))
			return damaged("a block has another checksum", err);
		if (!unpack_block(lzop, body, err))
			return false;
		text = lzop->plain.text;
	}
	if (!check_sums(lzop, &plain_sums, plain, text, lzop->plain_len))
		return damaged("a block has another checksum", err);
	return sink_write(lzop->sink, text, lzop->plain_len, err);
}

static bool take_packed_len(struct lzop *lzop, struct err *err)
{
	size_t count = sums(lzop, FLAG_ADLER_PLAIN, FLAG_CRC_PLAIN);

	lzop->packed_len = read32(lzop->have.text);
	if (lzop->packed_len == 0 || lzop->packed_len > lzop->plain_len)
		return damaged("a block has an impossible length", err);
	if (lzop->packed_len < lzop->plain_len)
		count += sums(lzop, FLAG_ADLER_PACKED, FLAG_CRC_PACKED);
	await(lzop, 4 * count + lzop->packed_len, take_block);
	return true;
}

static bool take_plain_len(struct lzop *lzop, struct err *err)
{
	lzop->plain_len = read32(lzop->have.text);
	if (lzop->plain_len == 0) {
		lzop->seen_member = true;
		await(lzop, MAGIC_BYTES, take_magic);
		return true;
	}
	if (lzop->plain_len == (uint32_t)SPLIT_MARK)
		return err_set(err, ERR_DATA,
			       "the lzop data are split over several files");
	if (lzop->plain_len > BLOCK_MAX_BYTES)
		return damaged("a block has an impossible length", err);
	await(lzop, 4, take_packed_len);
	return true;
}

/* --- the header --- */

/* text ends in the checksum of what is before it. */
static bool check_header(const struct lzop *lzop, const char *text, size_t len,
			 struct err *err)
{
	bool is_crc = (lzop->flags & FLAG_CRC_HEADER) != 0;

	if (read32(text + len - 4) != sum_of(is_crc, text, len - 4))
		return damaged("the header has another checksum", err);
	return true;
}

static bool take_extra(struct lzop *lzop, struct err *err)
{
	str_add_slice(&lzop->header, lzop->have.text, lzop->have.len);
	if (!check_header(lzop, lzop->header.text, lzop->header.len, err))
		return false;
	await(lzop, 4, take_plain_len);
	return true;
}

static bool take_extra_len(struct lzop *lzop, struct err *err)
{
	uint32_t len = read32(lzop->have.text);

	if (len > EXTRA_MAX_BYTES)
		return damaged("the header has an impossible length", err);
	str_clear(&lzop->header);
	str_add_slice(&lzop->header, lzop->have.text, lzop->have.len);
	await(lzop, (size_t)len + 4, take_extra);
	return true;
}

static bool take_name(struct lzop *lzop, struct err *err)
{
	str_add_slice(&lzop->header, lzop->have.text, lzop->have.len);
	if (!check_header(lzop, lzop->header.text, lzop->header.len, err))
		return false;
	if (lzop->flags & FLAG_EXTRA)
		await(lzop, 4, take_extra_len);
	else
		await(lzop, 4, take_plain_len);
	return true;
}

static bool take_fixed(struct lzop *lzop, struct err *err)
{
	const char *text = lzop->have.text;
	unsigned char method = (unsigned char)text[6];

	if (read16(text) < OLDEST)
		return err_set(err, ERR_DATA,
			       "the lzop data are of an lzop before 0.94");
	if (read16(text + 4) > NEWEST)
		return err_set(err, ERR_DATA,
			       "the lzop data need a newer lzop");
	if (method < METHOD_FIRST || method > METHOD_LAST)
		return err_set(err, ERR_DATA,
			       "the lzop data are packed by method %d, not"
			       " LZO1X",
			       method);
	lzop->flags = read32(text + 8);
	if (lzop->flags & FLAG_FILTER)
		return err_set(err, ERR_DATA, "the lzop data have a filter");
	if (lzop->flags & FLAG_MULTIPART)
		return err_set(err, ERR_DATA,
			       "the lzop data are split over several files");
	str_clear(&lzop->header);
	str_add_slice(&lzop->header, text, FIXED_BYTES);
	await(lzop, (size_t)(unsigned char)text[FIXED_BYTES - 1] + 4,
	      take_name);
	return true;
}

static bool take_magic(struct lzop *lzop, struct err *err)
{
	if (!pack_load_zlib(err)) /* for the checksums */
		return false;
	if (memcmp(lzop->have.text, MAGIC, MAGIC_BYTES) != 0)
		return damaged("no member of lzop begins here", err);
	await(lzop, FIXED_BYTES, take_fixed);
	return true;
}

/* --- the whole --- */

struct lzop *lzop_new(struct sink *sink)
{
	struct lzop *lzop = mem_alloc(sizeof(*lzop));

	/* only a library that does not fit its header fails here */
	if (lzo_init() != LZO_E_OK)
		abort();
	lzop->sink = sink;
	lzop->have = (struct str)STR_EMPTY;
	lzop->header = (struct str)STR_EMPTY;
	lzop->plain = (struct str)STR_EMPTY;
	await(lzop, MAGIC_BYTES, take_magic);
	return lzop;
}

void lzop_free(struct lzop *lzop)
{
	if (lzop == NULL)
		return;
	str_done(&lzop->have);
	str_done(&lzop->header);
	str_done(&lzop->plain);
	mem_free(lzop);
}

bool lzop_feed(struct lzop *lzop, const void *bytes, size_t len,
	       struct err *err)
{
	const char *at = bytes;

	while (len > 0) {
		size_t lacks = lzop->need - lzop->have.len;
		size_t part = len < lacks ? len : lacks;

		str_add_slice(&lzop->have, at, part);
		at += part;
		len -= part;
		if (lzop->have.len < lzop->need)
			break;
		if (!lzop->step(lzop, err))
			return false;
		str_clear(&lzop->have);
	}
	return true;
}

bool lzop_end(struct lzop *lzop, struct err *err)
{
	if (lzop->seen_member && lzop->step == take_magic &&
	    lzop->have.len == 0)
		return true;
	err_set(err, ERR_DATA, "the lzop data are cut short");
	return err_hint(err, "transfer or compress the file again");
}
