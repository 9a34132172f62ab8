#include "tests/unit/check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "edit/history.h"

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

static void assert_file(const struct place *place, const char *expected)
{
	CLEANUP(str_done) struct str file = STR_EMPTY;

	assert_true(file_read(place->path.text, 1 << 20, &file, NULL));
	assert_text(file.text, expected);
}

static void a_statement_is_one_line_of_a_private_file(void **state)
{
	struct place *place = *state;
	CLEANUP(history_closep)
	struct history *history = history_open(place->path.text, 10, NULL);
	struct stat info;

	history_remember(history, "select 1\nfrom t;\n");
	history_remember(history, "\\dt");
	assert_file(place, "select 1\001from t;\n\\dt\n");
	assert_int_equal(stat(place->path.text, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
}

static void what_was_kept_is_read_again(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str all = STR_EMPTY;
	struct history *history = history_open(place->path.text, 10, NULL);

	history_remember(history, "select 'a\n\nb'");
	history_close(history);
	history = history_open(place->path.text, 10, NULL);
	history_print(false, &all);
	assert_text(all.text, "select 'a\n\nb'\n");
	history_close(history);
}

static void control_says_what_is_not_kept(void **state)
{
	struct place *place = *state;
	CLEANUP(history_closep)
	struct history *history = history_open(place->path.text, 10, NULL);

	history_remember(history, " kept without control");
	history_set_control(history, "ignoreboth");
	history_remember(history, " not kept");
	history_remember(history, "twice");
	history_remember(history, "twice");
	history_remember(history, "");
	history_remember(history, "\n");
	assert_file(place, " kept without control\ntwice\n");
}

static void secrets_do_not_reach_the_file(void **state)
{
	struct place *place = *state;
	CLEANUP(history_closep)
	struct history *history = history_open(place->path.text, 10, NULL);
	CLEANUP(str_done) struct str all = STR_EMPTY;

	history_remember(history,
			 "copy t from 's3://b/k' secret_access_key 'hush'");
	history_remember(history, "create user a password 'Hush1234'");
	assert_true(file_read(place->path.text, 1 << 20, &all, NULL));
	history_print(false, &all);
	assert_null(strstr(all.text, "ush"));
	assert_non_null(strstr(all.text, "s3://b/k"));
}

static void a_long_file_is_cut_to_the_newest(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str all = STR_EMPTY;
	struct history *history = history_open(place->path.text, -1, NULL);

	for (char c = 'a'; c <= 'i'; c++)
		history_remember(history, (char[]){ c, '\0' });
	history_close(history);
	history = history_open(place->path.text, 3, NULL);
	history_print(false, &all);
	assert_text(all.text, "g\nh\ni\n");
	assert_file(place, "g\nh\ni\n");
	history_close(history);
}

static void a_file_that_cannot_be_read_is_reported(void **state)
{
	struct place *place = *state;
	struct err err = ERR_EMPTY;
	struct history *history;

	/* A folder where the file should be. */
	assert_true(file_make_dirs(place->path.text, 0700, NULL));
	history = history_open(place->path.text, 3, &err);
	assert_non_null(history);
	assert_int_not_equal(err.kind, ERR_NONE);
	history_remember(history, "still works");
	history_close(history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define PLACED(test)                                                           \
	cmocka_unit_test_setup_teardown(test, make_place, remove_place)
		PLACED(a_statement_is_one_line_of_a_private_file),
		PLACED(what_was_kept_is_read_again),
		PLACED(control_says_what_is_not_kept),
		PLACED(secrets_do_not_reach_the_file),
		PLACED(a_long_file_is_cut_to_the_newest),
		PLACED(a_file_that_cannot_be_read_is_reported),
	};

	return RUN_TESTS(tests);
}
