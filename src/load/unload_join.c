#include "load/unload_join.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "load/unload_parts.h"

/* --- one header --- */

/* Drops the bytes up to the end of the first line. */
struct strip {
	const struct unload_join *join;
	struct sink *to;
	bool is_inside; /* the header, which is dropped */
	bool is_quoted;
	bool is_escaped;
	bool passed; /* some bytes, of this file or one before */
};

/* How many bytes belong to the header. */
static size_t header_len(struct strip *strip, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = bytes[i];

		if (strip->is_escaped) {
			strip->is_escaped = false;
		} else if (strip->join->escape && c == '\\') {
			strip->is_escaped = true;
		} else if (strip->join->quotes && c == '"') {
			strip->is_quoted = !strip->is_quoted;
		} else if (c == '\n' && !strip->is_quoted) {
			strip->is_inside = false;
			return i + 1;
		}
	}
	return len;
}

static bool strip_write(void *context, const char *bytes, size_t len,
			struct err *err)
{
	struct strip *strip = context;
	size_t skip = strip->is_inside ? header_len(strip, bytes, len) : 0;

	strip->passed = strip->passed || len > 0;
	return skip == len || sink_write(strip->to, bytes + skip, len - skip,
					 err);
}

/* --- one file after the other --- */

struct writer {
	const struct unload_join *join;
	struct packer *packer; /* NULL: bytes go on as they are */
	struct strip strip;
	struct sink file;
	int64_t written;
	int64_t read;      /* of all files */
	int64_t part_read; /* of the one at hand */
	struct unpack *unpack;
	int fd;
};

static bool file_write_counted(void *context, const char *bytes, size_t len,
			       struct err *err)
{
	struct writer *writer = context;
	struct sink out = sink_to_fd(&writer->fd);

	writer->written += (int64_t)len;
	return sink_write(&out, bytes, len, err);
}

static bool pack_write(void *context, const char *bytes, size_t len,
		       struct err *err)
{
	struct writer *writer = context;

	return packer_feed(writer->packer, bytes, len, err);
}

/* What comes from S3. */
static bool take(void *context, const char *bytes, size_t len, struct err *err)
{
	struct writer *writer = context;
	const struct unload_join_from *from = writer->join->from;

	writer->read += (int64_t)len;
	writer->part_read += (int64_t)len;
	if (from->progress != NULL)
		from->progress(from->context, writer->read);
	if (writer->unpack != NULL)
		return unpack_feed(writer->unpack, bytes, len, err);
	return sink_write(&writer->file, bytes, len, err);
}

/* Members of gzip, frames of zstd and streams of bzip2 may stand one after
 * another: files that are packed as wanted need no unpacking, unless there
 * are headers in them. */
static bool passes_as_is(const struct unload_join *join)
{
	return join->packed == join->pack &&
	       (!join->header || join->parts->count <= 1);
}

static bool read_part(struct writer *writer, const struct unload_part *part,
		      struct err *err)
{
	const struct unload_join_from *from = writer->join->from;
	struct sink in = { take, writer };
	struct sink plain = { strip_write, &writer->strip };
	CLEANUP(unpack_freep) struct unpack *unpack = NULL;

	if (!passes_as_is(writer->join))
		unpack = unpack_new(writer->join->packed, &plain);
	writer->unpack = unpack;
	writer->part_read = 0;
	/* The first file with a header gives it; an empty one has none. */
	writer->strip.is_inside = writer->join->header && writer->strip.passed;
	writer->strip.is_quoted = writer->strip.is_escaped = false;
	if (!from->read(from->context, part->uri, &in, err))
		return false;
	if (unpack != NULL && writer->part_read > 0 && !unpack_end(unpack, err))
		return err_wrap(err, "%.300s", part->uri);
	if (part->bytes >= 0 && writer->part_read != part->bytes)
		return err_set(err, ERR_DATA,
			       "%.300s has %lld bytes, the manifest says %lld",
			       part->uri, (long long)writer->part_read,
			       (long long)part->bytes);
	return true;
}

static bool write_all(struct writer *writer, struct err *err)
{
	const struct unload_join *join = writer->join;
	struct sink packed = { pack_write, writer };
	CLEANUP(packer_freep) struct packer *packer = NULL;

	writer->file = (struct sink){ file_write_counted, writer };
	writer->strip = (struct strip){ .join = join, .to = &writer->file };
	if (!passes_as_is(join) && join->pack != PACK_NONE) {
		packer = packer_new(join->pack, 0, &writer->file);
		writer->packer = packer;
		writer->strip.to = &packed;
	}
	for (size_t i = 0; i < join->parts->count; i++)
		if (!read_part(writer, &join->parts->items[i], err))
			return false;
	return packer == NULL || packer_end(packer, err);
}

/* --- the file --- */

enum { RANDOM_BYTES = 4 };

static const char end[] = ".part";

/* ".NAME.0123abcd.part" */
static bool is_beside(const char *found, const char *name)
{
	size_t len = strlen(name);

	return *found == '.' && strncmp(found + 1, name, len) == 0 &&
	       found[1 + len] == '.' &&
	       strspn(found + 2 + len, "0123456789abcdef") ==
		       2 * RANDOM_BYTES &&
	       strcmp(found + 2 + len + 2 * RANDOM_BYTES, end) == 0;
}

/* Who writes holds a lock, which ends with the process. Where locks are not
 * to be had nothing is removed. */
static void remove_stale(int folder_fd, const char *name)
{
	int fd = openat(folder_fd, name,
			O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	struct stat status;

	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(folder_fd, name, 0);
	close(fd);
}

static void remove_all_stale(const char *folder, const char *name)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (is_beside(entry->d_name, name))
			remove_stale(dirfd(dir), entry->d_name);
	closedir(dir);
}

static int open_beside(const char *path, struct str *out_name, struct err *err)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	unsigned char random[RANDOM_BYTES];
	int fd;

	path_dir(path, &folder);
	remove_all_stale(folder.text, path_base(path));
	hash_random(random, sizeof(random));
	str_addf(out_name, "%s/.%s.", folder.text, path_base(path));
	encode_hex(out_name, random, sizeof(random));
	str_add(out_name, end);
	fd = open(out_name->text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		  0666);
	if (fd < 0)
		err_set_errno(err, errno, "%s", path);
	else
		flock(fd, LOCK_EX | LOCK_NB); /* see remove_stale */
	return fd;
}

bool unload_join_run(const struct unload_join *join, int64_t *out_bytes,
		     struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct writer writer = { .join = join,
				 .fd = open_beside(join->path, &name, err) };
	bool good;

	if (writer.fd < 0)
		return false;
	good = write_all(&writer, err);
	if (good && fsync(writer.fd) != 0)
		good = err_set_errno(err, errno, "%s", join->path);
	if (close(writer.fd) != 0 && good)
		good = err_set_errno(err, errno, "%s", join->path);
	if (good && rename(name.text, join->path) != 0)
		good = err_set_errno(err, errno, "%s", join->path);
	if (!good) {
		unlink(name.text);
		return false;
	}
	*out_bytes = writer.written;
	return true;
}
