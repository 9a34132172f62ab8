#include "sandbox/quicksight/qs_work.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/str.h"
#include "sandbox/quicksight/qs.h"

enum { HELD_MS = 50 }; /* between looks at the setting */

struct qs_work {
	struct qs *qs;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t woken;
	bool stopped; /* under lock; so is added */
	bool added;
};

static const struct {
	const char *kind;
	void (*run)(struct qs *qs, struct qs_key key);
} kinds[] = {
	{ "datasource", qs_source_work },
	{ "ingestion", qs_ingestion_work },
	{ "analysis", qs_analysis_work },
	{ "dashboard", qs_dashboard_work },
	{ "job", qs_job_work },
};

static bool is_stopped(struct qs_work *work)
{
	bool stopped;

	pthread_mutex_lock(&work->lock);
	stopped = work->stopped;
	pthread_mutex_unlock(&work->lock);
	return stopped;
}

static bool do_next(struct qs_work *work)
{
	CLEANUP(str_done) struct str kind = STR_EMPTY;
	CLEANUP(str_done) struct str parent = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	struct qs_key key;
	int64_t number;

	if (!qs_store_next_work(work->qs->store, &number, &kind, &parent, &id))
		return false;
	key = (struct qs_key){ kind.text, parent.text, id.text };
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i].kind, kind.text) == 0)
			kinds[i].run(work->qs, key);
	if (!qs_is_stopping(work->qs))
		qs_store_end_work(work->qs->store, number);
	return true;
}

static void wait_a_little(struct qs_work *work, bool held)
{
	struct timespec until;

	pthread_mutex_lock(&work->lock);
	if (held && !work->stopped) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += HELD_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		pthread_cond_timedwait(&work->woken, &work->lock, &until);
	} else {
		while (!work->stopped && !work->added)
			pthread_cond_wait(&work->woken, &work->lock);
	}
	work->added = false;
	pthread_mutex_unlock(&work->lock);
}

static void *run(void *context)
{
	struct qs_work *work = context;

	while (!is_stopped(work)) {
		bool held = qs_setting_is(work->qs, "work", "held");

		if (held || !do_next(work))
			wait_a_little(work, held);
	}
	return NULL;
}

struct qs_work *qs_work_start(struct qs *qs, struct err *err)
{
	struct qs_work *work = mem_alloc(sizeof(*work));
	int failed;

	work->qs = qs;
	pthread_mutex_init(&work->lock, NULL);
	pthread_cond_init(&work->woken, NULL);
	failed = pthread_create(&work->thread, NULL, run, work);
	if (failed == 0)
		return work;
	mem_free(work);
	err_set_errno(err, failed, "cannot start QuickSight's thread");
	return NULL;
}

void qs_work_stop(struct qs_work *work)
{
	if (work == NULL)
		return;
	pthread_mutex_lock(&work->lock);
	work->stopped = true;
	pthread_cond_broadcast(&work->woken);
	pthread_mutex_unlock(&work->lock);
	pthread_join(work->thread, NULL);
	pthread_mutex_destroy(&work->lock);
	pthread_cond_destroy(&work->woken);
	mem_free(work);
}

bool qs_work_add(struct qs *qs, struct qs_key key, struct err *err)
{
	if (!qs_store_add_work(qs->store, key, err))
		return false;
	pthread_mutex_lock(&qs->work->lock);
	qs->work->added = true;
	pthread_cond_signal(&qs->work->woken);
	pthread_mutex_unlock(&qs->work->lock);
	return true;
}
