/* sql/tidy.h - lay SQL out anew: \format.
 *
 * Only blanks and line ends between tokens change; words keep their case,
 * comments their place. The outcome is read again and compared: where any
 * token differs, the text stays as it was. Pure.
 */
#ifndef SQL_TIDY_H
#define SQL_TIDY_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* Appends the text laid out; as it is when it holds a meta-command or a quote
 * that is never closed. escapes: as LEXER_ESCAPES. */
void tidy_sql(const char *text, size_t len, bool escapes, struct str *out);

/* Whether two texts are the same tokens in the same order, comments too, and
 * literals that a line end joins are still joined. */
bool tidy_is_same(const char *a, size_t a_len, const char *b, size_t b_len,
		  bool escapes);

#endif
