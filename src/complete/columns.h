/* complete/columns.h - the columns of what a statement names: from its text as
 * far as that tells, else from the catalog's cache; and offers of them.
 */
#ifndef COMPLETE_COLUMNS_H
#define COMPLETE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/vec.h"

struct complete_offer;
struct columns;
struct scope_item;
struct source_ask;

struct column { /* texts are never NULL */
	char *name;
	char *type;
	char *comment;
	unsigned marks; /* enum lookup_mark */
	int used;
};

struct column_list {
	VEC(struct column);
};

/* What was looked up for one question. */
struct columns *columns_new(void);
void columns_free(struct columns *columns);
CLEANUP_FREE(struct columns, columns_free, columns_freep)

/* In order; borrowed until the question is done. */
const struct column_list *columns_of(struct source_ask *ask,
				     const struct scope_item *item);

/* Of the table named text, with or without schema. */
const struct column_list *columns_of_name(struct source_ask *ask,
					  const char *text, size_t len);

/* Whether name alone does not mean item's column: another table has it at the
 * same depth, or one further in, which hides it. */
bool columns_is_shared(struct source_ask *ask, const struct scope_item *item,
		       const char *name);

/* Whether the cursor's query has the column from several tables as one, by
 * JOIN ... USING or NATURAL JOIN. */
bool columns_is_merged(struct source_ask *ask, const char *name);

/* Offers what may stand at the cursor: the columns of the qualifier, of the
 * statement's table, or of all tables in scope, these with their alias where
 * the name alone would be ambiguous. */
void columns_offer(struct source_ask *ask);

/* The aliases in scope, each with its dot. */
void columns_offer_aliases(struct source_ask *ask);

#endif
