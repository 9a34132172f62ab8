/* catalog/catalog.h - what the server holds, remembered for Tab.
 *
 * One SQLite file per server, database and user in the cache folder (0600).
 * A background thread fills it over its own connection, which it closes after
 * each harvest: when the file is older than a day, after DDL, and on demand;
 * no timer ever asks an idle warehouse. A file that cannot be read is built
 * anew. Losing the cache loses nothing but Tab.
 */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct catalog;
struct db;
struct lookup;
struct mailbox;

struct catalog_options {
	const char *folder; /* where the file goes; made when missing */
	const char *host;   /* these four name the file */
	const char *port;
	const char *database;
	const char *user;
	int64_t max_age_ms; /* harvest when older; 0: a day */
	/* Opens a connection for the catalog alone, with stop_fd in its
	 * db_options. Runs on the catalog thread, so it must touch nothing
	 * of the UI's; it asks nothing. */
	struct db *(*connect)(void *context, int stop_fd, struct err *err);
	void *context;
};

/* Opens the file, starts the thread; a harvest starts when it is due. */
struct catalog *catalog_open(const struct catalog_options *options,
			     struct err *err);

/* Ends the thread (a running query is cancelled). NULL is fine. */
void catalog_close(struct catalog *catalog);
CLEANUP_FREE(struct catalog, catalog_close, catalog_closep)

/* The UI thread's view of the file; borrowed. */
struct lookup *catalog_lookup(struct catalog *catalog);

/* Notes; they return at once. changed: DDL ran and is committed. refresh:
 * the person asked. */
void catalog_note_changed(struct catalog *catalog);
void catalog_note_refresh(struct catalog *catalog);

/* A harvest is under way or about to start. */
bool catalog_is_reading(struct catalog *catalog);

/* Waits for the harvest asked for by now; false: time-out, or it failed and
 * err says why. timeout_ms < 0: for ever; Ctrl-C ends the wait. */
bool catalog_wait(struct catalog *catalog, int timeout_ms, struct err *err);

#endif
