#include "data/encode.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"

void encode_hex(struct str *out, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;

	str_reserve(out, 2 * len);
	for (size_t i = 0; i < len; i++) {
		str_add_char(out, digits[from[i] >> 4]);
		str_add_char(out, digits[from[i] & 15]);
	}
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool encode_unhex(struct str *out, const char *text, size_t len)
{
	size_t before = out->len;

	if (len % 2 != 0)
		return false;
	for (size_t i = 0; i < len; i += 2) {
		int high = hex_value(text[i]);
		int low = hex_value(text[i + 1]);

		if (high < 0 || low < 0) {
			str_cut(out, before);
			return false;
		}
		str_add_char(out, (char)(high << 4 | low));
	}
	return true;
}

static void add_base64(struct str *out, const void *bytes, size_t len,
		       const char *alphabet, bool pad)
{
	const unsigned char *from = bytes;

	str_reserve(out, (len + 2) / 3 * 4);
	for (size_t i = 0; i < len; i += 3) {
		size_t have = len - i < 3 ? len - i : 3;
		uint32_t group = (uint32_t)from[i] << 16;

		if (have > 1)
			group |= (uint32_t)from[i + 1] << 8;
		if (have > 2)
			group |= from[i + 2];
		for (size_t at = 0; at < 4; at++) {
			if (at <= have)
				str_add_char(out, alphabet[group >> 18 & 63]);
			else if (pad)
				str_add_char(out, '=');
			group <<= 6;
		}
	}
}

#define BASE64_LETTERS                                                         \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

void encode_base64(struct str *out, const void *bytes, size_t len)
{
	add_base64(out, bytes, len, BASE64_LETTERS "+/", true);
}

void encode_base64url(struct str *out, const void *bytes, size_t len)
{
	add_base64(out, bytes, len, BASE64_LETTERS "-_", false);
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool encode_unbase64(struct str *out, const char *text, size_t len)
{
	size_t before = out->len;
	uint32_t group = 0;
	int letters = 0;
	bool ended = false;
	bool good = true;

	for (size_t i = 0; i < len && good; i++) {
		int value = base64_value(text[i]);

		if (is_space(text[i]))
			continue;
		if (text[i] == '=') {
			ended = true;
			continue;
		}
		good = value >= 0 && !ended;
		group = group << 6 | (uint32_t)(value & 63);
		if (++letters == 4) {
			str_add_char(out, (char)(group >> 16));
			str_add_char(out, (char)(group >> 8 & 0xff));
			str_add_char(out, (char)(group & 0xff));
			letters = 0;
			group = 0;
		}
	}
	if (!good || letters == 1) {
		str_cut(out, before);
		return false;
	}
	if (letters >= 2)
		str_add_char(out, (char)(group >> (letters == 3 ? 10 : 4)));
	if (letters == 3)
		str_add_char(out, (char)(group >> 2 & 0xff));
	return true;
}

const char *encode_charset_name(enum encode_charset charset)
{
	switch (charset) {
	case ENCODE_UTF8:
		return "utf8";
	case ENCODE_LATIN1:
		return "latin1";
	case ENCODE_WINDOWS_1252:
		return "windows-1252";
	case ENCODE_UTF16LE:
		return "utf16le";
	case ENCODE_UTF16BE:
		return "utf16be";
	}
	return "";
}

bool encode_find_bom(const void *bytes, size_t len,
		     enum encode_charset *out_charset, size_t *out_bom_len)
{
	static const struct {
		const char *bom;
		size_t len;
		enum encode_charset charset;
	} boms[] = {
		{ "\xEF\xBB\xBF", 3, ENCODE_UTF8 },
		{ "\xFF\xFE", 2, ENCODE_UTF16LE },
		{ "\xFE\xFF", 2, ENCODE_UTF16BE },
	};

	for (size_t i = 0; i < COUNT_OF(boms); i++) {
		if (len < boms[i].len ||
		    memcmp(bytes, boms[i].bom, boms[i].len))
			continue;
		*out_charset = boms[i].charset;
		*out_bom_len = boms[i].len;
		return true;
	}
	return false;
}

static void add_code(struct str *out, uint32_t code)
{
	char buffer[4];

	str_add_slice(out, buffer, utf8_encode(code, buffer));
}

static void add_bad(struct encode_reader *reader, struct str *out)
{
	reader->bad_count++;
	if (reader->replacement)
		str_add_char(out, reader->replacement);
	else
		add_code(out, 0xFFFD);
}

/* 0x80..0x9F of windows-1252 (WHATWG and Unicode's CP1252.TXT); 0: none. */
static const uint16_t windows_1252_high[32] = {
	0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
	0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static void read_single_bytes(struct encode_reader *reader,
			      const unsigned char *from, size_t len,
			      struct str *out)
{
	bool windows = reader->charset == ENCODE_WINDOWS_1252;

	for (size_t i = 0; i < len; i++) {
		uint32_t code = from[i];

		if (windows && code >= 0x80 && code <= 0x9F)
			code = windows_1252_high[code - 0x80];
		if (code == 0 && from[i] != 0)
			add_bad(reader, out);
		else if (code < 0x80)
			str_add_char(out, (char)code);
		else
			add_code(out, code);
	}
}

static uint32_t unit_at(const struct encode_reader *reader,
			const unsigned char *at)
{
	if (reader->charset == ENCODE_UTF16LE)
		return (uint32_t)(at[0] | at[1] << 8);
	return (uint32_t)(at[0] << 8 | at[1]);
}

/* Takes one character; 0: it is cut. */
static size_t read_utf16(struct encode_reader *reader,
			 const unsigned char *from, size_t len, struct str *out)
{
	uint32_t unit;
	uint32_t low;

	if (len < 2)
		return 0;
	unit = unit_at(reader, from);
	if (unit < 0xD800 || unit > 0xDFFF) {
		add_code(out, unit);
		return 2;
	}
	if (unit > 0xDBFF) {
		add_bad(reader, out);
		return 2;
	}
	if (len < 4)
		return 0;
	low = unit_at(reader, from + 2);
	if (low < 0xDC00 || low > 0xDFFF) {
		add_bad(reader, out);
		return 2;
	}
	add_code(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
	return 4;
}

static size_t utf8_wanted(unsigned char first)
{
	if (first >= 0xF0)
		return 4;
	if (first >= 0xE0)
		return 3;
	return first >= 0xC2 ? 2 : 1;
}

/* Could these bytes become a character with more? */
static bool utf8_is_prefix(const unsigned char *from, size_t len)
{
	if (len == 0 || from[0] < 0xC2 || from[0] > 0xF4 ||
	    len >= utf8_wanted(from[0]))
		return false;
	for (size_t i = 1; i < len; i++)
		if ((from[i] & 0xC0) != 0x80)
			return false;
	return true;
}

static size_t read_utf8(struct encode_reader *reader, const unsigned char *from,
			size_t len, struct str *out)
{
	size_t good = utf8_first_bad((const char *)from, len);

	str_add_slice(out, (const char *)from, good);
	if (good == len)
		return len;
	if (utf8_is_prefix(from + good, len - good))
		return good;
	add_bad(reader, out);
	return good + 1;
}

static size_t read_some(struct encode_reader *reader, const unsigned char *from,
			size_t len, struct str *out)
{
	switch (reader->charset) {
	case ENCODE_UTF8:
		return read_utf8(reader, from, len, out);
	case ENCODE_LATIN1:
	case ENCODE_WINDOWS_1252:
		read_single_bytes(reader, from, len, out);
		return len;
	case ENCODE_UTF16LE:
	case ENCODE_UTF16BE:
		return read_utf16(reader, from, len, out);
	}
	return len;
}

/* Completes the character that waits with the bytes that follow it. Returns
 * how many of them were used. */
static size_t read_rest(struct encode_reader *reader, const unsigned char *from,
			size_t len, struct str *out)
{
	size_t used = 0;

	while (reader->rest_len > 0 && used < len) {
		size_t taken;

		reader->rest[reader->rest_len++] = from[used++];
		do {
			taken = read_some(reader, reader->rest,
					  reader->rest_len, out);
			reader->rest_len -= taken;
			memmove(reader->rest, reader->rest + taken,
				reader->rest_len);
		} while (taken > 0 && reader->rest_len > 0);
	}
	return used;
}

void encode_read(struct encode_reader *reader, const void *bytes, size_t len,
		 struct str *out)
{
	const unsigned char *from = bytes;
	size_t at = read_rest(reader, from, len, out);

	while (at < len) {
		size_t taken = read_some(reader, from + at, len - at, out);

		at += taken;
		if (taken > 0)
			continue;
		reader->rest_len = len - at;
		memcpy(reader->rest, from + at, reader->rest_len);
		break;
	}
}

void encode_read_end(struct encode_reader *reader, struct str *out)
{
	if (reader->rest_len > 0)
		add_bad(reader, out);
	reader->rest_len = 0;
}
