/* shell/watch.h - the same query again and again. */
#ifndef SHELL_WATCH_H
#define SHELL_WATCH_H

#include <stdbool.h>

#include "base/err.h"

struct session;

struct watch_plan {
	int ms;         /* between runs */
	int runs;       /* 0: no end */
	int least_rows; /* fewer end it; 0: none do */
	bool has_ms;
	bool has_runs;
	bool has_least_rows;
};

enum { WATCH_MS = 2000 };

void watch_plan_init(struct watch_plan *plan, int ms);

/* "2", "i=2", "c=5", "m=1", as in psql 16 and later. */
bool watch_plan_add(struct watch_plan *plan, const char *word, struct err *err);

/* Seconds as text to milliseconds. false: it is no number that can be. */
bool watch_parse_seconds(const char *text, int *out_ms);

/* Runs query until the plan's end, Ctrl-C or an error, which is shown. */
bool watch_query(struct session *session, const char *query,
		 const struct watch_plan *plan);

#endif
