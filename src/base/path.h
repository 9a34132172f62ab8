/* base/path.h - names of files: ~, XDG folders, joining. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/err.h"

struct str;

enum path_root {
	PATH_CONFIG,	/* $XDG_CONFIG_HOME, ~/.config */
	PATH_CACHE,	/* $XDG_CACHE_HOME, ~/.cache */
	PATH_STATE,	/* $XDG_STATE_HOME, ~/.local/state */
	PATH_DATA,	/* $XDG_DATA_HOME, ~/.local/share */
};

/* $HOME, else the password file's folder of the user; "" when neither. */
void path_home(struct str *out);

/* "~/x" and "~user/x" become real paths; all else is copied. */
void path_expand(const char *path, struct str *out);

/* <root>/redsh/<name>; name may be NULL for the folder itself. */
void path_xdg(enum path_root root, const char *name, struct str *out);

/* dir + "/" + name; an absolute name stands alone. */
void path_join(const char *dir, const char *name, struct str *out);

/* The part after the last '/'; borrowed from path. */
const char *path_base(const char *path);

/* All before the last '/', "." when there is none, "/" at the root. */
void path_dir(const char *path, struct str *out);

/* Finds a file of our share folder: $REDSH_SHARE, then PKGDATADIR, then
 * share/ of the build's source tree. ERR_MISSING names what was tried. */
bool path_share(const char *name, struct str *out, struct err *err);

/* Finds program name: beside the running program, then in $PATH. */
bool path_program(const char *name, struct str *out, struct err *err);

#endif
