#include "transfer/batch.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "aws/call.h"
#include "aws/listing.h"
#include "aws/s3_delete.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/units.h"
#include "base/vec.h"
#include "net/retry.h"
#include "transfer/item.h"
#include "transfer/part_plan.h"
#include "transfer/progress.h"

enum {
	IN_FLIGHT = 16,
	MAX_ITEMS = 32,        /* begun and not done: open files */
	REMOVE_AT_ONCE = 1000, /* S3: keys a request */
	SHOW_US = 100 * 1000,
	DEAD_NETWORK = 16, /* failures in a row */
	PARKED_MAX = 1000, /* items */
	TURNS_MAX = 6,     /* of one item: some 2 minutes */
	PAUSE_MS = 2000,   /* before the second, then twice as long */
};

/* An item that failed, and that may do better later. */
struct parked {
	struct batch_item what;
	int turns; /* it has had */
	int64_t due_us;
};

struct batch {
	struct aws *aws;
	struct batch_options options;
	const struct batch_source *source;
	struct worker_queue *queue;
	struct {
		VEC(struct item *);
	} items; /* under way, the oldest first */
	struct {
		VEC(struct parked);
	} parked;
	bool ended;    /* the source, or we want no more */
	bool answered; /* something did */
	bool told_parked;
	struct err broken; /* why it ended */
	struct {
		VEC(struct s3_uri);
	} removals;           /* of one bucket */
	int network_failures; /* in a row */
	int64_t begun;
	int64_t known_bytes; /* of all items so far */
	int64_t had_bytes;
	int64_t over_bytes; /* of items that failed or were left */
	struct progress progress;
	int64_t shown_us;
	struct batch_result *result;
};

/* --- items as values --- */

void batch_item_init(struct batch_item *item)
{
	*item = (struct batch_item){
		.path = STR_EMPTY,
		.fd = -1,
		.uri = S3_URI_EMPTY,
		.from = S3_URI_EMPTY,
		.size = -1,
		.etag = STR_EMPTY,
	};
}

void batch_item_done(struct batch_item *item)
{
	str_done(&item->path);
	s3_uri_done(&item->uri);
	s3_uri_done(&item->from);
	str_done(&item->etag);
}

void batch_item_describe(const struct batch_item *item, struct str *out)
{
	switch (item->kind) {
	case BATCH_PUT:
		str_addf(out, "put %s to ",
			 item->fd >= 0 ? "standard input" : item->path.text);
		s3_uri_add_shown(&item->uri, out);
		break;
	case BATCH_GET:
		str_add(out, "get ");
		s3_uri_add_shown(&item->uri, out);
		str_addf(out, " to %s", item->path.text);
		break;
	case BATCH_COPY:
	case BATCH_MOVE:
		str_add(out, item->kind == BATCH_MOVE ? "move " : "copy ");
		s3_uri_add_shown(&item->from, out);
		str_add(out, " to ");
		s3_uri_add_shown(&item->uri, out);
		break;
	case BATCH_REMOVE:
		str_add(out, "remove ");
		s3_uri_add_shown(&item->uri, out);
		break;
	case BATCH_UNLINK:
		str_addf(out, "remove %s", item->path.text);
		break;
	}
	if (item->size < 0)
		return;
	str_add(out, " (");
	units_add_bytes(out, item->size);
	str_add_char(out, ')');
}

/* --- what an item may ask of the batch --- */

void item_send_take(struct item *item, struct call *call)
{
	call->user = item;
	item->pending++;
	item->sent = true;
	worker_send_take(item->queue, call);
}

void item_note(const struct item *item, const char *fmt, ...)
{
	const struct batch_watch *watch = &item->options->watch;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	va_list args;

	if (watch->note == NULL)
		return;
	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	watch->note(watch->context, text.text);
}

bool item_err_passes(const struct err *err)
{
	enum retry_class class = retry_classify(0, err->code);

	return err->kind == ERR_NETWORK ||
	       (err->kind == ERR_AWS &&
		(class == RETRY_TRANSIENT || class == RETRY_THROTTLE));
}

/* --- failures --- */

/* What will fail for all the others as well. */
static bool concerns_all(struct batch *batch, const struct err *err)
{
	if (err->kind == ERR_NETWORK)
		return ++batch->network_failures >= DEAD_NETWORK;
	return err->kind == ERR_CANCELLED || err->kind == ERR_AUTH ||
	       strcmp(err->code, "ENOSPC") == 0 ||
	       strcmp(err->code, "EDQUOT") == 0 ||
	       strcmp(err->code, "NoSuchBucket") == 0;
}

