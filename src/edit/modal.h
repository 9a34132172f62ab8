/* edit/modal.h - something that takes the keys for a while: a list of
 * candidates, the history's picker.
 *
 * While a modal is open its rows stand below the text, as part of the frame,
 * and every key goes to it, decoded; Readline sees none. Ctrl-C, resizes and
 * Ctrl-Z are the editor's: Ctrl-C closes the modal first. All runs on the UI
 * thread inside editor_read.
 */
#ifndef EDIT_MODAL_H
#define EDIT_MODAL_H

#include <stdbool.h>
#include <stddef.h>

struct cells;
struct editor;
struct key;

enum modal_answer {
	MODAL_STAY,
	MODAL_CLOSE, /* the key is used up */
	MODAL_PASS,  /* closed, and the key is the editor's: as if typed */
	MODAL_RUN,   /* closed, and the text is run as if by Enter */
};

struct modal {
	void *context;
	/* May change Readline's line (modal_set_line). */
	enum modal_answer (*key)(void *context, const struct key *key);
	/* Rows for a screen of columns, at most rows of them; for each frame
	 * anew. Not cut by the painter: more than rows are lost. */
	void (*draw)(void *context, int columns, int rows, struct cells *out);
	/* When it is closed for whatever reason; may be NULL. */
	void (*closed)(void *context);
	/* Text (UTF-8) pasted while it is open; may be NULL: it is lost. */
	void (*paste)(void *context, const char *text, size_t len);
	/* What it does while no key waits, as long as busy is set: a piece
	 * of some milliseconds. false: it is done. */
	bool (*work)(void *context);
	bool busy;
	/* The screen's cursor: in the list (row, column of its rows), or
	 * row < 0: in the text. */
	int cursor_row, cursor_column;
	bool hides_text; /* all of the screen for the list, no text above */
};

/* Opens it on the current editor; modal is borrowed until it is closed. */
void modal_open(struct modal *modal);

/* Something changed without a key: draw it again. */
void modal_redraw(void);

/* Puts text in place of the whole line, cursor at its end; one undo. */
void modal_set_line(const char *text);

/* For edit/editor: a key for the modal that is open; no key waits. */
void modal_give(struct editor *editor, const struct key *key);
void modal_work(struct editor *editor);

#endif
