#include "sandbox/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/vec.h"
#include "sandbox/backend.h"
#include "sandbox/client.h"
#include "sandbox/lobby.h"
#include "sandbox/membership.h"
#include "sandbox/querylog.h"
#include "sandbox/relay.h"
#include "sandbox/startup.h"

#define LISTENERS 2
#define WATCH_MS  500

enum {
	SESSIONS_MAX = 500, /* wire.md: as on a dc2.large */
	LOGINS_MAX = 128,   /* under way at once */
	WAITING_MAX = 1000, /* in the lobby */
	ACCEPTS_MAX = 64,   /* before the lobby is looked at again */
	LOGIN_SECONDS = 60,
	CROWDED_SECONDS = 2, /* of silence in a login while others wait */
};

struct server {
	int fds[LISTENERS]; /* 127.0.0.1 and ::1; -1: none */
	int port;
	int place_fd; /* eventfd: a login has ended */
	struct lobby *lobby;
	const struct client_shared *shared;
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t left;  /* a client has left */
	struct {
		VEC(struct client *);
	} clients;
	size_t logins;   /* clients that log in */
	size_t sessions; /* clients in session */
	size_t threads;  /* those that have not ended yet */
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
	if (bind(fd, address, len) == 0 && listen(fd, SOMAXCONN) == 0)
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

/* The port stands at the same place in both kinds of addresses. */
static int peer_port_of(int fd)
{
	struct sockaddr_in6 address = { 0 };
	socklen_t len = sizeof(address);

	if (getpeername(fd, (struct sockaddr *)&address, &len) != 0)
		return 0;
	return ntohs(address.sin6_port);
}

struct server *server_open(int port, struct err *err)
{
	CLEANUP(lobby_freep) struct lobby *lobby = lobby_new(WAITING_MAX, err);
	struct server *server;
	int fd;

	if (!lobby)
		return NULL;
	fd = listen_four(port, err);
	if (fd < 0) {
		err_wrap(err, "port %d", port);
		return NULL;
	}
	server = mem_alloc(sizeof(*server));
	server->fds[0] = fd;
	server->port = port_of(fd);
	server->fds[1] = listen_six(server->port);
	server->place_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	server->lobby = lobby;
	lobby = NULL;
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
	if (server->place_fd >= 0)
		close(server->place_fd);
	lobby_free(server->lobby);
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

/* Under the lock: the client's login is over, another may begin. */
static void end_login(struct server *server, struct client *client)
{
	client->login_since_us = 0;
	server->logins--;
	eventfd_write(server->place_fd, 1);
}

/* Words and SQLSTATE as users of Redshift report them. */
bool server_attach(struct server *server, struct client *client,
		   struct backend *backend, struct err *err)
{
	bool room;

	pthread_mutex_lock(&server->lock);
	room = server->sessions < SESSIONS_MAX;
	if (room) {
		client->backend = backend;
		server->sessions++;
		end_login(server, client);
	}
	pthread_mutex_unlock(&server->lock);
	if (room)
		return true;
	err_set(err, ERR_SERVER,
		"connection limit \"%d\" exceeded for non-bootstrap users",
		SESSIONS_MAX);
	return err_set_code(err, "53300");
}

void server_peer(int fd, struct str *out)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);
	char host[NI_MAXHOST];

	if (getpeername(fd, (struct sockaddr *)&address, &len) == 0 &&
	    getnameinfo((struct sockaddr *)&address, len, host, sizeof(host),
			NULL, 0, NI_NUMERICHOST) == 0)
		str_add(out, host);
}

static void client_free(struct client *client)
{
	backend_close(client->backend);
	backend_close(client->aside);
	if (client->joined)
		membership_leave(client->shared->login,
				 client->shared->socket_path, client->user,
				 client->joined);
	mem_free(client->joined);
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
	if (client->login_since_us != 0)
		end_login(server, client);
	else
		server->sessions--;
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
	int port = peer_port_of(client->stream.fd);
	struct err err = ERR_EMPTY;

	if ((!startup_run(client, &err) || !relay_run(client, &err)) &&
	    err.kind != ERR_NONE)
		log_debug(LOG_SANDBOX, "client at port %d: %s", port,
			  err.message);
	querylog_close(client);
	remove_client(server, client);
	return NULL;
}

static bool start_thread(struct client *client)
{
	pthread_attr_t attributes;
	pthread_t thread;
	bool ok;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	ok = pthread_create(&thread, &attributes, serve, client) == 0;
	pthread_attr_destroy(&attributes);
	return ok;
}

