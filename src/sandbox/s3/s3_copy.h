/* sandbox/s3/s3_copy.h - the source of CopyObject and UploadPartCopy. */
#ifndef SANDBOX_S3_S3_COPY_H
#define SANDBOX_S3_S3_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sandbox/s3/s3_store.h"

struct checksum;
struct s3_call;

struct s3_copy_source {
	char *bucket;
	char *key;
	char *version; /* NULL: the latest */
	int fd;
	struct s3_store_object object;
};

/* Reads x-amz-copy-source, opens the object and checks the conditions
 * x-amz-copy-source-if-*. source starts as { 0 }. */
bool s3_copy_source_open(struct s3_copy_source *source, struct s3_call *call,
			 struct err *err);
void s3_copy_source_done(struct s3_copy_source *source);

/* sum: counts them too. */
bool s3_copy_bytes(const struct s3_copy_source *source, int64_t offset,
		   int64_t length, struct s3_store_writer *writer,
		   struct checksum *sum, struct err *err);

/* Writes <root> with what is told of the copy: ETag, LastModified, and the
 * checksum in its headers. */
void s3_copy_result(struct s3_call *call, const char *root,
		    const struct s3_copy_source *source,
		    const struct s3_store_object *copy);

#endif
