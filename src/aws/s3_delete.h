/* aws/s3_delete.h - many objects removed, 1,000 a request and a few requests
 * at a time.
 *
 * A reply of 200 does not mean that all went: what did not is told by name.
 * Keys that XML cannot carry (control bytes) go alone.
 */
#ifndef AWS_S3_DELETE_H
#define AWS_S3_DELETE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct aws;
struct s3_delete;
struct s3_uri;

struct s3_delete_options {
	const struct s3_uri *uri;	/* bucket and options; borrowed */
	/* One object stays. NULL: only counted. */
	void (*failed)(void *context, const char *key, const struct err *err);
	void *context;
};

struct s3_delete *s3_delete_new(struct aws *aws,
				const struct s3_delete_options *options,
				struct err *err);
void s3_delete_free(struct s3_delete *removal);	/* aborts the rest */
CLEANUP_FREE(struct s3_delete, s3_delete_free, s3_delete_freep)

/* Copies. version NULL or "": the object, of which a bucket with versions
 * keeps the old ones. May wait. False: a request failed as a whole, or was
 * cancelled. */
bool s3_delete_add(struct s3_delete *removal, const char *key,
		   const char *version, struct err *err);

/* Sends what is left and waits for all. */
bool s3_delete_end(struct s3_delete *removal, struct err *err);

int64_t s3_delete_removed(const struct s3_delete *removal);
int64_t s3_delete_failed(const struct s3_delete *removal);

/* The whole for keys at hand: err names the first that stays and how many. */
bool s3_delete_many(struct aws *aws, const struct s3_uri *uri,
		    const char *const keys[], size_t count, struct err *err);

#endif
