/* sandbox/s3/s3_listing.h - the keys of a bucket, page by page. */
#ifndef SANDBOX_S3_S3_LISTING_H
#define SANDBOX_S3_S3_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"
#include "sandbox/s3/s3_store.h"

/* One page of a listing in byte order of the keys. */
struct s3_listing_query {
	const char *bucket;
	const char *prefix;    /* NULL: all */
	const char *delimiter; /* NULL: none */
	const char *after;     /* NULL: from the start; exclusive */
	bool after_prefix;     /* after is a common prefix: past all
					 * that folds into it */
	size_t max;            /* entries; 0: an empty page */
	const char *after_version; /* of versions: after that one of after */
};

struct s3_listing {
	VEC(struct s3_store_object); /* keys and prefixes in one order */
	bool truncated;              /* go on after the last item's key */
};

bool s3_listing_page(struct s3_store *store,
		     const struct s3_listing_query *query,
		     struct s3_listing *out, struct err *err);
/* All versions and delete markers, the newest of a key first. */
bool s3_listing_versions(struct s3_store *store,
			 const struct s3_listing_query *query,
			 struct s3_listing *out, struct err *err);
void s3_listing_done(struct s3_listing *listing);

#endif
