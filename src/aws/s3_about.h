/* aws/s3_about.h - all that S3 tells of an object or a bucket, as properties.
 *
 * What may not be asked for is told as such and fails nothing.
 */
#ifndef AWS_S3_ABOUT_H
#define AWS_S3_ABOUT_H

#include <stdbool.h>

#include "base/err.h"

struct aws;
struct s3_uri;

struct s3_about_visit {
	void (*run)(void *context, const char *property, const char *value);
	void *context;
};

/* Size, times, checksums, encryption, versions, tags ... The URI may name a
 * version of the object by version (NULL: the latest). */
bool s3_about_object(struct aws *aws, const struct s3_uri *uri,
		     const char *version, const struct s3_about_visit *visit,
		     struct err *err);

/* Region, versioning, encryption, public access, whether it is empty. */
bool s3_about_bucket(struct aws *aws, const struct s3_uri *uri,
		     const struct s3_about_visit *visit, struct err *err);

#endif
