/* sql/scope.h - which tables a statement names around the cursor.
 *
 * Tables, aliases, common table expressions and subqueries visible where the
 * cursor stands, innermost first, and what the text tells about their
 * columns. Reads the whole statement, so the FROM may come after the cursor.
 * Tolerates unfinished text. Pure; cost linear in the bytes.
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
	SCOPE_UNNEST,   /* t.items AS i, t an alias before it */
};

/* Names are as written without quotes, folded unless they were quoted. */
struct scope_table {
	const char *database; /* of a three-part name, or "" */
	const char *schema;   /* or "" */
	const char *name;     /* "" when there is none */
};

struct scope_column {             /* of a CTE, a subquery or a list of names */
	const char *name;         /* "": all columns of table, in order */
	struct scope_table table; /* where it is taken from, as far as the
				   * text tells; else with name "" */
	const char *of;           /* the column's name there */
	/* Of "": the columns left out by EXCLUDE, NULL-ended, or NULL. */
	const char *const *except;
};

struct scope_item {
	enum scope_kind kind;
	struct scope_table table; /* name "" for a subquery */
	const char *alias;        /* what qualifies its columns: "" only for a
			    * subquery without alias */
	bool aliased;             /* an alias is written */
	int depth;      /* 0: the cursor's own SELECT, 1 around it ... */
	size_t at, end; /* bytes of the text, behind the alias */
	/* NATURAL JOIN: columns that it has in common with those before it at
	 * its depth are one. */
	bool natural;
	bool target;    /* of UPDATE, DELETE, MERGE, INSERT, COPY */
	/* Its columns where the text tells them; known false: the catalog
	 * does (of a table), or nobody. */
	bool known;
	const struct scope_column *columns;
	size_t column_count;
};

struct scope_output {     /* one of the cursor's own select list */
	const char *name; /* what it is called, or "" */
	size_t at, len;   /* the expression without its alias */
	bool aliased;     /* AS name, or a name behind it */
	bool plain;       /* only a column */
	bool star;
};

struct scope;

/* cursor: offset in sql. sql may hold several statements; the one around
 * the cursor counts. */
struct scope *scope_new(const char *sql, size_t len, size_t cursor);
void scope_free(struct scope *scope);
CLEANUP_FREE(struct scope, scope_free, scope_freep)

/* Tables and the like, innermost first, in order of appearance; without the
 * one whose name is being typed. */
size_t scope_count(const struct scope *scope);
const struct scope_item *scope_item(const struct scope *scope, size_t at);

/* By alias or, when it has none, table name. NULL: none. */
const struct scope_item *scope_find(const struct scope *scope,
				    const char *alias);

/* CTEs that a FROM at the cursor could read, as items of their own. */
size_t scope_cte_count(const struct scope *scope);
const struct scope_item *scope_cte(const struct scope *scope, size_t at);

/* The select list around the cursor's place, in order. */
size_t scope_output_count(const struct scope *scope);
const struct scope_output *scope_output(const struct scope *scope, size_t at);

/* NULL-ended names: those already listed in the parentheses, or behind the
 * SET, in which the cursor stands; those merged by JOIN ... USING; those of
 * WINDOW name AS (...). */
const char *const *scope_listed(const struct scope *scope);
const char *const *scope_merged(const struct scope *scope);
const char *const *scope_windows(const struct scope *scope);

#endif
