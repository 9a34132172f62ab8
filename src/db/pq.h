/* db/pq.h - libpq for the files of db/: the only place that includes it. */
#ifndef DB_PQ_H
#define DB_PQ_H

#include <libpq-fe.h>

#include "db/conn.h"
#include "db/dberr.h"

struct exec;
struct map;
struct wire;

struct db {
	PGconn *conn; /* NULL: given up (abandoned wait) */
	struct wire *wire; /* NULL: libpq alone reads this connection */
	struct map *told; /* parameters that libpq did not see; see conn.c */
	struct dsn *dsn;
	PGnotify *notification; /* handed out last, or NULL */
	int stop_fd; /* -1: Ctrl-C stops */
	const char *query; /* in flight, borrowed; NULL: none or unknown */
	void (*notice)(void *context, const struct dberr *notice);
	void *notice_context;
	void (*cancelling)(void *context);
	void *cancelling_context;
	int news_fd; /* -1: none */
	void (*news)(void *context);
	void *news_context;
};

/* Takes the result over. */
void dberr_take_result(struct dberr *dberr, PGresult *result);

/* Borrows it for as long as the dberr is not cleared (notices, of which
 * libpq can make no copy). */
void dberr_borrow_result(struct dberr *dberr, const PGresult *result);

/* The body of an ErrorResponse or NoticeResponse: a letter and a text each,
 * copied; and the statement it is about, or NULL. */
void dberr_set_fields(struct dberr *dberr, const char *body, size_t len,
		      const char *query, int encoding);

/* The server told a parameter in the middle of rows. */
void db_note_parameter(struct db *db, const char *name, const char *value);

/* A failure that no server reported; text as libpq gives it. */
void dberr_set_text(struct dberr *dberr, const char *text);

#endif