static void add_client(struct server *server, int fd)
{
	struct client *client = mem_alloc(sizeof(*client));
	bool ok;
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	client->shared = server->shared;
	client->server = server;
	client->login_since_us = clock_monotonic_us();
	stream_open(&client->stream, fd);
	pthread_mutex_lock(&server->lock);
	ok = start_thread(client);
	if (ok) {
		vec_push(&server->clients, client);
		server->threads++;
		server->logins++;
	}
	pthread_mutex_unlock(&server->lock);
	if (ok)
		return;
	log_debug(LOG_SANDBOX, "no thread for a client");
	client_free(client);
}

static bool has_place(struct server *server)
{
	bool has;

	pthread_mutex_lock(&server->lock);
	has = server->logins < LOGINS_MAX;
	pthread_mutex_unlock(&server->lock);
	return has;
}

static void admit(struct server *server)
{
	int fd;

	while (has_place(server) && (fd = lobby_next(server->lobby)) >= 0)
		add_client(server, fd);
}

/* Descriptors or memory ran out: one that only waits makes room. */
static bool make_room(struct server *server)
{
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		log_debug(LOG_SANDBOX, "cannot accept a client: %s",
			  strerror(errno));
		if (!lobby_drop_oldest(server->lobby))
			poll(NULL, 0, WATCH_MS / 10); /* not in a tight loop */
		return true;
	default:
		return false;
	}
}

static void accept_some(struct server *server, int listener)
{
	for (int i = 0; i < ACCEPTS_MAX; i++) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			lobby_add(server->lobby, fd, clock_monotonic_us());
		else if (!make_room(server))
			return;
	}
}

/* A minute for a login. Where others wait for a place, those go much sooner
 * from which nothing comes though they are waited for. */
static bool is_too_slow(const struct client *client, bool crowded,
			int64_t now_us)
{
	int64_t since_us = atomic_load(&client->stream.waits_since_us);

	if (client->login_since_us == 0)
		return false;
	if (crowded && since_us != 0 &&
	    now_us - since_us > (int64_t)CROWDED_SECONDS * 1000000)
		return true;
	return now_us - client->login_since_us >
	       (int64_t)LOGIN_SECONDS * 1000000;
}

static void watch_logins(struct server *server)
{
	int64_t now_us = clock_monotonic_us();
	bool crowded;

	pthread_mutex_lock(&server->lock);
	crowded = server->logins >= LOGINS_MAX;
	for (size_t i = 0; i < server->clients.count; i++) {
		const struct client *client = server->clients.items[i];

		if (is_too_slow(client, crowded, now_us))
			shutdown(client->stream.fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&server->lock);
}

static void watch(struct server *server)
{
	size_t dropped;

	lobby_expire(server->lobby, clock_monotonic_us() -
					    (int64_t)LOGIN_SECONDS * 1000000);
	dropped = lobby_dropped(server->lobby);
	if (dropped > 0)
		log_debug(LOG_SANDBOX,
			  "closed %zu connections that had not spoken",
			  dropped);
	watch_logins(server);
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

static void turn(struct server *server, const struct pollfd *polled)
{
	eventfd_t ended;

	if (polled[LISTENERS].revents)
		eventfd_read(server->place_fd, &ended);
	/* who has spoken first, then who is new */
	admit(server);
	for (size_t i = 0; i < LISTENERS; i++)
		if (polled[i].revents & POLLIN)
			accept_some(server, server->fds[i]);
}

static bool set_nonblocking(const struct server *server, struct err *err)
{
	for (size_t i = 0; i < LISTENERS; i++)
		if (server->fds[i] >= 0 &&
		    fcntl(server->fds[i], F_SETFL, O_NONBLOCK) != 0)
			return err_set_errno(err, errno, "fcntl");
	return true;
}

bool server_run(struct server *server, const struct client_shared *shared,
		const struct server_watch *watched, struct err *err)
{
	int64_t watch_us = 0;

	server->shared = shared;
	if (!set_nonblocking(server, err))
		return false;
	for (;;) {
		struct pollfd polled[LISTENERS + 3] = {
			{ .fd = server->fds[0], .events = POLLIN },
			{ .fd = server->fds[1], .events = POLLIN },
			{ .fd = server->place_fd, .events = POLLIN },
			{ .fd = has_place(server) ? lobby_fd(server->lobby)
						  : -1,
			  .events = POLLIN },
			{ .fd = watched->wake_fd, .events = POLLIN },
		};
		int ready = poll(polled, COUNT_OF(polled), WATCH_MS);

		if (ready < 0 && errno != EINTR)
			return err_set_errno(err, errno, "poll");
		if (polled[LISTENERS + 2].revents ||
		    !watched->keep_on(watched->context))
			break;
		if (ready > 0)
			turn(server, polled);
		if (clock_monotonic_us() - watch_us > WATCH_MS * 1000) {
			watch(server);
			watch_us = clock_monotonic_us();
		}
	}
	end_clients(server);
	return true;
}
