#include "db/prepared.h"

#include <string.h>

#include "base/str.h"
#include "db/exec.h"
#include "db/pq.h"
#include "db/result_make.h"

/* As it is sent; the result is libpq's: 0 failed. */
static int send_close(PGconn *conn, const char *name)
{
#ifdef LIBPQ_HAS_CLOSE_PREPARED
	return PQsendClosePrepared(conn, name);
#else
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	char *quoted;

	/* The unnamed statement goes when another takes its place. */
	if (!*name)
		return PQsendPrepare(conn, "", "", 0, NULL);
	quoted = PQescapeIdentifier(conn, name, strlen(name));
	if (!quoted)
		return 0;
	str_addf(&sql, "DEALLOCATE %s", quoted);
	PQfreemem(quoted);
	return PQsendQueryParams(conn, sql.text, 0, NULL, NULL, NULL, NULL, 0);
#endif
}

static int send(PGconn *conn, const struct prepared *what)
{
	int count = (int)what->count;

	switch (what->kind) {
	case PREPARED_QUERY:
		return PQsendQueryParams(conn, what->sql, count, NULL,
					 what->values, NULL, NULL, 0);
	case PREPARED_NAMED:
		return PQsendQueryPrepared(conn, what->name, count,
					   what->values, NULL, NULL, 0);
	case PREPARED_PARSE:
		return PQsendPrepare(conn, what->name, what->sql, 0, NULL);
	case PREPARED_CLOSE:
		return send_close(conn, what->name);
	}
	return 0;
}

/* false, with libpq's words. */
static bool refused(const struct db *db, struct err *err)
{
	CLEANUP(str_done) struct str why = STR_EMPTY;

	str_add(&why, PQerrorMessage(db->conn));
	str_trim_end(&why);
	return err_set(err, ERR_NETWORK, "%s", why.text);
}

static bool done(const struct db *db, int sent, struct err *err)
{
	return sent || refused(db, err);
}

struct exec *prepared_start(struct db *db, const struct prepared *what,
			    struct err *err)
{
	if (!exec_is_possible(db, err))
		return NULL;
	return exec_new(db, send(db->conn, what), err);
}

enum prepared_pipeline prepared_pipeline(const struct db *db)
{
	switch (PQpipelineStatus(db->conn)) {
	case PQ_PIPELINE_ON:
		return PIPELINE_ON;
	case PQ_PIPELINE_ABORTED:
		return PIPELINE_ABORTED;
	case PQ_PIPELINE_OFF:
		break;
	}
	return PIPELINE_OFF;
}

bool prepared_enter(struct db *db, struct err *err)
{
	return done(db, PQenterPipelineMode(db->conn), err);
}

bool prepared_leave(struct db *db, struct err *err)
{
	return done(db, PQexitPipelineMode(db->conn), err);
}

bool prepared_add(struct db *db, const struct prepared *what, struct err *err)
{
	return done(db, send(db->conn, what), err);
}

bool prepared_sync(struct db *db, struct err *err)
{
	return done(db, PQpipelineSync(db->conn), err);
}

bool prepared_request_flush(struct db *db, struct err *err)
{
	return done(db, PQsendFlushRequest(db->conn), err);
}

bool prepared_flush(struct db *db, struct err *err)
{
	return exec_flush(db) || refused(db, err);
}

struct exec *prepared_answer(struct db *db, struct err *err)
{
	return exec_new(db, db->conn != NULL, err);
}
