#include "edit/history_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "edit/history_text.h"

enum {
	FILE_MAX_BYTES = 64 << 20,
	STAMP_DIGITS = 12, /* more than seconds have for a long time */
};

static const char libedit_mark[] = "_HiStOrY_V2_";

struct line {
	const char *text;
	size_t len;
};

/* Moves *at behind the line. false: no more. */
static bool next_line(const char **at, struct line *out)
{
	const char *end = strchrnul(*at, '\n');

	if (**at == '\0')
		return false;
	*out = (struct line){ *at, (size_t)(end - *at) };
	*at = *end ? end + 1 : end;
	return true;
}

/* Seconds of "#1700000000"; 0: another line. */
static int64_t stamp_of(const struct line *line)
{
	int64_t seconds = 0;

	if (line->len < 2 || line->len > STAMP_DIGITS || line->text[0] != '#')
		return 0;
	for (size_t i = 1; i < line->len; i++) {
		if (line->text[i] < '0' || line->text[i] > '9')
			return 0;
		seconds = seconds * 10 + (line->text[i] - '0');
	}
	return seconds;
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* libedit writes blanks and newlines as \040 and \012. */
static void add_libedit(const struct line *line, struct str *out)
{
	for (size_t i = 0; i < line->len; i++) {
		const char *at = line->text + i;

		if (*at == '\\' && i + 3 < line->len && is_octal(at[1]) &&
		    is_octal(at[2]) && is_octal(at[3])) {
			str_add_char(out,
				     (char)((at[1] - '0') * 64 +
					    (at[2] - '0') * 8 + (at[3] - '0')));
			i += 3;
		} else if (*at == '\\' && i + 1 < line->len && at[1] == '\\') {
			str_add_char(out, '\\');
			i++;
		} else {
			str_add_char(out, *at);
		}
	}
}

static size_t count_entries(const char *text)
{
	struct line line;
	size_t count = 0;

	while (next_line(&text, &line))
		count += line.len > 0 && stamp_of(&line) == 0;
	return count;
}

bool history_file_read(const char *path, int64_t newest,
		       void (*take)(void *context, const char *text,
				    int64_t at_ms),
		       void *context, struct err *err)
{
	CLEANUP(str_done) struct str file = STR_EMPTY;
	CLEANUP(str_done) struct str entry = STR_EMPTY;
	const char *at;
	size_t skip = 0;
	size_t count;
	int64_t seconds = 0;
	struct line line;
	bool libedit;

	if (!file_read(path, FILE_MAX_BYTES, &file, err))
		return false;
	at = file.text;
	libedit = str_starts(at, libedit_mark);
	if (libedit)
		next_line(&at, &line);
	count = count_entries(at);
	if (newest >= 0 && count > (size_t)newest)
		skip = count - (size_t)newest;
	while (next_line(&at, &line)) {
		if (line.len == 0)
			continue;
		if (stamp_of(&line) != 0) {
			seconds = stamp_of(&line);
			continue;
		}
		str_clear(&entry);
		if (libedit)
			add_libedit(&line, &entry);
		else
			history_text_decode(line.text, line.len, &entry);
		if (skip > 0)
			skip--;
		else
			take(context, entry.text, seconds * 1000);
		seconds = 0;
	}
	return true;
}

bool history_file_append(const char *path, const char *text, size_t len,
			 struct err *err)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	CLEANUP(str_done) struct str dir = STR_EMPTY;
	bool ok;
	int fd;

	path_dir(path, &dir);
	if (!file_make_dirs(dir.text, 0700, err))
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY,
		  0600);
	if (fd < 0)
		return err_set_errno(err, errno, "cannot write %s", path);
	history_text_encode(text, len, &line);
	str_add_char(&line, '\n');
	ok = write(fd, line.text, line.len) == (ssize_t)line.len;
	if (!ok)
		err_set_errno(err, errno, "cannot write %s", path);
	/* An older file may be open to others; /dev/null is not ours. */
	if (ok && file_size(path) >= 0)
		ok = fchmod(fd, 0600) == 0 || errno == EPERM;
	close(fd);
	return ok;
}

bool history_file_trim(const char *path, int64_t keep, struct err *err)
{
	CLEANUP(str_done) struct str file = STR_EMPTY;
	const char *at;
	int64_t count;
	int64_t skip;
	struct line line;

	if (keep < 0 || file_size(path) < 0)
		return true;
	if (!file_read(path, FILE_MAX_BYTES, &file, err))
		return false;
	count = (int64_t)count_entries(file.text);
	if (count <= 2 * keep || str_starts(file.text, libedit_mark))
		return true;
	at = file.text;
	for (skip = count - keep; skip > 0 && next_line(&at, &line);)
		skip -= line.len > 0 && stamp_of(&line) == 0;
	return file_write(path, at, strlen(at), 0600, err);
}
