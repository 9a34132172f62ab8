/* catalog/seen.h - relations that this session's statements made, changed or
 * dropped, and that no other session can see yet.
 *
 * Lies over the cache: temporary tables for as long as the session lasts, the
 * rest until it is committed and read from the server again. Filled from the
 * text of statements that succeeded; the server is never asked.
 */
#ifndef CATALOG_SEEN_H
#define CATALOG_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/vec.h"
#include "catalog/lookup.h"

struct seen_column {
	char *name;
	char *type; /* "" where the text does not tell */
};

struct seen_relation {
	char *schema; /* "": it needs none */
	char *name;
	enum lookup_kind kind;
	bool temporary;
	bool dropped; /* hides what the cache has */
	struct {
		VEC(struct seen_column);
	} columns;
};

struct seen;

struct seen *seen_new(void);
void seen_free(struct seen *seen); /* NULL is fine */
CLEANUP_FREE(struct seen, seen_free, seen_freep)

/* A statement succeeded; in_block: it is not committed yet. lookup tells the
 * columns of relations that it names. */
void seen_statement(struct seen *seen, struct lookup *lookup, const char *sql,
		    size_t len, bool in_block);
void seen_commit(struct seen *seen);
void seen_rollback(struct seen *seen);

/* What is committed stands in the cache now. */
void seen_settle(struct seen *seen);

size_t seen_count(const struct seen *seen);
const struct seen_relation *seen_at(const struct seen *seen, size_t at);

/* The relation that schema.name means; schema "": those that need none.
 * Perhaps a dropped one. NULL: the cache knows. */
const struct seen_relation *seen_find(const struct seen *seen,
				      const char *schema, const char *name);

#endif
