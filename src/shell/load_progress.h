/* shell/load_progress.h - how far a COPY or UNLOAD is, in one line of a
 * terminal.
 *
 * After about a second of running a second connection is asked
 * (load/load_watch) and its news are drawn while the session waits. Nobody is
 * asked for scripts, for loads that are over sooner, or where LOAD_PROGRESS
 * is off; without a second connection there is no line.
 */
#ifndef SHELL_LOAD_PROGRESS_H
#define SHELL_LOAD_PROGRESS_H

struct session;
struct statement;

/* sql is about to be sent and is of that kind. */
void load_progress_begin(struct session *session, const char *sql,
			 const struct statement *what);

/* Its first answer is there, or it failed: the line goes. Does not wait. */
void load_progress_end(struct session *session);

/* Waits for the thread, which may still use the login. */
void load_progress_close(struct session *session);

#endif
