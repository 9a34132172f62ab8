#include "sandbox/ground/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define LISTENERS 2

enum {
	WAITING_MAX = 1000,
	ACCEPTS_MAX = 64, /* before the lobby is looked at again */
};

struct door {
	int fds[LISTENERS]; /* 127.0.0.1 and ::1; -1: none */
	int port;
	const char *name;
	struct lobby *lobby;
	int64_t watched_us;
};

static int listen_on(const struct sockaddr *address, socklen_t len,
		     struct err *err)
{
	int fd = socket(address->sa_family,
			SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
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

struct door *door_open(const struct door_options *options, struct err *err)
{
	CLEANUP(lobby_freep)
	struct lobby *lobby = lobby_new(WAITING_MAX, options->ready, err);
	struct door *door;
	int fd;

	if (!lobby)
		return NULL;
	fd = listen_four(options->port, err);
	if (fd < 0) {
		err_wrap(err, "port %d", options->port);
		return NULL;
	}
	door = mem_alloc(sizeof(*door));
	door->fds[0] = fd;
	door->port = port_of(fd);
	door->fds[1] = options->with_six ? listen_six(door->port) : -1;
	door->name = options->name;
	door->lobby = lobby;
	lobby = NULL;
	return door;
}

void door_close(struct door *door)
{
	if (!door)
		return;
	for (size_t i = 0; i < LISTENERS; i++)
		if (door->fds[i] >= 0)
			close(door->fds[i]);
	lobby_free(door->lobby);
	mem_free(door);
}

int door_port(const struct door *door)
{
	return door->port;
}

size_t door_poll(const struct door *door, struct pollfd *out, bool has_place)
{
	for (size_t i = 0; i < LISTENERS; i++)
		out[i] = (struct pollfd){ .fd = door->fds[i],
					  .events = POLLIN };
	out[LISTENERS] = (struct pollfd){
		.fd = has_place ? lobby_fd(door->lobby) : -1,
		.events = POLLIN,
	};
	return LISTENERS + 1;
}

int door_next(struct door *door)
{
	return lobby_next(door->lobby);
}

/* Descriptors or memory ran out: one that only waits makes room. */
static bool make_room(struct door *door)
{
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		log_debug(LOG_SANDBOX, "%s: cannot accept a client: %s",
			  door->name, strerror(errno));
		if (!lobby_drop_oldest(door->lobby))
			poll(NULL, 0, DOOR_WATCH_MS / 10); /* no tight loop */
		return true;
	default:
		return false;
	}
}

static void accept_some(struct door *door, int listener)
{
	for (int i = 0; i < ACCEPTS_MAX; i++) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			lobby_add(door->lobby, fd, clock_monotonic_us());
		else if (!make_room(door))
			return;
	}
}

static void watch(struct door *door)
{
	int64_t now_us = clock_monotonic_us();
	size_t dropped;

	if (now_us - door->watched_us < DOOR_WATCH_MS * 1000)
		return;
	door->watched_us = now_us;
	lobby_expire(door->lobby,
		     now_us - (int64_t)DOOR_WAIT_SECONDS * 1000000);
	dropped = lobby_dropped(door->lobby);
	if (dropped > 0)
		log_debug(LOG_SANDBOX,
			  "%s: closed %zu connections that had not spoken",
			  door->name, dropped);
}

void door_turn(struct door *door, const struct pollfd *polled)
{
	for (size_t i = 0; i < LISTENERS; i++)
		if (polled[i].revents & POLLIN)
			accept_some(door, door->fds[i]);
	watch(door);
}
