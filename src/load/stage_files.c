#include "load/stage_files.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/file.h"
#include "base/path.h"
#include "base/vec.h"
#include "transfer/walk.h"

enum { MAGIC_BYTES = 6 };

void stage_files_done(struct stage_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		mem_free(files->items[i].path);
	vec_done(files);
	str_done(&files->head);
}

/* --- finding --- */

static void set_times(struct stage_file *file, const struct stat *status)
{
	file->size = status->st_size;
	file->changed = status->st_mtim;
	file->inode = status->st_ino;
}

static bool refuse_kind(const char *name, const struct stat *status,
			struct err *err)
{
	err_set(err, ERR_USAGE, "%s is %s", name,
		S_ISFIFO(status->st_mode) ? "a pipe" : "not a regular file");
	return err_hint(err, "what a pipe gives goes in by \"-\": redsh ... < "
			     "%.200s",
			name);
}

/* A link to elsewhere keeps the name the person knows it by. */
static char *absolute(const char *name)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	char *real;

	path_dir(name, &folder);
	real = realpath(folder.text, NULL);
	path_join(real != NULL ? real : folder.text, path_base(name), &path);
	free(real);
	return str_take(&path);
}

static bool add_file(struct stage_files *files, const char *name,
		     struct err *err)
{
	struct stage_file file = { .path = NULL };
	char magic[MAGIC_BYTES];
	struct stat status;
	ssize_t got;
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &status) != 0) {
		err_set_errno(err, errno, "%s", name);
		if (err != NULL && errno == ENOENT)
			err->kind = ERR_MISSING;
		if (fd >= 0)
			close(fd);
		return false;
	}
	if (!S_ISREG(status.st_mode)) {
		close(fd);
		return refuse_kind(name, &status, err);
	}
	set_times(&file, &status);
	got = pread(fd, magic, sizeof(magic), 0);
	close(fd);
	if (got < 0)
		return err_set_errno(err, errno, "reading %s", name);
	file.pack = pack_detect(magic, (size_t)got);
	file.path = absolute(name);
	files->bytes += file.size;
	vec_push(files, file);
	return true;
}

static bool is_hidden(const char *name)
{
	return name[0] == '.' || strstr(name, "/.") != NULL;
}

static bool add_folder(struct stage_files *files, const char *folder,
		       struct err *err)
{
	CLEANUP(walk_freep) struct walk *walk = walk_new(folder, NULL, err);
	size_t before = files->count;

	while (walk != NULL) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		struct err failed = ERR_EMPTY;
		struct walk_entry entry;
		enum walk_step step = walk_next(walk, &entry, &failed);

		if (step == WALK_END)
			break;
		if (step == WALK_FAILED) {
			if (err != NULL)
				*err = failed;
			return false;
		}
		if (step == WALK_LEFT_OUT || is_hidden(entry.name))
			continue;
		path_join(folder, entry.name, &name);
		if (!cancel_check(err) || !add_file(files, name.text, err))
			return false;
	}
	if (walk == NULL || files->count > before)
		return walk != NULL;
	return err_set(err, ERR_MISSING, "there are no files in %s", folder);
}

static bool add_name(struct stage_files *files, const char *name,
		     struct err *err)
{
	return file_is_dir(name) ? add_folder(files, name, err)
				 : add_file(files, name, err);
}

bool stage_files_add(struct stage_files *files, const char *name,
		     struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	glob_t found = { 0 };
	bool ok = true;

	path_expand(name, &path);
	/* A name that exists is meant as it is. */
	if (file_exists(path.text) || glob(path.text, 0, NULL, &found) != 0) {
		globfree(&found);
		return add_name(files, path.text, err);
	}
	for (size_t i = 0; ok && i < found.gl_pathc; i++)
		ok = add_name(files, found.gl_pathv[i], err);
	globfree(&found);
	return ok;
}

bool stage_files_add_pipe(struct stage_files *files, int fd, const char *name,
			  struct err *err)
{
	struct stage_file file = { .size = -1 };
	struct stat status;

	if (files->count > 0)
		return err_set(err, ERR_USAGE, "%s goes alone, not beside %s",
			       name, files->items[0].path);
	/* "redsh ... < file" is a file with its size. */
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    lseek(fd, 0, SEEK_CUR) == 0)
		file.size = status.st_size;
	files->bytes = file.size;
	file.path = mem_copy_text(name);
	files->pipe = fd;
	vec_push(files, file);
	return true;
}

/* --- the beginning --- */

/* Waits for the pipe; Ctrl-C ends it. */
static bool sample_pipe(struct stage_files *files, size_t count,
			bool *out_whole, struct err *err)
{
	struct str *head = &files->head;

	str_reserve(head, count);
	*out_whole = false;
	while (head->len < count) {
		ssize_t got;

		if (cancel_poll(files->pipe, POLLIN, -1) < 0)
			return cancel_check(err);
		got = read(files->pipe, head->text + head->len,
			   count - head->len);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return err_set_errno(err, errno, "reading %s",
					     files->items[0].path);
		if (got == 0) {
			*out_whole = true;
			break;
		}
		head->len += (size_t)got;
	}
	files->items[0].pack = pack_detect(head->text, head->len);
	return true;
}

static bool sample_file(const struct stage_file *file, size_t count,
			struct str *out, struct err *err)
{
	int fd = stage_files_open(file, err);
	ssize_t got = 1;

	if (fd < 0)
		return false;
	str_reserve(out, count);
	while (got > 0 && out->len < count) {
		got = read(fd, out->text + out->len, count - out->len);
		if (got > 0)
			out->len += (size_t)got;
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	close(fd);
	out->text[out->len] = '\0';
	return got >= 0 ||
	       err_set_errno(err, errno, "reading %s", file->path);
}

bool stage_files_sample(struct stage_files *files, size_t count,
			struct str *out, bool *out_whole, struct err *err)
{
	size_t at = 0;

	if (files->pipe >= 0) {
		if (!sample_pipe(files, count, out_whole, err))
			return false;
		str_add_slice(out, files->head.text, files->head.len);
		return true;
	}
	while (at + 1 < files->count && files->items[at].size == 0)
		at++;
	if (!sample_file(&files->items[at], count, out, err))
		return false;
	*out_whole = (int64_t)out->len >= files->items[at].size;
	return true;
}

/* --- opening --- */

static bool has_changed(const struct stage_file *file, struct err *err)
{
	err_set(err, ERR_DATA, "%s changed while it was read", file->path);
	return err_hint(err, "wait until whatever writes it is done, then "
			     "load again");
}

bool stage_files_is_same(const struct stage_file *file, int fd,
			 struct err *err)
{
	struct stat now;

	if (fstat(fd, &now) == 0 && now.st_size == file->size &&
	    now.st_mtim.tv_sec == file->changed.tv_sec &&
	    now.st_mtim.tv_nsec == file->changed.tv_nsec &&
	    now.st_ino == file->inode)
		return true;
	return has_changed(file, err);
}

int stage_files_open(const struct stage_file *file, struct err *err)
{
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		err_set_errno(err, errno, "%s", file->path);
		return -1;
	}
	if (stage_files_is_same(file, fd, err))
		return fd;
	close(fd);
	return -1;
}

void stage_files_describe(const struct stage_files *files, struct str *out)
{
	if (files->count == 0)
		return;
	str_add(out, path_base(files->items[0].path));
	if (files->count > 1)
		str_addf(out, " and %zu more", files->count - 1);
}
