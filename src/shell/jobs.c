#include "shell/jobs.h"

#include <string.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "edit/editor.h"
#include "shell/args.h"
#include "shell/jobs_inner.h"
#include "shell/session_state.h"

enum {
	ENDED_KEPT = 20, /* so many that ended stay in the list */
};

static void entry_free(struct jobs_entry *entry)
{
	job_free(entry->job);
	job_view_done(&entry->view);
	mem_free(entry->command);
	mem_free(entry);
}

void jobs_free(struct jobs *jobs)
{
	if (!jobs)
		return;
	/* All are told to stop before one is waited for. */
	for (size_t i = 0; i < jobs->entries.count; i++)
		if (!jobs->entries.items[i]->ended)
			job_stop(jobs->entries.items[i]->job);
	for (size_t i = 0; i < jobs->entries.count; i++)
		entry_free(jobs->entries.items[i]);
	vec_done(&jobs->entries);
	mailbox_free(jobs->news);
	job_gate_free(jobs->gate);
	mem_free(jobs);
}

/* ---- which there are ---- */

size_t jobs_count_open(const struct jobs *jobs)
{
	size_t count = 0;

	for (size_t i = 0; jobs && i < jobs->entries.count; i++)
		count += !jobs->entries.items[i]->ended;
	return count;
}

struct jobs_entry *jobs_find(const struct jobs *jobs, int number)
{
	for (size_t i = 0; jobs && i < jobs->entries.count; i++)
		if (jobs->entries.items[i]->number == number)
			return jobs->entries.items[i];
	return NULL;
}

struct jobs_entry *jobs_need(const struct jobs *jobs, int number,
			     struct err *err)
{
	struct jobs_entry *entry = jobs_find(jobs, number);

	if (!entry) {
		err_set(err, ERR_USAGE, "there is no job %d", number);
		err_hint(err, "\\jobs lists them");
	}
	return entry;
}

/* Those that ended long ago leave the list. */
static void forget_old(struct jobs *jobs)
{
	size_t ended = 0;

	for (size_t i = jobs->entries.count; i-- > 0;) {
		struct jobs_entry *entry = jobs->entries.items[i];

		if (!entry->ended || !entry->told || ++ended <= ENDED_KEPT)
			continue;
		entry_free(entry);
		vec_remove(&jobs->entries, i);
	}
}

/* ---- started and ended ---- */

/* Notes the ends that have come. */
void jobs_take_news(struct jobs *jobs)
{
	struct job *job;

	while (jobs && (job = mailbox_take(jobs->news)) != NULL) {
		struct jobs_entry *entry = NULL;

		for (size_t i = 0; !entry; i++)
			if (jobs->entries.items[i]->job == job)
				entry = jobs->entries.items[i];
		job_look(job, &entry->view);
		job_free(job);
		entry->job = NULL;
		entry->ended = true;
	}
}

static struct jobs *get_jobs(struct session *session, struct err *err)
{
	struct jobs *jobs = session->jobs;

	if (jobs)
		return jobs;
	jobs = mem_alloc(sizeof(*jobs));
	jobs->news = mailbox_new(NULL, err);
	if (!jobs->news) {
		mem_free(jobs);
		return NULL;
	}
	jobs->gate = job_gate_new(JOBS_AT_ONCE);
	session->jobs = jobs;
	jobs_watch(session);
	return jobs;
}

static bool may_start(struct jobs *jobs, const struct command *command,
		      const struct args *args, struct err *err)
{
	if (args_has_text(args, "-")) {
		err_set(err, ERR_USAGE,
			"\\%s: a job has neither standard input nor output",
			command->name);
		return err_hint(err, "name a file instead of -, or leave the "
				     "& out");
	}
	if (jobs_count_open(jobs) < JOBS_MAX)
		return true;
	err_set(err, ERR_USAGE, "%d jobs have not ended yet", JOBS_MAX);
	return err_hint(err, "\\wait waits for them");
}

bool jobs_start(struct session *session, const struct command *command,
		struct args **args, const char *shown, struct err *err)
{
	struct jobs *jobs = get_jobs(session, err);
	struct job_world world = { .session = session };
	struct jobs_entry *entry;
	struct job *job;

