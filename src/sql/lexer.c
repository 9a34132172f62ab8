/* States of the scanner are those of enum lexer_inside: outside of quotes
 * (LEXER_NOTHING), or in a literal, a quoted name, a dollar quote or a
 * comment. The lexical rules are those of psql's scanner (psqlscan.l of
 * PostgreSQL 15), with plain literals as the option says. */
#include "sql/lexer.h"

#include <string.h>

#include "base/str.h"

/* Not <ctype.h>: locale must not matter, bytes over 127 belong to names. */
static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (c & 0x80) != 0;
}

static bool is_variable_char(char c)
{
	return is_word_start(c) || is_digit(c);
}

static bool is_word_char(char c)
{
	return is_variable_char(c) || c == '$';
}

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static char peek(const struct lexer *lexer, size_t ahead)
{
	size_t at = lexer->at + ahead;

	return at < lexer->len ? lexer->text[at] : '\0';
}

void lexer_init(struct lexer *lexer, const char *text, size_t len,
		unsigned options, const struct lexer_state *from)
{
	*lexer = (struct lexer){ .text = text, .len = len, .options = options };
	if (from != NULL)
		lexer->state = *from;
}

/* Literals: a doubled quote stays inside. */
static void scan_quoted(struct lexer *lexer, char quote)
{
	while (lexer->at < lexer->len) {
		char c = lexer->text[lexer->at++];

		if (c == '\\' && lexer->state.escapes) {
			if (lexer->at < lexer->len)
				lexer->at++;
		} else if (c == quote) {
			if (peek(lexer, 0) != quote) {
				lexer->state.inside = LEXER_NOTHING;
				lexer->state.escapes = false;
				return;
			}
			lexer->at++;
		}
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
	while (lexer->at < lexer->len) {
		if (peek(lexer, 0) == '/' && peek(lexer, 1) == '*') {
			lexer->state.depth++;
			lexer->at += 2;
		} else if (peek(lexer, 0) == '*' && peek(lexer, 1) == '/') {
			lexer->at += 2;
			if (--lexer->state.depth == 0) {
				lexer->state.inside = LEXER_NOTHING;
				return;
			}
		} else {
			lexer->at++;
		}
	}
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
	return scan_inside(lexer);
}

static enum token_kind open_name(struct lexer *lexer, size_t prefix_len)
{
	lexer->at += prefix_len + 1;
	lexer->state.inside = LEXER_NAME;
	lexer->state.escapes = false;
	return scan_inside(lexer);
}

/* $1, $$ or $tag$; a lone $ is bad. */
static enum token_kind scan_dollar_start(struct lexer *lexer)
{
	size_t n = 1;

	if (is_digit(peek(lexer, 1))) {
		while (is_digit(peek(lexer, n)))
			n++;
		lexer->at += n;
		return TOKEN_PARAM;
	}
	while (n <= LEXER_TAG_BYTES && is_variable_char(peek(lexer, n)))
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

	if (peek(lexer, 1) == '\'') {
		if (is_one_of(c, "eE"))
			return open_literal(lexer, 1, true);
		if (is_one_of(c, "bBxX"))
			return open_literal(lexer, 1, false);
		if (is_one_of(c, "nN"))
			return open_literal(lexer, 1, plain_escapes);
	}
	if (is_one_of(c, "uU") && peek(lexer, 1) == '&') {
		if (peek(lexer, 2) == '\'')
			return open_literal(lexer, 2, false);
		if (peek(lexer, 2) == '"')
			return open_name(lexer, 2);
	}
	while (lexer->at < lexer->len && is_word_char(lexer->text[lexer->at]))
		lexer->at++;
	return TOKEN_WORD;
}

/* #name after a blank, bracket or comma is a temporary table; a#b is the
 * operator. */
static bool is_temp_name(const struct lexer *lexer)
{
	char before = lexer->at > 0 ? lexer->text[lexer->at - 1] : ' ';

	return is_word_start(peek(lexer, 1)) &&
	       (is_blank(before) || is_one_of(before, "(,.;"));
}

static enum token_kind scan_temp(struct lexer *lexer)
{
	lexer->at++;
	while (lexer->at < lexer->len && is_word_char(lexer->text[lexer->at]))
		lexer->at++;
	return TOKEN_TEMP;
}

static enum token_kind scan_number(struct lexer *lexer)
{
	size_t exponent;

	while (is_digit(peek(lexer, 0)))
		lexer->at++;
	/* 1..10 is two numbers around an operator of PL/pgSQL */
	if (peek(lexer, 0) == '.' && peek(lexer, 1) != '.') {
		lexer->at++;
		while (is_digit(peek(lexer, 0)))
			lexer->at++;
	}
	if (!is_one_of(peek(lexer, 0), "eE"))
		return TOKEN_NUMBER;
	exponent = is_one_of(peek(lexer, 1), "+-") ? 2 : 1;
	if (is_digit(peek(lexer, exponent))) {
		lexer->at += exponent;
		while (is_digit(peek(lexer, 0)))
			lexer->at++;
	}
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
	while (is_variable_char(peek(lexer, n)))
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

#define OPERATOR_CHARS "~!@#^&|`?+-*/%<>="

/* A comment ends an operator: +-- and +slash-star. Of several characters,
 * a trailing + or - belongs to the next operand unless the operator holds
 * one of ~!@#^&|`?% (PostgreSQL's rule, so that a=-1 works). */
static enum token_kind scan_operator(struct lexer *lexer)
{
	bool odd = false;
	size_t n = 0;

	while (is_one_of(peek(lexer, n), OPERATOR_CHARS)) {
		char c = peek(lexer, n);
		char next = peek(lexer, n + 1);

		if ((c == '-' && next == '-') || (c == '/' && next == '*'))
			break;
		odd = odd || is_one_of(c, "~!@#^&|`?%");
		n++;
	}
	while (n > 1 && !odd && is_one_of(peek(lexer, n - 1), "+-"))
		n--;
	lexer->at += n;
	return TOKEN_OPERATOR;
}

static enum token_kind scan_blank(struct lexer *lexer)
{
	while (lexer->at < lexer->len && is_blank(lexer->text[lexer->at]))
		lexer->at++;
	return TOKEN_BLANK;
}

static enum token_kind scan_line_comment(struct lexer *lexer)
{
	while (lexer->at < lexer->len && lexer->text[lexer->at] != '\n' &&
	       lexer->text[lexer->at] != '\r')
		lexer->at++;
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
	if (is_one_of(c, OPERATOR_CHARS))
		return scan_operator(lexer);
	lexer->at++;
	if (is_one_of(c, "()[],;.{}"))
		return TOKEN_PUNCT;
	return c == '\\' ? TOKEN_BACKSLASH : TOKEN_BAD;
}

static enum token_kind scan_outside(struct lexer *lexer)
{
	char c = peek(lexer, 0);
	char next = peek(lexer, 1);

	if (is_blank(c))
		return scan_blank(lexer);
	if (c == '-' && next == '-')
		return scan_line_comment(lexer);
	if (c == '/' && next == '*') {
		lexer->state.inside = LEXER_COMMENT;
		lexer->state.depth = 0;
		return scan_inside(lexer);
	}
	if (is_word_start(c))
		return scan_word(lexer);
	if (is_digit(c) || (c == '.' && is_digit(next)))
		return scan_number(lexer);
	if (c == '\'')
		return open_literal(lexer, 0,
				    (lexer->options & LEXER_ESCAPES) != 0);
	if (c == '"')
		return open_name(lexer, 0);
	return scan_mark(lexer, c);
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
		escapes = is_one_of(*token.text, "eE") ||
			  (is_one_of(*token.text, "'nN") &&
			   (lexer->options & LEXER_ESCAPES));
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
	return token->kind == TOKEN_WORD &&
	       str_slice_equal_nocase(token->text, token->len, word);
}

bool token_is_char(const struct token *token, char c)
{
	return (token->kind == TOKEN_PUNCT || token->kind == TOKEN_OPERATOR) &&
	       token->len == 1 && token->text[0] == c;
}
