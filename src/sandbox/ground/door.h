/* sandbox/ground/door.h - a listening port, and a lobby behind it.
 *
 * New connections go into the lobby; who is ready there may be let in, one by
 * one, as the owner has places. Bind to 127.0.0.1 and, when asked for, ::1.
 * The owner's loop:
 *
 *	count = door_poll(door, polled, has place);
 *	poll polled[0, count) and whatever else, DOOR_WATCH_MS at most
 *	while (has place && (fd = door_next(door)) >= 0) serve fd
 *	door_turn(door, polled);
 */
#ifndef SANDBOX_GROUND_DOOR_H
#define SANDBOX_GROUND_DOOR_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "sandbox/ground/lobby.h"

enum {
	DOOR_POLLED_MAX = 3,
	DOOR_WATCH_MS = 500,
	DOOR_WAIT_SECONDS = 60, /* in the lobby */
};

struct door;
struct pollfd;

struct door_options {
	int port; /* 0: any free one */
	bool with_six;
	lobby_ready *ready;
	const char *name; /* in the log; not copied */
};

struct door *door_open(const struct door_options *options, struct err *err);
void door_close(struct door *door); /* NULL is fine */
CLEANUP_FREE(struct door, door_close, door_closep)

int door_port(const struct door *door);

/* Fills out[0, DOOR_POLLED_MAX) at most. Without a place for them, those who
 * are ready wake nobody. */
size_t door_poll(const struct door *door, struct pollfd *out, bool has_place);

/* The descriptor of one that is ready, the caller's then; -1: none is. */
int door_next(struct door *door);

/* Lets new ones into the lobby, and twice a second sends those away that
 * have waited too long. */
void door_turn(struct door *door, const struct pollfd *polled);

#endif
