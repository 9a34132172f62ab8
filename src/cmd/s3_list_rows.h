/* cmd/s3_list_rows.h - listings of S3 as rows: they come as S3 gives them,
 * page by page, or sorted as ls sorts once all are there. */
#ifndef CMD_S3_LIST_ROWS_H
#define CMD_S3_LIST_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/s3_page.h"
#include "base/err.h"

struct aws;
struct rows;
struct s3_options;
struct s3_uri;

struct s3_list_rows_options {
	bool all_columns;	/* etag too */
	bool human;		/* sizes as "1.5 MiB" */
	bool recursive;
	bool versions;		/* and delete markers */
	bool by_time;		/* newest first, else */
	bool by_size;		/* largest first, else by name */
	bool reverse;
	bool whole_names;	/* s3://bucket/key, not below the folder */
	int64_t limit;		/* rows at most; 0: all */
	/* Only entries for which it is true; NULL: all. */
	bool (*wanted)(void *context, const struct s3_list_entry *entry);
	void *context;		/* outlives the rows */
};

/* Columns name, size, modified, class; etag with all_columns; version and
 * state with versions. uri: a folder, a prefix or a glob; copied, its options
 * are borrowed as long as the rows live. NULL: err; ERR_MISSING: nothing is
 * there. */
struct rows *s3_list_rows_objects(struct aws *aws, const struct s3_uri *uri,
				  const struct s3_list_rows_options *options,
				  struct err *err);

/* Columns name, created, region. */
struct rows *s3_list_rows_buckets(struct aws *aws,
				  const struct s3_options *request,
				  const struct s3_list_rows_options *options,
				  struct err *err);

#endif
