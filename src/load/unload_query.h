/* load/unload_query.h - the query that UNLOAD gets.
 *
 * r_UNLOAD: no LIMIT in the outermost SELECT, nest it. So LIMIT, OFFSET and
 * TOP there go into a derived table, with the ORDER BY again around it where
 * that names results: numbers, or names that the select list ends an item
 * with. Pure.
 */
#ifndef LOAD_UNLOAD_QUERY_H
#define LOAD_UNLOAD_QUERY_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct copy_args;

struct unload_query {
	struct str text;	/* without semicolon */
	bool wrapped;		/* what limits it went into a derived table */
	bool ordered;		/* rows have an order at the outermost level */
};

#define UNLOAD_QUERY_EMPTY                                                     \
	{                                                                      \
		.text = STR_EMPTY                                              \
	}

void unload_query_done(struct unload_query *query);

/* args->table or args->query; *out is UNLOAD_QUERY_EMPTY. ERR_USAGE: none, or
 * it is no query. */
bool unload_query_make(struct unload_query *out, const struct copy_args *args,
		       struct err *err);

#endif
