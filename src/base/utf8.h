/* base/utf8.h - decode, validate and measure UTF-8.
 *
 * Widths come from utf8proc, so they are the same in every locale. psql's own
 * width rules (needed for byte equal tables) are in print/measure.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the character at text (len >= 1 bytes). Returns its length in
 * bytes, 1 to 4; an ill-formed byte gives *out_code UINT32_MAX, length 1. */
size_t utf8_decode(const char *text, size_t len, uint32_t *out_code);

/* Writes 1 to 4 bytes, no NUL; returns how many; 0: not a character. */
size_t utf8_encode(uint32_t code, char to[4]);

bool utf8_valid(const char *text, size_t len);

/* Offset of the first ill-formed byte, len when there is none. */
size_t utf8_first_bad(const char *text, size_t len);

size_t utf8_count(const char *text, size_t len);	/* code points */

/* Columns of one code point: 0, 1 or 2. Controls count 0. */
int utf8_code_width_cols(uint32_t code);

/* Columns of a text: the sum over its code points; bad bytes count 1. */
int utf8_width_cols(const char *text, size_t len);

/* Bytes of what people take for the first character of a text (len >= 1): a
 * letter with its accents, an emoji of several parts (Unicode's extended
 * grapheme clusters, UAX 29). A bad byte is one. */
size_t utf8_cluster(const char *text, size_t len);

/* Longest prefix of at most width_cols columns and of whole clusters, in
 * bytes. */
size_t utf8_fit(const char *text, size_t len, int width_cols);

#endif
