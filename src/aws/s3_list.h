/* aws/s3_list.h - all keys below a prefix, or one level, or all versions,
 * page by page; and ListBuckets.
 *
 * The next page is on its way while one is read, so memory is a few pages
 * however long the list is.
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

#include "aws/s3_page.h"
#include "base/err.h"
#include "base/mem.h"

struct aws;
struct s3_list;
struct s3_options;

struct s3_list_options {
	const char *bucket;
	const char *prefix;	/* NULL: all; a glob when glob is set */
	bool folders;		/* fold at '/': prefixes come as entries */
	bool glob;		/* prefix is a pattern, see s3_uri_glob_match;
				 * entries that do not match are left out */
	bool versions;		/* all versions and delete markers */
	int page;		/* keys a request, 0: 1,000; else no page is
				 * asked for ahead */
	const char *start_after; /* keys behind this one; NULL: all */
	const struct s3_options *request; /* borrowed; NULL: plainly */
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
bool s3_list_buckets(struct aws *aws, const struct s3_options *request,
		     struct s3_buckets *out_buckets, struct err *err);

#endif
