/* base/str.h - growable text.
 *
 * .text is never NULL and always ends in NUL; .len is the truth (the text may
 * hold NUL bytes). A struct str is a value: start it with STR_EMPTY, end it
 * with str_done (CLEANUP(str_done)). Do not copy it by assignment.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct str {
	char *text;
	size_t len;
	size_t cap;	/* bytes allocated; 0: text is a static "" */
};

extern const char str_nothing[1];	/* the "" of an empty str */

#define STR_EMPTY                                                              \
	{                                                                      \
		.text = (char *)str_nothing, .len = 0, .cap = 0                \
	}

void str_done(struct str *str);
void str_clear(struct str *str);	/* len 0, keeps the memory */

/* Text after this call may be up to extra bytes longer without moving. */
void str_reserve(struct str *str, size_t extra);

void str_add(struct str *str, const char *text);
void str_add_slice(struct str *str, const char *text, size_t len);
void str_add_char(struct str *str, char c);
void str_add_number(struct str *str, int64_t number);
void str_add_repeat(struct str *str, char c, size_t count);
void str_addf(struct str *str, const char *fmt, ...) PRINTF_LIKE(2, 3);
void str_addv(struct str *str, const char *fmt, va_list args);

/* Replaces the content. */
void str_set(struct str *str, const char *text);
void str_set_slice(struct str *str, const char *text, size_t len);

/* Cuts to len bytes; len must not be greater than str->len. */
void str_cut(struct str *str, size_t len);

/* Removes blanks, tabs and line ends at the end. */
void str_trim_end(struct str *str);

/* Hands the memory to the caller (free with mem_free); str is empty then. */
char *str_take(struct str *str);

/* ASCII-only comparisons of slices and texts. */
bool str_equal_nocase(const char *a, const char *b);
bool str_slice_equal(const char *slice, size_t len, const char *text);
bool str_slice_equal_nocase(const char *slice, size_t len, const char *text);
bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);

#endif
