#include "tests/unit/check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "data/lite.h"
#include "edit/history_store.h"

static struct history_store *in_memory(void)
{
	CLEANUP(str_done) struct str aside = STR_EMPTY;
	struct history_store *store;
	bool is_new;

	store = history_store_open(NULL, &is_new, &aside, NULL);
	assert_non_null(store);
	return store;
}

struct row {
	const char *text;
	const char *profile;
	const char *database;
	enum history_status status;
	bool risky;
	int64_t shell;
};

static int64_t add(struct history_store *store, const struct row *row)
{
	struct history_entry entry = {
		.started_ms = 1000,
		.outcome = { .status = row->status,
			     .duration_us = -1,
			     .rows = -1 },
		.profile = row->profile ? row->profile : "p",
		.database = row->database ? row->database : "d",
		.text = row->text,
		.len = strlen(row->text),
	};
	int64_t id = 0;

	assert_true(history_store_add(store, &entry, row->risky, row->shell,
				      &id, NULL));
	return id;
}

static void add_text(struct history_store *store, const char *text)
{
	struct row row = { .text = text };

	add(store, &row);
}

static bool show(void *context, const struct history_entry *entry)
{
	struct str *out = context;

	str_addf(out, "[%s]", entry->text);
	return true;
}

static void assert_each(struct history_store *store,
			const struct history_filter *filter,
			const char *expected)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	int64_t count = 0;

	assert_true(history_store_each(store, filter, show, &shown, NULL));
	assert_text(shown.text, expected);
	if (filter->limit > 0)
		return;
	assert_true(history_store_count(store, filter, &count, NULL));
	for (const char *at = expected; *at; at++)
		count -= *at == '[';
	assert_int_equal(count, 0);
}

static const struct row rows[] = {
	{ "select 1", "a", "one", HISTORY_OK, false, 1 },
	{ "select x_y from t", "a", "two", HISTORY_ERROR, false, 1 },
	{ "select 100%", "b", "one", HISTORY_CANCELLED, false, 2 },
	{ "\\dt SALES", "", "", HISTORY_UNKNOWN, false, 2 },
};

static const struct {
	struct history_filter filter;
	const char *given;
} filters[] = {
	{ { 0 }, "[\\dt SALES][select 100%][select x_y from t][select 1]" },
	{ { .oldest_first = true, .limit = 2 }, "[select 100%][\\dt SALES]" },
	{ { .limit = 1 }, "[\\dt SALES]" },
	{ { .profile = "a" }, "[\\dt SALES][select x_y from t][select 1]" },
	{ { .profile = "a", .database = "one" }, "[\\dt SALES][select 1]" },
	{ { .only_failed = true }, "[select x_y from t]" },
	{ { .no_failed = true }, "[\\dt SALES][select 100%][select 1]" },
	{ { .words = (const char *[]){ "sales", NULL } }, "[\\dt SALES]" },
	/* Nothing in a word is a wildcard. */
	{ { .words = (const char *[]){ "_", "T", NULL } },
	  "[select x_y from t]" },
	{ { .words = (const char *[]){ "%", NULL } }, "[select 100%]" },
	{ { .words = (const char *[]){ "\\", NULL } }, "[\\dt SALES]" },
	{ { .words = (const char *[]){ NULL } },
	  "[\\dt SALES][select 100%][select x_y from t][select 1]" },
};

static void filters_choose(void **state)
{
	CLEANUP(history_store_closep)
	struct history_store *store = in_memory();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		add(store, &rows[i]);
	for (size_t i = 0; i < COUNT_OF(filters); i++)
		assert_each(store, &filters[i].filter, filters[i].given);
}

static bool keep_outcome(void *context, const struct history_entry *entry)
{
	*(struct history_outcome *)context = entry->outcome;
	return true;
}

