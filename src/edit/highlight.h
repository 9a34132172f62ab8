/* edit/highlight.h - what each byte of a line of SQL is.
 *
 * Pure. A text is read line by line; what the next line needs to know is the
 * state: an open quote or comment, open parentheses, whether a statement has
 * begun and by which kind of word.
 */
#ifndef EDIT_HIGHLIGHT_H
#define EDIT_HIGHLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "sql/lexer.h"

enum highlight_head {             /* how the statement begins */
		      HEAD_NONE,  /* it has not begun */
		      HEAD_QUERY, /* names are more likely than keywords */
		      HEAD_OTHER, /* COPY, CREATE ... */
};

struct highlight_state { /* {0}: at the start */
	struct lexer_state lexer;
	int depth; /* of parentheses */
	enum highlight_head head;
	char last; /* . ( , as the last token, else 'x' or 0 */
};

struct highlight_line {
	unsigned char *styles; /* [len], filled; NULL: not wanted */
	size_t open_at; /* of the quote that is open at the end of the line and
			 * began in it; SIZE_MAX: none */
	size_t open_len;
	bool command; /* the line holds a meta-command */
};

/* Reads a line without its line end and moves state to the line behind it. */
void highlight_read(struct highlight_state *state, const char *text, size_t len,
		    bool escapes, struct highlight_line *line);

bool highlight_same(const struct highlight_state *a,
		    const struct highlight_state *b);

/* The character of %R for a line that begins in this state. */
char highlight_inside(const struct highlight_state *state);

/* Calls found for each bracket of the line that is one, in order. */
void highlight_brackets(const struct highlight_state *state, const char *text,
			size_t len, bool escapes,
			void (*found)(void *context, size_t at, char bracket),
			void *context);

#endif
