/* A stack of open folders, each with its next names in key order: a folder's
 * name ends in '/' there, which is what its keys have after it. When a folder
 * has more names than are held it is read again from the start, and names up
 * to the last one given are passed over. */
#include "transfer/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"

enum { HELD = 20000 };

struct names {
	VEC(char *);
};

struct level {
	DIR *dir;
	dev_t device;
	ino_t inode;
	size_t prefix; /* bytes of walk.name that lead here */
	struct names names;
	size_t at;  /* next of names */
	bool more;  /* there are names behind the held ones */
	char *last; /* the last held name of the reading before */
};

struct walk {
	struct walk_options options;
	struct str root;
	struct str name; /* of the entry at hand */
	struct {
		VEC(struct level);
	} levels;
};

static void clear_names(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		mem_free(names->items[i]);
	vec_clear(names);
}

static void leave(struct walk *walk)
{
	struct level *level = &walk->levels.items[--walk->levels.count];

	clear_names(&level->names);
	vec_done(&level->names);
	mem_free(level->last);
	closedir(level->dir);
}

void walk_free(struct walk *walk)
{
	if (walk == NULL)
		return;
	while (walk->levels.count > 0)
		leave(walk);
	vec_done(&walk->levels);
	str_done(&walk->root);
	str_done(&walk->name);
	mem_free(walk);
}

/* "root/name" for messages. */
static bool failed(const struct walk *walk, int errnum, struct err *err)
{
	const char *slash = str_ends(walk->root.text, "/") ? "" : "/";

	return err_set_errno(err, errnum, "%s%s%s", walk->root.text, slash,
			     walk->name.text);
}

/* --- one folder's names --- */

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_folder(const struct walk *walk, int dir_fd,
		      const struct dirent *entry)
{
	struct stat status;

	if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
		return entry->d_type == DT_DIR;
	if (fstatat(dir_fd, entry->d_name, &status,
		    walk->options.leave_links ? AT_SYMLINK_NOFOLLOW : 0) != 0)
		return false;
	return S_ISDIR(status.st_mode);
}

static void keep_first(struct level *level, size_t count)
{
	struct names *names = &level->names;

	if (names->count > 0)
		qsort(names->items, names->count, sizeof(*names->items),
		      compare);
	if (names->count <= count)
		return;
	for (size_t i = count; i < names->count; i++)
		mem_free(names->items[i]);
	names->count = count;
	level->more = true;
}

static void take_name(struct walk *walk, struct level *level,
		      const struct dirent *entry)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct names *names = &level->names;
	size_t held = walk->options.held;

	str_set(&name, entry->d_name);
	if (is_folder(walk, dirfd(level->dir), entry))
		str_add_char(&name, '/');
	if (level->last != NULL && strcmp(name.text, level->last) <= 0)
		return;
	vec_push(names, str_take(&name));
	if (names->count >= 2 * held)
		keep_first(level, held);
}

