/* shell/batch.h - FETCH_COUNT: the rows of a query some at a time.
 *
 * psql 15 opens a cursor and prints what each FETCH brings as a table of its
 * own widths. Here the rows stream as ever, for a cursor of Redshift computes
 * the whole result on the leader node first; only the printing goes by
 * batches.
 */
#ifndef SHELL_BATCH_H
#define SHELL_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "data/rows.h"

struct spool;

struct batch {
	struct rows rows; /* first: of the batch read last, or (unbroken) all
			   * of them, read a batch ahead */
	struct rows *source;
	struct spool *spool;
	int64_t most;   /* rows in a batch */
	int64_t before; /* rows in the batches before */
	bool is_first;
	bool is_last; /* fewer rows than it may hold */
	bool unbroken;
	/* Called for each batch that is complete. NULL: nothing. */
	bool (*taken)(struct batch *batch, struct err *err);
	void *context;
};

/* Statements for which psql opens its cursor: SELECT and VALUES. */
bool batch_wanted(const char *sql);

void batch_init(struct batch *batch, struct rows *source, int64_t most);
void batch_done(struct batch *batch);

/* Reads the next batch; false: the rows failed, none of it is shown. */
bool batch_fill(struct batch *batch, struct err *err);

/* The rows of this batch once more. */
bool batch_rewind(struct batch *batch, struct err *err);

#endif
