/* The console's sign-in of "aws login".
 *
 * Its keys of 15 minutes lie in the cache of the AWS CLI and are renewed with
 * a proof of possession (RFC 9449) by the key that lies there too. */
#include "aws/cred.h"

#include <string.h>

#include "aws/endpoint.h"
#include "aws/exchange.h"
#include "aws/profile.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/isotime.h"
#include "data/json.h"
#include "data/sign.h"
#include "net/http.h"

enum { MAX_CACHE_BYTES = 256 * 1024, RENEW_MS = 5 * 60 * 1000 };

static const struct exchange how = { .timeout_ms = 20000, .attempts = 3 };

static bool log_in(const struct profile *profile, const char *why,
		   struct err *err)
{
	err_set(err, ERR_AUTH, "the console login of AWS profile \"%s\" %s",
		profile_name(profile), why);
	return err_hint(err, "run: aws login --profile %s",
			profile_name(profile));
}

static void find_path(const char *session, struct str *out)
{
	const char *folder = profile_env("AWS_LOGIN_CACHE_DIRECTORY");
	CLEANUP(str_done) struct str path = STR_EMPTY;

	str_add(&path, folder != NULL ? folder : "~/.aws/login/cache");
	str_add_char(&path, '/');
	hash_add_hex(HASH_SHA256, session, strlen(session), &path);
	str_add(&path, ".json");
	path_expand(path.text, out);
}

static struct json *read_cache(const struct profile *profile, const char *path,
			       struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err failed = ERR_EMPTY;
	struct json *json;

	if (!file_read(path, MAX_CACHE_BYTES, &text, &failed)) {
		if (failed.kind == ERR_MISSING)
			log_in(profile, "has not been done yet", err);
		else if (err != NULL)
			*err = failed;
		return NULL;
	}
	json = json_parse(text.text, text.len, err);
	mem_wipe(text.text, text.len);
	if (json == NULL)
		err_wrap(err, "%s", path);
	return json;
}

static bool take_keys(const struct json *keys, const char *path,
		      struct cred *cred, struct err *err)
{
	const char *id = json_text(keys, "accessKeyId", NULL);
	const char *secret = json_text(keys, "secretAccessKey", NULL);
	const char *token = json_text(keys, "sessionToken", NULL);

	if (id == NULL || secret == NULL || token == NULL)
		return err_set(err, ERR_DATA, "%s has no whole accessToken",
			       path);
	cred_fill(cred, id, secret, token);
	return isotime_parse(json_text(keys, "expiresAt", ""),
			     &cred->expires_ms, NULL) ||
	       err_set(err, ERR_DATA, "%s has no expiresAt", path);
}

/* --- the proof --- */

static void add_part(struct str *out, const struct json *json)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	json_add(&text, json);
	encode_base64url(out, text.text, text.len);
}

static void put_number(struct json *object, const char *key,
		       const unsigned char bytes[SIGN_NUMBER_BYTES])
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	encode_base64url(&text, bytes, SIGN_NUMBER_BYTES);
	json_put_text(object, key, text.text);
}

static bool add_head(const struct sign *sign, struct str *out, struct err *err)
{
	CLEANUP(json_freep) struct json *head = json_new_object();
	struct json *jwk = json_new_object();
	unsigned char x[SIGN_NUMBER_BYTES] = { 0 };
	unsigned char y[SIGN_NUMBER_BYTES] = { 0 };
	bool fine = sign_public(sign, x, y, err);

	json_put_text(head, "typ", "dpop+jwt");
	json_put_text(head, "alg", "ES256");
	json_put_text(jwk, "kty", "EC");
	put_number(jwk, "x", x);
	put_number(jwk, "y", y);
	json_put_text(jwk, "crv", "P-256");
	json_put_take(head, "jwk", jwk);
	add_part(out, head);
	return fine;
}

