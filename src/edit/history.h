/* edit/history.h - statements and commands typed at a prompt, remembered.
 *
 * They stand in SQLite (history_store), one file for all connections and all
 * shells, with when, how long, how many rows, how it ended, and where. Or,
 * when the person names a file (HISTFILE), in psql's text file, and what goes
 * beyond the text only for this session. Nothing is opened before it is
 * needed. Where nothing can be kept the history goes on in memory, which is
 * told once. Secrets are masked before an entry is kept anywhere.
 */
#ifndef EDIT_HISTORY_H
#define EDIT_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "edit/history_entry.h"

struct history;
struct history_store;
struct str;

struct history_options {
	const char *path;      /* the SQLite file, or NULL */
	const char *text_path; /* psql's file instead of it, or NULL */
	/* redsh's text file of earlier versions, taken over into a path that
	 * is new, or NULL. */
	const char *old_path;
	int64_t size; /* entries kept; < 0: all */
};

/* Paths are copied. Opens nothing. */
struct history *history_new(const struct history_options *options);
void history_free(struct history *history); /* NULL is fine */
CLEANUP_FREE(struct history, history_free, history_freep)

/* HISTCONTROL: ignorespace, ignoredups, ignoreboth; all else: none. */
void history_set_control(struct history *history, const char *value);
void history_set_size(struct history *history, int64_t size);

/* Where statements go from now on; "" when offline. Cheap when unchanged. */
void history_set_place(struct history *history, const char *profile,
		       const char *database);
const char *history_profile(const struct history *history);
const char *history_database(const struct history *history);

/* Keeps text: all lines of a statement or command, before it runs; and how
 * it ended. false: it is not to be kept, history_end then does nothing. */
bool history_begin(struct history *history, const char *text);
void history_end(struct history *history,
		 const struct history_outcome *outcome);

/* What went wrong, once: a line for the person. false: nothing did. */
bool history_take_note(struct history *history, struct str *out);

/* The grey text: the newest entry of this connection that begins with
 * text[0..len), whole. Nothing that failed, removes or overwrites. */
bool history_suggest(struct history *history, const char *text, size_t len,
		     struct str *out);

/* Up and Down. history_older begins a walk when none is under way: through
 * the entries that contain typed (any case; "": all), each text once. The
 * text is borrowed until the next call; NULL: no older one. history_newer
 * goes back: at last to typed, which ends the walk; NULL: none is under way. */
const char *history_older(struct history *history, const char *typed);
const char *history_newer(struct history *history);
void history_walk_end(struct history *history);

/* What the walk under way looks for; NULL: there is none. */
const char *history_walk_text(const struct history *history);

/* Fills Readline's own list with the newest entries, for its own commands
 * (vi's /, Alt-<, what inputrc binds); once, at the first key. */
void history_fill_list(struct history *history);

/* The entries themselves, opened. Never NULL. Reading them may fail: then
 * history_failed(history, err) makes the best of it. */
struct history_store *history_store(struct history *history);
void history_failed(struct history *history, const struct err *err);

/* Entries were deleted: none of their texts stays in memory or in the text
 * file. */
void history_forget(struct history *history);

/* Entries of a text file, psql's or redsh's own, in front of those there
 * are in no order of time. *out_count: how many. */
bool history_import(struct history *history, const char *path,
		    int64_t *out_count, struct err *err);

/* \s: oldest first, one a line, newlines as byte 1 when coded. */
bool history_print(struct history *history, bool coded, struct str *out,
		   struct err *err);

#endif
