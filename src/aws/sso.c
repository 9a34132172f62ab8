#include "aws/sso.h"

#include <string.h>

#include "aws/cred.h"
#include "aws/endpoint.h"
#include "aws/exchange.h"
#include "aws/profile.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "data/hash.h"
#include "data/isotime.h"
#include "data/json.h"
#include "net/http.h"

enum { MAX_TOKEN_BYTES = 256 * 1024 };

static const struct exchange how = { .timeout_ms = 20000, .attempts = 3 };

static const char device_grant[] =
	"urn:ietf:params:oauth:grant-type:device_code";

/* --- settings --- */

static bool incomplete(const struct profile *profile, const char *key,
		       const char *session, struct err *err)
{
	if (session != NULL)
		err_set(err, ERR_USAGE, "[sso-session %s] has no %s", session,
			key);
	else
		err_set(err, ERR_USAGE, "AWS profile \"%s\" has no %s",
			profile_name(profile), key);
	return err_hint(err, "\"aws configure sso\" writes all that is "
			     "needed");
}

/* A key that may stand in both places must say the same in both. */
static bool settle(const struct profile *profile, const char *session,
		   const char *key, const char **out, struct err *err)
{
	const char *own = profile_get(profile, key);

	*out = own;
	if (session == NULL)
		return own != NULL || incomplete(profile, key, NULL, err);
	*out = profile_get_session(profile, session, key);
	if (*out == NULL)
		return incomplete(profile, key, session, err);
	if (own == NULL || strcmp(own, *out) == 0)
		return true;
	err_set(err, ERR_USAGE,
		"%s differs between AWS profile \"%s\" and [sso-session %s]",
		key, profile_name(profile), session);
	return err_hint(err, "remove it from the profile");
}

bool sso_read(struct sso *sso, const struct profile *profile, struct err *err)
{
	memset(sso, 0, sizeof(*sso));
	sso->session = profile_get(profile, "sso_session");
	sso->account = profile_get(profile, "sso_account_id");
	sso->role = profile_get(profile, "sso_role_name");
	if (sso->session == NULL && sso->account == NULL && sso->role == NULL &&
	    profile_get(profile, "sso_start_url") == NULL) {
		err_set(err, ERR_MISSING,
			"AWS profile \"%s\" does not use IAM Identity Center",
			profile_name(profile));
		return err_hint(err, "\"aws configure sso\" makes one that "
				     "does");
	}
	if (sso->session != NULL && !profile_has_session(profile, sso->session)) {
		err_set(err, ERR_USAGE,
			"sso_session \"%s\" of AWS profile \"%s\" does not "
			"exist",
			sso->session, profile_name(profile));
		return err_hint(err, "there must be a section [sso-session "
				     "%s] in %s",
				sso->session,
				profile_path(profile, PROFILE_CONFIG));
	}
	if (sso->session != NULL)
		sso->scopes = profile_get_session(profile, sso->session,
						  "sso_registration_scopes");
	if (!settle(profile, sso->session, "sso_start_url", &sso->start_url,
		    err) ||
	    !settle(profile, sso->session, "sso_region", &sso->region, err))
		return false;
	if (endpoint_region_valid(sso->region))
		return true;
	return err_set(err, ERR_USAGE, "sso_region \"%.80s\" is not a region",
		       sso->region);
}

/* --- the cache --- */

void sso_token_done(struct sso_token *token)
{
	secret_done(&token->access);
	str_done(&token->client_id);
	secret_done(&token->client_secret);
	secret_done(&token->refresh);
}

void sso_token_path(const struct sso *sso, struct str *out)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const char *key = sso->session != NULL ? sso->session : sso->start_url;

	str_add(&name, "~/.aws/sso/cache/");
	hash_add_hex(HASH_SHA1, key, strlen(key), &name);
	str_add(&name, ".json");
	path_expand(name.text, out);
}

bool sso_token_read(const struct sso *sso, struct sso_token *token,
		    struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(json_freep) struct json *json = NULL;
	const char *id;

	sso_token_path(sso, &path);
	if (!file_read(path.text, MAX_TOKEN_BYTES, &text, err))
		return false;
	json = json_parse(text.text, text.len, err);
	mem_wipe(text.text, text.len);
	if (json == NULL)
		return err_wrap(err, "%s", path.text);
	secret_set(&token->access, json_text(json, "accessToken", NULL));
	if (!secret_is_set(&token->access) ||
	    !isotime_parse(json_text(json, "expiresAt", ""),
			   &token->expires_ms, NULL))
		return err_set(err, ERR_DATA,
			       "%s has no accessToken or no expiresAt",
			       path.text);
	id = json_text(json, "clientId", "");
	str_set(&token->client_id, id);
	secret_set(&token->client_secret, json_text(json, "clientSecret", NULL));
	secret_set(&token->refresh, json_text(json, "refreshToken", NULL));
	if (!isotime_parse(json_text(json, "registrationExpiresAt", ""),
			   &token->registration_expires_ms, NULL))
		token->registration_expires_ms = 0;
	return true;
}

