#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

enum { BLOCK_BYTES = 65536 };

/* Files of keys are read, too. */
static void wipe_block(char (*block)[BLOCK_BYTES])
{
	mem_wipe(*block, sizeof(*block));
}

bool file_read(const char *path, size_t max_bytes, struct str *out,
	       struct err *err)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t before = out->len;
	CLEANUP(wipe_block) char block[BLOCK_BYTES];
	ssize_t got;

	if (fd < 0 && errno == ENOENT)
		return err_set(err, ERR_MISSING,
			       "%s: No such file or directory", path);
	if (fd < 0)
		return err_set_errno(err, errno, "%s", path);
	while ((got = read(fd, block, sizeof(block))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set_errno(err, errno, "%s", path);
		if (out->len - before + (size_t)got > max_bytes)
			return err_set(err, ERR_DATA,
				       "%s is longer than %zu bytes", path,
				       max_bytes);
		str_add_slice(out, block, (size_t)got);
	}
	return true;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t done = write(fd, bytes, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		bytes += done;
		len -= (size_t)done;
	}
	return true;
}

/* What of the mode is left under the umask; for files of the owner alone it is
 * not looked at: that sets it for a moment, in all threads. */
static mode_t mode_left(mode_t mode)
{
	mode_t mask;

	if ((mode & (S_IRWXG | S_IRWXO)) == 0)
		return mode;
	mask = umask(S_IRWXG | S_IRWXO);
	umask(mask);
	return mode & ~mask;
}

int file_open_beside(const char *path, mode_t mode, struct str *out_name,
		     struct err *err)
{
	int saved;
	int fd;

	str_clear(out_name);
	str_addf(out_name, "%s.XXXXXX", path);
	fd = mkostemp(out_name->text, O_CLOEXEC);
	if (fd >= 0 && fchmod(fd, mode_left(mode)) == 0)
		return fd;
	saved = errno;
	if (fd >= 0) {
		close(fd);
		unlink(out_name->text);
	}
	err_set_errno(err, saved, "%s", path);
	return -1;
}

/* Beside path first; a rename cannot leave half of it. */
static bool replace(const char *path, const char *bytes, size_t len,
		    mode_t mode, struct err *err)
{
	CLEANUP(str_done) struct str temporary = STR_EMPTY;
	int fd = file_open_beside(path, mode, &temporary, err);
	bool good;
	int saved;

	if (fd < 0)
		return false;
	good = write_all(fd, bytes, len) && fsync(fd) == 0;
	saved = errno;
	close(fd);
	if (good && rename(temporary.text, path) == 0)
		return true;
	if (good)
		saved = errno;
	unlink(temporary.text);
	return err_set_errno(err, saved, "%s", path);
}

/* The open descriptor of ours that info is, or -1: opening it once more, by
 * /dev/stdout or its name, would write from its beginning. */
static int standing_fd(const struct stat *info)
{
	struct stat own;

	for (int fd = 1; fd <= 2; fd++)
		if (fstat(fd, &own) == 0 && own.st_dev == info->st_dev &&
		    own.st_ino == info->st_ino)
			return fd;
	return -1;
}

/* A device, a pipe: nothing stands beside it, and it must stay what it is.
 * Without a reader a pipe is an error instead of a wait. */
static bool write_into(const char *path, int standing, const char *bytes,
		       size_t len, struct err *err)
{
	CLEANUP(close_fd)
	int fd = standing >= 0 ? fcntl(standing, F_DUPFD_CLOEXEC, 0)
			       : open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || (standing < 0 && fcntl(fd, F_SETFL, 0) != 0) ||
	    !write_all(fd, bytes, len))
		return err_set_errno(err, errno, "%s", path);
	return true;
}

bool file_write(const char *path, const char *bytes, size_t len, mode_t mode,
		struct err *err)
{
	CLEANUP(mem_freep) char *target = NULL;
	struct stat info;
	int standing;

	if (stat(path, &info) != 0)
		return replace(path, bytes, len, mode, err);
	standing = standing_fd(&info);
	if (standing >= 0 || !(S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)))
		return write_into(path, standing, bytes, len, err);
	/* A link stays one: what it leads to is replaced. */
	target = mem_alloc(PATH_MAX);
	return replace(realpath(path, target) ? target : path, bytes, len, mode,
		       err);
}

bool file_may_write(const char *path, struct err *err)
{
	CLEANUP(str_done) struct str temporary = STR_EMPTY;
	CLEANUP(mem_freep) char *target = mem_alloc(PATH_MAX);
	struct stat info;
	int fd;

	if (stat(path, &info) == 0) {
		if (S_ISDIR(info.st_mode))
			return err_set_errno(err, EISDIR, "%s", path);
		if (!S_ISREG(info.st_mode) || standing_fd(&info) >= 0)
			return access(path, W_OK) == 0 ||
			       err_set_errno(err, errno, "%s", path);
	}
	str_addf(&temporary, "%s.XXXXXX",
		 realpath(path, target) ? target : path);
	fd = mkostemp(temporary.text, O_CLOEXEC);
	if (fd < 0)
		return err_set_errno(err, errno, "%s", path);
	close(fd);
	unlink(temporary.text);
	return true;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool file_is_dir(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

int64_t file_size(const char *path)
{
	struct stat info;

	if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
		return -1;
	return info.st_size;
}

int64_t file_changed_ms(const char *path)
{
	struct stat info;

	if (stat(path, &info) != 0)
		return 0;
	return (int64_t)info.st_mtim.tv_sec * 1000 +
	       info.st_mtim.tv_nsec / 1000000;
}

bool file_make_dirs(const char *path, mode_t mode, struct err *err)
{
	CLEANUP(mem_freep) char *copy = mem_copy_text(path);

	for (char *at = copy + 1; at[-1] != '\0'; at++) {
		char saved = *at;

		if (saved != '/' && saved != '\0')
			continue;
		*at = '\0';
		if (mkdir(copy, mode) != 0 && errno != EEXIST)
			return err_set_errno(err, errno,
					     "cannot make folder %s", copy);
		*at = saved;
	}
	if (!file_is_dir(path))
		return err_set(err, ERR_SYSTEM, "%s is not a folder", path);
	return true;
}

static int remove_one(const char *path, const struct stat *info, int type,
		      struct FTW *ftw)
{
	(void)info;
	(void)type;
	(void)ftw;
	return remove(path);
}

bool file_remove_tree(const char *path, struct err *err)
{
	if (nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS) != 0 &&
	    errno != ENOENT)
		return err_set_errno(err, errno, "cannot remove %s", path);
	return true;
}
