/* catalog/lookup_inner.h - what the files of lookup share; nobody else's.
 */
#ifndef CATALOG_LOOKUP_INNER_H
#define CATALOG_LOOKUP_INNER_H

#include "base/str.h"
#include "base/vec.h"
#include "catalog/lookup.h"

struct lite;
struct lite_query;
struct map;
struct seen;
struct seen_relation;
struct used;

struct lookup {
	struct lite *lite;
	const struct seen *seen; /* NULL: nothing lies over the cache */
	bool damaged;
	struct used *used;
	char *database;
	char *path_text; /* NULL: as harvested */
	bool path_read;
	struct {
		VEC(char *);
	} path; /* schemas, nearest first */
};

/* The names of the search path, read when needed; pg_catalog is not in it
 * unless it is named. */
void lookup_read_path(struct lookup *lookup);
bool lookup_is_on_path(struct lookup *lookup, const char *schema);

/* The current database; "": none is known. */
const char *lookup_database(struct lookup *lookup);

/* The id of a relation as lookup_relation finds it; 0: none. out_schema may be
 * NULL. */
int64_t lookup_relation_id(struct lookup *lookup, const char *schema,
			   const char *name, struct str *out_schema);

/* What lies over the cache in place of schema.name, schema NULL or "": what
 * needs none. NULL: the cache counts. Perhaps a dropped one. */
const struct seen_relation *lookup_seen(struct lookup *lookup,
					const char *schema, const char *name);
void lookup_read_seen(struct lookup *lookup,
		      const struct seen_relation *relation,
		      struct lookup_name *out);

/* lite_step for look-ups: notes damage; true: a row. */
bool lookup_step(struct lookup *lookup, struct lite_query *query);

/* A prepared statement with ?9 bound to the current database, or NULL. */
struct lite_query *lookup_query(struct lookup *lookup, const char *sql);

/* The columns every query of names gives: schema, name, detail, comment,
 * relation, kind, marks, position. */
void lookup_read_name(struct lite_query *query, struct lookup_name *out);

#endif
