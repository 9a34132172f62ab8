/* sql/scope_read.h - FROM lists, WITH lists and select lists as items and
 * columns: the inside of sql/scope, and nobody else's.
 */
#ifndef SQL_SCOPE_READ_H
#define SQL_SCOPE_READ_H

#include "base/vec.h"
#include "sql/parens.h"
#include "sql/scope.h"

/* More than any person reads; they keep hostile texts from costing more than
 * their length. */
enum {
	SCOPE_NESTING_MAX = 40,  /* of queries in queries */
	SCOPE_ITEMS_MAX = 1000,  /* tables of one statement */
	SCOPE_CTES_MAX = 1000,   /* of one statement */
	SCOPE_COLUMNS_MAX = 2000 /* of one relation; Redshift: 1,600 */
};

struct scope_range { /* words [from..to) */
	size_t from, to;
};

struct scope_names {
	VEC(const char *);
};

struct scope {
	struct parens words;
	struct {
		VEC(struct scope_item);
	} items;
	struct {
		VEC(struct scope_item);
	} ctes;
	struct {
		VEC(struct scope_output);
	} outputs;
	struct scope_names listed, merged, windows; /* NULL-ended at last */
	struct {
		VEC(void *);
	} kept; /* all that items point to */
	size_t cursor;
};

/* A name's text as it is meant, kept with the scope. */
const char *scope_keep_name(struct scope *scope, size_t at);

bool scope_is_query(const struct scope *scope, struct scope_range range);

/* The part of range that begins at from, ended by UNION and the like. */
struct scope_range scope_part(const struct scope *scope,
			      struct scope_range range, size_t from);

/* Adds all tables of one part of a query or of one statement. */
void scope_read_part(struct scope *scope, struct scope_range part, int depth,
		     int nesting);

/* Adds the CTEs of a query, those that begin before the word at until, and
 * returns where its SELECT begins. out_inside: the body of the CTE that word
 * is in, from 0 to 0 when in none. */
size_t scope_read_with(struct scope *scope, struct scope_range query,
		       int nesting, struct scope_range *out_inside);

/* Calls add for each expression of the select list that begins at part. */
void scope_read_outputs(struct scope *scope, struct scope_range part,
			void (*add)(void *context, struct scope_range range),
			void *context);

/* What is said about the expression range: its name and alias. */
struct scope_output scope_describe(struct scope *scope,
				   struct scope_range range);

#endif
