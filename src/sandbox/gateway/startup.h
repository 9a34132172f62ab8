/* sandbox/gateway/startup.h - from an accepted socket to a session that may
 * query.
 *
 * SSLRequest, GSSENCRequest, CancelRequest, start-up parameters, who it is,
 * then the ParameterStatus set by which clients recognise Redshift.
 */
#ifndef SANDBOX_GATEWAY_STARTUP_H
#define SANDBOX_GATEWAY_STARTUP_H

#include <stdbool.h>

#include "base/err.h"

struct client;

/* false: nothing more to do for this socket (refused, cancel, gone); what
 * had to be said has been sent. On success client->backend is open, user and
 * database are set, ReadyForQuery has been sent. */
bool startup_run(struct client *client, struct err *err);

/* Has the socket its first packet whole, or one that will be refused? For
 * sandbox/ground/lobby. */
bool startup_is_there(int fd);

#endif
