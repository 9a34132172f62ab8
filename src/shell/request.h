/* shell/request.h - one request to the server and what becomes of its
 * results: printed, kept in variables (\gset), run (\gexec), drawn as a grid.
 */
#ifndef SHELL_REQUEST_H
#define SHELL_REQUEST_H

#include <stdbool.h>

#include "db/prepared.h"
#include "db/result.h"

struct exec;
struct session;

/* sql, or what session->send says, as the extended protocol takes it. */
void request_prepared(const struct session *session, const char *sql,
		      struct prepared *out);

/* Sends sql as session->send asks and uses its results. false: it failed,
 * which has been shown. */
bool request_run(struct session *session, const char *sql);

/* \gdesc: the columns of sql without running it. */
bool request_describe(struct session *session, const char *sql);

/* The answer of the next request of a pipeline. *out_kind: of its first
 * result; RESULT_ABORTED is shown by the caller, all else here. */
bool request_answer(struct session *session, struct exec *exec,
		    enum result_kind *out_kind);

/* Closes the file of \g, if one was opened. */
bool request_close_target(struct session *session);

#endif
