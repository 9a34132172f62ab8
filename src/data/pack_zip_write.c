#include "data/pack_zip_write.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "base/str.h"
#include "base/vec.h"
#include "data/crc.h"
#include "data/isotime.h"
#include "data/pack.h"
#include "data/pack_load.h"

enum {
	BLOCK_BYTES = 1 << 16,
	LEVEL = 6,
	NAME_BYTES_MAX = 65535,
	ENTRIES_MAX = 65535, /* from here on zip64 */
	VERSION_PLAIN = 20,
	VERSION_ZIP64 = 45,
	UNIX = 3 << 8,
	FLAG_UTF8 = 1 << 11,
	METHOD_STORED = 0,
	METHOD_DEFLATED = 8,
	EXTRA_ZIP64 = 1,
};

#define ALL_ONES  UINT32_C(0xffffffff)
#define FILE_MODE (UINT32_C(0100644) << 16)
/* A file near 4 GiB may be longer deflated than it is. */
#define ZIP64_BYTES INT64_C(0xff000000)

struct entry {
	char *name;
	bool zip64; /* its local header has room for 64 bits */
	int method;
	uint32_t crc;
	uint32_t dos_time;
	int64_t bytes;
	int64_t packed;
	int64_t offset; /* of its local header */
};

struct zipper {
	int fd;
	char *path;
	bool zip64; /* always */
	bool ended;
	int64_t at;        /* bytes written */
	VEC(struct entry); /* in the order added */
};

/* --- little-endian numbers --- */

static void add_bytes(struct str *out, uint64_t number, int count)
{
	for (int i = 0; i < count; i++)
		str_add_char(out, (char)(number >> (8 * i) & 0xff));
}

static void add16(struct str *out, uint64_t number)
{
	add_bytes(out, number, 2);
}

static void add32(struct str *out, uint64_t number)
{
	add_bytes(out, number, 4);
}

static void add64(struct str *out, uint64_t number)
{
	add_bytes(out, number, 8);
}

static bool fail(const struct zipper *zip, struct err *err)
{
	return err_set_errno(err, errno, "cannot write %s", zip->path);
}

static bool put(struct zipper *zip, const void *bytes, size_t len,
		struct err *err)
{
	const char *from = bytes;

	while (len > 0) {
		ssize_t n = write(zip->fd, from, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(zip, err);
		from += n;
		len -= (size_t)n;
		zip->at += n;
	}
	return true;
}

static bool put_str(struct zipper *zip, const struct str *str, struct err *err)
{
	return put(zip, str->text, str->len, err);
}

/* --- one entry --- */

/* Seconds by twos, from 1980 to 2107; UTC. */
static uint32_t dos_time(int64_t at_ms)
{
	struct isotime_parts parts;

	isotime_split(at_ms, &parts);
	if (parts.year < 1980 || parts.year > 2107)
		return 1U << 21 | 1U << 16; /* 1980-01-01 */
	return (uint32_t)(parts.year - 1980) << 25 |
	       (uint32_t)parts.month << 21 | (uint32_t)parts.day << 16 |
	       (uint32_t)parts.hour << 11 | (uint32_t)parts.minute << 5 |
	       (uint32_t)parts.second / 2;
}

static int version_of(const struct entry *entry)
{
	return entry->zip64 ? VERSION_ZIP64 : VERSION_PLAIN;
}

static void add_sums(struct str *out, const struct entry *entry)
{
	add32(out, entry->crc);
	add32(out, entry->zip64 ? ALL_ONES : (uint64_t)entry->packed);
	add32(out, entry->zip64 ? ALL_ONES : (uint64_t)entry->bytes);
}

static void add_local(struct str *out, const struct entry *entry)
{
	add32(out, 0x04034b50);
	add16(out, (uint64_t)version_of(entry));
	add16(out, FLAG_UTF8);
	add16(out, (uint64_t)entry->method);
	add32(out, entry->dos_time);
	add_sums(out, entry);
	add16(out, strlen(entry->name));
	add16(out, entry->zip64 ? 20 : 0);
	str_add(out, entry->name);
	if (!entry->zip64)
		return;
	add16(out, EXTRA_ZIP64);
	add16(out, 16);
	add64(out, (uint64_t)entry->bytes);
	add64(out, (uint64_t)entry->packed);
}

/* The header again, now that its sums are known. */
static bool mend_local(const struct zipper *zip, const struct entry *entry,
		       struct err *err)
{
	CLEANUP(str_done) struct str header = STR_EMPTY;

