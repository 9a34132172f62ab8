#include "platform/stack_watch.h"

#include <string.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/units.h"
#include "net/retry.h"
#include "platform/stack_cause.h"
#include "platform/stack_state.h"

enum {
	SOON_MS = 3000,
	LATER_MS = 8000,
	SOON_FOR_MS = 3 * 60 * 1000,
	SLOWEST_MS = 30 * 1000,
	TICK_MS = 200,
	FAILURES_MAX = 20, /* one after the other: minutes */
	STILL_MAX = 4,	   /* looks at a stack that has not begun */
};

void stack_watch_end_done(struct stack_watch_end *end)
{
	str_done(&end->status);
	str_done(&end->reason);
	cloudformation_events_done(&end->events);
}

/* --- events in the order they happened --- */

static void turn_round(struct cloudformation_events *events)
{
	for (size_t i = 0; i < events->count / 2; i++) {
		size_t other = events->count - 1 - i;
		struct cloudformation_event swap = events->items[i];

		events->items[i] = events->items[other];
		events->items[other] = swap;
	}
}

/* Up to the event that begins the operation, which belongs to it. */
struct back {
	bool begun;
};

static bool is_before(void *context, const struct cloudformation_event *event)
{
	struct back *back = context;
	bool before = back->begun;

	back->begun = before || stack_cause_begins(event);
	return before;
}

bool stack_watch_events(const struct cloudformation *to, const char *stack,
			bool all, struct cloudformation_events *out,
			struct err *err)
{
	struct back back = { false };

	if (!cloudformation_events(to, stack, all ? NULL : is_before, &back,
				   out, err))
		return false;
	turn_round(out);
	return true;
}

static bool is_second(void *context, const struct cloudformation_event *event)
{
	bool *seen = context;
	bool before = *seen;

	(void)event;
	*seen = true;
	return before;
}

bool stack_watch_newest(const struct cloudformation *to, const char *stack,
			struct str *out, struct err *err)
{
	struct cloudformation_events events = { 0 };
	bool seen = false;
	bool good = cloudformation_events(to, stack, is_second, &seen, &events,
					  err);

	if (good && events.count > 0)
		str_add(out, events.items[0].id);
	cloudformation_events_done(&events);
	return good;
}

bool stack_watch_pause(int64_t ms, void (*waits)(void *context), void *context,
		       struct err *err)
{
	int64_t until_us = clock_monotonic_us() + ms * 1000;

	for (;;) {
		int64_t left_ms = (until_us - clock_monotonic_us()) / 1000;

		if (waits != NULL)
			waits(context);
		if (left_ms <= 0)
			return cancel_check(err);
		if (cancel_poll(-1, 0,
				(int)(left_ms < TICK_MS ? left_ms : TICK_MS)) <
		    0)
			return cancel_check(err);
	}
}

/* --- one look after the other --- */

struct watching {
	const struct stack_watch *watch;
	struct stack_watch_end *end;
	struct str newest;	/* the newest event that was told */
	bool begun;
	bool blind;		/* events may not be read */
	bool tells_away;	/* it has been told that AWS is away */
	int failures;
	int still;
	int64_t slow_ms;	/* at least so long between looks; 0 */
	int64_t start_us;
};

static bool is_known(void *context, const struct cloudformation_event *event)
{
	const struct watching *watching = context;

	return strcmp(event->id, watching->newest.text) == 0;
}

static void take_event(struct watching *watching,
		       struct cloudformation_event *event)
{
	str_set(&watching->newest, event->id);
	watching->begun = watching->begun || event->is_stack;
	if (watching->watch->happened != NULL)
		watching->watch->happened(watching->watch->context, event);
	vec_push(&watching->end->events, *event);
	memset(event, 0, sizeof(*event));
}

static bool read_events(struct watching *watching, struct err *err)
{
	const struct stack_watch *watch = watching->watch;
	struct cloudformation_events fresh = { 0 };
	bool good;

	if (watching->blind)
		return true;
	if (watching->newest.len == 0)
		good = stack_watch_events(watch->to, watch->stack, false,
					  &fresh, err);
	else
		good = cloudformation_events(watch->to, watch->stack, is_known,
					     watching, &fresh, err);
	if (good && watching->newest.len > 0)
		turn_round(&fresh);
	for (size_t i = 0; good && i < fresh.count; i++)
		take_event(watching, &fresh.items[i]);
	cloudformation_events_done(&fresh);
	return good;
}

static void tell(const struct stack_watch *watch, const char *text)
{
	if (watch->told != NULL)
		watch->told(watch->context, text);
}

static bool is_refusal(const struct err *err)
{
	return str_starts(err->code, "AccessDenied");
}

