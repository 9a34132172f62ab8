/* load/load_watch.h - a running COPY or UNLOAD, watched from a second
 * connection.
 *
 * A short-lived thread: it waits a moment, since most loads are over by then,
 * connects, looks about once a second (load/load_moment) and posts what it
 * sees. It never speaks to the server once it is told to stop, so a warehouse
 * that is idle stays asleep; what goes wrong ends it in silence.
 */
#ifndef LOAD_LOAD_WATCH_H
#define LOAD_LOAD_WATCH_H

#include <stdbool.h>

#include "base/err.h"
#include "load/load_moment.h"

struct db;
struct load_watch;

struct load_watch_options {
	/* Called in the thread; stop_fd readable: give up. */
	struct db *(*connect)(void *context, int stop_fd, struct err *err);
	void *context;		/* lives until load_watch_free */
	int session;		/* db_backend_pid of who loads */
	bool unload;
	int delay_ms;		/* before the first look */
};

struct load_watch *load_watch_new(const struct load_watch_options *options,
				  struct err *err);

/* Readable: there is something to take. */
int load_watch_fd(const struct load_watch *watch);

/* The newest moment; false: nothing new. */
bool load_watch_take(struct load_watch *watch, struct load_moment *out);

/* Ends it without waiting. */
void load_watch_stop(struct load_watch *watch);

/* Stops it and waits until it has left: two seconds at most when the server
 * is silent. NULL is fine. */
void load_watch_free(struct load_watch *watch);

#endif
