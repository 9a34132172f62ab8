/* catalog/ddl_text.h - what a DDL statement says it does.
 *
 * Reads names, column definitions and the actions of ALTER TABLE; knows no
 * more grammar than that, and leaves out what it does not understand. Names
 * are folded as Redshift folds them. Pure.
 */
#ifndef CATALOG_DDL_TEXT_H
#define CATALOG_DDL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/vec.h"

enum ddl_verb {
	DDL_NONE, /* no DDL, or no object that is in the cache */
	DDL_CREATE,
	DDL_ALTER,
	DDL_DROP,
	DDL_COMMENT,
};

enum ddl_object {
	DDL_TABLE,
	DDL_VIEW,
	DDL_MATERIALIZED,
	DDL_SCHEMA,
	DDL_FUNCTION, /* procedures and models too */
	DDL_USER,
	DDL_GROUP,
	DDL_ROLE,
	DDL_DATABASE,
	DDL_DATASHARE,
	DDL_LIBRARY,
};

enum ddl_action { /* of ALTER TABLE */
		  DDL_NO_ACTION,
		  DDL_ADD_COLUMN,     /* columns[0] */
		  DDL_DROP_COLUMN,    /* columns[0].name */
		  DDL_RENAME_COLUMN,  /* columns[0].name to new_name */
		  DDL_TYPE_OF_COLUMN, /* columns[0] */
		  DDL_RENAME,         /* to new_name */
		  DDL_SET_SCHEMA,     /* to new_name */
		  DDL_OTHER_ACTION,
};

struct ddl_name {
	char *schema; /* "" when it has none */
	char *name;   /* "#t" with its # */
	char *as_is;  /* the name without folding */
};

struct ddl_column {
	char *name;
	char *type; /* as written, blanks made one; or "" */
};

struct ddl {
	enum ddl_verb verb;
	enum ddl_object object;
	enum ddl_action action;
	bool temporary;
	bool external;
	bool cascade;
	bool if_exists; /* or IF NOT EXISTS */
	struct {
		VEC(struct ddl_name);
	} names; /* several for DROP */
	struct {
		VEC(struct ddl_column);
	} columns;
	char *new_name;
	struct ddl_name like; /* CREATE TABLE (LIKE t); name NULL: none */
	/* CREATE ... AS and SELECT INTO: where the query is, borrowed. */
	const char *query;
	size_t query_len;
};

/* sql is borrowed until ddl_free. Never NULL. */
struct ddl *ddl_read(const char *sql, size_t len);
void ddl_free(struct ddl *ddl); /* NULL is fine */
CLEANUP_FREE(struct ddl, ddl_free, ddl_freep)

#endif
