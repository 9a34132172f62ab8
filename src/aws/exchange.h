/* aws/exchange.h - an HTTP exchange that is waited for.
 *
 * For the credential chain, which runs in a thread of its own and has a loop
 * for each question. Network faults and replies of 5xx and 429 are tried
 * again, within the time given.
 */
#ifndef AWS_EXCHANGE_H
#define AWS_EXCHANGE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/err.h"

struct cred_ask;
struct http;

struct exchange {
	int timeout_ms;		/* of one try */
	int attempts;		/* 1: no second try */
	int pause_ms;		/* between tries; 0: as net/retry says */
	bool direct;		/* never by a proxy */
};

/* The code of err when there was a connection, but no reply in time. */
#define EXCHANGE_LATE "Timeout"

/* True when a whole reply came, whatever its status. ERR_CANCELLED when
 * ask->stop was set meanwhile. */
bool exchange_run(const struct cred_ask *ask, const struct exchange *how,
		  struct http *http, struct err *err);

#endif
