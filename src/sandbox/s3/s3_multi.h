/* sandbox/s3/s3_multi.h - multipart uploads over the store.
 *
 * Parts are body files of their own until complete joins them into one.
 * Refusals carry AWS codes: NoSuchUpload, InvalidPart, InvalidPartOrder,
 * EntityTooSmall.
 */
#ifndef SANDBOX_S3_S3_MULTI_H
#define SANDBOX_S3_S3_MULTI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "sandbox/s3/s3_store.h"

#define S3_MULTI_PART_BYTES_MIN (5 * 1024 * 1024) /* all but the last */
#define S3_MULTI_PARTS_MAX      10000

/* Names one upload; every call but list needs all three. */
struct s3_multi {
	const char *bucket;
	const char *key;
	const char *upload_id;
};

struct s3_multi_part {
	int number;
	int64_t bytes;
	int64_t modified_ms;
	char etag[48];     /* without quotes */
	char checksum[64]; /* base64 of the upload's algorithm; "": none */
};

struct s3_multi_parts {
	VEC(struct s3_multi_part); /* ascending number */
};

struct s3_multi_upload {
	char *key;
	char *upload_id;
	int64_t started_ms;
};

struct s3_multi_uploads {
	VEC(struct s3_multi_upload); /* by key, then by start */
};

/* The upload id is the caller's to free; NULL: refused. */
char *s3_multi_create(struct s3_store *store, const char *bucket,
		      const char *key, const char *headers, struct err *err);

/* The key of the upload and its headers are checked by every call. */
bool s3_multi_check(struct s3_store *store, const struct s3_multi *upload,
		    struct err *err);

/* The headers that it was created with. */
bool s3_multi_headers(struct s3_store *store, const struct s3_multi *upload,
		      struct str *out, struct err *err);

/* Hands what was written over as part number; replaces an older one. out comes
 * with the checksum. */
bool s3_multi_put(struct s3_store_writer *writer, const struct s3_multi *upload,
		  int number, struct s3_multi_part *out, struct err *err);

bool s3_multi_parts(struct s3_store *store, const struct s3_multi *upload,
		    struct s3_multi_parts *out, struct err *err);
void s3_multi_parts_done(struct s3_multi_parts *parts);

/* All unfinished uploads of a bucket under prefix (NULL: all). */
bool s3_multi_uploads(struct s3_store *store, const char *bucket,
		      const char *prefix, struct s3_multi_uploads *out,
		      struct err *err);
void s3_multi_uploads_done(struct s3_multi_uploads *uploads);

/* wanted: number and etag as the client lists them, in its order, and the
 * checksum where it gave one. put gives the conditions, and the headers (NULL:
 * those of the upload); its bucket and key are not read. */
bool s3_multi_complete(struct s3_store *store, const struct s3_multi *upload,
		       const struct s3_multi_parts *wanted,
		       const struct s3_store_put *put,
		       struct s3_store_object *out, struct err *err);

/* An upload that is no more because it was completed: complete may be asked
 * for again. *out: etag, version and headers of what came of it. */
bool s3_multi_completed(struct s3_store *store, const struct s3_multi *upload,
			struct s3_store_object *out);

bool s3_multi_abort(struct s3_store *store, const struct s3_multi *upload,
		    struct err *err);

#endif