static void add_uuid(struct str *out)
{
	CLEANUP(str_done) struct str hex = STR_EMPTY;
	unsigned char bytes[16];

	hash_random(bytes, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	encode_hex(&hex, bytes, sizeof(bytes));
	str_addf(out, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.text, hex.text + 8,
		 hex.text + 12, hex.text + 16, hex.text + 20);
}

static bool add_proof(const struct cred_ask *ask, const char *pem,
		      const char *url, struct str *out, struct err *err)
{
	CLEANUP(sign_freep) struct sign *sign = NULL;
	CLEANUP(json_freep) struct json *claims = json_new_object();
	CLEANUP(str_done) struct str id = STR_EMPTY;
	unsigned char raw[SIGN_BYTES];

	sign = sign_new(pem, strlen(pem), err);
	if (sign == NULL || !add_head(sign, out, err))
		return false;
	add_uuid(&id);
	json_put_text(claims, "htm", "POST");
	json_put_text(claims, "htu", url);
	json_put_number(claims, "iat", cred_now_ms(ask) / 1000);
	json_put_text(claims, "jti", id.text);
	str_add_char(out, '.');
	add_part(out, claims);
	if (!sign_es256(sign, out->text, out->len, raw, err))
		return false;
	str_add_char(out, '.');
	encode_base64url(out, raw, sizeof(raw));
	return true;
}

/* --- the renewal --- */

static struct json *post(const struct cred_ask *ask, const struct json *cache,
			 struct err *err)
{
	CLEANUP(endpoint_done) struct endpoint endpoint = ENDPOINT_EMPTY;
	CLEANUP(json_freep) struct json *in = json_new_object();
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(http_freep) struct http *http = NULL;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	CLEANUP(str_done) struct str body = STR_EMPTY;
	CLEANUP(str_done) struct str proof = STR_EMPTY;
	struct json *whole;
	const char *region = ask->region[0] != '\0' ? ask->region : "us-east-1";
	bool came;

	if (!endpoint_find(ask->endpoints, ENDPOINT_SIGNIN, region, "",
			   &endpoint, err))
		return NULL;
	str_addf(&url, "%s%s/v1/token", endpoint.base.text, endpoint.path.text);
	if (!add_proof(ask, json_text(cache, "dpopKey", ""), url.text, &proof,
		       err))
		return NULL;
	json_put_text(in, "clientId", json_text(cache, "clientId", ""));
	json_put_text(in, "grantType", "refresh_token");
	json_put_text(in, "refreshToken", json_text(cache, "refreshToken", ""));
	json_add(&body, in);
	http = http_new("POST", url.text);
	http_add_header(http, "host", endpoint.host.text);
	http_add_header(http, "content-type", "application/json");
	http_add_header(http, "DPoP", proof.text);
	http_set_body(http, body.text, body.len);
	came = exchange_run(ask, &how, http, err);
	mem_wipe(body.text, body.len);
	if (!came)
		return NULL;
	reply = json_parse(http->reply.body.text, http->reply.body.len, NULL);
	mem_wipe(http->reply.body.text, http->reply.body.len);
	if (http->reply.status == 200 && reply != NULL) {
		whole = reply;
		reply = NULL;
		return whole;
	}
	err_set(err, ERR_AUTH, "console login: HTTP status %d, %s",
		http->reply.status, json_text(reply, "error", "no reason"));
	err_set_code(err, json_text(reply, "error", ""));
	return NULL;
}

static void copy_text(struct json *to, const char *key, const char *text)
{
	if (text != NULL)
		json_put_text(to, key, text);
}

/* The cache anew, with what the reply brings in place of the old. */
static bool write_cache(const char *path, const struct json *cache,
			const struct json *reply, const struct cred *cred,
			struct err *err)
{
	static const char *const kept[] = { "tokenType", "clientId",
					    "dpopKey", "idToken" };
	CLEANUP(json_freep) struct json *out = json_new_object();
	struct json *keys = json_new_object();
	CLEANUP(str_done) struct str ends = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool fine;

	isotime_add(&ends, cred->expires_ms);
	json_put_text(keys, "accessKeyId", cred->access_key_id.text);
	json_put_text(keys, "secretAccessKey", secret_text(&cred->secret_key));
	json_put_text(keys, "sessionToken", secret_text(&cred->token));
	copy_text(keys, "accountId",
		  json_text(cache, "accessToken.accountId", NULL));
	json_put_text(keys, "expiresAt", ends.text);
	json_put_take(out, "accessToken", keys);
	for (size_t i = 0; i < COUNT_OF(kept); i++)
		copy_text(out, kept[i], json_text(cache, kept[i], NULL));
	copy_text(out, "refreshToken",
		  json_text(reply, "refreshToken",
			    json_text(cache, "refreshToken", NULL)));
	json_add(&text, out);
	fine = file_write(path, text.text, text.len, 0600, err);
	mem_wipe(text.text, text.len);
	return fine;
}

static bool renew(const struct cred_ask *ask, const char *path,
		  const struct json *cache, struct cred *cred, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = post(ask, cache, err);
	const struct json *keys = json_at(reply, "accessToken");
	int64_t seconds = json_number(reply, "expiresIn", 0);
	struct err failed = ERR_EMPTY;

	if (reply == NULL)
		return false;
	if (json_text(keys, "accessKeyId", NULL) == NULL ||
	    json_text(keys, "secretAccessKey", NULL) == NULL || seconds <= 0)
		return err_set(err, ERR_DATA,
			       "console login: the reply has no keys");
	cred_fill(cred, json_text(keys, "accessKeyId", NULL),
		  json_text(keys, "secretAccessKey", NULL),
		  json_text(keys, "sessionToken", NULL));
	cred->expires_ms = cred_now_ms(ask) + seconds * 1000;
	if (!write_cache(path, cache, reply, cred, &failed))
		log_debug(LOG_AWS, "login cache: %s", failed.message);
	return true;
}

static bool find(const struct cred_ask *ask, const char *session,
		 struct cred *cred, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(json_freep) struct json *cache = NULL;
	struct err failed = ERR_EMPTY;
	int64_t now_ms = cred_now_ms(ask);

	find_path(session, &path);
	cache = read_cache(ask->profile, path.text, err);
	if (cache == NULL || !take_keys(json_at(cache, "accessToken"),
					path.text, cred, err))
		return false;
	if (cred->expires_ms - now_ms > RENEW_MS ||
	    renew(ask, path.text, cache, cred, &failed))
		return true;
	log_debug(LOG_AWS, "login: %s", failed.message);
	if (cred->expires_ms > now_ms)
		return true;
	if (failed.kind == ERR_AUTH || failed.kind == ERR_DATA)
		return log_in(ask->profile, "has run out", err);
	if (err != NULL)
		*err = failed;
	return false;
}

enum cred_step cred_login_find(const struct cred_ask *ask, struct cred *cred,
			       struct err *err)
{
	const char *session = profile_get(ask->profile, "login_session");

	if (session == NULL)
		return CRED_NOT_MINE;
	if (!find(ask, session, cred, err))
		return CRED_FAILED;
	str_addf(&cred->origin, "\"aws login\" as %s", session);
	return CRED_FOUND;
}
