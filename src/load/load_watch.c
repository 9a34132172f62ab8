#include "load/load_watch.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "db/conn.h"

enum {
	LOOK_MS = 1000,
	LATER_LOOK_MS = 2000, /* after the first half minute */
	EAGER_LOOKS = 30,
};

struct load_watch {
	pthread_t thread;
	struct load_watch_options options;
	int stop_fd;             /* eventfd: leave */
	struct mailbox *mailbox; /* struct load_moment, on the heap */
};

/* --- in the thread --- */

/* false: it is to stop. */
static bool wait_ms(const struct load_watch *watch, int ms)
{
	struct pollfd stop = { .fd = watch->stop_fd, .events = POLLIN };
	int ready;

	do {
		ready = poll(&stop, 1, ms);
	} while (ready < 0 && errno == EINTR);
	return ready == 0;
}

static void look(struct load_watch *watch, struct db *db)
{
	struct load_view view = { .session = watch->options.session,
				  .unload = watch->options.unload };
	struct err err = ERR_EMPTY;
	int looks = 0;

	do {
		struct load_moment *moment = mem_alloc(sizeof(*moment));

		/* Where nothing is known, time alone is a sign of life. */
		if (!load_moment_read(db, &view, moment, &err))
			*moment = (struct load_moment){ .files = -1,
							.rows = -1 };
		if (err.kind == ERR_NONE)
			mailbox_post(watch->mailbox, moment);
		else
			mem_free(moment);
		if (err.kind != ERR_NONE) {
			log_debug(LOG_DB, "progress ends: %s", err.message);
			return;
		}
	} while (wait_ms(watch, looks++ < EAGER_LOOKS ? LOOK_MS
						      : LATER_LOOK_MS));
}

static void *run(void *argument)
{
	struct load_watch *watch = argument;
	struct err err = ERR_EMPTY;
	struct db *db;

	if (!wait_ms(watch, watch->options.delay_ms))
		return NULL;
	db = watch->options.connect(watch->options.context, watch->stop_fd,
				    &err);
	if (db != NULL)
		look(watch, db);
	else
		log_debug(LOG_DB, "no progress: %s", err.message);
	db_close(db);
	return NULL;
}

/* --- outside of it --- */

/* Signals are for the UI thread. */
static int start(struct load_watch *watch)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&watch->thread, NULL, run, watch);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

static void discard(struct load_watch *watch)
{
	mailbox_free(watch->mailbox);
	if (watch->stop_fd >= 0)
		close(watch->stop_fd);
	mem_free(watch);
}

struct load_watch *load_watch_new(const struct load_watch_options *options,
				  struct err *err)
{
	struct load_watch *watch = mem_alloc(sizeof(*watch));
	int failed;

	watch->options = *options;
	watch->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	watch->mailbox = mailbox_new(mem_free, err);
	if (watch->stop_fd < 0 || watch->mailbox == NULL) {
		discard(watch);
		return NULL;
	}
	failed = start(watch);
	if (failed == 0)
		return watch;
	err_set_errno(err, failed, "cannot start a thread");
	discard(watch);
	return NULL;
}

int load_watch_fd(const struct load_watch *watch)
{
	return mailbox_fd(watch->mailbox);
}

bool load_watch_take(struct load_watch *watch, struct load_moment *out)
{
	struct load_moment *moment;
	bool found = false;

	while ((moment = mailbox_take(watch->mailbox)) != NULL) {
		*out = *moment;
		mem_free(moment);
		found = true;
	}
	return found;
}

void load_watch_stop(struct load_watch *watch)
{
	uint64_t one = 1;

	while (write(watch->stop_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

void load_watch_free(struct load_watch *watch)
{
	if (watch == NULL)
		return;
	load_watch_stop(watch);
	pthread_join(watch->thread, NULL);
	discard(watch);
}
