/* shell/savepoint.h - ON_ERROR_ROLLBACK: a savepoint around each statement.
 *
 * As psql does in an open transaction block. Redshift has no savepoints:
 * there it is said once that the setting does nothing.
 */
#ifndef SHELL_SAVEPOINT_H
#define SHELL_SAVEPOINT_H

#include <stdbool.h>

struct session;

/* Before a statement. false: the server refused, which has been told. */
bool savepoint_set(struct session *session);

/* The statement's tag: it may have ended the savepoint itself. */
void savepoint_note_tag(struct session *session, const char *tag);

/* After it: back to the savepoint when it failed, else the savepoint goes. */
bool savepoint_settle(struct session *session);

#endif
