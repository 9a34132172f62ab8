#include "sandbox/gateway/authenticate.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/hash.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/login.h"
#include "sandbox/account/token.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/gateway/private_pg.h"
#include "sandbox/gateway/setup.h"
#include "sql/quote.h"

enum { /* Authentication messages */
       CODE_MD5 = 5,
       CODE_DIGEST = 13,
       CODE_TOKEN = 14,
       DIGEST_SHA256 = 0, /* of code 13 */
       NONCE_MAX = 256,   /* a client's: milliseconds as text */
};

static bool refuse(struct err *err, const char *sqlstate, const char *message)
{
	err_set(err, ERR_AUTH, "%s", message);
	return err_set_code(err, sqlstate);
}

static bool refuse_user(struct err *err, const char *user)
{
	err_set(err, ERR_AUTH, "password authentication failed for user \"%s\"",
		user);
	return err_set_code(err, "28000");
}

/* ---- the ways in */

static struct backend *open_owner(const struct client *client, struct err *err)
{
	struct backend_login login = {
		.socket_path = client->shared->socket_path,
		.user = PRIVATE_PG_OWNER,
		.database = "postgres",
	};

	return backend_open(&login, err);
}

/* The lasting password of user, when it is good today. */
static bool find_lasting(struct client *client, const char *user,
			 struct login_keys *out, struct err *err)
{
	CLEANUP(backend_closep) struct backend *backend = NULL;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str stored = STR_EMPTY;

	if (strcmp(user, PRIVATE_PG_OWNER) == 0)
		return true;
	backend = open_owner(client, err);
	if (!backend)
		return false;
	str_add(&sql, "SELECT rolpassword FROM pg_authid"
		      " WHERE rolcanlogin AND (rolvaliduntil IS NULL"
		      " OR rolvaliduntil > now()) AND rolpassword IS NOT NULL"
		      " AND rolname = ");
	quote_literal(&sql, user, false);
	if (backend_value(backend, sql.text, &stored, NULL))
		login_keys_add(out, stored.text, "", "");
	return true;
}

/* A temporary password opens only for a user who is there. */
static bool need_user(struct client *client, const char *user,
		      const char *sent, struct err *err)
{
	CLEANUP(backend_closep)
	struct backend *backend = open_owner(client, err);
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str found = STR_EMPTY;

	if (!backend)
		return false;
	str_add(&sql, "SELECT 1 FROM pg_authid WHERE rolcanlogin"
		      " AND rolname <> '" PRIVATE_PG_OWNER "' AND rolname = ");
	quote_literal(&sql, user, false);
	if (backend_value(backend, sql.text, &found, NULL))
		return true;
	err_set(err, ERR_AUTH, "user \"%s\" does not exist", sent);
	return err_set_code(err, "28000");
}

/* ---- asking */

static bool ask(struct client *client, char type, struct frame *out,
		struct err *err)
{
	if (!stream_flush(&client->stream, err) ||
	    !frame_read_login(&client->stream, out, err))
		return false;
	return out->type == type ||
	       refuse(err, "08P01", "expected password response");
}

/* *out_key: the one that the answer opens. */
static bool ask_md5(struct client *client, const struct login_keys *keys,
		    const char *database, const struct login_key **out_key,
		    struct err *err)
{
	struct str *out = &client->stream.out;
	unsigned char salt[4];
	struct frame frame;
	struct frame_cursor cursor;
	const char *answer;
	size_t begun = frame_begin(out, 'R');

	hash_random(salt, sizeof(salt));
	frame_add_int32(out, CODE_MD5);
	str_add_slice(out, (const char *)salt, sizeof(salt));
	frame_end(out, begun);
	if (!ask(client, 'p', &frame, err))
		return false;
	cursor = frame_cursor(&frame);
	answer = frame_text(&cursor);
	for (size_t i = 0; !cursor.bad && i < keys->count; i++) {
		const struct login_key *key = &keys->items[i];

		if (login_answers(key->stored, salt, answer) &&
		    (*key->database == '\0' ||
		     strcmp(key->database, database) == 0))
			*out_key = key;
	}
	return true;
}

static void add_counted(struct str *out, const char *bytes, size_t len)
{
	frame_add_int32(out, (int32_t)len);
	str_add_slice(out, bytes, len);
}

/* int32 length and the bytes; NULL: there are none. */
static const char *take_counted(struct frame_cursor *cursor, size_t max,
				size_t *out_len)
{
	int32_t len = frame_int32(cursor);

	if (cursor->bad || len < 0 || (size_t)len > max)
		return NULL;
	*out_len = (size_t)len;
	return frame_slice(cursor, *out_len);
}

