#include "edit/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "sql/mask.h"

enum {
	NEWLINE_CODE = 1, /* stands for a newline in the file */
	FILE_MAX_BYTES = 64 << 20,
	ENTRY_MAX_BYTES = 1 << 20, /* a pasted dump is not history */
};

struct history {
	char *path; /* NULL: no file */
	int size;   /* entries, <0: no limit */
	bool ignore_space;
	bool ignore_dups;
};

static void swap_bytes(char *text, size_t len, char from, char to)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == from)
			text[i] = to;
}

/* Lines of a file are entries; counts them. */
static size_t count_lines(const struct str *file)
{
	size_t lines = 0;

	for (size_t i = 0; i < file->len; i++)
		lines += file->text[i] == '\n';
	return lines;
}

static const char *skip_lines(const char *at, size_t count)
{
	while (count-- > 0) {
		const char *end = strchr(at, '\n');

		if (end == NULL)
			break;
		at = end + 1;
	}
	return at;
}

/* Readline keeps what is added here for ever, so old entries of a file that
 * has outgrown the limit are dropped from the file as well, once it is twice
 * as long: most starts then only read. */
static bool load(struct history *history, struct err *err)
{
	CLEANUP(str_done) struct str file = STR_EMPTY;
	size_t lines, skip = 0;
	const char *at;

	if (!file_read(history->path, FILE_MAX_BYTES, &file, err))
		return err != NULL && err->kind == ERR_MISSING;
	lines = count_lines(&file);
	if (history->size >= 0 && lines > (size_t)history->size)
		skip = lines - (size_t)history->size;
	at = skip_lines(file.text, skip);
	if (skip > lines / 2 &&
	    !file_write(history->path, at, strlen(at), 0600, err))
		return false;

	while (*at != '\0') {
		const char *end = strchrnul(at, '\n');
		char *entry = mem_copy_slice(at, (size_t)(end - at));

		swap_bytes(entry, strlen(entry), NEWLINE_CODE, '\n');
		if (*entry != '\0')
			add_history(entry);
		mem_free(entry);
		at = *end != '\0' ? end + 1 : end;
	}
	return true;
}

struct history *history_open(const char *path, int size, struct err *err)
{
	struct history *history = mem_alloc(sizeof(*history));
	struct err missing = ERR_EMPTY;

	using_history();
	clear_history();
	history->size = size;
	history->path = mem_copy_text(path);
	if (path != NULL && !load(history, &missing)) {
		err_set(err, missing.kind, "%s", missing.message);
		err_wrap(err, "history is not kept");
		mem_free(history->path);
		history->path = NULL;
	}
	history_set_size(history, size);
	return history;
}

void history_close(struct history *history)
{
	if (history == NULL)
		return;
	mem_free(history->path);
	mem_free(history);
}

void history_set_control(struct history *history, const char *value)
{
	bool both = value != NULL && strcasecmp(value, "ignoreboth") == 0;

	history->ignore_space = both || (value != NULL &&
					 strcasecmp(value, "ignorespace") == 0);
	history->ignore_dups =
		both || (value != NULL && strcasecmp(value, "ignoredups") == 0);
}

void history_set_size(struct history *history, int size)
{
	history->size = size;
	if (size >= 0)
		stifle_history(size);
	else
		unstifle_history();
}

bool history_clean(const char *text, struct str *out)
{
	size_t len = strlen(text);

	if (len > ENTRY_MAX_BYTES)
		return false;
	str_clear(out);
	mask_secrets(out, text, len);
	str_trim_end(out);
	return out->len > 0;
}

static void append(struct history *history, const char *entry, size_t len)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	CLEANUP(str_done) struct str dir = STR_EMPTY;
	int fd;

	path_dir(history->path, &dir);
	if (!file_make_dirs(dir.text, 0700, NULL))
		return;
	fd = open(history->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		  0600);
	if (fd < 0)
		return;
	str_add_slice(&line, entry, len);
	swap_bytes(line.text, line.len, '\n', NEWLINE_CODE);
	str_add_char(&line, '\n');
	/* An older file may be open to others. */
	if (fchmod(fd, 0600) == 0 && write(fd, line.text, line.len) < 0)
		(void)0;
	close(fd);
}

static bool is_last(const char *entry)
{
	HIST_ENTRY *last =
		history_length > 0
			? history_get(history_base + history_length - 1)
			: NULL;

	return last != NULL && strcmp(last->line, entry) == 0;
}

void history_remember(struct history *history, const char *text)
{
	CLEANUP(str_done) struct str entry = STR_EMPTY;

	if (history->ignore_space && (*text == ' ' || *text == '\t'))
		return;
	if (!history_clean(text, &entry))
		return;
	if (history->ignore_dups && is_last(entry.text))
		return;
	add_history(entry.text);
	using_history();
	if (history->path != NULL && history->size != 0)
		append(history, entry.text, entry.len);
}

void history_print(bool coded, struct str *out)
{
	HIST_ENTRY **list = history_list();

	for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
		size_t from = out->len;

		str_add(out, list[i]->line);
		if (coded)
			swap_bytes(out->text + from, out->len - from, '\n',
				   NEWLINE_CODE);
		str_add_char(out, '\n');
	}
}
