#include "shell/input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "base/str.h"

struct input {
	FILE *file;
	char *name;
	size_t line;
	int failed;  /* errno of a read */
	char *block; /* getline's */
	size_t block_cap;
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

bool input_read(struct input *input, struct str *out_line)
{
	ssize_t len;

	errno = 0;
	len = getline(&input->block, &input->block_cap, input->file);
	if (len < 0) {
		input->failed = ferror(input->file) ? errno : 0;
		return false;
	}
	if (len > 0 && input->block[len - 1] == '\n')
		len--;
	str_set_slice(out_line, input->block, (size_t)len);
	input->line++;
	return true;
}

int input_error(const struct input *input)
{
	return input->failed;
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
