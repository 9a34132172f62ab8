/* shell/args.h - a meta-command's line to values, by its row's kinds.
 *
 * psql's argument syntax: words end at a blank or a backslash; '...' with
 * escapes, "..." kept, `command` replaced by its output, :name :'name'
 * :"name" :{?name} by variables. "\\" ends the arguments, any other backslash
 * begins the next command on the line.
 */
#ifndef SHELL_ARGS_H
#define SHELL_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "shell/command.h"

struct str;

/* How arguments reach variables and commands; all may be asked for in any
 * order. With active false nothing is looked up or run (a false \if). */
struct args_world {
	void *context;
	const char *(*variable)(void *context, const char *name);
	/* Appends the output of a shell command, last newline dropped. */
	bool (*backtick)(void *context, const char *line, struct str *out);
	/* A quote is open to the end of the line: psql tells and goes on. */
	void (*complain)(void *context, const char *text);
	/* As that of struct interp; may be NULL. */
	bool (*may_quote)(void *context, const char *value);
	bool e_strings; /* :'name' with a backslash is E'...' */
	bool active;
};

struct args *args_new(void);
void args_free(struct args *args);
CLEANUP_FREE(struct args, args_free, args_freep)

/* Reads the arguments in text, which is what follows the command's name up to
 * the end of the line. *out_used: bytes read, the separator "\\" included. It
 * is set also when the arguments are refused. */
bool args_parse(struct args *args, const struct command *command,
		const char *typed, const char *text,
		const struct args_world *world, size_t *out_used,
		struct err *err);

/* The line ends in an "&" of its own. */
bool args_is_behind(const struct args *args);

/* One of the values is text. */
bool args_has_text(const struct args *args, const char *text);

/* A word for which the row has no place, counted from 0; NULL: no more. */
const char *args_extra(const struct args *args, size_t at);

/* Behind them stands one whose quote is open. */
bool args_extra_is_open(const struct args *args);

#endif
