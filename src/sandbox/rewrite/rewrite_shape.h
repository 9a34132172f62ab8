/* sandbox/rewrite/rewrite_shape.h - where the clauses of one SELECT stand.
 *
 * Reads the tokens of sandbox/rewrite/patch by nesting: a clause belongs to the
 * SELECT whose parentheses it stands in, ends at the next clause, a set
 * operator or the closing parenthesis. Changes nothing.
 */
#ifndef SANDBOX_REWRITE_REWRITE_SHAPE_H
#define SANDBOX_REWRITE_REWRITE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "sandbox/rewrite/patch.h"

enum shape_clause { /* as r_SELECT_synopsis orders them */
		    SHAPE_EXCLUDE,
		    SHAPE_INTO,
		    SHAPE_FROM,
		    SHAPE_WHERE,
		    SHAPE_START,
		    SHAPE_CONNECT,
		    SHAPE_GROUP,
		    SHAPE_HAVING,
		    SHAPE_QUALIFY,
		    SHAPE_ORDER,
		    SHAPE_LIMIT,
		    SHAPE_OFFSET,
		    SHAPE_CLAUSES
};

/* A clause with its keywords: [from, to), body behind the keywords. from ==
 * to: the SELECT has none. */
struct shape_part {
	size_t from;
	size_t body;
	size_t to;
};

struct shape {
	size_t select;           /* the word SELECT */
	struct patch_range top;  /* TOP n; from == to: none */
	bool distinct;           /* SELECT DISTINCT */
	struct patch_range list; /* the select list */
	struct shape_part parts[SHAPE_CLAUSES];
	size_t end;  /* the first token behind the SELECT */
	bool in_set; /* a side of UNION, INTERSECT, EXCEPT, MINUS: then
		      * ORDER BY and what follows are the whole query's */
};

/* Does a query begin with the word at? SELECT is a privilege too. */
bool shape_is_select(const struct patch *patch, size_t at);

/* The SELECT whose word stands at select. */
void shape_read(const struct patch *patch, size_t select, struct shape *out);

bool shape_has(const struct shape *shape, enum shape_clause clause);

/* Where ORDER BY, LIMIT and OFFSET begin, or end. */
size_t shape_tail(const struct shape *shape);

/* UNION, INTERSECT, EXCEPT or MINUS? */
bool shape_is_set_operator(const struct token *token);

/* The first token behind the SELECT that begins at select. */
size_t shape_select_end(const struct patch *patch, size_t select);

/* One item of a select list or of FROM: [from, expr_to) is the expression,
 * alias its name token or PATCH_NONE. */
struct shape_item {
	size_t from;
	size_t to;
	size_t expr_to;
	size_t alias;
};

/* Items parted by commas in range. At most max are stored, the true count is
 * returned. */
size_t shape_items(const struct patch *patch, struct patch_range range,
		   struct shape_item *out, size_t max);

/* Does a nested query begin at the '(' at? */
bool shape_is_subquery(const struct patch *patch, size_t at);

/* A name of any kind: word, quoted or #temp. */
bool shape_is_name(const struct token *token);

#endif
