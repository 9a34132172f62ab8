#include "load/inspect_source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/s3_object.h"
#include "aws/s3_uri.h"

struct inspect_opened {
	struct str name;
	int64_t size;
	int fd; /* -1: an object */
	struct timespec changed;
	struct aws *aws;
	struct s3_uri uri; /* of the object */
	struct str etag;
};

static struct inspect_opened *make(const char *name)
{
	struct inspect_opened *opened = mem_alloc(sizeof(*opened));

	opened->name = (struct str)STR_EMPTY;
	opened->uri = (struct s3_uri)S3_URI_EMPTY;
	opened->etag = (struct str)STR_EMPTY;
	str_set(&opened->name, name);
	opened->fd = -1;
	return opened;
}

void inspect_close(struct inspect_opened *opened)
{
	if (opened == NULL)
		return;
	if (opened->fd >= 0)
		close(opened->fd);
	str_done(&opened->name);
	s3_uri_done(&opened->uri);
	str_done(&opened->etag);
	mem_free(opened);
}

static bool open_regular(struct inspect_opened *opened, const char *path,
			 struct err *err)
{
	struct stat status;

	opened->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (opened->fd < 0 || fstat(opened->fd, &status) != 0) {
		err_set_errno(err, errno, "%s", path);
		if (err != NULL && errno == ENOENT)
			err->kind = ERR_MISSING;
		return false;
	}
	opened->size = status.st_size;
	opened->changed = status.st_mtim;
	if (S_ISREG(status.st_mode))
		return true;
	return err_set(err, ERR_USAGE, "%s is %s", path,
		       S_ISDIR(status.st_mode) ? "a folder; name one of its "
						 "files"
					       : "not a regular file");
}

struct inspect_opened *inspect_open_file(const char *path, struct err *err)
{
	struct inspect_opened *opened = make(path);

	if (open_regular(opened, path, err))
		return opened;
	inspect_close(opened);
	return NULL;
}

struct inspect_opened *inspect_open_object(struct aws *aws, const char *uri,
					   struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri parsed = S3_URI_EMPTY;
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	struct inspect_opened *opened;

	if (!s3_uri_parse_object(&parsed, uri, err) ||
	    !s3_object_head(aws, &parsed, &head, err))
		return NULL;
	opened = make(uri);
	opened->aws = aws;
	opened->size = head.size;
	str_set(&opened->etag, head.etag.text);
	s3_uri_parse_object(&opened->uri, uri, err);
	return opened;
}

/* --- reading --- */

static bool is_unchanged(struct inspect_opened *opened, struct err *err)
{
	struct stat status;

	if (fstat(opened->fd, &status) == 0 &&
	    status.st_size == opened->size &&
	    status.st_mtim.tv_sec == opened->changed.tv_sec &&
	    status.st_mtim.tv_nsec == opened->changed.tv_nsec)
		return true;
	err_set(err, ERR_DATA, "%s changed while it was read",
		opened->name.text);
	return err_hint(err, "wait until whatever writes it is done");
}

static bool read_file(void *context, int64_t offset, int64_t length,
		      struct str *out, struct err *err)
{
	struct inspect_opened *opened = context;

	str_reserve(out, (size_t)length);
	while (length > 0) {
		ssize_t got = pread(opened->fd, out->text + out->len,
				    (size_t)length, offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set_errno(err, errno, "reading %s",
					     opened->name.text);
		if (got == 0)
			break;
		out->len += (size_t)got;
		offset += got;
		length -= got;
	}
	out->text[out->len] = '\0';
	return is_unchanged(opened, err);
}

static bool read_object(void *context, int64_t offset, int64_t length,
			struct str *out, struct err *err)
{
	struct inspect_opened *opened = context;

	struct s3_range range = { .offset = offset,
				  .length = length,
				  .etag = opened->etag.text };

	return s3_object_get(opened->aws, &opened->uri, &range, out, NULL, err);
}

void inspect_source_of(struct inspect_opened *opened,
		       struct inspect_source *out)
{
	out->context = opened;
	out->name = opened->name.text;
	out->size = opened->size;
	out->remote = opened->aws != NULL;
	out->read = opened->aws != NULL ? read_object : read_file;
}
