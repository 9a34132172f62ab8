#include "../check.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/lines.h"
#include "base/str.h"

static struct lines *lines_of(const char *text, size_t len)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	rewind(file);
	fd = dup(fileno(file));
	fclose(file);
	lseek(fd, 0, SEEK_SET);
	return lines_new(fd);
}

/* Answers of lines_next_few, each in brackets. */
static const struct {
	const char *text;
	const char *few;
} cases[] = {
	{ "", "" },
	{ "a", "[a]" },
	{ "a\n", "[a]" },
	{ "a\nb\nc\n", "[a\nb\nc]" },
	{ "a\nb;\nc\n", "[a\nb;][c]" },
	{ "a;\nb;\n", "[a;][b;]" },
	{ "a\n\nb\n", "[a][][b]" },
	{ "\n\n", "[][]" },
	{ "a\nb", "[a][b]" },
	{ "a\n;", "[a][;]" },
	{ ";", "[;]" },
};

static void lines_without_events_come_together(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(lines_freep)
		struct lines *lines =
			lines_of(cases[i].text, strlen(cases[i].text));
		CLEANUP(str_done) struct str out = STR_EMPTY;
		CLEANUP(str_done) struct str all = STR_EMPTY;
		size_t count;
		size_t sum = 0;
		size_t feeds = 0;

		while (lines_next_few(lines, ";", &out, &count)) {
			str_addf(&all, "[%s]", out.text);
			sum += count;
		}
		assert_text(all.text, cases[i].few);
		for (const char *at = cases[i].text; *at; at++)
			feeds += *at == '\n' || !at[1];
		assert_int_equal(sum, feeds);
	}
}

static void a_nul_ends_a_few(void **state)
{
	CLEANUP(lines_freep) struct lines *lines = lines_of("a\nb\0c\nd\n", 8);
	CLEANUP(str_done) struct str out = STR_EMPTY;
	size_t count;

	(void)state;
	assert_true(lines_next_few(lines, ";", &out, &count));
	assert_int_equal(out.len, 5);
	assert_int_equal(count, 2);
	assert_true(lines_next_few(lines, ";", &out, &count));
	assert_text(out.text, "d");
	assert_false(lines_next_few(lines, ";", &out, &count));
	assert_int_equal(lines_error(lines), 0);
}

/* However blocks cut the text, the lines are those of the text. */
static void lines_longer_than_a_block_are_whole(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str got = STR_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;
	CLEANUP(lines_freep) struct lines *lines = NULL;
	size_t count;
	size_t turn = 0;

	(void)state;
	for (size_t len = 1; text.len < 1000000; len = len * 7 % 200003) {
		str_add_repeat(&text, 'x', len);
		str_add_char(&text, '\n');
	}
	lines = lines_of(text.text, text.len);
	while (turn++ % 3 == 0 ? lines_next(lines, &out)
			       : lines_next_few(lines, ";", &out, &count)) {
		str_add_slice(&got, out.text, out.len);
		str_add_char(&got, '\n');
	}
	assert_int_equal(got.len, text.len);
	assert_memory_equal(got.text, text.text, text.len);
}

static void a_folder_cannot_be_read(void **state)
{
	CLEANUP(lines_freep)
	struct lines *lines = lines_new(open("/tmp", O_RDONLY | O_CLOEXEC));
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	assert_false(lines_next(lines, &out));
	assert_int_not_equal(lines_error(lines), 0);
	assert_false(lines_next(lines, &out));
	assert_int_not_equal(lines_error(lines), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_without_events_come_together),
		cmocka_unit_test(a_nul_ends_a_few),
		cmocka_unit_test(lines_longer_than_a_block_are_whole),
		cmocka_unit_test(a_folder_cannot_be_read),
	};

	return RUN_TESTS(tests);
}
