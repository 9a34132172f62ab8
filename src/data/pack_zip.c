#include "data/pack_zip.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/sink.h"
#include "data/pack_load.h"

enum {
	OUT_BYTES = 64 * 1024,
	END_BYTES = 22,     /* end of central directory */
	LOCATOR_BYTES = 20, /* of the one of ZIP64 */
	END64_BYTES = 56,
	ENTRY_BYTES = 46,
	STORED = 0,
	DEFLATED = 8,
	FLAG_ENCRYPTED = 1,
	FLAG_DESCRIPTOR = 8,
	EXTRA_ZIP64 = 1,
};

/* Larger values stand elsewhere, in 64 bits. */
static const uint64_t too_large = 0xffffffff;

static uint64_t number(const char *at, size_t bytes)
{
	uint64_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | (unsigned char)at[bytes];
	return value;
}

static bool is_mark(const char *at, const char mark[4])
{
	return memcmp(at, mark, 4) == 0;
}

bool pack_zip_is(const void *bytes, size_t len)
{
	return len >= 4 && is_mark(bytes, "PK\x03\x04");
}

static bool damaged(struct err *err, const char *what)
{
	return err_set(err, ERR_DATA, "the zip archive is damaged: %s", what);
}

/* --- where the directory stands --- */

static const char *find_end(const char *tail, size_t len)
{
	for (size_t at = len; at >= END_BYTES; at--) {
		const char *end = tail + at - END_BYTES;

		if (is_mark(end, "PK\x05\x06") &&
		    number(end + 20, 2) == len - at)
			return end;
	}
	return NULL;
}

/* ZIP64: a locator before the end tells where the wider record is. */
static const char *find_end64(const char *tail, const char *end,
			      int64_t tail_offset)
{
	const char *locator = end - LOCATOR_BYTES;
	uint64_t at;

	if (end - tail < LOCATOR_BYTES + END64_BYTES ||
	    !is_mark(locator, "PK\x06\x07"))
		return NULL;
	at = number(locator + 8, 8);
	if (at < (uint64_t)tail_offset ||
	    at - (uint64_t)tail_offset >
		    (uint64_t)(locator - tail) - END64_BYTES)
		return NULL;
	locator = tail + (at - (uint64_t)tail_offset);
	return is_mark(locator, "PK\x06\x06") ? locator : NULL;
}

bool pack_zip_find(const char *tail, size_t len, int64_t file_size,
		   int64_t *out_offset, int64_t *out_length, struct err *err)
{
	const char *end = find_end(tail, len);
	uint64_t offset, length;

	if (end == NULL)
		return err_set(err, ERR_DATA,
			       "this is no zip archive: it has no directory at "
			       "its end");
	length = number(end + 12, 4);
	offset = number(end + 16, 4);
	if (offset == too_large || length == too_large) {
		end = find_end64(tail, end, file_size - (int64_t)len);
		if (end == NULL)
			return damaged(err, "the end of ZIP64 is missing");
		length = number(end + 40, 8);
		offset = number(end + 48, 8);
	}
	if (length > PACK_ZIP_DIRECTORY_MAX)
		return damaged(err, "its directory is larger than 64 MiB");
	if (offset > (uint64_t)file_size ||
	    length > (uint64_t)file_size - offset)
		return damaged(err, "its directory lies outside of it");
	*out_offset = (int64_t)offset;
	*out_length = (int64_t)length;
	return true;
}

/* --- members --- */

static bool take_wide(const char **at, const char *end, int64_t *value)
{
	if ((uint64_t)*value != too_large)
		return true;
	if (end - *at < 8)
		return false;
	*value = (int64_t)number(*at, 8);
	*at += 8;
	return *value >= 0;
}

