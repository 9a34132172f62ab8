#include "sandbox/ground/lobby.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

/* In a ring that begins and ends at lobby->ring, oldest first. */
struct guest {
	struct guest *before;
	struct guest *after;
	int fd;
	int64_t since_us;
};

struct lobby {
	int epoll_fd;
	lobby_ready *ready;
	size_t max;
	size_t count;
	size_t dropped;
	struct guest ring;
};

struct lobby *lobby_new(size_t max, lobby_ready *ready, struct err *err)
{
	struct lobby *lobby;
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd < 0) {
		err_set_errno(err, errno, "epoll");
		return NULL;
	}
	lobby = mem_alloc(sizeof(*lobby));
	lobby->epoll_fd = fd;
	lobby->ready = ready;
	lobby->max = max;
	lobby->ring.before = lobby->ring.after = &lobby->ring;
	return lobby;
}

int lobby_fd(const struct lobby *lobby)
{
	return lobby->epoll_fd;
}

/* Out of the ring; the descriptor stays open. */
static int let_go(struct lobby *lobby, struct guest *guest)
{
	int fd = guest->fd;

	epoll_ctl(lobby->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
	guest->before->after = guest->after;
	guest->after->before = guest->before;
	mem_free(guest);
	lobby->count--;
	return fd;
}

bool lobby_drop_oldest(struct lobby *lobby)
{
	if (lobby->count == 0)
		return false;
	close(let_go(lobby, lobby->ring.after));
	lobby->dropped++;
	return true;
}

void lobby_free(struct lobby *lobby)
{
	if (!lobby)
		return;
	while (lobby_drop_oldest(lobby))
		;
	close(lobby->epoll_fd);
	mem_free(lobby);
}

void lobby_add(struct lobby *lobby, int fd, int64_t now_us)
{
	struct guest *guest = mem_alloc(sizeof(*guest));
	/* Once for every arrival of bytes: a packet in pieces wakes us as
	 * often as it has pieces, and not for ever. */
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLRDHUP | EPOLLET,
		.data.ptr = guest,
	};

	guest->fd = fd;
	guest->since_us = now_us;
	if (epoll_ctl(lobby->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
		close(fd);
		mem_free(guest);
		lobby->dropped++;
		return;
	}
	guest->before = lobby->ring.before;
	guest->after = &lobby->ring;
	guest->before->after = guest->after->before = guest;
	lobby->count++;
	if (lobby->count > lobby->max)
		lobby_drop_oldest(lobby);
}

int lobby_next(struct lobby *lobby)
{
	struct epoll_event event;

	/* one by one: none of them can be let go while its event waits */
	while (epoll_wait(lobby->epoll_fd, &event, 1, 0) == 1) {
		struct guest *guest = event.data.ptr;

		if (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR) ||
		    lobby->ready(guest->fd))
			return let_go(lobby, guest);
	}
	return -1;
}

void lobby_expire(struct lobby *lobby, int64_t before_us)
{
	while (lobby->count > 0 && lobby->ring.after->since_us < before_us)
		lobby_drop_oldest(lobby);
}

size_t lobby_dropped(struct lobby *lobby)
{
	size_t dropped = lobby->dropped;

	lobby->dropped = 0;
	return dropped;
}
