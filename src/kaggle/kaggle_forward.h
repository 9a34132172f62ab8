/* kaggle/kaggle_forward.h - a zip archive read from its first byte on, for
 * servers that know no ranges; and what both ways of reading share.
 *
 * What stands before each file tells its sizes, or, where they stand behind
 * it, the deflated data tell their own end. For kaggle_archive only.
 */
#ifndef KAGGLE_KAGGLE_FORWARD_H
#define KAGGLE_KAGGLE_FORWARD_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sink.h"

struct kaggle_forward;
struct kaggle_source;
struct pack_zip_member;
struct unzip;

struct kaggle_forward *kaggle_forward_new(struct kaggle_source *source);
void kaggle_forward_free(struct kaggle_forward *forward); /* NULL is fine */

/* The next file; one that was not unpacked is read over. *out NULL: the
 * directory was reached. */
bool kaggle_forward_next(struct kaggle_forward *forward,
			 const struct pack_zip_member **out, struct err *err);

/* As kaggle_archive_unpack. */
bool kaggle_forward_unpack(struct kaggle_forward *forward, struct sink *sink,
			   bool *out_bad, struct err *err);

/* A sink whose own failures are told from those of the data. */
struct kaggle_feed {
	struct sink *sink;	/* where the bytes go */
	bool failed;		/* sink did */
	struct sink through;
};

struct unzip *kaggle_feed_begin(struct kaggle_feed *feed,
				const struct pack_zip_member *member,
				struct err *err);

#endif
