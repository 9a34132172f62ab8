/* aws/quicksight_job.h - SPICE, QuickSight's memory: filled, filled anew, and
 * what its last filling came to.
 */
#ifndef AWS_QUICKSIGHT_JOB_H
#define AWS_QUICKSIGHT_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct quicksight;

struct quicksight_ingestion {
	const char *data_set;	/* id */
	const char *id;
	const char *name;	/* of the data set, for people */
	int64_t rows;		/* filled: in SPICE */
	int64_t dropped;	/* filled: could not be read */
	int64_t began_ms;	/* filled: when they were read; 0: just now */
	bool failed;		/* filled: QuickSight gave it up */
};

/* Until it is complete. On Ctrl-C QuickSight goes on by itself. */
bool quicksight_follow_ingestion(struct quicksight *quicksight,
				 struct quicksight_ingestion *ingestion,
				 struct err *err);

/* Starts one and follows it; ingestion->id is not looked at. What the one
 * before came to is told when it is not complete. */
bool quicksight_refresh(struct quicksight *quicksight,
			struct quicksight_ingestion *ingestion,
			struct err *err);

/* Sees to it that the data set is filled: the newest ingestion is good when it
 * is complete, followed when it runs, and begun again, which is told, when it
 * failed or was cancelled. Who may not list ingestions is told so, and the data
 * set is taken for filled. */
bool quicksight_fill(struct quicksight *quicksight,
		     struct quicksight_ingestion *ingestion, struct err *err);

#endif
