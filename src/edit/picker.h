/* edit/picker.h - the list of Ctrl-R, without a screen: what was typed, which
 * entries are looked at, what fits, which one is chosen.
 *
 * Entries are read and compared in pieces (picker_work), newest first, so
 * that a key never waits for a long history: the list grows while nothing is
 * typed. Each text stands in it once, as it ran last. What fits better comes
 * first, then what is newer.
 */
#ifndef EDIT_PICKER_H
#define EDIT_PICKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "edit/history_entry.h"

struct history;
struct picker;
struct picker_query;
struct str;

enum picker_scope {
	PICKER_PROFILE,  /* of this connection */
	PICKER_DATABASE, /* and of its database */
	PICKER_ALL,
	PICKER_SCOPES,
};

/* Looks at history, which must stay; typed: what is looked for first. */
struct picker *picker_new(struct history *history, const char *typed);
void picker_free(struct picker *picker); /* NULL is fine */
CLEANUP_FREE(struct picker, picker_free, picker_freep)

/* Goes on, with about so many entries. false: all have been looked at. */
bool picker_work(struct picker *picker, size_t entries);
bool picker_is_done(const struct picker *picker);

/* What is looked for; the cursor is at its end. */
const char *picker_typed(const struct picker *picker);
void picker_type(struct picker *picker, const char *text, size_t len);
void picker_erase(struct picker *picker); /* a character */
void picker_erase_word(struct picker *picker);
void picker_erase_all(struct picker *picker);

enum picker_scope picker_scope(const struct picker *picker);
void picker_next_scope(struct picker *picker); /* around */
bool picker_hides_failed(const struct picker *picker);
void picker_toggle_failed(struct picker *picker);

/* Those that fit, as far as looked; and how many have been looked at. */
size_t picker_count(const struct picker *picker);
size_t picker_looked_at(const struct picker *picker);

/* While none fits, goes on until one fits best or all are looked at: for an
 * Enter that is faster than the search. false: none, or Ctrl-C. */
bool picker_find(struct picker *picker);

/* The chosen one, from 0; it stays the same entry while others come. */
size_t picker_chosen(const struct picker *picker);
void picker_move(struct picker *picker, int64_t by);

/* An entry of the list; its texts are borrowed until the next call. false:
 * it is there no longer. */
bool picker_entry(struct picker *picker, size_t at,
		  struct history_entry *out_entry);
bool picker_chosen_text(struct picker *picker, struct str *out);

/* Deletes the chosen one and all of the same text, of any profile. */
bool picker_delete(struct picker *picker, struct err *err);

/* For picker_mark. */
const struct picker_query *picker_query(const struct picker *picker);

#endif
