#include "sql/quote.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "sql/keyword.h"

static bool is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_' || (c & 0x80) != 0;
}

const char *quote_fault(const char *value, size_t len)
{
	size_t bad = utf8_first_bad(value, len);
	unsigned char lead;
	size_t wants;

	if (bad == len)
		return NULL;
	lead = (unsigned char)value[bad];
	wants = lead >= 0xF8 || lead < 0xC0 ? 1
		: lead >= 0xF0		    ? 4
		: lead >= 0xE0		    ? 3
					    : 2;
	return wants > len - bad ? "incomplete multibyte character"
				 : "invalid multibyte character";
}

bool quote_name_needed(const char *name, size_t len)
{
	if (len == 0 || !is_lower(name[0]))
		return true;
	for (size_t i = 1; i < len; i++)
		if (!is_lower(name[i]) && !(name[i] >= '0' && name[i] <= '9') &&
		    name[i] != '$')
			return true;
	return keyword_is_reserved(name, len);
}

void quote_name_always(struct str *out, const char *name, size_t len)
{
	str_add_char(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (name[i] == '"')
			str_add_char(out, '"');
		str_add_char(out, name[i]);
	}
	str_add_char(out, '"');
}

/* #t: a temporary table of Redshift keeps its mark outside of quotes. */
void quote_name_slice(struct str *out, const char *name, size_t len)
{
	bool temp = len > 1 && name[0] == '#' &&
		    !quote_name_needed(name + 1, len - 1);

	if (!temp && quote_name_needed(name, len))
		quote_name_always(out, name, len);
	else
		str_add_slice(out, name, len);
}

void quote_name(struct str *out, const char *name)
{
	quote_name_slice(out, name, strlen(name));
}

void quote_qualified(struct str *out, const char *schema, const char *name)
{
	if (schema != NULL && schema[0] != '\0') {
		quote_name(out, schema);
		str_add_char(out, '.');
	}
	quote_name(out, name);
}

void quote_literal_slice(struct str *out, const char *value, size_t len,
			 bool escapes)
{
	str_add_char(out, '\'');
	for (size_t i = 0; i < len; i++) {
		if (value[i] == '\'' || (value[i] == '\\' && escapes))
			str_add_char(out, value[i]);
		str_add_char(out, value[i]);
	}
	str_add_char(out, '\'');
}

void quote_literal(struct str *out, const char *value, bool escapes)
{
	quote_literal_slice(out, value, strlen(value), escapes);
}

void quote_name_read(struct str *out, const char *text, size_t len,
		     bool fold_quoted)
{
	bool quoted = len > 0 && text[0] == '"';
	size_t i = quoted ? 1 : 0;

	for (; i < len; i++) {
		char c = text[i];

		if (quoted && c == '"') {
			if (i + 1 >= len || text[i + 1] != '"')
				return;
			i++;
		}
		if ((!quoted || fold_quoted) && c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		str_add_char(out, c);
	}
}

/* A code point from \uXXXX; bad ones become U+FFFD. */
static void add_code_point(struct str *out, unsigned long code)
{
	if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
		code = 0xFFFD;
	if (code < 0x80) {
		str_add_char(out, (char)code);
	} else if (code < 0x800) {
		str_add_char(out, (char)(0xC0 | (code >> 6)));
		str_add_char(out, (char)(0x80 | (code & 0x3F)));
	} else if (code < 0x10000) {
		str_add_char(out, (char)(0xE0 | (code >> 12)));
		str_add_char(out, (char)(0x80 | ((code >> 6) & 0x3F)));
		str_add_char(out, (char)(0x80 | (code & 0x3F)));
	} else {
		str_add_char(out, (char)(0xF0 | (code >> 18)));
		str_add_char(out, (char)(0x80 | ((code >> 12) & 0x3F)));
		str_add_char(out, (char)(0x80 | ((code >> 6) & 0x3F)));
		str_add_char(out, (char)(0x80 | (code & 0x3F)));
	}
}

static int digit_value(char c, int base)
{
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if (c >= 'a' && c <= 'f')
		value = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		value = c - 'A' + 10;
	return value < base ? value : -1;
}

/* Up to max digits from text; the number of digits taken. */
static size_t read_digits(const char *text, size_t len, size_t max, int base,
			  unsigned long *out)
{
	size_t n = 0;

	*out = 0;
	while (n < len && n < max && digit_value(text[n], base) >= 0)
		*out = *out * (unsigned long)base +
		       (unsigned long)digit_value(text[n++], base);
	return n;
}

/* What follows a backslash; the bytes used. PostgreSQL: b f n r t, octal,
 * xHH, uXXXX, UXXXXXXXX, else the character itself. */
static size_t read_escape(struct str *out, const char *text, size_t len)
{
	static const char letters[] = "bfnrt";
	static const char meanings[] = "\b\f\n\r\t";
	const char *letter = strchr(letters, text[0]);
	unsigned long code;
	size_t n;

	if (letter != NULL && text[0] != '\0') {
		str_add_char(out, meanings[letter - letters]);
		return 1;
	}
	n = read_digits(text, len, 3, 8, &code);
	if (n > 0) {
		str_add_char(out, (char)code);
		return n;
	}
	if (text[0] == 'x') {
		n = read_digits(text + 1, len - 1, 2, 16, &code);
		if (n > 0) {
			str_add_char(out, (char)code);
			return 1 + n;
		}
	}
	if (text[0] == 'u' || text[0] == 'U') {
		size_t want = text[0] == 'u' ? 4 : 8;

		n = read_digits(text + 1, len - 1, want, 16, &code);
		if (n == want) {
			add_code_point(out, code);
			return 1 + n;
		}
	}
	str_add_char(out, text[0]);
	return 1;
}

static void read_dollar(struct str *out, const char *text, size_t len)
{
	size_t tag = 1;

	while (tag < len && text[tag] != '$')
		tag++;
	tag++;
	if (tag > len)
		return;
	if (len >= 2 * tag && memcmp(text, text + len - tag, tag) == 0)
		str_add_slice(out, text + tag, len - 2 * tag);
	else
		str_add_slice(out, text + tag, len - tag);
}

void quote_literal_read(struct str *out, const char *text, size_t len,
			bool escapes)
{
	size_t i = 0;

	if (len > 0 && text[0] == '$') {
		read_dollar(out, text, len);
		return;
	}
	while (i < len && text[i] != '\'')
		i++;
	for (i++; i < len; i++) {
		if (text[i] == '\\' && escapes && i + 1 < len) {
			i += read_escape(out, text + i + 1, len - i - 1);
			continue;
		}
		if (text[i] == '\'') {
			if (i + 1 >= len || text[i + 1] != '\'')
				return;
			i++;
		}
		str_add_char(out, text[i]);
	}
}

void quote_variable(struct str *out, const char *value, bool escapes,
		    bool e_strings)
{
	bool is_e = e_strings && strchr(value, '\\') != NULL;

	if (is_e)
		str_add(out, " E");
	quote_literal(out, value, is_e || escapes);
}
