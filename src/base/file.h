/* base/file.h - whole files: read with a limit, write atomically. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct str;

/* Appends the file to out; ERR_DATA when it is longer than max_bytes,
 * ERR_MISSING when there is none. */
bool file_read(const char *path, size_t max_bytes, struct str *out,
	       struct err *err);

/* Writes a temporary file in the same folder, syncs, renames. The umask takes
 * of mode what it takes of open's. A link stays one; a device, a pipe or what
 * standard output is are written to. */
bool file_write(const char *path, const char *bytes, size_t len, mode_t mode,
		struct err *err);

/* The first step of that for who writes the file in another way: opens one
 * beside path that nobody else has; *out_name is replaced by its name. The
 * caller closes it, then renames or unlinks it. -1: it cannot be made. */
int file_open_beside(const char *path, mode_t mode, struct str *out_name,
		     struct err *err);

/* Whether that could begin now; the file is not touched. */
bool file_may_write(const char *path, struct err *err);

bool file_exists(const char *path);
bool file_is_dir(const char *path);

/* Size of a regular file, -1: none. */
int64_t file_size(const char *path);

/* When it was last written, in ms since 1970; 0: there is none. */
int64_t file_changed_ms(const char *path);

/* Makes the folder and its parents (mode for the new ones). */
bool file_make_dirs(const char *path, mode_t mode, struct err *err);

/* Removes a file or a folder with all that is in it; links are not
 * followed; a missing path is fine. */
bool file_remove_tree(const char *path, struct err *err);

#endif
