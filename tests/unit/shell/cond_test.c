#include "../check.h"

#include "shell/cond.h"

static void outside_of_any_block_everything_runs(void **state)
{
	CLEANUP(cond_freep) struct cond *cond = cond_new();

	(void)state;
	assert_true(cond_active(cond));
	assert_true(cond_is_empty(cond));
}

static void one_branch_runs(void **state)
{
	CLEANUP(cond_freep) struct cond *cond = cond_new();

	(void)state;
	cond_if(cond, false);
	assert_false(cond_active(cond));
	assert_true(cond_wants_value(cond));
	assert_true(cond_elif(cond, true, NULL));
	assert_true(cond_active(cond));
	assert_false(cond_wants_value(cond));
	assert_true(cond_elif(cond, true, NULL));
	assert_false(cond_active(cond));
	assert_true(cond_else(cond, NULL));
	assert_false(cond_active(cond));
	assert_true(cond_endif(cond, NULL));
	assert_true(cond_active(cond));
}

static void else_runs_when_nothing_was_true(void **state)
{
	CLEANUP(cond_freep) struct cond *cond = cond_new();

	(void)state;
	cond_if(cond, false);
	cond_elif(cond, false, NULL);
	assert_true(cond_else(cond, NULL));
	assert_true(cond_active(cond));
}

static void a_block_in_a_skipped_branch_never_runs(void **state)
{
	CLEANUP(cond_freep) struct cond *cond = cond_new();

	(void)state;
	cond_if(cond, false);
	cond_if(cond, true);
	assert_false(cond_active(cond));
	assert_false(cond_wants_value(cond));
	cond_else(cond, NULL);
	assert_false(cond_active(cond));
	cond_endif(cond, NULL);
	assert_true(cond_wants_value(cond));
}

static void words_out_of_place_are_refused(void **state)
{
	CLEANUP(cond_freep) struct cond *cond = cond_new();
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(cond_endif(cond, &err));
	assert_text(err.message, "\\endif: no matching \\if");
	assert_false(cond_else(cond, &err));
	assert_false(cond_elif(cond, true, &err));
	assert_text(err.message, "\\elif: no matching \\if");
	cond_if(cond, true);
	cond_else(cond, NULL);
	assert_false(cond_elif(cond, true, &err));
	assert_text(err.message, "\\elif: cannot occur after \\else");
	assert_false(cond_else(cond, &err));
	assert_text(err.message, "\\else: cannot occur after \\else");
}

static void control_c_leaves_the_innermost_block(void **state)
{
	CLEANUP(cond_freep) struct cond *cond = cond_new();

	(void)state;
	cond_if(cond, true);
	cond_if(cond, false);
	assert_true(cond_leave(cond));
	assert_true(cond_active(cond));
	assert_true(cond_leave(cond));
	assert_false(cond_leave(cond));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outside_of_any_block_everything_runs),
		cmocka_unit_test(one_branch_runs),
		cmocka_unit_test(else_runs_when_nothing_was_true),
		cmocka_unit_test(a_block_in_a_skipped_branch_never_runs),
		cmocka_unit_test(words_out_of_place_are_refused),
		cmocka_unit_test(control_c_leaves_the_innermost_block),
	};

	return RUN_TESTS(tests);
}
