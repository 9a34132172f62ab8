/* shell/prompt.h - PROMPT1, 2 and 3 with psql's escapes. */
#ifndef SHELL_PROMPT_H
#define SHELL_PROMPT_H

struct session;
struct str;

/* Appends the prompt that fits: the first line of a statement or a further
 * one. Colours stand between \001 and \002, as the editor wants. */
void prompt_format(struct session *session, struct str *out);

#endif
