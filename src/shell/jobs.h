/* shell/jobs.h - the commands that run behind the prompt: "\s3put a b &".
 *
 * Numbered from 1; a few run at once, the others wait for their turn. What a
 * job had to say is told when it has ended: above the line that is being
 * typed, else before the next prompt; in a script at \wait or at its end,
 * where the shell waits for all. UI thread only.
 */
#ifndef SHELL_JOBS_H
#define SHELL_JOBS_H

#include <stdbool.h>

#include "base/err.h"

enum {
	JOBS_AT_ONCE = 8,
	JOBS_MAX = 200, /* running and waiting */
};

struct args;
struct command;
struct jobs;
struct session;

/* Takes *args over and makes it NULL, on success. shown: the command as it
 * may be shown, without its "&". */
bool jobs_start(struct session *session, const struct command *command,
		struct args **args, const char *shown, struct err *err);

/* Tells of those that have ended since. */
void jobs_tell(struct session *session);

/* Lets the editor tell at once. */
void jobs_watch(struct session *session);

/* A table of all that are known; the oldest that ended are forgotten. */
bool jobs_print(struct session *session, struct err *err);

/* Numbers and commands of those that have not ended, for Tab. */
struct complete_offer;
void jobs_offer(struct session *session, struct complete_offer *offer);

/* What there is so far of their transfers is kept. number 0: all. */
bool jobs_cancel(struct session *session, int number, struct err *err);

/* Waits for one or (0) all. False: one failed or was cancelled, which has been
 * told, or Ctrl-C ended the wait alone. */
bool jobs_wait(struct session *session, int number, struct err *err);

/* Waits for one (0: the last that was started) as if it had been started
 * without "&": its progress is shown, Ctrl-C cancels it. */
bool jobs_foreground(struct session *session, int number, struct err *err);

/* False: a job runs that would be led away by \cd. */
bool jobs_allow_cd(struct session *session, struct err *err);

/* Asks the person who is about to leave. */
bool jobs_may_leave(struct session *session);

/* The end: waits for all, after Ctrl-C for their end. False: one has failed or
 * was cancelled, and no \wait or \fg had it. */
bool jobs_finish(struct session *session);

void jobs_free(struct jobs *jobs); /* NULL is fine */

#endif
