/* complete/source.h - who supplies what: a table from what may stand at the
 * cursor to the function that offers it.
 */
#ifndef COMPLETE_SOURCE_H
#define COMPLETE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "complete/complete.h"
#include "complete/offer.h"
#include "sql/expect.h"

struct columns;
struct scope;

struct source_ask { /* one question */
	const struct complete_source *from;
	const char *sql; /* the text around the cursor */
	size_t len, cursor;
	struct expect expect;
	/* Words that sql/expect guessed, the likeliest first. */
	const char *const *guessed;
	bool first;              /* at the first word of a statement */
	bool ranked_words;       /* those of expect are in such an order too */
	struct scope *scope;     /* made when first needed: source_scope */
	struct str whole;        /* sql with the open name closed, for scope */
	struct columns *columns; /* likewise, by complete/columns */
	struct str prefix;       /* what is typed, decoded */
	struct complete_list *list;
};

/* Offers all that fits at the cursor of sql, which may be an argument's SQL;
 * offset is where sql begins in the text that list's range counts in. */
void source_complete_sql(const struct complete_source *from, const char *sql,
			 size_t len, size_t cursor, size_t offset,
			 struct complete_list *list);

/* The same for a text that is one query. */
void source_complete_query(const struct complete_source *from, const char *sql,
			   size_t len, size_t cursor,
			   struct complete_list *list);

/* Names by what is typed of them, qualified or not, for arguments that are
 * names. kinds: a set of EXPECT_TABLE, EXPECT_VIEW, EXPECT_SCHEMA,
 * EXPECT_PROCEDURE, EXPECT_USER, EXPECT_DATABASE, EXPECT_TYPE,
 * EXPECT_SETTING; others: of 1 << SYNTAX_GROUP and the like, see
 * clause_offer_names. */
void source_complete_name(const struct complete_source *from, unsigned kinds,
			  uint64_t others, const char *text, size_t len,
			  size_t offset, struct complete_list *list);

/* The tables around the cursor, and the text that offsets in it go into. */
struct scope *source_scope(struct source_ask *ask);
const char *source_scope_text(const struct source_ask *ask);

/* An offer of names of a kind, written as SQL has names. */
struct complete_offer source_offer(const struct source_ask *ask,
				   enum complete_kind kind);

/* Keywords are written in capitals, as the text around the cursor has them. */
bool source_is_upper(const struct source_ask *ask);

/* S3 names for a URI: typed is decoded, from "s3://" on; quote and style say
 * where it stands. */
void source_offer_s3(const struct complete_source *from, const char *typed,
		     struct complete_offer *offer);

#endif
