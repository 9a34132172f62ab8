/* shell/job.h - a command that runs behind the prompt, in a thread of its own.
 *
 * The thread is given a session of the job's own, which has no database, no
 * screen and nobody to ask: what the command says and how far it is are kept
 * here until the UI thread looks. Ctrl-C does not reach it (base/cancel);
 * \cd does not move it.
 */
#ifndef SHELL_JOB_H
#define SHELL_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "transfer/progress.h"

struct args;
struct command;
struct job;
struct job_gate;
struct sink;
struct mailbox;
struct session;

enum job_state {
	JOB_WAITING, /* for others to end */
	JOB_RUNNING,
	JOB_DONE,
	JOB_FAILED,
	JOB_CANCELLED,
};

/* What a job was at a moment. */
struct job_view {
	enum job_state state;
	bool moves;		/* verb, subject and progress are known */
	struct str verb;
	struct str subject;
	struct progress progress;
	struct str said;	/* lines, each with its line feed */
	struct err err;		/* of one that failed or was cancelled */
};

#define JOB_VIEW_EMPTY                                                         \
	{                                                                      \
		.verb = STR_EMPTY, .subject = STR_EMPTY, .said = STR_EMPTY     \
	}

void job_view_done(struct job_view *view);

/* Lets so many through at once, in the order they came. Whoever is past it
 * when it ends lets the next one in: the UI thread may be reading a script. */
struct job_gate *job_gate_new(size_t at_once);
void job_gate_free(struct job_gate *gate); /* all jobs are freed */

/* What jobs share with whoever made them; borrowed. */
struct job_world {
	struct session *session;
	struct job_gate *gate;
	struct mailbox *news; /* gets the job once, when it is over */
};

/* Starts the thread. Takes args over on success. UI thread. */
struct job *job_new(const struct job_world *world,
		    const struct command *command, struct args *args,
		    struct err *err);
void job_free(struct job *job); /* stops it first; NULL is fine */

void job_stop(struct job *job); /* it ends within a moment, by itself */
bool job_is_stopped(const struct job *job);

/* Whether it stays in its folder when the process leaves for another. */
bool job_keeps_folder(const struct job *job);

/* Replaces *out. */
void job_look(struct job *job, struct job_view *out);

/* --- of the job's session, in its thread --- */

bool job_refuse_table(struct err *err); /* false */
void job_say(struct job *job, const char *label, const char *text);

/* Lines for the output, which are told with the others. */
struct sink *job_out(struct job *job);
void job_show(struct job *job, const char *verb, const char *subject,
	      const struct progress *progress);

#endif