static void drop_parked(struct batch *batch)
{
	for (size_t i = 0; i < batch->parked.count; i++)
		batch_item_done(&batch->parked.items[i].what);
	batch->result->failed += (int64_t)batch->parked.count;
	vec_clear(&batch->parked);
}

static void count_failure(struct batch *batch, const struct err *err)
{
	const struct batch_watch *watch = &batch->options.watch;

	if (concerns_all(batch, err)) {
		batch->ended = true;
		drop_parked(batch);
	}
	batch->result->failed++;
	if (batch->result->failed == 1)
		batch->result->first = *err;
	if (watch->failed != NULL)
		watch->failed(watch->context, err);
}

static void show(void *context)
{
	struct batch *batch = context;
	int64_t now_us = clock_monotonic_us();
	const struct batch_watch *watch = &batch->options.watch;
	struct progress *progress = &batch->progress;

	batch->shown_us = now_us;
	if (watch->progress == NULL)
		return;
	progress->total = batch->ended ? batch->known_bytes : -1;
	progress->files_done = batch->result->files;
	progress->files_total = batch->ended ? batch->begun : 0;
	progress_set(progress, batch->had_bytes + worker_bytes(batch->queue),
		     now_us);
	watch->progress(watch->context, progress,
			batch->begun == 1 && batch->items.count == 1
				? batch->items.items[0]->subject.text
				: "");
}

/* --- one item --- */

static void free_item(struct item *item)
{
	batch_item_done(&item->what);
	str_done(&item->subject);
	mem_free(item);
}

static void forget_listing(struct batch *batch, const struct s3_uri *uri)
{
	struct listing *listing = worker_listing(batch->aws);
	CLEANUP(str_done) struct str level = STR_EMPTY;

	if (listing == NULL)
		return;
	str_addf(&level, "%s/", uri->bucket.text);
	str_add_slice(&level, uri->key.text,
		      (size_t)(s3_uri_base(uri->key.text) - uri->key.text));
	listing_forget(listing, level.text);
}

static void fail_item(struct item *item, const struct err *err)
{
	if (item->err.kind == ERR_NONE)
		item->err = *err;
	item->over = true;
}

static void count_item(struct batch *batch, const struct item *item)
{
	batch->network_failures = 0;
	if (item->outcome == ITEM_LEFT) {
		batch->result->left++;
		batch->known_bytes -= item->bytes;
		return;
	}
	batch->result->files++;
	batch->result->bytes += item->bytes;
	if (item->what.kind != BATCH_GET)
		forget_listing(batch, &item->what.uri);
	if (item->what.kind == BATCH_MOVE)
		forget_listing(batch, &item->what.from);
}

/* A server that never answered is not waited for, nor is one pipe's end. */
static bool park(struct batch *batch, struct item *item,
		 const struct err *failed)
{
	struct parked parked = { .what = item->what, .turns = item->turns + 1 };
	int64_t now_us = clock_monotonic_us();

	if (!item_err_passes(failed) || item->what.fd >= 0 ||
	    parked.turns >= TURNS_MAX || batch->parked.count >= PARKED_MAX ||
	    cancel_raised() ||
	    (failed->kind == ERR_NETWORK && !batch->answered))
		return false;
	parked.due_us = now_us + (INT64_C(1) << item->turns) * PAUSE_MS * 1000;
	vec_push(&batch->parked, parked);
	batch_item_init(&item->what);
	batch->known_bytes -= item->bytes;
	if (!batch->told_parked)
		item_note(item, "%s: trying again later", failed->message);
	batch->told_parked = true;
	return true;
}

/* Frees the item. */
static void end_item(struct batch *batch, size_t at)
{
	struct item *item = batch->items.items[at];
	bool ok = item->err.kind == ERR_NONE;
	struct err failed = item->err;

	vec_remove(&batch->items, at);
	if (item->kind->end(item, ok ? NULL : &item->err, &failed) && ok)
		count_item(batch, item);
	else if (!park(batch, item, &failed))
		count_failure(batch, &failed);
	free_item(item);
}

static void end_if_over(struct batch *batch, size_t at)
{
	struct item *item = batch->items.items[at];

	if (item->over && item->pending == 0)
		end_item(batch, at);
}

static const struct item_kind *kind_of(const struct batch_item *what)
{
	if (what->kind == BATCH_PUT)
		return what->fd >= 0 ? &item_put_pipe : &item_put;
	return what->kind == BATCH_GET ? &item_get : &item_copy;
}

