/* shell/prompt.h - PROMPT1, 2 and 3 with psql's escapes. */
#ifndef SHELL_PROMPT_H
#define SHELL_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

struct session;
struct str;

/* Appends the prompt that fits: the first line of a statement or a further
 * one. Colours stand between \001 and \002, as the editor wants. */
void prompt_format(struct session *session, struct str *out);

/* The prompt of a further line of a text: inside as %R has it, line as %l.
 * true: it depends on line. */
bool prompt_further(struct session *session, char inside, size_t line,
		    struct str *out);

#endif
