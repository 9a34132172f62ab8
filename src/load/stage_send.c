#include "load/stage_send.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aws/call.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "load/stage_pack.h"
#include "load/stage_place.h"
#include "net/retry.h"

enum {
	IN_FLIGHT = 8,
	WAIT_MS = 100,
	TURNS = 5,		/* of a piece, beyond the tries of a request */
	PAUSE_MS = 1000,	/* before the first such, then twice as long */
};

/* A piece between the packers and S3. */
struct outgoing {
	struct stage_piece piece;
	struct str name;
	atomic_llong gone;	/* bytes of it, in this turn */
	bool maybe_there;	/* a turn ended without an answer */
	bool refused;		/* S3 has answered no */
	int turns;
	int64_t due_us;		/* waits for its next turn; 0: under way */
};

struct sender {
	const struct stage_send_options *options;
	struct stage_pack *pack;
	struct stage_sents *out;
	struct worker_queue *queue;
	struct {
		VEC(struct outgoing *);
	} going;
	bool at_end;
	struct err err;
};

void stage_sents_done(struct stage_sents *sents)
{
	for (size_t i = 0; i < sents->count; i++)
		mem_free(sents->items[i].name);
	vec_done(sents);
}

static void free_outgoing(struct outgoing *going)
{
	if (going->piece.fd >= 0)
		close(going->piece.fd);
	str_done(&going->name);
	mem_free(going);
}

static void drop(struct sender *sender, struct outgoing *going)
{
	for (size_t i = 0; i < sender->going.count; i++) {
		if (sender->going.items[i] == going) {
			vec_remove(&sender->going, i);
			break;
		}
	}
	free_outgoing(going);
}

/* --- out --- */

static bool send_one(struct sender *sender, struct outgoing *going)
{
	struct call *call = call_new(OPERATION_PUT_OBJECT);
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	stage_place_add(sender->options->place, going->name.text, &text);
	call->user = going;
	call->gone = &going->gone;
	atomic_store(&going->gone, 0);
	going->due_us = 0;
	if (!s3_uri_parse_object(&uri, text.text, &sender->err) ||
	    (going->piece.bytes > 0 &&
	     !call_set_body_file(call, going->piece.fd, 0,
				 going->piece.bytes, &sender->err))) {
		call_free(call);
		return false;
	}
	call_set_uri(call, &uri);
	worker_send_take(sender->queue, call);
	return true;
}

static bool send_new(struct sender *sender, const struct stage_piece *piece)
{
	struct outgoing *going = mem_alloc(sizeof(*going));

	going->piece = *piece;
	going->name = (struct str)STR_EMPTY;
	str_addf(&going->name, "%04lld%s", (long long)(sender->options->before + piece->number),
		 sender->options->suffix);
	vec_push(&sender->going, going);
	return send_one(sender, going);
}

static bool send_due(struct sender *sender)
{
	int64_t now_us = clock_monotonic_us();

	for (size_t i = 0; i < sender->going.count; i++) {
		struct outgoing *going = sender->going.items[i];

		if (going->due_us > 0 && going->due_us <= now_us &&
		    !send_one(sender, going))
			return false;
	}
	return true;
}

/* False: nothing more is to be sent, sender->err says why. */
static bool send_ready(struct sender *sender)
{
	if (!send_due(sender))
		return false;
	while (sender->going.count < IN_FLIGHT && !sender->at_end) {
		struct stage_piece piece;

		switch (stage_pack_take(sender->pack, &piece, &sender->err)) {
		case STAGE_PACK_PIECE:
			if (!send_new(sender, &piece))
				return false;
			break;
		case STAGE_PACK_NONE:
			return true;
		case STAGE_PACK_END:
			sender->at_end = true;
			break;
		case STAGE_PACK_FAILED:
			return false;
		}
	}
	return true;
}

/* --- back --- */

static bool passes(const struct err *err)
{
	enum retry_class class = retry_classify(0, err->code);

	return err->kind == ERR_NETWORK ||
	       (err->kind == ERR_AWS && (class == RETRY_TRANSIENT ||
					 class == RETRY_THROTTLE));
}

static bool take_back(struct sender *sender, struct call *call)
{
	struct outgoing *going = call->user;

	if (call->ok) {
		struct stage_sent sent = { str_take(&going->name),
					   going->piece.bytes };

		vec_push(sender->out, sent);
		drop(sender, going);
		stage_pack_sent(sender->pack);
		return true;
	}
	going->maybe_there |= passes(&call->err);
	if (passes(&call->err) && ++going->turns < TURNS) {
		going->due_us = clock_monotonic_us() +
				((int64_t)PAUSE_MS << going->turns) * 500;
		return true;
	}
	going->refused = !passes(&call->err);
	sender->err = call->err;
	return false;
}

static void tick(void *context)
{
	struct sender *sender = context;

	if (sender->options->progress != NULL)
		sender->options->progress(sender->options->context,
					  worker_bytes(sender->queue));
	if (sender->err.kind == ERR_NONE)
		send_ready(sender);
}

/* Something happened, or some time has passed. False: cancelled. */
static bool wait_some(struct sender *sender)
{
	struct worker_tick often = { tick, sender };
	struct err err = ERR_EMPTY;
	struct call *call;
	bool good;

	if (worker_pending(sender->queue) == 0) {
		if (cancel_poll(stage_pack_fd(sender->pack), POLLIN, WAIT_MS) <
		    0)
			return cancel_check(&sender->err);
		tick(sender);
		return sender->err.kind == ERR_NONE;
	}
	call = worker_wait(sender->queue, &often, &err);
	if (call == NULL) {
		sender->err = err;
		return false;
	}
	good = take_back(sender, call);
	call_free(call);
	return good && sender->err.kind == ERR_NONE;
}

static bool run(struct sender *sender)
{
	for (;;) {
		if (!send_ready(sender))
			return false;
		if (sender->at_end && sender->going.count == 0)
			return true;
		if (!wait_some(sender))
			return false;
	}
}

/* S3 has all of it, as far as we know, and has not said that it is kept. */
static bool is_unsure(const struct outgoing *going)
{
	return going->maybe_there ||
	       (!going->refused && going->due_us == 0 &&
		atomic_load(&going->gone) >= going->piece.bytes);
}

static int by_name(const void *one, const void *two)
{
	const struct stage_sent *a = one;
	const struct stage_sent *b = two;
	size_t a_len = strlen(a->name);
	size_t b_len = strlen(b->name);

	/* "0001.gz" ... "9999.gz", "10000.gz" */
	if (a_len != b_len)
		return a_len < b_len ? -1 : 1;
	return strcmp(a->name, b->name);
}

bool stage_send_run(const struct stage_send_options *options,
		    struct stage_pack *pack, struct stage_sents *out,
		    bool *out_unsure, struct err *err)
{
	struct sender sender = { .options = options, .pack = pack, .out = out };
	bool good;

	sender.queue = worker_queue_new(options->aws, err);
	if (sender.queue == NULL)
		return false;
	good = run(&sender);
	if (!good)
		stage_pack_stop(pack);
	if (!good && err != NULL)
		*err = sender.err;
	/* Nothing is under way any more when files are closed. */
	worker_queue_free(sender.queue);
	for (size_t i = 0; i < sender.going.count; i++) {
		*out_unsure |= is_unsure(sender.going.items[i]);
		free_outgoing(sender.going.items[i]);
	}
	vec_done(&sender.going);
	if (out->count > 1)
		qsort(out->items, out->count, sizeof(*out->items), by_name);
	return good;
}
