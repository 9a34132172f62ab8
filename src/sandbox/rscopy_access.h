/* sandbox/rscopy_access.h - may the statement act on S3?
 *
 * Roles must exist, be attached, trust the one before them in a chain and be
 * allowed what they do by their policy; keys must be the sandbox's; a bucket
 * must lie in the region of REGION, or in the warehouse's.
 */
#ifndef SANDBOX_RSCOPY_ACCESS_H
#define SANDBOX_RSCOPY_ACCESS_H

#include <stdbool.h>

#include "sandbox/identity.h"

struct copy_options;
struct rscopy_job;

/* Settles who acts and where, for the rest of the job. options are borrowed
 * as long as the job runs. */
bool rscopy_access_begin(struct rscopy_job *job,
			 const struct copy_options *options);

/* context goes into the DETAIL block. */
bool rscopy_access_check(struct rscopy_job *job, enum identity_action action,
			 const char *bucket, const char *context);

#endif
