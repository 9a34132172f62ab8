#include "cmd/platform_follow.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/vec.h"
#include "cmd/platform_place.h"
#include "data/isotime.h"
#include "platform/stack_cause.h"
#include "platform/stack_state.h"
#include "platform/stack_watch.h"
#include "shell/session.h"

enum {
	NAMES_MAX = 3,   /* of what is under way, in the line of progress */
	LOOKS_MAX = 5,   /* at what is under way, before a line tells of it */
	NAME_WIDTH = 20, /* when names are not known in advance, or so long */
	MOST_NAME_WIDTH = 60, /* one long name is not to push all others away */
	MOST_SECONDS = 7 * 24 * 3600, /* of one resource */
	STATUS_WIDTH = (int)sizeof("CREATE_IN_PROGRESS") - 1, /* the longest */
};

/* One resource as its last event has it. */
struct part {
	char *logical;
	char *type;
	char *status;
	bool is_busy;
	int looks;	  /* since it has begun */
	int64_t start_ms; /* AWS's time */
};

struct following {
	struct platform_place *place;
	const struct platform_follow *follow;
	bool goes_back;
	struct {
		VEC(struct part);
	} parts;
};

static void part_done(struct part *part)
{
	mem_free(part->logical);
	mem_free(part->type);
	mem_free(part->status);
}

static void following_done(struct following *following)
{
	for (size_t i = 0; i < following->parts.count; i++)
		part_done(&following->parts.items[i]);
	vec_done(&following->parts);
}

/* A resource that goes on from one IN_PROGRESS to the next began at the first
 * of the same status. */
static void note_part(struct following *following,
		      const struct cloudformation_event *event)
{
	struct part fresh = {
		.logical = mem_copy_text(event->logical),
		.type = mem_copy_text(event->type),
		.status = mem_copy_text(event->status),
		.is_busy = str_ends(event->status, "_IN_PROGRESS"),
		.start_ms = event->at_ms,
	};

	for (size_t i = 0; i < following->parts.count; i++) {
		struct part *part = &following->parts.items[i];

		if (strcmp(part->logical, event->logical) != 0)
			continue;
		if (strcmp(part->status, event->status) == 0) {
			fresh.looks = part->looks;
			fresh.start_ms = part->start_ms;
		}
		part_done(part);
		*part = fresh;
		return;
	}
	vec_push(&following->parts, fresh);
}

/* --- lines --- */

/* "09:41:02  CREATE_COMPLETE     Network     AWS::EC2::VPC: WHY" */
static void say_line(const struct following *following, int64_t at_ms,
		     const char *status, const char *name, const char *type,
		     const char *why)
{
	struct session *session = following->place->session;
	int width = following->follow->name_width;
	CLEANUP(str_done) struct str when = STR_EMPTY;
	CLEANUP(str_done) struct str line = STR_EMPTY;
	const char *time;

	if (width <= 0 || width > MOST_NAME_WIDTH)
		width = NAME_WIDTH;
	isotime_add_local(&when, at_ms);
	time = strchr(when.text, ' ');
	str_addf(&line, "%s  %-*s  %-*s  %s",
		 time != NULL ? time + 1 : when.text, STATUS_WIDTH, status,
		 width, name, type);
	str_trim_end(&line);
	session_progress(session, "");
	session_info(session, "%s%s%s", line.text, why[0] != '\0' ? ": " : "",
		     why);
}

static void say_event(const struct following *following,
		      const struct cloudformation_event *event)
{
	CLEANUP(stack_cause_done) struct stack_cause cause = STACK_CAUSE_EMPTY;

	if (str_ends(event->status, "_FAILED") && event->reason[0] != '\0')
		stack_cause_explain(event->type, event->reason, "", &cause);
	say_line(following, event->at_ms, event->status, event->logical,
		 event->is_stack ? "" : event->type, cause.reason.text);
}

static void happened(void *context, const struct cloudformation_event *event)
{
	struct following *following = context;

	if (event->is_stack) {
		following->goes_back |=
			strstr(event->status, "ROLLBACK") != NULL;
		if (str_ends(event->status, "ROLLBACK_IN_PROGRESS"))
			say_event(following, event);
		return;
	}
	note_part(following, event);
	if (!str_ends(event->status, "_IN_PROGRESS"))
		say_event(following, event);
}

/* What takes long is told once. A terminal has the line of progress for it. */
static void looked(void *context)
{
	struct following *following = context;

	for (size_t i = 0; i < following->parts.count; i++) {
		struct part *part = &following->parts.items[i];

		if (part->is_busy && ++part->looks == LOOKS_MAX &&
		    !isatty(STDERR_FILENO))
			say_line(following, part->start_ms, part->status,
				 part->logical, part->type, "");
	}
}

/* " 2 min 10 s"; nothing below a second, or when clocks differ, or when AWS
 * told no time. */
static void add_seconds(int64_t ms, struct str *out)
{
	int64_t seconds = ms / 1000;

	if (seconds > MOST_SECONDS)
		return;
	if (seconds >= 60)
		str_addf(out, " %d min", (int)(seconds / 60));
	if (seconds > 0)
		str_addf(out, " %d s", (int)(seconds % 60));
}

