#include "tests/unit/check.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/str.h"
#include "edit/history_file.h"

struct place {
	char folder[64];
	struct str path;
};

static int make_place(void **state)
{
	struct place *place = mem_alloc(sizeof(*place));
	const struct str empty = STR_EMPTY;

	memcpy(place->folder, "/tmp/redsh-history-XXXXXX", 26);
	place->path = empty;
	if (mkdtemp(place->folder) == NULL)
		return -1;
	str_addf(&place->path, "%s/below/history", place->folder);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;

	file_remove_tree(place->folder, NULL);
	str_done(&place->path);
	mem_free(place);
	return 0;
}

static void put(const struct place *place, const char *text)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;

	str_addf(&folder, "%s/below", place->folder);
	assert_true(file_make_dirs(folder.text, 0700, NULL));
	assert_true(
		file_write(place->path.text, text, strlen(text), 0644, NULL));
}

static void add_shown(void *context, const char *text, int64_t at_ms)
{
	struct str *out = context;

	str_addf(out, "[%s]", text);
	if (at_ms != 0)
		str_addf(out, "@%lld", (long long)at_ms);
}

static const struct {
	const char *file;
	int64_t newest;
	const char *read;
} files[] = {
	{ "select 1\001from t;\n\\dt\n", -1, "[select 1\nfrom t;][\\dt]" },
	{ "a\nb\nc\n", 2, "[b][c]" },
	{ "a\nb\nc\n", 0, "" },
	{ "a\n\n\nb", -1, "[a][b]" },
	{ "", -1, "" },
	/* Readline's times; what only looks like one is an entry. */
	{ "#1700000000\nselect 1;\nselect 2;\n", -1,
	  "[select 1;]@1700000000000[select 2;]" },
	{ "#12a\n#\n", -1, "[#12a][#]" },
	{ "#1700000000\na\n#1700000001\nb\n", 1, "[b]@1700000001000" },
	/* libedit, as psql on macOS writes. */
	{ "_HiStOrY_V2_\nselect\\0401;\\012--\\040x\na\\\\b\\\n", -1,
	  "[select 1;\n-- x][a\\b\\]" },
};

static void entries_are_read(void **state)
{
	const struct place *place = *state;

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		CLEANUP(str_done) struct str shown = STR_EMPTY;

		put(place, files[i].file);
		assert_true(history_file_read(place->path.text, files[i].newest,
					      add_shown, &shown, NULL));
		assert_text(shown.text, files[i].read);
	}
}

static void a_missing_file_is_told_as_such(void **state)
{
	const struct place *place = *state;
	struct err err = ERR_EMPTY;

	assert_false(
		history_file_read(place->path.text, -1, add_shown, NULL, &err));
	assert_int_equal(err.kind, ERR_MISSING);
}

static void an_entry_is_one_line_of_a_private_file(void **state)
{
	const struct place *place = *state;
	CLEANUP(str_done) struct str file = STR_EMPTY;
	struct stat info;

	assert_true(history_file_append(place->path.text, "a\nb", 3, NULL));
	assert_true(history_file_append(place->path.text, "c", 1, NULL));
	assert_true(file_read(place->path.text, 100, &file, NULL));
	assert_text(file.text, "a\001b\nc\n");
	assert_int_equal(stat(place->path.text, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	/* A device stays as it is. */
	assert_true(history_file_append("/dev/null", "a", 1, NULL));
}

static void a_file_twice_as_long_is_cut(void **state)
{
	const struct place *place = *state;
	CLEANUP(str_done) struct str file = STR_EMPTY;

	put(place, "a\nb\nc\nd\n");
	assert_true(history_file_trim(place->path.text, 2, NULL));
	assert_true(file_read(place->path.text, 100, &file, NULL));
	assert_text(file.text, "a\nb\nc\nd\n");
	put(place, "a\n#1700000000\nb\nc\nd\n#1700000001\ne\n");
	assert_true(history_file_trim(place->path.text, 2, NULL));
	str_clear(&file);
	assert_true(file_read(place->path.text, 100, &file, NULL));
	assert_text(file.text, "d\n#1700000001\ne\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define PLACED(test)                                                           \
	cmocka_unit_test_setup_teardown(test, make_place, remove_place)
		PLACED(entries_are_read),
		PLACED(a_missing_file_is_told_as_such),
		PLACED(an_entry_is_one_line_of_a_private_file),
		PLACED(a_file_twice_as_long_is_cut),
	};

	return RUN_TESTS(tests);
}
