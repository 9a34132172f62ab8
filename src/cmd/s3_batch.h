/* cmd/s3_batch.h - a batch of transfers as one command: progress while it
 * runs, failures as they come, a line at the end. */
#ifndef CMD_S3_BATCH_H
#define CMD_S3_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "transfer/batch.h"

struct args;
struct session;

struct s3_batch {
	struct session *session;
	struct aws *aws;
	const char *verb;		/* "put" */
	bool dry_run;
	struct batch_options options;	/* to be set before s3_batch_run */

	/* of s3_batch.c */
	const struct batch_source *source;
	struct str subject;		/* of the first item */
	int64_t items;
	int64_t told;			/* failures shown */
	struct err held;		/* the first, shown with the second */
	int64_t start_us;
};

/* Starts AWS; reads --dry-run and --part-size. verb is borrowed. Also on
 * failure s3_batch_done is due. */
bool s3_batch_begin(struct s3_batch *batch, struct session *session,
		    const struct args *args, const char *verb,
		    struct err *err);
void s3_batch_done(struct s3_batch *batch);

/* Moves what source gives, or says what would be moved. */
bool s3_batch_run(struct s3_batch *batch, const struct batch_source *source,
		  struct err *err);

struct name_filter;

/* --exclude and --include. */
void s3_batch_read_filter(const struct args *args, struct name_filter *filter);

#endif
