/* aws/sso.h - IAM Identity Center: its settings, tokens and device login.
 *
 * Tokens lie in ~/.aws/sso/cache, where the AWS CLI and others look too:
 * files are replaced whole, with mode 0600. What asks the network waits; use
 * it from a thread that may (aws/wallet's, or under worker_wait_for).
 */
#ifndef AWS_SSO_H
#define AWS_SSO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

struct cred_ask;
struct profile;

/* Borrowed from the profile's files. */
struct sso {
	const char *session;	/* of [sso-session NAME]; NULL: the old form */
	const char *start_url;
	const char *region;
	const char *scopes;	/* NULL: sso:account:access */
	const char *account;	/* may be NULL for a login */
	const char *role;
};

/* False: ERR_MISSING when the profile has nothing of SSO, ERR_USAGE when
 * what it has is not whole. */
bool sso_read(struct sso *sso, const struct profile *profile,
	      struct err *err);

struct sso_token {
	struct secret access;
	int64_t expires_ms;
	struct str client_id;		/* "": the old form has none */
	struct secret client_secret;
	int64_t registration_expires_ms;
	struct secret refresh;
};

#define SSO_TOKEN_EMPTY                                                        \
	{                                                                      \
		.access = SECRET_EMPTY, .client_id = STR_EMPTY,                \
		.client_secret = SECRET_EMPTY, .refresh = SECRET_EMPTY         \
	}

void sso_token_done(struct sso_token *token);

/* The path of the file the token is in. Appends. */
void sso_token_path(const struct sso *sso, struct str *out);
bool sso_token_read(const struct sso *sso, struct sso_token *token,
		    struct err *err);
bool sso_token_write(const struct sso *sso, const struct sso_token *token,
		     struct err *err);

/* True when there is all that a refresh needs. */
bool sso_token_can_refresh(const struct sso_token *token, int64_t now_ms);
bool sso_token_refresh(const struct cred_ask *ask, const struct sso *sso,
		       struct sso_token *token, struct err *err);

/* --- the device flow of \sso login --- */

struct sso_device {
	struct secret code;
	struct str user_code;
	struct str url;		/* to open in a browser */
	int64_t ends_ms;
	int64_t interval_ms;
};

#define SSO_DEVICE_EMPTY                                                       \
	{                                                                      \
		.code = SECRET_EMPTY, .user_code = STR_EMPTY,                  \
		.url = STR_EMPTY                                               \
	}

void sso_device_done(struct sso_device *device);

/* Registers a client (into token) and asks for a code. */
bool sso_device_start(const struct cred_ask *ask, const struct sso *sso,
		      struct sso_token *token, struct sso_device *device,
		      struct err *err);

enum sso_poll {
	SSO_POLL_PENDING,	/* ask again after device->interval_ms */
	SSO_POLL_DONE,		/* token is whole; write it */
	SSO_POLL_FAILED,
};

enum sso_poll sso_device_poll(const struct cred_ask *ask,
			      const struct sso *sso, struct sso_token *token,
			      struct sso_device *device, struct err *err);

#endif
