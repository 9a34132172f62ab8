/* aws/quicksight_job.h - what QuickSight does for a while: filling SPICE, and
 * reports as files.
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
};

/* Until it is complete. On Ctrl-C QuickSight goes on by itself. */
bool quicksight_follow_ingestion(struct quicksight *quicksight,
				 struct quicksight_ingestion *ingestion,
				 struct err *err);

/* Starts one and follows it; ingestion->id is not looked at. */
bool quicksight_refresh(struct quicksight *quicksight,
			struct quicksight_ingestion *ingestion,
			struct err *err);

#endif
