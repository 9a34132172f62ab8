/* sandbox/gateway/authenticate.h - who is at the door: password, digest or
 * token.
 *
 * Asks as Redshift does: code 5 (md5) of users whose password is kept so and
 * for temporary passwords, code 13 (digest) of users with a sha256 password,
 * code 14 (token) of clients that named an identity provider. An unknown user
 * is asked for md5: nobody learns from outside who exists.
 * [wire.md, Authentication]
 */
#ifndef SANDBOX_GATEWAY_AUTHENTICATE_H
#define SANDBOX_GATEWAY_AUTHENTICATE_H

#include <stdbool.h>

#include "base/err.h"

struct client;
struct str;

struct authenticate_claim { /* what the start-up packet says; borrowed */
	const char *user;   /* as sent: may begin with IAM:; NULL: none */
	const char *database; /* NULL: as the user is called */
	bool by_token;      /* an identity provider is named */
	const char *space;  /* identity_namespace, NULL: any */
};

/* Appends the database user and, parted by commas, the groups that its
 * session joins. false: err.code is the SQLSTATE, or the client is gone. */
bool authenticate_run(struct client *client,
		      const struct authenticate_claim *claim,
		      struct str *out_user, struct str *out_groups,
		      struct err *err);

#endif
