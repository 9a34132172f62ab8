/* sandbox/daemon.h - the sandbox as a running thing: start, stop, describe.
 *
 * The daemon is one process: gateway threads, the AWS endpoints' threads and
 * the private PostgreSQL as its child. SIGTERM and SIGINT end it in order.
 */
#ifndef SANDBOX_DAEMON_H
#define SANDBOX_DAEMON_H

#include <stdbool.h>

#include "base/err.h"
#include "sandbox/gateway/idle.h"

struct place;
struct str;

struct daemon_options {
	int port; /* 0: 5439 or, when taken, any free one */
	bool foreground;
	const char *const *parameters; /* NAME=VALUE, NULL at the end: of the
				        * cluster's parameter group */
	bool serverless;  /* else provisioned */
	int base_capacity; /* of a serverless one, in RPU */
	struct idle_limits idle;
	bool empty_views; /* of STL, STV and SVL on a serverless one, which
			   * are refused otherwise */
	int login_life_s; /* of temporary passwords; 0: as asked for */
	int stack_step_ms; /* what a resource of a stack takes; 0: as usual */
	bool no_listings; /* SHOW TABLES and its like are unknown */
};

/* Returns when it serves; told gets how to connect. In the foreground it
 * prints that to stdout itself and returns when the sandbox has ended. */
bool daemon_start(struct place *place, const struct daemon_options *options,
		  struct str *told, struct err *err);

/* Ends the one that runs and waits until it has. */
bool daemon_stop(const struct place *place, bool *was_running, struct err *err);

/* Text for people; false: none runs. */
bool daemon_describe(const struct place *place, struct str *out);

/* Temporary passwords are good no more, whether it runs or not. */
bool daemon_expire(const struct place *place, struct err *err);

/* "export NAME='value'" lines of the one that runs. */
bool daemon_exports(const struct place *place, struct str *out,
		    struct err *err);

#endif