static void an_outcome_finds_its_entry_only(void **state)
{
	CLEANUP(history_store_closep)
	struct history_store *store = in_memory();
	struct history_filter all = { 0 };
	struct row row = { .text = "select", .shell = 7 };
	struct history_entry done = {
		.id = add(store, &row),
		.started_ms = 1000,
		.outcome = { HISTORY_ERROR, "42601", 5000, 3 },
	};
	struct history_outcome seen;

	(void)state;
	/* Another shell's, or a number that has moved. */
	assert_true(history_store_finish(store, &done, 8, NULL));
	assert_true(history_store_each(store, &all, keep_outcome, &seen, NULL));
	assert_int_equal(seen.status, HISTORY_UNKNOWN);
	assert_int_equal(seen.duration_us, -1);
	assert_true(history_store_finish(store, &done, 7, NULL));
	assert_true(history_store_each(store, &all, keep_outcome, &seen, NULL));
	assert_int_equal(seen.status, HISTORY_ERROR);
	assert_text(seen.sqlstate, "42601");
	assert_int_equal(seen.duration_us, 5000);
	assert_int_equal(seen.rows, 3);
}

static void deleting_one_deletes_its_like(void **state)
{
	CLEANUP(history_store_closep)
	struct history_store *store = in_memory();
	struct history_filter all = { 0 };
	struct err err = ERR_EMPTY;
	int64_t count = 0;

	(void)state;
	add_text(store, "a");
	add_text(store, "b");
	add_text(store, "a");
	assert_true(history_store_remove(store, 3, &count, NULL));
	assert_int_equal(count, 2);
	assert_each(store, &all, "[b]");
	assert_false(history_store_remove(store, 3, &count, &err));
	assert_int_equal(err.kind, ERR_MISSING);
}

static void what_is_listed_can_be_deleted(void **state)
{
	CLEANUP(history_store_closep)
	struct history_store *store = in_memory();
	struct history_filter all = { 0 };
	struct history_filter some = { .profile = "a", .limit = 1 };
	int64_t count = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		add(store, &rows[i]);
	assert_true(history_store_remove_all(store, &some, &count, NULL));
	/* How many are listed is of no importance. */
	assert_int_equal(count, 3);
	assert_each(store, &all, "[select 100%]");
}

static void the_oldest_go_first(void **state)
{
	CLEANUP(history_store_closep)
	struct history_store *store = in_memory();
	struct history_filter all = { 0 };

	(void)state;
	add_text(store, "a");
	add_text(store, "b");
	add_text(store, "c");
	assert_true(history_store_trim(store, 3, NULL));
	assert_each(store, &all, "[c][b][a]");
	assert_true(history_store_trim(store, 2, NULL));
	assert_each(store, &all, "[c][b]");
	assert_true(history_store_trim(store, 0, NULL));
	assert_each(store, &all, "");
}

static void pages_follow_each_other(void **state)
{
	CLEANUP(history_store_closep)
	struct history_store *store = in_memory();
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	(void)state;
	add_text(store, "a");
	add_text(store, "b");
	add_text(store, "c");
	assert_true(history_store_page(store, 0, 2, show, &shown, NULL));
	str_add(&shown, "|");
	assert_true(history_store_page(store, 2, 2, show, &shown, NULL));
	assert_text(shown.text, "[c][b]|[a]");
	assert_int_equal(history_store_last(store), 3);
}

static void imported_entries_go_in_front(void **state)
{
	CLEANUP(history_store_closep)
	struct history_store *store = in_memory();
	struct history_filter all = { 0 };
	struct history_entry entry = {
		.id = 1, .profile = "", .database = "", .text = "o", .len = 1
	};
	int64_t id;

	(void)state;
	add_text(store, "a");
	add_text(store, "b");
	assert_true(history_store_begin(store, NULL));
	assert_true(history_store_shift(store, 2, NULL));
	assert_true(history_store_add(store, &entry, false, 0, &id, NULL));
	assert_true(history_store_commit(store, NULL));
	add_text(store, "c");
	assert_each(store, &all, "[c][b][a][o]");
}

