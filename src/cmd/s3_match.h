/* cmd/s3_match.h - the objects that an s3:// argument names.
 *
 * Without a glob: the object of exactly that key; with recursive all below
 * it (dir and dir/... but not dir2). With a glob: what matches, unless there
 * is an object whose key is spelled exactly so: then that one.
 */
#ifndef CMD_S3_MATCH_H
#define CMD_S3_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/s3_uri.h"
#include "base/err.h"

struct aws;

struct s3_match_item {
	char *key;
	int64_t size;		/* -1: not asked */
	size_t base;		/* bytes before its name below the start */
};

struct s3_match {
	struct s3_uri uri;
	bool many;		/* a glob or recursive: not one exact key */
	struct s3_match_item *items;	/* [count], by key */
	size_t count;
	size_t cap;
};

#define S3_MATCH_EMPTY                                                         \
	{                                                                      \
		.uri = S3_URI_EMPTY                                            \
	}

void s3_match_done(struct s3_match *match);

/* Replaces *match. ERR_MISSING when a glob or a folder holds nothing; one
 * exact key is not looked for. */
bool s3_match_find(struct aws *aws, const char *text, bool recursive,
		   struct s3_match *match, struct err *err);

#endif
