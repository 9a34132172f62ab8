/* data/lite.h - SQLite files: open, migrate, prepared statements.
 *
 * One struct lite belongs to one thread. Statements are prepared once per
 * SQL text and kept. A file that is no database or damaged gives an error
 * for which lite_is_corrupt is true: caches then lite_remove and open anew.
 */
#ifndef DATA_LITE_H
#define DATA_LITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct lite;
struct lite_query;

/* Creates the file (0600) when missing; WAL, busy time-out 5 s, foreign
 * keys on. migrations: SQL scripts, NULL ends; user_version tells how many
 * have run, each runs in a transaction. A file with more migrations than
 * are known is refused as ERR_DATA (a newer program made it). Path
 * ":memory:" is fine. */
struct lite *lite_open(const char *path, const char *const *migrations,
		       struct err *err);

/* As lite_open; a corrupt or too new file is removed and made anew: for
 * caches only. */
struct lite *lite_open_cache(const char *path, const char *const *migrations,
			     struct err *err);
void lite_close(struct lite *lite);		/* NULL is fine */
CLEANUP_FREE(struct lite, lite_close, lite_closep)

bool lite_is_corrupt(const struct err *err);

/* The disk is full, has failed, or is read-only. */
bool lite_is_unwritable(const struct err *err);

/* Removes the file with its -wal, -shm and -journal. */
void lite_remove(const char *path);

/* How long a statement waits for another writer, instead of 5 s. */
void lite_set_patience(struct lite *lite, int wait_ms);

/* Runs a script of statements without results. */
bool lite_run(struct lite *lite, const char *script, struct err *err);

/* Begins a use of the statement sql (?1, ?2 ... are parameters): parameters
 * are NULL until bound. NULL: err. Borrowed; not to be freed. A statement
 * is used by one loop at a time; end it by lite_reset or by stepping to
 * LITE_DONE (so that no read lock stays). */
struct lite_query *lite_query(struct lite *lite, const char *sql,
			      struct err *err);

/* Parameters count from 1; texts are copied; NULL text binds NULL. */
void lite_bind_text(struct lite_query *query, int at, const char *text);
void lite_bind_slice(struct lite_query *query, int at, const char *text,
		     size_t len);
void lite_bind_blob(struct lite_query *query, int at, const void *bytes,
		    size_t len);
void lite_bind_number(struct lite_query *query, int at, int64_t number);

enum lite_step {
	LITE_ROW,
	LITE_DONE,
	LITE_FAILED,
};

enum lite_step lite_step(struct lite_query *query, struct err *err);
void lite_reset(struct lite_query *query);

/* Steps a statement that returns no rows. */
bool lite_do(struct lite_query *query, struct err *err);

/* Columns count from 0; texts are borrowed until the next step. */
const char *lite_text(struct lite_query *query, int at); /* NULL: SQL null */
size_t lite_len(struct lite_query *query, int at);	/* bytes of it */
int64_t lite_number(struct lite_query *query, int at);
bool lite_is_null(struct lite_query *query, int at);

bool lite_begin(struct lite *lite, struct err *err);	/* immediate */
bool lite_commit(struct lite *lite, struct err *err);
void lite_rollback(struct lite *lite);
int64_t lite_changes(struct lite *lite);	/* rows of the last change */
int64_t lite_last_id(struct lite *lite);

#endif
