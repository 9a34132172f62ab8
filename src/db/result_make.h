/* db/result_make.h - what exec, prepared and result share. */
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

/* An answer to wait for; sent: libpq's result, 0 is a failure. */
struct exec *exec_new(struct db *db, int sent, struct err *err);

/* Is there a connection, and no pipeline on it? */
bool exec_is_possible(const struct db *db, struct err *err);

/* Sends what libpq holds. */
bool exec_flush(struct db *db);

#endif
