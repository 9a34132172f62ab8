#include "edit/highlight.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "edit/theme.h"
#include "sql/keyword.h"

struct reader {
	struct highlight_state *state;
	struct highlight_line *line;
	struct lexer lexer;
	/* Brackets are told here; may be NULL. */
	void (*found)(void *context, size_t at, char bracket);
	void *context;
};

static void paint(struct reader *reader, size_t from, size_t to,
		  enum theme_style style)
{
	unsigned char *styles = reader->line->styles;

	if (styles != NULL && to > from)
		memset(styles + from, (int)style, to - from);
}

/* ---- meta-commands ---- */

static size_t end_of_quoted(const char *text, size_t len, size_t at)
{
	char quote = text[at++];

	while (at < len && text[at] != quote)
		at += text[at] == '\\' && quote == '\'' && at + 1 < len ? 2 : 1;
	return at < len ? at + 1 : len;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t end_of_name(const char *text, size_t len, size_t at)
{
	while (at < len && !is_blank(text[at]) && text[at] != '\\')
		at++;
	return at;
}

/* From the backslash to the line's end, or to \\ where SQL goes on. Returns
 * where that is. */
static size_t read_command(struct reader *reader, size_t at)
{
	const char *text = reader->lexer.text;
	size_t len = reader->lexer.len;
	size_t end = end_of_name(text, len, at + 1);

	reader->line->command = true;
	paint(reader, at, end, THEME_COMMAND);
	for (at = end; at < len; at = end) {
		end = at + 1;
		if (text[at] == '\\' && end < len && text[end] == '\\') {
			paint(reader, at, end + 1, THEME_COMMAND);
			return end + 1;
		}
		if (text[at] == '\\') {
			end = end_of_name(text, len, end);
			paint(reader, at, end, THEME_COMMAND);
		} else if (text[at] == '\'') {
			end = end_of_quoted(text, len, at);
			paint(reader, at, end, THEME_STRING);
		} else if (text[at] == '"') {
			end = end_of_quoted(text, len, at);
			paint(reader, at, end, THEME_NAME);
		} else if (text[at] == ':' || text[at] == '`') {
			end = text[at] == '`' ? end_of_quoted(text, len, at)
					      : end_of_name(text, len, at);
			paint(reader, at, end, THEME_VARIABLE);
		} else {
			paint(reader, at, end, THEME_ARGUMENT);
		}
	}
	return len;
}

/* ---- SQL ---- */

/* Words that are no names in a query either, though not reserved. */
static const char *const query_words[] = {
	"COPY",      "APPROXIMATE", "BY",        "CUBE",    "CURRENT",
	"DELETE",    "ESCAPE",      "EXISTS",    "EXPLAIN", "FETCH",
	"FOLLOWING", "GROUPING",    "INSERT",    "MERGE",   "OVER",
	"PRECEDING", "QUALIFY",     "RECURSIVE", "ROLLUP",  "ROWS",
	"SET",       "SETS",        "UNBOUNDED", "UPDATE",  "VALUES",
	"WITHIN",
};

static const char *const query_heads[] = {
	"SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "VALUES", "EXPLAIN",
};

static bool is_one_of(const struct token *token, const char *const *words,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (token_is(token, words[i]))
			return true;
	return false;
}

static char next_char(const struct reader *reader)
{
	size_t at = reader->lexer.at;

	return at < reader->lexer.len ? reader->lexer.text[at] : '\0';
}

static enum theme_style style_of_word(const struct reader *reader,
				      const struct token *token)
{
	const struct highlight_state *state = reader->state;
	const struct keyword *keyword = keyword_find(token->text, token->len);
	char next = next_char(reader);
	bool known = is_one_of(token, query_words, COUNT_OF(query_words));

	if (state->last == '.' || next == '.')
		return next == '(' ? THEME_FUNCTION : THEME_PLAIN;
	if (keyword != NULL)
		known |= keyword->reserved || state->head == HEAD_NONE ||
			 (state->head == HEAD_OTHER && state->last == 'x');
	if (known)
		return THEME_KEYWORD;
	return next == '(' ? THEME_FUNCTION : THEME_PLAIN;
}

static enum theme_style style_of(const struct reader *reader,
				 const struct token *token)
{
	switch (token->kind) {
	case TOKEN_WORD:
		return style_of_word(reader, token);
	case TOKEN_COMMENT:
		return THEME_COMMENT;
	case TOKEN_NAME:
	case TOKEN_TEMP:
		return THEME_NAME;
	case TOKEN_LITERAL:
	case TOKEN_DOLLAR:
		return THEME_STRING;
	case TOKEN_NUMBER:
		return THEME_NUMBER;
	case TOKEN_PARAM:
	case TOKEN_VARIABLE:
		return THEME_VARIABLE;
	case TOKEN_CAST:
	case TOKEN_OPERATOR:
		return THEME_OPERATOR;
	case TOKEN_BAD:
		return THEME_BAD;
	case TOKEN_END:
	case TOKEN_BLANK:
	case TOKEN_PUNCT:
	case TOKEN_BACKSLASH:
		break;
	}
	return THEME_PLAIN;
}

/* How many bytes of an open token are its quote. */
static size_t quote_len(const struct reader *reader, const struct token *token)
{
	const char *quote;

	switch (token->kind) {
	case TOKEN_DOLLAR:
		return reader->lexer.state.tag_len;
	case TOKEN_COMMENT:
		return 2;
	case TOKEN_NAME:
	case TOKEN_LITERAL:
		quote = memchr(token->text,
			       token->kind == TOKEN_NAME ? '"' : '\'',
			       token->len);
		return quote ? (size_t)(quote - token->text) + 1 : 1;
	default:
		return 1;
	}
}

static void note_open(struct reader *reader, const struct token *token,
		      bool began_before)
{
	if (!token->open || reader->lexer.state.inside == LEXER_NOTHING ||
	    began_before)
		return;
	reader->line->open_at = token->at;
	reader->line->open_len = quote_len(reader, token);
	if (reader->line->open_len > token->len)
		reader->line->open_len = token->len;
}

static void note_punct(struct reader *reader, const struct token *token)
{
	struct highlight_state *state = reader->state;
	char c = *token->text;

	if (reader->found != NULL && strchr("()[]", c) != NULL)
		reader->found(reader->context, token->at, c);
	if (c == '(')
		state->depth++;
	if (c == ')' && state->depth > 0)
		state->depth--;
	state->last = c == ')' || c == ']' ? 'x' : c;
	if (c == ';' && state->depth == 0) {
		state->head = HEAD_NONE;
		state->last = 0;
	} else if (state->head == HEAD_NONE && c != '(') {
		state->head = HEAD_OTHER;
	}
}

static void note_solid(struct reader *reader, const struct token *token)
{
	struct highlight_state *state = reader->state;

	if (token->kind == TOKEN_PUNCT) {
		note_punct(reader, token);
		return;
	}
	if (state->head == HEAD_NONE)
		state->head =
			is_one_of(token, query_heads, COUNT_OF(query_heads))
				? HEAD_QUERY
				: HEAD_OTHER;
	state->last = 'x';
}

/* True: the token was a backslash and what belongs to it. */
static bool take_backslash(struct reader *reader, const struct token *token)
{
	size_t at = token->at;

	if (token->kind != TOKEN_BACKSLASH)
		return false;
	if (at + 1 < reader->lexer.len && reader->lexer.text[at + 1] == ';') {
		paint(reader, at, at + 2, THEME_COMMAND);
		reader->lexer.at = at + 2;
		reader->state->head = HEAD_NONE;
		return true;
	}
	reader->lexer.at = read_command(reader, at);
	return true;
}

static void read_line(struct reader *reader)
{
	enum lexer_inside before = reader->lexer.state.inside;

	for (;;) {
		struct token token = lexer_next(&reader->lexer);
		bool carried = before != LEXER_NOTHING && token.at == 0;

		if (token.kind == TOKEN_END)
			break;
		if (take_backslash(reader, &token))
			continue;
		paint(reader, token.at, token.at + token.len,
		      style_of(reader, &token));
		note_open(reader, &token, carried);
		if (token.kind != TOKEN_BLANK && token.kind != TOKEN_COMMENT)
			note_solid(reader, &token);
	}
	reader->state->lexer = reader->lexer.state;
}

static void start(struct reader *reader, const char *text, size_t len,
		  bool escapes)
{
	reader->line->open_at = SIZE_MAX;
	reader->line->open_len = 0;
	reader->line->command = false;
	lexer_init(&reader->lexer, text, len,
		   LEXER_VARIABLES | (escapes ? LEXER_ESCAPES : 0),
		   &reader->state->lexer);
}

void highlight_read(struct highlight_state *state, const char *text, size_t len,
		    bool escapes, struct highlight_line *line)
{
	struct reader reader = { .state = state, .line = line };

	start(&reader, text, len, escapes);
	read_line(&reader);
}

void highlight_brackets(const struct highlight_state *state, const char *text,
			size_t len, bool escapes,
			void (*found)(void *context, size_t at, char bracket),
			void *context)
{
	struct highlight_state at = *state;
	struct highlight_line line = { .styles = NULL };
	struct reader reader = {
		.state = &at, .line = &line, .found = found, .context = context
	};

	start(&reader, text, len, escapes);
	read_line(&reader);
}

bool highlight_same(const struct highlight_state *a,
		    const struct highlight_state *b)
{
	if (a->depth != b->depth || a->head != b->head || a->last != b->last ||
	    a->lexer.inside != b->lexer.inside)
		return false;
	switch (a->lexer.inside) {
	case LEXER_NOTHING:
	case LEXER_NAME:
		return true;
	case LEXER_LITERAL:
		return a->lexer.escapes == b->lexer.escapes &&
		       a->lexer.bits == b->lexer.bits;
	case LEXER_COMMENT:
		return a->lexer.depth == b->lexer.depth;
	case LEXER_DOLLAR:
		return a->lexer.tag_len == b->lexer.tag_len &&
		       memcmp(a->lexer.tag, b->lexer.tag, a->lexer.tag_len) ==
			       0;
	}
	return true;
}

char highlight_inside(const struct highlight_state *state)
{
	switch (state->lexer.inside) {
	case LEXER_LITERAL:
		return '\'';
	case LEXER_NAME:
		return '"';
	case LEXER_DOLLAR:
		return '$';
	case LEXER_COMMENT:
		return '*';
	case LEXER_NOTHING:
		break;
	}
	if (state->depth > 0)
		return '(';
	return state->head == HEAD_NONE ? '=' : '-';
}
