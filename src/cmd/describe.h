/* cmd/describe.h - \d NAME: one relation with its columns and keys.
 */
#ifndef CMD_DESCRIBE_H
#define CMD_DESCRIBE_H

#include <stdbool.h>

#include "base/err.h"

struct rows;
struct session;

/* The answer of a query that the person did not type; NULL: err. */
struct rows *describe_query(struct session *session, const char *sql,
			    struct err *err);

/* Every relation that matches; ERR_MISSING in psql's words when none does.
 * verbose: comments and definitions too. */
bool describe_relations(struct session *session, const char *pattern,
			bool verbose, struct err *err);

#endif
