/* transfer/walk.h - the files below a folder, in the order of S3's keys.
 *
 * Names are relative to the start and joined by '/'; they come sorted by
 * bytes as ListObjectsV2 sorts keys ("a-b" before "a/b"), so that a tree and
 * a listing can be compared side by side. Memory is bounded: of a folder
 * with many names only the next few thousand are held.
 *
 * Links: files behind them are files; folders behind them are walked, unless
 * they lead back to a folder above. Empty folders tell nothing: S3 has none.
 */
#ifndef TRANSFER_WALK_H
#define TRANSFER_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct walk;

struct walk_options {
	bool leave_links;	/* links are WALK_LEFT_OUT */
	size_t held;		/* names of one folder; 0: 20,000 */
};

enum walk_step {
	WALK_FILE,
	WALK_LEFT_OUT,	/* a pipe, socket or device, a link that leads back;
			 * with leave_links any link */
	WALK_FAILED,	/* err tells of one name; the walk goes on */
	WALK_END,
};

struct walk_entry {
	const char *name;	/* borrowed until the next step */
	int64_t size;
	int64_t mtime_ns;
};

/* NULL: root is no folder or cannot be read. */
struct walk *walk_new(const char *root, const struct walk_options *options,
		      struct err *err);
void walk_free(struct walk *walk);	/* NULL is fine */
CLEANUP_FREE(struct walk, walk_free, walk_freep)

/* Size and time are those of WALK_FILE, the name is told of all but the end
 * (a folder's ends in '/'; not UTF-8 perhaps when that is what failed). A name
 * that is not UTF-8 and a folder that cannot be read are WALK_FAILED; err is
 * not NULL. */
enum walk_step walk_next(struct walk *walk, struct walk_entry *entry,
			 struct err *err);

#endif
