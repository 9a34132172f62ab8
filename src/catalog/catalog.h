/* catalog/catalog.h - what the server holds, remembered for Tab.
 *
 * One SQLite file per server and user in the cache folder (0600), shared by
 * all shells. A background thread fills it over its own connection, which it
 * closes after each harvest: when the database was read too long ago, after
 * DDL (then only what the statements name), and on demand; no timer ever asks
 * an idle warehouse. A damaged file is built anew; where the file cannot be
 * used (a full disk, a read-only home, a newer program's file) the names of
 * this session are kept in a temporary one. Losing it loses nothing but Tab.
 */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "catalog/import.h"
#include "catalog/refresh.h"

struct catalog;
struct db;
struct lookup;
struct rows;

struct catalog_options {
	const char *file;   /* NULL: one in folder, named after these */
	const char *folder; /* made when missing */
	const char *host;
	const char *port;
	const char *user;
	const char *database;
	int64_t max_age_ms; /* harvest when older; 0: a day */
	/* Opens a connection for the catalog alone, with stop_fd in its
	 * db_options. Runs on the catalog thread, so it must touch nothing
	 * of the UI's; it asks nothing. NULL: there is no server. */
	struct db *(*connect)(void *context, int stop_fd, struct err *err);
	void *context;
};

/* Opens the file, starts the thread; a harvest starts when it is due. */
struct catalog *catalog_open(const struct catalog_options *options,
			     struct err *err);

/* Ends the thread (a running query is cancelled). NULL is fine. */
void catalog_close(struct catalog *catalog);
CLEANUP_FREE(struct catalog, catalog_close, catalog_closep)

/* The UI thread's view of the file; borrowed until the next call. */
struct lookup *catalog_lookup(struct catalog *catalog);

const char *catalog_path(const struct catalog *catalog);
const char *catalog_database(const struct catalog *catalog); /* or "" */

/* Why a temporary file is used, from now on perhaps; NULL: the file is used. */
const char *catalog_trouble(struct catalog *catalog);

enum catalog_block { /* where a statement has left the session */
		     CATALOG_IDLE,
		     CATALOG_IN_BLOCK,
		     CATALOG_IN_FAILED_BLOCK,
};

/* A statement ran; ok: it succeeded. DDL is read from the server again once
 * it is committed; SET search_path, temporary tables and what is not
 * committed are known at once. Returns at once. */
void catalog_note_statement(struct catalog *catalog, const char *sql,
			    size_t len, bool ok, enum catalog_block block);

/* DDL may have run, nobody knows which; the person asked. Both at once. */
void catalog_note_changed(struct catalog *catalog);
void catalog_note_refresh(struct catalog *catalog);

/* A harvest is under way or about to start. */
bool catalog_is_reading(struct catalog *catalog);

/* Waits for the harvest asked for by now; false: time-out, or it failed and
 * err says why. timeout_ms < 0: for ever; Ctrl-C ends the wait. */
bool catalog_wait(struct catalog *catalog, int timeout_ms, struct err *err);

/* What the last harvest of this session did; all 0: none yet. */
struct refresh_last catalog_last(struct catalog *catalog);

/* Fills the file from a listing (catalog/import.h). */
bool catalog_import(struct catalog *catalog, const char *listing,
		    struct import_result *out_result, struct err *err);

/* Forgets all names; what was used stays known. */
bool catalog_clear(struct catalog *catalog, struct err *err);

/* Facts about the cache, and the changes that the last harvest that was
 * whole, and later ones, found: rows_free them. */
struct rows *catalog_describe(struct catalog *catalog, struct err *err);
struct rows *catalog_changes(struct catalog *catalog, struct err *err);

/* When the state was read that the changes are against; 0: there is none. */
int64_t catalog_compared_ms(struct catalog *catalog);

#endif
