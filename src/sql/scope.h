/* sql/scope.h - which tables a statement names around the cursor.
 *
 * Tables, aliases, common table expressions and subqueries visible where the
 * cursor stands, innermost first. Reads the whole statement, so the FROM may
 * come after the cursor. Tolerates unfinished text. Pure.
 */
#ifndef SQL_SCOPE_H
#define SQL_SCOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

enum scope_kind {
	SCOPE_TABLE,    /* schema.name in the catalog */
	SCOPE_CTE,      /* WITH name AS (...) used in FROM */
	SCOPE_SUBQUERY, /* (SELECT ...) alias */
	SCOPE_FUNCTION, /* f(...) alias */
};

struct scope_item {
	enum scope_kind kind;
	const char *database; /* of a three-part name, or "" */
	const char *schema;   /* as written without quotes, folded; or "" */
	const char *name;     /* "" for a subquery */
	const char *alias;    /* what qualifies its columns: never "" but
				 * for a subquery without alias */
	int depth;            /* 0: the cursor's own SELECT, 1 around it ... */
	/* Known output columns of a CTE or subquery, NULL-ended; "*" stands
	 * for all columns of its own tables. NULL for tables. */
	const char *const *columns;
	/* For "*" above: the tables that subquery reads, NULL-ended, as
	 * "schema.name" or "name", quoted when needed. */
	const char *const *sources;
};

struct scope;

/* cursor: offset in sql. sql may hold several statements; the one around
 * the cursor counts. */
struct scope *scope_new(const char *sql, size_t len, size_t cursor);
void scope_free(struct scope *scope);
CLEANUP_FREE(struct scope, scope_free, scope_freep)

/* Tables and the like, innermost first, in order of appearance. */
size_t scope_count(const struct scope *scope);
const struct scope_item *scope_item(const struct scope *scope, size_t at);

/* By alias or, when it has none, table name. NULL: none. */
const struct scope_item *scope_find(const struct scope *scope,
				    const char *alias);

/* Names of the CTEs that a FROM at the cursor could read, NULL-ended. */
const char *const *scope_ctes(const struct scope *scope);

#endif