static void add_busy(const struct following *following, struct str *out)
{
	int64_t now_ms = clock_wall_ms();
	int busy = 0;

	for (size_t i = 0; i < following->parts.count; i++) {
		const struct part *part = &following->parts.items[i];

		if (!part->is_busy || ++busy > NAMES_MAX)
			continue;
		str_addf(out, "%s%s", busy > 1 ? ", " : "; ", part->logical);
		add_seconds(now_ms - part->start_ms, out);
	}
	if (busy > NAMES_MAX)
		str_addf(out, " and %d more", busy - NAMES_MAX);
}

static void waits(void *context)
{
	struct following *following = context;
	CLEANUP(str_done) struct str line = STR_EMPTY;
	int done = 0;

	for (size_t i = 0; i < following->parts.count; i++)
		done += !following->parts.items[i].is_busy;
	str_addf(&line, "%s %s: %d", following->follow->verb,
		 following->place->conf.stack.text, done);
	if (following->follow->total >= done && !following->goes_back)
		str_addf(&line, " of %d", following->follow->total);
	str_add(&line, following->goes_back ? " ready, going back" : " ready");
	add_busy(following, &line);
	session_progress(following->place->session, line.text);
}

static void told(void *context, const char *text)
{
	struct following *following = context;

	session_progress(following->place->session, "");
	session_warn(following->place->session, "%s", text);
}

/* --- the end --- */

static void name_cause(const struct platform_place *place,
		       const struct cloudformation_event *event,
		       struct stack_cause *out)
{
	str_clear(&out->what);
	if (!event->is_stack)
		str_addf(&out->what, "%s (%s)", event->logical, event->type);
	stack_cause_explain(event->type, event->reason, place->folder.text,
			    out);
}

static void add_cause(const struct stack_cause *cause, struct str *out)
{
	if (cause->what.len > 0)
		str_addf(out, ": %s", cause->what.text);
	if (cause->words.len > 0)
		str_addf(out, ": %s", cause->words.text);
	if (cause->reason.len > 0)
		str_addf(out, "%s%s", cause->words.len > 0 ? ". AWS says: "
							   : ": ",
			 cause->reason.text);
}

/* The way back may fail by itself, which is another cause. */
static void say_way_back(const struct platform_place *place,
			 const struct stack_watch_end *end,
			 const struct cloudformation_event *first)
{
	const struct cloudformation_event *event = stack_cause_find(
		&end->events, stack_cause_way_back(&end->events));
	CLEANUP(stack_cause_done) struct stack_cause cause = STACK_CAUSE_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (event == NULL || event == first || event->is_stack)
		return;
	name_cause(place, event, &cause);
	add_cause(&cause, &text);
	session_warn(place->session, "the way back failed too%s%s%s", text.text,
		     cause.cure.len > 0 ? "; " : "", cause.cure.text);
}

static bool explain(const struct platform_place *place,
		    const struct stack_watch_end *end, struct err *err)
{
	const struct stack_state *state = stack_state_find(end->status.text);
	const struct cloudformation_event *event =
		stack_cause_find(&end->events, 0);
	CLEANUP(stack_cause_done) struct stack_cause cause = STACK_CAUSE_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str next = STR_EMPTY;

	if (event != NULL) {
		name_cause(place, event, &cause);
		say_way_back(place, end, event);
	} else {
		stack_cause_explain("", end->reason.text, place->folder.text,
				    &cause);
	}
	add_cause(&cause, &text);
	err_set(err, ERR_AWS, "the stack %s %s (%s)%s", place->conf.stack.text,
		state->means, end->status.text, text.text);
	if (cause.cure.len > 0)
		str_addf(&next, "%s; then: ", cause.cure.text);
	stack_state_fill(state->next, place->folder.text, &next);
	return err_hint(err, "%s", next.text);
}

static bool say_goes_on(const struct platform_place *place,
			const struct platform_follow *follow, struct err *err)
{
	const char *blank = place->folder.len > 0 ? " " : "";

	err_set(err, ERR_CANCELLED,
		"no longer following; the work on the stack %s goes on at AWS",
		place->conf.stack.text);
	return err_hint(err,
			"\\platform %s%s%s follows it again, \\platform "
			"status%s%s tells how it stands",
			follow->verb, blank, place->folder.text, blank,
			place->folder.text);
}

bool platform_follow(struct platform_place *place,
		     const struct platform_follow *follow,
		     struct stack_watch_end *end, struct err *err)
{
	CLEANUP(following_done)
	struct following following = { .place = place, .follow = follow };
	struct stack_watch watch = {
		.to = &place->to,
		.stack = follow->stack,
		.since = follow->since,
		.is_fresh = follow->is_fresh,
		.poll_ms = place->poll_ms,
		.context = &following,
		.happened = happened,
		.looked = looked,
		.waits = waits,
		.told = told,
	};
	struct err failed = ERR_EMPTY;
	bool good = stack_watch(&watch, end, &failed);
	bool is_delete = strcmp(follow->verb, "delete") == 0;
	const struct stack_state *state;

	session_progress(place->session, "");
	if (!good && failed.kind == ERR_CANCELLED)
		return say_goes_on(place, follow, err);
	if (!good) {
		*err = failed;
		return err_wrap(err, "the work on the stack %s goes on at AWS, "
				     "but it cannot be followed",
				place->conf.stack.text);
	}
	state = stack_state_find(end->status.text);
	if (is_delete ? state->kind == STACK_GONE
		      : state->is_success && state->kind == STACK_GOOD)
		return true;
	return explain(place, end, err);
}
