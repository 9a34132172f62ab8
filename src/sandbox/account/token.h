/* sandbox/account/token.h - tokens of the sandbox's identity provider.
 *
 * JSON Web Tokens signed with HMAC-SHA256 by the sandbox's own key, so that a
 * login by token can be tried without a provider: "redsh-sandbox token" makes
 * them, the gateway reads them. [RFC 7519, RFC 7515]
 */
#ifndef SANDBOX_ACCOUNT_TOKEN_H
#define SANDBOX_ACCOUNT_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct secret;
struct str;

struct token_claims {
	const char *space; /* namespace of users and groups */
	const char *user;
	const char *groups; /* parted by commas, "" none */
	int64_t expires_s;  /* since 1970 */
};

void token_make(const struct secret *key, const struct token_claims *claims,
		struct str *out);

/* Appends "namespace:user" and, parted by commas, "namespace:group" of a token
 * that is good at now_s. err.code 28000: why it is not. */
bool token_read(const struct secret *key, const char *token, int64_t now_s,
		struct str *out_user, struct str *out_groups, struct err *err);

#endif
