#include "../check.h"

#include <poll.h>
#include <pthread.h>
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

static bool is_readable(int wait_ms)
{
	struct pollfd fds = { .fd = cancel_fd(), .events = POLLIN };

	return poll(&fds, 1, wait_ms) == 1;
}

static void a_wait_for_something_else_takes_no_signal_away(void **state)
{
	(void)state;
	cancel_post(SIGWINCH);
	assert_int_equal(cancel_poll(-1, 0, 0), 0);
	assert_true(is_readable(0));
	assert_int_equal(cancel_read(), SIGWINCH);
	assert_false(is_readable(0));
}

enum {
	RAISES = 20000,
	PATIENCE_S = 120, /* ends a test that waits for ever */
};

static void *raise_often(void *context)
{
	const int *ready = context;
	char byte;

	for (int i = 0; i < RAISES && read(*ready, &byte, 1) == 1; i++)
		cancel_raise();
	return NULL;
}

/* While it comes the pipe is emptied of other signals again and again. */
static void a_raise_is_never_emptied_away(void **state)
{
	pthread_t thread;
	int ends[2];

	(void)state;
	alarm(PATIENCE_S);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(pthread_create(&thread, NULL, raise_often, &ends[0]),
			 0);
	for (int i = 0; i < RAISES; i++) {
		assert_int_equal(write(ends[1], "x", 1), 1);
		while (!cancel_raised()) {
			cancel_post(SIGWINCH);
			cancel_poll(-1, 0, 0);
			cancel_read();
		}
		assert_true(is_readable(-1));
		assert_int_equal(cancel_poll(-1, 0, 0), -1);
		cancel_clear();
		assert_false(cancel_raised());
	}
	pthread_join(thread, NULL);
	alarm(0);
	close(ends[0]);
	close(ends[1]);
}

struct behind {
	struct cancel *cancel;
	int ready[2]; /* a byte: the thread has its token */
	bool raised_before;
	int poll;
	struct err err;
};

static void *wait_behind(void *context)
{
	struct behind *behind = context;

	cancel_use(behind->cancel);
	behind->raised_before = cancel_raised();
	assert_int_equal(write(behind->ready[1], "x", 1), 1);
	behind->poll = cancel_poll(-1, POLLIN, -1);
	cancel_check(&behind->err);
	return NULL;
}

static void a_thread_with_its_own_token_does_not_hear_of_ctrl_c(void **state)
{
	struct behind behind = { .cancel = cancel_new(NULL) };
	pthread_t thread;
	char byte;

	(void)state;
	assert_int_equal(pipe(behind.ready), 0);
	cancel_raise();
	assert_int_equal(pthread_create(&thread, NULL, wait_behind, &behind),
			 0);
	assert_int_equal(read(behind.ready[0], &byte, 1), 1);
	cancel_clear();
	assert_false(cancel_is_stopped(behind.cancel));
	cancel_stop(behind.cancel);
	pthread_join(thread, NULL);
	assert_false(behind.raised_before);
	assert_int_equal(behind.poll, -1);
	assert_int_equal(behind.err.kind, ERR_CANCELLED);
	assert_false(cancel_raised());
	cancel_free(behind.cancel);
	close(behind.ready[0]);
	close(behind.ready[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raising_wakes_whoever_waits),
		cmocka_unit_test(other_signals_are_read_one_by_one),
		cmocka_unit_test(clearing_keeps_other_signals),
		cmocka_unit_test(a_wait_for_something_else_takes_no_signal_away),
		cmocka_unit_test(a_raise_is_never_emptied_away),
		cmocka_unit_test(
			a_thread_with_its_own_token_does_not_hear_of_ctrl_c),
	};

	return cmocka_run_group_tests(tests, open_token, close_token);
}
