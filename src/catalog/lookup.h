/* catalog/lookup.h - prefix queries on the cached catalog.
 *
 * One handle per thread. Every call is a bounded indexed query of SQLite; a
 * cache that is empty or broken gives no rows, never an error. Names compare
 * without case in ASCII, as Redshift folds them.
 */
#ifndef CATALOG_LOOKUP_H
#define CATALOG_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct lookup;

enum lookup_kind {
	LOOKUP_TABLE,
	LOOKUP_VIEW,
	LOOKUP_EXTERNAL,
};

struct lookup_name {        /* borrowed for the call of each */
	const char *schema; /* "" where it has none */
	const char *name;
	const char *detail;    /* type of a column, arguments of a function */
	enum lookup_kind kind; /* of relations */
	bool on_path;          /* of relations: needs no schema */
};

typedef void lookup_each(void *context, const struct lookup_name *name);

struct lookup *lookup_open(const char *path, struct err *err);
void lookup_close(struct lookup *lookup); /* NULL is fine */
CLEANUP_FREE(struct lookup, lookup_close, lookup_closep)

/* Each calls each at most limit times, in name order. schema NULL: those on
 * the search path first, then all. Returns how many. */
size_t lookup_schemas(struct lookup *lookup, const char *prefix, size_t limit,
		      lookup_each *each, void *context);
size_t lookup_relations(struct lookup *lookup, const char *schema,
			const char *prefix, size_t limit, lookup_each *each,
			void *context);
size_t lookup_functions(struct lookup *lookup, const char *schema,
			const char *prefix, size_t limit, lookup_each *each,
			void *context);
size_t lookup_databases(struct lookup *lookup, const char *prefix, size_t limit,
			lookup_each *each, void *context);
size_t lookup_users(struct lookup *lookup, const char *prefix, size_t limit,
		    lookup_each *each, void *context);

/* Columns of one relation in table order. schema NULL: the first such name
 * on the search path, else anywhere. */
size_t lookup_columns(struct lookup *lookup, const char *schema,
		      const char *relation, lookup_each *each, void *context);

/* When the last complete harvest ended; 0: never. */
int64_t lookup_harvested_ms(struct lookup *lookup);

#endif
