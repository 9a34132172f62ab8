/* aws/s3_arn.h - an access point where a bucket's name could stand.
 *
 *	s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/name/key
 *
 * The resource may also be written accesspoint:name. Pure. Source: Amazon S3
 * user guide, "Referencing access points"; hosts as botocore builds them.
 */
#ifndef AWS_S3_ARN_H
#define AWS_S3_ARN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct s3_arn {
	char partition[32];	/* "aws" */
	char region[64];
	char account[13];	/* 12 digits */
	char name[64];		/* 3 to 50 of a-z 0-9 - */
};

/* Does it begin like an ARN? */
bool s3_arn_is(const char *bucket);

/* The bytes of text up to the '/' before the key. text may go on with
 * "/key". */
size_t s3_arn_length(const char *text);

/* ERR_USAGE: malformed, or an ARN of something else than an access point;
 * the hint says what to write for it. */
bool s3_arn_parse(struct s3_arn *arn, const char *bucket, struct err *err);

#endif
