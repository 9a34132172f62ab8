/* sandbox/rewrite/rewrite_from.h - which names the parts of a statement can
 * see.
 *
 * A scope is a SELECT with what its FROM lists, or the statement around with
 * the tables that UPDATE, DELETE and MERGE name. For rewrite*.c only.
 */
#ifndef SANDBOX_REWRITE_REWRITE_FROM_H
#define SANDBOX_REWRITE_REWRITE_FROM_H

#include "base/vec.h"
#include "sandbox/rewrite/rewrite_work.h"

enum scope_kind {
	SCOPE_TABLE,   /* a relation, a subquery, a call */
	SCOPE_UNNEST,  /* FROM t, t.list AS x [AT i]: x is a value */
	SCOPE_UNPIVOT, /* FROM t, UNPIVOT t.object AS x [AT k] */
};

struct scope_item {
	enum scope_kind kind;
	char *name;        /* alias, or the last part of the table's name */
	char *chain;       /* "schema.table" when no alias hides it, else "" */
	size_t from, to;   /* tokens of the table's name or of the path */
	size_t start;      /* first token of the item (UNPIVOT, or from) */
	size_t end;        /* behind the whole item */
	char *at;          /* name behind AT, NULL: none */
	bool catalog;      /* of the leader's catalog: its arrays are arrays */
};

struct scope {
	size_t from, to; /* tokens of it */
	size_t list;     /* first token of FROM's list, 0: none */
	size_t list_end;
	int depth;
	size_t parent; /* index; of the first: itself */
	VEC(struct scope_item);
};

struct scopes {
	VEC(struct scope); /* [0] is the whole statement */
	size_t *owner;     /* of each token, the index of its scope */
};

void scopes_init(struct scopes *scopes, struct work *work);
void scopes_done(struct scopes *scopes);

/* What name means at a scope, looking outwards; NULL: nothing in FROM. */
const struct scope_item *scopes_find(const struct scopes *scopes, size_t scope,
				     const char *name);

/* The same for "schema.table" and the like. */
const struct scope_item *scopes_find_chain(const struct scopes *scopes,
					   size_t scope, const char *chain);

/* Whether FROM, here or further out, lists anything but the catalog. */
bool scopes_has_tables(const struct scopes *scopes, size_t scope);

/* Behind the name, with its parts and [...], that begins at; at: none. */
size_t scope_path_end(const struct patch *patch, size_t at);

#endif
