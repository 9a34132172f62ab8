/* cmd/platform_data.h - the data bucket of a platform that is deleted.
 *
 * It goes last, and its objects only when all else is gone: whatever AWS
 * refuses on the way, no data is lost for a stack that stays.
 */
#ifndef CMD_PLATFORM_DATA_H
#define CMD_PLATFORM_DATA_H

#include <stdbool.h>

#include "base/err.h"

struct cloudformation_event;
struct cloudformation_events;
struct cloudformation_stack;
struct platform_place;
struct str;

/* The stack's own bucket that its output names, or, of a stack that was never
 * whole and has no outputs, the one of that name. A bucket that is not the
 * stack's is never touched, whatever an output says. NULL: there is none. */
const struct cloudformation_event *
platform_data_find(const struct cloudformation_stack *stack,
		   const struct cloudformation_events *resources);

/* Appends "s3://BUCKET with 1,204 objects, 3.1 GiB", without what cannot be
 * told. False: there is no such bucket. */
bool platform_data_describe(const struct platform_place *place,
			    const char *bucket, struct str *out);

/* All objects with all their versions, then the bucket unless only_empty. True
 * as well when there is no such bucket. Of what stops it the next step is
 * told. */
bool platform_data_remove(const struct platform_place *place,
			  const char *bucket, bool only_empty,
			  struct err *err);

/* Appends the name of the bucket that the last stack of that name has left
 * behind and that is still there; nothing: there is none, or it cannot be
 * told, which is said. */
bool platform_data_left(const struct platform_place *place, struct str *out,
			struct err *err);

#endif
