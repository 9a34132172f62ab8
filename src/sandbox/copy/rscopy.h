/* sandbox/copy/rscopy.h - COPY and UNLOAD as Redshift performs them, over
 * s3_store.
 *
 * The relay hands each statement that rscopy_wants says is COPY or UNLOAD to
 * rscopy_run instead of to PostgreSQL. rscopy reads or writes the objects,
 * converts by Redshift's rules, and reaches PostgreSQL and the client only
 * through struct rscopy_link, which the relay fills. After rscopy_run the
 * relay sends either the tag as CommandComplete or the failure as
 * ErrorResponse, then goes on as after any statement.
 */
#ifndef SANDBOX_COPY_RSCOPY_H
#define SANDBOX_COPY_RSCOPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sink.h"
#include "base/str.h"

struct identity;
struct s3_store;

/* One row of a query's answer; values are text, NULL: SQL null, borrowed
 * for the call. false stops the query with err. */
struct rscopy_row {
	bool (*take)(void *context, const char *const *values, size_t count,
		     struct err *err);
	void *context;
};

struct rscopy_link {
	void *context;
	/* Runs PostgreSQL SQL on the client's own backend, in its transaction.
	 * row may be NULL. On failure err has SQLSTATE and message, and
	 * PostgreSQL has failed the transaction block if there is one. */
	bool (*query)(void *context, const char *sql,
		      const struct rscopy_row *row, struct err *err);
	/* As query, on a second private connection as superuser, in
	 * autocommit: survives the client's rollback. */
	bool (*aside)(void *context, const char *sql,
		      const struct rscopy_row *row, struct err *err);
	/* COPY ... FROM STDIN on the client's own backend: begin, data as
	 * often as needed, end. With give_up set end sends CopyFail with that
	 * text; it then returns true once the backend has answered. */
	bool (*copy_begin)(void *context, const char *sql, struct err *err);
	bool (*copy_data)(void *context, const char *bytes, size_t len,
			  struct err *err);
	bool (*copy_end)(void *context, const char *give_up, int64_t *out_rows,
			 struct err *err);
	/* COPY (...) TO STDOUT on the client's own backend into sink. */
	bool (*copy_out)(void *context, const char *sql, struct sink *sink,
			 struct err *err);
	/* Turns a Redshift SELECT into one that PostgreSQL takes; refuses as
	 * the gateway would refuse it typed by hand. */
	bool (*rewrite)(void *context, const char *sql, struct str *out,
			struct err *err);
	/* NoticeResponse of severity INFO to the client, now. */
	void (*info)(void *context, const char *text);
	/* The client asked to cancel: rscopy stops soon. */
	bool (*cancelled)(void *context);
};

struct rscopy_call {
	const struct rscopy_link *link;
	struct s3_store *store;
	const struct identity *identity;
	const char *user; /* database user, for messages */
	const char *database;
	int session_pid;  /* as pg_backend_pid() tells the client */
	int64_t query_id; /* number of this statement */
	bool in_block;    /* inside BEGIN ... */
	bool case_sensitive; /* names in quotes keep their case */
};

struct rscopy_result {
	const char *tag; /* "COPY" or "UNLOAD" */
	int64_t rows;
	/* on failure: */
	char sqlstate[6];
	struct str message;
	struct str detail; /* "" : none; several lines */
	struct str hint;
};

#define RSCOPY_RESULT_EMPTY                                                    \
	{                                                                      \
		.message = STR_EMPTY, .detail = STR_EMPTY, .hint = STR_EMPTY   \
	}

/* Does the statement begin with COPY or UNLOAD (after comments)? */
bool rscopy_wants(const char *sql, size_t len);

/* false: result has sqlstate, message and detail for ErrorResponse; when
 * in_block, the relay must leave the backend's block failed (PostgreSQL has
 * not always seen an error). */
bool rscopy_run(const struct rscopy_call *call, const char *sql,
		struct rscopy_result *result);
void rscopy_result_done(struct rscopy_result *result);

#endif
