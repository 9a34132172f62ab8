/* sandbox/gateway/copylink.h - a client's session as COPY and UNLOAD see it.
 *
 * Fills struct rscopy_link with the client's backend, its second connection
 * and its notices, and turns the result into messages.
 */
#ifndef SANDBOX_GATEWAY_COPYLINK_H
#define SANDBOX_GATEWAY_COPYLINK_H

#include <stdbool.h>

#include "base/err.h"

struct client;
struct perform_pump;
struct plan;

/* As perform_run; pump gets rows and message for the query log. */
bool copylink_run(struct client *client, struct plan *plan,
		  struct perform_pump *pump, struct err *err);

#endif
