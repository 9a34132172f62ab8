/* sandbox/copy/rscopy_job.h - what the parts of one COPY or UNLOAD share.
 *
 * Functions that fail fill job->result and return false: nothing else is
 * said to the client.
 */
#ifndef SANDBOX_COPY_RSCOPY_JOB_H
#define SANDBOX_COPY_RSCOPY_JOB_H

#include <stdbool.h>

#include "base/err.h"
#include "sandbox/copy/rscopy.h"

struct identity_role;

/* The engine's number for what goes wrong around S3 and roles. */
enum { RSCOPY_CODE_S3 = 8001 };

struct rscopy_job {
	const struct rscopy_call *call;
	struct rscopy_result *result;
	/* of rscopy_access_begin: */
	const struct identity_role *role; /* NULL: the sandbox's own key */
	const char *region;
};

/* A plain refusal with SQLSTATE. */
bool rscopy_fail(struct rscopy_job *job, const char *sqlstate, const char *fmt,
		 ...) PRINTF_LIKE(3, 4);

/* SB001: Redshift has it, the sandbox lacks it. */
bool rscopy_lacks(struct rscopy_job *job, const char *what);

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

/* Stops when the client has asked to cancel (57014). */
bool rscopy_go_on(struct rscopy_job *job);

#endif
