#include "tests/unit/check.h"

#include "base/str.h"
#include "edit/history.h"
#include "edit/history_store.h"
#include "edit/picker.h"

static const struct {
	const char *profile;
	const char *database;
	const char *text;
	enum history_status status;
} rows[] = {
	{ "", "", "imported sales", HISTORY_UNKNOWN },
	{ "p", "one", "select * from sales", HISTORY_OK },
	{ "p", "two", "select * from orders", HISTORY_OK },
	{ "q", "one", "drop table sales", HISTORY_OK },
	{ "p", "one", "select broken from sales", HISTORY_ERROR },
	{ "p", "one", "select long from sales", HISTORY_CANCELLED },
	{ "p", "one", "select * from orders", HISTORY_OK },
	{ "p", "one", "s_a_l_e_s", HISTORY_OK },
};

static struct history *filled(void)
{
	struct history_options options = { .size = -1 };
	struct history *history = history_new(&options);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct history_outcome outcome = { rows[i].status, "", 1, 1 };

		history_set_place(history, rows[i].profile, rows[i].database);
		history_begin(history, rows[i].text);
		history_end(history, &outcome);
	}
	history_set_place(history, "p", "one");
	return history;
}

static void finish(struct picker *picker)
{
	while (picker_work(picker, 1))
		;
	assert_true(picker_is_done(picker));
}

static void assert_list(struct picker *picker, const char *expected)
{
	CLEANUP(str_done) struct str list = STR_EMPTY;
	struct history_entry entry;

	finish(picker);
	for (size_t i = 0; i < picker_count(picker); i++) {
		assert_true(picker_entry(picker, i, &entry));
		str_addf(&list, "[%s]", entry.text);
	}
	assert_text(list.text, expected);
	assert_false(picker_entry(picker, picker_count(picker), &entry));
}

static void assert_chosen(struct picker *picker, const char *expected)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	assert_text(picker_chosen_text(picker, &text) ? text.text : NULL,
		    expected);
}

static void each_text_stands_once_the_newest_first(void **state)
{
	CLEANUP(history_freep) struct history *history = filled();
	CLEANUP(picker_freep) struct picker *picker = picker_new(history, "");
	struct history_entry entry;

	(void)state;
	assert_list(picker, "[s_a_l_e_s][select * from orders]"
			    "[select long from sales]"
			    "[select broken from sales]"
			    "[select * from sales][imported sales]");
	assert_true(picker_entry(picker, 1, &entry));
	/* As it ran last. */
	assert_text(entry.database, "one");
	assert_int_equal(entry.outcome.rows, 1);
}

static void an_enter_before_the_search_finds(void **state)
{
	CLEANUP(history_freep) struct history *history = filled();
	CLEANUP(picker_freep) struct picker *picker = picker_new(history, "");

	(void)state;
	picker_type(picker, "broken", 6);
	assert_chosen(picker, NULL);
	assert_true(picker_find(picker));
	assert_chosen(picker, "select broken from sales");
	picker_type(picker, "x", 1);
	assert_false(picker_find(picker));
	assert_chosen(picker, NULL);
}

static void what_fits_better_comes_first(void **state)
{
	CLEANUP(history_freep) struct history *history = filled();
	CLEANUP(picker_freep)
	struct picker *picker = picker_new(history, "from sales");

	(void)state;
	picker_next_scope(picker);
	picker_next_scope(picker);
	assert_int_equal(picker_scope(picker), PICKER_ALL);
	assert_list(picker, "[select long from sales][select broken from sales]"
			    "[select * from sales]");
	picker_erase_word(picker);
	assert_text(picker_typed(picker), "from ");
	picker_erase_all(picker);
	picker_type(picker, "SALES", 5);
	assert_list(picker, "[select long from sales][select broken from sales]"
			    "[drop table sales][select * from sales]"
			    "[imported sales][s_a_l_e_s]");
	picker_type(picker, " tbl", 4);
	assert_list(picker, "[drop table sales]");
}

/* Typed letter by letter, with a piece of work after each, the list is as if
 * all had been typed at once. */
static void typing_on_looks_at_less(void **state)
{
	static const char typed[] = "sls frm";

	(void)state;
	for (size_t piece = 0; piece <= COUNT_OF(rows); piece++) {
		CLEANUP(history_freep) struct history *history = filled();
		CLEANUP(picker_freep)
		struct picker *picker = picker_new(history, "");

		for (const char *at = typed; *at; at++) {
			picker_work(picker, piece);
			picker_type(picker, at, 1);
		}
		assert_list(picker, "[select long from sales]"
				    "[select broken from sales]"
				    "[select * from sales]");
		picker_erase_word(picker);
		assert_list(picker, "[select long from sales]"
				    "[select broken from sales]"
				    "[select * from sales][imported sales]"
				    "[s_a_l_e_s]");
	}
}

static void scopes_and_failures_filter(void **state)
{
	CLEANUP(history_freep) struct history *history = filled();
	CLEANUP(picker_freep)
	struct picker *picker = picker_new(history, "select");

	(void)state;
	history_set_place(history, "p", "two");
	picker_next_scope(picker);
	assert_int_equal(picker_scope(picker), PICKER_DATABASE);
	assert_list(picker, "[select * from orders]");
	history_set_place(history, "p", "one");
	picker_next_scope(picker);
	picker_toggle_failed(picker);
	assert_true(picker_hides_failed(picker));
	assert_list(picker, "[select * from orders][select * from sales]");
	picker_next_scope(picker);
	assert_int_equal(picker_scope(picker), PICKER_PROFILE);
}

