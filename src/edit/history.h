/* edit/history.h - statements remembered, in Readline's list and in a file.
 *
 * One entry is a whole statement or meta-command with all its lines. In the
 * file (0600) an entry is one line, its newlines written as byte 1, which is
 * psql's own way. Secrets are masked before an entry is kept anywhere. Each
 * entry is appended at once, so two shells add to one file and a crash loses
 * nothing.
 */
#ifndef EDIT_HISTORY_H
#define EDIT_HISTORY_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

struct history;
struct str;

/* Loads the newest size entries (<0: all) of path; NULL: no file. A file
 * that cannot be read is reported in err and history goes on without. */
struct history *history_open(const char *path, int size, struct err *err);
void history_close(struct history *history); /* NULL is fine */
CLEANUP_FREE(struct history, history_close, history_closep)

/* HISTCONTROL: ignorespace, ignoredups, ignoreboth; all else: none. */
void history_set_control(struct history *history, const char *value);
void history_set_size(struct history *history, int size);

void history_remember(struct history *history, const char *text);

/* The entry as kept: without line ends at its end, secrets masked. false:
 * nothing worth keeping. */
bool history_clean(const char *text, struct str *out);

/* All entries, oldest first, one a line; newlines as byte 1 when coded. */
void history_print(bool coded, struct str *out);

#endif