static void up_goes_through_ones_own_and_the_profiles(void **state)
{
	CLEANUP(history_store_closep)
	struct history_store *store = in_memory();
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str all = STR_EMPTY;
	struct history_walk walk = {
		.shell = 1, .since = 3, .profile = "p", .containing = ""
	};
	static const struct row typed[] = {
		{ "old", "p", NULL, HISTORY_OK, false, 9 },
		{ "elsewhere", "q", NULL, HISTORY_OK, false, 9 },
		{ "imported", "", NULL, HISTORY_OK, false, 0 },
		{ "mine on q", "q", NULL, HISTORY_OK, false, 1 },
		{ "beside me", "p", NULL, HISTORY_OK, false, 2 },
		{ "mine", "p", NULL, HISTORY_OK, false, 1 },
	};
	int64_t id = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(typed); i++)
		add(store, &typed[i]);
	while (history_store_older(store, &walk, id, &id, &text))
		str_addf(&all, "[%s]", text.text);
	assert_text(all.text, "[mine][mine on q][imported][old]");
	walk.containing = "MIN";
	str_clear(&all);
	for (id = 0; history_store_older(store, &walk, id, &id, &text);)
		str_addf(&all, "[%s]", text.text);
	assert_text(all.text, "[mine][mine on q]");
	walk.containing = "%";
	assert_false(history_store_older(store, &walk, 0, &id, &text));
}

static const struct {
	const char *profile;
	const char *begin;
	const char *text; /* NULL: none */
} begins[] = {
	{ "a", "select", "select 1" },
	{ "a", "select 1", NULL }, /* there is nothing to add */
	{ "a", "SELECT", NULL },
	{ "b", "select", "select 100%" },
	{ "a", "select x", NULL }, /* it failed */
	{ "a", "drop", NULL },
	{ "", "\\d", "\\dt SALES" },
	{ "c", "s", NULL },
};

static void the_newest_that_begins_so_is_offered(void **state)
{
	CLEANUP(history_store_closep)
	struct history_store *store = in_memory();
	struct row risky = { "drop table t", "a", "one", HISTORY_OK, true, 1 };

	(void)state;
	add_text(store, "select other profile");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		add(store, &rows[i]);
	add(store, &risky);
	for (size_t i = 0; i < COUNT_OF(begins); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		bool found = history_store_begins(
			store, begins[i].profile, begins[i].begin,
			strlen(begins[i].begin), &text);

		assert_text(found ? text.text : NULL, begins[i].text);
	}
}

static void an_old_one_is_found_behind_many(void **state)
{
	static const char begin[] = "unload ('\303\244') to 's3://bucket/a/l";
	CLEANUP(history_store_closep)
	struct history_store *store = in_memory();
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)state;
	add_text(store, "unload ('\303\244') to 's3://bucket/a/long/prefix'");
	assert_true(history_store_begin(store, NULL));
	for (int i = 0; i < 2000; i++)
		add_text(store, "select 1");
	assert_true(history_store_commit(store, NULL));
	assert_true(history_store_begins(store, "p", "un", 2, &text));
	assert_true(
		history_store_begins(store, "p", begin, strlen(begin), &text));
	assert_text(text.text,
		    "unload ('\303\244') to 's3://bucket/a/long/prefix'");
}

/* ---- the file ---- */

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
	str_addf(&place->path, "%s/below/history.db", place->folder);
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

