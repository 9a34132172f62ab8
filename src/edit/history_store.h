/* edit/history_store.h - the entries in SQLite.
 *
 * One file serves all connections and all shells at once (WAL). An entry's id
 * is its place: newer ones have greater ids.
 */
#ifndef EDIT_HISTORY_STORE_H
#define EDIT_HISTORY_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "edit/history_entry.h"

struct history_store;
struct str;

/* path NULL: in memory, which cannot fail. A damaged file is set aside (its
 * new name goes to out_aside) and a new one begun. *out_new: it was made. */
struct history_store *history_store_open(const char *path, bool *out_new,
					 struct str *out_aside,
					 struct err *err);

/* Renames a file that turned out to be damaged later; it is not open. */
bool history_store_set_aside(const char *path, struct str *out_aside,
			     struct err *err);
void history_store_close(struct history_store *store); /* NULL is fine */
CLEANUP_FREE(struct history_store, history_store_close, history_store_closep)

/* entry's id 0: the next. shell: a number that no other running shell has. risky: not to be offered
 * by history_store_begins. */
bool history_store_add(struct history_store *store,
		       const struct history_entry *entry, bool risky,
		       int64_t shell, int64_t *out_id, struct err *err);

/* How the entry id, added with shell and started_ms as here, ended. */
bool history_store_finish(struct history_store *store,
			  const struct history_entry *entry, int64_t shell,
			  struct err *err);

/* Many adds as one. */
bool history_store_begin(struct history_store *store, struct err *err);
bool history_store_commit(struct history_store *store, struct err *err);
void history_store_rollback(struct history_store *store);

/* Makes room for count entries in front of all others, which may then be added
 * with ids from 1 on; inside history_store_begin. The ids of the others grow. */
bool history_store_shift(struct history_store *store, int64_t count,
			 struct err *err);

/* Removes the entry and all of the same text. ERR_MISSING: no such entry. */
bool history_store_remove(struct history_store *store, int64_t id,
			  int64_t *out_count, struct err *err);
bool history_store_remove_all(struct history_store *store,
			      const struct history_filter *filter,
			      int64_t *out_count, struct err *err);
bool history_store_count(struct history_store *store,
			 const struct history_filter *filter,
			 int64_t *out_count, struct err *err);

/* Keeps the newest keep entries. */
bool history_store_trim(struct history_store *store, int64_t keep,
			struct err *err);

/* 0: no entry. */
int64_t history_store_last(struct history_store *store);

/* Calls take for the entries of filter until it says false.
 * take may not use the store. */
bool history_store_each(struct history_store *store,
			const struct history_filter *filter,
			bool (*take)(void *context,
				     const struct history_entry *entry),
			void *context, struct err *err);

/* As history_store_each, entries older than before (0: all), count at most:
 * to go through all of them in pieces. */
bool history_store_page(struct history_store *store, int64_t before, int count,
			bool (*take)(void *context,
				     const struct history_entry *entry),
			void *context, struct err *err);

/* One entry; out_text gets its text. false: there is none. */
bool history_store_text(struct history_store *store, int64_t id,
			struct str *out_text);

/* What Up at a prompt goes through: this shell's own, and those there were
 * when it began (id up to since) of its profile or of an unknown one, older
 * than before, containing words in any case. false: no more. */
struct history_walk {
	int64_t shell;
	int64_t since;
	const char *profile;    /* NULL: any */
	const char *containing; /* "": any */
};
bool history_store_older(struct history_store *store,
			 const struct history_walk *walk, int64_t before,
			 int64_t *out_id, struct str *out_text);

/* The newest entry of profile ("": unknown) that begins with text[0..len),
 * is longer, did not fail and is not risky. */
bool history_store_begins(struct history_store *store, const char *profile,
			  const char *text, size_t len, struct str *out_text);

#endif