/* turns: it has had before. */
static void begin_item(struct batch *batch, struct batch_item *what, int turns)
{
	struct item *item = mem_alloc(sizeof(*item));
	struct err err = ERR_EMPTY;

	item->kind = kind_of(what);
	item->aws = batch->aws;
	item->options = &batch->options;
	item->queue = batch->queue;
	item->what = *what;
	item->turns = turns;
	item->subject = (struct str)STR_EMPTY;
	s3_uri_add_shown(&item->what.uri, &item->subject);
	batch_item_init(what);
	vec_push(&batch->items, item);
	batch->begun += turns == 0;
	if (!item->kind->begin(item, &err))
		fail_item(item, &err);
	batch->known_bytes += item->bytes;
	batch->had_bytes += item->had_bytes;
	end_if_over(batch, batch->items.count - 1);
}

/* --- removing --- */

static void remove_collected(struct batch *batch)
{
	struct err err = ERR_EMPTY;
	size_t count = batch->removals.count;
	CLEANUP(mem_freep)
	const char **keys = mem_alloc_array(count + 1, sizeof(*keys));

	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++)
		keys[i] = batch->removals.items[i].key.text;
	if (s3_delete_many(batch->aws, &batch->removals.items[0], keys, count,
			   &err))
		batch->result->removed += (int64_t)count;
	else
		count_failure(batch, &err);
	forget_listing(batch, &batch->removals.items[0]);
	for (size_t i = 0; i < count; i++)
		s3_uri_done(&batch->removals.items[i]);
	vec_clear(&batch->removals);
}

static void collect_removal(struct batch *batch, struct batch_item *what)
{
	vec_push(&batch->removals, what->uri);
	what->uri = (struct s3_uri)S3_URI_EMPTY;
	if (batch->removals.count == REMOVE_AT_ONCE)
		remove_collected(batch);
}

static void unlink_file(struct batch *batch, const struct batch_item *what)
{
	struct err err = ERR_EMPTY;

	if (unlink(what->path.text) == 0 || errno == ENOENT) {
		batch->result->removed++;
		return;
	}
	err_set_errno(&err, errno, "cannot remove %s", what->path.text);
	count_failure(batch, &err);
}

/* --- the loop --- */

static void start_one(struct batch *batch)
{
	struct batch_item what;
	struct err err = ERR_EMPTY;

	batch_item_init(&what);
	switch (batch->source->next(batch->source->context, &what, &err)) {
	case BATCH_NEXT:
		if (what.kind == BATCH_REMOVE)
			collect_removal(batch, &what);
		else if (what.kind == BATCH_UNLINK)
			unlink_file(batch, &what);
		else
			begin_item(batch, &what, 0);
		break;
	case BATCH_FAILED:
		count_failure(batch, &err);
		break;
	case BATCH_BROKEN:
		batch->broken = err;
		batch->ended = true;
		break;
	case BATCH_END:
		batch->ended = true;
		break;
	}
	batch_item_done(&what);
}

/* Milliseconds until the first of the parked items is due; -1: there is none. */
static int64_t next_due_ms(const struct batch *batch, size_t *out_at)
{
	int64_t now_us = clock_monotonic_us();
	int64_t least = -1;

	for (size_t i = 0; i < batch->parked.count; i++) {
		int64_t left = batch->parked.items[i].due_us - now_us;

		left = left > 0 ? left / 1000 + 1 : 0;
		if (least >= 0 && left >= least)
			continue;
		least = left;
		*out_at = i;
	}
	return least;
}

static bool begin_parked(struct batch *batch)
{
	struct parked parked;
	size_t at = 0;

	if (batch->items.count >= MAX_ITEMS || next_due_ms(batch, &at) != 0)
		return false;
	parked = batch->parked.items[at];
	vec_remove(&batch->parked, at);
	begin_item(batch, &parked.what, parked.turns);
	return true;
}

/* Nothing is under way, but some are parked. False: cancelled. */
static bool wait_for_parked(struct batch *batch, struct err *err)
{
	size_t at;
	int64_t wait_ms = next_due_ms(batch, &at);

	if (wait_ms > 0 && cancel_poll(-1, 0, (int)wait_ms) < 0)
		return cancel_check(err);
	return true;
}

/* One more call, of the oldest item that has one; else one more item. False:
 * there is nothing to do but wait. */
static bool go_on(struct batch *batch)
{
	for (size_t i = 0; i < batch->items.count; i++) {
		struct item *item = batch->items.items[i];
		struct err err = ERR_EMPTY;

		if (item->over)
			continue;
		item->sent = false;
		if (!item->kind->send(item, &err))
			fail_item(item, &err);
		if (item->over && item->pending == 0) {
			end_item(batch, i);
			return true;
		}
		if (item->sent)
			return true;
	}
	if (begin_parked(batch))
		return true;
	if (batch->ended || batch->items.count >= MAX_ITEMS)
		return false;
	start_one(batch);
	return true;
}

