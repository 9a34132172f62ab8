/* sql/expect_items.h - the text before the cursor as levels of items: the
 * inside of sql/expect.
 *
 * A name with its dots is one item, a closed pair of parentheses is one; so
 * what is left are the levels of parentheses in which the cursor stands.
 */
#ifndef SQL_EXPECT_ITEMS_H
#define SQL_EXPECT_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

enum item_kind {
	ITEM_WORD,   /* keyword or name without quotes or dots */
	ITEM_NAME,   /* quoted or of several parts */
	ITEM_VALUE,  /* literal, number, variable */
	ITEM_STAR,   /* * or t.*, not the operator */
	ITEM_PARENS, /* ( ... ) */
	ITEM_COMMA,
	ITEM_OPERATOR,
	ITEM_CAST,
	ITEM_DOT, /* behind an expression: list[0]. */
};

struct item {
	enum item_kind kind;
	const char *text;
	size_t len;
};

struct level { /* one level of items */
	const struct item *items;
	size_t count;
};

enum item_typing {                 /* what is being typed at the cursor */
		   TYPING_NOTHING, /* blank or punctuation before the cursor */
		   TYPING_WORD,
		   TYPING_NAME,     /* "... */
		   TYPING_LITERAL,  /* '... */
		   TYPING_DOLLAR,   /* $$... */
		   TYPING_VARIABLE, /* :x :'x :"x */
		   TYPING_STAR,     /* right behind ITEM_STAR */
		   TYPING_INSIDE,   /* a comment or number */
};

struct items {
	VEC(struct item);
	struct {
		VEC(size_t);
	} levels; /* where each open level begins */
	/* A name is unfinished: "a." was read. */
	bool dotted;
	size_t dotted_at; /* item of the name */
	enum item_typing typing;
	size_t start; /* of what is typed, behind an opening quote */
	char quote;   /* that quote or 0 */
};

/* Reads all tokens of sql before the cursor but the one being typed. */
void items_read(struct items *items, const char *sql, size_t cursor);
void items_done(struct items *items);

/* Level number depth, 0 the outermost; the innermost is levels.count. */
struct level items_level(const struct items *items, size_t depth);

bool item_is(const struct item *item, const char *word);

/* The last item, never NULL. */
const struct item *level_last(const struct level *level);
bool level_last_is(const struct level *level, const char *word);
bool level_head_is(const struct level *level, const char *word);

/* By the patterns of sql/expect_table. */
bool level_matches(const struct level *level, const char *pattern);

#endif
