/* sandbox/gateway/backend.h - our client side of the private PostgreSQL.
 *
 * A connection over its unix socket, protocol 3, no libpq: the relay passes
 * whole messages through it; backend_query and the COPY calls are for the
 * gateway's own statements. One thread at a time, except backend_cancel.
 */
#ifndef SANDBOX_GATEWAY_BACKEND_H
#define SANDBOX_GATEWAY_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/ground/stream.h"

struct sink;

struct backend {
	struct stream stream;
	char *socket_path; /* for backend_cancel */
	int32_t pid;
	int32_t key;
	char status; /* of the last ReadyForQuery: I T E */
};

/* Name and value pairs of the start-up packet beyond user and database. */
struct backend_setting {
	const char *name;
	const char *value;
};

struct backend_login {
	const char *socket_path; /* .../.s.PGSQL.5432 */
	const char *user;
	const char *database;
	const struct backend_setting *settings;
	size_t setting_count;
	struct str *parameters; /* ParameterStatus messages as they came, may
				 * be NULL */
};

/* On refusal err has PostgreSQL's SQLSTATE and message (ERR_SERVER). */
struct backend *backend_open(const struct backend_login *login,
			     struct err *err);
void backend_close(struct backend *backend); /* NULL is fine */
CLEANUP_FREE(struct backend, backend_close, backend_closep)

/* Asks PostgreSQL to stop what pid is doing; from any thread. */
void backend_cancel(const char *socket_path, int32_t pid, int32_t key);

/* A message out (flushed) and one in (borrowed until the next). */
bool backend_send(struct backend *backend, char type, const char *body,
		  size_t len, struct err *err);
bool backend_next(struct backend *backend, struct frame *out, struct err *err);

/* Fields of an ErrorResponse into err: SQLSTATE, message, hint. */
bool backend_error(const struct frame *frame, struct err *err);

/* values: text or NULL, borrowed for the call; false ends with err. */
typedef bool backend_row(void *context, const char *const *values, size_t count,
			 struct err *err);

/* Simple query, any number of statements; row may be NULL. Reads up to
 * ReadyForQuery also after a failure. Notices are dropped. */
bool backend_query(struct backend *backend, const char *sql, backend_row *row,
		   void *context, struct err *err);

/* First column of the first row appended to out; ERR_MISSING: no row. */
bool backend_value(struct backend *backend, const char *sql, struct str *out,
		   struct err *err);

/* COPY ... FROM STDIN. end with give_up sends CopyFail, then is true once
 * PostgreSQL has answered. */
bool backend_copy_begin(struct backend *backend, const char *sql,
			struct err *err);
bool backend_copy_data(struct backend *backend, const char *bytes, size_t len,
		       struct err *err);
bool backend_copy_end(struct backend *backend, const char *give_up,
		      int64_t *out_rows, struct err *err);

/* COPY ... TO STDOUT */
bool backend_copy_out(struct backend *backend, const char *sql,
		      struct sink *sink, struct err *err);

#endif