static bool read_extra(struct pack_zip_member *member, const char *extra,
		       size_t len)
{
	while (len >= 4) {
		size_t size = number(extra + 2, 2);
		const char *at = extra + 4;

		if (size > len - 4)
			return false;
		if (number(extra, 2) == EXTRA_ZIP64)
			return take_wide(&at, extra + 4 + size,
					 &member->size) &&
			       take_wide(&at, extra + 4 + size,
					 &member->packed) &&
			       take_wide(&at, extra + 4 + size, &member->at);
		extra += 4 + size;
		len -= 4 + size;
	}
	return true;
}

bool pack_zip_mend_name(char *name, size_t len)
{
	bool found = false;

	for (size_t i = 0; i < len; i++) {
		if (name[i] != '\0')
			continue;
		name[i] = '?';
		found = true;
	}
	return found;
}

bool pack_zip_read(struct pack_zip *zip, const char *directory, size_t len,
		   struct err *err)
{
	while (len >= ENTRY_BYTES && is_mark(directory, "PK\x01\x02")) {
		size_t name = number(directory + 28, 2);
		size_t extra = number(directory + 30, 2);
		size_t whole =
			ENTRY_BYTES + name + extra + number(directory + 32, 2);
		struct pack_zip_member member = {
			.is_encrypted =
				number(directory + 8, 2) & FLAG_ENCRYPTED,
			.method = (int)number(directory + 10, 2),
			.crc = (uint32_t)number(directory + 16, 4),
			.packed = (int64_t)number(directory + 20, 4),
			.size = (int64_t)number(directory + 24, 4),
			.at = (int64_t)number(directory + 42, 4),
		};

		if (whole > len ||
		    !read_extra(&member, directory + ENTRY_BYTES + name, extra))
			return damaged(err, "its directory is cut short");
		member.name = mem_copy_slice(directory + ENTRY_BYTES, name);
		member.has_nul = pack_zip_mend_name(member.name, name);
		vec_push(zip, member);
		directory += whole;
		len -= whole;
	}
	return len == 0 || damaged(err, "its directory is none");
}

void pack_zip_done(struct pack_zip *zip)
{
	for (size_t i = 0; i < zip->count; i++)
		mem_free(zip->items[i].name);
	vec_done(zip);
}

int64_t pack_zip_skip(const char *header, struct err *err)
{
	if (is_mark(header, "PK\x03\x04"))
		return PACK_ZIP_HEADER_BYTES +
		       (int64_t)(number(header + 26, 2) +
				 number(header + 28, 2));
	damaged(err, "a member is not where the directory says");
	return 0;
}

/* --- read forward --- */

bool pack_zip_local(struct pack_zip_local *out, const char *header,
		    struct err *err)
{
	*out = (struct pack_zip_local){ .is_end =
						is_mark(header, "PK\x01\x02") ||
						is_mark(header, "PK\x05\x06") ||
						is_mark(header, "PK\x06\x06") };
	if (out->is_end)
		return true;
	if (!is_mark(header, "PK\x03\x04"))
		return damaged(err, "no member begins behind the last one");
	out->has_descriptor = number(header + 6, 2) & FLAG_DESCRIPTOR;
	out->member.is_encrypted = number(header + 6, 2) & FLAG_ENCRYPTED;
	out->member.method = (int)number(header + 8, 2);
	out->member.crc = (uint32_t)number(header + 14, 4);
	out->member.packed = (int64_t)number(header + 18, 4);
	out->member.size = (int64_t)number(header + 22, 4);
	out->name_len = number(header + 26, 2);
	out->extra_len = number(header + 28, 2);
	return true;
}

bool pack_zip_local_extra(struct pack_zip_local *local, const char *extra,
			  struct err *err)
{
	if (!read_extra(&local->member, extra, local->extra_len))
		return damaged(err, "a member's header is cut short");
	if (local->has_descriptor) {
		local->member.packed = -1;
		local->member.size = -1;
	}
	return true;
}

/* The mark before it and the width of its numbers are told by nothing: what
 * was counted decides. */
size_t pack_zip_descriptor(struct pack_zip_member *member, const char *bytes,
			   size_t len, int64_t packed, int64_t size,
			   struct err *err)
{
	size_t mark = len >= 4 && is_mark(bytes, "PK\x07\x08") ? 4 : 0;

