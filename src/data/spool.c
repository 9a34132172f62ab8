#include "data/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

/* A row is, cell by cell: a uint32_t length (NULL_LEN: null), the bytes, a
 * NUL. In front of the row stands its size, uint64_t, without itself. All in
 * the machine's byte order: the file never leaves this process. */
#define NULL_LEN     UINT32_MAX
#define WINDOW_BYTES ((size_t)256 << 10)

struct spool {
	size_t column_count;
	size_t memory_bytes;
	struct str tail; /* rows not yet in the file */
	int fd;          /* -1: all is in tail */
	int64_t file_bytes;
	int64_t count;

	/* the pass */
	int64_t rows_given;
	int64_t file_at;   /* next byte to read into window */
	struct str window; /* bytes of the file */
	size_t at;         /* next row in window, or in tail */
	struct rows_value *values;
};

struct spool *spool_new(size_t column_count, size_t memory_bytes)
{
	struct spool *spool = mem_alloc(sizeof(*spool));

	spool->column_count = column_count;
	spool->memory_bytes = memory_bytes;
	spool->tail = (struct str)STR_EMPTY;
	spool->window = (struct str)STR_EMPTY;
	spool->fd = -1;
	spool->values =
		mem_alloc_array(column_count + 1, sizeof(*spool->values));
	return spool;
}

void spool_free(struct spool *spool)
{
	if (spool == NULL)
		return;
	if (spool->fd >= 0)
		close(spool->fd);
	str_done(&spool->tail);
	str_done(&spool->window);
	mem_free(spool->values);
	mem_free(spool);
}

static int open_unlinked(const char *dir)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	/* Some file systems have no O_TMPFILE. */
	str_addf(&name, "%s/redsh-XXXXXX", dir);
	fd = mkostemp(name.text, O_CLOEXEC);
	if (fd >= 0)
		unlink(name.text);
	return fd;
}

static bool write_tail(struct spool *spool, struct err *err)
{
	const char *dir = getenv("TMPDIR");
	const char *at = spool->tail.text;
	size_t left = spool->tail.len;

	if (dir == NULL || *dir == '\0')
		dir = "/tmp";
	if (spool->fd < 0)
		spool->fd = open_unlinked(dir);
	if (spool->fd < 0)
		return err_set_errno(err, errno,
				     "cannot make a temporary file in %s", dir);
	while (left > 0) {
		ssize_t done = write(spool->fd, at, left);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			err_set_errno(err, errno,
				      "cannot keep the result in %s", dir);
			return err_hint(err, "set TMPDIR to a folder with "
					     "more room, or use \\pset "
					     "format csv or unaligned");
		}
		at += done;
		left -= (size_t)done;
	}
	spool->file_bytes += (int64_t)spool->tail.len;
	str_clear(&spool->tail);
	return true;
}

static void add_row(struct str *to, const struct rows_value *values,
		    size_t count)
{
	uint64_t size = 0;
	char *at;

	for (size_t i = 0; i < count; i++)
		size += sizeof(uint32_t) + 1 +
			(values[i].text ? values[i].len : 0);
	str_reserve(to, sizeof(size) + size);
	at = to->text + to->len;
	memcpy(at, &size, sizeof(size));
	at += sizeof(size);
	for (size_t i = 0; i < count; i++) {
		uint32_t len =
			values[i].text ? (uint32_t)values[i].len : NULL_LEN;

		memcpy(at, &len, sizeof(len));
		at += sizeof(len);
		if (values[i].text) {
			memcpy(at, values[i].text, len);
			at += len;
		}
		*at++ = '\0';
	}
	to->len += sizeof(size) + size;
	to->text[to->len] = '\0';
}

bool spool_add(struct spool *spool, const struct rows_value *values,
	       struct err *err)
{
	for (size_t i = 0; i < spool->column_count; i++)
		if (values[i].text && values[i].len >= NULL_LEN)
			return err_set(err, ERR_DATA,
				       "a value of 4 GiB cannot be aligned");
	add_row(&spool->tail, values, spool->column_count);
	spool->count++;
	return spool->tail.len < spool->memory_bytes || write_tail(spool, err);
}

int64_t spool_count(const struct spool *spool)
{
	return spool->count;
}

int64_t spool_bytes(const struct spool *spool)
{
	return spool->file_bytes + (int64_t)spool->tail.len;
}

bool spool_rewind(struct spool *spool, struct err *err)
{
	/* In a file: all of it, so that a pass has one source. */
	if (spool->fd >= 0 && spool->tail.len > 0 && !write_tail(spool, err))
		return false;
	if (spool->fd >= 0)
		str_done(&spool->tail);
	spool->rows_given = 0;
	spool->file_at = 0;
	spool->at = 0;
	str_clear(&spool->window);
	return true;
}

/* Makes at least need bytes from spool->at on stand in the window. */
static bool fill_window(struct spool *spool, size_t need, struct err *err)
{
	size_t have = spool->window.len - spool->at;
	size_t want = need > WINDOW_BYTES ? need : WINDOW_BYTES;

	if (have >= need)
		return true;
	memmove(spool->window.text, spool->window.text + spool->at, have);
	str_cut(&spool->window, have);
	spool->at = 0;
	str_reserve(&spool->window, want - have);
	while (spool->window.len < need) {
		ssize_t got =
			pread(spool->fd, spool->window.text + spool->window.len,
			      want - spool->window.len, spool->file_at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set_errno(err, errno,
					     "cannot read the result again");
		if (got == 0)
			return err_set(err, ERR_SYSTEM,
				       "the kept result is cut short");
		spool->window.len += (size_t)got;
		spool->file_at += got;
	}
	return true;
}

static const char *row_bytes(struct spool *spool, struct err *err)
{
	uint64_t size;

	if (spool->fd >= 0) {
		if (!fill_window(spool, sizeof(size), err))
			return NULL;
		memcpy(&size, spool->window.text + spool->at, sizeof(size));
		if (!fill_window(spool, sizeof(size) + size, err))
			return NULL;
		spool->at += sizeof(size) + size;
		return spool->window.text + spool->at - size;
	}
	memcpy(&size, spool->tail.text + spool->at, sizeof(size));
	spool->at += sizeof(size) + size;
	return spool->tail.text + spool->at - size;
}

enum rows_step spool_next(struct spool *spool,
			  const struct rows_value **out_values, struct err *err)
{
	const char *at;

	if (spool->rows_given == spool->count)
		return ROWS_END;
	at = row_bytes(spool, err);
	if (at == NULL)
		return ROWS_FAILED;
	for (size_t i = 0; i < spool->column_count; i++) {
		uint32_t len;

		memcpy(&len, at, sizeof(len));
		at += sizeof(len);
		spool->values[i].text = len == NULL_LEN ? NULL : at;
		spool->values[i].len = len == NULL_LEN ? 0 : len;
		at += spool->values[i].len + 1;
	}
	spool->rows_given++;
	*out_values = spool->values;
	return ROWS_ROW;
}
