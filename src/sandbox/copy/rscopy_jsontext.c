#include "sandbox/copy/rscopy_jsontext.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"

enum { DEPTH_MAX = 500 };

struct scan {
	const char *at;
	const char *end;
	enum rscopy_jsontext_fault fault;
	int depth;
};

static bool bad(struct scan *scan)
{
	if (scan->fault == RSCOPY_JSONTEXT_GOOD)
		scan->fault = RSCOPY_JSONTEXT_BAD;
	return false;
}

static void skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t' ||
					*scan->at == '\n' || *scan->at == '\r'))
		scan->at++;
}

static bool skip_char(struct scan *scan, char c)
{
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

/* --- scalars --- */

static bool skip_escape(struct scan *scan)
{
	scan->at++;
	if (scan->at == scan->end)
		return bad(scan);
	if (*scan->at != 'u')
		return memchr("\"\\/bfnrt", *scan->at++, 8) != NULL ||
		       bad(scan);
	scan->at++;
	for (int i = 0; i < 4; i++, scan->at++) {
		if (scan->at == scan->end)
			return bad(scan);
		if (!isxdigit((unsigned char)*scan->at)) {
			scan->fault = RSCOPY_JSONTEXT_BAD_HEX;
			return false;
		}
	}
	return true;
}

static bool skip_string(struct scan *scan)
{
	scan->at++;
	while (scan->at < scan->end && *scan->at != '"') {
		if ((unsigned char)*scan->at < 0x20)
			return bad(scan);
		if (*scan->at != '\\')
			scan->at++;
		else if (!skip_escape(scan))
			return false;
	}
	return skip_char(scan, '"') || bad(scan);
}

static bool skip_digits(struct scan *scan)
{
	const char *start = scan->at;

	while (scan->at < scan->end && isdigit((unsigned char)*scan->at))
		scan->at++;
	return scan->at > start || bad(scan);
}

static bool skip_number(struct scan *scan)
{
	skip_char(scan, '-');
	if (!skip_char(scan, '0') && !skip_digits(scan))
		return false;
	if (skip_char(scan, '.') && !skip_digits(scan))
		return false;
	if (!skip_char(scan, 'e') && !skip_char(scan, 'E'))
		return true;
	if (!skip_char(scan, '+'))
		skip_char(scan, '-');
	return skip_digits(scan);
}

static bool skip_word(struct scan *scan, enum rscopy_jsontext_kind *out_kind)
{
	static const struct {
		const char *word;
		enum rscopy_jsontext_kind kind;
	} words[] = {
		{ "true", RSCOPY_JSONTEXT_WORD },
		{ "false", RSCOPY_JSONTEXT_WORD },
		{ "null", RSCOPY_JSONTEXT_NULL },
	};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		size_t len = strlen(words[i].word);

		if ((size_t)(scan->end - scan->at) < len ||
		    memcmp(scan->at, words[i].word, len) != 0)
			continue;
		scan->at += len;
		*out_kind = words[i].kind;
		return true;
	}
	return bad(scan);
}

/* --- values --- */

static bool skip_value(struct scan *scan, enum rscopy_jsontext_kind *out_kind);

static bool skip_key(struct scan *scan)
{
	skip_blanks(scan);
	if (scan->at == scan->end || *scan->at != '"')
		return bad(scan);
	if (!skip_string(scan))
		return false;
	skip_blanks(scan);
	return skip_char(scan, ':') || bad(scan);
}

static bool skip_group(struct scan *scan, char close)
{
	enum rscopy_jsontext_kind kind;

	if (++scan->depth > DEPTH_MAX)
		return bad(scan);
	scan->at++;
	skip_blanks(scan);
	if (!skip_char(scan, close)) {
		do {
			if ((close == '}' && !skip_key(scan)) ||
			    !skip_value(scan, &kind))
				return false;
			skip_blanks(scan);
		} while (skip_char(scan, ','));
		if (!skip_char(scan, close))
			return bad(scan);
	}
	scan->depth--;
	return true;
}

