/* print/escape.h - bytes of a text that a format writes in another way.
 *
 * Formats look through every cell for such bytes and find none in nearly all,
 * so the search goes 16 bytes at a time where the bytes are few.
 */
#ifndef PRINT_ESCAPE_H
#define PRINT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "print/outbuf.h"

/* Vectors of the compiler: one machine instruction each where it has them. */
typedef char escape_bytes16 __attribute__((vector_size(16)));
typedef uint64_t escape_words16 __attribute__((vector_size(16)));
typedef char escape_bytes8 __attribute__((vector_size(8)));
typedef uint64_t escape_words8 __attribute__((vector_size(8)));

#define ESCAPE_BYTE(c)                                                         \
	{                                                                      \
		c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c                 \
	}

enum { ESCAPE_FEW = 5 };

struct escape {
	/* The bytes with an entry in of, each 16 times, the last one repeated
	 * to the end; all 0 where there are more of them. */
	escape_bytes16 few[ESCAPE_FEW];
	const char *of[256]; /* what a byte becomes; NULL: it stays */
};

static inline bool escape_in_16(const struct escape *escape, const char *at)
{
	escape_bytes16 block;
	escape_bytes16 hits;
	escape_words16 words;

	memcpy(&block, at, sizeof(block));
	hits = (escape_bytes16)(block == escape->few[0]);
	for (int i = 1; i < ESCAPE_FEW; i++)
		hits |= (escape_bytes16)(block == escape->few[i]);
	words = (escape_words16)hits;
	return (words[0] | words[1]) != 0;
}

static inline bool escape_in_8(const struct escape *escape, const char *at)
{
	escape_bytes8 block;
	escape_bytes8 hits;
	escape_bytes8 few;

	memcpy(&block, at, sizeof(block));
	memcpy(&few, &escape->few[0], sizeof(few));
	hits = (escape_bytes8)(block == few);
	for (int i = 1; i < ESCAPE_FEW; i++) {
		memcpy(&few, &escape->few[i], sizeof(few));
		hits |= (escape_bytes8)(block == few);
	}
	return ((escape_words8)hits)[0] != 0;
}

/* Are all of 8 bytes or more clear? Blocks, the last one overlapping. */
static inline bool escape_none(const struct escape *escape, const char *text,
			       size_t len)
{
	size_t at = 0;

	if (len < 16)
		return !escape_in_8(escape, text) &&
		       !escape_in_8(escape, text + len - 8);
	for (; at + 16 <= len; at += 16)
		if (escape_in_16(escape, text + at))
			return false;
	return at == len || !escape_in_16(escape, text + len - 16);
}

/* Bytes before the first that does not stay; len when all do. */
static inline size_t escape_clear(const struct escape *escape, const char *text,
				  size_t len)
{
	size_t at = 0;

	if (len >= 8 && escape->few[0][0] && escape_none(escape, text, len))
		return len;
	while (at < len && !escape->of[(unsigned char)text[at]])
		at++;
	return at;
}

/* Writes the text with its bytes escaped. */
static inline void escape_put(const struct escape *escape, struct outbuf *out,
			      const char *text, size_t len)
{
	for (;;) {
		size_t clear = escape_clear(escape, text, len);

		outbuf_add(out, text, clear);
		if (clear == len)
			return;
		outbuf_add_text(out, escape->of[(unsigned char)text[clear]]);
		text += clear + 1;
		len -= clear + 1;
	}
}

#endif
