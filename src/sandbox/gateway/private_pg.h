/* sandbox/gateway/private_pg.h - the private PostgreSQL: made, started,
 * stopped.
 *
 * Lives in DIR/pg, listens on nothing but a unix socket inside that folder
 * (0700), runs as an unprivileged account when we are root. Its process is
 * our child and ends with us. Where /proc is mounted the folder is handed to
 * it as an open descriptor (/proc/self/fd/N), so that neither a folder that
 * its account could not walk to nor a long socket path is a hindrance.
 */
#ifndef SANDBOX_GATEWAY_PRIVATE_PG_H
#define SANDBOX_GATEWAY_PRIVATE_PG_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/mem.h"

#define PRIVATE_PG_OWNER "rdsdb" /* its first user; never for clients */

struct private_pg;

/* dir: the sandbox's folder; settings: "name=value" beyond our own, NULL ends.
 * initdb and the server print to the descriptor log_fd. Stops a server that
 * an earlier, crashed sandbox left on the same data. */
struct private_pg *private_pg_start(const char *dir,
				    const char *const *settings, int log_fd,
				    struct err *err);

/* Fast shutdown, waits. NULL is fine. */
void private_pg_stop(struct private_pg *pg);
CLEANUP_FREE(struct private_pg, private_pg_stop, private_pg_stopp)

const char *private_pg_socket(const struct private_pg *pg);

/* Has it ended by itself? */
bool private_pg_ended(struct private_pg *pg);

#endif
