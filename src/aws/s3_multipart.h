/* aws/s3_multipart.h - the steps of a multipart upload, and large copies. */
#ifndef AWS_S3_MULTIPART_H
#define AWS_S3_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/integrity.h"
#include "aws/s3_uri.h"
#include "base/err.h"
#include "base/str.h"

struct aws;
struct call;

struct s3_part {
	int number;		/* 1 .. 10,000 */
	int64_t size;
	char *etag;		/* NULL: not there yet */
	struct integrity sum;	/* of a CRC kind; INTEGRITY_NONE: unknown.
				 * From ListParts, or call->body_sum of the
				 * UploadPart that sent it */
};

struct s3_parts {
	struct s3_part *items;	/* [count], ascending numbers */
	size_t count;
	size_t cap;
};

void s3_parts_done(struct s3_parts *parts);

/* content_type may be NULL. Replaces *out_id. The checksum is to be one of the
 * whole object where worker_body_kind says so. */
bool s3_multipart_create(struct aws *aws, const struct s3_uri *uri,
			 const char *content_type, struct str *out_id,
			 struct err *err);

/* What UploadPart sends: for worker_send_take. The body is read from fd
 * (duplicated) at offset. NULL: the file cannot be read. The answer's ETag is
 * in the header "etag", the part's checksum in call->body_sum. */
struct s3_part_source {
	int fd;
	int64_t offset;
	int64_t length;
	int number;
};
struct call *s3_multipart_part(const struct s3_uri *uri,
			       const char *upload_id,
			       const struct s3_part_source *source,
			       struct err *err);

/* The parts S3 has, all pages. Replaces *out. ERR_MISSING: no such upload. */
bool s3_multipart_list(struct aws *aws, const struct s3_uri *uri,
		       const char *upload_id, struct s3_parts *out,
		       struct err *err);

/* With the checksum of the whole, joined from the parts', when all have one;
 * then S3 refuses an object that is not what was sent. */
bool s3_multipart_complete(struct aws *aws, const struct s3_uri *uri,
			   const char *upload_id,
			   const struct s3_parts *parts, struct err *err);
bool s3_multipart_abort(struct aws *aws, const struct s3_uri *uri,
			const char *upload_id, struct err *err);

/* Aborts what was begun below a prefix and not ended. Where S3 does not say
 * what that is (no right to ask) nothing is done. */
bool s3_multipart_abort_all(struct aws *aws, const struct s3_uri *prefix,
			    struct err *err);

/* The same as calls for worker_send_take, and what their replies say. The
 * marker is that of the next page, "" for the first and after the last;
 * s3_multipart_read_list adds to *out. */
struct call *s3_multipart_create_call(const struct aws *aws,
				      const struct s3_uri *uri,
				      const char *content_type);
bool s3_multipart_read_id(const struct call *call, struct str *out_id,
			  struct err *err);
struct call *s3_multipart_list_call(const struct s3_uri *uri,
				    const char *upload_id,
				    const char *marker);
bool s3_multipart_read_list(const struct call *call, struct s3_parts *out,
			    struct str *out_marker, struct err *err);
struct call *s3_multipart_complete_call(const struct s3_uri *uri,
					const char *upload_id,
					const struct s3_parts *parts);
struct call *s3_multipart_abort_call(const struct s3_uri *uri,
				     const char *upload_id);

/* Server-side copies by parts: from's type, encoding and metadata go along
 * unless the URI's options name others. */
struct s3_head;
struct s3_copy_part {
	int64_t offset;
	int64_t length;
	int number;
};
struct call *s3_multipart_create_copy_call(const struct aws *aws,
					   const struct s3_uri *uri,
					   const struct s3_head *from);

/* etag: of the object, which must not change meanwhile; NULL or "": any. */
struct call *s3_multipart_copy_part_call(const struct s3_uri *from,
					 const char *etag,
					 const struct s3_uri *to,
					 const char *upload_id,
					 const struct s3_copy_part *part);

/* The part's etag, yours to free; NULL and ERR_DATA. */
char *s3_multipart_read_copied(const struct call *call, struct err *err);

#endif
