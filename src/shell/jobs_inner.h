/* shell/jobs_inner.h - what the files of shell/jobs share; nobody else's. */
#ifndef SHELL_JOBS_INNER_H
#define SHELL_JOBS_INNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "shell/job.h"

struct job_gate;
struct mailbox;
struct session;

struct jobs_entry {
	struct job *job; /* NULL: freed, it has ended and been told */
	int number;
	char *command;
	int64_t started_ms;
	bool ended;
	bool told;
	struct job_view view; /* once it has ended */
};

struct jobs {
	struct mailbox *news; /* struct job *, borrowed from entries */
	struct job_gate *gate;
	struct {
		VEC(struct jobs_entry *);
	} entries; /* by number */
	int next;
	bool failed; /* one did, and nobody asked for it by \wait or \fg */
};

/* Notes the ends that have come. jobs may be NULL here and below. */
void jobs_take_news(struct jobs *jobs);

/* Those that have not ended. */
size_t jobs_count_open(const struct jobs *jobs);

/* NULL: there is none of that number; need says so. */
struct jobs_entry *jobs_find(const struct jobs *jobs, int number);
struct jobs_entry *jobs_need(const struct jobs *jobs, int number,
			     struct err *err);

/* The lines that one told, with its number before each or without. */
void jobs_tell_said(struct session *session, const struct jobs_entry *entry,
		    bool numbered);

#endif
