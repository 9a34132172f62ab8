/* Messages go to the AWS thread in its mailbox; finished calls come back in
 * the mailbox of their queue. A call belongs to the AWS thread from
 * worker_send_take until it lies in that mailbox. A struct aws is one way to
 * ask (profile, region, endpoint) with credentials of its own; all of them
 * share the thread. */
#include "aws/worker.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "aws/call.h"
#include "aws/listing.h"
#include "aws/profile.h"
#include "aws/wallet.h"
#include "aws/worker_state.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/mailbox.h"
#include "base/map.h"
#include "base/path.h"
#include "base/vec.h"
#include "net/loop.h"

enum { TICK_MS = 100 };

enum message_kind {
	MESSAGE_START, /* call, to queue when that is not NULL */
	MESSAGE_ABORT, /* all calls of queue */
	MESSAGE_RUN,
	MESSAGE_STOP, /* the thread */
};

struct message {
	enum message_kind kind;
	struct aws *aws; /* NULL: MESSAGE_STOP */
	struct call *call;
	struct worker_queue *queue;
	bool (*run)(struct call_core *core, void *context, struct err *err);
	void *context;
	struct mailbox *answer; /* of MESSAGE_RUN */
	bool ok;
	struct err err;
};

struct worker_queue {
	struct aws *aws;
	struct mailbox *inbox; /* struct call *, or the queue itself
					 * when an abort is done */
	size_t pending;        /* sent and not taken back */
	atomic_llong bytes;
};

static void free_message(void *context)
{
	struct message *message = context;

	if (message->kind == MESSAGE_START)
		call_free(message->call);
	mem_free(message);
}

/* --- in the AWS thread --- */

static void call_done(struct call *call)
{
	struct aws *aws = call->context;

	for (size_t i = 0; i < aws->active.count; i++) {
		struct active active = aws->active.items[i];

		if (active.call != call)
			continue;
		vec_remove(&aws->active, i);
		if (active.queue != NULL) {
			mailbox_post(active.queue->inbox, call);
		} else {
			call->context = NULL;
			active.own_done(call);
		}
		return;
	}
}

static void call_moved(struct call *call, int64_t bytes)
{
	struct aws *aws = call->context;

	if (call->gone != NULL)
		atomic_fetch_add(call->gone, bytes);
	for (size_t i = 0; i < aws->active.count; i++)
		if (aws->active.items[i].call == call &&
		    aws->active.items[i].queue != NULL)
			atomic_fetch_add(&aws->active.items[i].queue->bytes,
					 bytes);
}

static void start(struct aws *aws, struct call *call,
		  struct worker_queue *queue)
{
	struct active active = { call, queue, call->done };

	vec_push(&aws->active, active);
	call->done = call_done;
	call->moved = call_moved;
	call->context = aws;
	call_start(&aws->core, call);
}

/* The calls of the queue are given back unfinished, then the queue itself
 * says that nothing more will come. */
static void abort_queue(struct aws *aws, struct worker_queue *queue)
{
	for (size_t i = aws->active.count; i-- > 0;) {
		struct active active = aws->active.items[i];

		if (active.queue != queue)
			continue;
		vec_remove(&aws->active, i);
		call_stop(active.call);
		active.call->ok = false;
		err_set(&active.call->err, ERR_CANCELLED, "cancelled");
		mailbox_post(queue->inbox, active.call);
	}
	mailbox_post(queue->inbox, queue);
}

static void take_messages(void *context)
{
	struct worker_thread *thread = context;
	struct message *message;

	while ((message = mailbox_take(thread->inbox)) != NULL) {
		struct aws *aws = message->aws;

		switch (message->kind) {
		case MESSAGE_START:
			start(aws, message->call, message->queue);
			break;
		case MESSAGE_ABORT:
			abort_queue(aws, message->queue);
			break;
		case MESSAGE_RUN:
			message->ok = message->run(&aws->core, message->context,
						   &message->err);
			mailbox_post(message->answer, message);
			continue;
		case MESSAGE_STOP:
			thread->stopping = true;
			break;
		}
		mem_free(message);
	}
}

/* Whoever started a call of its own must be able to free what hangs on it. */
static void end_calls(struct aws *aws)
{
	while (aws->active.count > 0) {
		struct active active = aws->active.items[0];

		vec_remove(&aws->active, 0);
		call_stop(active.call);
		active.call->ok = false;
		err_set(&active.call->err, ERR_CANCELLED, "cancelled");
		if (active.queue == NULL)
			active.own_done(active.call);
	}
	vec_done(&aws->active);
}

