/* sql/split.h - cut typed text and scripts into statements.
 *
 * A statement ends at a semicolon outside of quotes, comments, parentheses
 * and BEGIN..END of a function's body; a backslash outside of quotes begins
 * a meta-command. Both as psql's scanner decides. Variables are replaced
 * while scanning, so a value may hold quotes, semicolons, even commands.
 * Pure: no I/O, no globals, linear in the bytes fed.
 *
 *	split_feed(split, line, len);
 *	while ((event = split_next(split)) != SPLIT_MORE)
 *		if (event == SPLIT_STATEMENT) send split_text(split), then
 *			split_reset(split);
 *		else	the rest of the line is split_rest(split): name and
 *			arguments of a command; after parsing them
 *			split_skip(split, bytes used)
 *	prompt shows split_prompt(split)
 */
#ifndef SQL_SPLIT_H
#define SQL_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

struct interp;
struct str;
struct split; /* opaque */

enum split_event {
	SPLIT_MORE,      /* the fed text is used up */
	SPLIT_STATEMENT, /* split_text is complete */
	SPLIT_COMMAND,   /* split_rest begins after a backslash */
};

enum split_inside {                /* why a statement is not complete: */
		    SPLIT_NOTHING, /* no text at all */
		    SPLIT_IN_STATEMENT,
		    SPLIT_IN_LITERAL,
		    SPLIT_IN_NAME,
		    SPLIT_IN_DOLLAR,
		    SPLIT_IN_COMMENT,
		    SPLIT_IN_PAREN,
};

struct split_options {
	bool escapes;              /* backslash escapes in '...' */
	const struct interp *vars; /* borrowed; NULL: no variables */
	/* Told when a variable's value names itself; may be NULL. */
	void (*recursion)(void *context, const char *name);
	void *context;
};

struct split *split_new(const struct split_options *options);
void split_free(struct split *split); /* NULL is fine */
CLEANUP_FREE(struct split, split_free, split_freep)

/* For a reconnect, or \set. */
void split_set_escapes(struct split *split, bool escapes);

/* The next line, without or with its line end; bytes are copied. A newline
 * is put between lines in the statement. To be called when split_next
 * said SPLIT_MORE. */
void split_feed(struct split *split, const char *text, size_t len);

/* As split_feed; takes the line's memory and gives that of the line before
 * in its place. Several lines in one go are fed as they would be one by one
 * when none is empty and none but the last holds ; \\ or : (SPLIT_EVENTS). */
void split_feed_take(struct split *split, struct str *line);

/* Bytes without which a line ends no statement, begins no command, and names
 * no variable. */
#define SPLIT_EVENTS ";\\:"

enum split_event split_next(struct split *split);

/* The statement so far (psql's query buffer), ended by its semicolon after
 * SPLIT_STATEMENT; leading blanks and -- comments are left out, comments
 * inside stay. Borrowed until the next call on this split. */
const char *split_text(const struct split *split);
size_t split_text_len(const struct split *split);

/* How many COPY ... FROM STDIN are in the statement (\\; puts several into
 * one): as many times psql expects lines of data behind it in a script. */
size_t split_copies(const struct split *split);

/* Empties the statement and forgets open quotes; the fed rest stays. */
void split_reset(struct split *split);

/* Hands the statement to out, without copying it, then as split_reset. */
void split_take(struct split *split, struct str *out);

/* Forgets everything, the fed rest too (Ctrl-C, an error with
 * ON_ERROR_STOP). */
void split_clear(struct split *split);

/* Puts other text in place of the statement (\e, \r after \p ...); it counts
 * as already scanned. To run what an editor wrote, feed it instead. */
void split_set_text(struct split *split, const char *text, size_t len);

/* How far the statement has come, and back to there: \if leaves a skipped
 * branch out. What it opened in quotes or comments has ended by then. */
struct split_mark {
	size_t len;
	int paren_depth;
};

struct split_mark split_mark(const struct split *split);
void split_cut(struct split *split, const struct split_mark *mark);

/* After SPLIT_COMMAND: what follows the backslash. Borrowed until the next
 * call. */
const char *split_rest(const struct split *split);
size_t split_rest_len(const struct split *split);
void split_skip(struct split *split, size_t bytes);

enum split_inside split_inside(const struct split *split);

/* The character of %R: = - ' " $ * ( */
char split_prompt(const struct split *split);

#endif
