/* sandbox/gateway/backlink.h - a connection to the private PostgreSQL as COPY
 * sees it.
 *
 * What struct rscopy_link asks of a backend; copylink and external add what
 * differs: the client's own session, or one for a single load.
 */
#ifndef SANDBOX_GATEWAY_BACKLINK_H
#define SANDBOX_GATEWAY_BACKLINK_H

#include <stdbool.h>

#include "base/err.h"

struct backend;
struct client;
struct rscopy_link;
struct rscopy_row;

struct backlink { /* the context of the calls; borrowed */
	struct client *client;
	struct backend *backend;
};

/* Sets context, query, copy_begin, copy_data, copy_end, copy_out and
 * cancelled. */
void backlink_fill(struct rscopy_link *link, struct backlink *backlink);

/* Runs sql on a backend; row may be NULL. */
bool backlink_query(struct backend *backend, const char *sql,
		    const struct rscopy_row *row, struct err *err);

#endif