	if (!jobs)
		return false;
	world.gate = jobs->gate;
	world.news = jobs->news;
	jobs_take_news(jobs);
	if (!may_start(jobs, command, *args, err))
		return false;
	job = job_new(&world, command, *args, err);
	if (!job)
		return false;
	*args = NULL;
	entry = mem_alloc(sizeof(*entry));
	entry->job = job;
	entry->number = ++jobs->next;
	entry->command = mem_copy_text(shown);
	entry->started_ms = clock_wall_ms();
	entry->view = (struct job_view)JOB_VIEW_EMPTY;
	vec_push(&jobs->entries, entry);
	forget_old(jobs);
	session_info(session, "[%d] %s", entry->number, entry->command);
	return true;
}

/* ---- told ---- */

void jobs_tell_said(struct session *session, const struct jobs_entry *entry,
		    bool numbered)
{
	const char *line = entry->view.said.text;

	while (*line) {
		int len = (int)strcspn(line, "\n");

		if (numbered)
			session_info(session, "[%d] %.*s", entry->number, len,
				     line);
		else
			session_info(session, "%.*s", len, line);
		line += len + (line[len] == '\n');
	}
}

static void tell_one(struct session *session, struct jobs_entry *entry)
{
	const struct err *err = &entry->view.err;

	if (entry->told)
		return;
	entry->told = true;
	jobs_tell_said(session, entry, true);
	switch (entry->view.state) {
	case JOB_DONE:
		if (entry->view.said.len == 0)
			session_info(session, "[%d] done: %s", entry->number,
				     entry->command);
		return;
	case JOB_CANCELLED:
		session_info(session, "[%d] cancelled: %s", entry->number,
			     entry->command);
		break;
	case JOB_FAILED:
	case JOB_WAITING:
	case JOB_RUNNING:
		say_error(&session->say, "[%d] failed: %s: %s", entry->number,
			  entry->command, err->message);
		break;
	}
	session->jobs->failed = true;
	if (session->say.hints && err->hint[0])
		say_info(&session->say, "HINT:  %s", err->hint);
}

void jobs_tell(struct session *session)
{
	struct jobs *jobs = session->jobs;

	if (!jobs)
		return;
	jobs_take_news(jobs);
	for (size_t i = 0; i < jobs->entries.count; i++)
		if (jobs->entries.items[i]->ended)
			tell_one(session, jobs->entries.items[i]);
	forget_old(jobs);
}

static void tell_now(void *context)
{
	jobs_tell(context);
}

static void news_ready(void *context)
{
	struct session *session = context;

	editor_print_above(session->editor, tell_now, session);
}

void jobs_watch(struct session *session)
{
	if (session->jobs && session->editor)
		editor_watch(session->editor, mailbox_fd(session->jobs->news),
			     news_ready, session);
}

/* ---- cancelled ---- */

bool jobs_cancel(struct session *session, int number, struct err *err)
{
	struct jobs *jobs = session->jobs;
	struct jobs_entry *entry;

	jobs_take_news(jobs);
	if (number > 0) {
		entry = jobs_need(jobs, number, err);
		if (!entry)
			return false;
		if (entry->ended)
			return err_set(err, ERR_USAGE,
				       "job %d has ended already", number);
	}
	for (size_t i = 0; jobs && i < jobs->entries.count; i++) {
		entry = jobs->entries.items[i];
		if (!entry->ended && (number == 0 || number == entry->number))
			job_stop(entry->job);
	}
	return true;
}

/* ---- around them ---- */

bool jobs_allow_cd(struct session *session, struct err *err)
{
	struct jobs *jobs = session->jobs;

	jobs_take_news(jobs);
	for (size_t i = 0; jobs && i < jobs->entries.count; i++) {
		const struct jobs_entry *entry = jobs->entries.items[i];

		if (entry->ended || job_keeps_folder(entry->job))
			continue;
		err_set(err, ERR_USAGE,
			"job %d works in this folder and would be led away",
			entry->number);
		return err_hint(err, "wait for it: \\wait %d", entry->number);
	}
	return true;
}

bool jobs_may_leave(struct session *session)
{
	CLEANUP(str_done) struct str question = STR_EMPTY;
	size_t count;
	bool yes = false;

	jobs_take_news(session->jobs);
	count = jobs_count_open(session->jobs);
	if (count == 0 || !session->interactive || session->notty)
		return true;
	if (count == 1)
		str_add(&question, "A job is still running: cancel it");
	else
		str_addf(&question, "%zu jobs are still running: cancel them",
			 count);
	str_add(&question, " and leave?");
	session_confirm(session, question.text, "", &yes, NULL);
	cancel_clear();
	return yes;
}
