/* shell/startup.h - from options to the first prompt, and the exit code. */
#ifndef SHELL_STARTUP_H
#define SHELL_STARTUP_H

#include <stdbool.h>

struct session;

/* Applies the options, connects where that is needed, reads the start-up
 * file, does what -c, -f and -l ask for, else reads standard input. Returns
 * the exit code. */
int startup_run(struct session *session);

#endif
