/* sandbox/s3/s3_store.h - buckets and objects: files under DIR/s3 and an index.
 *
 * A body is a file named by an opaque number (keys never reach the file
 * system), everything else is in DIR/s3/index.db (SQLite). A body file never
 * changes once it has a row, so an open descriptor stays good whatever
 * happens to its key: replacing and deleting unlink it.
 *
 * Any thread may call; one lock guards the index, bodies are read and
 * written outside of it. Refusals are ERR_AWS with the AWS code in err.code
 * (NoSuchBucket, NoSuchKey, BucketNotEmpty, PreconditionFailed, ...).
 * Keys are UTF-8 of 1 to 1,024 bytes without NUL, ordered by byte.
 */
#ifndef SANDBOX_S3_S3_STORE_H
#define SANDBOX_S3_S3_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

#define S3_STORE_KEY_BYTES_MAX 1024

struct s3_store; /* opaque; see s3_store.c */
struct str;

enum s3_versioning {
	S3_VERSIONING_OFF, /* never was on */
	S3_VERSIONING_ON,
	S3_VERSIONING_SUSPENDED,
};

struct s3_store_bucket {
	char *name;
	int64_t created_ms;
	char *region; /* "": the sandbox's own */
	enum s3_versioning versioning;
	bool requester_pays;
	char *policy;     /* JSON; "": none */
	char *encryption; /* header lines that objects get; "": usual */
};

/* What can be set of a bucket. */
enum s3_store_setting {
	S3_STORE_VERSIONING, /* "", "Enabled", "Suspended" */
	S3_STORE_PAYER,      /* "", "Requester" */
	S3_STORE_POLICY,
	S3_STORE_ENCRYPTION,
};

struct s3_store_buckets {
	VEC(struct s3_store_bucket);
};

/* An object, or one entry of a listing. */
struct s3_store_object {
	char *key;
	bool is_prefix; /* listing: a common prefix, no object */
	int64_t bytes;
	int64_t modified_ms;
	char etag[48]; /* without quotes */
	char *headers; /* "name: value\n" lines kept with it, names in
			* lower case; never NULL. Those that begin with ~
			* are facts of the sandbox's own */
	char version[40]; /* "null": written without versioning */
	bool is_marker;   /* a delete marker: no object */
	bool is_latest;
};

#define S3_STORE_OBJECT_EMPTY                                                  \
	{                                                                      \
		.key = NULL                                                    \
	}

struct s3_store *s3_store_open(const char *dir, struct err *err);
void s3_store_close(struct s3_store *store); /* NULL is fine */
CLEANUP_FREE(struct s3_store, s3_store_close, s3_store_closep)

/* Buckets. Creating one that exists is BucketAlreadyOwnedByYou. region "":
 * the sandbox's own. */
bool s3_store_make_bucket(struct s3_store *store, const char *bucket,
			  const char *region, struct err *err);
/* Appends the bucket's region, nothing for the sandbox's own. */
bool s3_store_region(struct s3_store *store, const char *bucket,
		     struct str *out, struct err *err);
bool s3_store_drop_bucket(struct s3_store *store, const char *bucket,
			  struct err *err);
bool s3_store_has_bucket(struct s3_store *store, const char *bucket,
			 struct err *err);
bool s3_store_buckets(struct s3_store *store, struct s3_store_buckets *out,
		      struct err *err);
void s3_store_buckets_done(struct s3_store_buckets *buckets);

bool s3_store_bucket(struct s3_store *store, const char *bucket,
		     struct s3_store_bucket *out, struct err *err);
void s3_store_bucket_done(struct s3_store_bucket *bucket);
bool s3_store_set(struct s3_store *store, const char *bucket,
		  enum s3_store_setting setting, const char *value,
		  struct err *err);

/* Reading: the descriptor of the body (close it) and what is known of it;
 * -1: refused. out may be NULL. */
int s3_store_get(struct s3_store *store, const char *bucket, const char *key,
		 struct s3_store_object *out, struct err *err);
bool s3_store_head(struct s3_store *store, const char *bucket, const char *key,
		   struct s3_store_object *out, struct err *err);
void s3_store_object_done(struct s3_store_object *object);

/* A version of an object. */
struct s3_store_which {
	const char *bucket;
	const char *key;
	const char *version;  /* NULL: the latest */
	const char *if_match; /* for removing: etag, NULL: any */
};

/* As get and head. NoSuchVersion; a delete marker is NoSuchKey when it is the
 * latest, MethodNotAllowed when its version was asked for: in both cases
 * *out says so (is_marker, version). *out_fd NULL: not opened. */
bool s3_store_find(struct s3_store *store, const struct s3_store_which *which,
		   struct s3_store_object *out, int *out_fd, struct err *err);

/* Writing: begin, add as often as needed, put (or free, which drops it).
 * The key shows the old body until put has returned true. */
struct s3_store_writer;

struct s3_store_put {
	const char *bucket;
	const char *key;
	const char *headers;  /* NULL: none */
	const char *if_match; /* etag, NULL: any */
	bool if_none_match;   /* only when the key does not exist */
	const char *etag;     /* instead of the MD5; NULL */
};

struct s3_store_writer *s3_store_begin(struct s3_store *store, struct err *err);
bool s3_store_add(struct s3_store_writer *writer, const char *bytes, size_t len,
		  struct err *err);
/* Nothing more will be added: lets the descriptor go before put. */
void s3_store_settle(struct s3_store_writer *writer);
int64_t s3_store_written(const struct s3_store_writer *writer);
/* out may be NULL; it takes etag, bytes, time and version, not the headers. */
bool s3_store_put(struct s3_store_writer *writer,
		  const struct s3_store_put *put, struct s3_store_object *out,
		  struct err *err);
void s3_store_writer_free(struct s3_store_writer *writer);
CLEANUP_FREE(struct s3_store_writer, s3_store_writer_free,
	     s3_store_writer_freep)

/* Without MD5, which costs most: put gives an etag then. */
void s3_store_skip_md5(struct s3_store_writer *writer);

/* What was removed, or the marker that was put on top. */
struct s3_store_removed {
	char version[40]; /* "": the bucket has no versions */
	bool is_marker;
};

/* True also when there is no such key or version. */
bool s3_store_remove(struct s3_store *store,
		     const struct s3_store_which *which,
		     struct s3_store_removed *out, struct err *err);

/* Changes the headers of a version: a restored object. */
bool s3_store_set_headers(struct s3_store *store,
			  const struct s3_store_which *which,
			  const char *headers, struct err *err);

/* True also when there is no such key. if_match as in put. */
bool s3_store_delete(struct s3_store *store, const char *bucket,
		     const char *key, const char *if_match, struct err *err);

#endif
