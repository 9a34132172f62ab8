/* load/load_moment.h - how far a running COPY or UNLOAD is: one look.
 *
 * Asked over a connection of its own. A provisioned cluster tells a COPY's
 * files and bytes in STV_LOAD_STATE, a row a slice; everywhere else, and for
 * UNLOAD, SYS_LOAD_HISTORY and SYS_UNLOAD_HISTORY have a row of the status
 * running. Who waits is queued in SYS_QUERY_HISTORY; its place among those
 * who wait stands in STV_WLM_QUERY_QUEUE_STATE. All of them show a user the
 * rows of its own sessions.
 */
#ifndef LOAD_LOAD_MOMENT_H
#define LOAD_LOAD_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct db;
struct progress;
struct str;

struct load_moment {
	bool queued;
	int64_t place;		/* in the queue, from 1; 0: not known */
	int64_t files;		/* done with; -1: not known */
	int64_t files_total;	/* 0: not known */
	int64_t bytes;
	int64_t bytes_total;	/* 0: not known */
	int64_t rows;		/* or lines; -1: not known */
};

/* What is being looked at; starts as { session, unload }. */
struct load_view {
	int session;		/* db_backend_pid of who loads */
	bool unload;
	bool no_stv;		/* those views are not there */
};

/* false: nothing is known (yet); *err, which must be empty before and not
 * NULL, is set when asking failed. */
bool load_moment_read(struct db *db, struct load_view *view,
		      struct load_moment *out, struct err *err);

/* Appends "copy sales  52%  2.1 GiB of 4.0 GiB  38.0 MiB/s  50 s left  3 of
 * 12 files  1,234,567 rows". progress has seen the moment's bytes; us: since
 * the start. */
void load_moment_add_text(const struct load_moment *moment, const char *what,
			  const struct progress *progress, int64_t us,
			  struct str *out);

#endif
