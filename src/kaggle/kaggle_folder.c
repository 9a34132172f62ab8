/* Files of a data set below a folder here: under a temporary name until they
 * are whole, then renamed. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/units.h"
#include "kaggle/kaggle_get.h"
#include "kaggle/kaggle_place.h"

enum { NAME_MAX_BYTES = 255, SUFFIX_BYTES = 14 };

struct folder_place {
	struct kaggle_place place;
	struct str path;
	struct str temporary; /* "": none is open */
	int64_t id;
	int fd;
};

/* A file of the archive may stand where another needs a folder. */
static bool check_above(const struct folder_place *folder, size_t from,
			struct err *err)
{
	const char *path = folder->path.text;
	const char *slash = path + from;

	while ((slash = strchr(slash + 1, '/')) != NULL) {
		CLEANUP(mem_freep)
		char *above = mem_copy_slice(path, (size_t)(slash - path));
		struct stat status;

		if (stat(above, &status) == 0 && !S_ISDIR(status.st_mode))
			return err_set(err, ERR_DATA,
				       "%s is there and no folder", above);
	}
	return true;
}

/* Of what a file system takes; a temporary name needs some more. */
static bool check_lengths(const struct folder_place *folder, const char *name,
			  struct err *err)
{
	for (const char *at = name; *at != '\0';) {
		size_t len = strcspn(at, "/");

		if (len > NAME_MAX_BYTES)
			return err_set(err, ERR_DATA,
				       "its name has more than 255 bytes");
		at += len + (at[len] == '/');
	}
	return folder->path.len + SUFFIX_BYTES < PATH_MAX ||
	       err_set(err, ERR_DATA, "its name with that of the folder has "
				      "more than 4,096 bytes");
}

/* "a/." would be the folder a. */
static bool check_file(const char *name, struct err *err)
{
	return strcmp(path_base(name), ".") != 0 ||
	       err_set(err, ERR_DATA, "its name is that of a folder");
}

static bool find_path(struct folder_place *folder, const char *name,
		      struct err *err)
{
	struct stat status;

	str_clear(&folder->path);
	path_join(folder->place.get->folder, name, &folder->path);
	if (!kaggle_place_check(name, err) || !check_file(name, err) ||
	    !check_above(folder, strlen(folder->place.get->folder), err))
		return false;
	if (!check_lengths(folder, name, err))
		return false;
	if (lstat(folder->path.text, &status) != 0 || S_ISREG(status.st_mode))
		return true;
	return err_set(err, ERR_USAGE, "%s is there and no regular file",
		       folder->path.text);
}

static bool name_file(struct kaggle_place *place, const char *name,
		      struct str *out, struct err *err)
{
	struct folder_place *folder = (struct folder_place *)place;

	if (!find_path(folder, name, err))
		return false;
	str_add(out, folder->path.text);
	return true;
}

