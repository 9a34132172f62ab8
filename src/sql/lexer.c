/* States of the scanner are those of enum lexer_inside: outside of quotes
 * (LEXER_NOTHING), or in a literal, a quoted name, a dollar quote or a
 * comment. The lexical rules are those of psql's scanner (psqlscan.l of
 * PostgreSQL 15), with plain literals as the option says. */
#include "sql/lexer.h"

#include <string.h>

#include "base/str.h"

/* What a byte can be. Not <ctype.h>: locale must not matter, bytes over 127
 * belong to names. */
enum {
	BLANK = 1,
	DIGIT = 2,
	START = 4,    /* of a word */
	VARIABLE = 8, /* in a variable's name */
	WORD = 16,    /* in a word */
	OPERATOR = 32,
	ODD = 64, /* in an operator, lets it end in + or - */
	PUNCT = 128,
};

#define LETTER (START | VARIABLE | WORD)

static const unsigned char class_of[256] = {
	/* VT is none: servers before 16 do not take it for one. */
	['\t' ... '\n'] = BLANK,
	['\f' ... '\r'] = BLANK,
	[' '] = BLANK,
	['0' ... '9'] = DIGIT | VARIABLE | WORD,
	['A' ... 'Z'] = LETTER,
	['a' ... 'z'] = LETTER,
	['_'] = LETTER,
	[0x80 ... 0xff] = LETTER,
	['$'] = WORD,
	['~'] = OPERATOR | ODD,
	['!'] = OPERATOR | ODD,
	['@'] = OPERATOR | ODD,
	['#'] = OPERATOR | ODD,
	['^'] = OPERATOR | ODD,
	['&'] = OPERATOR | ODD,
	['|'] = OPERATOR | ODD,
	['`'] = OPERATOR | ODD,
	['?'] = OPERATOR | ODD,
	['%'] = OPERATOR | ODD,
	['+'] = OPERATOR,
	['*'] = OPERATOR,
	['-'] = OPERATOR,
	['/'] = OPERATOR,
	['<'] = OPERATOR,
	['>'] = OPERATOR,
	['='] = OPERATOR,
	['('] = PUNCT,
	[')'] = PUNCT,
	['['] = PUNCT,
	[']'] = PUNCT,
	[','] = PUNCT,
	[';'] = PUNCT,
	['.'] = PUNCT,
	['{'] = PUNCT,
	['}'] = PUNCT,
};

static inline bool is_a(char c, int classes)
{
	return (class_of[(unsigned char)c] & classes) != 0;
}

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Moves over bytes of these classes. */
static inline void skip_all(struct lexer *lexer, int classes)
{
	const char *text = lexer->text;
	size_t len = lexer->len;
	size_t at = lexer->at;

	while (at < len && is_a(text[at], classes))
		at++;
	lexer->at = at;
}

static inline char peek(const struct lexer *lexer, size_t ahead)
{
	size_t at = lexer->at + ahead;

	return at < lexer->len ? lexer->text[at] : '\0';
}

void lexer_init(struct lexer *lexer, const char *text, size_t len,
		unsigned options, const struct lexer_state *from)
{
	lexer->text = text;
	lexer->len = len;
	lexer->at = 0;
	lexer->options = options;
	if (from) {
		lexer->state = *from;
		return;
	}
	/* The tag means nothing outside of a dollar quote. */
	lexer->state.inside = LEXER_NOTHING;
	lexer->state.escapes = false;
	lexer->state.depth = 0;
	lexer->state.tag_len = 0;
}

/* The next byte that may end the quoted text; len: none. */
static size_t find_quote(const struct lexer *lexer, char quote)
{
	const char *text = lexer->text;
	size_t at = lexer->at;
	const char *end;

	if (lexer->state.escapes) {
		while (at < lexer->len && text[at] != quote && text[at] != '\\')
			at++;
		return at;
	}
	end = memchr(text + at, quote, lexer->len - at);
	return end ? (size_t)(end - text) : lexer->len;
}

/* Literals: a doubled quote stays inside. */
static void scan_quoted(struct lexer *lexer, char quote)
{
	for (;;) {
		lexer->at = find_quote(lexer, quote);
		if (lexer->at == lexer->len)
			return;
		if (lexer->text[lexer->at++] != quote) {
			/* The byte behind a backslash stays inside. */
			if (lexer->at < lexer->len)
				lexer->at++;
			continue;
		}
		if (peek(lexer, 0) != quote) {
			lexer->state.inside = LEXER_NOTHING;
			lexer->state.escapes = false;
			return;
		}
		if (lexer->state.bits)
			lexer->state.escapes = lexer->options & LEXER_ESCAPES;
		lexer->state.bits = false;
		lexer->at++;
	}
}

