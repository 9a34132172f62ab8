/* sandbox/s3/s3_versions.h - the older versions of objects, and delete markers.
 *
 * The table objects holds what a key shows now, the table versions all else:
 * versions that were replaced or deleted, and markers. A key whose latest is a
 * marker has no row in objects. seq orders the versions of a key; versions
 * written without versioning, or while it is suspended, are "null", of which
 * there is one at most. All need the lock, and a transaction where more than
 * one row is touched. For s3_store and s3_current only.
 */
#ifndef SANDBOX_S3_S3_VERSIONS_H
#define SANDBOX_S3_S3_VERSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sandbox/s3/s3_store.h"

/* An id for a new version: "null" unless versioning is on. */
void s3_versions_name(enum s3_versioning versioning, char out[40]);

/* Makes room for a new version: the current row of objects goes to versions,
 * or away. *out_old: the body that nobody has then, left alone when none. */
bool s3_versions_displace(struct s3_store *store, const char *bucket,
			  const char *key, enum s3_versioning versioning,
			  int64_t *out_old, struct err *err);

/* By its version; or, without one, the marker that is the latest (objects was
 * looked at). false without an err: there is none. */
bool s3_versions_find(struct s3_store *store,
		      const struct s3_store_which *which,
		      struct s3_store_object *out, int64_t *out_body,
		      struct err *err);

bool s3_versions_add_marker(struct s3_store *store, const char *bucket,
			    const char *key, const char *version,
			    struct err *err);

/* Removes a version for good; the one before it shows then. */
bool s3_versions_remove(struct s3_store *store,
			const struct s3_store_which *which,
			struct s3_store_removed *out, int64_t *out_old,
			struct err *err);

#endif
