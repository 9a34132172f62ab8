/* cmd/s3_walk.h - the objects that an s3:// argument names, one by one.
 *
 * Without a glob: the object of exactly that key, which is not looked for;
 * recursive: that one if it is there and all below it (dir and dir/... but
 * not dir2). With a glob: what matches, unless there is an object whose key
 * is spelled exactly so: then that one. Memory is a few pages of a listing.
 */
#ifndef CMD_S3_WALK_H
#define CMD_S3_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/s3_page.h"
#include "base/err.h"
#include "base/mem.h"

struct aws;
struct s3_uri;
struct s3_walk;

struct s3_walk_options {
	bool recursive;
	bool versions;	/* every version and delete marker of them */
};

/* uri and its options are borrowed until s3_walk_free. NULL: err.
 * ERR_USAGE: a folder without recursive. */
struct s3_walk *s3_walk_new(struct aws *aws, const struct s3_uri *uri,
			    const struct s3_walk_options *options,
			    struct err *err);
void s3_walk_free(struct s3_walk *walk);
CLEANUP_FREE(struct s3_walk, s3_walk_free, s3_walk_freep)

/* In key order; size is -1 for a key that was not looked for. Borrowed until
 * the next call. NULL: the end, or err is set; cleared at the end. */
const struct s3_list_entry *s3_walk_next(struct s3_walk *walk,
					 struct err *err);

/* More than one exact key may come: a glob, or recursive. */
bool s3_walk_is_many(const struct s3_walk *walk);

/* Bytes of an entry's key before its name below the start. */
size_t s3_walk_base(const struct s3_walk *walk);

/* Would the walk name this key of the same bucket? */
bool s3_walk_names(const struct s3_walk *walk, const char *key);

/* "nothing matches s3://...", with a hint. */
bool s3_walk_found_none(const struct s3_uri *uri, struct err *err);

#endif
