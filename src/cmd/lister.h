/* cmd/lister.h - a listing of the catalog is a row: columns, SQL, patterns.
 *
 * lister_redshift and lister_postgres hold the rows, one table a kind of
 * server. A listing is asked for in one query, on the person's own
 * connection. Redshift's leader cannot join its catalog with what compute
 * nodes know, so a listing may have more sources, whose rows are put beside
 * the first one's, and sides: queries that fill columns of rows by their
 * first columns. All are put together here and come out as struct rows, so
 * every output format applies.
 */
#ifndef CMD_LISTER_H
#define CMD_LISTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cmd/pattern.h"

struct args;
struct session;

/* Headings are given here, as Redshift folds quoted column names. */
struct lister_column {
	const char *heading;
	const char *sql;     /* what the first source selects */
	bool more;           /* only with + */
	const char *letters; /* only with one of these, or without any of the
			      * listing's; NULL: with all */
	bool is_number;
};

/* A letter after the command's name that chooses rows: \dtv, \dfp. */
struct lister_letter {
	char letter;      /* 0 ends */
	const char *sql;  /* condition of the first source; NULL: this server
			   * has none of them, and absent says why */
	const char *type; /* what the type column says of them, where the SQL
			   * alone cannot tell; else NULL */
	const char *absent;
};

/* Further rows. */
struct lister_source {
	const char *const *cells; /* SQL, one a column; NULL ends sources */
	const char *from;
	const char *where;
	const char *user_only;
	char letter; /* only when it was typed; 0: always */
	struct pattern_columns name_is[2];
};

/* Cells for rows that are there: the query selects keys, then values. */
struct lister_side {
	const char *sql; /* with a where and a condition; NULL ends */
	const char *user_only;
	const char *order;
	const char *needs;  /* asked only when a row has this text in the first
			    * column that is filled; NULL: when there are rows */
	const char *join;   /* text between many values; NULL: they replace */
	const char *prefix; /* before each value, or NULL */
	size_t keys;        /* the first columns of both */
	size_t column;      /* the first one filled */
	size_t values;      /* how many columns are filled */
	bool adds;          /* keys without a row make one */
	const char *reads;  /* a view that not everybody may read; NULL: all
			     * may */
	const char *unread; /* told to whom may not, its columns go */
	const char *zero_for; /* rows of this type that it does not know have
			       * 0 in the first filled column; NULL: none */
	struct pattern_columns name_is; /* by the first pattern */
};

/* \df NAME TYPE ...: in these texts # is the number of the argument from 0,
 * @ how many were typed. pg_type is t#, its pg_namespace nt#. */
struct lister_types {
	const char *join;
	const char *visible;
	const char *check; /* " and ..." once, or NULL */
	size_t limit;
};

struct lister {
	const char *name; /* of the command; NULL ends the table */
	const char *title;
	const char *title_unasked; /* without a pattern; NULL: title */
	const struct lister_column *columns;
	const char *from;
	const char *where;
	const char *user_only; /* a condition without S and pattern */
	const char *order;
	struct pattern_columns name_is[2]; /* by first and second pattern */
	bool either;           /* one of both, by the first pattern */
	bool canonical;        /* the pattern is a type's name */
	const char *no_arrays; /* a condition when the pattern has no "[]" */
	const struct lister_letter *letters;
	size_t type_column; /* of letters with a type */
	const struct lister_source *sources;
	const struct lister_side *sides;
	size_t sort_columns; /* more sources: sorted by these, 0: not */
	const struct lister_types *types;
	/* psql's words when there is nothing, by how many patterns were given,
	 * which are %1 and %2; NULL: an empty table. */
	const char *found_none[3];
	bool no_footer;
	const char *partial; /* told to others than superusers: what of the
			      * rows is not to be seen; NULL: all is */
};

/* Runs a listing; letters of args choose. */
bool lister_run(const struct lister *lister, struct session *session,
		const struct args *args, struct err *err);

/* A row by name; NULL: not there. */
const struct lister *lister_find(const struct lister *table, const char *name);

#endif
