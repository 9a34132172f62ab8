/* sandbox/querylog.h - finished statements into redshift_sandbox.query_log.
 *
 * Written over a second connection of the client's (as superuser, in the same
 * database), so that a rollback does not take the record away.
 */
#ifndef SANDBOX_QUERYLOG_H
#define SANDBOX_QUERYLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct backend;
struct client;
struct plan;

/* The second connection, opened on first need. */
struct backend *querylog_aside(struct client *client, struct err *err);

/* Numbers the statement: client->query_id. Statements that Redshift does not
 * record (BEGIN, SET, SHOW ...) get no number. */
void querylog_begin(struct client *client, const struct plan *plan);

struct querylog_end {
	const char *status;  /* success, failed, canceled */
	const char *message; /* of the error, "" */
	int64_t rows;
	int64_t start_ms;
};

void querylog_finish(struct client *client, const struct plan *plan,
		     const struct querylog_end *end);

#endif
