/* sandbox/gateway/external.h - an external table's objects, loaded for one
 * reading.
 *
 * An external table is a view over redshift_sandbox.external_rows, which asks
 * the gateway (see sandbox/gateway/translate) to load the objects of its
 * location into a table of their own; rscopy does that on a connection of its
 * own.
 */
#ifndef SANDBOX_GATEWAY_EXTERNAL_H
#define SANDBOX_GATEWAY_EXTERNAL_H

#include <stdbool.h>

#include "base/err.h"

struct client;

/* Makes redshift_sandbox.external_PID_ID and fills it from the location of the
 * external table of that number. false: err has SQLSTATE and message. */
bool external_load(struct client *client, const char *relation, long long id,
		   struct err *err);

#endif
