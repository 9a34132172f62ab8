/* sql/parens.h - one statement as words that know their parenthesis:
 * what sql/scope reads.
 *
 * A parenthesis that is never closed ends where a clause begins that cannot
 * stand in it ("select sum(| from t"), else at the end.
 */
#ifndef SQL_PARENS_H
#define SQL_PARENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

enum parens_role {             /* what a word means to sql/scope */
		   ROLE_OTHER, /* no name, no keyword that counts */
		   ROLE_NAME,  /* may be a name */
		   ROLE_SELECT,
		   ROLE_WITH,
		   ROLE_RECURSIVE,
		   ROLE_FROM,
		   ROLE_JOIN,
		   ROLE_JOIN_KIND, /* LEFT, NATURAL ... */
		   ROLE_TARGET,    /* INTO, UPDATE, COPY, TABLE */
		   ROLE_USING,
		   ROLE_ON,
		   ROLE_WHERE,
		   ROLE_CLAUSE, /* GROUP, ORDER, LIMIT ... */
		   ROLE_BY,
		   ROLE_WINDOW,
		   ROLE_SET_OPERATOR, /* UNION, EXCEPT ... */
		   ROLE_SET,
		   ROLE_VALUES,
		   ROLE_AS,
		   ROLE_AT,
		   ROLE_PIVOT,
		   ROLE_DISTINCT, /* and ALL */
		   ROLE_TOP,
		   ROLE_CASE,
		   ROLE_END,
		   ROLE_LATERAL,
		   ROLE_GRANT,
		   ROLE_FROM_CALL, /* EXTRACT(x FROM y) and its like */
		   ROLE_FILTER,
		   ROLE_OPERATOR, /* AND, IS, THEN ... */
		   ROLE_EXCLUDE,
};

struct parens_word {
	uint32_t at, len;
	uint32_t close; /* of "(": index of its ")", or where it is torn */
	uint8_t kind;   /* enum token_kind */
	uint8_t role;
	bool torn;
};

struct parens {
	const char *sql;
	VEC(struct parens_word);
};

/* Reads the statement of sql around the cursor. */
void parens_read(struct parens *parens, const char *sql, size_t len,
		 size_t cursor);
void parens_done(struct parens *parens);

enum parens_role parens_role(const struct parens *parens, size_t at);
bool parens_is_char(const struct parens *parens, size_t at, char c);
bool parens_is(const struct parens *parens, size_t at, const char *text);

/* May be a name: ROLE_NAME, quoted, or an unreserved keyword. */
bool parens_is_name(const struct parens *parens, size_t at);

/* The index behind the word, or behind the pair of parentheses it opens. */
size_t parens_skip(const struct parens *parens, size_t at, size_t to);

/* The cursor is between the parenthesis at open and its partner. */
bool parens_hold(const struct parens *parens, size_t open, size_t cursor);

/* Offsets of a word and behind it; behind the last: the end of the text. */
size_t parens_start(const struct parens *parens, size_t at);
size_t parens_end(const struct parens *parens, size_t at);

#endif
