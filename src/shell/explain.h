/* shell/explain.h - what redsh adds below an error of the server. */
#ifndef SHELL_EXPLAIN_H
#define SHELL_EXPLAIN_H

struct session;

/* After a statement that failed and was shown: when the server sends people
 * to its table of load errors, shows what stands there with the line itself
 * (load/load_error). Sends nothing inside an aborted block. */
void explain_failure(struct session *session, const char *sql);

#endif
