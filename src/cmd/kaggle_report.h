/* cmd/kaggle_report.h - the last lines of \kaggle get: what came, where it is,
 * and what to type next.
 */
#ifndef CMD_KAGGLE_REPORT_H
#define CMD_KAGGLE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct kaggle_get;
struct session;

struct kaggle_report {
	int64_t start_us;
	/* The largest file that \copyfrom makes a table of, in the archive;
	 * "": there is none. */
	struct str best;
	int64_t best_bytes;
};

#define KAGGLE_REPORT_EMPTY                                                    \
	{                                                                      \
		.best = STR_EMPTY                                              \
	}

void kaggle_report_done(struct kaggle_report *report);

/* A file is at its place; bytes -1: not known. */
void kaggle_report_there(struct kaggle_report *report, const char *name,
			 int64_t bytes);

/* Says it. good: nothing failed; else the error says what comes next. */
void kaggle_report(const struct kaggle_report *report, struct session *session,
		   const struct kaggle_get *get, bool good);

#endif
