/* catalog/lookup.h - queries on the cached catalog, each bounded.
 *
 * One handle per thread. Every call is a few indexed queries of SQLite that
 * look at a limited number of rows, however many the warehouse has; a cache
 * that is empty or broken gives no rows, never an error. lookup NULL is fine.
 *
 * Names compare without case in ASCII, as Redshift folds them; where several
 * differ in case alone (enable_case_sensitive_identifier), the one as typed
 * comes first. What the statements of this session made or dropped and no
 * other session can see yet (temporary tables, a transaction that is open)
 * lies over the cache: see catalog/seen.
 */
#ifndef CATALOG_LOOKUP_H
#define CATALOG_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct lookup;
struct seen;

enum lookup_what { /* what is asked for; kept in files: append only */
		   LOOKUP_RELATIONS,
		   LOOKUP_COLUMNS, /* of any relation */
		   LOOKUP_FUNCTIONS,
		   LOOKUP_SCHEMAS,
		   LOOKUP_DATABASES,
		   LOOKUP_USERS,
		   LOOKUP_GROUPS,
		   LOOKUP_ROLES,
		   LOOKUP_SETTINGS,
		   LOOKUP_LIBRARIES,
		   LOOKUP_DATASHARES,
		   LOOKUP_WHATS,
};

enum lookup_kind { /* what a name is; kept in files: append only */
		   LOOKUP_TABLE,
		   LOOKUP_VIEW,
		   LOOKUP_EXTERNAL,
		   LOOKUP_LATE_VIEW, /* WITH NO SCHEMA BINDING */
		   LOOKUP_MATERIALIZED,
		   LOOKUP_FUNCTION,
		   LOOKUP_PROCEDURE,
		   LOOKUP_AGGREGATE,
		   LOOKUP_NAME, /* columns, schemas, users, ... */
};

enum lookup_match { /* bits of a question; of a name, one of them */
		    LOOKUP_PREFIX = 1, /* sal: sales_order */
		    LOOKUP_WORD = 2,   /* ord: sales_order */
		    LOOKUP_FUZZY = 4,  /* slsord, saels: sales_order */
		    LOOKUP_ANY_MATCH = 7,
};

enum lookup_mark { /* bits */
		   LOOKUP_DIST_KEY = 1,
		   LOOKUP_SORT_KEY = 2,
		   LOOKUP_PRIMARY_KEY = 4,
		   LOOKUP_FOREIGN_KEY = 8,
		   LOOKUP_NOT_NULL = 16,
		   LOOKUP_PARTITION_KEY = 32, /* of an external table */
		   LOOKUP_IDENTITY = 64,
		   LOOKUP_UNIQUE_KEY = 128,
};

/* Texts are borrowed for the call of each, never NULL. */
struct lookup_name {
	const char *schema; /* "" where it has none */
	const char *name;
	/* Column: its type; function: its argument types; schema: "external"
	 * or "shared", else ""; setting: its value; materialized view:
	 * "stale", "fresh" or "". */
	const char *detail;
	const char *comment;
	const char *relation; /* of columns: one that has it */
	enum lookup_kind kind;
	enum lookup_match match;
	bool on_path;   /* relations, functions: needs no schema */
	bool temporary; /* of this session alone */
	unsigned marks; /* of columns: enum lookup_mark */
	int position;   /* of columns of a relation: from 1, else 0 */
	int used;       /* how much and how lately used here; 0: never */
};

typedef void lookup_each(void *context, const struct lookup_name *name);

struct lookup *lookup_open(const char *path, struct err *err);
void lookup_close(struct lookup *lookup); /* NULL is fine */
CLEANUP_FREE(struct lookup, lookup_close, lookup_closep)

/* Which database is the current one; "" (the default) takes the only one. */
void lookup_set_database(struct lookup *lookup, const char *database);

/* The session's search path as SHOW prints it; NULL: as harvested. */
void lookup_set_path(struct lookup *lookup, const char *path);

/* What lies over the cache; borrowed while the lookup is open. */
void lookup_set_seen(struct lookup *lookup, const struct seen *seen);

struct lookup_ask {
	enum lookup_what what;
	const char *database; /* NULL: the current one */
	const char *schema;   /* NULL: any; those on the search path first */
	const char *typed;    /* without quotes; "": all */
	unsigned how;         /* bits of enum lookup_match */
	size_t limit;
};

/* Calls each at most limit times, no name twice: those used here first, then
 * prefixes, word starts and fuzzy ones, each group in name order. Of typed
 * shorter than two letters only prefixes are sought. Returns how many. */
size_t lookup_names(struct lookup *lookup, const struct lookup_ask *ask,
		    lookup_each *each, void *context);

/* lookup_names by prefix. */
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

/* LOOKUP_VIEW, LOOKUP_LATE_VIEW or LOOKUP_MATERIALIZED. */
bool lookup_is_view(enum lookup_kind kind);

/* Calls each (NULL: nobody) once with the relation that schema.name means,
 * schema NULL or "": the first one on the search path, else anywhere. false:
 * none known. */
bool lookup_relation(struct lookup *lookup, const char *schema,
		     const char *name, lookup_each *each, void *context);

/* Columns of one relation in table order, found as by lookup_relation. */
size_t lookup_columns(struct lookup *lookup, const char *schema,
		      const char *relation, lookup_each *each, void *context);

/* Relations that have a column of this very name: on the path first. */
size_t lookup_relations_with(struct lookup *lookup, const char *column,
			     size_t limit, lookup_each *each, void *context);

/* One pair of columns that a foreign key joins, in the caller's order: left
 * is of the first relation. Pairs of one key follow each other. */
struct lookup_join {
	const char *left;
	const char *right;
	const char *key; /* the constraint's name */
	int part;        /* from 1 */
};

/* Foreign keys between two relations, whichever refers to the other. */
size_t lookup_joins(struct lookup *lookup, const char *left_schema,
		    const char *left, const char *right_schema,
		    const char *right,
		    void (*each)(void *context, const struct lookup_join *join),
		    void *context);

/* Relations that a foreign key joins with this one. */
size_t lookup_neighbours(struct lookup *lookup, const char *schema,
			 const char *relation, size_t limit, lookup_each *each,
			 void *context);

/* A name was chosen or stood in a statement that ran: kept in this cache at
 * once or, when the file is busy, with a later note. schema "": none. */
void lookup_note_used(struct lookup *lookup, enum lookup_what what,
		      const char *schema, const char *name);

/* How much and how lately, as struct lookup_name has it. */
int lookup_used(struct lookup *lookup, enum lookup_what what,
		const char *schema, const char *name);

/* The file has turned out to be damaged: it should be made anew. */
bool lookup_is_damaged(const struct lookup *lookup);

/* When the last complete harvest ended; 0: never. */
int64_t lookup_harvested_ms(struct lookup *lookup);

#endif