static void scan_dollar(struct lexer *lexer)
{
	const char *from = lexer->text + lexer->at;
	const char *end = memmem(from, lexer->len - lexer->at, lexer->state.tag,
				 lexer->state.tag_len);

	if (end == NULL) {
		lexer->at = lexer->len;
		return;
	}
	lexer->at += (size_t)(end - from) + lexer->state.tag_len;
	lexer->state.inside = LEXER_NOTHING;
}

static void scan_comment(struct lexer *lexer)
{
	const char *text = lexer->text;
	size_t len = lexer->len;
	size_t at = lexer->at;

	while (at < len) {
		char next = at + 1 < len ? text[at + 1] : '\0';

		if (text[at] == '/' && next == '*') {
			lexer->state.depth++;
			at += 2;
		} else if (text[at] == '*' && next == '/') {
			at += 2;
			if (--lexer->state.depth == 0) {
				lexer->state.inside = LEXER_NOTHING;
				break;
			}
		} else {
			at++;
			while (at < len && text[at] != '*' && text[at] != '/')
				at++;
		}
	}
	lexer->at = at;
}

/* Goes on in what the state says is open; the kind of that token. */
static enum token_kind scan_inside(struct lexer *lexer)
{
	switch (lexer->state.inside) {
	case LEXER_LITERAL:
		scan_quoted(lexer, '\'');
		return TOKEN_LITERAL;
	case LEXER_NAME:
		scan_quoted(lexer, '"');
		return TOKEN_NAME;
	case LEXER_DOLLAR:
		scan_dollar(lexer);
		return TOKEN_DOLLAR;
	case LEXER_COMMENT:
		scan_comment(lexer);
		return TOKEN_COMMENT;
	case LEXER_NOTHING:
		break;
	}
	return TOKEN_BAD;
}

static enum token_kind open_literal(struct lexer *lexer, size_t prefix_len,
				    bool escapes)
{
	lexer->at += prefix_len + 1;
	lexer->state.inside = LEXER_LITERAL;
	lexer->state.escapes = escapes;
	lexer->state.bits = prefix_len == 1 &&
			    is_one_of(lexer->text[lexer->at - 2], "bBxX");
	return scan_inside(lexer);
}

static enum token_kind open_name(struct lexer *lexer, size_t prefix_len)
{
	lexer->at += prefix_len + 1;
	lexer->state.inside = LEXER_NAME;
	lexer->state.escapes = false;
	lexer->state.bits = false;
	return scan_inside(lexer);
}

/* What begins right behind a number. 1e'a' is a number and a plain literal,
 * as psql 15 has it. */
static void skip_junk(struct lexer *lexer)
{
	char next = peek(lexer, 1);

	if (next == '&' && is_one_of(peek(lexer, 0), "uU"))
		next = peek(lexer, 2);
	if (lexer->options & LEXER_JUNK && is_a(peek(lexer, 0), START))
		skip_all(lexer, WORD);
	else if (next == '\'' && is_a(peek(lexer, 0), START))
		lexer->at++;
}

/* $1, $$ or $tag$; a lone $ is bad. */
static enum token_kind scan_dollar_start(struct lexer *lexer)
{
	size_t n = 1;

	if (is_a(peek(lexer, 1), DIGIT)) {
		while (is_a(peek(lexer, n), DIGIT))
			n++;
		lexer->at += n;
		skip_junk(lexer);
		return TOKEN_PARAM;
	}
	while (n <= LEXER_TAG_BYTES && is_a(peek(lexer, n), VARIABLE))
		n++;
	if (peek(lexer, n) != '$') {
		lexer->at++;
		return TOKEN_BAD;
	}
	lexer->state.tag_len = n + 1;
	memcpy(lexer->state.tag, lexer->text + lexer->at, n + 1);
	lexer->at += n + 1;
	lexer->state.inside = LEXER_DOLLAR;
	return scan_inside(lexer);
}

/* A word, or a literal or name with a prefix: E'' B'' X'' N'' U&'' U&"". */
static enum token_kind scan_word(struct lexer *lexer)
{
	bool plain_escapes = (lexer->options & LEXER_ESCAPES) != 0;
	char c = peek(lexer, 0);
	char next = peek(lexer, 1);

