#include "base/cancel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

struct cancel {
	int pipe[2];
	atomic_int raised;
	atomic_bool is_heard;
	atomic_uint posted;	/* bit per pending signal other than SIGINT */
};

static struct cancel process = { .pipe = { -1, -1 } };

/* NULL: that of the process. */
static _Thread_local struct cancel *own;

static struct cancel *mine(void)
{
	return own != NULL ? own : &process;
}

static bool open_pipe(struct cancel *cancel, struct err *err)
{
	if (pipe2(cancel->pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return err_set_errno(err, errno, "cannot make a pipe");
	return true;
}

static void close_pipe(struct cancel *cancel)
{
	for (int i = 0; i < 2; i++) {
		if (cancel->pipe[i] >= 0)
			close(cancel->pipe[i]);
		cancel->pipe[i] = -1;
	}
}

bool cancel_open(struct err *err)
{
	return process.pipe[0] >= 0 || open_pipe(&process, err);
}

void cancel_close(void)
{
	close_pipe(&process);
}

void cancel_listen(bool listens)
{
	atomic_store(&process.is_heard, listens);
}

bool cancel_is_heard(void)
{
	return atomic_load(&process.is_heard);
}

static void wake(const struct cancel *cancel)
{
	int saved = errno;
	char byte = 0;

	/* A full pipe is as good as a written byte. */
	if (cancel->pipe[1] >= 0 && write(cancel->pipe[1], &byte, 1) < 0)
		errno = saved;
	errno = saved;
}

/* The byte of a raise that comes meanwhile may be among those taken: others
 * poll the pipe too, so it is put back. */
static void drain(const struct cancel *cancel)
{
	char bytes[64];

	while (cancel->pipe[0] >= 0 &&
	       read(cancel->pipe[0], bytes, sizeof(bytes)) > 0)
		;
	if (cancel_is_stopped(cancel))
		wake(cancel);
}

static void raise_one(struct cancel *cancel)
{
	atomic_fetch_add(&cancel->raised, 1);
	wake(cancel);
}

void cancel_raise(void)
{
	raise_one(&process);
}

/* ---- one of a thread ---- */

struct cancel *cancel_new(struct err *err)
{
	struct cancel *cancel = mem_alloc(sizeof(*cancel));

	if (open_pipe(cancel, err))
		return cancel;
	mem_free(cancel);
	return NULL;
}

void cancel_free(struct cancel *cancel)
{
	if (cancel == NULL)
		return;
	close_pipe(cancel);
	mem_free(cancel);
}

void cancel_use(struct cancel *cancel)
{
	own = cancel;
}

void cancel_stop(struct cancel *cancel)
{
	raise_one(cancel);
}

bool cancel_is_stopped(const struct cancel *cancel)
{
	return atomic_load(&cancel->raised) > 0;
}

/* ---- this thread's ---- */

int cancel_fd(void)
{
	return mine()->pipe[0];
}

bool cancel_raised(void)
{
	return cancel_is_stopped(mine());
}

int cancel_count(void)
{
	return atomic_load(&mine()->raised);
}

void cancel_clear(void)
{
	struct cancel *cancel = mine();

	/* In this order: what is raised from here on stays. */
	atomic_store(&cancel->raised, 0);
	drain(cancel);
	if (atomic_load(&cancel->posted) != 0)
		wake(cancel);
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
		atomic_fetch_or(&process.posted, 1u << signal_number);
	wake(&process);
}

int cancel_read(void)
{
	unsigned bits;

	if (!cancel_is_stopped(&process))
		drain(&process);
	bits = atomic_load(&process.posted);
	for (int i = 1; i < 32; i++) {
		if ((bits & (1u << i)) == 0)
			continue;
		atomic_fetch_and(&process.posted, ~(1u << i));
		return i;
	}
	return 0;
}

static int wait_for(const struct cancel *cancel, int fd, short events,
		    int timeout_ms)
{
	int64_t end = clock_monotonic_us() + (int64_t)timeout_ms * 1000;

	for (;;) {
		struct pollfd fds[2] = {
			{ .fd = fd, .events = events },
			{ .fd = cancel->pipe[0], .events = POLLIN },
		};
		int64_t left = (end - clock_monotonic_us() + 999) / 1000;
		int count;

		if (cancel_is_stopped(cancel))
			return -1;
		if (left < 0)
			left = 0;
		count = poll(fds, 2, timeout_ms < 0 ? -1 : (int)left);
		if (cancel_is_stopped(cancel))
			return -1;
		if (fds[0].revents != 0 && count > 0)
			return 1;
		if (count > 0)
			drain(cancel);	/* the posted bits stay */
		if (cancel_is_stopped(cancel))
			return -1;
		if (timeout_ms >= 0 && clock_monotonic_us() >= end)
			return 0;
	}
}

int cancel_poll(int fd, short events, int timeout_ms)
{
	const struct cancel *cancel = mine();
	int result = wait_for(cancel, fd, events, timeout_ms);

	/* Whoever takes what is posted has to hear of it. */
	if (atomic_load(&cancel->posted) != 0)
		wake(cancel);
	return result;
}
