/* sandbox/s3/s3_inner.h - what s3_store and s3_multi share; nobody else's.
 *
 * All s3_inner_* functions need the lock, but the body ones.
 */
#ifndef SANDBOX_S3_S3_INNER_H
#define SANDBOX_S3_S3_INNER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "sandbox/s3/s3_store.h"

struct hash;
struct lite;

#define S3_INNER_NO_BODY (-1)

struct s3_store {
	char *bodies; /* DIR/s3/bodies */
	pthread_mutex_t lock;
	struct lite *lite; /* under lock */
	int64_t next_body; /* under lock; also orders versions */
};

struct s3_store_writer {
	struct s3_store *store;
	int64_t body; /* S3_INNER_NO_BODY: handed over */
	int fd;
	int64_t bytes;
	struct hash *md5; /* NULL: not wanted */
};

/* ERR_AWS with that code; false. */
bool s3_inner_refuse(struct err *err, const char *code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Body files, by number; no lock needed. */
int s3_inner_open_body(const struct s3_store *store, int64_t body, int flags,
		       struct err *err);
void s3_inner_drop_body(const struct s3_store *store, int64_t body);

/* NoSuchBucket unless it is there. */
bool s3_inner_need_bucket(struct s3_store *store, const char *bucket,
			  struct err *err);

struct s3_inner_new {
	const struct s3_store_put *put;
	char version[40]; /* replace sets it */
	int64_t body;
	int64_t bytes;
	int64_t modified_ms;
	const char *etag;
	const char *headers;
};

/* Inside a transaction: checks bucket, key and conditions, sets the row;
 * *out_old is the body to drop after the commit. */
bool s3_inner_replace(struct s3_store *store, struct s3_inner_new *new,
		      int64_t *out_old, struct err *err);

/* If-Match and If-None-Match; etag NULL: there is no such key. */
bool s3_inner_check(const struct s3_store_put *put, const char *etag,
		    struct err *err);
bool s3_inner_no_such_key(struct err *err);

/* NoSuchBucket, or how its objects are kept. */
bool s3_inner_versioning(struct s3_store *store, const char *bucket,
			 enum s3_versioning *out, struct err *err);

#endif
