/* sandbox/s3/s3_host.h - which bucket and region a Host header names.
 *
 * [BUCKET.]s3[.dualstack][.REGION].SUFFIX and the older s3-REGION form, where
 * SUFFIX is amazonaws.com, amazonaws.com.cn, localhost or one of the services
 * that resolve names with an address in them to that address; of localhost
 * also BUCKET.localhost alone. NAME-ACCOUNT.s3-accesspoint.REGION.SUFFIX is an
 * access point. (S3 user guide, VirtualHosting and access points.)
 */
#ifndef SANDBOX_S3_S3_HOST_H
#define SANDBOX_S3_S3_HOST_H

#include <stdbool.h>

#include "base/str.h"

struct s3_host {
	struct str bucket;  /* or the access point's name; "": path style */
	struct str region;  /* "": it names none */
	struct str account; /* of an access point; else "" */
};

#define S3_HOST_EMPTY                                                          \
	{                                                                      \
		.bucket = STR_EMPTY, .region = STR_EMPTY, .account = STR_EMPTY \
	}

/* What is no name of S3 names nothing. host: may have a port. */
void s3_host_parse(struct s3_host *host, const char *text);
void s3_host_done(struct s3_host *host);

/* Does it look like eu-west-1 or us-gov-west-1? */
bool s3_host_is_region(const char *text);

#endif
