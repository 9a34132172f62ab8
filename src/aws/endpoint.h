/* aws/endpoint.h - which host answers for a service in a region.
 *
 * A table of services and one of partitions; overrides first. Pure but for
 * the configuration given.
 */
#ifndef AWS_ENDPOINT_H
#define AWS_ENDPOINT_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

enum endpoint_service {
	ENDPOINT_S3,
	ENDPOINT_STS,
	ENDPOINT_REDSHIFT,
	ENDPOINT_SSO,		/* the portal of IAM Identity Center */
	ENDPOINT_SSO_OIDC,	/* its tokens */
	ENDPOINT_SIGNIN,	/* tokens of "aws login" */
	ENDPOINT_REDSHIFT_SERVERLESS,
	ENDPOINT_SECRETS,
	ENDPOINT_IAM,		/* one host a partition */
	ENDPOINT_KMS,
	ENDPOINT_QUICKSIGHT,
	ENDPOINT_CLOUDFORMATION,
	ENDPOINT_SERVICE_COUNT,
};

enum endpoint_style {
	ENDPOINT_STYLE_AUTO,	/* virtual hosts where the name allows */
	ENDPOINT_STYLE_PATH,
	ENDPOINT_STYLE_VIRTUAL,
};

/* Overrides in force, "" for none; see profile_endpoint_config. */
struct endpoint_config {
	struct str override[ENDPOINT_SERVICE_COUNT];
	enum endpoint_style s3_style;
	bool fips;		/* not for overrides */
	bool dualstack;		/* likewise */
	bool sts_global;	/* sts_regional_endpoints = legacy */
	atomic_bool plain_allowed; /* overrides without TLS that are not
				 * on this machine */
};

struct endpoint {
	struct str base;	/* "https://host:port/prefix", no '/' at end */
	struct str host;	/* value of the Host header */
	struct str path;	/* decoded prefix of paths: "", "/bucket" */
	bool overridden;
	bool plain;		/* no TLS, and not on this machine */
};

#define ENDPOINT_EMPTY                                                         \
	{                                                                      \
		STR_EMPTY, STR_EMPTY, STR_EMPTY, false, false                         \
	}

void endpoint_config_init(struct endpoint_config *config);
void endpoint_config_done(struct endpoint_config *config);
void endpoint_done(struct endpoint *endpoint);

/* bucket "" for calls that name none, or the ARN of an access point.
 * ERR_USAGE: no such region, malformed override, a bucket of a kind that is
 * not supported; with code ENDPOINT_PLAIN when AWS keys would go with a
 * request over plain HTTP to another machine and plain_allowed is not set.
 * Replaces *endpoint. */
bool endpoint_find(const struct endpoint_config *config,
		   enum endpoint_service service, const char *region,
		   const char *bucket, struct endpoint *endpoint,
		   struct err *err);

#define ENDPOINT_PLAIN "PlainEndpoint"

/* The same for a request that carries no keys. */
bool endpoint_find_unsigned(const struct endpoint_config *config,
			    enum endpoint_service service, const char *region,
			    const char *bucket, struct endpoint *endpoint,
			    struct err *err);

/* An override that endpoint_find refuses unless plain_allowed is set; "":
 * there is none. Borrowed. */
const char *endpoint_plain(const struct endpoint_config *config);

/* May a request for the service that failed with a redirect go to host? Only
 * under the override's host, or under the suffix of the partition. */
bool endpoint_owns_host(const struct endpoint_config *config,
			enum endpoint_service service, const char *region,
			const char *host);

/* "s3", "sts", "redshift": as in the scope of a signature. */
const char *endpoint_signing_name(enum endpoint_service service);

/* "S3": the end of AWS_ENDPOINT_URL_S3. */
const char *endpoint_service_id(enum endpoint_service service);

/* "Secrets Manager". */
const char *endpoint_service_words(enum endpoint_service service);

/* Letters, digits and hyphens, 1 to 63. */
bool endpoint_region_valid(const char *region);

/* What calls are signed for: us-east-1 of "aws-global", the partition's own of
 * IAM, else region. */
const char *endpoint_signing_region(const struct endpoint_config *config,
				    enum endpoint_service service,
				    const char *region);

/* "aws", "aws-cn", ...: the second part of ARNs. */
const char *endpoint_partition(const char *region);

/* Region of a Redshift host name, appended; false: not such a host. */
bool endpoint_region_of_host(const char *host, struct str *out_region);

#endif