static void the_file_is_private_and_stays(void **state)
{
	const struct place *place = *state;
	CLEANUP(str_done) struct str aside = STR_EMPTY;
	struct history_filter all = { 0 };
	struct history_store *store;
	struct stat info;
	bool is_new = false;

	store = history_store_open(place->path.text, &is_new, &aside, NULL);
	assert_non_null(store);
	assert_true(is_new);
	add_text(store, "a\nb");
	history_store_close(store);
	assert_int_equal(stat(place->path.text, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	store = history_store_open(place->path.text, &is_new, &aside, NULL);
	assert_false(is_new);
	assert_text(aside.text, "");
	assert_each(store, &all, "[a\nb]");
	history_store_close(store);
}

static void what_is_deleted_is_gone_from_the_file(void **state)
{
	const struct place *place = *state;
	CLEANUP(str_done) struct str aside = STR_EMPTY;
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	CLEANUP(history_store_closep) struct history_store *store = NULL;
	int64_t count = 0;
	bool is_new;

	store = history_store_open(place->path.text, &is_new, &aside, NULL);
	add_text(store, "select 'a very private matter'");
	add_text(store, "select 'unrelated'");
	assert_true(history_store_remove(store, 1, &count, NULL));
	assert_true(file_read(place->path.text, 1 << 24, &bytes, NULL));
	str_add(&aside, place->path.text);
	str_add(&aside, "-wal");
	file_read(aside.text, 1 << 24, &bytes, NULL);
	assert_non_null(memmem(bytes.text, bytes.len, "unrelated", 9));
	assert_null(memmem(bytes.text, bytes.len, "very private", 12));
}

static void a_damaged_file_is_set_aside(void **state)
{
	const struct place *place = *state;
	CLEANUP(str_done) struct str aside = STR_EMPTY;
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;

	str_addf(&folder, "%s/below", place->folder);
	file_make_dirs(folder.text, 0700, NULL);
	for (int i = 1; i <= 2; i++) {
		CLEANUP(history_store_closep)
		struct history_store *store = NULL;
		bool is_new = false;

		assert_true(file_write(place->path.text, "no database at all",
				       18, 0600, NULL));
		store = history_store_open(place->path.text, &is_new, &aside,
					   NULL);
		assert_non_null(store);
		assert_true(is_new);
		add_text(store, "goes on");
		str_clear(&bytes);
		assert_true(file_read(aside.text, 100, &bytes, NULL));
		assert_text(bytes.text, "no database at all");
		assert_int_equal(aside.text[aside.len - 1], '0' + i);
	}
}

static void a_newer_programs_file_stays_as_it_is(void **state)
{
	const struct place *place = *state;
	CLEANUP(str_done) struct str aside = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct lite *lite;
	bool is_new;

	history_store_close(
		history_store_open(place->path.text, &is_new, &aside, NULL));
	lite = lite_open(place->path.text, NULL, NULL);
	assert_null(lite); /* made by a newer one than knows no tables */
	{
		static const char *const one[] = { "", NULL };

		lite = lite_open(place->path.text, one, NULL);
		assert_non_null(lite);
		assert_true(lite_run(lite, "pragma user_version = 99", NULL));
		lite_close(lite);
	}
	assert_null(
		history_store_open(place->path.text, &is_new, &aside, &err));
	assert_non_null(strstr(err.message, "newer"));
	assert_text(aside.text, "");
	assert_true(file_exists(place->path.text));
}

static void two_shells_share_one_file(void **state)
{
	const struct place *place = *state;
	CLEANUP(str_done) struct str aside = STR_EMPTY;
	CLEANUP(history_store_closep) struct history_store *one = NULL;
	CLEANUP(history_store_closep) struct history_store *two = NULL;
	struct history_filter all = { 0 };
	bool is_new;

	one = history_store_open(place->path.text, &is_new, &aside, NULL);
	two = history_store_open(place->path.text, &is_new, &aside, NULL);
	add_text(one, "first");
	add_text(two, "second");
	add_text(one, "third");
	assert_each(one, &all, "[third][second][first]");
	assert_each(two, &all, "[third][second][first]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define PLACED(test)                                                           \
	cmocka_unit_test_setup_teardown(test, make_place, remove_place)
		cmocka_unit_test(filters_choose),
		cmocka_unit_test(an_outcome_finds_its_entry_only),
		cmocka_unit_test(deleting_one_deletes_its_like),
		cmocka_unit_test(what_is_listed_can_be_deleted),
		cmocka_unit_test(the_oldest_go_first),
		cmocka_unit_test(pages_follow_each_other),
		cmocka_unit_test(imported_entries_go_in_front),
		cmocka_unit_test(up_goes_through_ones_own_and_the_profiles),
		cmocka_unit_test(the_newest_that_begins_so_is_offered),
		cmocka_unit_test(an_old_one_is_found_behind_many),
		PLACED(the_file_is_private_and_stays),
		PLACED(what_is_deleted_is_gone_from_the_file),
		PLACED(a_damaged_file_is_set_aside),
		PLACED(a_newer_programs_file_stays_as_it_is),
		PLACED(two_shells_share_one_file),
	};

	return RUN_TESTS(tests);
}
