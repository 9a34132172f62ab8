/* cmd/pattern.h - psql's name patterns to conditions of SQL. Pure.
 *
 * * and ? stand for any text and any character, a dot parts schema and name,
 * double quotes take their meaning away and keep capitals; all else is a
 * regular expression, anchored at both ends.
 */
#ifndef CMD_PATTERN_H
#define CMD_PATTERN_H

#include <stdbool.h>

#include "base/err.h"

struct str;

struct pattern_columns {     /* NULL: that part is not asked for */
	const char *schema;  /* "n.nspname" */
	const char *name;    /* "c.relname" */
	const char *other;   /* a second column the name may be found in */
	const char *visible; /* when no schema is named:
				 * "pg_table_is_visible(c.oid)" */
	bool dots;           /* names have dots in them: no parts */
	bool in_database;    /* no schema, but a database may be named */
	bool symbols;        /* operators: no regular expression but * and ? */
};

/* Appends " and ..." conditions to a where clause. pattern NULL or "": only
 * the visibility. escapes: as quote_literal. database: the connected one; a
 * pattern that names another is ERR_USAGE. */
struct pattern_world {
	bool escapes;
	bool folds; /* quoted capitals find small letters too: Redshift keeps
		     * them only with enable_case_sensitive_identifier */
	const char *database;
};

bool pattern_where(const char *pattern, const struct pattern_columns *columns,
		   const struct pattern_world *world, struct str *out,
		   struct err *err);

#endif
