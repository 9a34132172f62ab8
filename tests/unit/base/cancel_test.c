#include "../check.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/cancel.h"

static int open_token(void **state)
{
	(void)state;
	return cancel_open(NULL) ? 0 : -1;
}

static int close_token(void **state)
{
	(void)state;
	cancel_close();
	return 0;
}

static void raising_wakes_whoever_waits(void **state)
{
	struct err err = ERR_EMPTY;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	cancel_raise();
	cancel_raise();
	assert_int_equal(cancel_poll(ends[0], POLLIN, -1), -1);
	assert_int_equal(cancel_count(), 2);
	assert_false(cancel_check(&err));
	assert_int_equal(err.kind, ERR_CANCELLED);
	cancel_clear();
	assert_true(cancel_check(&err));
	assert_int_equal(cancel_poll(ends[0], POLLIN, 0), 0);
	close(ends[0]);
	close(ends[1]);
}

static void other_signals_are_read_one_by_one(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	cancel_post(SIGWINCH);
	cancel_post(SIGTERM);
	/* They do not end a wait for something else. */
	assert_int_equal(cancel_poll(ends[0], POLLIN, -1), 1);
	assert_int_equal(cancel_read(), SIGTERM);
	assert_int_equal(cancel_read(), SIGWINCH);
	assert_int_equal(cancel_read(), 0);
	close(ends[0]);
	close(ends[1]);
}

static void clearing_keeps_other_signals(void **state)
{
	struct pollfd fds = { .events = POLLIN };

	(void)state;
	cancel_post(SIGHUP);
	cancel_raise();
	cancel_clear();
	fds.fd = cancel_fd();
	assert_int_equal(poll(&fds, 1, 0), 1);
	assert_int_equal(cancel_read(), SIGHUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raising_wakes_whoever_waits),
		cmocka_unit_test(other_signals_are_read_one_by_one),
		cmocka_unit_test(clearing_keeps_other_signals),
	};

	return cmocka_run_group_tests(tests, open_token, close_token);
}
