/* sandbox/s3/s3_request.h - one HTTP request as the AWS endpoints see it.
 *
 * Holds no socket: s3_http fills it, everything behind reads it. Names and
 * values of the query are decoded; header names are in lower case.
 */
#ifndef SANDBOX_S3_S3_REQUEST_H
#define SANDBOX_S3_S3_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct s3_pair {
	char *name;
	char *value;
};

struct s3_pairs {
	VEC(struct s3_pair); /* in the order sent */
};

struct s3_request {
	char *method;
	char *target;    /* path and query as sent */
	struct str path; /* decoded */
	char *bucket;    /* NULL: the service itself */
	char *key;       /* NULL: the bucket itself */
	char *region;    /* that the host names; NULL: none */
	bool by_host;    /* the host named the bucket */
	struct s3_pairs query;
	struct s3_pairs headers;
	char id[17]; /* x-amz-request-id */
};

#define S3_REQUEST_EMPTY                                                       \
	{                                                                      \
		.path = STR_EMPTY                                              \
	}

/* Fills method, path, bucket, key, query from the target and the host, so the
 * headers must be there; InvalidURI. */
bool s3_request_parse(struct s3_request *request, const char *method,
		      struct err *err);
void s3_request_add_header(struct s3_request *request, const char *name,
			   const char *value);
void s3_request_done(struct s3_request *request);

/* First of that name, borrowed; NULL: none. What begins with x-amz- may also
 * be a parameter: presigned links have no headers. */
const char *s3_request_header(const struct s3_request *request,
			      const char *name);
const char *s3_request_param(const struct s3_request *request,
			     const char *name);

/* How long the body is, is said once at most: what is behind a body whose
 * length can be read in two ways must not be taken for a request (RFC 9112,
 * 6.3). */
bool s3_request_length_is_clear(const struct s3_request *request);

/* A parameter that is a number from 0 to max; otherwise when not given;
 * InvalidArgument when it is something else. Above max counts as max. */
bool s3_request_number(const struct s3_request *request, const char *name,
		       int64_t otherwise, int64_t max, int64_t *out,
		       struct err *err);

/* An etag header without its quotes, copied; "*" stays as it is;
 * NULL: not given. */
char *s3_request_etag(const struct s3_request *request, const char *name);

#endif
