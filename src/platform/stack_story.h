/* platform/stack_story.h - events as a person tells them: each piece of work
 * once, by its end, with the time it took, and the cause of a failure first.
 *
 * CloudFormation tells of each resource two or three times: that it begins,
 * that it goes on, how it ends. Of these the last is kept, with the reason if
 * there was one that says something. A resource that is made and then taken
 * away again is two pieces of work. What the stack itself turned away from
 * (made, then going back) keeps its beginning. Pure.
 */
#ifndef PLATFORM_STACK_STORY_H
#define PLATFORM_STACK_STORY_H

#include <stdint.h>

#include "base/vec.h"

struct cloudformation_event;
struct cloudformation_events;

struct stack_piece {
	const struct cloudformation_event *event;	/* the last of it */
	const char *reason;				/* "": none */
	int64_t began_ms;
	int64_t took_ms;				/* -1: not known */
};

struct stack_story {
	VEC(struct stack_piece);
};

/* events: oldest first; they must outlive the story. Appends. */
void stack_story_make(struct stack_story *story,
		      const struct cloudformation_events *events);
void stack_story_done(struct stack_story *story);

#endif
