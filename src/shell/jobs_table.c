/* The jobs as rows, and their numbers for Tab. */
#include "shell/jobs.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "complete/complete.h"
#include "data/isotime.h"
#include "data/rows_mem.h"
#include "shell/jobs_inner.h"
#include "shell/session_state.h"
#include "transfer/progress.h"

static const char *state_word(enum job_state state, bool stopping)
{
	switch (state) {
	case JOB_WAITING:
		return "waiting";
	case JOB_RUNNING:
		return stopping ? "stopping" : "running";
	case JOB_DONE:
		return "done";
	case JOB_FAILED:
		return "failed";
	case JOB_CANCELLED:
		return "cancelled";
	}
	return "";
}

static void add_bytes(struct rows_mem *mem, bool known, int64_t bytes,
		      const char *per)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (known) {
		units_add_bytes(&text, bytes);
		str_add(&text, per);
	}
	rows_mem_add(mem, known ? text.text : NULL);
}

static void add_files(struct rows_mem *mem, const struct progress *progress)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	units_add_count(&text, progress->files_done);
	if (progress->files_total > 0) {
		str_add(&text, " of ");
		units_add_count(&text, progress->files_total);
	}
	rows_mem_add(mem, text.text);
}

static void add_row(struct rows_mem *mem, const struct jobs_entry *entry,
		    bool with_files)
{
	CLEANUP(job_view_done) struct job_view now = JOB_VIEW_EMPTY;
	const struct job_view *view = &entry->view;
	CLEANUP(str_done) struct str left = STR_EMPTY;
	CLEANUP(str_done) struct str started = STR_EMPTY;
	const struct progress *progress;
	int64_t left_s = -1;

	if (!entry->ended) {
		job_look(entry->job, &now);
		view = &now;
	}
	progress = &view->progress;
	if (!entry->ended && view->moves)
		left_s = progress_left_s(progress);
	if (left_s >= 0)
		progress_add_left(left_s, &left);
	isotime_add_local(&started, entry->started_ms);
	rows_mem_add_number(mem, entry->number);
	rows_mem_add(mem,
		     state_word(view->state,
				!entry->ended && job_is_stopped(entry->job)));
	if (with_files)
		add_files(mem, progress);
	add_bytes(mem, view->moves, progress->done, "");
	add_bytes(mem, view->moves && progress->total >= 0, progress->total,
		  "");
	add_bytes(mem, !entry->ended && view->moves && progress->rate >= 1,
		  (int64_t)progress->rate, "/s");
	rows_mem_add(mem, left_s >= 0 ? left.text : NULL);
	rows_mem_add(mem, started.text);
	rows_mem_add(mem, entry->command);
}

/* A job of many files counts them. */
static bool has_files(const struct jobs *jobs)
{
	for (size_t i = 0; jobs && i < jobs->entries.count; i++) {
		const struct jobs_entry *entry = jobs->entries.items[i];
		CLEANUP(job_view_done) struct job_view view = JOB_VIEW_EMPTY;

		if (!entry->ended)
			job_look(entry->job, &view);
		if (view.progress.files_total > 1 ||
		    entry->view.progress.files_total > 1)
			return true;
	}
	return false;
}

bool jobs_print(struct session *session, struct err *err)
{
	static const char *const columns[] = {
		"State", "Files", "Done",    "Total",
		"Rate",  "Left",  "Started", "Command",
	};
	struct rows_mem *mem = rows_mem_new("Jobs");
	struct jobs *jobs = session->jobs;
	bool with_files, ok;

	jobs_take_news(jobs);
	with_files = has_files(jobs);
	rows_mem_column(mem, "Job", ROWS_INTEGER);
	for (size_t i = 0; i < COUNT_OF(columns); i++)
		if (with_files || strcmp(columns[i], "Files") != 0)
			rows_mem_column(mem, columns[i], ROWS_TEXT);
	for (size_t i = 0; jobs && i < jobs->entries.count; i++)
		add_row(mem, jobs->entries.items[i], with_files);
	session->blank_nulls = true;
	ok = session_print_rows(session, rows_mem_rows(mem), NULL, err);
	session->blank_nulls = false;
	return ok;
}

void jobs_offer(struct session *session, struct complete_offer *offer)
{
	const struct jobs *jobs = session->jobs;

	for (size_t i = 0; jobs && i < jobs->entries.count; i++) {
		const struct jobs_entry *entry = jobs->entries.items[i];
		CLEANUP(str_done) struct str number = STR_EMPTY;

		str_add_number(&number, entry->number);
		if (!entry->ended)
			complete_offer_name(offer, number.text, entry->command);
	}
}
