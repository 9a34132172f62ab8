#include "../check.h"

#include "net/pace.h"

static int fill(struct pace *pace, int64_t now_us)
{
	int count = 0;

	while (pace_enter(pace, now_us) == 0)
		count++;
	return count;
}

static void a_throttle_halves_what_may_be_under_way(void **state)
{
	struct pace pace;

	(void)state;
	pace_init(&pace, false);
	assert_int_equal(fill(&pace, 0), PACE_MOST);
	pace_leave(&pace, true, 0);
	assert_int_equal(pace.limit, PACE_MOST / 2);
	/* The rest of that round says nothing new. */
	for (int i = 1; i < PACE_MOST; i++)
		pace_leave(&pace, true, 0);
	assert_int_equal(pace.limit, PACE_MOST / 2);
	assert_int_equal(pace.under_way, 0);
	assert_int_equal(fill(&pace, 0), PACE_MOST / 2);
	pace_leave(&pace, true, 0);
	assert_int_equal(pace.limit, PACE_MOST / 4);
}

static void one_is_always_let_in(void **state)
{
	struct pace pace;

	(void)state;
	pace_init(&pace, false);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(pace_enter(&pace, 0), 0);
		pace_leave(&pace, true, 0);
	}
	assert_int_equal(pace.limit, 1);
	assert_int_equal(pace_enter(&pace, 0), 0);
	assert_int_equal(pace_enter(&pace, 0), -1);
}

static void good_replies_let_more_in_one_by_one(void **state)
{
	struct pace pace;

	(void)state;
	pace_init(&pace, false);
	pace.limit = 2;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pace_enter(&pace, 0), 0);
		pace_leave(&pace, false, 0);
	}
	assert_int_equal(pace.limit, 3);
	for (int i = 0; i < 100 * PACE_MOST; i++) {
		assert_int_equal(pace_enter(&pace, 0), 0);
		pace_leave(&pace, false, 0);
	}
	assert_int_equal(pace.limit, PACE_MOST);
}

static void a_broken_connection_changes_nothing(void **state)
{
	struct pace pace;

	(void)state;
	pace_init(&pace, true);
	assert_int_equal(pace_enter(&pace, 0), 0);
	pace_leave_unheard(&pace);
	assert_int_equal(pace.under_way, 0);
	assert_int_equal(pace.limit, PACE_MOST);
	assert_false(pace.slowed);
}

/* Ten a second for three seconds, then a throttle: about 0.7 of that rate is
 * what gets through afterwards, and it grows again. */
static void adaptive_slows_down_after_the_first_throttle(void **state)
{
	struct pace pace;
	int64_t now_us = 1000000;
	int let_in = 0;

	(void)state;
	pace_init(&pace, true);
	for (int i = 0; i < 30; i++, now_us += 100000) {
		assert_int_equal(pace_enter(&pace, now_us), 0);
		pace_leave(&pace, false, now_us);
	}
	assert_int_equal(pace_enter(&pace, now_us), 0);
	pace_leave(&pace, true, now_us);
	assert_true(pace.slowed);
	for (int i = 0; i < 100; i++, now_us += 10000)
		if (pace_enter(&pace, now_us) == 0) {
			let_in++;
			pace_leave_unheard(&pace);
		}
	assert_in_range(let_in, 5, 8);
	for (int i = 0; i < 3000; i++, now_us += 10000)
		if (pace_enter(&pace, now_us) == 0)
			pace_leave(&pace, false, now_us);
	assert_true(pace.fill_rate > 10);
}

static void waiting_as_told_is_enough(void **state)
{
	struct pace pace;
	int64_t now_us = 1000000;

	(void)state;
	pace_init(&pace, true);
	assert_int_equal(pace_enter(&pace, now_us), 0);
	pace_leave(&pace, true, now_us);
	for (int i = 0; i < 5; i++) {
		int64_t wait_ms = pace_enter(&pace, now_us);

		assert_true(wait_ms >= 0);
		if (wait_ms > 0) {
			now_us += wait_ms * 1000;
			assert_int_equal(pace_enter(&pace, now_us), 0);
		}
		pace_leave(&pace, true, now_us);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_throttle_halves_what_may_be_under_way),
		cmocka_unit_test(one_is_always_let_in),
		cmocka_unit_test(good_replies_let_more_in_one_by_one),
		cmocka_unit_test(a_broken_connection_changes_nothing),
		cmocka_unit_test(adaptive_slows_down_after_the_first_throttle),
		cmocka_unit_test(waiting_as_told_is_enough),
	};

	return RUN_TESTS(tests);
}
