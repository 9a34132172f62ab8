#include "shell/job.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include "aws/worker.h"
#include "base/cancel.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "base/sink.h"
#include "base/vec.h"
#include "shell/args.h"
#include "shell/session_state.h"
#include "shell/var.h"

enum { SAID_MAX = 1 << 20 };

struct job_gate {
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	size_t at_once;
	size_t inside;
	struct {
		VEC(const struct job *);
	} waiting; /* in order */
};

struct job {
	const struct command *command;
	struct args *args;
	struct job_gate *gate;
	struct mailbox *news; /* of the UI thread */
	struct cancel *cancel;
	pthread_t thread;
	bool keeps_folder; /* known once job_new has returned */

	struct session session; /* of the thread */
	struct sink out;        /* likewise */

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	bool ready; /* the thread is in its folder */
	struct job_view view;
};

/* ---- the gate ---- */

struct job_gate *job_gate_new(size_t at_once)
{
	struct job_gate *gate = mem_alloc(sizeof(*gate));

	pthread_mutex_init(&gate->lock, NULL);
	pthread_cond_init(&gate->changed, NULL);
	gate->at_once = at_once;
	return gate;
}

void job_gate_free(struct job_gate *gate)
{
	if (!gate)
		return;
	vec_done(&gate->waiting);
	pthread_cond_destroy(&gate->changed);
	pthread_mutex_destroy(&gate->lock);
	mem_free(gate);
}

static void gate_wake(struct job_gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
}

static void gate_join(struct job_gate *gate, const struct job *job)
{
	pthread_mutex_lock(&gate->lock);
	vec_push(&gate->waiting, job);
	pthread_mutex_unlock(&gate->lock);
}

static void gate_forget(struct job_gate *gate, const struct job *job)
{
	for (size_t i = gate->waiting.count; i-- > 0;)
		if (gate->waiting.items[i] == job)
			vec_remove(&gate->waiting, i);
}

/* Whoever is stopped passes at once. */
static void gate_enter(struct job_gate *gate, const struct job *job)
{
	pthread_mutex_lock(&gate->lock);
	while (!cancel_is_stopped(job->cancel) &&
	       (gate->inside >= gate->at_once || gate->waiting.items[0] != job))
		pthread_cond_wait(&gate->changed, &gate->lock);
	gate_forget(gate, job);
	gate->inside++;
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
}

static void gate_leave(struct job_gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	gate->inside--;
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
}

void job_view_done(struct job_view *view)
{
	str_done(&view->verb);
	str_done(&view->subject);
	str_done(&view->said);
}

/* ---- in the job's thread ---- */

/* The folder is one of the process, unless a thread takes its own. Where that
 * is forbidden \cd has to wait for the jobs. */
static void keep_folder(struct job *job)
{
	job->keeps_folder = unshare(CLONE_FS) == 0;
	pthread_mutex_lock(&job->lock);
	job->ready = true;
	pthread_cond_broadcast(&job->changed);
	pthread_mutex_unlock(&job->lock);
}

static void note_running(struct job *job)
{
	pthread_mutex_lock(&job->lock);
	job->view.state = JOB_RUNNING;
	pthread_mutex_unlock(&job->lock);
}

static void finish(struct job *job, bool ok, const struct err *err)
{
	pthread_mutex_lock(&job->lock);
	job->view.err = *err;
	if (ok)
		job->view.state = JOB_DONE;
	else if (err->kind == ERR_CANCELLED)
		job->view.state = JOB_CANCELLED;
	else
		job->view.state = JOB_FAILED;
	pthread_mutex_unlock(&job->lock);
	mailbox_post(job->news, job);
}

static void *run_thread(void *context)
{
	struct job *job = context;
	struct err err = ERR_EMPTY;
	bool ok;

	cancel_use(job->cancel);
	keep_folder(job);
	gate_enter(job->gate, job);
	ok = cancel_check(&err);
	if (ok) {
		note_running(job);
		ok = job->command->run(&job->session, job->args, &err);
	}
	gate_leave(job->gate);
	finish(job, ok, &err);
	return NULL;
}

void job_say(struct job *job, const char *label, const char *text)
{
	pthread_mutex_lock(&job->lock);
	str_addf(&job->view.said, "%s%s\n", label, text);
	pthread_mutex_unlock(&job->lock);
}

static bool add_out(void *context, const char *bytes, size_t len,
		    struct err *err)
{
	struct job *job = context;
	bool fits;

