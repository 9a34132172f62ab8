#include "shell/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/lines.h"
#include "base/path.h"
#include "base/str.h"

struct input {
	/* NULL: standard input, read by its FILE, which all inputs of it and
	 * what children leave unread share. */
	struct lines *file;
	char *name;
	size_t line;
	int failed;      /* errno of a read */
	struct str next; /* a line to be added to others */
	bool empty_read; /* an empty line that belongs to the next read */
	bool has_ahead;  /* at least one line */
	struct str ahead;
	size_t ahead_at;
};

static struct input *make(struct lines *file, const char *name)
{
	struct input *input = mem_alloc(sizeof(*input));

	input->file = file;
	input->next = (struct str)STR_EMPTY;
	input->ahead = (struct str)STR_EMPTY;
	input->name = mem_copy_text(name);
	return input;
}

struct input *input_stdin(void)
{
	return make(NULL, NULL);
}

struct input *input_open(const char *path, const struct input *beside,
			 struct err *err)
{
	CLEANUP(str_done) struct str full = STR_EMPTY;
	int fd;

	if (!path || strcmp(path, "-") == 0)
		return make(NULL, "<stdin>");
	path_expand(path, &full);
	if (beside && beside->name && strchr(beside->name, '/') &&
	    full.text[0] != '/') {
		CLEANUP(str_done) struct str dir = STR_EMPTY;
		CLEANUP(str_done) struct str joined = STR_EMPTY;

		path_dir(beside->name, &dir);
		path_join(dir.text, full.text, &joined);
		str_set(&full, joined.text);
	}
	while (full.len > 1 && full.text[full.len - 1] == '/')
		str_cut(&full, full.len - 1);
	fd = open(full.text, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err_set_errno(err, errno, "%s", full.text);
		return NULL;
	}
	return make(lines_new(fd), full.text);
}

void input_close(struct input *input)
{
	if (!input)
		return;
	lines_free(input->file);
	str_done(&input->next);
	str_done(&input->ahead);
	mem_free(input->name);
	mem_free(input);
}

/* Reads a line of standard input into out's own memory, without its line end.
 * false: no more. */
static bool read_standard(struct input *input, struct str *out)
{
	char *text = out->cap > 0 ? out->text : NULL;
	size_t cap = out->cap;
	ssize_t len;

	str_clear(out);
	if (input->empty_read) {
		input->empty_read = false;
		return true;
	}
	errno = 0;
	len = getline(&text, &cap, stdin);
	if (text) {
		out->text = text;
		out->cap = cap;
	}
	if (len < 0) {
		/* A second try at the end may not say it again. */
		if (ferror(stdin) && errno != 0)
			input->failed = errno;
		str_clear(out);
		return false;
	}
	if (len > 0 && text[len - 1] == '\n')
		len--;
	out->len = (size_t)len;
	text[len] = '\0';
	return true;
}

void input_put_ahead(struct input *input, const char *text, size_t len)
{
	str_set_slice(&input->ahead, text, len);
	input->ahead_at = 0;
	input->has_ahead = true;
}

bool input_has_ahead(const struct input *input)
{
	return input->has_ahead;
}

void input_drop_ahead(struct input *input)
{
	str_clear(&input->ahead);
	input->has_ahead = false;
}

static void read_ahead(struct input *input, struct str *out_line)
{
	const char *line = input->ahead.text + input->ahead_at;
	size_t left = input->ahead.len - input->ahead_at;
	const char *end = memchr(line, '\n', left);
	size_t len = end ? (size_t)(end - line) : left;

	str_set_slice(out_line, line, len);
	input->ahead_at += len + 1;
	if (!end)
		input_drop_ahead(input);
}

bool input_read(struct input *input, struct str *out_line)
{
	if (input->has_ahead) {
		read_ahead(input, out_line);
		return true;
	}
	if (input->file ? !lines_next(input->file, out_line)
			: !read_standard(input, out_line))
		return false;
	input->line++;
	return true;
}

enum { READ_ON_BYTES = 64 << 10 };

static bool read_on_standard(struct input *input, const char *events,
			     struct str *out_lines)
{
	struct str *line = out_lines;

	if (!read_standard(input, out_lines))
		return false;
	for (;;) {
		input->line++;
		if (line != out_lines)
			str_add_slice(out_lines, line->text, line->len);
		/* A byte of 0 is an event too. */
		if (out_lines->len == 0 ||
		    strcspn(line->text, events) < line->len ||
		    out_lines->len > READ_ON_BYTES)
			return true;
		line = &input->next;
		if (!read_standard(input, line))
			return true;
		input->empty_read = line->len == 0;
		if (input->empty_read)
			return true;
		str_add_char(out_lines, '\n');
	}
}

bool input_read_on(struct input *input, const char *events,
		   struct str *out_lines)
{
	size_t count;

	if (!input->file)
		return read_on_standard(input, events, out_lines);
	if (!lines_next_few(input->file, events, out_lines, &count))
		return false;
	input->line += count;
	return true;
}

int input_error(const struct input *input)
{
	return input->file ? lines_error(input->file) : input->failed;
}

const char *input_name(const struct input *input)
{
	return input->name;
}

size_t input_line(const struct input *input)
{
	return input->line;
}

void input_count_line(struct input *input)
{
	input->line++;
}

bool input_is_stdin(const struct input *input)
{
	return !input->file;
}
