/* transfer/sync.h - what makes one tree like another, as items of a batch.
 *
 * Folder to S3, S3 to folder, S3 to S3. Both sides are read in the order of
 * their names and compared side by side, so memory does not grow with them.
 * A file is sent when there is none of its name, when sizes differ, or when
 * it was written later than the object. An object is fetched when the times
 * differ at all: what was fetched has the object's time (transfer/get), as
 * with `aws s3 sync --exact-timestamps`. Within S3 the later source counts.
 */
#ifndef TRANSFER_SYNC_H
#define TRANSFER_SYNC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "transfer/batch.h"

struct aws;
struct name_filter;
struct s3_options;
struct sync;

struct sync_options {
	const char *from;	/* a folder, or s3://bucket/prefix/ */
	const char *to;
	bool removes;		/* what is at to only */
	bool size_only;		/* times do not count */
	bool leave_links;	/* links in folders take no part */
	const struct name_filter *filter;	/* borrowed; NULL: all. What is
						 * left out is neither sent
						 * nor removed */
	const struct s3_options *request;	/* borrowed; may be NULL */
};

/* ERR_USAGE: neither side is S3, or one lies in the other. A folder at to is
 * made when it is missing. */
struct sync *sync_new(struct aws *aws, const struct sync_options *options,
		      struct err *err);
void sync_free(struct sync *sync);	/* NULL is fine */
CLEANUP_FREE(struct sync, sync_free, sync_freep)

/* For struct batch_source. What cannot be read at from is BATCH_FAILED, and
 * nothing is removed from then on. */
enum batch_step sync_next(void *sync, struct batch_item *item,
			  struct err *err);

/* So far: the same on both sides; at to only, but not removed because of a
 * failure. */
int64_t sync_same(const struct sync *sync);
int64_t sync_spared(const struct sync *sync);

#endif
