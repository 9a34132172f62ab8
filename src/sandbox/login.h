/* sandbox/login.h - who may log in: users of PostgreSQL and temporary ones.
 *
 * Lasting users are PostgreSQL's own (password_encryption md5, so pg_authid
 * holds what the md5 exchange needs). Temporary passwords, given out by
 * GetClusterCredentials, are in DIR/logins.db with their end. Any thread may
 * call; a lock guards the file.
 */
#ifndef SANDBOX_LOGIN_H
#define SANDBOX_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct login;
struct str;

#define LOGIN_HASH_LEN 35 /* "md5" and 32 hex digits */

struct login *login_open(const char *dir, struct err *err);
void login_close(struct login *login); /* NULL is fine */
CLEANUP_FREE(struct login, login_close, login_closep)

/* Lets user (as the client will send it, "IAM:awsuser") log in with password
 * until expires_ms of the wall clock. */
bool login_grant(struct login *login, const char *user, const char *password,
		 int64_t expires_ms, struct err *err);

/* Appends every hash granted to user that is good at now_ms, each followed
 * by a newline. */
bool login_hashes(struct login *login, const char *user, int64_t now_ms,
		  struct str *out, struct err *err);

/* The database user behind a login name: after "IAM:" or "IAMA:". */
const char *login_database_user(const char *user);

/* "md5" + hex(md5(password user)): what pg_authid keeps. */
void login_hash(const char *user, const char *password, struct str *out);

/* Is answer what a client that knows the password behind hash sends for
 * salt? ("md5" + hex(md5(hash without "md5", salt))) */
bool login_answers(const char *hash, const unsigned char salt[4],
		   const char *answer);

#endif
