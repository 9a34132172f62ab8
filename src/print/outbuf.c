#include "print/outbuf.h"

#include "base/sink.h"

void outbuf_init(struct outbuf *out, struct sink *sink, struct err *err)
{
	out->sink = sink;
	out->err = err;
	out->failed = false;
	out->len = 0;
}

bool outbuf_flush(struct outbuf *out)
{
	if (!out->failed && out->len > 0 &&
	    !sink_write(out->sink, out->bytes, out->len, out->err))
		out->failed = true;
	out->len = 0;
	return !out->failed;
}

void outbuf_add_long(struct outbuf *out, const char *text, size_t len)
{
	if (!outbuf_flush(out))
		return;
	if (len < OUTBUF_BYTES) {
		memcpy(out->bytes, text, len);
		out->len = len;
	} else if (!sink_write(out->sink, text, len, out->err)) {
		out->failed = true;
	}
}

static void add_same(struct outbuf *out, char c, int count)
{
	while (count > 0) {
		size_t part = OUTBUF_BYTES - out->len;

		if (part > (size_t)count)
			part = (size_t)count;
		memset(out->bytes + out->len, c, part);
		out->len += part;
		count -= (int)part;
		if (count > 0)
			outbuf_flush(out);
	}
}

void outbuf_add_spaces(struct outbuf *out, int count)
{
	add_same(out, ' ', count);
}

void outbuf_add_repeat(struct outbuf *out, const char *text, int count)
{
	size_t len = strlen(text);

	if (len == 1) {
		add_same(out, text[0], count);
		return;
	}
	for (int i = 0; i < count; i++)
		outbuf_add(out, text, len);
}
