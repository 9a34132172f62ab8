#include "base/utf8.h"

#include <string.h>

#include <utf8proc.h>

#include "base/lazy.h"

/* Widths are asked of it, and what belongs together. */
#define FUNCTIONS(ROW)                                                         \
	ROW(int, utf8proc_charwidth, (utf8proc_int32_t code), (code))          \
	ROW(utf8proc_bool, utf8proc_grapheme_break_stateful,                   \
	    (utf8proc_int32_t one, utf8proc_int32_t two,                       \
	     utf8proc_int32_t * state),                                        \
	    (one, two, state))

#define LAZY_LIBRARY utf8proc
LAZY_DEFINE(FUNCTIONS, UTF8PROC_SONAME, "libutf8proc2",
	    "columns of characters beyond ASCII need it")

/* RFC 3629: what the first byte says of length, least code and its own bits.
 * A code below the least is overlong. */
static const struct {
	unsigned char mask, mark, bits;
	uint32_t least;
} leads[] = {
	{ 0xe0, 0xc0, 0x1f, 0x80 },	/* 2 bytes */
	{ 0xf0, 0xe0, 0x0f, 0x800 },	/* 3 */
	{ 0xf8, 0xf0, 0x07, 0x10000 },	/* 4 */
};

static bool is_character(uint32_t code)
{
	return code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

size_t utf8_decode(const char *text, size_t len, uint32_t *out_code)
{
	unsigned char first = (unsigned char)text[0];
	uint32_t code;

	*out_code = first;
	if (first < 0x80)
		return 1;
	*out_code = UINT32_MAX;
	for (size_t i = 0; i < sizeof(leads) / sizeof(*leads); i++) {
		if ((first & leads[i].mask) != leads[i].mark)
			continue;
		if (len < i + 2)
			return 1;
		code = first & leads[i].bits;
		for (size_t at = 1; at < i + 2; at++) {
			if ((text[at] & 0xc0) != 0x80)
				return 1;
			code = code << 6 | (text[at] & 0x3f);
		}
		if (code < leads[i].least || !is_character(code))
			return 1;
		*out_code = code;
		return i + 2;
	}
	return 1;
}

size_t utf8_encode(uint32_t code, char to[4])
{
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	if (!is_character(code))
		return 0;
	for (size_t at = len; at-- > 1; code >>= 6)
		to[at] = (char)(0x80 | (code & 0x3f));
	to[0] = (char)(len == 1 ? code : leads[len - 2].mark | code);
	return len;
}

/* Behind bytes that are all ASCII, eight at a time. */
static size_t pass_ascii(const char *text, size_t at, size_t len)
{
	uint64_t bytes;

	for (; len - at >= sizeof(bytes); at += sizeof(bytes)) {
		memcpy(&bytes, text + at, sizeof(bytes));
		if ((bytes & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	return at;
}

size_t utf8_first_bad(const char *text, size_t len)
{
	size_t at = 0;

	while ((at = pass_ascii(text, at, len)) < len) {
		uint32_t code;
		size_t used = utf8_decode(text + at, len - at, &code);

		if (code == UINT32_MAX)
			return at;
		at += used;
	}
	return len;
}

bool utf8_valid(const char *text, size_t len)
{
	return utf8_first_bad(text, len) == len;
}

size_t utf8_count(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t at = 0; at < len; count++) {
		uint32_t code;

		at += utf8_decode(text + at, len - at, &code);
	}
	return count;
}

int utf8_code_width_cols(uint32_t code)
{
	if (code >= 0x20 && code < 0x7f)
		return 1;
	if (code == UINT32_MAX)
		return 1;
	return utf8proc_charwidth((utf8proc_int32_t)code);
}

int utf8_width_cols(const char *text, size_t len)
{
	int width = 0;

	for (size_t at = 0; at < len;) {
		uint32_t code;

		at += utf8_decode(text + at, len - at, &code);
		width += utf8_code_width_cols(code);
	}
	return width;
}

size_t utf8_cluster(const char *text, size_t len)
{
	utf8proc_int32_t state = 0;
	uint32_t code, next;
	size_t at = utf8_decode(text, len, &code);

	/* Of ASCII only CR and LF belong together. */
	while (at < len && code != UINT32_MAX &&
	       (code >= 0x80 || (unsigned char)text[at] >= 0x80)) {
		size_t used = utf8_decode(text + at, len - at, &next);

		if (next == UINT32_MAX ||
		    utf8proc_grapheme_break_stateful((utf8proc_int32_t)code,
						     (utf8proc_int32_t)next,
						     &state))
			break;
		at += used;
		code = next;
	}
	return at;
}

size_t utf8_fit(const char *text, size_t len, int width_cols)
{
	size_t at = 0;
	int width = 0;

	while (at < len) {
		size_t used = utf8_cluster(text + at, len - at);

		width += utf8_width_cols(text + at, used);
		if (width > width_cols)
			break;
		at += used;
	}
	return at;
}
