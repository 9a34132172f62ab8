/* aws/s3_uri.h - s3://bucket/key, taken literally.
 *
 * The bucket ends at the first '/', the rest is the key, verbatim: no URL
 * decoding, '?' and '#' are letters like others. Keys are 1 to 1,024 bytes
 * of UTF-8 and may hold blanks, quotes, newlines, "//" and "..".
 */
#ifndef AWS_S3_URI_H
#define AWS_S3_URI_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct s3_options;

struct s3_uri {
	struct str bucket;	/* "" for s3:// alone; or the ARN of an access
				 * point: see aws/s3_arn */
	struct str key;		/* or prefix; "" for the bucket itself */
	const struct s3_options *options; /* borrowed: how requests for it are
					   * made; NULL: plainly */
};

#define S3_URI_EMPTY                                                           \
	{                                                                      \
		STR_EMPTY, STR_EMPTY, NULL                                     \
	}

enum { S3_URI_KEY_MAX = 1024 };		/* bytes */

void s3_uri_done(struct s3_uri *uri);
void s3_uri_copy(struct s3_uri *to, const struct s3_uri *from);

/* True for texts that begin with s3:// (any case of the s). */
bool s3_uri_is(const char *text);

/* Replaces *uri, keeps its options. ERR_USAGE: no s3://, bad bucket name, key not UTF-8 or too
 * long. A missing bucket (s3://) is fine here: see the next two. */
bool s3_uri_parse(struct s3_uri *uri, const char *text, struct err *err);

/* As s3_uri_parse, and the bucket (and key) must be there. */
bool s3_uri_parse_bucket(struct s3_uri *uri, const char *text,
			 struct err *err);
bool s3_uri_parse_object(struct s3_uri *uri, const char *text,
			 struct err *err);

/* Appends s3://bucket/key as it is (may hold control bytes: not for the
 * screen). */
void s3_uri_add(const struct s3_uri *uri, struct str *out);

/* For messages: control bytes as \xNN, cut with "..." after some 300. */
void s3_uri_add_shown(const struct s3_uri *uri, struct str *out);

/* A bucket, or a key that ends in '/'. */
bool s3_uri_is_folder(const struct s3_uri *uri);

/* The bytes after the last '/' of a key, "" for one that ends in '/'. */
const char *s3_uri_base(const char *key);

/* Is there an unescaped *, ? or [ ? */
bool s3_uri_has_glob(const char *key);

/* Bytes before the first glob character: what can be asked as prefix. */
size_t s3_uri_glob_prefix(const char *key);

/* fnmatch for keys: * and ? do not cross '/', ** does; [a-z] [!a]; a
 * backslash makes the next byte plain. Whole key must match. */
bool s3_uri_glob_match(const char *pattern, const char *key);

/* Names S3 allows for new buckets; ERR_USAGE says which rule is broken. */
bool s3_uri_check_new_bucket(const char *bucket, struct err *err);

/* s3:// or the ARN of an access point: not relative to anything. */
bool s3_uri_is_whole(const char *name);

/* Appends the whole URI of a name. where ends in '/', or is "": then the name
 * stays as it is. "." and ".." walk at the start of a relative name, a '/'
 * there means the bucket's top, all else is the key verbatim. */
void s3_uri_join(const char *where, const char *name, struct str *out);

#endif
