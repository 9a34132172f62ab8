/* db/exec.h - send SQL, wait for answers, cancel.
 *
 * The waiting thread polls the socket and the Ctrl-C pipe (or the stop
 * descriptor of db_options). Ctrl-C sends a cancel request from a short-lived
 * thread and waits for the server's answer; a second Ctrl-C abandons the wait
 * and with it the connection.
 *
 * One request at a time:
 *
 *	struct exec *exec = exec_start(db, sql, &err);
 *	while ((result = exec_next(exec, &err)) != NULL)
 *		... result_kind(result) ...; result_free(result);
 *	exec_free(exec);
 */
#ifndef DB_EXEC_H
#define DB_EXEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "db/result.h"

struct db;
struct dberr;
struct exec;
struct rows;

/* Sends one string (one or more statements, one implicit transaction), which
 * is borrowed until exec_free. */
struct exec *exec_start(struct db *db, const char *sql, struct err *err);

/* As exec_start for what is thought to answer with a tag alone: saves looking
 * for many rows first. */
struct exec *exec_start_command(struct db *db, const char *sql,
				struct err *err);

/* The rows are wanted one by one, also those before an error: without this a
 * small answer is read in one piece. Right after the start. */
void exec_stream(struct exec *exec);

/* Reads and drops what is left. NULL is fine. */
void exec_free(struct exec *exec);
CLEANUP_FREE(struct exec, exec_free, exec_freep)

/* The next statement's answer, yours to result_free before the next call;
 * NULL at the end. Errors of the server are
 * results too (RESULT_ERROR); a lost connection or an abandoned wait is also
 * RESULT_ERROR, then the end. */
struct result *exec_next(struct exec *exec);

/* Closes the connection: what the server began cannot be ended otherwise. */
void exec_abandon(struct exec *exec);

/* COPY data after RESULT_COPY_IN; ends with exec_copy_end, reason NULL: all
 * sent, else the server is told that it failed. */
bool exec_copy_put(struct exec *exec, const char *bytes, size_t len,
		   struct err *err);
bool exec_copy_end(struct exec *exec, const char *reason, struct err *err);

/* One row of COPY data, *out_bytes borrowed until the next call;
 * false: no more, and *err is set when they ended early. */
bool exec_copy_get(struct exec *exec, const char **out_bytes, size_t *out_len,
		   struct err *err);

/* Runs one string, drops its rows. On failure out_why (may be NULL) gets the
 * server's error whole. For the catalog, checks and settings. */
bool exec_run(struct db *db, const char *sql, struct dberr *out_why,
	      struct err *err);

/* The rows of the last statement in sql, held in memory; yours to
 * rows_free. For system views and other small results. */
struct rows *exec_query(struct db *db, const char *sql, struct dberr *out_why,
			struct err *err);

/* Column names and types of one statement without running it: the rows'
 * columns are filled and rows_next ends at once. */
struct rows *exec_describe(struct db *db, const char *sql,
			   struct dberr *out_why, struct err *err);

#endif
