/* db/result_make.h - how exec.c builds the results it hands out. */
#ifndef DB_RESULT_MAKE_H
#define DB_RESULT_MAKE_H

#include "db/exec.h"
#include "db/pq.h"
#include "db/result.h"

/* From the first PGresult of a statement's answer, which is taken over. */
struct result *result_new(struct exec *exec, PGresult *first);

/* The rows that the connection's wire has looked at. */
struct result *result_new_wire(struct exec *exec, struct db *db);

/* A failure that the server did not report. */
struct result *result_new_failure(struct exec *exec, const char *text);

/* The next PGresult of the request, NULL at its end. Waits, cancels. */
PGresult *exec_next_raw(struct exec *exec);

/* Waits for the server's next bytes. false: the connection is gone. */
bool exec_wait_input(struct exec *exec);

/* The server's bytes make no sense: the connection is closed. */
void exec_abandon(struct exec *exec);

#endif
