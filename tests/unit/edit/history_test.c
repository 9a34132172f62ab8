#include "tests/unit/check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "edit/history.h"
#include "edit/history_store.h"

struct place {
	char folder[64];
	struct str path;
	struct str text_path;
};

static int make_place(void **state)
{
	struct place *place = mem_alloc(sizeof(*place));
	const struct str empty = STR_EMPTY;

	memcpy(place->folder, "/tmp/redsh-history-XXXXXX", 26);
	place->path = place->text_path = empty;
	if (mkdtemp(place->folder) == NULL)
		return -1;
	str_addf(&place->path, "%s/below/history.db", place->folder);
	str_addf(&place->text_path, "%s/history", place->folder);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;

	file_remove_tree(place->folder, NULL);
	str_done(&place->path);
	str_done(&place->text_path);
	mem_free(place);
	return 0;
}

static struct history *open_file(const struct place *place, int64_t size)
{
	struct history_options options = { .path = place->path.text,
					   .size = size };

	return history_new(&options);
}

static struct history *open_text(const struct place *place, int64_t size)
{
	struct history_options options = { .text_path = place->text_path.text,
					   .size = size };

	return history_new(&options);
}

static void run(struct history *history, const char *text,
		enum history_status status)
{
	struct history_outcome outcome = { status, "", 1000, 1 };

	history_begin(history, text);
	history_end(history, &outcome);
}

static void keep(struct history *history, const char *text)
{
	run(history, text, HISTORY_OK);
}

static void assert_all(struct history *history, const char *expected)
{
	CLEANUP(str_done) struct str all = STR_EMPTY;

	assert_true(history_print(history, true, &all, NULL));
	assert_text(all.text, expected);
}

static void nothing_is_opened_before_it_is_needed(void **state)
{
	const struct place *place = *state;
	CLEANUP(history_freep) struct history *history = open_file(place, -1);

	history_set_place(history, "p", "d");
	history_set_control(history, "ignorespace");
	assert_false(history_begin(history, " left out"));
	assert_false(file_exists(place->path.text));
	keep(history, "a");
	assert_true(file_exists(place->path.text));
}

static void what_was_kept_is_there_again(void **state)
{
	const struct place *place = *state;
	struct history *history = open_file(place, -1);

	keep(history, "select 'a\n\nb'");
	keep(history, "\\dt");
	history_free(history);
	history = open_file(place, -1);
	assert_all(history, "select 'a\001\001b'\n\\dt\n");
	history_free(history);
}

static void control_says_what_is_not_kept(void **state)
{
	const struct place *place = *state;
	CLEANUP(history_freep) struct history *history = open_file(place, -1);

	keep(history, " kept without control");
	history_set_control(history, "ignoreboth");
	keep(history, " not kept");
	keep(history, "twice");
	keep(history, "twice");
	keep(history, "");
	keep(history, "\n");
	history_set_control(history, "none");
	keep(history, "twice");
	assert_all(history, " kept without control\ntwice\ntwice\n");
	history_set_size(history, 0);
	assert_false(history_begin(history, "size 0 keeps nothing"));
}

static void secrets_are_kept_nowhere(void **state)
{
	const struct place *place = *state;
	CLEANUP(history_freep) struct history *history = open_file(place, -1);
	CLEANUP(str_done) struct str out = STR_EMPTY;

	history_fill_list(history);
	keep(history, "create user a password 'Hush1234'");
	assert_all(history, "create user a password '***'\n");
	assert_text(history_older(history, ""), "create user a password '***'");
	/* With the password gone it is no good offer. */
	assert_false(history_suggest(history, "create", 6, &out));
}

static void up_and_down_go_through_what_contains_the_text(void **state)
{
	const struct place *place = *state;
	CLEANUP(history_freep) struct history *history = open_file(place, -1);

	keep(history, "select 1");
	keep(history, "\\dt");
	keep(history, "select 2");
	keep(history, "select 1");
	assert_text(history_older(history, "ELECT"), "select 1");
	assert_text(history_older(history, "ignored"), "select 2");
	assert_text(history_walk_text(history), "ELECT");
	/* Each text once. */
	assert_null(history_older(history, ""));
	assert_text(history_newer(history), "select 1");
	assert_text(history_newer(history), "ELECT");
	assert_null(history_walk_text(history));
	assert_null(history_newer(history));
	assert_text(history_older(history, ""), "select 1");
	assert_text(history_older(history, ""), "select 2");
	assert_text(history_older(history, ""), "\\dt");
	assert_null(history_older(history, ""));
	/* A new entry begins a new walk. */
	keep(history, "newest");
	assert_text(history_older(history, ""), "newest");
	history_walk_end(history);
	assert_null(history_older(history, "no such text"));
	assert_null(history_walk_text(history));
	/* What stands in the line already is not offered. */
	assert_null(history_older(history, "newest"));
}

