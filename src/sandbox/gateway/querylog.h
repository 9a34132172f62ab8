/* sandbox/gateway/querylog.h - what the system views tell of sessions and
 * statements.
 *
 * Written over a second connection of the client's (as superuser, in the same
 * database), so that a rollback does not take the record away: one row of
 * redshift_sandbox.query_log a statement, and one of session_log a session,
 * which the session itself writes when it begins. The plan of a statement,
 * with the rows that each of its nodes gave, comes from auto_explain as an
 * INFO message, which no client sees.
 */
#ifndef SANDBOX_GATEWAY_QUERYLOG_H
#define SANDBOX_GATEWAY_QUERYLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct backend;
struct client;
struct frame;
struct plan;

/* The second connection, opened on first need. */
struct backend *querylog_aside(struct client *client, struct err *err);

/* The session has begun and may query: client->log is made. */
void querylog_open(struct client *client);

/* It has ended: frees client->log. */
void querylog_close(struct client *client);

/* A login that was refused; user and database as the client named them. */
void querylog_refused(struct client *client, const char *user,
		      const char *database);

/* Numbers the statement (client->query_id) and notes that it runs. What is
 * over at once (BEGIN, SET, SHOW ...) gets its row when it has ended. */
void querylog_begin(struct client *client, const struct plan *plan);

/* Takes the NoticeResponse when it is a plan; false: it is the client's. */
bool querylog_take_plan(struct client *client, const struct frame *frame);

/* Keeps what a procedure says (notices, and the error that ends it) for
 * SYS_PROCEDURE_MESSAGES; of other statements nothing. */
void querylog_message(struct client *client, const struct plan *plan,
		      const struct frame *frame);

struct querylog_end {
	const char *status;  /* success, failed, canceled */
	const char *message; /* of the error, "" */
	int64_t rows;
	int64_t start_ms;
};

void querylog_finish(struct client *client, const struct plan *plan,
		     const struct querylog_end *end);

#endif
