#include "catalog/refresh.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "catalog/harvest.h"
#include "catalog/store.h"
#include "catalog/touched.h"
#include "data/lite.h"
#include "db/conn.h"

enum {
	QUIET_MS = 300,  /* after DDL: more often follows */
	REST_FACTOR = 5, /* rest this many times the last harvest */
	REST_MAX_MS = 60000,
	WRITER_WAIT_MS = 120000,
};

struct refresh {
	pthread_t thread;
	char *path;
	struct db *(*connect)(void *context, int stop_fd, struct err *err);
	void *context;
	int stop_fd; /* eventfd: leave */
	int done_fd; /* eventfd: written after each harvest */
	/* Under lock. */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
	uint64_t asked;    /* notes so far */
	uint64_t answered; /* notes a harvest has seen */
	bool hurry;        /* one of the open notes is not REFRESH_CHANGED */
	struct touched touched; /* what the open notes are about */
	struct refresh_last last;
	bool failed;  /* the last harvest */
	bool rebuilt; /* the file was damaged */
	bool unwritten; /* the disk is full or the like */
	struct err err;
};

static struct timespec after_ms(int64_t ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += ms / 1000;
	at.tv_nsec += (ms % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

static void signal_fd(int fd)
{
	uint64_t one = 1;

	while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

/* Lock held. Waits for a note, then as long as its reason may wait.
 * false: stop. */
static bool wait_for_note(struct refresh *refresh, int64_t rest_ms)
{
	struct timespec until;

	while (!refresh->stop && refresh->asked == refresh->answered)
		pthread_cond_wait(&refresh->wake, &refresh->lock);
	until = after_ms(rest_ms > QUIET_MS ? rest_ms : QUIET_MS);
	while (!refresh->stop && !refresh->hurry)
		if (pthread_cond_timedwait(&refresh->wake, &refresh->lock,
					   &until) == ETIMEDOUT)
			break;
	return !refresh->stop;
}

static bool harvest_once(struct refresh *refresh, const struct touched *touched,
			 struct harvest_result *result, struct err *err)
{
	CLEANUP(lite_closep) struct lite *lite = store_open(refresh->path, err);
	CLEANUP(db_closep) struct db *db = NULL;
	bool known;

	if (lite == NULL)
		return false;
	/* Another shell may be writing all of its own harvest. */
	lite_set_patience(lite, WRITER_WAIT_MS);
	db = refresh->connect(refresh->context, refresh->stop_fd, err);
	if (db == NULL)
		return false;
	known = store_harvested_ms(lite, db_name(db)) > 0;
	return harvest_run(db, lite, known ? touched : NULL, clock_wall_ms(),
			   result, err);
}

/* One answer to all open notes. */
static bool answer(struct refresh *refresh, const struct touched *touched,
		   struct refresh_last *last, struct err *err)
{
	struct harvest_result result = { 0 };
	int64_t start_us = clock_monotonic_us();
	bool ok = harvest_once(refresh, touched, &result, err);

	*last = (struct refresh_last){
		.took_ms = (clock_monotonic_us() - start_us) / 1000,
		.rows = result.rows,
		.changes = result.changes,
		.questions = result.questions,
		.skipped = result.skipped,
	};
	log_debug(LOG_CATALOG,
		  "harvest: %d statements, %lld rows, %d skipped, %lld ms%s%s",
		  last->questions, (long long)last->rows, last->skipped,
		  (long long)last->took_ms, ok ? "" : ": ",
		  ok ? "" : err->message);
	return ok;
}

static void *run(void *argument)
{
	struct refresh *refresh = argument;
	int64_t rest_ms = 0;

	pthread_mutex_lock(&refresh->lock);
	while (wait_for_note(refresh, rest_ms)) {
		CLEANUP(touched_done) struct touched touched = TOUCHED_EMPTY;
		uint64_t seen = refresh->asked;
		struct err err = ERR_EMPTY;
		struct refresh_last last;
		bool ok;

		refresh->hurry = false;
		touched_join(&touched, &refresh->touched);
		touched_clear(&refresh->touched);
		pthread_mutex_unlock(&refresh->lock);
		ok = answer(refresh, &touched, &last, &err);
		rest_ms = last.took_ms * REST_FACTOR;
		rest_ms = rest_ms < REST_MAX_MS ? rest_ms : REST_MAX_MS;
		pthread_mutex_lock(&refresh->lock);
		/* What was not read is still to be read. */
		if (!ok)
			touched_join(&refresh->touched, &touched);
		refresh->answered = seen;
		refresh->failed = !ok;
		refresh->err = err;
		refresh->last = last;
		refresh->last.failed = !ok;
		refresh->last.why = err;
		refresh->rebuilt =
			refresh->rebuilt || (!ok && lite_is_corrupt(&err));
		refresh->unwritten = !ok && lite_is_unwritable(&err);
		signal_fd(refresh->done_fd);
	}
	pthread_mutex_unlock(&refresh->lock);
	return NULL;
}

static bool start_thread(struct refresh *refresh, struct err *err)
{
	sigset_t all, old;
	int failed;

	/* Signals are the UI thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failed = pthread_create(&refresh->thread, NULL, run, refresh);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (failed != 0)
		return err_set_errno(err, failed, "cannot start a thread");
	return true;
}

static void destroy(struct refresh *refresh)
{
	if (refresh->stop_fd >= 0)
		close(refresh->stop_fd);
	if (refresh->done_fd >= 0)
		close(refresh->done_fd);
	pthread_cond_destroy(&refresh->wake);
	pthread_mutex_destroy(&refresh->lock);
	touched_done(&refresh->touched);
	mem_free(refresh->path);
	mem_free(refresh);
}

struct refresh *refresh_new(const char *path,
			    struct db *(*connect)(void *context, int stop_fd,
						  struct err *err),
			    void *context, struct err *err)
{
	struct refresh *refresh = mem_alloc(sizeof(*refresh));
	pthread_condattr_t monotonic;

	refresh->path = mem_copy_text(path);
	refresh->connect = connect;
	refresh->context = context;
	pthread_mutex_init(&refresh->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&refresh->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	refresh->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	refresh->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (refresh->stop_fd < 0 || refresh->done_fd < 0) {
		err_set_errno(err, errno, "cannot make an event descriptor");
		destroy(refresh);
		return NULL;
	}
	if (!start_thread(refresh, err)) {
		destroy(refresh);
		return NULL;
	}
	return refresh;
}

void refresh_free(struct refresh *refresh)
{
	if (refresh == NULL)
		return;
	pthread_mutex_lock(&refresh->lock);
	refresh->stop = true;
	pthread_cond_signal(&refresh->wake);
	pthread_mutex_unlock(&refresh->lock);
	signal_fd(refresh->stop_fd);
	pthread_join(refresh->thread, NULL);
	destroy(refresh);
}

void refresh_note(struct refresh *refresh, enum refresh_reason reason,
		  const struct touched *touched)
{
	pthread_mutex_lock(&refresh->lock);
	if (touched != NULL)
		touched_join(&refresh->touched, touched);
	else
		refresh->touched.all = true;
	refresh->asked++;
	if (reason != REFRESH_CHANGED)
		refresh->hurry = true;
	pthread_cond_signal(&refresh->wake);
	pthread_mutex_unlock(&refresh->lock);
}

struct refresh_last refresh_last(struct refresh *refresh)
{
	struct refresh_last last;

	pthread_mutex_lock(&refresh->lock);
	last = refresh->last;
	pthread_mutex_unlock(&refresh->lock);
	return last;
}

bool refresh_is_open(struct refresh *refresh)
{
	bool open;

	pthread_mutex_lock(&refresh->lock);
	open = refresh->asked != refresh->answered;
	pthread_mutex_unlock(&refresh->lock);
	return open;
}

bool refresh_is_settled(struct refresh *refresh)
{
	bool settled;

	pthread_mutex_lock(&refresh->lock);
	settled = refresh->asked == refresh->answered && !refresh->failed;
	pthread_mutex_unlock(&refresh->lock);
	return settled;
}

bool refresh_take_rebuilt(struct refresh *refresh)
{
	bool rebuilt;

	pthread_mutex_lock(&refresh->lock);
	rebuilt = refresh->rebuilt;
	refresh->rebuilt = false;
	pthread_mutex_unlock(&refresh->lock);
	return rebuilt;
}

bool refresh_take_unwritten(struct refresh *refresh, struct err *out_why)
{
	bool unwritten;

	pthread_mutex_lock(&refresh->lock);
	unwritten = refresh->unwritten;
	refresh->unwritten = false;
	if (unwritten)
		*out_why = refresh->err;
	pthread_mutex_unlock(&refresh->lock);
	return unwritten;
}

/* 1 all answered, 0 not yet, -1 the last one failed. */
static int state(struct refresh *refresh, struct err *err)
{
	int state = 0;

	pthread_mutex_lock(&refresh->lock);
	if (refresh->asked == refresh->answered)
		state = refresh->failed ? -1 : 1;
	if (state < 0 && err != NULL)
		*err = refresh->err;
	pthread_mutex_unlock(&refresh->lock);
	return state;
}

bool refresh_wait(struct refresh *refresh, int timeout_ms, struct err *err)
{
	int64_t end_us = clock_monotonic_us() + (int64_t)timeout_ms * 1000;

	for (;;) {
		int64_t left_ms = (end_us - clock_monotonic_us()) / 1000;
		int now = state(refresh, err);
		uint64_t drained;

		if (now != 0)
			return now > 0;
		if (timeout_ms >= 0 && left_ms <= 0)
			return err_set(err, ERR_NETWORK,
				       "the catalog is still being read");
		if (cancel_poll(refresh->done_fd, POLLIN,
				timeout_ms < 0 ? -1 : (int)left_ms) < 0)
			return cancel_check(err);
		if (read(refresh->done_fd, &drained, sizeof(drained)) < 0 &&
		    errno != EAGAIN && errno != EINTR)
			return err_set_errno(err, errno, "waiting");
	}
}
