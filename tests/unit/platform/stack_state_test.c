#include "../check.h"

#include "base/str.h"
#include "platform/stack_state.h"

/* All of StackStatus in the API reference. */
static const struct {
	const char *status;
	enum stack_kind kind;
	bool is_failure;
} cases[] = {
	{ "CREATE_IN_PROGRESS", STACK_BUSY, false },
	{ "CREATE_FAILED", STACK_DEAD, true },
	{ "CREATE_COMPLETE", STACK_GOOD, false },
	{ "ROLLBACK_IN_PROGRESS", STACK_BUSY, false },
	{ "ROLLBACK_FAILED", STACK_DEAD, true },
	{ "ROLLBACK_COMPLETE", STACK_DEAD, true },
	{ "DELETE_IN_PROGRESS", STACK_BUSY, false },
	{ "DELETE_FAILED", STACK_DEAD, true },
	{ "DELETE_COMPLETE", STACK_GONE, false },
	{ "UPDATE_IN_PROGRESS", STACK_BUSY, false },
	{ "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", STACK_BUSY, false },
	{ "UPDATE_COMPLETE", STACK_GOOD, false },
	{ "UPDATE_FAILED", STACK_GOOD, true },
	{ "UPDATE_ROLLBACK_IN_PROGRESS", STACK_BUSY, false },
	{ "UPDATE_ROLLBACK_FAILED", STACK_STUCK, true },
	{ "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", STACK_BUSY, false },
	{ "UPDATE_ROLLBACK_COMPLETE", STACK_GOOD, true },
	{ "REVIEW_IN_PROGRESS", STACK_EMPTY, false },
	{ "IMPORT_IN_PROGRESS", STACK_BUSY, false },
	{ "IMPORT_COMPLETE", STACK_GOOD, false },
	{ "IMPORT_ROLLBACK_IN_PROGRESS", STACK_BUSY, false },
	{ "IMPORT_ROLLBACK_FAILED", STACK_DEAD, true },
	{ "IMPORT_ROLLBACK_COMPLETE", STACK_GOOD, true },
	{ "SOMETHING_IN_PROGRESS", STACK_BUSY, false },
	{ "SOMETHING", STACK_STRANGE, true },
};

static void every_state_has_a_meaning_and_a_next_step(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct stack_state *row =
			stack_state_find(cases[i].status);
		CLEANUP(str_done) struct str next = STR_EMPTY;

		assert_int_equal(row->kind, cases[i].kind);
		assert_int_equal(stack_state_is_failure(row),
				 cases[i].is_failure);
		stack_state_next(row, "sales", &next);
		assert_true(next.len > 0);
		assert_null(strchr(next.text, '%'));
		assert_int_equal(cases[i].is_failure,
				 strstr(next.text, "events sales tells why") !=
					 NULL);
	}
}

static void no_state_is_told_twice(void **state)
{
	const struct stack_state *row;

	(void)state;
	for (size_t i = 0; (row = stack_state_row(i)) != NULL; i++)
		assert_ptr_equal(stack_state_find(row->status), row);
}

static void the_folder_stands_where_it_was_named(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)state;
	stack_state_fill("\\platform plan%D, 5%", "", &text);
	assert_text(text.text, "\\platform plan, 5%");
	str_clear(&text);
	stack_state_fill("\\platform plan%D", "a/b", &text);
	assert_text(text.text, "\\platform plan a/b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_has_a_meaning_and_a_next_step),
		cmocka_unit_test(no_state_is_told_twice),
		cmocka_unit_test(the_folder_stands_where_it_was_named),
	};

	return RUN_TESTS(tests);
}
