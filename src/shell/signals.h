/* shell/signals.h - what the program does with signals. */
#ifndef SHELL_SIGNALS_H
#define SHELL_SIGNALS_H

#include <stdbool.h>

#include "base/err.h"

/* SIGINT raises the cancel token, SIGWINCH is posted to it, SIGTERM and SIGHUP
 * too where they are heard, else they end the program, as SIGTSTP stops it;
 * SIGPIPE is ignored.
 * leave_at_once: SIGTERM and SIGHUP keep their
 * default (nobody sits at a prompt who would be told). */
bool signals_install(bool leave_at_once, struct err *err);

/* Stops the process as Ctrl-Z does by default; returns when it goes on, or at
 * once where nobody could make it go on. */
void signals_stop(void);

/* Dies of SIGPIPE as a program does that never heard of it: the reader of
 * standard output is gone. */
void signals_die_of_pipe(void) __attribute__((noreturn));

#endif