static void *run_thread(void *context)
{
	struct worker_thread *thread = context;

	loop_watch(thread->loop, mailbox_fd(thread->inbox), take_messages,
		   thread);
	while (!thread->stopping)
		loop_turn(thread->loop, -1);
	return NULL;
}

/* What watches the loop begins and ends in its thread. */
static bool join_loop(struct call_core *core, void *context, struct err *err)
{
	const char *profile = context;

	core->wallet = wallet_new(core->loop,
				  &(struct wallet_setup){
					  .profile = profile,
					  .endpoints = &core->endpoints,
					  .region = core->region,
					  .ca_file = core->ca_file,
				  },
				  err);
	return core->wallet != NULL;
}

static bool leave_loop(struct call_core *core, void *context, struct err *err)
{
	(void)err;
	end_calls(context);
	call_core_done(core);
	return true;
}

/* --- start and end --- */

static bool configure(struct aws *aws, const struct worker_options *options,
		      struct err *err)
{
	struct call_core *core = &aws->core;
	const char *region;

	core->profile = profile_open(options->profile, err);
	if (core->profile == NULL)
		return false;
	region = profile_region(core->profile, options->region,
				options->fallback_region);
	if (region != NULL && !endpoint_region_valid(region)) {
		err_set(err, ERR_USAGE, "\"%.80s\" is not a region", region);
		return err_hint(err, "regions look like eu-west-1");
	}
	snprintf(core->region, sizeof(core->region), "%s",
		 region != NULL ? region : "");
	memcpy(aws->region, core->region, sizeof(aws->region));
	core->ca_file = profile_ca_file(core->profile);
	profile_endpoint_config(core->profile, options->endpoint_url,
				&core->endpoints);
	aws->overridden = core->endpoints.override[ENDPOINT_S3].len > 0;
	return policy_read(&core->policy, core->profile, &core->endpoints, err);
}

static void free_thread(struct worker_thread *thread)
{
	loop_free(thread->loop);
	mailbox_free(thread->inbox);
	mem_free(thread);
}

/* Signals are for the UI thread. */
static struct worker_thread *start_thread(struct err *err)
{
	struct worker_thread *thread = mem_alloc(sizeof(*thread));
	sigset_t all, old;
	int failed;

	atomic_init(&thread->users, 0);
	thread->inbox = mailbox_new(free_message, err);
	if (thread->inbox != NULL)
		thread->loop = loop_new(err);
	if (thread->loop == NULL) {
		free_thread(thread);
		return NULL;
	}
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failed = pthread_create(&thread->thread, NULL, run_thread, thread);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (failed == 0)
		return thread;
	err_set_errno(err, failed, "starting the AWS thread");
	free_thread(thread);
	return NULL;
}

static void post(struct aws *aws, const struct message *message)
{
	struct message *copy = mem_alloc(sizeof(*copy));

	*copy = *message;
	copy->aws = aws;
	mailbox_post(aws->thread->inbox, copy);
}

/* The last one takes the thread along. */
static void leave_thread(struct aws *aws)
{
	struct worker_thread *thread = aws->thread;

	if (thread == NULL)
		return;
	worker_run(aws, leave_loop, aws, NULL);
	if (atomic_fetch_sub(&thread->users, 1) > 1)
		return;
	post(aws, &(struct message){ .kind = MESSAGE_STOP });
	pthread_join(thread->thread, NULL);
	free_thread(thread);
}

static void free_all(struct aws *aws)
{
	leave_thread(aws);
	listing_free(aws->listing);
	profile_free(aws->core.profile);
	mem_free(aws);
}

static void open_listing(struct aws *aws, const char *path)
{
	CLEANUP(str_done) struct str file = STR_EMPTY;

	if (path == NULL)
		path_xdg(PATH_CACHE, "s3.db", &file);
	else
		str_set(&file, path);
	if (file.len > 0)
		aws->listing = listing_new(
			aws, file.text, profile_name(aws->core.profile),
			aws->core.endpoints.override[ENDPOINT_S3].text);
}

static bool join_thread(struct aws *aws, struct aws *beside,
			const char *profile, struct err *err)
{
	aws->thread = beside != NULL ? beside->thread : start_thread(err);
	if (aws->thread == NULL)
		return false;
	atomic_fetch_add(&aws->thread->users, 1);
	aws->core.loop = aws->thread->loop;
	return worker_run(aws, join_loop, (void *)profile, err);
}

struct aws *worker_new(struct aws *beside, const struct worker_options *options,
		       struct err *err)
{
	struct aws *aws = mem_alloc(sizeof(*aws));

