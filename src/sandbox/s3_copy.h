/* sandbox/s3_copy.h - the source of CopyObject and UploadPartCopy. */
#ifndef SANDBOX_S3_COPY_H
#define SANDBOX_S3_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sandbox/s3_store.h"

struct s3_call;

struct s3_copy_source {
	char *bucket;
	char *key;
	int fd;
	struct s3_store_object object;
};

/* Reads x-amz-copy-source, opens the object and checks the conditions
 * x-amz-copy-source-if-*. source starts as { 0 }. */
bool s3_copy_source_open(struct s3_copy_source *source, struct s3_call *call,
			 struct err *err);
void s3_copy_source_done(struct s3_copy_source *source);

bool s3_copy_bytes(const struct s3_copy_source *source, int64_t offset,
		   int64_t length, struct s3_store_writer *writer,
		   struct err *err);

/* Writes <root> with ETag and LastModified. */
void s3_copy_result(struct s3_call *call, const char *root, const char *etag,
		    int64_t modified_ms);

#endif
