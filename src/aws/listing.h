/* aws/listing.h - S3 names for Tab, kept in SQLite with their age.
 *
 * One level at a time: the buckets, or the folders and keys directly below a
 * prefix that ends in '/' (or is ""). Answers come from the cache at once;
 * what is missing or older than a minute is asked for behind, and notify
 * tells when it has come. Never waits on the network.
 */
#ifndef AWS_LISTING_H
#define AWS_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct aws;
struct listing;

/* Made by aws/worker. profile and endpoint keep the names of different
 * accounts apart. NULL when the file cannot be had: then there is no Tab for
 * S3 names. */
struct listing *listing_new(struct aws *aws, const char *path,
			    const char *profile, const char *endpoint);
void listing_free(struct listing *listing);	/* the AWS thread has ended */

/* Runs in the AWS thread when a level that was asked for has come (or could
 * not be had: then a later listing_match still says LISTING_ASKING false). */
void listing_on_change(struct listing *listing,
		       void (*notify)(void *context), void *context);

enum listing_state {
	LISTING_KNOWN,		/* complete and young */
	LISTING_OLD,		/* shown, a fresh one is on its way */
	LISTING_ASKING,		/* nothing known yet, on its way */
	LISTING_FAILED,		/* could not be asked lately (no rights ...) */
};

/* Calls found for each name that begins with what is typed: typed is the
 * text after "s3://" ("tick", "bucket/sal", "bucket/dir/"). name is the text
 * after s3:// as well; folders (and buckets) end in '/'. At most limit.
 * found calls nothing here. Not from the AWS thread. */
enum listing_state listing_match(struct listing *listing, const char *typed,
				 size_t limit,
				 void (*found)(void *context,
					       const char *name, int64_t size),
				 void *context);

/* From now on only what is known is told: AWS is asked for nothing. */
void listing_stop_asking(struct listing *listing);

/* What commands learned while listing for themselves: forget a level after
 * a put, get or rm below it. level as typed: "" buckets, "bucket/dir/". Not
 * from the AWS thread. */
void listing_forget(struct listing *listing, const char *level);

#endif
