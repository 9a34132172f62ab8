#include "sandbox/account/login.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>

#include "base/path.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/lite.h"

enum {
	CLEAR_MIN = 8, /* characters of a password in clear text */
	CLEAR_MAX = 64,
	SALT_LEN = 32,
};

static const char *const migrations[] = {
	"CREATE TABLE grants (user TEXT NOT NULL, hash TEXT NOT NULL,"
	" expires_ms INTEGER NOT NULL, PRIMARY KEY (user, hash))",
	"ALTER TABLE grants ADD COLUMN database TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE grants ADD COLUMN groups TEXT NOT NULL DEFAULT ''",
	"CREATE TABLE joined (user TEXT NOT NULL, grp TEXT NOT NULL,"
	" sessions INTEGER NOT NULL, PRIMARY KEY (user, grp))",
	NULL,
};

struct login {
	pthread_mutex_t lock; /* guards lite */
	struct lite *lite;
};

struct login *login_open(const char *dir, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct login *login;
	struct lite *lite;

	path_join(dir, "logins.db", &path);
	lite = lite_open_cache(path.text, migrations, err);
	if (!lite)
		return NULL;
	login = mem_alloc(sizeof(*login));
	login->lite = lite;
	pthread_mutex_init(&login->lock, NULL);
	return login;
}

void login_close(struct login *login)
{
	if (!login)
		return;
	lite_close(login->lite);
	pthread_mutex_destroy(&login->lock);
	mem_free(login);
}

/* ---- temporary passwords */

static bool insert(struct login *login, const struct login_pass *pass,
		   const char *hash, struct err *err)
{
	struct lite_query *query = lite_query(
		login->lite,
		"INSERT OR REPLACE INTO grants"
		" (user, hash, expires_ms, database, groups)"
		" VALUES (?1, ?2, ?3, ?4, ?5)",
		err);

	if (!query)
		return false;
	lite_bind_text(query, 1, pass->user);
	lite_bind_text(query, 2, hash);
	lite_bind_number(query, 3, pass->expires_ms);
	lite_bind_text(query, 4, pass->database ? pass->database : "");
	lite_bind_text(query, 5, pass->groups ? pass->groups : "");
	return lite_do(query, err);
}

bool login_grant(struct login *login, const struct login_pass *pass,
		 struct err *err)
{
	CLEANUP(str_done) struct str hash = STR_EMPTY;
	bool ok;

	login_hash(pass->user, pass->password, &hash);
	pthread_mutex_lock(&login->lock);
	ok = insert(login, pass, hash.text, err);
	pthread_mutex_unlock(&login->lock);
	return ok;
}

void login_keys_add(struct login_keys *keys, const char *stored,
		    const char *database, const char *groups)
{
	struct login_key key = {
		.stored = mem_copy_text(stored),
		.database = mem_copy_text(database),
		.groups = mem_copy_text(groups),
	};

	vec_push(keys, key);
}

void login_keys_done(struct login_keys *keys)
{
	for (size_t i = 0; i < keys->count; i++) {
		mem_free(keys->items[i].stored);
		mem_free(keys->items[i].database);
		mem_free(keys->items[i].groups);
	}
	vec_done(keys);
}

static bool drop_expired(struct login *login, int64_t now_ms, struct err *err)
{
	struct lite_query *query = lite_query(
		login->lite, "DELETE FROM grants WHERE expires_ms <= ?1", err);

	if (!query)
		return false;
	lite_bind_number(query, 1, now_ms);
	return lite_do(query, err);
}

bool login_expire(struct login *login, struct err *err)
{
	bool ok;

	pthread_mutex_lock(&login->lock);
	ok = drop_expired(login, INT64_MAX, err);
	pthread_mutex_unlock(&login->lock);
	return ok;
}

static bool collect(struct login *login, const char *user,
		    struct login_keys *out, struct err *err)
{
	struct lite_query *query = lite_query(
		login->lite,
		"SELECT hash, database, groups FROM grants WHERE user = ?1",
		err);
	enum lite_step step;

