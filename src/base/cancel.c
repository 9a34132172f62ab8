#include "base/cancel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"

static struct {
	int pipe[2];
	atomic_int raised;
	atomic_bool is_heard;
	atomic_uint posted;	/* bit per pending signal other than SIGINT */
} token = { .pipe = { -1, -1 } };

bool cancel_open(struct err *err)
{
	if (token.pipe[0] >= 0)
		return true;
	if (pipe2(token.pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return err_set_errno(err, errno, "cannot make a pipe");
	return true;
}

void cancel_close(void)
{
	for (int i = 0; i < 2; i++) {
		if (token.pipe[i] >= 0)
			close(token.pipe[i]);
		token.pipe[i] = -1;
	}
}

void cancel_listen(bool listens)
{
	atomic_store(&token.is_heard, listens);
}

bool cancel_is_heard(void)
{
	return atomic_load(&token.is_heard);
}

int cancel_fd(void)
{
	return token.pipe[0];
}

static void wake(void)
{
	int saved = errno;
	char byte = 0;

	/* A full pipe is as good as a written byte. */
	if (token.pipe[1] >= 0 && write(token.pipe[1], &byte, 1) < 0)
		errno = saved;
	errno = saved;
}

static void drain(void)
{
	char bytes[64];

	while (token.pipe[0] >= 0 &&
	       read(token.pipe[0], bytes, sizeof(bytes)) > 0)
		;
}

void cancel_raise(void)
{
	atomic_fetch_add(&token.raised, 1);
	wake();
}

bool cancel_raised(void)
{
	return atomic_load(&token.raised) > 0;
}

int cancel_count(void)
{
	return atomic_load(&token.raised);
}

void cancel_clear(void)
{
	drain();
	atomic_store(&token.raised, 0);
	if (atomic_load(&token.posted) != 0)
		wake();
}

bool cancel_check(struct err *err)
{
	if (!cancel_raised())
		return true;
	return err_set(err, ERR_CANCELLED, "cancelled");
}

void cancel_post(int signal_number)
{
	if (signal_number > 0 && signal_number < 32)
		atomic_fetch_or(&token.posted, 1u << signal_number);
	wake();
}

int cancel_read(void)
{
	unsigned bits;

	if (!cancel_raised())
		drain();
	bits = atomic_load(&token.posted);
	for (int i = 1; i < 32; i++) {
		if ((bits & (1u << i)) == 0)
			continue;
		atomic_fetch_and(&token.posted, ~(1u << i));
		return i;
	}
	return 0;
}

int cancel_poll(int fd, short events, int timeout_ms)
{
	int64_t end = clock_monotonic_us() + (int64_t)timeout_ms * 1000;

	for (;;) {
		struct pollfd fds[2] = {
			{ .fd = fd, .events = events },
			{ .fd = token.pipe[0], .events = POLLIN },
		};
		int64_t left = (end - clock_monotonic_us() + 999) / 1000;
		int count;

		if (cancel_raised())
			return -1;
		if (left < 0)
			left = 0;
		count = poll(fds, 2, timeout_ms < 0 ? -1 : (int)left);
		if (cancel_raised())
			return -1;
		if (fds[0].revents != 0 && count > 0)
			return 1;
		if (count > 0)
			drain();	/* the posted bits stay */
		if (timeout_ms >= 0 && clock_monotonic_us() >= end)
			return 0;
	}
}
