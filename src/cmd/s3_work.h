/* cmd/s3_work.h - one command's transfers: what has come so far, progress and
 * the last line. */
#ifndef CMD_S3_WORK_H
#define CMD_S3_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "transfer/progress.h"

struct aws;
struct session;

struct s3_work {
	struct session *session;
	struct aws *aws;
	const char *verb;   /* "put" */
	struct str subject; /* of the transfer under way */
	int64_t files;
	int64_t bytes; /* -1: not told */
	int64_t start_us;
	struct progress_watch watch;
};

/* verb is borrowed. */
bool s3_work_begin(struct s3_work *work, struct session *session,
		   const char *verb, struct err *err);
void s3_work_done(struct s3_work *work);

/* Says how much was moved, and in which time. */
void s3_work_report(struct s3_work *work);

/* Forgets what Tab knows of the folder a key stands in. */
void s3_work_forget(struct aws *aws, const char *bucket, const char *key);

#endif
