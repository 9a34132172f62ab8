/* complete/typed.h - words of a meta-command's line and literals of SQL: what
 * half-typed ones mean, and how names are written so that nothing in them can
 * act. Pure.
 */
#ifndef COMPLETE_TYPED_H
#define COMPLETE_TYPED_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* One argument as shell/args reads it. */
struct typed {
	size_t start; /* offset of its first byte, the quote if any */
	size_t end;   /* offset after it */
	char quote;   /* it begins with this quote, or 0 */
};

/* The next argument of text[at..end); one that touches end is being typed
 * (its quote may be open). false: only blanks up to end, out->start == end. */
bool typed_next(const char *text, size_t at, size_t end, struct typed *out);

/* Appends what text means inside quote ('\'': '' and backslash escapes, '"':
 * "" only, 0: verbatim), without the quotes; a closing one is dropped. */
void typed_decode(const char *text, size_t len, char quote, struct str *out);

/* True when value may stand bare as an argument: letters, digits and a few
 * marks that no reader of the line treats as special. */
bool typed_is_plain(const char *value);

/* 'value' with '' and escapes for backslashes and control characters. open:
 * without the closing quote, since more is to be typed. Fits arguments of
 * meta-commands and literals of SQL alike. */
void typed_add_quoted(const char *value, bool open, struct str *out);

#endif
