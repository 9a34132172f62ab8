/* shell/say.h - messages to the person: the only writer of stderr.
 *
 * As psql writes them: "PROGRAM:FILE:LINE: error: text" while a file is read,
 * the bare text when terse (typed input, -c, a script on standard input).
 */
#ifndef SHELL_SAY_H
#define SHELL_SAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct str;

struct say {
	const char *program;
	bool terse;
	const char *file; /* being read, NULL: none */
	size_t line;      /* in file, 0: none */
	bool hints;       /* show err's hints (not as "psql") */
	/* A terminal reads: no message gives it orders, long lines are broken
	 * between words. */
	bool shields;
	/* Runs before anything is written: flushes what stdout still holds,
	 * takes a progress line away. */
	void (*before)(void *context);
	void *context;
	struct say_colours { /* as "01;31", owned; NULL: none */
		char *error, *warning, *note, *locus;
	} colours;
};

/* Appends text as say may show it: server's and file's words in messages. */
void say_add_shown(const struct say *say, const char *text, struct str *out);

/* PG_COLOR and PG_COLORS, as all PostgreSQL programs read them. */
void say_read_colours(struct say *say);
void say_forget_colours(struct say *say);

void say_error(struct say *say, const char *fmt, ...) PRINTF_LIKE(2, 3);
void say_warning(struct say *say, const char *fmt, ...) PRINTF_LIKE(2, 3);
void say_info(struct say *say, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The second line of an error; psql's own, shown always. */
void say_hint(struct say *say, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Shows err; nothing when its message is empty (shown before). */
void say_err(struct say *say, const struct err *err);

/* Text without a prefix, its lines folded for a terminal as those above. */
void say_text(struct say *say, const char *text);

/* Text as it is, without a prefix or a newline. */
void say_raw(struct say *say, const char *text);

#endif
