#include "base/path.h"

#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

static const struct {
	const char *variable;
	const char *below_home;
} roots[] = {
	[PATH_CONFIG] = { "XDG_CONFIG_HOME", ".config" },
	[PATH_CACHE] = { "XDG_CACHE_HOME", ".cache" },
	[PATH_STATE] = { "XDG_STATE_HOME", ".local/state" },
	[PATH_DATA] = { "XDG_DATA_HOME", ".local/share" },
};

static void add_home_of(const char *user, struct str *out)
{
	char space[4096];
	struct passwd entry;
	struct passwd *found = NULL;

	if (user)
		getpwnam_r(user, &entry, space, sizeof(space), &found);
	else
		getpwuid_r(getuid(), &entry, space, sizeof(space), &found);
	if (found)
		str_add(out, found->pw_dir);
}

void path_home(struct str *out)
{
	const char *home = getenv("HOME");

	if (home && *home)
		str_add(out, home);
	else
		add_home_of(NULL, out);
}

void path_expand(const char *path, struct str *out)
{
	CLEANUP(str_done) struct str home = STR_EMPTY;
	const char *rest = path;

	if (*path != '~') {
		str_add(out, path);
		return;
	}
	rest = path + strcspn(path, "/");
	if (rest == path + 1) {
		path_home(&home);
	} else {
		CLEANUP(mem_freep) char *user =
			mem_copy_slice(path + 1, (size_t)(rest - path - 1));

		add_home_of(user, &home);
	}
	str_add(out, home.text);
	str_add(out, home.len > 0 ? rest : path);
}

void path_xdg(enum path_root root, const char *name, struct str *out)
{
	const char *folder = getenv(roots[root].variable);

	/* The XDG rules: a relative path is to be ignored. */
	if (folder && *folder == '/') {
		str_add(out, folder);
	} else {
		path_home(out);
		str_addf(out, "/%s", roots[root].below_home);
	}
	str_add(out, "/redsh");
	if (name)
		str_addf(out, "/%s", name);
}

void path_join(const char *dir, const char *name, struct str *out)
{
	if (*name != '/' && *dir != '\0') {
		str_add(out, dir);
		if (dir[strlen(dir) - 1] != '/')
			str_add_char(out, '/');
	}
	str_add(out, name);
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void path_dir(const char *path, struct str *out)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		str_add_char(out, '.');
	else if (slash == path)
		str_add_char(out, '/');
	else
		str_add_slice(out, path, (size_t)(slash - path));
}

bool path_share(const char *name, struct str *out, struct err *err)
{
	const char *tried[] = { getenv("REDSH_SHARE"), PKGDATADIR,
				SOURCE_SHARE };

	for (size_t i = 0; i < COUNT_OF(tried); i++) {
		if (tried[i] == NULL || *tried[i] == '\0')
			continue;
		str_clear(out);
		path_join(tried[i], name, out);
		if (file_exists(out->text))
			return true;
	}
	err_set(err, ERR_MISSING, "cannot find %s in %s", name, PKGDATADIR);
	return err_hint(err, "set REDSH_SHARE to the share folder of redsh");
}

static bool beside_program(const char *name, struct str *out)
{
	CLEANUP(str_done) struct str dir = STR_EMPTY;
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len <= 0)
		return false;
	self[len] = '\0';
	path_dir(self, &dir);
	str_clear(out);
	path_join(dir.text, name, out);
	return access(out->text, X_OK) == 0;
}

bool path_program(const char *name, struct str *out, struct err *err)
{
	const char *at = getenv("PATH");

	if (beside_program(name, out))
		return true;
	while (at && *at) {
		size_t len = strcspn(at, ":");

		str_set_slice(out, at, len);
		str_addf(out, "/%s", name);
		if (len > 0 && access(out->text, X_OK) == 0)
			return true;
		at += len + (at[len] == ':');
	}
	return err_set(err, ERR_MISSING, "cannot find the program %s", name);
}
