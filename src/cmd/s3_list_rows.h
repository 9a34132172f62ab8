/* cmd/s3_list_rows.h - listings of S3 as rows, sorted as ls sorts. */
#ifndef CMD_S3_LIST_ROWS_H
#define CMD_S3_LIST_ROWS_H

#include <stdbool.h>

#include "base/err.h"
#include "data/rows.h"

struct aws;
struct s3_uri;

struct s3_list_rows_options {
	bool all_columns;	/* -l */
	bool human;		/* -h */
	bool recursive;		/* -R */
	bool by_time;		/* -t: newest first */
	bool by_size;		/* -S: largest first */
	bool reverse;		/* -r */
};

/* Columns name, size, modified, with -l class and etag. Names are what
 * stands below the folder given. NULL: err; ERR_MISSING: nothing there. */
struct rows *s3_list_rows_objects(struct aws *aws, const struct s3_uri *uri,
				  const struct s3_list_rows_options *options,
				  struct err *err);

/* Columns name, created, region. */
struct rows *s3_list_rows_buckets(struct aws *aws,
				  const struct s3_list_rows_options *options,
				  struct err *err);

#endif
