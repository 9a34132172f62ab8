/* sandbox/account/login.h - passwords: of lasting users and temporary ones.
 *
 * Lasting users are PostgreSQL's own; pg_authid holds for each what
 * login_store makes of a password: md5 and the digits, or
 * sha256|digest|salt (both hex). Temporary passwords, given out by
 * GetClusterCredentials, are in DIR/logins.db with their end, the database
 * they are for and the groups that their sessions join. Any thread may call;
 * a lock guards the file. [Redshift: CREATE USER; GetClusterCredentials]
 */
#ifndef SANDBOX_ACCOUNT_LOGIN_H
#define SANDBOX_ACCOUNT_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/vec.h"

struct login;
struct str;

#define LOGIN_HASH_LEN   35 /* "md5" and 32 hex digits */
#define LOGIN_NONCE_LEN  32
#define LOGIN_DIGEST_LEN 32

struct login *login_open(const char *dir, struct err *err);
void login_close(struct login *login); /* NULL is fine */
CLEANUP_FREE(struct login, login_close, login_closep)

/* ---- temporary passwords */

struct login_pass {
	const char *user; /* as the client will send it: "IAM:awsuser" */
	const char *password;
	const char *database; /* NULL: any */
	const char *groups;   /* parted by commas; NULL: none */
	int64_t expires_ms;   /* of the wall clock */
};

bool login_grant(struct login *login, const struct login_pass *pass,
		 struct err *err);

/* All of them are over. */
bool login_expire(struct login *login, struct err *err);

/* A way in: what the answer is checked against, and what it opens. */
struct login_key {
	char *stored;
	char *database; /* "": any */
	char *groups;   /* "": none */
};

struct login_keys {
	VEC(struct login_key);
};

void login_keys_add(struct login_keys *keys, const char *stored,
		    const char *database, const char *groups);
void login_keys_done(struct login_keys *keys);

/* Appends every pass of user that is good at now_ms. */
bool login_find(struct login *login, const char *user, int64_t now_ms,
		struct login_keys *out, struct err *err);

/* Appends the database user of a login name: what is between "IAM:", "IAMA:"
 * or "IAMR:" and a further colon (which groups follow); any other name is the
 * user itself. True: the name has such a prefix. */
bool login_database_user(const char *user, struct str *out);

/* ---- sessions that joined groups: who is in a group for their sake */

/* One session more or less; *out_count: those that are left. */
bool login_join(struct login *login, const char *user, const char *group,
		int step, int64_t *out_count, struct err *err);

/* "user\tgroup\n" of all, which are forgotten: after a crash. */
bool login_forget(struct login *login, struct str *out, struct err *err);

/* ---- what is kept of a password, and answers to it */

/* From PASSWORD '...' of CREATE USER: clear text by Redshift's rules, an md5
 * hash, sha256|password or sha256|digest|salt. err.code is the SQLSTATE. */
bool login_store(const char *user, const char *password, struct str *out,
		 struct err *err);

/* "md5" + hex(md5(password user)) */
void login_hash(const char *user, const char *password, struct str *out);

/* Is answer what a client that knows the password behind hash sends for
 * salt? ("md5" + hex(md5(hash without "md5", salt))) */
bool login_answers(const char *hash, const unsigned char salt[4],
		   const char *answer);

bool login_is_digest(const char *stored);

/* The salt of sha256|digest|salt, as the client must hash it. */
void login_digest_salt(const char *stored, struct str *out);

/* Is answer SHA-256(digest, server nonce, client nonce)? */
struct login_nonces {
	const unsigned char *server; /* LOGIN_NONCE_LEN */
	const char *client;
	size_t client_len;
};
bool login_digest_answers(const char *stored, const struct login_nonces *nonces,
			  const char *answer, size_t len);

#endif
