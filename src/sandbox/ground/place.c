#include "sandbox/ground/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "data/encode.h"
#include "data/hash.h"

#define SMALL_FILE     4096
#define PASSWORD_BYTES 12

void place_init(struct place *place, const char *dir)
{
	CLEANUP(str_done) struct str named = STR_EMPTY;
	char cwd[PATH_MAX];

	str_clear(&place->dir);
	if (!dir || !*dir)
		path_xdg(PATH_DATA, "sandbox", &named);
	else
		path_expand(dir, &named);
	if (named.text[0] == '/' || !getcwd(cwd, sizeof(cwd)))
		str_set(&place->dir, named.text);
	else
		path_join(cwd, named.text, &place->dir);
	while (place->dir.len > 1 && str_ends(place->dir.text, "/"))
		str_cut(&place->dir, place->dir.len - 1);
}

void place_done(struct place *place)
{
	str_done(&place->dir);
	if (place->lock_fd >= 0)
		close(place->lock_fd);
	place->lock_fd = -1;
}

void place_path(const struct place *place, const char *name, struct str *out)
{
	path_join(place->dir.text, name, out);
}

bool place_make(const struct place *place, struct err *err)
{
	return file_make_dirs(place->dir.text, 0700, err);
}

static int open_lock(const struct place *place, int flags)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	place_path(place, "lock", &path);
	return open(path.text, flags | O_CLOEXEC, 0600);
}

static pid_t read_pid(int fd)
{
	char text[32];
	ssize_t got = pread(fd, text, sizeof(text) - 1, 0);
	long pid;

	if (got <= 0)
		return 0;
	text[got] = '\0';
	pid = strtol(text, NULL, 10);
	return pid > 1 && pid < INT_MAX ? (pid_t)pid : 0;
}

bool place_lock(struct place *place, struct err *err)
{
	int fd = open_lock(place, O_RDWR | O_CREAT);
	char text[32];
	int len;

	if (fd < 0)
		return err_set_errno(err, errno, "lock of %s", place->dir.text);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		err_set(err, ERR_USAGE,
			"a sandbox runs already in %s (process %d)",
			place->dir.text, (int)read_pid(fd));
		err_hint(err, "redsh-sandbox env --dir shows how to reach it");
		close(fd);
		return false;
	}
	len = snprintf(text, sizeof(text), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len) {
		err_set_errno(err, errno, "lock of %s", place->dir.text);
		close(fd);
		return false;
	}
	place->lock_fd = fd;
	return true;
}

pid_t place_holder(const struct place *place)
{
	int fd = open_lock(place, O_RDONLY);
	pid_t pid = 0;

	if (fd < 0)
		return 0;
	if (flock(fd, LOCK_SH | LOCK_NB) != 0)
		pid = read_pid(fd);
	close(fd);
	return pid;
}

bool place_save(const struct place *place, const struct place_state *state,
		struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	place_path(place, "state", &path);
	str_addf(&text, "pid=%d\nport=%d\nhttp_port=%d\n", (int)state->pid,
		 state->port, state->http_port);
	return file_write(path.text, text.text, text.len, 0600, err);
}

bool place_load(const struct place *place, struct place_state *out,
		struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int pid = 0;
	int port = 0;
	int http_port = 0;

	place_path(place, "state", &path);
	if (!file_exists(path.text)) {
		err_set(err, ERR_MISSING, "no sandbox was ever started in %s",
			place->dir.text);
		return err_hint(err, "redsh-sandbox start");
	}
	if (!file_read(path.text, SMALL_FILE, &text, err))
		return false;
	if (sscanf(text.text, "pid=%d port=%d http_port=%d", &pid, &port,
		   &http_port) != 3 ||
	    port < 0 || port > 65535 || http_port < 0 || http_port > 65535)
		return err_set(err, ERR_DATA, "%s is damaged", path.text);
	out->pid = pid;
	out->port = port;
	out->http_port = http_port;
	return true;
}

bool place_password(const struct place *place, bool make, struct secret *out,
		    struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	unsigned char bytes[PASSWORD_BYTES];
	bool ok;

	place_path(place, "password", &path);
	if (file_exists(path.text)) {
		ok = file_read(path.text, SMALL_FILE, &text, err);
		str_trim_end(&text);
	} else if (make) {
		hash_random(bytes, sizeof(bytes));
		/* Redshift wants an upper and a lower case letter, a digit */
		str_add(&text, "Pw1");
		encode_hex(&text, bytes, sizeof(bytes));
		ok = file_write(path.text, text.text, text.len, 0600, err);
	} else {
		err_set(err, ERR_MISSING, "no sandbox was ever started in %s",
			place->dir.text);
		ok = err_hint(err, "redsh-sandbox start");
	}
	if (ok)
		secret_set(out, text.text);
	mem_wipe(text.text, text.len);
	return ok;
}
