/* base/cancel.h - the Ctrl-C token: a flag and a pipe that wakes poll.
 *
 * One of the process, since signal handlers have no argument. The handler (or
 * another thread) raises it; whoever waits polls cancel_fd beside its own
 * descriptors, and long computations ask cancel_raised now and then. Whoever
 * stops for it returns ERR_CANCELLED by cancel_check; shell/ clears it before
 * the next piece of work.
 *
 * A thread that works behind the prompt (shell/jobs) has a token of its own:
 * after cancel_use the questions below are answered by that one, in that
 * thread, so no function needs to be told which token counts.
 *
 * Other signals (SIGWINCH, SIGTERM, SIGHUP, SIGCHLD, SIGTSTP) are bytes in
 * the same pipe: cancel_post puts one in, cancel_read takes one out.
 */
#ifndef BASE_CANCEL_H
#define BASE_CANCEL_H

#include <stdbool.h>

#include "base/err.h"

struct cancel;

/* A token for one thread; freed when that thread has ended. */
struct cancel *cancel_new(struct err *err);
void cancel_free(struct cancel *cancel);	/* NULL is fine */
void cancel_use(struct cancel *cancel);		/* borrowed, in this thread */
void cancel_stop(struct cancel *cancel);	/* raises it; any thread */

/* Whether cancel_stop has been called, from any thread. */
bool cancel_is_stopped(const struct cancel *cancel);

/* The token of the process. */
bool cancel_open(struct err *err);	/* call once, before handlers run */
void cancel_close(void);

void cancel_raise(void);		/* async-signal-safe */

/* The token of this thread: its own or that of the process. */
int cancel_fd(void);			/* readable: something was posted */
bool cancel_raised(void);
int cancel_count(void);			/* raises since the last clear */
void cancel_clear(void);		/* also drains the pipe of SIGINT */

/* false and ERR_CANCELLED when raised. */
bool cancel_check(struct err *err);

/* Of the process: whether somebody waits who takes what is posted. */
void cancel_listen(bool listens);
bool cancel_is_heard(void);		/* async-signal-safe */

void cancel_post(int signal_number);	/* async-signal-safe */
int cancel_read(void);			/* a posted signal number, 0: none */

/* poll(2) on fd for events (POLLIN, POLLOUT) and the cancel pipe together.
 * Returns 1 ready, 0 time-out (timeout_ms < 0: none), -1 raised. Signals
 * other than the raise stay for cancel_read and do not end the wait. */
int cancel_poll(int fd, short events, int timeout_ms);

#endif
