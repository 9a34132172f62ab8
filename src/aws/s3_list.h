/* aws/s3_list.h - ListObjectsV2 page by page, and ListBuckets.
 *
 *	struct s3_list *list = s3_list_new(aws, &options);
 *	while ((entry = s3_list_next(list, err)) != NULL) ...
 *	if (err->kind != ERR_NONE) it failed
 */
#ifndef AWS_S3_LIST_H
#define AWS_S3_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct aws;
struct s3_list;

struct s3_list_options {
	const char *bucket;
	const char *prefix;	/* NULL: all; a glob when glob is set */
	bool folders;		/* fold at '/': prefixes come as entries */
	bool glob;		/* prefix is a pattern, see s3_uri_glob_match;
				 * entries that do not match are left out */
	int page;		/* keys a request, 0: 1,000 */
};

struct s3_list_entry {
	const char *key;	/* ends in '/' for a folder; may hold any
				 * bytes but NUL */
	bool folder;
	int64_t size;
	int64_t modified_ms;
	const char *etag;	/* with its quotes */
	const char *storage_class;
};

/* Copies the options; asks nothing yet. */
struct s3_list *s3_list_new(struct aws *aws,
			    const struct s3_list_options *options);
void s3_list_free(struct s3_list *list);
CLEANUP_FREE(struct s3_list, s3_list_free, s3_list_freep)

/* Borrowed until the next call. NULL: the end, or err is set; err is cleared
 * at the end. Within a page folders and keys come merged in key order. */
const struct s3_list_entry *s3_list_next(struct s3_list *list,
					 struct err *err);

struct s3_bucket {
	char *name;
	int64_t created_ms;
	char *region;		/* "" when not said */
};

struct s3_buckets {
	struct s3_bucket *items;	/* [count], by name */
	size_t count;
	size_t cap;
};

void s3_buckets_done(struct s3_buckets *buckets);
bool s3_list_buckets(struct aws *aws, struct s3_buckets *out_buckets,
		     struct err *err);

/* Reads one ListBucketResult: for tests and aws/listing. */
struct s3_page;
struct s3_page *s3_page_parse(const char *xml, size_t len, struct err *err);
void s3_page_free(struct s3_page *page);
CLEANUP_FREE(struct s3_page, s3_page_free, s3_page_freep)
const struct s3_list_entry *s3_page_next(struct s3_page *page);
const char *s3_page_token(const struct s3_page *page); /* NULL: the last */

#endif
