/* sandbox/gateway/server.h - the gateway's listener: accept, one thread a
 * client.
 *
 * Listens on 127.0.0.1 and, where there is one, ::1. Who says nothing waits
 * in sandbox/ground/lobby; who has sent a packet gets a thread and a minute to
 * log in. Neither many that are silent nor many that log in slowly keep others
 * out; why a client was turned away is in the log.
 */
#ifndef SANDBOX_GATEWAY_SERVER_H
#define SANDBOX_GATEWAY_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct backend;
struct client;
struct client_shared;
struct str;
struct server;

/* port 0: any free one. Does not accept yet. */
struct server *server_open(int port, struct err *err);
int server_port(const struct server *server);

/* Accepts and serves until wake_fd is readable or keep_on says no (asked
 * twice a second); then ends all clients and waits for their threads. */
struct server_watch {
	int wake_fd;
	bool (*keep_on)(void *context);
	void *context;
};

bool server_run(struct server *server, const struct client_shared *shared,
		const struct server_watch *watch, struct err *err);
void server_close(struct server *server); /* NULL is fine */
CLEANUP_FREE(struct server, server_close, server_closep)

/* Gives the client its backend: it is in session, server_cancel finds it.
 * false: as many as can be are (53300), the backend stays the caller's. */
bool server_attach(struct server *server, struct client *client,
		   struct backend *backend, struct err *err);

/* For a CancelRequest: marks the client whose backend has this pid and key
 * and asks PostgreSQL to stop. Unknown ones are ignored. */
void server_cancel(struct server *server, int32_t pid, int32_t key);

/* Appends the address of who is at the other end. */
void server_peer(int fd, struct str *out);

#endif
