/* sandbox/rscopy_job.h - what the parts of one COPY or UNLOAD share.
 *
 * Functions that fail fill job->result and return false: nothing else is
 * said to the client.
 */
#ifndef SANDBOX_RSCOPY_JOB_H
#define SANDBOX_RSCOPY_JOB_H

#include <stdbool.h>

#include "base/err.h"
#include "sandbox/rscopy.h"

struct copy_options;

struct rscopy_job {
	const struct rscopy_call *call;
	struct rscopy_result *result;
};

/* A plain refusal with SQLSTATE. */
bool rscopy_fail(struct rscopy_job *job, const char *sqlstate, const char *fmt,
		 ...) PRINTF_LIKE(3, 4);

/* The same from err: the server's SQLSTATE, else 42601 for usage, XX000. */
bool rscopy_fail_err(struct rscopy_job *job, const struct err *err);

/* An error of Redshift's engine: XX000 with the DETAIL block of lines error,
 * code, context, query, location, process. context may be "". */
bool rscopy_fail_engine(struct rscopy_job *job, int code, const char *context,
			const char *fmt, ...) PRINTF_LIKE(4, 5);

/* What S3 refused, as the engine tells it: "S3ServiceException:...,Status
 * 404,Error NoSuchBucket,Rid ...". */
bool rscopy_fail_s3(struct rscopy_job *job, const char *context,
		    const struct err *err);

/* May the statement act on S3? Roles must exist and be attached, keys must
 * be the sandbox's. */
bool rscopy_authorize(struct rscopy_job *job,
		      const struct copy_options *options);

/* Stops when the client has asked to cancel (57014). */
bool rscopy_go_on(struct rscopy_job *job);

#endif
