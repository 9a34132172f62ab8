/* sandbox/gateway/membership.h - groups that a user is in for the length of a
 * session.
 *
 * GetClusterCredentials may name groups (DbGroups) which the user joins in
 * the sessions that its password opens, beside those it is in anyway. The
 * private PostgreSQL knows lasting members only, so the last such session
 * that ends takes them back; who is in for that reason is in logins.db, and
 * is taken back at the next start when the sandbox was killed.
 */
#ifndef SANDBOX_GATEWAY_MEMBERSHIP_H
#define SANDBOX_GATEWAY_MEMBERSHIP_H

#include <stdbool.h>

#include "base/err.h"

struct login;
struct str;

/* groups: parted by commas; joined gets those of them to leave again. false:
 * a group does not exist (42704), nothing is joined. */
bool membership_join(struct login *login, const char *socket_path,
		     const char *user, const char *groups, struct str *joined,
		     struct err *err);
void membership_leave(struct login *login, const char *socket_path,
		      const char *user, const char *joined);

/* After a crash; nobody is connected yet. */
bool membership_restore(struct login *login, const char *socket_path,
			struct err *err);

#endif
