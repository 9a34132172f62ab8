/* sandbox/s3/s3_complete.h - CompleteMultipartUpload, and the checksum of a
 * whole.
 *
 * An upload has a plan from its creation on: which checksum its parts have,
 * and whether the object's is one of the whole (CRCs, combined) or one of the
 * parts' checksums (COMPOSITE, "-N"). It is kept among the upload's headers.
 */
#ifndef SANDBOX_S3_S3_COMPLETE_H
#define SANDBOX_S3_S3_COMPLETE_H

#include <stdbool.h>

#include "base/err.h"

struct s3_call;
struct str;

struct s3_complete_plan {
	const char *algorithm; /* of s3_sums */
	bool composite;
	bool given; /* the client named it */
};

void s3_complete_keep_plan(const struct s3_complete_plan *plan,
			   struct str *headers);
void s3_complete_read_plan(const char *headers, struct s3_complete_plan *out);

/* The operation; a repetition is answered as the first time. */
bool s3_complete_run(struct s3_call *call, struct err *err);

#endif
