/* cmd/platform_show.h - \platform status, events and outputs: how a stack is,
 * what became of it, what it gives. They change nothing. */
#ifndef CMD_PLATFORM_SHOW_H
#define CMD_PLATFORM_SHOW_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

bool platform_show_status(struct session *session, const struct args *args,
			  struct err *err);

/* Argument --all: of all operations, not of the last. */
bool platform_show_events(struct session *session, const struct args *args,
			  struct err *err);
bool platform_show_outputs(struct session *session, const struct args *args,
			   struct err *err);

#endif
