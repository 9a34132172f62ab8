/* edit/editor.h - lines from a terminal, by Readline's callback interface.
 *
 * One editor per process, on the UI thread. While it waits for keys it polls
 * {terminal, Ctrl-C pipe, watched descriptors}, so mailboxes are emptied
 * at the prompt. It runs nothing: the main loop decides what a complete
 * statement is, and what goes into the history.
 *
 * It draws in one of two ways. Styled: whole statements with all their lines
 * and colours, drawn by edit/view. Plain: as Readline does, a line at a time.
 * TERM=dumb: plain, no escape byte is written, Tab inserts nothing.
 * Not for input that is no terminal; the main loop reads files itself.
 */
#ifndef EDIT_EDITOR_H
#define EDIT_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "edit/theme.h"

struct editor;
struct history;
struct str;
struct complete_list;

enum editor_theme {
	EDITOR_THEME_AUTO, /* as the terminal says it is */
	EDITOR_THEME_DARK,
	EDITOR_THEME_LIGHT,
	EDITOR_THEME_NONE, /* no colour */
};

struct editor_options {
	struct history *history; /* for Up, Ctrl-R, suggestions; borrowed */
	bool colours;            /* the terminal may be sent some */
	/* Fills list for text with the cursor at byte cursor; NULL: no Tab.
	 * Runs on the UI thread in editor_read. */
	void (*complete)(void *context, const char *text, size_t cursor,
			 struct complete_list *list);
	/* Whether Enter runs text or begins a new line; NULL: it runs.
	 * before: as of editor_read. */
	bool (*is_complete)(void *context, const char *before,
			    const char *text);
	/* The prompt of a further line, see draft.h. */
	bool (*further)(void *context, char inside, size_t line,
			struct str *out);
	/* Text through the person's own editor program; the terminal is in
	 * its ordinary mode. false: it was left as it was. NULL: none. */
	bool (*edit)(void *context, struct str *text);
	/* Stops the process as Ctrl-Z does; returns when it goes on. */
	void (*suspend)(void);
	void *context;
};

enum editor_event {
	EDITOR_LINE,        /* out_line holds what was typed */
	EDITOR_END,         /* Ctrl-D on an empty line, or terminal gone */
	EDITOR_INTERRUPTED, /* Ctrl-C: the line was thrown away; the
				 * cancel token has been cleared */
	EDITOR_SIGNAL,      /* SIGTERM or SIGHUP was posted: leave */
};

/* Takes the terminal at stdin and stdout. Reads inputrc ($if redsh). */
struct editor *editor_open(const struct editor_options *options,
			   struct err *err);
void editor_close(struct editor *editor); /* NULL is fine */
CLEANUP_FREE(struct editor, editor_close, editor_closep)

/* Styled or plain, from the next editor_read on. Plain where the terminal is
 * dumb, whatever is asked for. */
void editor_set_styled(struct editor *editor, bool styled);
void editor_set_theme(struct editor *editor, enum editor_theme theme);

/* What the terminal's ground is, as far as it has told; dark if not. */
enum theme_ground editor_ground(const struct editor *editor);

/* Whether backslash escapes in '...' at this server. */
void editor_set_escapes(struct editor *editor, bool escapes);

/* Waits for one line, or one whole text when styled. prompt may hold colour escapes between \001 and \002.
 * before: the earlier lines of the unfinished statement, "" when none; it is not
 * shown. The line comes without its last newline; it may hold
 * newlines (pasted text, a statement taken from the history). */
enum editor_event editor_read(struct editor *editor, const char *prompt,
			      const char *before, struct str *out_line);

/* The next editor_read begins with this text, as if it had been typed. */
void editor_preload(struct editor *editor, const char *text);

/* ready(context) runs on the UI thread when fd is readable while the editor
 * waits for keys (a mailbox_fd). A Tab that was waiting for it is tried
 * again. ready NULL: watch no longer. */
void editor_watch(struct editor *editor, int fd, void (*ready)(void *context),
		  void *context);

/* Runs print(context), which writes whole lines to the terminal, above the text
 * that is being typed. From a watch's ready only. */
void editor_print_above(struct editor *editor, void (*print)(void *context),
			void *context);

/* Asks one question outside the history; echo false for passwords. false:
 * Ctrl-C or Ctrl-D. */
bool editor_ask(struct editor *editor, const char *question, bool echo,
		struct str *out_answer);

#endif