	if (!query)
		return false;
	lite_bind_text(query, 1, user);
	while ((step = lite_step(query, err)) == LITE_ROW)
		login_keys_add(out, lite_text(query, 0), lite_text(query, 1),
			       lite_text(query, 2));
	return step == LITE_DONE;
}

bool login_find(struct login *login, const char *user, int64_t now_ms,
		struct login_keys *out, struct err *err)
{
	bool ok;

	pthread_mutex_lock(&login->lock);
	ok = drop_expired(login, now_ms, err) && collect(login, user, out, err);
	pthread_mutex_unlock(&login->lock);
	return ok;
}

bool login_database_user(const char *user, struct str *out)
{
	static const char *const prefixes[] = { "IAM:", "IAMA:", "IAMR:" };

	for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
		const char *name = user + strlen(prefixes[i]);

		if (!str_starts(user, prefixes[i]))
			continue;
		str_add_slice(out, name, strcspn(name, ":"));
		return true;
	}
	str_add(out, user);
	return false;
}

/* ---- joined groups */

static bool count_joined(struct login *login, const char *user,
			 const char *group, int64_t *out_count, struct err *err)
{
	struct lite_query *query = lite_query(
		login->lite,
		"SELECT sessions FROM joined WHERE user = ?1 AND grp = ?2",
		err);
	enum lite_step step;

	*out_count = 0;
	if (!query)
		return false;
	lite_bind_text(query, 1, user);
	lite_bind_text(query, 2, group);
	step = lite_step(query, err);
	if (step == LITE_ROW)
		*out_count = lite_number(query, 0);
	lite_reset(query);
	return step == LITE_ROW || step == LITE_DONE;
}

static bool put_joined(struct login *login, const char *user, const char *group,
		       int64_t count, struct err *err)
{
	struct lite_query *query = lite_query(
		login->lite,
		count > 0 ? "INSERT OR REPLACE INTO joined VALUES (?1, ?2, ?3)"
			  : "DELETE FROM joined WHERE user = ?1 AND grp = ?2"
			    " AND ?3 <= 0",
		err);

	if (!query)
		return false;
	lite_bind_text(query, 1, user);
	lite_bind_text(query, 2, group);
	lite_bind_number(query, 3, count);
	return lite_do(query, err);
}

bool login_join(struct login *login, const char *user, const char *group,
		int step, int64_t *out_count, struct err *err)
{
	bool ok;

	pthread_mutex_lock(&login->lock);
	ok = count_joined(login, user, group, out_count, err);
	*out_count += step;
	ok = ok && put_joined(login, user, group, *out_count, err);
	pthread_mutex_unlock(&login->lock);
	return ok;
}

bool login_forget(struct login *login, struct str *out, struct err *err)
{
	struct lite_query *query;
	enum lite_step step = LITE_DONE;

	pthread_mutex_lock(&login->lock);
	query = lite_query(login->lite, "SELECT user, grp FROM joined", err);
	while (query && (step = lite_step(query, err)) == LITE_ROW)
		str_addf(out, "%s\t%s\n", lite_text(query, 0),
			 lite_text(query, 1));
	if (query && step == LITE_DONE)
		query = lite_query(login->lite, "DELETE FROM joined", err);
	else
		query = NULL;
	if (query && !lite_do(query, err))
		query = NULL;
	pthread_mutex_unlock(&login->lock);
	return query != NULL;
}

/* ---- storing */

static bool refuse(struct err *err, const char *message)
{
	err_set(err, ERR_SERVER, "%s", message);
	return err_set_code(err, "22023");
}

static bool is_hex(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isxdigit((unsigned char)text[i]))
			return false;
	return true;
}

/* 8 to 64 characters, one of each kind, no others than these. */
static bool check_clear(const char *password, struct err *err)
{
	bool upper = false;
	bool lower = false;
	bool digit = false;
	size_t len = strlen(password);

	if (len < CLEAR_MIN || len > CLEAR_MAX)
		return refuse(err, "password must be 8 to 64 characters in "
				   "length");
	for (const char *c = password; *c != '\0'; c++) {
		upper = upper || (*c >= 'A' && *c <= 'Z');
		lower = lower || (*c >= 'a' && *c <= 'z');
		digit = digit || (*c >= '0' && *c <= '9');
		if (*c < 33 || *c > 126 || strchr("'\"\\/", *c))
			return refuse(err, "password must not contain this "
					   "character");
	}
	return (upper && lower && digit) ||
	       refuse(err, "password must contain an uppercase letter, a "
			   "lowercase letter and a number");
}

