/* db/prepared.h - the extended protocol: prepared statements and pipelines.
 *
 * Outside a pipeline prepared_start is as exec_start. Inside one, requests
 * are queued: prepared_add sends nothing by itself, and answers are read one
 * request at a time once a sync or a flush request has been queued behind
 * them (libpq's pipeline mode). Who reads more answers than were asked for
 * waits for ever, so callers count.
 */
#ifndef DB_PREPARED_H
#define DB_PREPARED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct db;
struct exec;

enum prepared_kind {
	PREPARED_QUERY, /* sql with values, unnamed */
	PREPARED_NAMED, /* the prepared statement name with values */
	PREPARED_PARSE, /* sql becomes the prepared statement name */
	PREPARED_CLOSE, /* name is forgotten; by DEALLOCATE before libpq 17,
			 * where a name that is not there is an error */
};

struct prepared { /* all of it borrowed until the call returns */
	enum prepared_kind kind;
	const char *name;
	const char *sql;
	size_t count;
	const char *const *values; /* text; NULL: null */
};

enum prepared_pipeline {
	PIPELINE_OFF,
	PIPELINE_ON,
	PIPELINE_ABORTED, /* by an error, until the next sync */
};

/* Sends one request; its answer comes by exec_next. */
struct exec *prepared_start(struct db *db, const struct prepared *what,
			    struct err *err);

enum prepared_pipeline prepared_pipeline(const struct db *db);

/* Refused while an answer is under way. */
bool prepared_enter(struct db *db, struct err *err);

/* Refused while answers are left to be read. */
bool prepared_leave(struct db *db, struct err *err);

/* Queues one request. */
bool prepared_add(struct db *db, const struct prepared *what, struct err *err);

/* Queues a sync: an answer of its own (RESULT_SYNC), at which the requests
 * since the last one are committed or, behind an error, done with. */
bool prepared_sync(struct db *db, struct err *err);

/* Queues what makes the server send the answers so far. */
bool prepared_request_flush(struct db *db, struct err *err);

/* Sends what is queued here. */
bool prepared_flush(struct db *db, struct err *err);

/* The answer of the next request of the pipeline, to be read with exec_next;
 * a sync is a request of its own. */
struct exec *prepared_answer(struct db *db, struct err *err);

#endif
