/* sandbox/copy/rscopy_upkeep.h - what COPY does for the table beside its rows:
 * STATUPDATE, COMPUPDATE, COMPROWS.
 *
 * [copy-parameters-data-load] Statistics: OFF never, ON always (the owner or
 * a superuser), not given: when the table was empty. Encodings: only of a
 * table that was empty; PRESET by type, ON by type and a sample of COMPROWS
 * rows, not given: as ON, but only where nothing but RAW was chosen before.
 */
#ifndef SANDBOX_COPY_RSCOPY_UPKEEP_H
#define SANDBOX_COPY_RSCOPY_UPKEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"

struct csv_record;
struct rscopy_job;
struct rscopy_load_plan;
struct rscopy_table;

/* A column of the sample. */
struct rscopy_upkeep_column {
	struct str last; /* the value of the row before */
	int64_t runs;    /* of equal values */
};

/* Starts as { 0 }. */
struct rscopy_upkeep {
	bool was_empty;
	bool is_owner; /* or a superuser */
	bool sampling;
	int64_t rows;                     /* of the sample */
	VEC(struct rscopy_upkeep_column); /* one a column */
};

/* Before the load; refuses STATUPDATE ON to who may not. */
bool rscopy_upkeep_begin(struct rscopy_job *job, struct rscopy_upkeep *upkeep,
			 const struct rscopy_load_plan *plan,
			 const struct rscopy_table *table);

/* A row that was loaded. */
void rscopy_upkeep_row(struct rscopy_upkeep *upkeep,
		       const struct rscopy_load_plan *plan,
		       const struct csv_record *record);

/* After it. */
bool rscopy_upkeep_end(struct rscopy_job *job, struct rscopy_upkeep *upkeep,
		       const struct rscopy_load_plan *plan,
		       const struct rscopy_table *table);
void rscopy_upkeep_done(struct rscopy_upkeep *upkeep);

#endif
