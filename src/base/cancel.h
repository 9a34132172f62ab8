/* base/cancel.h - the Ctrl-C token: a flag and a pipe that wakes poll.
 *
 * One per process, since signal handlers have no argument. The handler (or
 * another thread) raises it; whoever waits polls cancel_fd beside its own
 * descriptors, and long computations ask cancel_raised now and then. Whoever
 * stops for it returns ERR_CANCELLED by cancel_check; shell/ clears it before
 * the next piece of work.
 *
 * Other signals (SIGWINCH, SIGTERM, SIGHUP, SIGCHLD, SIGTSTP) are bytes in
 * the same pipe: cancel_post puts one in, cancel_read takes one out.
 */
#ifndef BASE_CANCEL_H
#define BASE_CANCEL_H

#include <stdbool.h>

#include "base/err.h"

bool cancel_open(struct err *err);	/* call once, before handlers run */
void cancel_close(void);

int cancel_fd(void);			/* readable: something was posted */
void cancel_raise(void);		/* async-signal-safe */
bool cancel_raised(void);
int cancel_count(void);			/* raises since the last clear */
void cancel_clear(void);		/* also drains the pipe of SIGINT */

/* false and ERR_CANCELLED when raised. */
bool cancel_check(struct err *err);

/* Whether somebody waits who takes what is posted. */
void cancel_listen(bool listens);
bool cancel_is_heard(void);		/* async-signal-safe */

void cancel_post(int signal_number);	/* async-signal-safe */
int cancel_read(void);			/* a posted signal number, 0: none */

/* poll(2) on fd for events (POLLIN, POLLOUT) and the cancel pipe together.
 * Returns 1 ready, 0 time-out (timeout_ms < 0: none), -1 raised. Signals
 * other than the raise stay for cancel_read and do not end the wait. */
int cancel_poll(int fd, short events, int timeout_ms);

#endif