static void put_time(struct json *json, const char *key, int64_t at_ms)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	isotime_add(&text, at_ms);
	json_put_text(json, key, text.text);
}

bool sso_token_write(const struct sso *sso, const struct sso_token *token,
		     struct err *err)
{
	CLEANUP(json_freep) struct json *json = json_new_object();
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool fine;

	json_put_text(json, "startUrl", sso->start_url);
	json_put_text(json, "region", sso->region);
	json_put_text(json, "accessToken", secret_text(&token->access));
	put_time(json, "expiresAt", token->expires_ms);
	if (token->client_id.len > 0) {
		json_put_text(json, "clientId", token->client_id.text);
		json_put_text(json, "clientSecret",
			      secret_text(&token->client_secret));
		put_time(json, "registrationExpiresAt",
			 token->registration_expires_ms);
	}
	if (secret_is_set(&token->refresh))
		json_put_text(json, "refreshToken",
			      secret_text(&token->refresh));
	json_add(&text, json);
	sso_token_path(sso, &path);
	path_dir(path.text, &folder);
	fine = file_make_dirs(folder.text, 0700, err) &&
	       file_write(path.text, text.text, text.len, 0600, err);
	mem_wipe(text.text, text.len);
	return fine;
}

/* --- its server --- */

/* NULL and err; err's code is the one of the reply ("slow_down" or
 * "SlowDownException"). */
static struct json *post(const struct cred_ask *ask, const struct sso *sso,
			 const char *path, const struct json *in,
			 struct err *err)
{
	CLEANUP(endpoint_done) struct endpoint endpoint = ENDPOINT_EMPTY;
	CLEANUP(http_freep) struct http *http = NULL;
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	CLEANUP(str_done) struct str body = STR_EMPTY;
	struct json *whole;
	const char *code;
	bool came;

	if (!endpoint_find(ask->endpoints, ENDPOINT_SSO_OIDC, sso->region, "",
			   &endpoint, err))
		return NULL;
	str_addf(&url, "%s%s%s", endpoint.base.text, endpoint.path.text, path);
	json_add(&body, in);
	http = http_new("POST", url.text);
	http_add_header(http, "host", endpoint.host.text);
	http_add_header(http, "content-type", "application/json");
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
	code = http_headers_get(&http->reply.headers, "x-amzn-errortype");
	if (code == NULL)
		code = json_text(reply, "__type", NULL);
	if (code == NULL)
		code = json_text(reply, "error", "");
	err_set(err, ERR_AUTH, "IAM Identity Center: %s: HTTP status %d%s%s",
		path, http->reply.status,
		json_text(reply, "error_description", NULL) != NULL ? ", "
								    : "",
		json_text(reply, "error_description", ""));
	err_set_code(err, code);
	return NULL;
}

static bool is_code(const struct err *err, const char *name)
{
	return str_starts(err->code, name);
}

static bool take_token(const struct cred_ask *ask, const struct json *reply,
		       struct sso_token *token, struct err *err)
{
	const char *access = json_text(reply, "accessToken", NULL);
	const char *refresh = json_text(reply, "refreshToken", NULL);
	int64_t seconds = json_number(reply, "expiresIn", 0);

	if (access == NULL || seconds <= 0)
		return err_set(err, ERR_DATA,
			       "IAM Identity Center: the reply has no "
			       "accessToken or no expiresIn");
	secret_set(&token->access, access);
	token->expires_ms = cred_now_ms(ask) + seconds * 1000;
	if (refresh != NULL)
		secret_set(&token->refresh, refresh);
	return true;
}

bool sso_token_can_refresh(const struct sso_token *token, int64_t now_ms)
{
	return secret_is_set(&token->refresh) && token->client_id.len > 0 &&
	       secret_is_set(&token->client_secret) &&
	       token->registration_expires_ms > now_ms;
}

static struct json *token_form(const struct sso_token *token,
			       const char *grant)
{
	struct json *in = json_new_object();

	json_put_text(in, "grantType", grant);
	json_put_text(in, "clientId", token->client_id.text);
	json_put_text(in, "clientSecret", secret_text(&token->client_secret));
	return in;
}

