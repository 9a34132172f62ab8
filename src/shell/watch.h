/* shell/watch.h - the same query again and again. */
#ifndef SHELL_WATCH_H
#define SHELL_WATCH_H

#include <stdbool.h>

#include "base/err.h"

struct session;

/* Runs the query every interval (text: seconds, NULL: 2) until
 * Ctrl-C or an error. */
bool watch_query(struct session *session, const char *query,
		 const char *interval, struct err *err);

#endif