static void offline_all_profiles_are_looked_at(void **state)
{
	CLEANUP(history_freep) struct history *history = filled();
	CLEANUP(picker_freep) struct picker *picker = NULL;

	(void)state;
	history_set_place(history, "", "");
	picker = picker_new(history, "drop");
	assert_int_equal(picker_scope(picker), PICKER_ALL);
	assert_list(picker, "[drop table sales]");
}

static void the_chosen_one_stays_while_others_come(void **state)
{
	CLEANUP(history_freep) struct history *history = filled();
	CLEANUP(picker_freep)
	struct picker *picker = picker_new(history, "sales");

	(void)state;
	picker_work(picker, 3);
	/* So far s_a_l_e_s and one that fits better. */
	assert_int_equal(picker_count(picker), 2);
	picker_move(picker, 1);
	assert_chosen(picker, "s_a_l_e_s");
	finish(picker);
	assert_chosen(picker, "s_a_l_e_s");
	assert_int_equal(picker_chosen(picker), picker_count(picker) - 1);
	picker_move(picker, 100);
	assert_chosen(picker, "s_a_l_e_s");
	picker_move(picker, -100);
	assert_int_equal(picker_chosen(picker), 0);
}

static void characters_are_erased_whole(void **state)
{
	CLEANUP(history_freep) struct history *history = filled();
	CLEANUP(picker_freep) struct picker *picker = picker_new(history, "");

	(void)state;
	picker_type(picker, "a\303\244\nb", 5);
	assert_text(picker_typed(picker), "a\303\244 b");
	picker_erase(picker);
	picker_erase(picker);
	picker_erase(picker);
	assert_text(picker_typed(picker), "a");
	picker_erase(picker);
	picker_erase(picker);
	assert_text(picker_typed(picker), "");
	picker_erase_word(picker);
}

static void a_deleted_one_is_gone_with_its_like(void **state)
{
	CLEANUP(history_freep) struct history *history = filled();
	CLEANUP(picker_freep) struct picker *picker = picker_new(history, "");

	(void)state;
	finish(picker);
	picker_move(picker, 1);
	assert_chosen(picker, "select * from orders");
	assert_true(picker_delete(picker, NULL));
	/* The next one is chosen. */
	assert_chosen(picker, "select long from sales");
	assert_list(picker, "[s_a_l_e_s][select long from sales]"
			    "[select broken from sales]"
			    "[select * from sales][imported sales]");
	picker_erase_all(picker);
	picker_type(picker, "orders", 6);
	assert_list(picker, "");
	assert_chosen(picker, NULL);
	assert_false(picker_delete(picker, NULL));
}

static void what_another_shell_deleted_is_no_entry(void **state)
{
	CLEANUP(history_freep) struct history *history = filled();
	CLEANUP(picker_freep) struct picker *picker = picker_new(history, "");
	struct history_entry entry;
	int64_t count;

	(void)state;
	finish(picker);
	assert_true(
		history_store_remove(history_store(history), 8, &count, NULL));
	assert_false(picker_entry(picker, 0, &entry));
	assert_chosen(picker, NULL);
	assert_true(picker_entry(picker, 1, &entry));
}

static void a_long_history_is_read_in_pieces(void **state)
{
	struct history_options options = { .size = -1 };
	CLEANUP(history_freep) struct history *history = history_new(&options);
	CLEANUP(picker_freep) struct picker *picker = NULL;
	struct history_store *store = history_store(history);

	(void)state;
	assert_true(history_store_begin(store, NULL));
	for (int i = 0; i < 3000; i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		struct history_entry entry = { .profile = "", .database = "" };
		int64_t id;

		str_addf(&text, "select %d", i);
		entry.text = text.text;
		entry.len = text.len;
		history_store_add(store, &entry, false, 0, &id, NULL);
	}
	assert_true(history_store_commit(store, NULL));
	picker = picker_new(history, "select 7");
	assert_true(picker_work(picker, 100));
	assert_int_equal(picker_looked_at(picker), 100);
	finish(picker);
	assert_int_equal(picker_looked_at(picker), 3000);
	/* Those of 7, 70 to 79 and 700 to 799. */
	while (picker_count(picker) > 0 && picker_chosen(picker) < 110)
		picker_move(picker, 1);
	assert_chosen(picker, "select 7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_stands_once_the_newest_first),
		cmocka_unit_test(an_enter_before_the_search_finds),
		cmocka_unit_test(what_fits_better_comes_first),
		cmocka_unit_test(typing_on_looks_at_less),
		cmocka_unit_test(scopes_and_failures_filter),
		cmocka_unit_test(offline_all_profiles_are_looked_at),
		cmocka_unit_test(the_chosen_one_stays_while_others_come),
		cmocka_unit_test(characters_are_erased_whole),
		cmocka_unit_test(a_deleted_one_is_gone_with_its_like),
		cmocka_unit_test(what_another_shell_deleted_is_no_entry),
		cmocka_unit_test(a_long_history_is_read_in_pieces),
	};

	return RUN_TESTS(tests);
}
