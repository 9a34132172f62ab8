#include "shell/edit_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/sink.h"
#include "base/str.h"

enum { EDIT_BYTES = 64 << 20 };

static const char *editor_program(void)
{
	static const char *const names[] = { "PSQL_EDITOR", "EDITOR",
					     "VISUAL" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "vi";
}

/* The editor's setting is a line of shell ("code --wait"); the path is an
 * argument of its own. */
static bool run_editor(const char *path, const char *line, struct err *err)
{
	CLEANUP(str_done) struct str script = STR_EMPTY;
	CLEANUP(str_done) struct str place = STR_EMPTY;
	const char *sign = getenv("PSQL_EDITOR_LINENUMBER_ARG");
	const char *argv[] = {
		"/bin/sh", "-c", NULL, "redsh", path, NULL, NULL
	};
	int status;

	str_addf(&script, "%s \"$@\"", editor_program());
	argv[2] = script.text;
	if (line) {
		str_addf(&place, "%s%s", sign ? sign : "+", line);
		argv[4] = place.text;
		argv[5] = path;
	}
	if (!proc_run(argv, &status, err))
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) != 127)
		return true;
	return err_set(err, ERR_SYSTEM, "could not start editor \"%s\"",
		       editor_program());
}

static bool edit_and_read(const char *path, const char *line, struct str *out,
			  bool *out_changed, struct err *err)
{
	struct stat before = { 0 };
	struct stat after = { 0 };

	(void)stat(path, &before);
	if (!run_editor(path, line, err))
		return false;
	(void)stat(path, &after);
	*out_changed = before.st_mtim.tv_sec != after.st_mtim.tv_sec ||
		       before.st_mtim.tv_nsec != after.st_mtim.tv_nsec ||
		       before.st_size != after.st_size;
	str_clear(out);
	return file_read(path, EDIT_BYTES, out, err);
}

bool edit_file(const char *path, const char *line, struct str *out,
	       bool *out_changed, struct err *err)
{
	CLEANUP(str_done) struct str full = STR_EMPTY;

	path_expand(path, &full);
	/* As psql: a name typed wrongly makes no new file. */
	if (access(full.text, F_OK) != 0)
		return err_set_errno(err, errno, "%s", full.text);
	return edit_and_read(full.text, line, out, out_changed, err);
}

static bool ends_line(const struct str *text)
{
	return text->len > 0 && text->text[text->len - 1] == '\n';
}

bool edit_text(struct str *text, const char *line, bool *out_changed,
	       struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	const char *folder = getenv("TMPDIR");
	struct sink sink;
	bool ok;
	int fd;

	str_addf(&path, "%s/redsh.edit.XXXXXX.sql",
		 folder && *folder ? folder : "/tmp");
	fd = mkostemps(path.text, 4, O_CLOEXEC);
	if (fd < 0)
		return err_set_errno(err, errno, "cannot make %s", path.text);
	sink = sink_to_fd(&fd);
	ok = sink_write(&sink, text->text, text->len, err) &&
	     (ends_line(text) || sink_text(&sink, "\n", err));
	close(fd);
	ok = ok && edit_and_read(path.text, line, text, out_changed, err);
	unlink(path.text);
	return ok;
}
