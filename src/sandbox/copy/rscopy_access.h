/* sandbox/copy/rscopy_access.h - may the statement act on S3?
 *
 * Roles must exist, be attached, trust the one before them in a chain and be
 * allowed what they do by their policy; keys must be the sandbox's; a bucket
 * must lie in the region of REGION, or in the warehouse's.
 */
#ifndef SANDBOX_COPY_RSCOPY_ACCESS_H
#define SANDBOX_COPY_RSCOPY_ACCESS_H

#include <stdbool.h>

#include "sandbox/account/identity.h"

struct copy_options;
struct rscopy_job;
struct str;

/* Settles who acts and where, for the rest of the job. options are borrowed
 * as long as the job runs. */
bool rscopy_access_begin(struct rscopy_job *job,
			 const struct copy_options *options);

/* action: "s3:PutObject"; key "": of the bucket itself. context goes into the
 * DETAIL block. */
bool rscopy_access_check(struct rscopy_job *job, const char *action,
			 const char *bucket, const char *key,
			 const char *context);

/* s3:GetObject, and what the object's key of KMS asks for. */
bool rscopy_access_read(struct rscopy_job *job, const char *bucket,
			const char *key);

/* May what is written be locked with the key (NULL: the bucket's own, if it
 * has one)? Appends the header lines that the objects get. */
bool rscopy_access_lock(struct rscopy_job *job, const char *bucket,
			const char *key, const char *context, struct str *out);

#endif