static void take_back(struct batch *batch, struct call *call)
{
	struct item *item = call->user;
	struct err err = ERR_EMPTY;
	int64_t bytes = item->bytes;
	int64_t had = item->had_bytes;

	item->pending--;
	batch->answered = batch->answered || call->reply.status > 0;
	if (!item->over && !item->kind->take(item, call, &err))
		fail_item(item, &err);
	call_free(call);
	batch->known_bytes += item->bytes - bytes;
	batch->had_bytes += item->had_bytes - had;
	for (size_t i = 0; i < batch->items.count; i++)
		if (batch->items.items[i] == item) {
			end_if_over(batch, i);
			return;
		}
}

/* False: cancelled, err says so. */
static bool run(struct batch *batch, struct err *err)
{
	size_t most = batch->options.in_flight > 0
			      ? (size_t)batch->options.in_flight
			      : IN_FLIGHT;
	struct worker_tick tick = { show, batch };

	for (;;) {
		struct call *call;

		while (worker_pending(batch->queue) < most && go_on(batch))
			if (!cancel_check(err))
				return false;
		if (worker_pending(batch->queue) == 0) {
			if (batch->parked.count == 0)
				return true;
			if (!wait_for_parked(batch, err))
				return false;
			continue;
		}
		/* Short waits alone would never come to the tick. */
		if (clock_monotonic_us() - batch->shown_us > SHOW_US)
			show(batch);
		call = worker_wait(batch->queue, &tick, err);
		if (call == NULL)
			return false;
		take_back(batch, call);
	}
}

/* Nothing may be under way when items end: calls write to their files. */
static void end_all(struct batch *batch, const struct err *err)
{
	worker_queue_free(batch->queue);
	batch->queue = NULL;
	while (batch->items.count > 0) {
		struct item *item = batch->items.items[0];

		item->pending = 0;
		fail_item(item, err);
		end_item(batch, 0);
	}
}

static bool sum_up(const struct batch *batch, struct err *err)
{
	const struct batch_result *result = batch->result;
	int64_t all = result->failed + result->files + result->left;

	if (batch->broken.kind != ERR_NONE && err != NULL)
		*err = batch->broken;
	if (batch->broken.kind != ERR_NONE)
		return false;
	if (result->failed == 0)
		return true;
	if (err != NULL)
		*err = result->first;
	if (result->failed == 1 || result->first.kind == ERR_CANCELLED)
		return false;
	return err_wrap(err, "%lld of %lld failed, the first",
			(long long)result->failed, (long long)all);
}

bool batch_run(struct aws *aws, const struct batch_options *options,
	       const struct batch_source *source, struct batch_result *result,
	       struct err *err)
{
	struct batch batch = { .aws = aws, .source = source, .result = result };
	struct err stopped = ERR_EMPTY;
	bool ok;

	memset(result, 0, sizeof(*result));
	if (options != NULL)
		batch.options = *options;
	batch.queue = worker_queue_new(aws, err);
	if (batch.queue == NULL)
		return false;
	progress_start(&batch.progress, -1, clock_monotonic_us());
	if (run(&batch, &stopped)) {
		remove_collected(&batch);
		show(&batch);
	} else {
		end_all(&batch, &stopped);
		batch.broken = stopped;
		if (result->failed > 0)
			batch.broken = result->first;
	}
	ok = sum_up(&batch, err);
	worker_queue_free(batch.queue);
	for (size_t i = 0; i < batch.removals.count; i++)
		s3_uri_done(&batch.removals.items[i]);
	vec_done(&batch.removals);
	drop_parked(&batch);
	vec_done(&batch.parked);
	vec_done(&batch.items);
	return ok;
}

bool batch_dry_run(const struct batch_source *source,
		   void (*describe)(void *context, const char *line),
		   void *context, struct batch_result *result, struct err *err)
{
	struct batch batch = { .result = result };

	memset(result, 0, sizeof(*result));
	while (!batch.ended && cancel_check(&batch.broken)) {
		CLEANUP(batch_item_done) struct batch_item item;
		CLEANUP(str_done) struct str line = STR_EMPTY;
		struct err failed = ERR_EMPTY;

		batch_item_init(&item);
		switch (source->next(source->context, &item, &failed)) {
		case BATCH_NEXT:
			batch_item_describe(&item, &line);
			describe(context, line.text);
			result->files++;
			break;
		case BATCH_FAILED:
			count_failure(&batch, &failed);
			break;
		case BATCH_BROKEN:
			batch.broken = failed;
			batch.ended = true;
			break;
		case BATCH_END:
			batch.ended = true;
			break;
		}
	}
	return sum_up(&batch, err);
}