static void digest_of(const char *password, const char *salt, size_t salt_len,
		      struct str *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, password);
	str_add_slice(&text, salt, salt_len);
	hash_add_hex(HASH_SHA256, text.text, text.len, out);
	mem_wipe(text.text, text.len);
}

/* digest|salt, each 64 hex digits */
static bool is_given_digest(const char *text)
{
	return strlen(text) == 129 && text[64] == '|' && is_hex(text, 64) &&
	       is_hex(text + 65, 64);
}

static bool store_sha256(const char *text, struct str *out, struct err *err)
{
	unsigned char salt[SALT_LEN];

	if (is_given_digest(text)) {
		str_addf(out, "sha256|%s", text);
		return true;
	}
	if (strchr(text, '|'))
		return refuse(err, "sha256 needs a password, or a digest and a "
				   "salt of 64 hexadecimal digits each");
	if (!check_clear(text, err))
		return false;
	hash_random(salt, sizeof(salt));
	str_add(out, "sha256|");
	digest_of(text, (const char *)salt, sizeof(salt), out);
	str_add_char(out, '|');
	encode_hex(out, salt, sizeof(salt));
	return true;
}

bool login_store(const char *user, const char *password, struct str *out,
		 struct err *err)
{
	if (str_starts(password, "sha256|"))
		return store_sha256(password + strlen("sha256|"), out, err);
	if (strlen(password) == LOGIN_HASH_LEN && str_starts(password, "md5") &&
	    is_hex(password + 3, LOGIN_HASH_LEN - 3)) {
		str_add(out, password);
		return true;
	}
	if (!check_clear(password, err))
		return false;
	login_hash(user, password, out);
	return true;
}

void login_hash(const char *user, const char *password, struct str *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, password);
	str_add(&text, user);
	str_add(out, "md5");
	hash_add_hex(HASH_MD5, text.text, text.len, out);
	mem_wipe(text.text, text.len);
}

/* ---- answers */

/* In the same time wherever they differ. */
static bool same(const char *one, const char *other, size_t len)
{
	unsigned char differs = 0;

	for (size_t i = 0; i < len; i++)
		differs |= (unsigned char)(one[i] ^ other[i]);
	return differs == 0;
}

bool login_answers(const char *hash, const unsigned char salt[4],
		   const char *answer)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str want = STR_EMPTY;

	if (strlen(hash) != LOGIN_HASH_LEN || !str_starts(hash, "md5"))
		return false;
	str_add(&text, hash + 3);
	str_add_slice(&text, (const char *)salt, 4);
	str_add(&want, "md5");
	hash_add_hex(HASH_MD5, text.text, text.len, &want);
	return strlen(answer) == want.len &&
	       same(want.text, answer, want.len);
}

bool login_is_digest(const char *stored)
{
	return str_starts(stored, "sha256|") &&
	       is_given_digest(stored + strlen("sha256|"));
}

void login_digest_salt(const char *stored, struct str *out)
{
	encode_unhex(out, stored + strlen("sha256|") + 65, 64);
}

bool login_digest_answers(const char *stored, const struct login_nonces *nonces,
			  const char *answer, size_t len)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	unsigned char want[HASH_MAX];

	if (!login_is_digest(stored) || len != LOGIN_DIGEST_LEN)
		return false;
	encode_unhex(&text, stored + strlen("sha256|"), 64);
	str_add_slice(&text, (const char *)nonces->server, LOGIN_NONCE_LEN);
	str_add_slice(&text, nonces->client, nonces->client_len);
	hash_bytes(HASH_SHA256, text.text, text.len, want);
	return same((const char *)want, answer, len);
}
