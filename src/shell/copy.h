/* shell/copy.h - COPY data between the server and this program's streams.
 *
 * Redshift has no such COPY; a PostgreSQL behind the same shell does, and
 * its scripts carry the data in line, ended by "\.".
 */
#ifndef SHELL_COPY_H
#define SHELL_COPY_H

#include <stdbool.h>

struct exec;
struct session;

/* Sends the lines that follow in the current input. */
bool copy_in(struct session *session, struct exec *exec);

/* Writes the rows to the current output, or (not wanted) drops them. */
bool copy_out(struct session *session, struct exec *exec, bool wanted);

#endif