static void another_shells_later_entries_are_not_ones_own(void **state)
{
	const struct place *place = *state;
	CLEANUP(history_freep) struct history *one = open_file(place, -1);
	CLEANUP(history_freep) struct history *two = open_file(place, -1);

	history_set_place(one, "p", "d");
	history_set_place(two, "p", "d");
	keep(one, "first");
	keep(two, "second");
	assert_text(history_older(one, ""), "first");
	assert_null(history_older(one, ""));
	assert_text(history_older(two, ""), "second");
	assert_text(history_older(two, ""), "first");
	assert_all(one, "first\nsecond\n");
}

static void the_newest_of_the_profile_is_suggested(void **state)
{
	const struct place *place = *state;
	CLEANUP(history_freep) struct history *history = open_file(place, -1);
	CLEANUP(str_done) struct str out = STR_EMPTY;

	keep(history, "select offline");
	history_set_place(history, "p", "d");
	assert_true(history_suggest(history, "sel", 3, &out));
	assert_text(out.text, "select offline");
	keep(history, "select mine");
	run(history, "select broken", HISTORY_ERROR);
	keep(history, "delete from t");
	history_set_place(history, "q", "d");
	keep(history, "select theirs");
	history_set_place(history, "p", "d");
	assert_true(history_suggest(history, "sel", 3, &out));
	assert_text(out.text, "select mine");
	assert_false(history_suggest(history, "del", 3, &out));
	assert_false(history_suggest(history, "", 0, &out));
}

static void size_is_what_is_kept(void **state)
{
	const struct place *place = *state;
	struct history *history = open_file(place, -1);

	for (char c = 'a'; c <= 'i'; c++)
		keep(history, (char[]){ c, '\0' });
	history_free(history);
	history = open_file(place, 3);
	assert_all(history, "g\nh\ni\n");
	keep(history, "j");
	history_set_size(history, -1);
	assert_all(history, "h\ni\nj\n");
	history_free(history);
}

static void a_named_file_is_psqls(void **state)
{
	const struct place *place = *state;
	CLEANUP(str_done) struct str file = STR_EMPTY;
	struct history *history;

	file_write(place->text_path.text, "old\nolder\001than\n", 15, 0600,
		   NULL);
	history = open_text(place, 500);
	assert_text(history_older(history, ""), "older\nthan");
	keep(history, "new\nest");
	assert_text(history_older(history, ""), "new\nest");
	history_free(history);
	assert_true(file_read(place->text_path.text, 100, &file, NULL));
	assert_text(file.text, "old\nolder\001than\nnew\001est\n");
	assert_false(file_exists(place->path.text));
}

static void the_old_text_file_is_taken_over_once(void **state)
{
	const struct place *place = *state;
	CLEANUP(str_done) struct str note = STR_EMPTY;
	struct history_options options = { .path = place->path.text,
					   .old_path = place->text_path.text,
					   .size = -1 };

	file_write(place->text_path.text, "one\ntwo\001lines\n", 14, 0600,
		   NULL);
	for (int i = 0; i < 2; i++) {
		CLEANUP(history_freep)
		struct history *history = history_new(&options);

		assert_all(history, "one\ntwo\001lines\n");
		assert_int_equal(history_take_note(history, &note), i == 0);
		assert_non_null(strstr(note.text, "2 statements"));
		assert_false(history_take_note(history, &note));
	}
}

static void an_import_goes_in_front(void **state)
{
	const struct place *place = *state;
	CLEANUP(history_freep) struct history *history = open_file(place, -1);
	struct history_outcome outcome = { HISTORY_OK, "", 1, 1 };
	struct err err = ERR_EMPTY;
	int64_t count = 0;

	file_write(place->text_path.text, "x\ny password 'hush'\n", 20, 0600,
		   NULL);
	keep(history, "a");
	history_begin(history, "\\history --import");
	assert_true(
		history_import(history, place->text_path.text, &count, NULL));
	history_end(history, &outcome);
	assert_int_equal(count, 2);
	assert_all(history, "x\ny password '***'\na\n\\history --import\n");
	assert_false(
		history_import(history, "/nonexistent/file", &count, &err));
	assert_int_equal(err.kind, ERR_MISSING);
}

