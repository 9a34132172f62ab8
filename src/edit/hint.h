/* edit/hint.h - the grey suggestion behind what is typed.
 *
 * The newest statement of the history that begins with the text, as
 * history_suggest has it, else the rest of the nearest candidate. Never one
 * that destroys.
 */
#ifndef EDIT_HINT_H
#define EDIT_HINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct editor;

struct hint {
	struct str typed; /* the text it was looked for with */
	struct str rest;  /* what would follow; "": nothing */
	bool whole;       /* candidates have been asked as well */
};

#define HINT_EMPTY                                                             \
	{                                                                      \
		.typed = STR_EMPTY, .rest = STR_EMPTY                          \
	}

void hint_done(struct hint *hint);
void hint_forget(struct hint *hint);

/* For the text as it is; cheap enough for every frame. */
void hint_update(struct editor *editor);

/* Asks the candidates, when nothing was found and nothing is being typed.
 * true: there is something new to draw. */
bool hint_ask_candidates(struct editor *editor);

/* Bytes of rest up to the end of its first word; all: the whole. */
size_t hint_take(const struct hint *hint, bool all);

#endif