/* Size and time tell a file that nobody has touched since. */
static bool add_tag(const char *path, struct str *out)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return false;
	str_addf(out, "%lld %lld.%09ld", (long long)status.st_size,
		 (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
	return true;
}

static bool has_file(struct kaggle_place *place, const char *name,
		     const char *tag, bool *out_there, struct err *err)
{
	struct folder_place *folder = (struct folder_place *)place;
	CLEANUP(str_done) struct str now = STR_EMPTY;

	*out_there = false;
	if (!find_path(folder, name, err))
		return false;
	*out_there = add_tag(folder->path.text, &now) &&
		     (tag == NULL || strcmp(tag, now.text) == 0);
	return true;
}

/* The same for the same file of the same archive, so that what a process left
 * that was killed goes with the next try. */
static void name_temporary(struct folder_place *folder, const char *mark)
{
	const char *path = folder->path.text;
	size_t before = (size_t)(path_base(path) - path);
	size_t len = strlen(path_base(path));
	CLEANUP(str_done) struct str of = STR_EMPTY;
	uint32_t sum;

	str_addf(&of, "%s\n%s", path, mark);
	sum = (uint32_t)map_hash(of.text, of.len);
	if (len > NAME_MAX_BYTES - SUFFIX_BYTES)
		len = NAME_MAX_BYTES - SUFFIX_BYTES;
	str_set_slice(&folder->temporary, path, before + len);
	str_addf(&folder->temporary, ".part-%08x", sum);
}

static bool check_room(const struct folder_place *folder, int64_t size,
		       struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct statvfs disk;
	int64_t free_bytes;

	if (fstatvfs(folder->fd, &disk) != 0)
		return true;
	free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
	if (size <= free_bytes)
		return true;
	str_add(&text, "it needs ");
	units_add_bytes(&text, size);
	str_add(&text, ", ");
	units_add_bytes(&text, free_bytes);
	str_add(&text, " are free");
	err_set_errno(err, ENOSPC, "cannot write %s", folder->path.text);
	return err_hint(err, "%s", text.text);
}

static void forget_file(struct folder_place *folder)
{
	if (folder->fd >= 0)
		close(folder->fd);
	folder->fd = -1;
	if (folder->temporary.len > 0)
		unlink(folder->temporary.text);
	str_clear(&folder->temporary);
}

static bool begin_file(struct kaggle_place *place,
		       const struct kaggle_place_file *file, struct err *err)
{
	struct folder_place *folder = (struct folder_place *)place;
	CLEANUP(str_done) struct str above = STR_EMPTY;
	int failed;

	if (!find_path(folder, file->name, err))
		return false;
	folder->id = file->id;
	path_dir(folder->path.text, &above);
	if (!file_make_dirs(above.text, 0777, err))
		return false;
	name_temporary(folder, file->mark);
	unlink(folder->temporary.text);
	folder->fd = open(folder->temporary.text,
			  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			  0666);
	failed = errno;
	if (folder->fd >= 0)
		return check_room(folder, file->size, err);
	str_clear(&folder->temporary);
	return err_set_errno(err, failed, "cannot write %s",
			     folder->path.text);
}

static bool write_file(struct kaggle_place *place, const char *bytes,
		       size_t len, struct err *err)
{
	struct folder_place *folder = (struct folder_place *)place;
	struct sink sink = sink_to_fd(&folder->fd);

	return sink_write(&sink, bytes, len, err) ||
	       err_wrap(err, "writing %s", folder->path.text);
}

static bool end_file(struct kaggle_place *place, struct err *err)
{
	struct folder_place *folder = (struct folder_place *)place;
	CLEANUP(str_done) struct str tag = STR_EMPTY;
	struct stat old;
	int closed;

	/* As \s3get: what is overwritten keeps its mode. */
	if (lstat(folder->path.text, &old) == 0 && S_ISREG(old.st_mode))
		(void)!fchmod(folder->fd, old.st_mode & 0777);
	closed = close(folder->fd);
	folder->fd = -1;
	if (closed != 0 ||
	    rename(folder->temporary.text, folder->path.text) != 0) {
		err_set_errno(err, errno, "cannot write %s",
			      folder->path.text);
		forget_file(folder);
		return false;
	}
	str_clear(&folder->temporary);
	add_tag(folder->path.text, &tag);
	place->done(place->context, folder->id, tag.text);
	return true;
}

static void drop_file(struct kaggle_place *place, struct err *err)
{
	(void)err;
	forget_file((struct folder_place *)place);
}

static bool wait_file(struct kaggle_place *place, struct err *err)
{
	(void)place;
	(void)err;
	return true;
}

static void free_file(struct kaggle_place *place)
{
	struct folder_place *folder = (struct folder_place *)place;

	forget_file(folder);
	str_done(&folder->path);
	str_done(&folder->temporary);
	mem_free(folder);
}

static const struct kaggle_place_kind folder_kind = {
	.name = name_file,
	.has = has_file,
	.begin = begin_file,
	.write = write_file,
	.end = end_file,
	.drop = drop_file,
	.wait = wait_file,
	.free = free_file,
};

struct kaggle_place *kaggle_place_folder(struct kaggle_get *get,
					 struct err *err)
{
	struct folder_place *folder = mem_alloc(sizeof(*folder));

	(void)err;
	folder->place.kind = &folder_kind;
	folder->place.get = get;
	folder->path = (struct str)STR_EMPTY;
	folder->temporary = (struct str)STR_EMPTY;
	folder->fd = -1;
	return &folder->place;
}
