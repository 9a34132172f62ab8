/* shell/word.h - one word of a meta-command's line, by psql's syntax.
 *
 * Quotes, escapes, backticks and variables of the kinds that shell/args
 * tells apart. A reader goes along the text; every function leaves it behind
 * what it has read and appends the value to out. false: a quote is open to
 * the end, which is then where the reader stands.
 */
#ifndef SHELL_WORD_H
#define SHELL_WORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct args_world;
struct str;

struct word_reader {
	const struct args_world *world;
	const char *text;
	size_t at;
	struct err *err;
};

bool word_is_blank(char c);
void word_skip_blanks(struct word_reader *reader);

/* At the end of the text or at a backslash. */
bool word_at_end(const struct word_reader *reader);

/* keep: double quotes stay in the value. trim: an unquoted semicolon at its
 * end does not belong to it. */
bool word_read(struct word_reader *reader, bool keep, bool trim,
	       struct str *out);

/* To the next blank, or quoted. Verbatim but for a variable that is the whole,
 * the folder before a slash or, behind "s3://", the bucket. */
bool word_read_uri(struct word_reader *reader, struct str *out);

/* All that is left, as it is. */
bool word_read_rest(struct word_reader *reader, struct str *out);

/* All that is left as SQL: variables outside of quotes are replaced, and a
 * word that begins with s3:// is read as by word_read_uri. */
bool word_read_sql(struct word_reader *reader, struct str *out);

/* :name and nothing behind it; :dir/file is a word as psql reads it. */
bool word_is_reference(const char *here);

#endif