	add_local(&header, entry);
	if (pwrite(zip->fd, header.text, header.len, entry->offset) !=
	    (ssize_t)header.len)
		return fail(zip, err);
	return true;
}

static bool store(struct zipper *zip, struct entry *entry,
		  const unsigned char *bytes, size_t len, struct err *err)
{
	entry->packed += (int64_t)len;
	return put(zip, bytes, len, err);
}

static bool squeeze(struct zipper *zip, struct entry *entry, z_stream *stream,
		    int flush, struct err *err)
{
	unsigned char out[BLOCK_BYTES];

	do {
		size_t len;

		stream->next_out = out;
		stream->avail_out = sizeof(out);
		deflate(stream, flush);
		len = sizeof(out) - stream->avail_out;
		if (!store(zip, entry, out, len, err))
			return false;
	} while (stream->avail_out == 0);
	return true;
}

/* The bytes of the file; stream NULL: as they are. */
static bool put_bytes(struct zipper *zip, struct entry *entry, int fd,
		      z_stream *stream, struct err *err)
{
	unsigned char in[BLOCK_BYTES];
	ssize_t n;

	while ((n = read(fd, in, sizeof(in))) > 0) {
		entry->crc =
			(uint32_t)crc_feed(CRC_32, entry->crc, in, (size_t)n);
		entry->bytes += n;
		if (stream == NULL) {
			if (!store(zip, entry, in, (size_t)n, err))
				return false;
			continue;
		}
		stream->next_in = in;
		stream->avail_in = (uInt)n;
		if (!squeeze(zip, entry, stream, Z_NO_FLUSH, err))
			return false;
	}
	if (n < 0)
		return err_set_errno(err, errno, "cannot read %s", entry->name);
	return stream == NULL || squeeze(zip, entry, stream, Z_FINISH, err);
}

static bool put_deflated(struct zipper *zip, struct entry *entry, int fd,
			 struct err *err)
{
	z_stream stream = { 0 };
	bool done;

