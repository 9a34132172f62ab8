/* transfer/put_source.h - local names as items of a batch: files, globs and
 * whole folders to be put to S3.
 *
 * As cp -r: DIR goes to TARGET/DIR/..., "DIR/" and "." give their content to
 * TARGET/...; a target without a slash at its end is the name for the one
 * file or folder that goes there.
 */
#ifndef TRANSFER_PUT_SOURCE_H
#define TRANSFER_PUT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/s3_uri.h"
#include "base/err.h"
#include "base/mem.h"
#include "transfer/batch.h"

struct name_filter;
struct put_source;

struct put_source_options {
	bool recursive;
	bool leave_links;
	const struct name_filter *filter;	/* borrowed; NULL: all */
};

struct put_source *put_source_new(const struct s3_uri *target,
				  const struct put_source_options *options);
void put_source_free(struct put_source *source);	/* NULL is fine */
CLEANUP_FREE(struct put_source, put_source_free, put_source_freep)

/* Adds what a name says: "~/x", a file, a folder, else a glob; "-" is
 * standard input, alone. ERR_MISSING: there is nothing; ERR_USAGE: a folder
 * without recursive, several names for one key. */
bool put_source_add(struct put_source *source, const char *name,
		    struct err *err);

/* For struct batch_source. */
enum batch_step put_source_next(void *source, struct batch_item *item,
				struct err *err);

/* Pipes, sockets, devices and links that were passed over. */
int64_t put_source_left_out(const struct put_source *source);

#endif
