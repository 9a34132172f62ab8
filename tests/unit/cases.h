/* Cases in text files: tests/cases/FLOOR/NAME.txt holds input and expected
 * text in turn, each a paragraph, parted by blank lines; lines that begin
 * with ## are comments. A case is added without C. */
#ifndef TESTS_UNIT_CASES_H
#define TESTS_UNIT_CASES_H

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

#include "base/file.h"
#include "base/str.h"

/* What the module makes of input, appended to out. */
typedef void cases_run(const char *input, size_t len, struct str *out);

struct cases_file {
	struct str text;
	char *rest;
};

/* The next paragraph without its last line end; NULL: no more. */
static inline char *cases_paragraph(struct cases_file *file)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	while (file->rest != NULL) {
		char *line = strsep(&file->rest, "\n");

		if (strncmp(line, "##", 2) == 0)
			continue;
		if (*line == '\0' && out.len > 0)
			break;
		if (*line == '\0')
			continue;
		if (out.len > 0)
			str_add_char(&out, '\n');
		str_add(&out, line);
	}
	return out.len > 0 ? str_take(&out) : NULL;
}

/* Runs all cases of a file; every difference is shown, then the test fails.
 * A file without cases fails too. */
static inline void cases_check(const char *name, cases_run *run)
{
	struct cases_file file = { .text = STR_EMPTY };
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct err err = ERR_EMPTY;
	size_t count = 0;
	size_t wrong = 0;
	char *input;

	assert_non_null(getenv("TESTS_DIR"));
	str_addf(&path, "%s/cases/%s", getenv("TESTS_DIR"), name);
	if (!file_read(path.text, 4 << 20, &file.text, &err))
		fail_msg("%s", err.message);
	file.rest = file.text.text;
	while ((input = cases_paragraph(&file)) != NULL) {
		char *expected = cases_paragraph(&file);
		CLEANUP(str_done) struct str out = STR_EMPTY;

		run(input, strlen(input), &out);
		str_trim_end(&out);
		count++;
		if (expected == NULL || strcmp(out.text, expected) != 0) {
			wrong++;
			fprintf(stderr,
				"# %s, case %zu: %s\n# expected: %s\n"
				"# actual:   %s\n",
				name, count, input,
				expected != NULL ? expected : "(nothing)",
				out.text);
		}
		mem_free(input);
		mem_free(expected);
	}
	str_done(&file.text);
	assert_true(count > 0);
	assert_int_equal(wrong, 0);
}

/* Takes the cursor's | out of input; its offset. */
static inline size_t cases_cursor(char *input)
{
	char *mark = strchr(input, '|');

	assert_non_null(mark);
	memmove(mark, mark + 1, strlen(mark));
	return (size_t)(mark - input);
}

#endif