static void without_a_place_it_goes_on_in_memory(void **state)
{
	const struct place *place = *state;
	CLEANUP(history_freep) struct history *history = open_file(place, -1);
	CLEANUP(history_freep) struct history *text = open_text(place, -1);
	CLEANUP(str_done) struct str note = STR_EMPTY;

	/* A folder where the file should be. */
	assert_true(file_make_dirs(place->path.text, 0700, NULL));
	assert_true(file_make_dirs(place->text_path.text, 0700, NULL));
	keep(history, "still works");
	assert_text(history_older(history, ""), "still works");
	assert_true(history_take_note(history, &note));
	assert_non_null(strstr(note.text, "until redsh ends"));
	assert_non_null(strstr(note.text, place->path.text));
	keep(history, "and says so once");
	assert_false(history_take_note(history, &note));
	keep(text, "still works");
	assert_text(history_older(text, ""), "still works");
	assert_true(history_take_note(text, &note));
	assert_non_null(strstr(note.text, "until redsh ends"));
	keep(text, "and says so once");
	assert_false(history_take_note(text, &note));
}

/* As a full disk: the table refuses new rows. */
static void what_can_be_read_goes_along_into_memory(void **state)
{
	const struct place *place = *state;
	CLEANUP(history_freep) struct history *history = open_file(place, -1);
	CLEANUP(str_done) struct str note = STR_EMPTY;
	struct history_outcome outcome = { HISTORY_OK, "", 1, 1 };
	struct err full = ERR_EMPTY;

	keep(history, "before");
	history_begin(history, "under way");
	err_set(&full, ERR_SYSTEM, "database or disk is full");
	history_failed(history, &full);
	history_end(history, &outcome);
	keep(history, "after");
	assert_all(history, "before\nunder way\nafter\n");
	assert_true(history_take_note(history, &note));
	assert_non_null(strstr(note.text, "disk is full"));
	history_free(history);
	history = open_file(place, -1);
	assert_all(history, "before\nunder way\n");
}

static void damage_found_later_begins_a_new_file(void **state)
{
	const struct place *place = *state;
	CLEANUP(history_freep) struct history *history = open_file(place, -1);
	CLEANUP(str_done) struct str note = STR_EMPTY;
	CLEANUP(str_done) struct str aside = STR_EMPTY;
	struct err damage = ERR_EMPTY;

	keep(history, "before");
	err_set(&damage, ERR_DATA, "database disk image is malformed");
	err_set_code(&damage, "SQLITE_CORRUPT");
	history_failed(history, &damage);
	keep(history, "after");
	assert_all(history, "before\nafter\n");
	assert_true(history_take_note(history, &note));
	str_addf(&aside, "%s.damaged-1", place->path.text);
	assert_non_null(strstr(note.text, aside.text));
	assert_true(file_exists(aside.text));
	history_free(history);
	history = open_file(place, -1);
	assert_all(history, "before\nafter\n");
}

static void a_deleted_text_is_forgotten(void **state)
{
	const struct place *place = *state;
	CLEANUP(history_freep) struct history *history = open_text(place, -1);
	CLEANUP(str_done) struct str file = STR_EMPTY;
	int64_t count = 0;

	history_fill_list(history);
	keep(history, "a");
	keep(history, "b");
	assert_true(
		history_store_remove(history_store(history), 1, &count, NULL));
	history_forget(history);
	assert_text(history_older(history, ""), "b");
	assert_null(history_older(history, ""));
	assert_true(file_read(place->text_path.text, 100, &file, NULL));
	assert_text(file.text, "b\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define PLACED(test)                                                           \
	cmocka_unit_test_setup_teardown(test, make_place, remove_place)
		PLACED(nothing_is_opened_before_it_is_needed),
		PLACED(what_was_kept_is_there_again),
		PLACED(control_says_what_is_not_kept),
		PLACED(secrets_are_kept_nowhere),
		PLACED(up_and_down_go_through_what_contains_the_text),
		PLACED(another_shells_later_entries_are_not_ones_own),
		PLACED(the_newest_of_the_profile_is_suggested),
		PLACED(size_is_what_is_kept),
		PLACED(a_named_file_is_psqls),
		PLACED(the_old_text_file_is_taken_over_once),
		PLACED(an_import_goes_in_front),
		PLACED(without_a_place_it_goes_on_in_memory),
		PLACED(what_can_be_read_goes_along_into_memory),
		PLACED(damage_found_later_begins_a_new_file),
		PLACED(a_deleted_text_is_forgotten),
	};

	return RUN_TESTS(tests);
}
