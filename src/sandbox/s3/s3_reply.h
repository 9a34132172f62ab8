/* sandbox/s3/s3_reply.h - the answer to one request, and AWS's error shapes. */
#ifndef SANDBOX_S3_S3_REPLY_H
#define SANDBOX_S3_S3_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct s3_request;

struct s3_reply {
	int status;         /* 0: nothing to send yet */
	struct str headers; /* "Name: value\n" lines */
	struct str body;
	int fd; /* -1: the body is in body; else
					 * length bytes from offset; ours */
	int64_t offset;
	int64_t length;
	struct str always;  /* header lines that an error keeps */
	struct str extra; /* elements to add to an error's XML */
};

#define S3_REPLY_EMPTY                                                         \
	{                                                                      \
		.headers = STR_EMPTY, .body = STR_EMPTY, .fd = -1,             \
		.always = STR_EMPTY, .extra = STR_EMPTY                                             \
	}

void s3_reply_done(struct s3_reply *reply);

/* value is cut at a line end: no header may smuggle another. */
void s3_reply_header(struct s3_reply *reply, const char *name,
		     const char *value);
void s3_reply_headerf(struct s3_reply *reply, const char *name, const char *fmt,
		      ...) PRINTF_LIKE(3, 4);

/* One that goes out whatever comes. */
void s3_reply_always(struct s3_reply *reply, const char *name,
		     const char *value);

/* Status by the code's row in the table (500 without a row); S3's XML. */
void s3_reply_error(struct s3_reply *reply, const struct s3_request *request,
		    const struct err *err);

/* The same for STS and Redshift: ErrorResponse with that namespace. */
void s3_reply_query_error(struct s3_reply *reply,
			  const struct s3_request *request,
			  const char *namespace, const struct err *err);

#endif
