#include "platform/stack_story.h"

#include <stdbool.h>
#include <string.h>

#include "aws/cloudformation.h"
#include "base/mem.h"
#include "base/str.h"
#include "platform/stack_cause.h"

static bool is_under_way(const struct cloudformation_event *event)
{
	return str_ends(event->status, "_IN_PROGRESS");
}

/* Bytes of the status that name the work: "UPDATE" of UPDATE_IN_PROGRESS, of
 * UPDATE_COMPLETE_CLEANUP_IN_PROGRESS and of UPDATE_COMPLETE. */
static size_t work_len(const char *status)
{
	static const char *const ends[] = {
		"_COMPLETE_CLEANUP_IN_PROGRESS",
		"_IN_PROGRESS",
		"_COMPLETE",
		"_FAILED",
		"_SKIPPED",
	};

	for (size_t i = 0; i < COUNT_OF(ends); i++)
		if (str_ends(status, ends[i]))
			return strlen(status) - strlen(ends[i]);
	return strlen(status);
}

static bool is_same_work(const struct cloudformation_event *one,
			 const struct cloudformation_event *other)
{
	size_t len = work_len(one->status);

	return len == work_len(other->status) &&
	       strncmp(one->status, other->status, len) == 0;
}

/* Reasons that come with every piece of work. */
static bool says_nothing(const char *reason)
{
	static const char *const rows[] = {
		"Resource creation Initiated",
		"User Initiated",
		"Transformation succeeded",
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (str_equal_nocase(rows[i], reason))
			return true;
	return false;
}

/* --- pieces of work, in the order of their ends --- */

static void move_to_end(struct stack_story *story, size_t at)
{
	struct stack_piece piece = story->items[at];

	vec_remove(story, at);
	vec_push(story, piece);
}

static void go_on(struct stack_story *story, size_t at,
		  const struct cloudformation_event *event)
{
	struct stack_piece *piece = &story->items[at];

	piece->event = event;
	if (!says_nothing(event->reason) && event->reason[0] != '\0')
		piece->reason = event->reason;
	if (!is_under_way(event))
		piece->took_ms = event->at_ms - piece->began_ms;
	move_to_end(story, at);
}

/* The last piece of that resource; story->count: none. */
static size_t last_of(const struct stack_story *story,
		      const struct cloudformation_event *event)
{
	for (size_t i = story->count; i-- > 0;)
		if (story->items[i].event->is_stack == event->is_stack &&
		    strcmp(story->items[i].event->logical, event->logical) == 0)
			return i;
	return story->count;
}

static void take(struct stack_story *story,
		 const struct cloudformation_event *event)
{
	size_t at = last_of(story, event);
	struct stack_piece fresh = {
		.event = event,
		.reason = says_nothing(event->reason) ? "" : event->reason,
		.began_ms = event->at_ms,
		.took_ms = -1,
	};

	if (at < story->count && is_under_way(story->items[at].event) &&
	    is_same_work(story->items[at].event, event))
		go_on(story, at, event);
	else
		vec_push(story, fresh);
}

static void cause_first(struct stack_story *story,
			const struct cloudformation_events *events)
{
	const struct cloudformation_event *cause = stack_cause_find(events, 0);

	for (size_t i = 1; cause != NULL && i < story->count; i++)
		if (story->items[i].event == cause) {
			struct stack_piece piece = story->items[i];

			memmove(story->items + 1, story->items,
				i * sizeof(piece));
			story->items[0] = piece;
			return;
		}
}

void stack_story_make(struct stack_story *story,
		      const struct cloudformation_events *events)
{
	for (size_t i = 0; i < events->count; i++)
		take(story, &events->items[i]);
	cause_first(story, events);
}

void stack_story_done(struct stack_story *story)
{
	vec_done(story);
}
