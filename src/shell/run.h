/* shell/run.h - one statement: sent, waited for, printed, remembered. */
#ifndef SHELL_RUN_H
#define SHELL_RUN_H

#include <stdbool.h>

#include "db/dberr.h"

struct rows;
struct session;

/* Sends sql as typed, with what session->send asks for (\g, \gset, ...), and
 * clears that. Errors are shown here. false: it failed. */
bool run_statement(struct session *session, const char *sql);

/* BEGIN, COMMIT and the like of the shell itself: no echo, no rows. */
bool run_quietly(struct session *session, const char *sql);

/* The same with the rows; NULL: failed, which has been shown. */
struct rows *run_query_quietly(struct session *session, const char *sql);

/* Appends an error's text with secrets hidden: the server quotes the
 * statement in it. */
void run_error_text(const struct session *session, const struct dberr *error,
		    enum dberr_verbosity verbosity, enum dberr_context context,
		    struct str *out);

/* Shows an error of the server as VERBOSITY and SHOW_CONTEXT say. */
void run_show_error(struct session *session, const struct dberr *error);

/* After a failure: is the connection lost? A person gets one try to have it
 * again, a script ends. */
void run_check_connection(struct session *session);

#endif
