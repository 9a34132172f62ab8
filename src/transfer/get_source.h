/* transfer/get_source.h - objects as items of a batch: keys, globs and whole
 * folders to be fetched into files.
 *
 * s3://b/dir goes to TARGET/dir/..., "s3://b/dir/" gives its content to
 * TARGET/...; of a glob counts what stands behind the last '/' before its
 * first sign. Keys come from others: one that would lead out of the target,
 * or cannot be a file's name, is refused by name. A key that ends in '/'
 * stands for a folder. Listings are read page by page.
 */
#ifndef TRANSFER_GET_SOURCE_H
#define TRANSFER_GET_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/s3_uri.h"
#include "base/err.h"
#include "base/mem.h"
#include "transfer/batch.h"

struct aws;
struct get_source;
struct name_filter;

struct get_source_options {
	const char *target;	/* file or folder */
	bool into;		/* a folder, made when needed */
	bool recursive;
	const struct name_filter *filter;	/* borrowed; NULL: all */
	const struct s3_options *request;	/* borrowed; may be NULL */
};

struct get_source *get_source_new(struct aws *aws,
				  const struct get_source_options *options);
void get_source_free(struct get_source *source);	/* NULL is fine */
CLEANUP_FREE(struct get_source, get_source_free, get_source_freep)

/* ERR_USAGE: no S3 name, a folder without recursive, or several objects for
 * one file. */
bool get_source_add(struct get_source *source, const char *uri,
		    struct err *err);

/* For struct batch_source. A glob or folder with nothing in it is BATCH_FAILED
 * with ERR_MISSING. */
enum batch_step get_source_next(void *source, struct batch_item *item,
				struct err *err);

/* Can a file below a folder have that name? No part of it is empty, "." or
 * "..". */
bool get_source_is_safe(const char *name);

#endif
