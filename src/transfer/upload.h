/* transfer/upload.h - a local file to S3: one PutObject, or parts.
 *
 * Parts are read by pread from the open file, so memory is what curl holds.
 * An interrupted multipart upload of the same file (size, mtime) to the same
 * key is resumed from its journal.
 */
#ifndef TRANSFER_UPLOAD_H
#define TRANSFER_UPLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct aws;
struct progress_watch;
struct s3_uri;

struct upload_options {
	int64_t part_bytes;		/* 0: see part_plan_make */
	const char *content_type;	/* NULL: none sent */
	bool no_resume;			/* neither look for nor keep a journal */
	const struct progress_watch *watch;	/* NULL: none */
};

struct upload_result {
	int64_t bytes;
	int64_t parts;		/* 1: no multipart */
	int64_t resumed_parts;
};

/* ERR_CANCELLED keeps the journal; the hint says how to go on or abort.
 * Any other failure aborts the multipart upload, unless it is of the
 * network's kind (kept as well). options and out may be NULL. */
bool upload_file(struct aws *aws, const char *path, const struct s3_uri *to,
		 const struct upload_options *options,
		 struct upload_result *out, struct err *err);

#endif
