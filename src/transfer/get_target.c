#include "transfer/get.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "base/file.h"
#include "base/path.h"
#include "base/units.h"
#include "data/hash.h"
#include "transfer/item.h"

enum { NAME_MAX_BYTES = 255 }; /* of a file, on all file systems we know */

bool get_find_path(struct get *get, const char *path, struct err *err)
{
	struct stat status;
	char *real;

	str_set(&get->path, path);
	if (lstat(path, &status) != 0)
		return true;
	if (S_ISLNK(status.st_mode)) {
		real = realpath(path, NULL);
		if (real != NULL)
			str_set(&get->path, real);
		free(real);
		if (stat(path, &status) != 0)
			return true;
	}
	if (S_ISREG(status.st_mode))
		return true;
	err_set(err, ERR_USAGE, "%s is %s", path,
		S_ISDIR(status.st_mode) ? "a folder" : "no regular file");
	return err_hint(err, "name a file to write");
}

/* "name.part-1a2b3c4d"; a long name gives way. */
static void name_temporary(struct get *get)
{
	const char *base = path_base(get->path.text);
	size_t folder = (size_t)(base - get->path.text);
	size_t len = strlen(base);
	uint32_t random;

	hash_random(&random, sizeof(random));
	if (len > NAME_MAX_BYTES - 14)
		len = NAME_MAX_BYTES - 14;
	str_set_slice(&get->temporary, get->path.text, folder + len);
	str_addf(&get->temporary, ".part-%08x", random);
}

static int create(const char *path)
{
	return open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0666);
}

bool get_open_temporary(struct item *item, struct err *err)
{
	struct get *get = item->state;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	int failed;

	name_temporary(get);
	get->fd = create(get->temporary.text);
	if (get->fd < 0 && errno == ENOENT && item->what.makes_folders) {
		path_dir(get->path.text, &folder);
		if (!file_make_dirs(folder.text, 0777, err))
			return false;
		get->fd = create(get->temporary.text);
	}
	if (get->fd >= 0)
		return true;
	failed = errno;
	str_clear(&get->temporary);
	return err_set_errno(err, failed, "cannot write %s",
			     item->what.path.text);
}

bool get_check_room(const struct item *item, struct err *err)
{
	const struct get *get = item->state;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int64_t wanted = get->head.size - item->had_bytes;
	struct statvfs disk;

	if (fstatvfs(get->fd, &disk) != 0 ||
	    wanted <= (int64_t)disk.f_bavail * (int64_t)disk.f_frsize)
		return true;
	str_add(&text, "needs ");
	units_add_bytes(&text, wanted);
	str_add(&text, ", ");
	units_add_bytes(&text, (int64_t)disk.f_bavail * (int64_t)disk.f_frsize);
	str_add(&text, " are free");
	err_set_errno(err, ENOSPC, "cannot write %s", item->what.path.text);
	return err_hint(err, "%s", text.text);
}

/* Blocks that are there before the bytes spare the kernel a third of its work.
 * Not in memory, where it would be all the work at once. What cannot be done
 * is not needed. */
void get_reserve(const struct get *get)
{
	struct statfs disk;

	if (fstatfs(get->fd, &disk) == 0 && disk.f_type != TMPFS_MAGIC)
		(void)!fallocate(get->fd, 0, 0, get->head.size);
}

bool get_finish(struct item *item, struct err *err)
{
	struct get *get = item->state;
	const struct timespec times[2] = {
		{ .tv_nsec = UTIME_NOW },
		{ .tv_sec = get->head.modified_ms / 1000 },
	};
	struct stat old;

	if (get->head.modified_ms > 0 && futimens(get->fd, times) != 0)
		return err_set_errno(err, errno, "cannot write %s",
				     item->what.path.text);
	if (stat(get->path.text, &old) == 0 && S_ISREG(old.st_mode) &&
	    fchmod(get->fd, old.st_mode & 0777) != 0)
		return err_set_errno(err, errno, "cannot write %s",
				     item->what.path.text);
	if (rename(get->temporary.text, get->path.text) != 0)
		return err_set_errno(err, errno, "cannot write %s",
				     item->what.path.text);
	str_clear(&get->temporary);
	journal_remove(&get->journal);
	return true;
}