	if (next == '\'') {
		if (is_one_of(c, "eE"))
			return open_literal(lexer, 1, true);
		if (is_one_of(c, "bBxX"))
			return open_literal(lexer, 1, false);
		if (is_one_of(c, "nN"))
			return open_literal(lexer, 1, plain_escapes);
	}
	if (next == '&' && is_one_of(c, "uU")) {
		if (peek(lexer, 2) == '\'')
			return open_literal(lexer, 2, false);
		if (peek(lexer, 2) == '"')
			return open_name(lexer, 2);
	}
	skip_all(lexer, WORD);
	return TOKEN_WORD;
}

/* What begins at n is a literal or name with a prefix: E'' or U&"". */
static bool is_prefix(const struct lexer *lexer, size_t n)
{
	char next = peek(lexer, n + 1);

	return (next == '\'' && is_one_of(peek(lexer, n), "eEbBxXnN")) ||
	       (next == '&' && is_one_of(peek(lexer, n), "uU") &&
		is_one_of(peek(lexer, n + 2), "'\""));
}

/* #name after a blank, bracket or comma is a temporary table; a#b is the
 * operator. */
static bool is_temp_name(const struct lexer *lexer)
{
	char before = lexer->at > 0 ? lexer->text[lexer->at - 1] : ' ';

	return !is_prefix(lexer, 1) && is_a(peek(lexer, 1), START) &&
	       (is_a(before, BLANK) || is_one_of(before, "(,.;"));
}

static enum token_kind scan_temp(struct lexer *lexer)
{
	lexer->at++;
	skip_all(lexer, WORD);
	return TOKEN_TEMP;
}

/* psql's way: 5e1$$ has a name behind 5, 5e-- a sign behind 5e. */
static void skip_exponent(struct lexer *lexer)
{
	if (is_one_of(peek(lexer, 0), "eE") &&
	    is_one_of(peek(lexer, 1), "+-")) {
		lexer->at += 2;
		if (!is_a(peek(lexer, 0), DIGIT))
			return;
		skip_all(lexer, DIGIT);
	}
	skip_junk(lexer);
}

static enum token_kind scan_number(struct lexer *lexer)
{
	size_t exponent;

	skip_all(lexer, DIGIT);
	/* 1..10 is two numbers around an operator of PL/pgSQL */
	if (peek(lexer, 0) == '.' && peek(lexer, 1) != '.') {
		lexer->at++;
		skip_all(lexer, DIGIT);
	}
	exponent = is_one_of(peek(lexer, 1), "+-") ? 2 : 1;
	if (lexer->options & LEXER_JUNK) {
		skip_exponent(lexer);
		return TOKEN_NUMBER;
	}
	if (is_one_of(peek(lexer, 0), "eE") &&
	    is_a(peek(lexer, exponent), DIGIT)) {
		lexer->at += exponent;
		skip_all(lexer, DIGIT);
	}
	skip_junk(lexer);
	return TOKEN_NUMBER;
}

/* The length of :name, :'name', :"name" or :{?name}; 0: none of them. */
static size_t variable_len(const struct lexer *lexer)
{
	char open = peek(lexer, 1);
	char close = open == '{' ? '}' : open;
	size_t first = 1;
	size_t n;

	if (is_one_of(open, "'\""))
		first = 2;
	else if (open == '{' && peek(lexer, 2) == '?')
		first = 3;
	n = first;
	while (is_a(peek(lexer, n), VARIABLE))
		n++;
	if (n == first)
		return 0;
	if (first == 1)
		return n;
	return peek(lexer, n) == close ? n + 1 : 0;
}

static enum token_kind scan_colon(struct lexer *lexer)
{
	size_t n;

	if (peek(lexer, 1) == ':') {
		lexer->at += 2;
		return TOKEN_CAST;
	}
	if (peek(lexer, 1) == '=') {
		lexer->at += 2;
		return TOKEN_OPERATOR;
	}
	n = (lexer->options & LEXER_VARIABLES) ? variable_len(lexer) : 0;
	lexer->at += n > 0 ? n : 1;
	return n > 0 ? TOKEN_VARIABLE : TOKEN_OPERATOR;
}

/* A comment ends an operator: +-- and +slash-star. Of several characters,
 * a trailing + or - belongs to the next operand unless the operator holds
 * one of ~!@#^&|`?% (PostgreSQL's rule, so that a=-1 works). */
