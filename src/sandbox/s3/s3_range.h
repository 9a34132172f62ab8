/* sandbox/s3/s3_range.h - which bytes of an object a request reads.
 *
 * Range has one range of bytes or is passed over; partNumber names a part of a
 * multipart upload, whose sizes stand in the line "~parts: 5242880,17" of the
 * object's headers.
 */
#ifndef SANDBOX_S3_S3_RANGE_H
#define SANDBOX_S3_S3_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct s3_call;
struct s3_store_object;

#define S3_RANGE_PARTS "~parts"

struct s3_range {
	int64_t first;
	int64_t last; /* inclusive; first - 1: nothing */
	bool partial; /* 206 */
	int parts;    /* how many there are, when one was asked for; else 0 */
};

/* InvalidRange, InvalidPartNumber. */
bool s3_range_read(struct s3_call *call, const struct s3_store_object *object,
		   struct s3_range *out, struct err *err);

/* Number of parts; 0: not a multipart upload. */
int s3_range_parts(const char *headers);

#endif
