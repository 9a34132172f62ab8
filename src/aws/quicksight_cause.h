/* aws/quicksight_cause.h - why QuickSight could not, in words, with the next
 * step: one row a cause.
 *
 * Errors of calls, and the types of errors that data sources, ingestions,
 * dashboards and snapshot jobs keep.
 */
#ifndef AWS_QUICKSIGHT_CAUSE_H
#define AWS_QUICKSIGHT_CAUSE_H

#include <stdbool.h>

#include "base/err.h"

struct quicksight;

/* Puts the cause's words and hint into an error of a call; an error that no
 * row knows stays as it is. */
void quicksight_cause_call(const struct quicksight *quicksight,
			   struct err *err);

enum quicksight_thing {
	QUICKSIGHT_DATA_SOURCE,
	QUICKSIGHT_INGESTION,
	QUICKSIGHT_DEFINITION,	/* of an analysis or a dashboard */
	QUICKSIGHT_SNAPSHOT,
};

/* Fills err from ErrorInfo {Type, Message} or Errors[] {Type, Message} that a
 * thing keeps. Returns false. */
bool quicksight_cause_thing(const struct quicksight *quicksight,
			    enum quicksight_thing thing, const char *name,
			    const char *type, const char *message,
			    struct err *err);

#endif
