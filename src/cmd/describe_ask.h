/* cmd/describe_ask.h - how the describe family asks the server.
 *
 * On the person's own connection, so that temporary tables and what an open
 * transaction made are seen. Redshift has no savepoints: a query that fails
 * in a block ends it, so what may fail is left out there.
 */
#ifndef CMD_DESCRIBE_ASK_H
#define CMD_DESCRIBE_ASK_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct rows;
struct session;
struct str;

/* Before the first query of a command. false: the block has failed, nothing
 * would be answered. Warns once in an open block. Silent on PostgreSQL. */
bool describe_begin(struct session *session, const struct args *args,
		    struct err *err);

/* A failing query would harm nothing. */
bool describe_may_fail(struct session *session);

/* As session_query, but what the server says against it is left to err. */
struct rows *describe_ask(struct session *session, const char *sql,
			  struct err *err);

/* The first value of the first row, appended; false: failed, or no row. */
bool describe_ask_text(struct session *session, const char *sql,
		       struct str *out);

/* has_table_privilege: asked on the leader, never an error. */
bool describe_may_read(struct session *session, const char *view);

bool describe_is_superuser(struct session *session);

#endif
