/* How: bytes of the text are pending until it is known that they count, then
 * they are copied. Each open parenthesis, and each CASE, is a level with a
 * list of its own; where an element of it ends, what was copied since its
 * begin is taken back, or stays. */
#include "sql/excerpt.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/vec.h"
#include "sql/lexer.h"

enum { LEVELS_MAX = 200 };

/* A list: its elements, or the parts that UNION and its like make. */
struct list {
	size_t from;  /* in own: where the one under way begins */
	size_t count; /* of those before that were kept */
	bool pinned;  /* the cursor is in it */
};

struct level {
	bool is_case; /* CASE ... END, not a parenthesis */
	bool clause;  /* the element holds one */
	struct list elements;
	struct list parts;
};

struct cut {
	const struct excerpt_limits *limits;
	struct excerpt *excerpt;
	struct lexer lexer;
	size_t cursor; /* in the lexer's text */
	size_t from;   /* [from, lexer.at) is pending */
	bool passed;   /* the cursor's place in own is known */
	bool lost;     /* too deep: no excerpt can be made */
	size_t depth;  /* levels[0..depth] are open */
	struct level levels[LEVELS_MAX];
};

enum word {
	WORD_PLAIN,
	WORD_ELEMENT, /* parts elements as a comma does */
	WORD_PART,
	WORD_CLAUSE,
	WORD_CASE,
	WORD_END,
};

static const struct {
	const char *text;
	enum word word;
} words[] = {
	{ "AND", WORD_ELEMENT },     { "CASE", WORD_CASE },
	{ "END", WORD_END },         { "EXCEPT", WORD_PART },
	{ "FROM", WORD_CLAUSE },     { "GROUP", WORD_CLAUSE },
	{ "HAVING", WORD_CLAUSE },   { "INTERSECT", WORD_PART },
	{ "INTO", WORD_CLAUSE },     { "JOIN", WORD_CLAUSE },
	{ "LIMIT", WORD_CLAUSE },    { "MINUS", WORD_PART },
	{ "ON", WORD_CLAUSE },       { "OR", WORD_ELEMENT },
	{ "ORDER", WORD_CLAUSE },    { "QUALIFY", WORD_CLAUSE },
	{ "SELECT", WORD_CLAUSE },   { "SET", WORD_CLAUSE },
	{ "UNION", WORD_PART },      { "USING", WORD_CLAUSE },
	{ "VALUES", WORD_CLAUSE },   { "WHEN", WORD_ELEMENT },
	{ "WHERE", WORD_CLAUSE },    { "WINDOW", WORD_CLAUSE },
	{ "WITH", WORD_CLAUSE },
};

enum { WORD_MAX_BYTES = 9 };

static enum word word_of(const char *text, size_t len)
{
	if (len < 2 || len > WORD_MAX_BYTES)
		return WORD_PLAIN;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if ((text[0] & ~0x20) == words[i].text[0] &&
		    str_slice_equal_nocase(text, len, words[i].text))
			return words[i].word;
	return WORD_PLAIN;
}

/* ---- what is kept ---- */

static void flush(struct cut *cut)
{
	str_add_slice(&cut->excerpt->own, cut->lexer.text + cut->from,
		      cut->lexer.at - cut->from);
	cut->from = cut->lexer.at;
}

/* Up to lexer.at all has been passed: also the cursor? */
static void note_cursor(struct cut *cut)
{
	if (cut->passed || cut->cursor > cut->lexer.at)
		return;
	cut->passed = true;
	flush(cut);
	cut->excerpt->cursor =
		cut->excerpt->own.len - (cut->lexer.at - cut->cursor);
	for (size_t i = 0; i <= cut->depth; i++)
		cut->levels[i].elements.pinned = cut->levels[i].parts.pinned =
			true;
}

static void begin_level(struct cut *cut, bool is_case)
{
	struct level *level = &cut->levels[cut->depth];

	*level = (struct level){ .is_case = is_case };
	level->elements.from = level->parts.from = cut->excerpt->own.len;
}

static void open_level(struct cut *cut, bool is_case)
{
	if (cut->depth + 1 == LEVELS_MAX) {
		cut->lost = true;
		return;
	}
	flush(cut);
	cut->depth++;
	begin_level(cut, is_case);
}

static void close_parens(struct cut *cut)
{
	size_t depth = cut->depth;

	while (depth > 0 && cut->levels[depth].is_case)
		depth--;
	if (depth > 0)
		cut->depth = depth - 1;
}

/* One of the list ends where the text from at on parts it from the next. true:
 * it is left out, with what parts it. */
static bool end_one(struct cut *cut, struct list *list, bool counts)
{
	bool left_out = !list->pinned && !counts &&
			list->count >= cut->limits->elements;

	if (left_out) {
		str_cut(&cut->excerpt->own, list->from);
		cut->from = cut->lexer.at;
	} else {
		flush(cut);
		list->count++;
	}
	list->pinned = false;
	list->from = cut->excerpt->own.len;
	return left_out;
}

static void end_element(struct cut *cut)
{
	struct level *level = &cut->levels[cut->depth];

	end_one(cut, &level->elements, level->clause);
	if (level->clause)
		level->elements.count = 0;
	level->clause = false;
}

static void end_part(struct cut *cut)
{
	struct level *level = &cut->levels[cut->depth];

	end_one(cut, &level->parts, false);
	level->clause = false;
	level->elements = (struct list){ .from = level->parts.from };
}

/* ---- tokens ---- */

