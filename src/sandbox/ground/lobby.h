/* sandbox/ground/lobby.h - connections that have not said enough to get a
 * thread.
 *
 * A connection waits here, at the cost of its descriptor, until it has sent
 * what the owner calls enough, or the peer has gone. When too many wait, the
 * one that has waited longest is closed. One thread.
 */
#ifndef SANDBOX_GROUND_LOBBY_H
#define SANDBOX_GROUND_LOBBY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct lobby;

/* Has fd sent enough to be served, or to be refused? Asked whenever bytes
 * have come; may only peek, and must not wait. */
typedef bool lobby_ready(int fd);

struct lobby *lobby_new(size_t max, lobby_ready *ready, struct err *err);
void lobby_free(struct lobby *lobby); /* closes those that wait */
CLEANUP_FREE(struct lobby, lobby_free, lobby_freep)

/* Readable when lobby_next may have one; for poll. */
int lobby_fd(const struct lobby *lobby);

/* Takes fd over. now_us: clock_monotonic_us. */
void lobby_add(struct lobby *lobby, int fd, int64_t now_us);

/* One that is ready, which is the caller's then; -1: none is. */
int lobby_next(struct lobby *lobby);

/* Closes those that have waited since before. */
void lobby_expire(struct lobby *lobby, int64_t before_us);

/* Closes the one that has waited longest, so that a descriptor is free;
 * false: none waits. */
bool lobby_drop_oldest(struct lobby *lobby);

/* How many were closed here, since asked last. */
size_t lobby_dropped(struct lobby *lobby);

#endif
