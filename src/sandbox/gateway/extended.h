/* sandbox/gateway/extended.h - the extended query protocol of one client.
 *
 * Parse, Bind, Describe, Execute, Close, Flush, Sync. Statements that
 * PostgreSQL can prepare go there rewritten; those that the gateway runs
 * itself (COPY, UNLOAD, TRUNCATE, DDL with attributes) are kept here and take
 * no parameters.
 */
#ifndef SANDBOX_GATEWAY_EXTENDED_H
#define SANDBOX_GATEWAY_EXTENDED_H

#include <stdbool.h>

#include "base/err.h"

struct client;
struct frame;

/* false: a side is lost. */
bool extended_answer(struct client *client, const struct frame *frame,
		     struct err *err);

#endif
