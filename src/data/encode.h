/* data/encode.h - bytes as text: hex, base64; other character sets as UTF-8.
 *
 * All functions append to a struct str.
 */
#ifndef DATA_ENCODE_H
#define DATA_ENCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct str;

void encode_hex(struct str *out, const void *bytes, size_t len);

/* Upper or lower case, even length; false (out as before): not hex. */
bool encode_unhex(struct str *out, const char *text, size_t len);

void encode_base64(struct str *out, const void *bytes, size_t len);

/* With "-" and "_" instead of "+" and "/", without padding. */
void encode_base64url(struct str *out, const void *bytes, size_t len);

/* Takes both alphabets, with or without padding; blanks and line ends are
 * skipped. false (out as before): not base64. */
bool encode_unbase64(struct str *out, const char *text, size_t len);

enum encode_charset {
	ENCODE_UTF8,
	ENCODE_LATIN1,		/* ISO 8859-1 */
	ENCODE_WINDOWS_1252,	/* undefined bytes become U+FFFD */
	ENCODE_UTF16LE,
	ENCODE_UTF16BE,
};

/* "utf8", "latin1", "windows-1252", "utf16le", "utf16be". */
const char *encode_charset_name(enum encode_charset charset);

/* By the byte order mark: true and its length when there is one. */
bool encode_find_bom(const void *bytes, size_t len,
		     enum encode_charset *out_charset, size_t *out_bom_len);

/* One charset to UTF-8, in pieces. A character cut by the end of a piece
 * waits in rest for the next one. ENCODE_UTF8 copies after checking.
 * Start with the charset and zeros: struct encode_reader r = { ENCODE_... };*/
struct encode_reader {
	enum encode_charset charset;
	unsigned char rest[4];
	size_t rest_len;
	size_t bad_count;	/* ill-formed places seen so far */
	char replacement;	/* put for each bad byte or unit; 0: U+FFFD */
};

void encode_read(struct encode_reader *reader, const void *bytes, size_t len,
		 struct str *out);

/* After the last piece: a waiting rest is one more bad place. */
void encode_read_end(struct encode_reader *reader, struct str *out);

#endif
