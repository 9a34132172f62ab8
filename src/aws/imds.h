/* aws/imds.h - the metadata service of EC2 instances.
 *
 * AWS_EC2_METADATA_DISABLED, ..._SERVICE_ENDPOINT(_MODE), ..._V1_DISABLED,
 * AWS_METADATA_SERVICE_TIMEOUT and _NUM_ATTEMPTS and the keys of the same
 * names in the profile are heeded. Never by a proxy.
 */
#ifndef AWS_IMDS_H
#define AWS_IMDS_H

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

struct cred_ask;
struct http;

struct imds {
	struct str base;	/* "http://169.254.169.254" */
	struct secret token;	/* unset: version 1 */
	int timeout_ms;
	int attempts;
};

#define IMDS_EMPTY                                                             \
	{                                                                      \
		.base = STR_EMPTY, .token = SECRET_EMPTY                       \
	}

void imds_done(struct imds *imds);

enum imds_step {
	IMDS_ABSENT,	/* switched off, or nobody answers */
	IMDS_OPEN,
	IMDS_FAILED,	/* err says why */
};

enum imds_step imds_open(struct imds *imds, const struct cred_ask *ask,
			 struct err *err);

/* The exchange with its reply, yours to free; NULL: no answer. */
struct http *imds_get(const struct imds *imds, const struct cred_ask *ask,
		      const char *path, struct err *err);

/* The region the instance is in; nothing when it does not say. Appends. */
void imds_region(const struct cred_ask *ask, struct str *out);

#endif
