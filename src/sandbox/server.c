#include "sandbox/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/map.h"
#include "base/vec.h"
#include "sandbox/backend.h"
#include "sandbox/client.h"
#include "sandbox/relay.h"
#include "sandbox/startup.h"

#define LISTENERS   2
#define CLIENTS_MAX 150 /* PostgreSQL behind us takes 200 */
#define WATCH_MS    500

struct server {
	int fds[LISTENERS]; /* 127.0.0.1 and ::1; -1: none */
	int port;
	const struct client_shared *shared;
	pthread_mutex_t lock; /* guards clients */
	pthread_cond_t left;  /* a client has left */
	struct {
		VEC(struct client *);
	} clients;
	size_t threads; /* those that have not ended yet */
};

static int listen_on(const struct sockaddr *address, socklen_t len,
		     struct err *err)
{
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd < 0) {
		err_set_errno(err, errno, "socket");
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, address, len) == 0 && listen(fd, 64) == 0)
		return fd;
	err_set_errno(err, errno, "listening on loopback");
	close(fd);
	return -1;
}

static int listen_four(int port, struct err *err)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	return listen_on((const struct sockaddr *)&address, sizeof(address),
			 err);
}

static int listen_six(int port)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};

	return listen_on((const struct sockaddr *)&address, sizeof(address),
			 NULL);
}

static int port_of(int fd)
{
	struct sockaddr_in address = { 0 };
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return 0;
	return ntohs(address.sin_port);
}

struct server *server_open(int port, struct err *err)
{
	struct server *server;
	int fd = listen_four(port, err);

	if (fd < 0) {
		err_wrap(err, "port %d", port);
		return NULL;
	}
	server = mem_alloc(sizeof(*server));
	server->fds[0] = fd;
	server->port = port_of(fd);
	server->fds[1] = listen_six(server->port);
	pthread_mutex_init(&server->lock, NULL);
	pthread_cond_init(&server->left, NULL);
	return server;
}

int server_port(const struct server *server)
{
	return server->port;
}

void server_close(struct server *server)
{
	if (!server)
		return;
	for (size_t i = 0; i < LISTENERS; i++)
		if (server->fds[i] >= 0)
			close(server->fds[i]);
	pthread_mutex_destroy(&server->lock);
	pthread_cond_destroy(&server->left);
	vec_done(&server->clients);
	mem_free(server);
}

void server_cancel(struct server *server, int32_t pid, int32_t key)
{
	pthread_mutex_lock(&server->lock);
	for (size_t i = 0; i < server->clients.count; i++) {
		struct client *client = server->clients.items[i];
		const struct backend *backend = client->backend;

		if (!backend || backend->pid != pid || backend->key != key)
			continue;
		atomic_store(&client->cancelled, true);
		/* under the lock: the client cannot leave meanwhile and its
		 * pid cannot become another's */
		backend_cancel(server->shared->socket_path, pid, key);
	}
	pthread_mutex_unlock(&server->lock);
}

void server_attach(struct server *server, struct client *client,
		   struct backend *backend)
{
	pthread_mutex_lock(&server->lock);
	client->backend = backend;
	pthread_mutex_unlock(&server->lock);
}

static void client_free(struct client *client)
{
	backend_close(client->backend);
	backend_close(client->aside);
	stream_close(&client->stream);
	map_free(client->prepared);
	map_free(client->portals);
	mem_free(client->user);
	mem_free(client->database);
	mem_free(client);
}

static void remove_client(struct server *server, struct client *client)
{
	pthread_mutex_lock(&server->lock);
	for (size_t i = 0; i < server->clients.count; i++)
		if (server->clients.items[i] == client) {
			vec_remove(&server->clients, i);
			break;
		}
	pthread_mutex_unlock(&server->lock);
	client_free(client);
	pthread_mutex_lock(&server->lock);
	server->threads--;
	pthread_cond_broadcast(&server->left);
	pthread_mutex_unlock(&server->lock);
}

static void *serve(void *argument)
{
	struct client *client = argument;
	struct server *server = client->server;
	struct err err = ERR_EMPTY;

	if (!startup_run(client, &err) || !relay_run(client, &err))
		log_debug(LOG_SANDBOX, "client: %s", err.message);
	remove_client(server, client);
	return NULL;
}

static void add_client(struct server *server, int fd)
{
	struct client *client = mem_alloc(sizeof(*client));
	pthread_attr_t attributes;
	pthread_t thread;
	bool ok;
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	client->shared = server->shared;
	client->server = server;
	stream_open(&client->stream, fd);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_mutex_lock(&server->lock);
	ok = server->clients.count < CLIENTS_MAX &&
	     pthread_create(&thread, &attributes, serve, client) == 0;
	if (ok) {
		vec_push(&server->clients, client);
		server->threads++;
	}
	pthread_mutex_unlock(&server->lock);
	pthread_attr_destroy(&attributes);
	if (!ok)
		client_free(client);
}

static void accept_one(struct server *server, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0)
		add_client(server, fd);
}

/* Wakes every client's thread by closing its streams under it. */
static void end_clients(struct server *server)
{
	pthread_mutex_lock(&server->lock);
	for (size_t i = 0; i < server->clients.count; i++) {
		struct client *client = server->clients.items[i];

		shutdown(client->stream.fd, SHUT_RDWR);
		if (client->backend)
			backend_cancel(server->shared->socket_path,
				       client->backend->pid,
				       client->backend->key);
	}
	while (server->threads > 0)
		pthread_cond_wait(&server->left, &server->lock);
	pthread_mutex_unlock(&server->lock);
}

bool server_run(struct server *server, const struct client_shared *shared,
		const struct server_watch *watch, struct err *err)
{
	server->shared = shared;
	for (;;) {
		struct pollfd polled[LISTENERS + 1] = {
			{ .fd = server->fds[0], .events = POLLIN },
			{ .fd = server->fds[1], .events = POLLIN },
			{ .fd = watch->wake_fd, .events = POLLIN },
		};
		int ready = poll(polled, LISTENERS + 1, WATCH_MS);

		if (ready < 0 && errno != EINTR)
			return err_set_errno(err, errno, "poll");
		if (polled[LISTENERS].revents ||
		    !watch->keep_on(watch->context))
			break;
		for (size_t i = 0; ready > 0 && i < LISTENERS; i++)
			if (polled[i].revents & POLLIN)
				accept_one(server, server->fds[i]);
	}
	end_clients(server);
	return true;
}