static enum token_kind scan_operator(struct lexer *lexer)
{
	bool odd = false;
	size_t n = 0;

	while (is_a(peek(lexer, n), OPERATOR)) {
		char c = peek(lexer, n);
		char next = peek(lexer, n + 1);

		if ((c == '-' && next == '-') || (c == '/' && next == '*'))
			break;
		odd = odd || is_a(c, ODD);
		n++;
	}
	while (n > 1 && !odd &&
	       (peek(lexer, n - 1) == '+' || peek(lexer, n - 1) == '-'))
		n--;
	lexer->at += n;
	return TOKEN_OPERATOR;
}

static enum token_kind scan_blank(struct lexer *lexer)
{
	skip_all(lexer, BLANK);
	return TOKEN_BLANK;
}

static enum token_kind scan_line_comment(struct lexer *lexer)
{
	const char *from = lexer->text + lexer->at;
	size_t left = lexer->len - lexer->at;
	const char *end = memchr(from, '\n', left);

	if (end)
		left = (size_t)(end - from);
	end = memchr(from, '\r', left);
	lexer->at += end ? (size_t)(end - from) : left;
	return TOKEN_COMMENT;
}

/* Characters that stand alone or decide by one look. */
static enum token_kind scan_mark(struct lexer *lexer, char c)
{
	if (c == '$')
		return scan_dollar_start(lexer);
	if (c == ':')
		return scan_colon(lexer);
	if (c == '#' && is_temp_name(lexer))
		return scan_temp(lexer);
	if (is_a(c, OPERATOR))
		return scan_operator(lexer);
	lexer->at++;
	if (is_a(c, PUNCT))
		return TOKEN_PUNCT;
	return c == '\\' ? TOKEN_BACKSLASH : TOKEN_BAD;
}

static enum token_kind scan_outside(struct lexer *lexer)
{
	char c = peek(lexer, 0);
	char next = peek(lexer, 1);

	if (is_a(c, BLANK))
		return scan_blank(lexer);
	if (is_a(c, START))
		return scan_word(lexer);
	if (c == '-' && next == '-')
		return scan_line_comment(lexer);
	if (c == '/' && next == '*') {
		lexer->state.inside = LEXER_COMMENT;
		lexer->state.depth = 0;
		return scan_inside(lexer);
	}
	if (is_a(c, DIGIT) || (c == '.' && is_a(next, DIGIT)))
		return scan_number(lexer);
	if (c == '\'')
		return open_literal(lexer, 0,
				    (lexer->options & LEXER_ESCAPES) != 0);
	if (c == '"')
		return open_name(lexer, 0);
	return scan_mark(lexer, c);
}

static bool opens_with_escapes(const struct lexer *lexer, char c)
{
	return c == 'e' || c == 'E' ||
	       ((c == '\'' || c == 'n' || c == 'N') &&
		(lexer->options & LEXER_ESCAPES));
}

struct token lexer_next(struct lexer *lexer)
{
	struct token token = { .kind = TOKEN_END,
			       .text = lexer->text + lexer->at,
			       .at = lexer->at };
	bool escapes = lexer->state.escapes;

	if (lexer->at >= lexer->len)
		return token;
	if (lexer->state.inside != LEXER_NOTHING) {
		token.kind = scan_inside(lexer);
	} else {
		token.kind = scan_outside(lexer);
		if (token.kind == TOKEN_LITERAL)
			escapes = opens_with_escapes(lexer, *token.text);
	}
	token.len = lexer->at - token.at;
	token.open = lexer->state.inside != LEXER_NOTHING;
	token.escapes = token.kind == TOKEN_LITERAL && escapes;
	return token;
}

struct token lexer_next_solid(struct lexer *lexer)
{
	struct token token = lexer_next(lexer);

	while (token.kind == TOKEN_BLANK || token.kind == TOKEN_COMMENT)
		token = lexer_next(lexer);
	return token;
}

bool token_is(const struct token *token, const char *word)
{
	/* Most words differ in their first letter. */
	return token->kind == TOKEN_WORD &&
	       ((*token->text ^ *word) & ~('a' ^ 'A')) == 0 &&
	       str_slice_equal_nocase(token->text, token->len, word);
}

bool token_is_char(const struct token *token, char c)
{
	return (token->kind == TOKEN_PUNCT || token->kind == TOKEN_OPERATOR) &&
	       token->len == 1 && token->text[0] == c;
}