static bool ask_digest(struct client *client, const struct login_key *key,
		       bool *out_good, struct err *err)
{
	CLEANUP(str_done) struct str salt = STR_EMPTY;
	struct str *out = &client->stream.out;
	unsigned char nonce[LOGIN_NONCE_LEN];
	struct login_nonces nonces = { .server = nonce };
	struct frame frame;
	struct frame_cursor cursor;
	const char *digest;
	size_t digest_len = 0;
	size_t begun = frame_begin(out, 'R');

	hash_random(nonce, sizeof(nonce));
	login_digest_salt(key->stored, &salt);
	frame_add_int32(out, CODE_DIGEST);
	frame_add_int32(out, DIGEST_SHA256);
	add_counted(out, salt.text, salt.len);
	add_counted(out, (const char *)nonce, sizeof(nonce));
	frame_end(out, begun);
	if (!ask(client, 'd', &frame, err))
		return false;
	cursor = frame_cursor(&frame);
	digest = take_counted(&cursor, HASH_MAX, &digest_len);
	nonces.client = take_counted(&cursor, NONCE_MAX, &nonces.client_len);
	if (!digest || !nonces.client || cursor.bad)
		return refuse(err, "08P01", "malformed digest response");
	*out_good = login_digest_answers(key->stored, &nonces, digest,
					 digest_len);
	return true;
}

/* ---- by password */

static bool by_password(struct client *client,
			const struct authenticate_claim *claim,
			struct str *out_user, struct str *out_groups,
			struct err *err)
{
	CLEANUP(login_keys_done) struct login_keys keys = { 0 };
	const struct login_key *opened = NULL;
	bool temporary = login_database_user(claim->user, out_user);
	const char *database = claim->database ? claim->database
					       : out_user->text;
	bool good = false;

	if (temporary ? !login_find(client->shared->login, claim->user,
				    clock_wall_ms(), &keys, err)
		      : !find_lasting(client, claim->user, &keys, err))
		return false;
	if (keys.count == 1 && login_is_digest(keys.items[0].stored)) {
		if (!ask_digest(client, &keys.items[0], &good, err))
			return false;
		return good || refuse_user(err, claim->user);
	}
	if (!ask_md5(client, &keys, database, &opened, err))
		return false;
	if (!opened)
		return refuse_user(err, claim->user);
	str_add(out_groups, opened->groups);
	return !temporary ||
	       need_user(client, out_user->text, claim->user, err);
}

/* ---- by token */

/* Roles of the provider's groups are joined when there are such; groups that
 * the database does not have mean nothing to it. */
static bool keep_known(struct client *client, const char *groups,
		       struct str *out, struct err *err)
{
	CLEANUP(backend_closep)
	struct backend *backend = open_owner(client, err);
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (!backend)
		return false;
	str_add(&sql, "SELECT coalesce(string_agg(rolname, ','), '')"
		      " FROM pg_authid WHERE NOT rolcanlogin AND rolname ="
		      " ANY (string_to_array(");
	quote_literal(&sql, groups, false);
	str_add(&sql, ", ','))");
	return backend_value(backend, sql.text, out, err);
}

static bool by_token(struct client *client,
		     const struct authenticate_claim *claim,
		     struct str *out_user, struct str *out_groups,
		     struct err *err)
{
	CLEANUP(str_done) struct str token = STR_EMPTY;
	CLEANUP(str_done) struct str groups = STR_EMPTY;
	const struct identity *identity = client->shared->identity;
	struct str *out = &client->stream.out;
	struct frame frame;
	size_t begun = frame_begin(out, 'R');

	frame_add_int32(out, CODE_TOKEN);
	frame_end(out, begun);
	if (!ask(client, 'i', &frame, err))
		return false;
	/* drivers differ in whether a NUL ends it */
	str_add_slice(&token, frame.body, strnlen(frame.body, frame.len));
	if (!token_read(&identity->token_key, token.text,
			clock_wall_ms() / 1000, out_user, &groups, err))
		return false;
	if (claim->space && *claim->space &&
	    (!str_starts(out_user->text, claim->space) ||
	     out_user->text[strlen(claim->space)] != ':'))
		return refuse(err, "28000",
			      "the identity provider's token is for another "
			      "namespace");
	return setup_user(client->shared->socket_path, out_user->text, err) &&
	       keep_known(client, groups.text, out_groups, err);
}

bool authenticate_run(struct client *client,
		      const struct authenticate_claim *claim,
		      struct str *out_user, struct str *out_groups,
		      struct err *err)
{
	return claim->by_token
		       ? by_token(client, claim, out_user, out_groups, err)
		       : by_password(client, claim, out_user, out_groups, err);
}