	for (size_t wide = 4; wide <= 8; wide += 4) {
		size_t whole = mark + 4 + 2 * wide;
		const char *at = bytes + mark + 4;

		if (whole > len || number(at, wide) != (uint64_t)packed ||
		    number(at + wide, wide) != (uint64_t)size)
			continue;
		member->crc = (uint32_t)number(bytes + mark, 4);
		member->packed = packed;
		member->size = size;
		return whole;
	}
	damaged(err, "a member is not as long as it should be");
	return 0;
}

/* --- the bytes of one --- */

struct unzip {
	const struct pack_zip_member *member;
	struct sink *sink;
	z_stream stream;
	bool ended; /* the deflated data have said so */
	int64_t size;
	uLong crc;
	unsigned char out[OUT_BYTES];
};

struct unzip *unzip_new(const struct pack_zip_member *member, struct sink *sink,
			struct err *err)
{
	struct unzip *unzip;

	if (member->is_encrypted) {
		err_set(err, ERR_DATA, "%s is encrypted in the zip archive",
			member->name);
		return NULL;
	}
	if (member->method != STORED && member->method != DEFLATED) {
		err_set(err, ERR_DATA,
			"%s is packed by method %d, and only deflate is known",
			member->name, member->method);
		return NULL;
	}
	if (!pack_load_zlib(err))
		return NULL;
	unzip = mem_alloc(sizeof(*unzip));
	unzip->member = member;
	unzip->sink = sink;
	unzip->crc = (uint32_t)crc32_z(0, NULL, 0);
	if (inflateInit2(&unzip->stream, -MAX_WBITS) != Z_OK)
		abort();
	return unzip;
}

void unzip_free(struct unzip *unzip)
{
	if (unzip == NULL)
		return;
	inflateEnd(&unzip->stream);
	mem_free(unzip);
}

static bool put(struct unzip *unzip, const void *bytes, size_t len,
		struct err *err)
{
	if (len == 0)
		return true;
	/* A few KiB can unpack to terabytes. */
	if (unzip->member->size >= 0 &&
	    (int64_t)len > unzip->member->size - unzip->size)
		return damaged(err, "a member is longer than it should be");
	unzip->size += (int64_t)len;
	unzip->crc = crc32_z(unzip->crc, bytes, len);
	return sink_write(unzip->sink, bytes, len, err);
}

bool unzip_feed(struct unzip *unzip, const void *bytes, size_t len,
		struct err *err)
{
	z_stream *stream = &unzip->stream;

	if (unzip->member->method == STORED)
		return put(unzip, bytes, len, err);
	stream->next_in = (unsigned char *)bytes;
	stream->avail_in = (uInt)len;
	while (!unzip->ended) {
		int code;

		stream->next_out = unzip->out;
		stream->avail_out = OUT_BYTES;
		code = inflate(stream, Z_NO_FLUSH);
		if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
			return damaged(err, stream->msg != NULL ? stream->msg
								: "deflate");
		unzip->ended = code == Z_STREAM_END;
		if (!put(unzip, unzip->out, OUT_BYTES - stream->avail_out, err))
			return false;
		if (stream->avail_out > 0)
			break;
	}
	return true;
}

size_t unzip_unused(const struct unzip *unzip)
{
	return unzip->stream.avail_in;
}

bool unzip_has_ended(const struct unzip *unzip)
{
	return unzip->ended;
}

int64_t unzip_size(const struct unzip *unzip)
{
	return unzip->size;
}

bool unzip_end(struct unzip *unzip, struct err *err)
{
	if (unzip->member->method == DEFLATED && !unzip->ended)
		return damaged(err, "a member is cut short");
	if (unzip->size != unzip->member->size)
		return damaged(err, "a member is not as long as it should be");
	return unzip->crc == unzip->member->crc ||
	       damaged(err, "the checksum of a member is wrong");
}
