#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"

extern char **environ;

/* Spawns argv; fd >= 0 becomes the child's descriptor child_fd. */
static bool spawn(const char *const argv[], int fd, int child_fd,
		  pid_t *out_pid, struct err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	sigset_t all;
	/* As popen(3): the shell calls itself "sh" and is not looked for. */
	const char *path = strcmp(argv[0], "sh") == 0 ? "/bin/sh" : argv[0];
	int failed;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	if (fd >= 0)
		posix_spawn_file_actions_adddup2(&actions, fd, child_fd);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	failed = posix_spawnp(out_pid, path, &actions, &attributes,
			      (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (failed)
		return err_set_errno(err, failed, "cannot start %s", argv[0]);
	return true;
}

static bool wait_for(pid_t pid, int *out_status, struct err *err)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set_errno(err, errno, "cannot wait");
	if (out_status)
		*out_status = status;
	return true;
}

bool proc_open(struct proc *proc, const char *line,
	       enum proc_direction direction, struct err *err)
{
	const char *argv[] = { "sh", "-c", line, NULL };
	int ours = direction == PROC_READ ? 0 : 1;
	int ends[2];
	bool ok;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set_errno(err, errno, "cannot make a pipe");
	ok = spawn(argv, ends[1 - ours], 1 - ours, &proc->pid, err);
	close(ends[1 - ours]);
	if (!ok) {
		close(ends[ours]);
		return false;
	}
	proc->fd = ends[ours];
	return true;
}

bool proc_close(struct proc *proc, int *out_status, struct err *err)
{
	pid_t pid = proc->pid;

	if (proc->fd >= 0)
		close(proc->fd);
	*proc = (struct proc)PROC_EMPTY;
	return wait_for(pid, out_status, err);
}

bool proc_run(const char *const argv[], int *out_status, struct err *err)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction old_int;
	struct sigaction old_quit;
	pid_t pid;
	bool ok;

	/* As system(3): Ctrl-C at the terminal is the child's. */
	sigaction(SIGINT, &ignore, &old_int);
	sigaction(SIGQUIT, &ignore, &old_quit);
	ok = spawn(argv, -1, -1, &pid, err) && wait_for(pid, out_status, err);
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGQUIT, &old_quit, NULL);
	return ok;
}

bool proc_run_shell(const char *line, int *out_status, struct err *err)
{
	const char *shell = getenv("SHELL");
	const char *const own[] = { shell && *shell ? shell : "/bin/sh", NULL };
	const char *const argv[] = { "sh", "-c", line, NULL };

	return proc_run(line && *line ? argv : own, out_status, err);
}

bool proc_capture(const char *line, size_t max_bytes, struct str *out,
		  int *out_status, struct err *err)
{
	struct proc proc = PROC_EMPTY;
	size_t before = out->len;
	char block[8192];
	ssize_t got;

	if (!proc_open(&proc, line, PROC_READ, err))
		return false;
	while ((got = read(proc.fd, block, sizeof(block))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		if (out->len - before + (size_t)got > max_bytes) {
			proc_close(&proc, NULL, NULL);
			return err_set(err, ERR_DATA,
				       "command printed more than %zu bytes",
				       max_bytes);
		}
		str_add_slice(out, block, (size_t)got);
	}
	return proc_close(&proc, out_status, err);
}

void proc_describe(int status, struct str *out)
{
	if (WIFEXITED(status))
		str_addf(out, "exited with code %d", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		str_addf(out, "was ended by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		str_addf(out, "ended with status %d", status);
}
