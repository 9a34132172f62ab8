#include "shell/input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "base/str.h"

enum { FILE_BUFFER_BYTES = 64 << 10 };

struct input {
	FILE *file;
	char *name;
	size_t line;
	int failed;  /* errno of a read */
	char *block; /* getline's */
	size_t block_cap;
	bool empty_read; /* an empty line that belongs to the next read */
};

static struct input *make(FILE *file, const char *name)
{
	struct input *input = mem_alloc(sizeof(*input));

	input->file = file;
	input->name = mem_copy_text(name);
	return input;
}

struct input *input_stdin(void)
{
	return make(stdin, NULL);
}

struct input *input_open(const char *path, const struct input *beside,
			 struct err *err)
{
	CLEANUP(str_done) struct str full = STR_EMPTY;
	FILE *file;

	if (!path || strcmp(path, "-") == 0)
		return make(stdin, "<stdin>");
	path_expand(path, &full);
	if (beside && beside->name && strchr(beside->name, '/') &&
	    full.text[0] != '/') {
		CLEANUP(str_done) struct str dir = STR_EMPTY;
		CLEANUP(str_done) struct str joined = STR_EMPTY;

		path_dir(beside->name, &dir);
		path_join(dir.text, full.text, &joined);
		str_set(&full, joined.text);
	}
	file = fopen(full.text, "re");
	if (!file) {
		err_set_errno(err, errno, "%s", full.text);
		return NULL;
	}
	setvbuf(file, NULL, _IOFBF, FILE_BUFFER_BYTES);
	return make(file, full.text);
}

void input_close(struct input *input)
{
	if (!input)
		return;
	if (input->file != stdin)
		fclose(input->file);
	mem_free(input->block);
	mem_free(input->name);
	mem_free(input);
}

/* The next line into block, without its line end; -1: no more. */
static ssize_t read_block(struct input *input)
{
	ssize_t len;

	if (input->empty_read) {
		input->empty_read = false;
		input->block[0] = '\0';
		return 0;
	}
	errno = 0;
	len = getline(&input->block, &input->block_cap, input->file);
	/* A second try at the end may not say it again. */
	if (len < 0 && ferror(input->file) && errno != 0)
		input->failed = errno;
	if (len > 0 && input->block[len - 1] == '\n')
		input->block[--len] = '\0';
	return len;
}

bool input_read(struct input *input, struct str *out_line)
{
	ssize_t len = read_block(input);

	if (len < 0)
		return false;
	str_set_slice(out_line, input->block, (size_t)len);
	input->line++;
	return true;
}

int input_error(const struct input *input)
{
	return input->failed;
}

enum { READ_ON_BYTES = 64 << 10 };

bool input_read_on(struct input *input, const char *events,
		   struct str *out_lines)
{
	ssize_t len = read_block(input);

	if (len < 0)
		return false;
	str_clear(out_lines);
	for (;;) {
		input->line++;
		str_add_slice(out_lines, input->block, (size_t)len);
		/* A byte of 0 ends it as well. */
		if (len == 0 || strcspn(input->block, events) < (size_t)len ||
		    out_lines->len > READ_ON_BYTES)
			return true;
		len = read_block(input);
		input->empty_read = len == 0;
		if (len <= 0)
			return true;
		str_add_char(out_lines, '\n');
	}
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
	return input->file == stdin;
}
