/* cmd/describe_postgres.h - \d NAME on a plain PostgreSQL: columns and
 * footers in psql 15's shape. */
#ifndef CMD_DESCRIBE_POSTGRES_H
#define CMD_DESCRIBE_POSTGRES_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct rows;
struct session;

struct described {
	struct rows *rows; /* NULL: not yet */
	struct str footer;
};

/* kind: relkind of pg_class. On failure what has rows so far keeps them. */
bool describe_postgres(struct session *session, const char *oid, char kind,
		       bool verbose, struct described *out, struct err *err);

#endif
