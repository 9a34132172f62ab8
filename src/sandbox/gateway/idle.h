/* sandbox/gateway/idle.h - how long a session may say nothing.
 *
 * Redshift ends sessions that are idle: outside of a transaction after four
 * hours (one on serverless), inside one after six, both sooner or later where
 * the user has a SESSION TIMEOUT. Tests have no hours: the limits are the
 * sandbox's options, and its clock for them can run faster.
 * [amazon-redshift-limits; CREATE USER]
 */
#ifndef SANDBOX_GATEWAY_IDLE_H
#define SANDBOX_GATEWAY_IDLE_H

#include <stdbool.h>

#include "base/err.h"

enum {
	IDLE_SESSION_S = 4 * 3600,
	IDLE_SERVERLESS_S = 3600,
	IDLE_TRANSACTION_S = 6 * 3600,
};

struct client;

struct idle_limits {
	int session_s;
	int transaction_s;
	int speed; /* 1: seconds are seconds; 60: they pass as minutes */
};

/* Before a message of the client is waited for: how long that may last. */
void idle_begin(struct client *client);

/* A read has failed with errno: was it that? Sets err then. */
bool idle_is_over(const struct client *client, int error, struct err *err);

#endif