static bool read_names(struct walk *walk, struct level *level)
{
	const struct dirent *entry;

	clear_names(&level->names);
	level->at = 0;
	level->more = false;
	rewinddir(level->dir);
	errno = 0;
	while ((entry = readdir(level->dir)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			take_name(walk, level, entry);
		errno = 0;
	}
	if (errno != 0)
		return false;
	keep_first(level, walk->options.held);
	return true;
}

/* --- up and down --- */

static bool leads_back(const struct walk *walk, const struct stat *status)
{
	for (size_t i = 0; i < walk->levels.count; i++)
		if (walk->levels.items[i].device == status->st_dev &&
		    walk->levels.items[i].inode == status->st_ino)
			return true;
	return false;
}

/* Also false, without err: it leads back to a folder above. */
static bool enter(struct walk *walk, int at_fd, const char *name,
		  struct err *err)
{
	struct level level = { .prefix = walk->name.len };
	int fd = openat(at_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0) {
		failed(walk, errno, err);
		if (fd >= 0)
			close(fd);
		return false;
	}
	if (leads_back(walk, &status)) {
		close(fd);
		err_clear(err);
		return false;
	}
	level.device = status.st_dev;
	level.inode = status.st_ino;
	level.dir = fdopendir(fd);
	if (level.dir == NULL) {
		failed(walk, errno, err);
		close(fd);
		return false;
	}
	vec_push(&walk->levels, level);
	if (read_names(walk, &walk->levels.items[walk->levels.count - 1]))
		return true;
	failed(walk, errno, err);
	leave(walk);
	return false;
}

struct walk *walk_new(const char *root, const struct walk_options *options,
		      struct err *err)
{
	struct walk *walk = mem_alloc(sizeof(*walk));

	if (options != NULL)
		walk->options = *options;
	if (walk->options.held == 0)
		walk->options.held = HELD;
	walk->root = (struct str)STR_EMPTY;
	walk->name = (struct str)STR_EMPTY;
	str_set(&walk->root, root);
	if (enter(walk, AT_FDCWD, root, err))
		return walk;
	walk_free(walk);
	return NULL;
}

static enum walk_step look(struct walk *walk, int dir_fd, const char *base,
			   struct walk_entry *entry, struct err *err)
{
	int flags = walk->options.leave_links ? AT_SYMLINK_NOFOLLOW : 0;
	struct stat status;

	if (fstatat(dir_fd, base, &status, flags) != 0) {
		failed(walk, errno, err);
		return WALK_FAILED;
	}
	if (!S_ISREG(status.st_mode))
		return WALK_LEFT_OUT;
	entry->size = status.st_size;
	entry->mtime_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 +
			  status.st_mtim.tv_nsec;
	return WALK_FILE;
}

/* The folder's next name into walk->name; false: there is none. */
static bool next_name(struct walk *walk, struct level *level, const char **base,
		      struct err *err)
{
	if (level->at == level->names.count && level->more) {
		mem_free(level->last);
		level->last = level->names.items[level->names.count - 1];
		level->names.count--;
		if (!read_names(walk, level)) {
			str_cut(&walk->name, level->prefix);
			return failed(walk, errno, err);
		}
	}
	if (level->at == level->names.count)
		return false;
	*base = level->names.items[level->at++];
	str_cut(&walk->name, level->prefix);
	str_add(&walk->name, *base);
	return true;
}

static enum walk_step refuse_name(const struct walk *walk, struct err *err)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	const char *text = walk->name.text;
	size_t bad;

	for (size_t at = 0; at < walk->name.len; at += bad + 1) {
		bad = utf8_first_bad(text + at, walk->name.len - at);
		str_add_slice(&shown, text + at, bad);
		if (at + bad < walk->name.len)
			str_addf(&shown, "\\x%02x",
				 (unsigned char)text[at + bad]);
	}
	err_set(err, ERR_DATA, "%s/%s: the name is not UTF-8, as keys are",
		walk->root.text, shown.text);
	err_hint(err, "rename the file");
	return WALK_FAILED;
}

enum walk_step walk_next(struct walk *walk, struct walk_entry *entry,
			 struct err *err)
{
	const char *base = NULL;

	err_clear(err);
	while (walk->levels.count > 0) {
		struct level *level =
			&walk->levels.items[walk->levels.count - 1];
		int dir_fd = dirfd(level->dir);

		if (!next_name(walk, level, &base, err)) {
			leave(walk);
			if (err->kind == ERR_NONE)
				continue;
			entry->name = walk->name.text;
			return WALK_FAILED;
		}
		entry->name = walk->name.text;
		if (!utf8_valid(walk->name.text, walk->name.len))
			return refuse_name(walk, err);
		if (!str_ends(base, "/"))
			return look(walk, dir_fd, base, entry, err);
		if (!enter(walk, dir_fd, base, err))
			return err->kind == ERR_NONE ? WALK_LEFT_OUT
						     : WALK_FAILED;
	}
	return WALK_END;
}
