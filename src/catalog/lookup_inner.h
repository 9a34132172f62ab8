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
struct used;

struct lookup {
	struct lite *lite;
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

/* A prepared statement with ?9 bound to the current database, or NULL. */
struct lite_query *lookup_query(struct lookup *lookup, const char *sql);

/* The columns every query of names gives: schema, name, detail, comment,
 * relation, kind, marks, position. */
void lookup_read_name(struct lite_query *query, struct lookup_name *out);

#endif
