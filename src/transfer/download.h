/* transfer/download.h - an object to a local file.
 *
 * Written beside the target under a temporary name, in parallel ranges when
 * large, then renamed: never a half-written file under its final name. Each
 * range asks for the ETag seen first, so a changed object is noticed.
 */
#ifndef TRANSFER_DOWNLOAD_H
#define TRANSFER_DOWNLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct aws;
struct progress_watch;
struct s3_uri;

struct download_options {
	bool keep_existing;	/* ERR_USAGE when path exists */
	const struct progress_watch *watch;	/* NULL: none */
};

/* *out_bytes may be NULL. */
bool download_file(struct aws *aws, const struct s3_uri *from,
		   const char *path, const struct download_options *options,
		   int64_t *out_bytes, struct err *err);

#endif
