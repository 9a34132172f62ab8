/* db/pq.h - libpq for the files of db/: the only place that includes it. */
#ifndef DB_PQ_H
#define DB_PQ_H

#include <libpq-fe.h>

#include "db/conn.h"
#include "db/dberr.h"

struct exec;

struct db {
	PGconn *conn; /* NULL: given up (abandoned wait) */
	struct dsn *dsn;
	int stop_fd; /* -1: Ctrl-C stops */
	void (*notice)(void *context, const struct dberr *notice);
	void *notice_context;
	void (*cancelling)(void *context);
	void *cancelling_context;
};

/* What libpq_wait reports. */
enum pq_wait {
	PQ_WAIT_READY,
	PQ_WAIT_LOST,      /* the socket broke */
	PQ_WAIT_ABANDONED, /* second Ctrl-C: the connection is closed */
};

/* Takes the result over. */
void dberr_take_result(struct dberr *dberr, PGresult *result);

/* Borrows it for as long as the dberr is not cleared (notices, of which
 * libpq can make no copy). */
void dberr_borrow_result(struct dberr *dberr, const PGresult *result);

/* A failure that no server reported; text as libpq gives it. */
void dberr_set_text(struct dberr *dberr, const char *text);

#endif