	atomic_init(&aws->owners, 1);
	call_core_init(&aws->core);
	if (!configure(aws, options, err)) {
		call_core_done(&aws->core);
		free_all(aws);
		return NULL;
	}
	if (!join_thread(aws, beside, options->profile, err)) {
		if (aws->thread == NULL)
			call_core_done(&aws->core);
		free_all(aws);
		return NULL;
	}
	open_listing(aws, options->cache_path);
	return aws;
}

struct aws *worker_hold(struct aws *aws)
{
	atomic_fetch_add(&aws->owners, 1);
	return aws;
}

void worker_free(struct aws *aws)
{
	if (aws != NULL && atomic_fetch_sub(&aws->owners, 1) == 1)
		free_all(aws);
}

/* --- queues --- */

struct worker_queue *worker_queue_new(struct aws *aws, struct err *err)
{
	struct mailbox *inbox = mailbox_new(NULL, err);
	struct worker_queue *queue;

	if (inbox == NULL)
		return NULL;
	queue = mem_alloc(sizeof(*queue));
	queue->aws = aws;
	queue->inbox = inbox;
	atomic_init(&queue->bytes, 0);
	return queue;
}

/* Nothing of the queue is under way afterwards; calls lie in the inbox. */
static void abort_and_wait(struct worker_queue *queue,
			   void (*take)(struct call *call))
{
	void *got;

	if (queue->pending == 0)
		return;
	post(queue->aws,
	     &(struct message){ .kind = MESSAGE_ABORT, .queue = queue });
	while ((got = mailbox_wait(queue->inbox, -1)) != queue)
		if (got != NULL && take != NULL)
			take(got);
	queue->pending = 0;
}

void worker_queue_free(struct worker_queue *queue)
{
	if (queue == NULL)
		return;
	abort_and_wait(queue, call_free);
	mailbox_free(queue->inbox);
	mem_free(queue);
}

void worker_send_take(struct worker_queue *queue, struct call *call)
{
	/* What goes wrong here is the call's error when it comes back. */
	if (!call->prepared)
		call_prepare(call, &queue->aws->core.policy, &call->err);
	queue->pending++;
	post(queue->aws, &(struct message){ .kind = MESSAGE_START,
					    .call = call,
					    .queue = queue });
}

size_t worker_pending(const struct worker_queue *queue)
{
	return queue->pending;
}

int64_t worker_bytes(const struct worker_queue *queue)
{
	return atomic_load(&queue->bytes);
}

static struct call *wait_for_one(struct worker_queue *queue,
				 const struct worker_tick *tick,
				 int64_t deadline_us, struct err *err)
{
	int64_t next_us = clock_monotonic_us() + TICK_MS * 1000;

	err_clear(err);
	while (queue->pending > 0 && clock_monotonic_us() < deadline_us) {
		struct call *call;

		if (!cancel_check(err))
			return NULL;
		call = mailbox_take(queue->inbox);
		if (tick != NULL && clock_monotonic_us() >= next_us) {
			tick->run(tick->context);
			next_us = clock_monotonic_us() + TICK_MS * 1000;
		}
		if (call != NULL) {
			queue->pending--;
			return call;
		}
		cancel_poll(mailbox_fd(queue->inbox), POLLIN, TICK_MS);
	}
	return NULL;
}

struct call *worker_wait(struct worker_queue *queue,
			 const struct worker_tick *tick, struct err *err)
{
	return wait_for_one(queue, tick, INT64_MAX, err);
}

struct call *worker_wait_until(struct worker_queue *queue, int64_t deadline_us,
			       struct err *err)
{
	return wait_for_one(queue, NULL, deadline_us, err);
}

struct call *worker_take(struct worker_queue *queue)
{
	struct call *call = mailbox_take(queue->inbox);

	if (call != NULL)
		queue->pending--;
	return call;
}

bool worker_call(struct aws *aws, struct call *call, struct err *err)
{
	CLEANUP(worker_queue_freep)
	struct worker_queue *queue = worker_queue_new(aws, err);
	struct err failed = ERR_EMPTY;

	if (queue == NULL)
		return false;
	worker_send_take(queue, call);
	if (worker_wait(queue, NULL, &failed) == NULL) {
		/* The call is the caller's: it is only taken back. */
		abort_and_wait(queue, NULL);
		if (err != NULL)
			*err = failed;
		return false;
	}
	if (!call->ok && err != NULL)
		*err = call->err;
	return call->ok;
}

