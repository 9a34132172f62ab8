/* cmd/describe_redshift.h - \d NAME on Redshift: columns with keys and
 * encodings, and the lines below them. */
#ifndef CMD_DESCRIBE_REDSHIFT_H
#define CMD_DESCRIBE_REDSHIFT_H

#include <stdbool.h>

#include "base/err.h"
#include "cmd/describe_postgres.h"

struct session;

struct describe_relation {
	char *oid; /* "" of external tables */
	char *schema;
	char *name;
	char kind; /* r table, v view, l late-binding view, m materialized
		    * view, x external table, a: in another database */
	char *database; /* that, else NULL */
};

/* " where schema and table are ...", by the columns a view calls them. */
void describe_where(struct session *session,
		    const struct describe_relation *relation,
		    const char *schema, const char *table, struct str *out);

/* Tells v, l and m apart. On failure what has rows so far keeps them. */
bool describe_redshift(struct session *session,
		       struct describe_relation *relation, bool verbose,
		       struct described *out, struct err *err);

#endif
