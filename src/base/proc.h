/* base/proc.h - child processes: pager, editor, shell commands, sandbox.
 *
 * Children start with default signals and an empty signal mask. Text for the
 * shell goes only through proc_shell*, everything else is an argv array.
 */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct str;

enum proc_direction {
	PROC_READ,	/* we read what the child prints */
	PROC_WRITE,	/* the child reads what we write */
};

struct proc {
	pid_t pid;
	int fd;		/* our end; -1: closed or none */
};

#define PROC_EMPTY                                                             \
	{                                                                      \
		.pid = -1, .fd = -1                                            \
	}

/* /bin/sh -c line with
 * one end of a pipe. */
bool proc_open(struct proc *proc, const char *line,
	       enum proc_direction direction, struct err *err);

/* Closes our end and waits; *out_status is as wait(2) gives it. */
bool proc_close(struct proc *proc, int *out_status, struct err *err);

/* Runs argv in the foreground with our terminal, waits. */
bool proc_run(const char *const argv[], int *out_status, struct err *err);

/* /bin/sh -c line as system(3), or $SHELL alone when line is NULL or "". */
bool proc_run_shell(const char *line, int *out_status, struct err *err);

/* /bin/sh -c line; appends its output to out, at most max_bytes. */
bool proc_capture(const char *line, size_t max_bytes, struct str *out,
		  int *out_status, struct err *err);

struct proc_talk {
	int timeout_ms;
	size_t max_bytes;		/* of out; said keeps its last 4 KiB */
	const atomic_bool *stop;	/* true: give up; NULL: never */
	bool ctrl_c;			/* base/cancel makes it give up */
	struct str *out;		/* what it prints; appended */
	struct str *said;		/* ... on its standard error */
};

/* Runs argv without a shell, its input empty, in a process group of its own,
 * and waits. Too long, too much or stopped: the group is killed; ERR_DATA,
 * ERR_SYSTEM or ERR_CANCELLED. What a program it leaves behind still holds
 * open is not waited for. */
bool proc_talk(const char *const argv[], const struct proc_talk *talk,
	       int *out_status, struct err *err);

/* "exited with code 3", "was ended by signal 9 (Killed)"; status of wait. */
void proc_describe(int status, struct str *out);

#endif
