/* shell/typed_text.h - typed text by lines: SQL, commands, data of a COPY.
 *
 * Behind a COPY ... FROM STDIN stand lines of data up to "\.", in a pasted
 * text as in a script. They are neither SQL nor for the history.
 */
#ifndef SHELL_TYPED_TEXT_H
#define SHELL_TYPED_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "sql/split.h"

struct session;
struct str;
struct typed_text;

/* before: a statement's text that the lines go on with. session is borrowed. */
struct typed_text *typed_text_new(struct session *session, const char *before);
void typed_text_free(struct typed_text *typed); /* NULL is fine */
CLEANUP_FREE(struct typed_text, typed_text_free, typed_text_freep)

/* The next line, without its end. false: it is data, or ends them. */
bool typed_text_line(struct typed_text *typed, const char *line, size_t len);

/* Where the last line has left the text: data have begun; it holds a command;
 * nothing but a comment is open. */
bool typed_text_in_data(const struct typed_text *typed);
bool typed_text_has_command(const struct typed_text *typed);
enum split_inside typed_text_inside(const struct typed_text *typed);
bool typed_text_is_comment(const struct typed_text *typed);

/* text without its data, added to out. */
void typed_text_without_data(struct session *session, const char *before,
			     const char *text, struct str *out);

#endif