static bool skip_value(struct scan *scan, enum rscopy_jsontext_kind *out_kind)
{
	skip_blanks(scan);
	if (scan->at == scan->end)
		return bad(scan);
	switch (*scan->at) {
	case '{':
		*out_kind = RSCOPY_JSONTEXT_OBJECT;
		return skip_group(scan, '}');
	case '[':
		*out_kind = RSCOPY_JSONTEXT_ARRAY;
		return skip_group(scan, ']');
	case '"':
		*out_kind = RSCOPY_JSONTEXT_STRING;
		return skip_string(scan);
	default:
		if (*scan->at != '-' && !isdigit((unsigned char)*scan->at))
			return skip_word(scan, out_kind);
		*out_kind = RSCOPY_JSONTEXT_NUMBER;
		return skip_number(scan);
	}
}

static bool take_value(struct scan *scan, struct rscopy_jsontext *out)
{
	skip_blanks(scan);
	out->text = scan->at;
	if (!skip_value(scan, &out->kind))
		return false;
	out->len = (size_t)(scan->at - out->text);
	return true;
}

enum rscopy_jsontext_fault rscopy_jsontext_read(struct rscopy_jsontext *out,
						const char *text, size_t len,
						size_t *out_at)
{
	struct scan scan = { .at = text, .end = text + len };

	if (take_value(&scan, out)) {
		skip_blanks(&scan);
		if (scan.at < scan.end)
			bad(&scan);
	}
	*out_at = (size_t)(scan.at - text);
	return scan.fault;
}

void rscopy_jsonwalk_begin(struct rscopy_jsonwalk *walk,
			   const struct rscopy_jsontext *value)
{
	walk->at = value->text + 1; /* past the open bracket */
	walk->end = value->text + value->len;
}

bool rscopy_jsonwalk_next(struct rscopy_jsonwalk *walk,
			  struct rscopy_jsontext *out_key,
			  struct rscopy_jsontext *out)
{
	struct scan scan = { .at = walk->at, .end = walk->end };
	bool is_object = walk->end[-1] == '}';

	skip_blanks(&scan);
	skip_char(&scan, ',');
	skip_blanks(&scan);
	if (scan.at + 1 >= scan.end)
		return false;
	if (is_object) {
		if (!take_value(&scan, out_key))
			return false;
		skip_blanks(&scan);
		skip_char(&scan, ':');
	}
	if (!take_value(&scan, out))
		return false;
	walk->at = scan.at;
	return true;
}

/* --- strings --- */

static uint32_t read_hex(const char *text)
{
	uint32_t code = 0;

	for (int i = 0; i < 4; i++) {
		char c = (char)tolower((unsigned char)text[i]);

		code = code * 16 +
		       (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return code;
}

/* At the four digits; returns bytes used. */
static size_t decode_unicode(const char *text, const char *end, struct str *out)
{
	uint32_t code = read_hex(text);
	size_t used = 4;
	char bytes[4];

	if (code >= 0xd800 && code < 0xdc00 && end - text >= 10 &&
	    text[4] == '\\' && text[5] == 'u') {
		uint32_t low = read_hex(text + 6);

		if (low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) +
			       (low - 0xdc00);
			used = 10;
		}
	}
	if (code >= 0xd800 && code < 0xe000) {
		str_add_char(out, (char)(0xe0 | (code >> 12)));
		str_add_char(out, (char)(0x80 | ((code >> 6) & 0x3f)));
		str_add_char(out, (char)(0x80 | (code & 0x3f)));
	} else {
		str_add_slice(out, bytes, utf8_encode(code, bytes));
	}
	return used;
}

void rscopy_jsontext_decode(const struct rscopy_jsontext *string,
			    struct str *out)
{
	static const char plain[] = "b\bf\fn\nr\rt\t";
	const char *at = string->text + 1;
	const char *end = string->text + string->len - 1;

	while (at < end) {
		const char *next = memchr(at, '\\', (size_t)(end - at));
		const char *found;

		if (next == NULL)
			next = end;
		str_add_slice(out, at, (size_t)(next - at));
		at = next;
		if (at == end)
			break;
		at++;
		if (*at == 'u') {
			at++;
			at += decode_unicode(at, end, out);
			continue;
		}
		found = strchr(plain, *at);
		str_add_char(out, found == NULL ? *at : found[1]);
		at++;
	}
}
