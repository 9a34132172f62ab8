/* print/outbuf.h - 64 KiB between a printer and its sink.
 *
 * After a failed write all further output is dropped and failed stays set, so
 * printers look at it once a row, not once a character.
 */
#ifndef PRINT_OUTBUF_H
#define PRINT_OUTBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"

struct sink;

#define OUTBUF_BYTES ((size_t)64 << 10)

struct outbuf {
	struct sink *sink;
	struct err *err;
	bool failed;		/* err says why */
	size_t len;
	char bytes[OUTBUF_BYTES];
};

void outbuf_init(struct outbuf *out, struct sink *sink, struct err *err);
bool outbuf_flush(struct outbuf *out);	/* false: failed, now or before */

/* For texts that do not fit; outbuf_add is the one to call. */
void outbuf_add_long(struct outbuf *out, const char *text, size_t len);
void outbuf_add_spaces(struct outbuf *out, int count);	/* <= 0: none */
void outbuf_add_repeat(struct outbuf *out, const char *text, int count);

static inline void outbuf_add(struct outbuf *out, const char *text, size_t len)
{
	if (len > OUTBUF_BYTES - out->len) {
		outbuf_add_long(out, text, len);
		return;
	}
	memcpy(out->bytes + out->len, text, len);
	out->len += len;
}

/* The first len of 32 bytes: for texts made beforehand, without a call. */
enum { OUTBUF_BLOCK = 32 };

static inline void outbuf_add_block(struct outbuf *out,
				    const char block[OUTBUF_BLOCK], size_t len)
{
	if (OUTBUF_BYTES - out->len < OUTBUF_BLOCK) {
		outbuf_add_long(out, block, len);
		return;
	}
	memcpy(out->bytes + out->len, block, OUTBUF_BLOCK);
	out->len += len;
}

static inline void outbuf_add_char(struct outbuf *out, char c)
{
	if (out->len == OUTBUF_BYTES)
		outbuf_flush(out);
	out->bytes[out->len++] = c;
}

static inline void outbuf_add_text(struct outbuf *out, const char *text)
{
	outbuf_add(out, text, strlen(text));
}

#endif
