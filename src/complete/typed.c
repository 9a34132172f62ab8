#include "complete/typed.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ||
	       c == '\v';
}

/* Offset after the quoted part that begins at at; end when it is open. */
static size_t skip_quoted(const char *text, size_t at, size_t end)
{
	char quote = text[at++];

	while (at < end) {
		if (text[at] == '\\' && quote == '\'') {
			at += 2;
		} else if (text[at] != quote) {
			at++;
		} else if (at + 1 < end && text[at + 1] == quote) {
			at += 2;
		} else {
			return at + 1;
		}
	}
	return end;
}

bool typed_next(const char *text, size_t at, size_t end, struct typed *out)
{
	while (at < end && is_blank(text[at]))
		at++;
	out->start = at;
	out->quote = 0;
	if (at < end && (text[at] == '\'' || text[at] == '"'))
		out->quote = text[at];
	while (at < end && !is_blank(text[at])) {
		char c = text[at];

		/* In a bare word an apostrophe is part of a key. */
		if ((c == '\'' && (at == out->start || text[at - 1] == ':')) ||
		    c == '"')
			at = skip_quoted(text, at, end);
		else
			at++;
	}
	out->end = at;
	return out->start < end;
}

static size_t decode_octal(const char *text, size_t len, struct str *out)
{
	unsigned value = 0;
	size_t at = 0;

	while (at < len && at < 3 && text[at] >= '0' && text[at] <= '7')
		value = value * 8 + (unsigned)(text[at++] - '0');
	str_add_char(out, (char)value);
	return at;
}

/* text is behind the backslash; returns the bytes used. */
static size_t decode_escape(const char *text, size_t len, struct str *out)
{
	static const char letters[] = "ntrbf";
	static const char means[] = "\n\t\r\b\f";
	const char *letter;

	if (len == 0)
		return 0;
	if (text[0] >= '0' && text[0] <= '7')
		return decode_octal(text, len, out);
	letter = strchr(letters, text[0]);
	str_add_char(out, letter != NULL ? means[letter - letters] : text[0]);
	return 1;
}

void typed_decode(const char *text, size_t len, char quote, struct str *out)
{
	size_t at = 0;

	if (quote == 0) {
		str_add_slice(out, text, len);
		return;
	}
	if (len > 0 && text[0] == quote)
		at = 1;
	while (at < len) {
		if (text[at] == '\\' && quote == '\'') {
			at++;
			at += decode_escape(text + at, len - at, out);
		} else if (text[at] == quote) {
			if (at + 1 >= len || text[at + 1] != quote)
				return;
			str_add_char(out, quote);
			at += 2;
		} else {
			str_add_char(out, text[at++]);
		}
	}
}

bool typed_is_plain(const char *value)
{
	if (*value == '\0' || *value == '-')
		return false;
	/* A bare apostrophe, backtick, colon or backslash might be taken for
	 * more than a character by one of the readers of the line. The colon
	 * of s3:// is known to all of them. */
	if (strncmp(value, "s3://", 5) == 0)
		value += 5;
	for (; *value != '\0'; value++)
		if (!isalnum((unsigned char)*value) &&
		    ((unsigned char)*value & 0x80) == 0 &&
		    strchr("_-./=+@%,~", *value) == NULL)
			return false;
	return true;
}

void typed_add_quoted(const char *value, bool open, struct str *out)
{
	static const char letters[] = "ntr";
	static const char means[] = "\n\t\r";

	str_add_char(out, '\'');
	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;
		const char *known = strchr(means, *value);

		if (known != NULL)
			str_addf(out, "\\%c", letters[known - means]);
		else if (c < 0x20 || c == 0x7f)
			str_addf(out, "\\%03o", c);
		else if (c == '\'' || c == '\\')
			str_addf(out, "%c%c", c, c);
		else
			str_add_char(out, *value);
	}
	if (!open)
		str_add_char(out, '\'');
}
