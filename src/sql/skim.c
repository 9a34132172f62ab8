#include "sql/skim.h"

#include <string.h>

enum {
	TELLING = 1, /* means something outside of quotes */
	WORD = 2,    /* part of a word or number */
};

static const unsigned char class_of[256] = {
	['\''] = TELLING, ['"'] = TELLING,      ['$'] = TELLING | WORD,
	[';'] = TELLING,  ['\\'] = TELLING,     [':'] = TELLING,
	['('] = TELLING,  [')'] = TELLING,      ['-'] = TELLING,
	['/'] = TELLING,  ['0' ... '9'] = WORD, ['A' ... 'Z'] = WORD,
	['_'] = WORD,     ['a' ... 'z'] = WORD, [0x80 ... 0xff] = WORD,
};

struct skim {
	const char *text;
	size_t from; /* nothing before it is looked at */
	size_t at;
	size_t len;
	bool escapes; /* in plain literals */
	int depth;
};

static inline bool in_word(char c)
{
	return (class_of[(unsigned char)c] & WORD) != 0;
}

/* Goes back to where the word begins that the byte at at follows. */
static void back_to_word(struct skim *skim)
{
	while (skim->at > skim->from && in_word(skim->text[skim->at - 1]))
		skim->at--;
}

/* The closing quote; NULL: there is none. A doubled quote is two literals
 * side by side: that ends them at the same place. */
static const char *closing(const struct skim *skim, char quote)
{
	const char *at = skim->text + skim->at + 1;
	const char *end = skim->text + skim->len;

	if (!skim->escapes || quote == '"')
		return memchr(at, quote, (size_t)(end - at));
	for (; at < end && *at != quote; at++)
		if (*at == '\\')
			at++;
	return at < end ? at : NULL;
}

/* E'', U&"" and the like begin at their prefix, and are the lexer's. */
static bool pass_quoted(struct skim *skim)
{
	char before = skim->at > skim->from ? skim->text[skim->at - 1] : ' ';
	const char *end;

	if (before == '&' || in_word(before)) {
		if (before == '&')
			skim->at--;
		back_to_word(skim);
		return false;
	}
	end = closing(skim, skim->text[skim->at]);
	if (end)
		skim->at = (size_t)(end - skim->text);
	return end != NULL;
}

static void pass_line_comment(struct skim *skim)
{
	const char *from = skim->text + skim->at;
	size_t left = skim->len - skim->at;
	const char *end = memchr(from, '\n', left);

	if (end)
		left = (size_t)(end - from);
	end = memchr(from, '\r', left);
	skim->at += (end ? (size_t)(end - from) : left) - 1;
}

/* A dollar inside of a word opens no quote; behind a number it does. */
static bool pass_dollar(struct skim *skim)
{
	size_t dollar = skim->at;
	char first;

	back_to_word(skim);
	first = skim->text[skim->at];
	if (skim->at == dollar || (first >= '0' && first <= '9'))
		return false;
	skim->at = dollar;
	while (skim->at + 1 < skim->len && in_word(skim->text[skim->at + 1]))
		skim->at++;
	return true;
}

/* Dashes: a comment, but behind 5e the first belongs to the number. */
static bool pass_dash(struct skim *skim, char next)
{
	size_t dash = skim->at;
	char first;

	if (next != '-')
		return true;
	if (dash > skim->from && (skim->text[dash - 1] | 0x20) == 'e') {
		back_to_word(skim);
		first = skim->text[skim->at];
		if (first >= '0' && first <= '9')
			return false;
		skim->at = dash;
	}
	pass_line_comment(skim);
	return true;
}

/* false: the lexer looks at it, from at on; true: at is the last byte that
 * need not be looked at again. */
static bool pass(struct skim *skim)
{
	size_t at = skim->at;
	char next = at + 1 < skim->len ? skim->text[at + 1] : '\0';

	switch (skim->text[at]) {
	case '\'':
	case '"':
		return pass_quoted(skim);
	case '(':
		skim->depth++;
		return true;
	case ')':
		skim->depth -= skim->depth > 0;
		return true;
	case '-':
		return pass_dash(skim, next);
	case '/':
		return next != '*';
	case '$':
		return pass_dollar(skim);
	default:
		return false;
	}
}

static size_t next_telling(const char *text, size_t at, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;

	for (; at + 4 <= len; at += 4)
		if ((class_of[bytes[at]] | class_of[bytes[at + 1]] |
		     class_of[bytes[at + 2]] | class_of[bytes[at + 3]]) &
		    TELLING)
			break;
	while (at < len && !(class_of[bytes[at]] & TELLING))
		at++;
	return at;
}

void skim(struct lexer *lexer, int *depth)
{
	struct skim skim = {
		.text = lexer->text,
		.from = lexer->at,
		.at = lexer->at,
		.len = lexer->len,
		.escapes = (lexer->options & LEXER_ESCAPES) != 0,
		.depth = *depth,
	};

	for (;; skim.at++) {
		skim.at = next_telling(skim.text, skim.at, skim.len);
		if (skim.at >= skim.len || !pass(&skim))
			break;
	}
	lexer->at = skim.at;
	*depth = skim.depth;
}
