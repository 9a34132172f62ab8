/* aws/cred.h - the credential chain as a table of providers.
 *
 * The first provider that is triggered decides: when it fails, that is the
 * error, the next is not tried. Order and triggers are those of the AWS
 * SDKs.
 */
#ifndef AWS_CRED_H
#define AWS_CRED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

struct profile;

struct cred {
	struct str access_key_id;
	struct secret secret_key;
	struct secret token;		/* unset: long-lived keys */
	int64_t expires_ms;		/* wall time; 0: never */
	const char *provider;		/* "environment", ... */
};

#define CRED_EMPTY                                                             \
	{                                                                      \
		.access_key_id = STR_EMPTY, .secret_key = SECRET_EMPTY,        \
		.token = SECRET_EMPTY                                          \
	}

void cred_done(struct cred *cred);

/* Replaces *cred. ERR_AUTH: none to be had, and how to get some. */
bool cred_find(const struct profile *profile, struct cred *cred,
	       struct err *err);

/* True when it should be fetched anew before use: within 10 minutes of its
 * end (or past it). */
bool cred_is_stale(const struct cred *cred, int64_t now_ms);

enum cred_step {
	CRED_NOT_MINE,		/* not triggered */
	CRED_FOUND,
	CRED_FAILED,
};

/* Providers; each file of its own, cred_NAME.c, but the small ones. */
enum cred_step cred_process_find(const struct profile *profile,
				 struct cred *cred, struct err *err);

/* Reads what a credential process prints: for cred_process and its test. */
bool cred_process_parse(const char *json, size_t len, struct cred *cred,
			struct err *err);

#endif
