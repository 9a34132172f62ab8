/* sandbox/gateway/perform.h - a planned statement run and answered.
 *
 * The answer goes to client->stream.out (flushed now and then): rows, notices
 * and CommandComplete or ErrorResponse, never ReadyForQuery.
 */
#ifndef SANDBOX_GATEWAY_PERFORM_H
#define SANDBOX_GATEWAY_PERFORM_H

#include <stdbool.h>

#include "base/err.h"

struct client;
struct plan;
struct str;

/* false with ERR_NONE in err: the statement failed and the client has been
 * told; the block, if any, has failed too. false with err: the connection to
 * one side is lost. */
bool perform_run(struct client *client, struct plan *plan, struct err *err);

/* Execute of a portal: body is its message; what PostgreSQL holds runs there,
 * the rest here. *out_failed: the client has been told of an error. false: a
 * side is lost. */
bool perform_portal(struct client *client, struct plan *plan,
		    const struct str *body, bool *out_failed, struct err *err);

/* Messages of the backend to the client up to (and without) one whose type is
 * in ends. ReadyForQuery always ends it. */
struct perform_pump {
	const struct plan *plan;
	const char *ends;
	bool no_columns;   /* RowDescription is not wanted (Execute) */
	struct str *held;  /* not NULL: where CommandComplete waits */
	struct str *bytes; /* columns of answer_row, kept by the caller over
			    * Describe and Execute; NULL: of this pump alone */
	bool failed;       /* result */
	char last;         /* result: type that ended it */
	long long rows;    /* result: as the tag counted, or DataRows */
	char message[256]; /* result: of the error, cut */
};

bool perform_pump(struct client *client, struct perform_pump *pump,
		  struct err *err);

/* SQL of ours on the client's backend, nothing shown; a failure is told to
 * the client. Same results as perform_run. */
bool perform_silent(struct client *client, const char *sql, struct err *err);

/* ROLLBACK, until it is done; results as perform_silent. */
bool perform_rollback(struct client *client, struct err *err);

/* Reads from the backend the settings that the gateway itself must know. */
bool perform_read_settings(struct client *client, struct err *err);

/* The same when a statement may have changed them; between statements. */
bool perform_settle(struct client *client, struct err *err);

/* Tells the client err as ErrorResponse and leaves an open block failed. */
bool perform_refuse(struct client *client, const struct err *why, int position,
		    struct err *err);

/* Leaves an open block of PostgreSQL's failed. */
bool perform_fail_block(struct client *client, struct err *err);

#endif
