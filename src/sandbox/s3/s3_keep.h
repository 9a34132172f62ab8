/* sandbox/s3/s3_keep.h - headers kept with an object, and request
 * conditions. */
#ifndef SANDBOX_S3_S3_KEEP_H
#define SANDBOX_S3_S3_KEEP_H

#include <stdbool.h>

#include "base/err.h"

struct s3_reply;
struct s3_request;
struct s3_store_object;
struct s3_store_put;
struct str;

/* Appends the lines to keep: content type, cache control, x-amz-meta-*,
 * storage class, ...
 * MetadataTooLarge above 2 KB of user metadata. */
bool s3_keep_headers(const struct s3_request *request, struct str *out,
		     struct err *err);

/* Of copied lines only those: not the encryption, class, checksum. */
void s3_keep_metadata(const char *headers, struct str *out);

/* The value of a line, the caller's; NULL: there is none. */
char *s3_keep_value(const char *headers, const char *name);

/* GLACIER and the like; STANDARD when the lines do not say. */
void s3_keep_class(const char *headers, struct str *out);

/* Adds the lines that begin so to a reply. */
void s3_keep_some(const char *headers, const char *prefix,
		  struct s3_reply *reply);

/* Adds the kept lines to a reply. response-* parameters override; checksums
 * only when asked for. */
void s3_keep_reply(const struct s3_request *request,
		   const struct s3_store_object *object, bool with_checksums,
		   struct s3_reply *reply);

/* If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, each with
 * this prefix ("" or "x-amz-copy-source-"): PreconditionFailed, NotModified. */
bool s3_keep_check(const struct s3_request *request, const char *prefix,
		   const struct s3_store_object *object, struct err *err);

/* If-Match and If-None-Match of a write into put; *out_etag is to be freed.
 * S3 knows no other If-None-Match there than "*". */
bool s3_keep_condition(const struct s3_request *request,
		       struct s3_store_put *put, char **out_etag,
		       struct err *err);

#endif
