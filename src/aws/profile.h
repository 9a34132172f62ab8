/* aws/profile.h - what the environment and the AWS files say.
 *
 * ~/.aws/config and ~/.aws/credentials (AWS_CONFIG_FILE and
 * AWS_SHARED_CREDENTIALS_FILE name others), read once. Environment and files
 * only: options of the command line are given to the functions.
 */
#ifndef AWS_PROFILE_H
#define AWS_PROFILE_H

#include <stdbool.h>

#include "aws/endpoint.h"
#include "base/err.h"
#include "base/mem.h"

struct profile;

/* name NULL: AWS_PROFILE, AWS_DEFAULT_PROFILE, "default". A profile that was
 * named and is in neither file is ERR_USAGE, a missing default is not. */
struct profile *profile_open(const char *name, struct err *err);
void profile_free(struct profile *profile);
CLEANUP_FREE(struct profile, profile_free, profile_freep)

const char *profile_name(const struct profile *profile);

/* True when the name came with profile_open: then keys of the environment do
 * not count. */
bool profile_is_explicit(const struct profile *profile);

/* The value of key in this profile, the credentials file first; NULL: none.
 * Nested keys as "s3.addressing_style". */
const char *profile_get(const struct profile *profile, const char *key);

/* A variable of the environment that is set and not empty, else NULL. */
const char *profile_env(const char *name);

/* option, AWS_REGION, AWS_DEFAULT_REGION, the profile, fallback; NULL when
 * none says. */
const char *profile_region(const struct profile *profile, const char *option,
			   const char *fallback);

/* Overrides of endpoints: option, AWS_ENDPOINT_URL_<ID>, AWS_ENDPOINT_URL,
 * [services], endpoint_url; and the addressing style. */
void profile_endpoint_config(const struct profile *profile,
			     const char *option,
			     struct endpoint_config *config);

/* AWS_CA_BUNDLE or ca_bundle; NULL: the system's. */
const char *profile_ca_file(const struct profile *profile);

#endif
