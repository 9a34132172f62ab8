/* shell/input.h - where lines come from: a file, standard input, a person. */
#ifndef SHELL_INPUT_H
#define SHELL_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct input;
struct str;

/* path NULL or "-": standard input, named "<stdin>" in messages. A relative
 * path is taken from the folder of beside's file when that is not NULL. */
struct input *input_open(const char *path, const struct input *beside,
			 struct err *err);

/* Standard input without a name: messages carry no place. */
struct input *input_stdin(void);
void input_close(struct input *input); /* NULL is fine */
CLEANUP_FREE(struct input, input_close, input_closep)

/* Next line without its line end. false: no more. */
bool input_read(struct input *input, struct str *out_line);

/* Lines that come before all others: the last line of text needs no end. They
 * are what stands behind a line that was typed, in the same text. */
void input_put_ahead(struct input *input, const char *text, size_t len);
bool input_has_ahead(const struct input *input);
void input_drop_ahead(struct input *input);

/* errno of the read that failed; 0: the end was the end. */
int input_error(const struct input *input);

/* As input_read, but goes on over lines that are not empty and hold none of
 * the bytes in events; line feeds stand between them. */
bool input_read_on(struct input *input, const char *events,
		   struct str *out_lines);

/* For messages; NULL: none. */
const char *input_name(const struct input *input);
size_t input_line(const struct input *input); /* read so far */
void input_count_line(struct input *input);   /* read by somebody else */
bool input_is_stdin(const struct input *input);

#endif
