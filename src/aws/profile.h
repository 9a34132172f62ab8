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

/* name NULL: AWS_PROFILE, AWS_DEFAULT_PROFILE, "default". A profile that was named and is in neither file is ERR_USAGE, a
 * missing default is not. ERR_DATA: a file that cannot be read as such. */
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

enum profile_file {
	PROFILE_CONFIG,
	PROFILE_CREDENTIALS,
};

/* The value of key in one of the files. */
const char *profile_get_from(const struct profile *profile,
			     enum profile_file file, const char *key);

/* The path of a file, whether it is there or not. */
const char *profile_path(const struct profile *profile,
			 enum profile_file file);

/* Key of the section [sso-session NAME]; NULL: no such key or section. */
const char *profile_get_session(const struct profile *profile,
				const char *session, const char *key);
bool profile_has_session(const struct profile *profile, const char *session);

/* Another profile of the same files, for source_profile: the environment
 * does not count. NULL: in neither file. Free it before the first one. */
struct profile *profile_other(const struct profile *profile,
			      const char *name);

/* Names of all profiles, walked: size_t at = 0; while (profile_next(...)).
 * Each comes once. */
const char *profile_next(const struct profile *profile, size_t *at);

/* What a person should know about the files (others may read the keys in
 * them); "" when nothing. */
const char *profile_warning(const struct profile *profile);

/* A variable of the environment that is set and not empty, else NULL. */
const char *profile_env(const char *name);

/* A setting that is on or off: the variable, else the key. */
bool profile_is_on(const struct profile *profile, const char *variable,
		   const char *key);

/* option, AWS_REGION, AWS_DEFAULT_REGION, the profile, fallback; NULL when
 * none says. */
const char *profile_region(const struct profile *profile, const char *option,
			   const char *fallback);

/* Overrides of endpoints: option, AWS_ENDPOINT_URL_<ID>, AWS_ENDPOINT_URL,
 * [services], endpoint_url; the addressing style, FIPS and dual-stack. */
void profile_endpoint_config(const struct profile *profile,
			     const char *option,
			     struct endpoint_config *config);

/* Where the region comes from: "AWS_REGION", "region in profile x"; with an
 * option "--region". For people. */
const char *profile_region_origin(const struct profile *profile,
				  const char *option);

/* AWS_CA_BUNDLE or ca_bundle; NULL: the system's. */
const char *profile_ca_file(const struct profile *profile);

#endif
