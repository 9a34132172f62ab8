#include "sandbox/login.h"

#include <pthread.h>
#include <string.h>

#include "base/path.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/lite.h"

static const char *const migrations[] = {
	"CREATE TABLE grants (user TEXT NOT NULL, hash TEXT NOT NULL,"
	" expires_ms INTEGER NOT NULL, PRIMARY KEY (user, hash))",
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

static bool insert(struct login *login, const char *user, const char *hash,
		   int64_t expires_ms, struct err *err)
{
	struct lite_query *query = lite_query(
		login->lite,
		"INSERT OR REPLACE INTO grants VALUES (?1, ?2, ?3)", err);

	if (!query)
		return false;
	lite_bind_text(query, 1, user);
	lite_bind_text(query, 2, hash);
	lite_bind_number(query, 3, expires_ms);
	return lite_do(query, err);
}

bool login_grant(struct login *login, const char *user, const char *password,
		 int64_t expires_ms, struct err *err)
{
	CLEANUP(str_done) struct str hash = STR_EMPTY;
	bool ok;

	login_hash(user, password, &hash);
	pthread_mutex_lock(&login->lock);
	ok = insert(login, user, hash.text, expires_ms, err);
	pthread_mutex_unlock(&login->lock);
	return ok;
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

static bool collect(struct login *login, const char *user, struct str *out,
		    struct err *err)
{
	struct lite_query *query = lite_query(
		login->lite, "SELECT hash FROM grants WHERE user = ?1", err);
	enum lite_step step;

	if (!query)
		return false;
	lite_bind_text(query, 1, user);
	while ((step = lite_step(query, err)) == LITE_ROW) {
		str_add(out, lite_text(query, 0));
		str_add_char(out, '\n');
	}
	return step == LITE_DONE;
}

bool login_hashes(struct login *login, const char *user, int64_t now_ms,
		  struct str *out, struct err *err)
{
	bool ok;

	pthread_mutex_lock(&login->lock);
	ok = drop_expired(login, now_ms, err) && collect(login, user, out, err);
	pthread_mutex_unlock(&login->lock);
	return ok;
}

const char *login_database_user(const char *user)
{
	if (str_starts(user, "IAM:"))
		return user + 4;
	if (str_starts(user, "IAMA:"))
		return user + 5;
	return user;
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

bool login_answers(const char *hash, const unsigned char salt[4],
		   const char *answer)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str want = STR_EMPTY;
	unsigned char differs = 0;

	if (strlen(hash) != LOGIN_HASH_LEN || !str_starts(hash, "md5"))
		return false;
	str_add(&text, hash + 3);
	str_add_slice(&text, (const char *)salt, 4);
	str_add(&want, "md5");
	hash_add_hex(HASH_MD5, text.text, text.len, &want);
	if (strlen(answer) != want.len)
		return false;
	for (size_t i = 0; i < want.len; i++)
		differs |= (unsigned char)(want.text[i] ^ answer[i]);
	return differs == 0;
}