/* The token from at on holds the cursor, or ends at it. */
static bool is_at_cursor(const struct cut *cut, size_t at)
{
	return cut->cursor > at && cut->cursor <= cut->lexer.at;
}

static void take_word(struct cut *cut, size_t at)
{
	size_t len = cut->lexer.at - at;

	if (is_at_cursor(cut, at))
		return; /* it is being typed */
	switch (word_of(cut->lexer.text + at, len)) {
	case WORD_PLAIN:
		break;
	case WORD_ELEMENT:
		end_element(cut);
		break;
	case WORD_PART:
		end_part(cut);
		break;
	case WORD_CLAUSE:
		cut->levels[cut->depth].clause = true;
		break;
	case WORD_CASE:
		open_level(cut, true);
		break;
	case WORD_END:
		if (cut->levels[cut->depth].is_case)
			cut->depth--;
		break;
	}
}

enum { BLANK = 1, WORD = 2 };

static const unsigned char class_of[256] = {
	['\t' ... '\r'] = BLANK, [' '] = BLANK,      ['0' ... '9'] = WORD,
	['A' ... 'Z'] = WORD,    ['a' ... 'z'] = WORD, ['_'] = WORD,
	['$'] = WORD,            [0x80 ... 0xff] = WORD,
};

static inline bool is_a(char c, int class)
{
	return class_of[(unsigned char)c] == class;
}

/* What stands for a long token. */
static const char *short_form(const struct token *token)
{
	switch (token->kind) {
	case TOKEN_COMMENT:
		return "\n";
	case TOKEN_LITERAL:
		return "''";
	case TOKEN_DOLLAR:
		return "$$$$";
	default:
		return NULL;
	}
}

/* Quotes, comments and whatever else a byte alone does not decide. */
static void take_token(struct cut *cut)
{
	size_t at = cut->lexer.at;
	struct token token = lexer_next(&cut->lexer);
	const char *form = short_form(&token);
	size_t end = cut->lexer.at;

	if (form == NULL || token.open ||
	    token.len <= cut->limits->token_bytes ||
	    is_at_cursor(cut, at))
		return;
	cut->lexer.at = at;
	flush(cut);
	str_add(&cut->excerpt->own, form);
	cut->lexer.at = cut->from = end;
}

/* false: the statement of the cursor ends here. */
static bool end_statement(struct cut *cut)
{
	if (cut->passed)
		return false;
	str_clear(&cut->excerpt->own);
	cut->from = cut->lexer.at;
	cut->depth = 0;
	begin_level(cut, false);
	return true;
}

static inline void skip_all(struct cut *cut, int class)
{
	const char *text = cut->lexer.text;
	size_t len = cut->lexer.len;
	size_t at = cut->lexer.at;

	while (at < len && is_a(text[at], class))
		at++;
	cut->lexer.at = at;
}

/* The byte behind the token at hand. */
static char next_byte(const struct cut *cut, size_t ahead)
{
	size_t at = cut->lexer.at + ahead;

	return at < cut->lexer.len ? cut->lexer.text[at] : '\0';
}

/* A word, unless it begins a literal: E'...', U&"..." */
static void take_word_like(struct cut *cut)
{
	size_t at = cut->lexer.at;
	char next;

	skip_all(cut, WORD);
	next = next_byte(cut, 0);
	if (next != '\'' && next != '"' && next != '&') {
		take_word(cut, at);
		return;
	}
	cut->lexer.at = at;
	take_token(cut);
}

static bool take_char(struct cut *cut)
{
	char c = next_byte(cut, 0);

	if (c == '\'' || c == '"' || c == '$' || c == ':' || c == '\\' ||
	    (c == '-' && next_byte(cut, 1) == '-') ||
	    (c == '/' && next_byte(cut, 1) == '*')) {
		take_token(cut);
		return true;
	}
	cut->lexer.at++;
	switch (c) {
	case '(':
		open_level(cut, false);
		break;
	case ')':
		close_parens(cut);
		break;
	case ',':
		end_element(cut);
		break;
	case ';':
		return end_statement(cut);
	default:
		break;
	}
	return true;
}

static void read_all(struct cut *cut)
{
	struct lexer *lexer = &cut->lexer;

	note_cursor(cut);
	while (lexer->at < lexer->len && !cut->lost) {
		size_t at = lexer->at;
		char c = lexer->text[at];

		if (is_a(c, BLANK)) {
			skip_all(cut, BLANK);
		} else if (is_a(c, WORD) && c != '$') {
			take_word_like(cut);
		} else if (!take_char(cut)) {
			lexer->at = at;
			break;
		}
		note_cursor(cut);
	}
	flush(cut);
}

void excerpt_make(struct excerpt *excerpt, const char *sql, size_t len,
		  size_t cursor, const struct excerpt_limits *limits)
{
	struct cut cut = { .limits = limits,
			   .excerpt = excerpt,
			   .cursor = cursor };

	*excerpt = (struct excerpt){ .text = sql,
				     .len = len,
				     .cursor = cursor,
				     .own = STR_EMPTY };
	if (len <= limits->text_bytes)
		return;
	lexer_init(&cut.lexer, sql, len, LEXER_ESCAPES | LEXER_VARIABLES, NULL);
	begin_level(&cut, false);
	read_all(&cut);
	if (cut.lost) {
		excerpt->cursor = cursor;
		return;
	}
	excerpt->text = excerpt->own.text;
	excerpt->len = excerpt->own.len;
}

void excerpt_done(struct excerpt *excerpt)
{
	str_done(&excerpt->own);
}
