/* aws/cred.h - the credential chain as a table of providers.
 *
 * The first provider that is triggered decides: when it fails, that is the
 * error, the next is not tried. Order and triggers are those of the AWS CLI.
 * Everything here may wait for the network or a program, so it runs in a
 * thread of its own: see aws/wallet.
 */
#ifndef AWS_CRED_H
#define AWS_CRED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

struct endpoint_config;
struct profile;

struct cred {
	struct str access_key_id;
	struct secret secret_key;
	struct secret token;		/* unset: long-lived keys */
	int64_t expires_ms;		/* wall time; 0: never */
	const char *provider;		/* "environment", ... */
	struct str origin;		/* for people: which file, role ... */
};

#define CRED_EMPTY                                                             \
	{                                                                      \
		.access_key_id = STR_EMPTY, .secret_key = SECRET_EMPTY,        \
		.token = SECRET_EMPTY, .origin = STR_EMPTY                     \
	}

void cred_done(struct cred *cred);

/* What the providers are given. */
struct cred_ask {
	const struct profile *profile;
	const struct endpoint_config *endpoints;
	const char *region;		/* "": none */
	const char *ca_file;		/* NULL: the system's */
	const char *code;		/* of an MFA device; NULL: none */
	const atomic_bool *stop;	/* true: give up; NULL: Ctrl-C */
	int64_t skew_ms;		/* server's clock minus ours */
	int process_timeout_ms;		/* 0: a minute */
	const struct cred_ask *outer;	/* whose source_profile this is */
};

/* Replaces *cred. ERR_AUTH: none to be had, and how to get some; its code is
 * CRED_WANTS_CODE when an MFA code is what is missing. */
bool cred_find(const struct cred_ask *ask, struct cred *cred,
	       struct err *err);

#define CRED_WANTS_CODE "MfaCodeRequired"
#define CRED_INSTANCE "instance"	/* cred.provider of EC2's role */

/* The device whose code cred_find would want; NULL: none. Borrowed from the
 * profile's files. */
const char *cred_mfa_serial(const struct profile *profile);

/* Wall time as the servers see it. */
int64_t cred_now_ms(const struct cred_ask *ask);

enum cred_step {
	CRED_NOT_MINE,		/* not triggered */
	CRED_FOUND,
	CRED_FAILED,
};

/* Providers; each in a file of its own, cred_NAME.c. */
typedef enum cred_step cred_provider(const struct cred_ask *ask,
				     struct cred *cred, struct err *err);

cred_provider cred_env_find;
cred_provider cred_role_find;
cred_provider cred_web_find;
cred_provider cred_sso_find;
cred_provider cred_shared_find;		/* keys of the credentials file */
cred_provider cred_login_find;
cred_provider cred_process_find;
cred_provider cred_config_find;		/* keys of the config file */
cred_provider cred_container_find;
cred_provider cred_imds_find;

/* The environment when it is named: --profile or not. */
enum cred_step cred_env_named(struct cred *cred, struct err *err);

/* For the providers: sets id, secret and token (NULL: none), no end. */
void cred_fill(struct cred *cred, const char *id, const char *secret,
	       const char *token);

/* What a source_profile has to give; outer is the one that names it. */
bool cred_find_source(const struct cred_ask *outer, const char *name,
		      struct cred *cred, struct err *err);

/* Reads what a credential process prints: for cred_process and its test. */
bool cred_process_parse(const char *json, size_t len, struct cred *cred,
			struct err *err);

#endif
