/* edit/editor_state.h - the fields of the editor; for the files of edit/ that
 * Readline calls. */
#ifndef EDIT_EDITOR_STATE_H
#define EDIT_EDITOR_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"
#include "base/vec.h"
#include "complete/complete.h"
#include "edit/cells.h"
#include "edit/editor.h"
#include "edit/guard.h"
#include "edit/highlight.h"
#include "edit/hint.h"
#include "edit/keys.h"

struct draft;
struct modal;
struct paint;
struct picker_view;
struct popup;

struct watch {
	int fd;
	void (*ready)(void *context);
	void *context;
};

/* A Tab whose answer was under way: the line it belongs to. */
struct pending_tab {
	bool on;
	int64_t end_us;
	int point;
	struct str line;
};

struct screen_look {             /* what is drawn and how */
	enum editor_theme theme; /* as set */
	enum theme_ground found; /* THEME_NONE: not yet */
	bool colours;            /* the terminal may be sent some */
	bool rich;               /* 256 of them */
	bool reflows;            /* the terminal wraps old rows anew */
	bool asked;              /* about its ground */
};

struct editor {
	struct editor_options options;
	bool dumb; /* the terminal: no escape byte may be written */
	/* Our painter and whole statements; else Readline's own display, a
	 * line at a time. */
	bool styled;
	bool escapes; /* see editor_set_escapes */
	struct screen_look look;
	struct {
		VEC(struct watch);
	} watches;
	struct pending_tab tab;
	struct keys keys;
	struct guard_calls guard_calls;
	FILE *guard;

	struct str preload; /* of the next editor_read */

	/* One editor_read. */
	const char *before;
	struct str *line;
	bool done;
	enum editor_event event;

	/* What is on the screen; see edit/view. */
	struct paint *paint;
	struct draft *draft;
	struct cells list; /* rows of the modal */
	struct hint hint;
	struct modal *modal;
	struct popup *popup;
	struct picker_view *picker; /* of Ctrl-R */
	struct str recalled;        /* what Up or Down put in the line */
	size_t top;    /* the first row of the text that is shown */
	bool finished; /* the text stands on the screen as it stays */
	bool dirty;    /* to be drawn before the next wait */
	bool muted; /* Readline calls the painter when nothing is to be drawn */
	int64_t drawn_us; /* when it was last */
	size_t goal;      /* column that up and down aim at */
};

/* Readline's callbacks have no argument. */
struct editor *editor_current(void);

/* Closes the modal that is open. */
void editor_close_modal(struct editor *editor);

/* The rest of the terminal's answer to OSC 11, ESC ] having been read. */
void editor_take_answer(struct editor *editor);

/* The terminal in its ordinary mode, below the frame, for another program;
 * and back. */
void editor_step_aside(struct editor *editor);
void editor_step_back(struct editor *editor);

#endif
