/* shell/lost.h - what a lost connection takes along.
 *
 * A person's settings and temporary tables live in the server's session. A
 * new connection has none of them, which is told by name; nothing is set
 * again behind the person's back.
 */
#ifndef SHELL_LOST_H
#define SHELL_LOST_H

struct session;
struct statement;

/* sql has run well at a prompt. */
void lost_note(struct session *session, const char *sql,
	       const struct statement *what);

/* The connection was lost and made again: tells what is gone and forgets
 * it. */
void lost_tell(struct session *session);

/* Another connection, by choice. */
void lost_forget(struct session *session);

#endif
