/* base/proc: a program without a shell, listened to for a limited time. */
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

extern char **environ;

enum { TURN_MS = 50, SAID_BYTES = 4096 };

static bool start(const char *const argv[], const int ends[2], pid_t *out_pid,
		  struct err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	sigset_t all;
	int failed;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[0], 1);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setpgroup(&attributes, 0);
	failed = posix_spawnp(out_pid, argv[0], &actions, &attributes,
			      (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (failed)
		return err_set_errno(err, failed, "cannot start %s", argv[0]);
	return true;
}

/* Takes what is there; closes *fd at its end. */
static void take(int *fd, struct str *out)
{
	char block[8192];
	ssize_t got = read(*fd, block, sizeof(block));

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got > 0) {
		str_add_slice(out, block, (size_t)got);
		mem_wipe(block, (size_t)got);
		return;
	}
	close(*fd);
	*fd = -1;
}

static void keep_end(struct str *said)
{
	CLEANUP(str_done) struct str end = STR_EMPTY;

	if (said->len <= SAID_BYTES)
		return;
	str_add_slice(&end, said->text + said->len - SAID_BYTES, SAID_BYTES);
	str_set_slice(said, end.text, end.len);
}

static bool may_go_on(const struct proc_talk *talk, int64_t ends_us,
		      struct err *err)
{
	if (talk->stop != NULL && atomic_load(talk->stop))
		return err_set(err, ERR_CANCELLED, "cancelled");
	if (talk->ctrl_c && !cancel_check(err))
		return false;
	if (talk->out->len > talk->max_bytes)
		return err_set(err, ERR_DATA, "it printed more than %zu bytes",
			       talk->max_bytes);
	if (clock_monotonic_us() > ends_us)
		return err_set(err, ERR_SYSTEM, "it did not end within %d ms",
			       talk->timeout_ms);
	return true;
}

/* Until the program has ended and what it wrote is read. */
static bool listen_to(pid_t pid, int fds[2], const struct proc_talk *talk,
		      int *out_status, struct err *err)
{
	int64_t ends_us =
		clock_monotonic_us() + (int64_t)talk->timeout_ms * 1000;
	bool ended = false;

	while (!ended || fds[0] >= 0 || fds[1] >= 0) {
		struct pollfd polls[2] = { { fds[0], POLLIN, 0 },
					   { fds[1], POLLIN, 0 } };
		int ready;

		if (!may_go_on(talk, ends_us, err)) {
			kill(-pid, SIGKILL);
			while (!ended && waitpid(pid, NULL, 0) < 0 &&
			       errno == EINTR)
				;
			return false;
		}
		if (!ended && waitpid(pid, out_status, WNOHANG) == pid)
			ended = true;
		ready = poll(polls, 2, ended ? 0 : TURN_MS);
		if (ended && ready == 0)
			break;
		if (ready <= 0)
			continue;
		if (polls[0].revents != 0)
			take(&fds[0], talk->out);
		if (polls[1].revents != 0)
			take(&fds[1], talk->said);
		keep_end(talk->said);
	}
	return talk->out->len <= talk->max_bytes ||
	       may_go_on(talk, ends_us, err);
}

bool proc_talk(const char *const argv[], const struct proc_talk *talk,
	       int *out_status, struct err *err)
{
	int out[2];
	int said[2];
	pid_t pid;
	bool ok;

	if (pipe2(out, O_CLOEXEC) != 0)
		return err_set_errno(err, errno, "cannot make a pipe");
	if (pipe2(said, O_CLOEXEC) != 0) {
		close(out[0]);
		close(out[1]);
		return err_set_errno(err, errno, "cannot make a pipe");
	}
	ok = start(argv, (int[]){ out[1], said[1] }, &pid, err);
	close(out[1]);
	close(said[1]);
	if (ok) {
		int fds[2] = { out[0], said[0] };

		ok = listen_to(pid, fds, talk, out_status, err);
		out[0] = fds[0];
		said[0] = fds[1];
	}
	if (out[0] >= 0)
		close(out[0]);
	if (said[0] >= 0)
		close(said[0]);
	return ok;
}