bool sso_token_refresh(const struct cred_ask *ask, const struct sso *sso,
		       struct sso_token *token, struct err *err)
{
	CLEANUP(json_freep)
	struct json *in = token_form(token, "refresh_token");
	CLEANUP(json_freep) struct json *reply = NULL;

	json_put_text(in, "refreshToken", secret_text(&token->refresh));
	reply = post(ask, sso, "/token", in, err);
	return reply != NULL && take_token(ask, reply, token, err);
}

/* --- the device flow --- */

void sso_device_done(struct sso_device *device)
{
	secret_done(&device->code);
	str_done(&device->user_code);
	str_done(&device->url);
}

static void put_scopes(struct json *in, const char *scopes)
{
	struct json *list = json_new_array();

	while (*scopes != '\0') {
		size_t len = strcspn(scopes, ", ");
		CLEANUP(mem_freep) char *one = mem_copy_slice(scopes, len);

		if (len > 0)
			json_push_take(list, json_new_text(one));
		scopes += len + strspn(scopes + len, ", ");
	}
	json_put_take(in, "scopes", list);
}

static bool register_client(const struct cred_ask *ask, const struct sso *sso,
			    struct sso_token *token, struct err *err)
{
	CLEANUP(json_freep) struct json *in = json_new_object();
	CLEANUP(json_freep) struct json *reply = NULL;

	json_put_text(in, "clientName", PACKAGE_NAME);
	json_put_text(in, "clientType", "public");
	/* Only the new form of settings gets tokens that can be renewed. */
	if (sso->session != NULL)
		put_scopes(in, sso->scopes != NULL ? sso->scopes
						   : "sso:account:access");
	reply = post(ask, sso, "/client/register", in, err);
	if (reply == NULL)
		return false;
	str_set(&token->client_id, json_text(reply, "clientId", ""));
	secret_set(&token->client_secret,
		   json_text(reply, "clientSecret", NULL));
	token->registration_expires_ms =
		json_number(reply, "clientSecretExpiresAt", 0) * 1000;
	if (token->client_id.len > 0 && secret_is_set(&token->client_secret))
		return true;
	return err_set(err, ERR_DATA,
		       "IAM Identity Center: the reply has no clientId or no "
		       "clientSecret");
}

bool sso_device_start(const struct cred_ask *ask, const struct sso *sso,
		      struct sso_token *token, struct sso_device *device,
		      struct err *err)
{
	CLEANUP(json_freep) struct json *in = json_new_object();
	CLEANUP(json_freep) struct json *reply = NULL;
	const char *url;

	if (!register_client(ask, sso, token, err))
		return false;
	json_put_text(in, "clientId", token->client_id.text);
	json_put_text(in, "clientSecret", secret_text(&token->client_secret));
	json_put_text(in, "startUrl", sso->start_url);
	reply = post(ask, sso, "/device_authorization", in, err);
	if (reply == NULL)
		return false;
	url = json_text(reply, "verificationUriComplete", NULL);
	if (url == NULL)
		url = json_text(reply, "verificationUri", "");
	secret_set(&device->code, json_text(reply, "deviceCode", NULL));
	str_set(&device->user_code, json_text(reply, "userCode", ""));
	str_set(&device->url, url);
	device->interval_ms = json_number(reply, "interval", 5) * 1000;
	device->ends_ms = cred_now_ms(ask) +
			  json_number(reply, "expiresIn", 600) * 1000;
	if (secret_is_set(&device->code) && device->url.len > 0)
		return true;
	return err_set(err, ERR_DATA,
		       "IAM Identity Center: the reply has no deviceCode or "
		       "no verificationUri");
}

enum sso_poll sso_device_poll(const struct cred_ask *ask,
			      const struct sso *sso, struct sso_token *token,
			      struct sso_device *device, struct err *err)
{
	CLEANUP(json_freep) struct json *in = token_form(token, device_grant);
	CLEANUP(json_freep) struct json *reply = NULL;

	if (cred_now_ms(ask) > device->ends_ms) {
		err_set(err, ERR_AUTH, "nobody confirmed the code in time");
		err_hint(err, "type \\sso login again");
		return SSO_POLL_FAILED;
	}
	json_put_text(in, "deviceCode", secret_text(&device->code));
	reply = post(ask, sso, "/token", in, err);
	if (reply != NULL)
		return take_token(ask, reply, token, err) ? SSO_POLL_DONE
							  : SSO_POLL_FAILED;
	if (is_code(err, "SlowDownException") || is_code(err, "slow_down"))
		device->interval_ms += 5000;
	else if (!is_code(err, "AuthorizationPendingException") &&
		 !is_code(err, "authorization_pending"))
		return SSO_POLL_FAILED;
	err_clear(err);
	return SSO_POLL_PENDING;
}