	if (!pack_load_zlib(err))
		return false;
	if (deflateInit2(&stream, LEVEL, Z_DEFLATED, -15, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return err_set(err, ERR_SYSTEM, "zlib does not start");
	done = put_bytes(zip, entry, fd, &stream, err);
	deflateEnd(&stream);
	return done;
}

static bool is_packed(int fd)
{
	unsigned char magic[6];
	ssize_t n = pread(fd, magic, sizeof(magic), 0);

	return n == sizeof(magic) &&
	       (pack_detect(magic, sizeof(magic)) != PACK_NONE ||
		memcmp(magic, "PK\3\4", 4) == 0);
}

static bool put_entry(struct zipper *zip, struct entry *entry, int fd,
		      struct err *err)
{
	CLEANUP(str_done) struct str header = STR_EMPTY;
	off_t bytes = lseek(fd, 0, SEEK_END);

	if (bytes < 0 || lseek(fd, 0, SEEK_SET) != 0)
		return err_set_errno(err, errno, "cannot read %s", entry->name);
	entry->zip64 = zip->zip64 || bytes >= ZIP64_BYTES;
	entry->method = is_packed(fd) ? METHOD_STORED : METHOD_DEFLATED;
	entry->offset = zip->at;
	add_local(&header, entry);
	if (!put_str(zip, &header, err))
		return false;
	return (entry->method == METHOD_STORED
			? put_bytes(zip, entry, fd, NULL, err)
			: put_deflated(zip, entry, fd, err)) &&
	       mend_local(zip, entry, err);
}

bool zipper_add(struct zipper *zip, const char *name, const char *file,
		int64_t modified_ms, struct err *err)
{
	struct entry entry = { .dos_time = dos_time(modified_ms) };
	int fd;
	bool done;

	if (strlen(name) > NAME_BYTES_MAX)
		return err_set(err, ERR_USAGE, "the name is too long: %s",
			       name);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set_errno(err, errno, "cannot read %s", file);
	entry.name = mem_copy_text(name);
	done = put_entry(zip, &entry, fd, err);
	close(fd);
	vec_push(zip, entry);
	return done;
}

/* --- the directory --- */

static void add_central(const struct zipper *zip, struct str *out,
			const struct entry *entry)
{
	bool far = zip->zip64 || entry->offset >= (int64_t)ALL_ONES;
	int extra = (entry->zip64 ? 16 : 0) + (far ? 8 : 0);

	add32(out, 0x02014b50);
	add16(out, UNIX | VERSION_ZIP64);
	add16(out, (uint64_t)(far ? VERSION_ZIP64 : version_of(entry)));
	add16(out, FLAG_UTF8);
	add16(out, (uint64_t)entry->method);
	add32(out, entry->dos_time);
	add_sums(out, entry);
	add16(out, strlen(entry->name));
	add16(out, extra > 0 ? (uint64_t)extra + 4 : 0);
	add16(out, 0); /* comment */
	add16(out, 0); /* disk */
	add16(out, 0); /* binary */
	add32(out, FILE_MODE);
	add32(out, far ? ALL_ONES : (uint64_t)entry->offset);
	str_add(out, entry->name);
	if (extra == 0)
		return;
	add16(out, EXTRA_ZIP64);
	add16(out, (uint64_t)extra);
	if (entry->zip64) {
		add64(out, (uint64_t)entry->bytes);
		add64(out, (uint64_t)entry->packed);
	}
	if (far)
		add64(out, (uint64_t)entry->offset);
}

static void add_end64(struct str *out, uint64_t count, uint64_t bytes,
		      uint64_t at)
{
	add32(out, 0x06064b50);
	add64(out, 44); /* bytes that follow */
	add16(out, UNIX | VERSION_ZIP64);
	add16(out, VERSION_ZIP64);
	add32(out, 0);
	add32(out, 0);
	add64(out, count);
	add64(out, count);
	add64(out, bytes);
	add64(out, at);
	/* and where that is */
	add32(out, 0x07064b50);
	add32(out, 0);
	add64(out, at + bytes);
	add32(out, 1);
}

static void add_end(struct str *out, uint64_t count, uint64_t bytes,
		    uint64_t at, bool zip64)
{
	if (zip64) {
		add_end64(out, count, bytes, at);
		count = ENTRIES_MAX;
		bytes = at = ALL_ONES;
	}
	add32(out, 0x06054b50);
	add16(out, 0);
	add16(out, 0);
	add16(out, count);
	add16(out, count);
	add32(out, bytes);
	add32(out, at);
	add16(out, 0); /* comment */
}

bool zipper_end(struct zipper *zip, struct err *err)
{
	CLEANUP(str_done) struct str tail = STR_EMPTY;
	int64_t start = zip->at;
	bool zip64;

	for (size_t i = 0; i < zip->count; i++) {
		CLEANUP(str_done) struct str record = STR_EMPTY;

		add_central(zip, &record, &zip->items[i]);
		if (!put_str(zip, &record, err))
			return false;
	}
	zip64 = zip->zip64 || zip->count >= ENTRIES_MAX ||
		zip->at >= (int64_t)ALL_ONES;
	add_end(&tail, zip->count, (uint64_t)(zip->at - start), (uint64_t)start,
		zip64);
	if (!put_str(zip, &tail, err))
		return false;
	zip->ended = true;
	return true;
}

/* --- open and close --- */

struct zipper *zipper_open(const char *path, bool zip64, struct err *err)
{
	struct zipper *zip;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0) {
		err_set_errno(err, errno, "cannot write %s", path);
		return NULL;
	}
	zip = mem_alloc(sizeof(*zip));
	zip->fd = fd;
	zip->path = mem_copy_text(path);
	zip->zip64 = zip64;
	return zip;
}

void zipper_close(struct zipper *zip)
{
	if (zip == NULL)
		return;
	close(zip->fd);
	if (!zip->ended)
		unlink(zip->path);
	for (size_t i = 0; i < zip->count; i++)
		mem_free(zip->items[i].name);
	vec_done(zip);
	mem_free(zip->path);
	mem_free(zip);
}