/* True when the call has come back. */
static bool wait_until(struct worker_queue *queue, int stop_fd)
{
	struct pollfd fds[2] = {
		{ .fd = mailbox_fd(queue->inbox), .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};

	while (mailbox_take(queue->inbox) == NULL) {
		if (poll(fds, 2, -1) > 0 && fds[1].revents != 0)
			return false;
	}
	queue->pending--;
	return true;
}

bool worker_call_until(struct aws *aws, struct call *call, int stop_fd,
		       struct err *err)
{
	CLEANUP(worker_queue_freep) struct worker_queue *queue = NULL;

	if (stop_fd < 0)
		return worker_call(aws, call, err);
	queue = worker_queue_new(aws, err);
	if (queue == NULL)
		return false;
	worker_send_take(queue, call);
	if (!wait_until(queue, stop_fd)) {
		abort_and_wait(queue, NULL);
		return err_set(err, ERR_CANCELLED, "cancelled");
	}
	if (!call->ok && err != NULL)
		*err = call->err;
	return call->ok;
}

void worker_start_take(struct aws *aws, struct call *call)
{
	post(aws, &(struct message){ .kind = MESSAGE_START, .call = call });
}

bool worker_run(struct aws *aws,
		bool (*run)(struct call_core *core, void *context,
			    struct err *err),
		void *context, struct err *err)
{
	struct mailbox *answer = mailbox_new(free_message, err);
	struct message *message;
	bool ok;

	if (answer == NULL)
		return false;
	post(aws, &(struct message){ .kind = MESSAGE_RUN,
				     .run = run,
				     .context = context,
				     .answer = answer });
	message = mailbox_wait(answer, -1);
	ok = message->ok;
	if (!ok && err != NULL)
		*err = message->err;
	mem_free(message);
	mailbox_free(answer);
	return ok;
}

/* --- what is known --- */

const char *worker_warning(const struct aws *aws)
{
	return profile_warning(aws->core.profile);
}

const char *worker_region(const struct aws *aws)
{
	return aws->region;
}

static bool add_region(struct call_core *core, void *context, struct err *err)
{
	(void)err;
	str_add(context, core->region[0] != '\0' ? core->region
						 : wallet_region(core->wallet));
	return true;
}

void worker_add_region(struct aws *aws, struct str *out)
{
	worker_run(aws, add_region, out, NULL);
}

const char *worker_profile(const struct aws *aws)
{
	return profile_name(aws->core.profile);
}

const char *worker_endpoint(const struct aws *aws)
{
	return aws->core.endpoints.override[ENDPOINT_S3].text;
}

enum integrity_kind worker_body_kind(const struct aws *aws)
{
	return aws->core.policy.body_kind;
}

bool worker_checks_replies(const struct aws *aws)
{
	return aws->core.policy.checks_replies;
}

const char *worker_plain_endpoint(const struct aws *aws)
{
	if (atomic_load(&aws->core.endpoints.plain_allowed))
		return "";
	return endpoint_plain(&aws->core.endpoints);
}

void worker_allow_plain(struct aws *aws)
{
	atomic_store(&aws->core.endpoints.plain_allowed, true);
}

bool worker_is_overridden(const struct aws *aws)
{
	return aws->overridden;
}

struct listing *worker_listing(struct aws *aws)
{
	return aws->listing;
}

struct region_question {
	const char *bucket;
	struct str *out;
};

static bool known_region(struct call_core *core, void *context, struct err *err)
{
	struct region_question *question = context;
	const char *region = map_get(core->bucket_regions, question->bucket);

	(void)err;
	if (region == NULL)
		return false;
	str_add(question->out, region);
	return true;
}

static bool learn_region(struct call_core *core, void *context, struct err *err)
{
	struct region_question *question = context;

	(void)err;
	map_put(core->bucket_regions, question->bucket,
		mem_copy_text(question->out->text));
	return true;
}

bool worker_bucket_region(struct aws *aws, const char *bucket,
			  struct str *out_region, struct err *err)
{
	CLEANUP(call_freep) struct call *call = NULL;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct region_question question = { bucket, &region };
	const char *said;
	struct err failed = ERR_EMPTY;
	bool ok;

	if (worker_run(aws, known_region, &question, NULL)) {
		str_add(out_region, region.text);
		return true;
	}
	call = call_new(OPERATION_HEAD_BUCKET);
	call_set_bucket(call, bucket);
	ok = worker_call(aws, call, &failed);
	/* It stands in refusals (403) too. */
	said = call_reply_header(call, "x-amz-bucket-region");
	if (said == NULL && !ok) {
		if (err != NULL)
			*err = failed;
		return false;
	}
	/* Emulators seldom say it. */
	str_set(&region, said != NULL ? said : aws->region);
	if (said != NULL && endpoint_region_valid(said))
		worker_run(aws, learn_region, &question, NULL);
	str_add(out_region, region.text);
	return true;
}
