#include "base/utf8.h"

#include <utf8proc.h>

size_t utf8_decode(const char *text, size_t len, uint32_t *out_code)
{
	utf8proc_int32_t code;
	utf8proc_ssize_t used;

	if (len > 0 && (unsigned char)text[0] < 0x80) {
		*out_code = (unsigned char)text[0];
		return 1;
	}
	used = utf8proc_iterate((const utf8proc_uint8_t *)text,
				(utf8proc_ssize_t)(len < 4 ? len : 4), &code);
	if (used <= 0) {
		*out_code = UINT32_MAX;
		return 1;
	}
	*out_code = (uint32_t)code;
	return (size_t)used;
}

size_t utf8_encode(uint32_t code, char to[4])
{
	if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
		return 0;
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)code,
					    (utf8proc_uint8_t *)to);
}

size_t utf8_first_bad(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
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

size_t utf8_fit(const char *text, size_t len, int width_cols)
{
	size_t at = 0;
	int width = 0;

	while (at < len) {
		uint32_t code;
		size_t used = utf8_decode(text + at, len - at, &code);

		width += utf8_code_width_cols(code);
		if (width > width_cols)
			break;
		at += used;
	}
	return at;
}