	pthread_mutex_lock(&job->lock);
	fits = job->view.said.len + len < SAID_MAX;
	if (fits)
		str_add_slice(&job->view.said, bytes, len);
	pthread_mutex_unlock(&job->lock);
	if (fits)
		return true;
	err_set(err, ERR_USAGE, "a job cannot tell that much");
	return err_hint(err, "leave the & out");
}

struct sink *job_out(struct job *job)
{
	return &job->out;
}

bool job_refuse_table(struct err *err)
{
	err_set(err, ERR_USAGE, "a job has no place for a table");
	return err_hint(err, "leave the & out");
}

void job_show(struct job *job, const char *verb, const char *subject,
	      const struct progress *progress)
{
	struct job_view *view = &job->view;

	pthread_mutex_lock(&job->lock);
	str_set(&view->verb, verb);
	str_set(&view->subject, subject);
	view->progress = *progress;
	view->moves = true;
	pthread_mutex_unlock(&job->lock);
}

/* ---- in the UI thread ---- */

/* As they are now; nothing follows from them. */
static struct vars *copy_variables(const struct vars *vars)
{
	static const struct var_hook no_hooks[] = { { .name = NULL } };
	struct vars *copy = vars_new(no_hooks, NULL);
	const char *name, *value;

	for (size_t i = 0; vars_item(vars, i, &name, &value); i++)
		vars_set(copy, name, value, NULL);
	return copy;
}

/* Nothing in it is shared but what may be used from any thread. */
static void make_session(struct job *job, struct session *session)
{
	job->session.job = job;
	job->session.cmdline = session->cmdline;
	job->session.as_psql = session->as_psql;
	job->session.notty = true;
	job->session.aws_warned = true;
	job->session.vars = copy_variables(session->vars);
	job->session.is.quiet = session->is.quiet;
	if (session->aws)
		job->session.aws = worker_hold(session->aws);
}

/* Signals are for the UI thread. */
static bool start_thread(struct job *job, struct err *err)
{
	sigset_t all, old;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failed = pthread_create(&job->thread, NULL, run_thread, job);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (failed != 0)
		return err_set_errno(err, failed, "starting a thread");
	pthread_mutex_lock(&job->lock);
	while (!job->ready)
		pthread_cond_wait(&job->changed, &job->lock);
	pthread_mutex_unlock(&job->lock);
	return true;
}

static void free_all(struct job *job)
{
	worker_free(job->session.aws);
	vars_free(job->session.vars);
	args_free(job->args);
	cancel_free(job->cancel);
	job_view_done(&job->view);
	pthread_cond_destroy(&job->changed);
	pthread_mutex_destroy(&job->lock);
	mem_free(job);
}

struct job *job_new(const struct job_world *world,
		    const struct command *command, struct args *args,
		    struct err *err)
{
	struct job *job = mem_alloc(sizeof(*job));

	pthread_mutex_init(&job->lock, NULL);
	pthread_cond_init(&job->changed, NULL);
	job->view = (struct job_view)JOB_VIEW_EMPTY;
	job->command = command;
	job->gate = world->gate;
	job->news = world->news;
	job->args = args;
	job->out = (struct sink){ add_out, job };
	make_session(job, world->session);
	job->cancel = cancel_new(err);
	if (job->cancel)
		gate_join(job->gate, job);
	if (job->cancel && start_thread(job, err))
		return job;
	gate_forget(job->gate, job);
	job->args = NULL;
	free_all(job);
	return NULL;
}

void job_stop(struct job *job)
{
	cancel_stop(job->cancel);
	gate_wake(job->gate);
}

bool job_is_stopped(const struct job *job)
{
	return cancel_is_stopped(job->cancel);
}

void job_free(struct job *job)
{
	if (!job)
		return;
	job_stop(job);
	pthread_join(job->thread, NULL);
	free_all(job);
}

bool job_keeps_folder(const struct job *job)
{
	return job->keeps_folder;
}

void job_look(struct job *job, struct job_view *out)
{
	const struct job_view *view = &job->view;

	pthread_mutex_lock(&job->lock);
	out->state = view->state;
	out->moves = view->moves;
	out->progress = view->progress;
	out->err = view->err;
	str_set(&out->verb, view->verb.text);
	str_set(&out->subject, view->subject.text);
	str_set(&out->said, view->said.text);
	pthread_mutex_unlock(&job->lock);
}
