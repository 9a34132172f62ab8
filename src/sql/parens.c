#include "sql/parens.h"

#include <string.h>

#include "base/str.h"
#include "sql/keyword.h"
#include "sql/lexer.h"

enum { ROLE_BYTES = 10 }; /* the longest word of the table */

/* Sorted by length, then text: most words are told by their length alone. */
static const struct {
	const char *text;
	enum parens_role role;
} roles[] = {
	{ "AS", ROLE_AS },
	{ "AT", ROLE_AT },
	{ "BY", ROLE_BY },
	{ "IN", ROLE_OPERATOR },
	{ "IS", ROLE_OPERATOR },
	{ "ON", ROLE_ON },
	{ "OR", ROLE_OPERATOR },
	{ "TO", ROLE_OPERATOR },
	{ "ALL", ROLE_DISTINCT },
	{ "AND", ROLE_OPERATOR },
	{ "END", ROLE_END },
	{ "NOT", ROLE_OPERATOR },
	{ "SET", ROLE_SET },
	{ "TOP", ROLE_TOP },
	{ "CASE", ROLE_CASE },
	{ "COPY", ROLE_TARGET },
	{ "ELSE", ROLE_OPERATOR },
	{ "FROM", ROLE_FROM },
	{ "FULL", ROLE_JOIN_KIND },
	{ "INTO", ROLE_TARGET },
	{ "JOIN", ROLE_JOIN },
	{ "LEFT", ROLE_JOIN_KIND },
	{ "LIKE", ROLE_OPERATOR },
	{ "THEN", ROLE_OPERATOR },
	{ "TRIM", ROLE_FROM_CALL },
	{ "WHEN", ROLE_CLAUSE },
	{ "WITH", ROLE_WITH },
	{ "CROSS", ROLE_JOIN_KIND },
	{ "FETCH", ROLE_CLAUSE },
	{ "GRANT", ROLE_GRANT },
	{ "GROUP", ROLE_CLAUSE },
	{ "ILIKE", ROLE_OPERATOR },
	{ "INNER", ROLE_JOIN_KIND },
	{ "LIMIT", ROLE_CLAUSE },
	{ "MINUS", ROLE_SET_OPERATOR },
	{ "ORDER", ROLE_CLAUSE },
	{ "PIVOT", ROLE_PIVOT },
	{ "RIGHT", ROLE_JOIN_KIND },
	{ "START", ROLE_CLAUSE },
	{ "TABLE", ROLE_TARGET },
	{ "UNION", ROLE_SET_OPERATOR },
	{ "USING", ROLE_USING },
	{ "WHERE", ROLE_WHERE },
	{ "EXCEPT", ROLE_SET_OPERATOR },
	{ "FILTER", ROLE_FILTER },
	{ "HAVING", ROLE_CLAUSE },
	{ "OFFSET", ROLE_CLAUSE },
	{ "REVOKE", ROLE_GRANT },
	{ "SELECT", ROLE_SELECT },
	{ "UPDATE", ROLE_TARGET },
	{ "VALUES", ROLE_VALUES },
	{ "WINDOW", ROLE_WINDOW },
	{ "BETWEEN", ROLE_OPERATOR },
	{ "CONNECT", ROLE_CLAUSE },
	{ "EXCLUDE", ROLE_EXCLUDE },
	{ "EXTRACT", ROLE_FROM_CALL },
	{ "LATERAL", ROLE_LATERAL },
	{ "NATURAL", ROLE_JOIN_KIND },
	{ "OVERLAY", ROLE_FROM_CALL },
	{ "QUALIFY", ROLE_CLAUSE },
	{ "SIMILAR", ROLE_OPERATOR },
	{ "UNPIVOT", ROLE_PIVOT },
	{ "DISTINCT", ROLE_DISTINCT },
	{ "POSITION", ROLE_FROM_CALL },
	{ "INTERSECT", ROLE_SET_OPERATOR },
	{ "RECURSIVE", ROLE_RECURSIVE },
	{ "SUBSTRING", ROLE_FROM_CALL },
};

static enum parens_role role_of(const char *text, size_t len)
{
	if (len < 2 || len > ROLE_BYTES)
		return ROLE_NAME;
	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		char first = roles[i].text[0];

		if ((*text | 0x20) != (first | 0x20))
			continue;
		if (str_slice_equal_nocase(text, len, roles[i].text))
			return roles[i].role;
	}
	return ROLE_NAME;
}

/* ---- access ---- */

enum parens_role parens_role(const struct parens *parens, size_t at)
{
	return at < parens->count ? (enum parens_role)parens->items[at].role
				  : ROLE_OTHER;
}

bool parens_is_char(const struct parens *parens, size_t at, char c)
{
	const struct parens_word *word;

	if (at >= parens->count)
		return false;
	word = &parens->items[at];
	return (word->kind == TOKEN_PUNCT || word->kind == TOKEN_OPERATOR) &&
	       word->len == 1 && parens->sql[word->at] == c;
}