/* The state first: events that are read after it hold all that led to it. */
static bool look(struct watching *watching, struct err *err)
{
	const struct stack_watch *watch = watching->watch;
	struct cloudformation_stack stack = { 0 };
	struct err failed = ERR_EMPTY;
	bool good = cloudformation_describe(watch->to, watch->stack, &stack,
					    err);

	if (good) {
		str_set(&watching->end->status, stack.status);
		str_set(&watching->end->reason, stack.reason);
	}
	cloudformation_stack_done(&stack);
	if (!good)
		return false;
	if (stack_state_find(watching->end->status.text)->kind == STACK_BUSY)
		watching->begun = true;
	if (read_events(watching, &failed))
		return true;
	if (is_refusal(&failed)) {
		watching->blind = true;
		tell(watch, failed.message);
		return true;
	}
	*err = failed;
	return false;
}

/* Who was deleted and is asked for by name is gone. */
static bool is_gone(struct watching *watching, const struct err *err)
{
	if (err->kind != ERR_MISSING)
		return false;
	str_set(&watching->end->status, "DELETE_COMPLETE");
	return true;
}

/* May the look be tried again after this failure? */
static bool may_wait(struct watching *watching, const struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool throttled = retry_classify(0, err->code) == RETRY_THROTTLE;
	bool away = err->kind == ERR_NETWORK || err->retry ||
		    retry_classify(0, err->code) == RETRY_TRANSIENT;

	if (throttled) {
		watching->slow_ms = watching->slow_ms > 0
					    ? watching->slow_ms * 2
					    : 2 * SOON_MS;
		if (watching->slow_ms > SLOWEST_MS)
			watching->slow_ms = SLOWEST_MS;
	}
	if (!throttled && !away)
		return false;
	if (++watching->failures > FAILURES_MAX)
		return false;
	if (away && !watching->tells_away) {
		str_addf(&text, "AWS cannot be reached (%s); trying again",
			 err->message);
		tell(watching->watch, text.text);
		watching->tells_away = true;
	}
	return true;
}

static int64_t wait_ms(const struct watching *watching)
{
	int64_t elapsed_ms = (clock_monotonic_us() - watching->start_us) / 1000;
	int64_t ms = watching->watch->poll_ms;

	if (ms == 0)
		ms = elapsed_ms < SOON_FOR_MS ? SOON_MS : LATER_MS;
	if (watching->watch->poll_ms == 0 && ms < watching->slow_ms)
		ms = watching->slow_ms;
	return ms;
}

/* What the newest event says of the stack; NULL: none does. */
static const char *told_status(const struct watching *watching)
{
	const struct cloudformation_events *events = &watching->end->events;

	for (size_t i = events->count; i-- > 0;)
		if (events->items[i].is_stack)
			return events->items[i].status;
	return NULL;
}

/* A stack that rests before anything has begun is looked at some times more:
 * what was asked for may not show yet. Nor does the state count that was read
 * before the work began, of which the events tell. */
static bool has_ended(struct watching *watching)
{
	const char *told = told_status(watching);
	const char *status = watching->end->status.text;

	if (stack_state_find(status)->kind == STACK_BUSY)
		return false;
	if (stack_state_find(status)->kind == STACK_GONE)
		return true; /* nothing comes after that */
	if (watching->begun && (told == NULL || strcmp(told, status) == 0))
		return true;
	return ++watching->still >= STILL_MAX;
}

static bool watch_on(struct watching *watching, struct err *err)
{
	const struct stack_watch *watch = watching->watch;

	for (;;) {
		struct err failed = ERR_EMPTY;

		if (look(watching, &failed)) {
			watching->failures = 0;
			watching->tells_away = false;
			if (has_ended(watching))
				return true;
			if (watch->looked != NULL)
				watch->looked(watch->context);
		} else if (is_gone(watching, &failed)) {
			return true;
		} else if (!may_wait(watching, &failed)) {
			if (err != NULL)
				*err = failed;
			return false;
		}
		if (!stack_watch_pause(wait_ms(watching), watch->waits,
				       watch->context, err))
			return false;
	}
}

bool stack_watch(const struct stack_watch *watch, struct stack_watch_end *end,
		 struct err *err)
{
	struct watching watching = {
		.watch = watch,
		.end = end,
		.newest = STR_EMPTY,
		.begun = watch->since[0] == '\0' && !watch->is_fresh,
		.start_us = clock_monotonic_us(),
	};
	bool good;

	str_set(&watching.newest, watch->since);
	good = watch_on(&watching, err);
	str_done(&watching.newest);
	return good;
}
