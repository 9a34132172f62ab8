/* sandbox/gateway/ask.h - what the rewriter asks the session's PostgreSQL.
 *
 * Fills struct rewrite_ask for a client: names of a query's columns and
 * values of the catalog, seen as the client's session sees them (its
 * search_path, its temporary tables). A question that fails leaves an open
 * block as it was.
 */
#ifndef SANDBOX_GATEWAY_ASK_H
#define SANDBOX_GATEWAY_ASK_H

#include "sandbox/rewrite/rewrite.h"

struct client;

/* extended: between Parse and Sync, where PostgreSQL must not be synced. */
struct rewrite_ask ask_client(struct client *client, bool extended);

#endif
