/* aws/s3_object.h - one object: look, read, write, copy, remove.
 *
 * All block (see aws/worker.h) and map missing buckets and keys to
 * ERR_MISSING, refused rights to ERR_AWS with the right that is needed.
 * Buffers hold at most what is stated; large files go through transfer/.
 */
#ifndef AWS_S3_OBJECT_H
#define AWS_S3_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/integrity.h"
#include "aws/s3_uri.h"
#include "base/err.h"
#include "base/str.h"

struct aws;
struct sink;

struct s3_head {
	bool wants_sum;			/* set before: ask for checksum too
					 * (of a KMS object that needs
					 * kms:Decrypt) */
	int64_t size;
	int64_t modified_ms;		/* 0: not said */
	struct str etag;		/* with its quotes */
	struct str content_type;
	struct str content_encoding;
	struct str storage_class;	/* "STANDARD" when not said */
	struct str version;
	struct str encryption;		/* "AES256", "aws:kms", "" */
	struct str metadata;		/* "name: value" lines */
	struct integrity sum;		/* of the whole object, of a CRC kind;
					 * INTEGRITY_NONE: there is none */
};

#define S3_HEAD_EMPTY                                                          \
	{                                                                      \
		.etag = STR_EMPTY, .content_type = STR_EMPTY,                  \
		.content_encoding = STR_EMPTY, .storage_class = STR_EMPTY,     \
		.version = STR_EMPTY, .encryption = STR_EMPTY,                 \
		.metadata = STR_EMPTY                                          \
	}

void s3_head_done(struct s3_head *head);

/* HeadObject. Replaces *out_head. */
bool s3_object_head(struct aws *aws, const struct s3_uri *uri,
		    struct s3_head *out_head, struct err *err);

/* The same as a call for worker_send_take, and what its reply, or that of a
 * GetObject of the whole, says. */
struct call;
struct call *s3_object_head_call(const struct aws *aws,
				 const struct s3_uri *uri, bool wants_sum);
bool s3_object_read_head(const struct call *call, struct s3_head *out_head,
			 struct err *err);

struct s3_range {
	int64_t offset;
	int64_t length;		/* of bytes wanted; -1: to the end. At most
				 * 64 MiB are taken */
	const char *etag;	/* only if it still has this one; NULL: any */
};

/* Appends the bytes of a range to out; less when the object is shorter (0
 * past its end). *out_size, if not NULL: size of the whole object. */
bool s3_object_get(struct aws *aws, const struct s3_uri *uri,
		   const struct s3_range *range, struct str *out,
		   int64_t *out_size, struct err *err);

/* The whole object to sink in order, read ahead in ranges; the sink is
 * written in this thread. A changed object is an error, and so is, when all is
 * written, another checksum than the one S3 keeps. */
bool s3_object_read(struct aws *aws, const struct s3_uri *uri,
		    struct sink *sink, struct err *err);

/* PutObject of bytes in memory. */
bool s3_object_put(struct aws *aws, const struct s3_uri *uri,
		   const char *bytes, size_t len, struct err *err);

/* CopyObject, of at most this size; larger ones go by parts, see
 * s3_multipart. etag: of the source, which must still have it; NULL or "":
 * any. */
#define S3_OBJECT_COPY_MAX_BYTES (INT64_C(5) * 1024 * 1024 * 1024)
struct call *s3_object_copy_call(const struct s3_uri *from, const char *etag,
				 const struct s3_uri *to);

/* True as well when there was none. */
bool s3_object_delete(struct aws *aws, const struct s3_uri *uri,
		      struct err *err);

/* A URL that lets anybody GET (or PUT) the object for a while: a secret.
 * Appends. *out_cred_ends_ms, if not NULL: when the credentials that signed
 * it end, and the URL with them; 0: never. */
enum { S3_PRESIGN_MAX_S = 7 * 24 * 3600 };
struct s3_presign {
	int expires_s;
	bool put;
};
bool s3_object_presign(struct aws *aws, const struct s3_uri *uri,
		       const struct s3_presign *how, struct str *out_url,
		       int64_t *out_cred_ends_ms, struct err *err);

/* region NULL: the one in use. */
bool s3_bucket_create(struct aws *aws, const char *bucket, const char *region,
		      struct err *err);
bool s3_bucket_delete(struct aws *aws, const struct s3_uri *uri,
		      struct err *err);

#endif
