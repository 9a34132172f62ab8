/* sandbox/gateway/relay.h - a client's session: its messages answered until it
 * ends.
 *
 * Every statement goes through sandbox/rewrite/rewrite. What PostgreSQL is to
 * run is sent to it and its answer changed into Redshift's shape
 * (sandbox/gateway/answer); COPY and UNLOAD go to sandbox/copy/rscopy,
 * settings to sandbox/gateway/pgparam. Extended-protocol messages are sent one
 * by one, each with a Flush, so the answer to each is known before the next is
 * looked at.
 */
#ifndef SANDBOX_GATEWAY_RELAY_H
#define SANDBOX_GATEWAY_RELAY_H

#include <stdbool.h>

#include "base/err.h"

struct client;

/* true: the client left by Terminate or closed; false: err. */
bool relay_run(struct client *client, struct err *err);

/* ReadyForQuery and a flush. */
bool relay_ready(struct client *client, struct err *err);

#endif
