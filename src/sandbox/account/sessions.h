/* sandbox/account/sessions.h - what the sandbox's identity services have given
 * out: temporary keys, clients and tokens of IAM Identity Center, metadata
 * tokens.
 *
 * Kept in memory for the life of the AWS endpoints; any thread may ask.
 */
#ifndef SANDBOX_ACCOUNT_SESSIONS_H
#define SANDBOX_ACCOUNT_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"

struct sessions;

enum sessions_kind {
	SESSIONS_KEYS,		/* id ASIA...; secret and token; of a role */
	SESSIONS_CLIENT,	/* OIDC client: id and secret */
	SESSIONS_DEVICE,	/* id: device code; token: user code */
	SESSIONS_ACCESS,	/* id: access token of IAM Identity Center */
	SESSIONS_REFRESH,	/* id: refresh token */
	SESSIONS_METADATA,	/* id: token of IMDSv2 */
};

struct sessions_entry {
	enum sessions_kind kind;
	struct str id;
	struct secret secret;
	struct secret token;
	struct str owner;	/* role ARN of keys, client id of the rest */
	struct str name;	/* role session name */
	int64_t expires_ms;
	bool confirmed;		/* of a device */
};

#define SESSIONS_ENTRY_EMPTY                                                   \
	{                                                                      \
		.id = STR_EMPTY, .secret = SECRET_EMPTY,                       \
		.token = SECRET_EMPTY, .owner = STR_EMPTY, .name = STR_EMPTY   \
	}

void sessions_entry_done(struct sessions_entry *entry);

struct sessions *sessions_new(void);
void sessions_free(struct sessions *sessions);	/* NULL is fine */

/* Makes one with random id, secret and token; fills *out, which is EMPTY.
 * The oldest go when there are very many. */
void sessions_give(struct sessions *sessions, enum sessions_kind kind,
		   const char *owner, const char *name, int64_t expires_ms,
		   struct sessions_entry *out);

/* By id; copies into *out, which is EMPTY. Those that have ended are found
 * too: look at expires_ms. */
bool sessions_find(struct sessions *sessions, enum sessions_kind kind,
		   const char *id, struct sessions_entry *out);

/* What has that id ends now. */
void sessions_expire(struct sessions *sessions, enum sessions_kind kind,
		     const char *id);

/* The person has opened the page: the device with that user code. */
bool sessions_confirm(struct sessions *sessions, const char *user_code,
		      int64_t now_ms);

/* Used up: false when it was not there any more. */
bool sessions_drop(struct sessions *sessions, enum sessions_kind kind,
		   const char *id);

#endif
