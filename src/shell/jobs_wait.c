/* Waiting for jobs: \wait, \fg and the end. */
#include "shell/jobs.h"

#include <poll.h>

#include "base/cancel.h"
#include "base/mailbox.h"
#include "base/str.h"
#include "shell/jobs_inner.h"
#include "shell/session_state.h"
#include "transfer/progress.h"

enum { TICK_MS = 100 };

static bool is_over(const struct jobs *jobs, int number)
{
	const struct jobs_entry *entry = jobs_find(jobs, number);

	return number == 0 ? jobs_count_open(jobs) == 0
			   : !entry || entry->ended;
}

static bool fail_shown(struct err *err)
{
	return err_set(err, ERR_SERVER, "%s", "");
}

static void add_progress(const struct jobs_entry *entry, struct progress *sum)
{
	CLEANUP(job_view_done) struct job_view view = JOB_VIEW_EMPTY;

	job_look(entry->job, &view);
	sum->done += view.progress.done;
	sum->rate += view.progress.rate;
	if (!view.moves || view.progress.total < 0)
		sum->total = -1;
	else if (sum->total >= 0)
		sum->total += view.progress.total;
}

static void show_wait(struct session *session, int number)
{
	const struct jobs *jobs = session->jobs;
	CLEANUP(str_done) struct str subject = STR_EMPTY;
	struct progress sum = { 0 };
	int open = 0;

	for (size_t i = 0; i < jobs->entries.count; i++) {
		const struct jobs_entry *entry = jobs->entries.items[i];

		if (entry->ended || (number > 0 && number != entry->number))
			continue;
		add_progress(entry, &sum);
		open++;
	}
	str_addf(&subject, "%d %s", open, open == 1 ? "job" : "jobs");
	session_show_transfer(session, "waiting for", subject.text, &sum);
}

bool jobs_wait(struct session *session, int number, struct err *err)
{
	struct jobs *jobs = session->jobs;

	if (number > 0 && !jobs_need(jobs, number, err))
		return false;
	if (!jobs)
		return true;
	for (;;) {
		jobs_take_news(jobs);
		if (is_over(jobs, number))
			break;
		show_wait(session, number);
		if (cancel_poll(mailbox_fd(jobs->news), POLLIN, TICK_MS) < 0) {
			err_set(err, ERR_CANCELLED, "cancelled");
			return err_hint(err, "the jobs go on; \\jobs cancel "
					     "stops them");
		}
	}
	session_progress(session, "");
	jobs_tell(session);
	if (number > 0)
		return jobs_find(jobs, number)->view.state == JOB_DONE ||
		       fail_shown(err);
	if (!jobs->failed)
		return true;
	jobs->failed = false;
	return fail_shown(err);
}

static void show_progress(struct session *session,
			  const struct jobs_entry *entry)
{
	CLEANUP(job_view_done) struct job_view view = JOB_VIEW_EMPTY;

	job_look(entry->job, &view);
	if (view.moves)
		session_show_transfer(session, view.verb.text,
				      view.subject.text, &view.progress);
}

/* Ctrl-C stops the job; a second one leaves it to end by itself. */
static bool watch(struct session *session, const struct jobs_entry *entry,
		  struct err *err)
{
	struct jobs *jobs = session->jobs;
	bool stopped = false;

	while (!entry->ended) {
		int ready =
			cancel_poll(mailbox_fd(jobs->news), POLLIN, TICK_MS);

		if (ready < 0 && stopped)
			return cancel_check(err);
		if (ready < 0) {
			stopped = true;
			cancel_clear();
			job_stop(entry->job);
		}
		jobs_take_news(jobs);
		if (!entry->ended)
			show_progress(session, entry);
	}
	session_progress(session, "");
	return true;
}

static int last_open(const struct jobs *jobs)
{
	int number = 0;

	for (size_t i = 0; jobs && i < jobs->entries.count; i++)
		if (!jobs->entries.items[i]->ended)
			number = jobs->entries.items[i]->number;
	return number;
}

bool jobs_foreground(struct session *session, int number, struct err *err)
{
	struct jobs *jobs = session->jobs;
	struct jobs_entry *entry;

	jobs_take_news(jobs);
	if (number == 0)
		number = last_open(jobs);
	if (number == 0)
		return err_set(err, ERR_USAGE, "no job is running");
	entry = jobs_need(jobs, number, err);
	if (!entry)
		return false;
	session_info(session, "%s", entry->command);
	if (!watch(session, entry, err))
		return false;
	entry->told = true;
	jobs_tell_said(session, entry, false);
	if (entry->view.state != JOB_DONE)
		*err = entry->view.err;
	return entry->view.state == JOB_DONE;
}

bool jobs_finish(struct session *session)
{
	struct err err = ERR_EMPTY;
	bool ok;

	if (!session->jobs)
		return true;
	if (cancel_raised())
		jobs_cancel(session, 0, NULL);
	cancel_clear();
	ok = jobs_wait(session, 0, &err);
	if (ok || err.kind != ERR_CANCELLED)
		return ok;
	cancel_clear();
	jobs_cancel(session, 0, NULL);
	jobs_wait(session, 0, NULL);
	return false;
}
