/* catalog/refresh.h - the thread that harvests, when it is asked to.
 *
 * It sleeps without a time limit until a note comes. Notes that come close
 * together are one harvest, and the thread rests between harvests in
 * proportion to how long the last one took, so that a script of a thousand
 * CREATE TABLEs asks the server a few times only.
 */
#ifndef CATALOG_REFRESH_H
#define CATALOG_REFRESH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct db;
struct touched;
struct refresh;

enum refresh_reason {
	REFRESH_AGED,    /* old or empty: at once */
	REFRESH_ASKED,   /* by the person: at once */
	REFRESH_CHANGED, /* DDL: may wait a little for more */
};

/* connect: see catalog_options; stop_fd readable means give up. path: the
 * store's file, opened again by the thread. */
struct refresh *refresh_new(const char *path,
			    struct db *(*connect)(void *context, int stop_fd,
						  struct err *err),
			    void *context, struct err *err);
void refresh_free(struct refresh *refresh); /* NULL is fine */
CLEANUP_FREE(struct refresh, refresh_free, refresh_freep)

/* touched: all that has to be read again; NULL: everything. */
void refresh_note(struct refresh *refresh, enum refresh_reason reason,
		  const struct touched *touched);

/* What the last harvest did. */
struct refresh_last {
	int64_t took_ms;
	int64_t rows;
	int64_t changes;
	int questions; /* statements sent */
	int skipped;   /* see catalog/harvest.h */
	bool failed;
	struct err why; /* it failed */
};
struct refresh_last refresh_last(struct refresh *refresh);

/* A note is not answered yet. */
bool refresh_is_open(struct refresh *refresh);

/* No note is unanswered and the last answer was good. */
bool refresh_is_settled(struct refresh *refresh);

/* Once after the file was found to be damaged and removed. */
bool refresh_take_rebuilt(struct refresh *refresh);

/* Once after a harvest that could not be written; *out_why gets the error. */
bool refresh_take_unwritten(struct refresh *refresh, struct err *out_why);

/* Waits until no note is unanswered; see catalog_wait. */
bool refresh_wait(struct refresh *refresh, int timeout_ms, struct err *err);

#endif
