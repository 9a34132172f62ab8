/* sql/follow.h - what may follow in a statement that sql/syntax describes.
 *
 * Walks the tokens before the cursor along all rows that fit them, and tells
 * which words, values and names may come next. Pure; linear in the tokens.
 */
#ifndef SQL_FOLLOW_H
#define SQL_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "sql/syntax.h"

struct follow_name { /* as typed, into the text */
	const char *text;
	size_t len;
};

struct follow_words {
	VEC(char *);
};

struct follow {
	/* Some row fits all tokens so far. false: sql/expect may know. */
	bool known;
	/* The cursor is inside a query or an expression, where sql/expect
	 * counts; words then are what may come behind it. */
	bool deep;
	uint64_t kinds;               /* of 1 << enum syntax_kind */
	struct follow_words words;    /* "NOT NULL", "DISTKEY(" */
	struct follow_words literals; /* without quotes */
	struct follow_name about;     /* relation or setting named last */
	struct follow_name first;     /* and first */
	struct {
		VEC(struct follow_name);
	} own; /* new columns so far */
};

#define FOLLOW_EMPTY                                                           \
	{                                                                      \
		.known = false                                                 \
	}

/* cursor: where the word at the cursor begins, its quote and its schema
 * included. out is FOLLOW_EMPTY; its names go into sql. */
void follow_at(const char *sql, size_t cursor, struct follow *out);
void follow_done(struct follow *follow);

bool follow_has(const struct follow *follow, enum syntax_kind kind);

#endif