bool parens_is(const struct parens *parens, size_t at, const char *text)
{
	const struct parens_word *word;

	if (at >= parens->count)
		return false;
	word = &parens->items[at];
	return word->kind == TOKEN_WORD &&
	       str_slice_equal_nocase(parens->sql + word->at, word->len, text);
}

bool parens_is_name(const struct parens *parens, size_t at)
{
	const struct parens_word *word;

	if (at >= parens->count)
		return false;
	word = &parens->items[at];
	if (word->kind == TOKEN_NAME || word->kind == TOKEN_TEMP)
		return true;
	return word->kind == TOKEN_WORD &&
	       (word->role == ROLE_NAME ||
		!keyword_is_reserved(parens->sql + word->at, word->len));
}

size_t parens_skip(const struct parens *parens, size_t at, size_t to)
{
	if (parens_is_char(parens, at, '(')) {
		const struct parens_word *word = &parens->items[at];
		size_t behind = word->torn ? word->close : word->close + 1;

		if (behind <= at)
			behind = at + 1;
		return behind < to ? behind : to;
	}
	return at + 1;
}

bool parens_hold(const struct parens *parens, size_t open, size_t cursor)
{
	const struct parens_word *word = &parens->items[open];

	return cursor > word->at && (word->close >= parens->count ||
				     cursor <= parens->items[word->close].at);
}

size_t parens_start(const struct parens *parens, size_t at)
{
	if (at < parens->count)
		return parens->items[at].at;
	return parens->count > 0 ? parens_end(parens, parens->count - 1) : 0;
}

size_t parens_end(const struct parens *parens, size_t at)
{
	return parens->items[at].at + parens->items[at].len;
}

/* ---- reading ---- */

struct open {
	VEC(size_t);
};

static void close_one(struct parens *parens, struct open *open, bool torn)
{
	struct parens_word *word = &parens->items[open->items[--open->count]];

	word->close = (uint32_t)parens->count;
	word->torn = torn;
}

/* Whether the clause word now read cannot stand in the parenthesis at open:
 * FROM where no query began, SELECT behind something else. */
static bool tears(const struct parens *parens, size_t open,
		  enum parens_role role)
{
	size_t first = open + 1;
	enum parens_role inside = parens_role(parens, first);
	enum parens_role before =
		open > 0 ? parens_role(parens, open - 1) : ROLE_OTHER;
	size_t last = parens->count - 1;

	if (inside == ROLE_SELECT || inside == ROLE_WITH)
		return false;
	switch (role) {
	case ROLE_FROM:
		return before != ROLE_FROM_CALL && before != ROLE_FROM &&
		       before != ROLE_JOIN;
	case ROLE_WHERE:
		return before != ROLE_FILTER;
	case ROLE_SELECT:
		return first < parens->count &&
		       parens_role(parens, last) != ROLE_SET_OPERATOR &&
		       parens_role(parens, last) != ROLE_DISTINCT &&
		       parens_role(parens, last) != ROLE_AS;
	default:
		return false;
	}
}

static void add_word(struct parens *parens, struct open *open,
		     const struct token *token)
{
	struct parens_word word = {
		.at = (uint32_t)token->at,
		.len = (uint32_t)token->len,
		.kind = (uint8_t)token->kind,
		.role = ROLE_OTHER,
	};

	if (token->kind == TOKEN_NAME || token->kind == TOKEN_TEMP)
		word.role = ROLE_NAME;
	/* Behind a dot every word is a name, unless a blank is between. */
	if (token->kind == TOKEN_WORD) {
		bool dotted =
			parens->count > 0 &&
			parens_is_char(parens, parens->count - 1, '.') &&
			parens_end(parens, parens->count - 1) == token->at;

		word.role =
			(uint8_t)(dotted ? ROLE_NAME
					 : role_of(token->text, token->len));
	}
	if (word.role == ROLE_FROM || word.role == ROLE_WHERE ||
	    word.role == ROLE_SELECT)
		while (open->count > 0 &&
		       tears(parens, open->items[open->count - 1],
			     (enum parens_role)word.role))
			close_one(parens, open, true);
	if (token_is_char(token, '('))
		vec_push(open, parens->count);
	if (token_is_char(token, ')') && open->count > 0)
		close_one(parens, open, false);
	vec_push(parens, word);
}

void parens_read(struct parens *parens, const char *sql, size_t len,
		 size_t cursor)
{
	struct open open = { 0 };
	struct lexer lexer;
	struct token token;

	parens->sql = sql;
	if (len >= UINT32_MAX)
		return;
	lexer_init(&lexer, sql, len, LEXER_ESCAPES | LEXER_VARIABLES, NULL);
	while ((token = lexer_next_solid(&lexer)).kind != TOKEN_END) {
		if (token_is_char(&token, ';')) {
			if (token.at >= cursor)
				break;
			vec_clear(parens);
			vec_clear(&open);
			continue;
		}
		add_word(parens, &open, &token);
	}
	while (open.count > 0)
		close_one(parens, &open, false);
	vec_done(&open);
}

void parens_done(struct parens *parens)
{
	vec_done(parens);
}
