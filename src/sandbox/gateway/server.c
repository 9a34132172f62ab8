#include "sandbox/gateway/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/vec.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/membership.h"
#include "sandbox/gateway/querylog.h"
#include "sandbox/gateway/relay.h"
#include "sandbox/gateway/startup.h"
#include "sandbox/ground/door.h"
#include "sandbox/ground/lobby.h"

enum {
	SESSIONS_MAX = 500, /* wire.md: as on a dc2.large */
	LOGINS_MAX = 128,   /* under way at once */
	LOGIN_SECONDS = 60,
	CROWDED_SECONDS = 2, /* of silence in a login while others wait */
};

struct server {
	struct door *door;
	int place_fd; /* eventfd: a login has ended */
	int64_t watched_us;
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
	struct door_options options = {
		.port = port,
		.with_six = true,
		.ready = startup_is_there,
		.name = "database",
	};
	struct door *door = door_open(&options, err);
	struct server *server;

	if (!door)
		return NULL;
	server = mem_alloc(sizeof(*server));
	server->door = door;
	server->place_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&server->lock, NULL);
	pthread_cond_init(&server->left, NULL);
	return server;
}

int server_port(const struct server *server)
{
	return door_port(server->door);
}

void server_close(struct server *server)
{
	if (!server)
		return;
	door_close(server->door);
	if (server->place_fd >= 0)
		close(server->place_fd);
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

	while (has_place(server) && (fd = door_next(server->door)) >= 0)
		add_client(server, fd);
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
	int64_t now_us = clock_monotonic_us();
	eventfd_t ended;

	eventfd_read(server->place_fd, &ended);
	/* who has spoken first, then who is new */
	admit(server);
	door_turn(server->door, polled);
	if (now_us - server->watched_us < DOOR_WATCH_MS * 1000)
		return;
	server->watched_us = now_us;
	watch_logins(server);
}

bool server_run(struct server *server, const struct client_shared *shared,
		const struct server_watch *watch, struct err *err)
{
	server->shared = shared;
	for (;;) {
		struct pollfd polled[DOOR_POLLED_MAX + 2];
		size_t count =
			door_poll(server->door, polled, has_place(server));

		polled[count] = (struct pollfd){ .fd = watch->wake_fd,
						 .events = POLLIN };
		polled[count + 1] = (struct pollfd){ .fd = server->place_fd,
						     .events = POLLIN };
		if (poll(polled, count + 2, DOOR_WATCH_MS) < 0) {
			if (errno != EINTR)
				return err_set_errno(err, errno, "poll");
			continue;
		}
		if (polled[count].revents || !watch->keep_on(watch->context))
			break;
		turn(server, polled);
	}
	end_clients(server);
	return true;
}
