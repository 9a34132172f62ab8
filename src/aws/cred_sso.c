/* IAM Identity Center: a token in the cache of the AWS CLI gives keys. */
#include "aws/cred.h"

#include <string.h>

#include "aws/endpoint.h"
#include "aws/exchange.h"
#include "aws/profile.h"
#include "aws/sso.h"
#include "base/log.h"
#include "base/mem.h"
#include "data/json.h"
#include "data/url.h"
#include "net/http.h"

enum { RENEW_MS = 15 * 60 * 1000 };

static const struct exchange how = { .timeout_ms = 20000, .attempts = 3 };

static bool log_in_first(const struct profile *profile, const char *why,
			 struct err *err)
{
	err_set(err, ERR_AUTH,
		"the IAM Identity Center login of AWS profile \"%s\" %s",
		profile_name(profile), why);
	err_set_code(err, "UnauthorizedException");
	return err_hint(err, "type \\sso login, or run: aws sso login "
			     "--profile %s",
			profile_name(profile));
}

/* A refresh that fails is not told while the old token is still good. */
static bool valid_token(const struct cred_ask *ask, const struct sso *sso,
			struct sso_token *token, struct err *err)
{
	int64_t now_ms = cred_now_ms(ask);
	struct err failed = ERR_EMPTY;

	if (!sso_token_read(sso, token, &failed)) {
		if (failed.kind == ERR_MISSING)
			return log_in_first(ask->profile,
					    "has not been done yet", err);
		if (err != NULL)
			*err = failed;
		return err_hint(err, "aws sso login --profile %s writes it "
				     "anew",
				profile_name(ask->profile));
	}
	if (token->expires_ms - now_ms > RENEW_MS)
		return true;
	if (sso->session != NULL && sso_token_can_refresh(token, now_ms)) {
		if (sso_token_refresh(ask, sso, token, &failed)) {
			if (!sso_token_write(sso, token, &failed))
				log_debug(LOG_AWS, "sso cache: %s",
					  failed.message);
			return true;
		}
		log_debug(LOG_AWS, "sso refresh: %s", failed.message);
		if (failed.kind == ERR_CANCELLED) {
			*err = failed;
			return false;
		}
	}
	return token->expires_ms > now_ms ||
	       log_in_first(ask->profile, "has run out", err);
}

static bool refused(const struct cred_ask *ask, const struct sso *sso,
		    const struct http *http, const struct json *reply,
		    struct err *err)
{
	const char *message = json_text(reply, "message", "");

	if (http->reply.status == 401)
		return log_in_first(ask->profile, "has run out", err);
	err_set(err, ERR_AUTH,
		"IAM Identity Center gives no keys for role %s in account "
		"%s: HTTP status %d%s%s",
		sso->role, sso->account, http->reply.status,
		message[0] != '\0' ? ", " : "", message);
	if (http->reply.status == 403 || http->reply.status == 404)
		err_hint(err, "look at sso_role_name and sso_account_id of "
			      "AWS profile \"%s\"",
			 profile_name(ask->profile));
	return false;
}

static bool take_keys(const struct cred_ask *ask, const struct sso *sso,
		      const struct http *http, struct cred *cred,
		      struct err *err)
{
	CLEANUP(json_freep)
	struct json *reply = json_parse(http->reply.body.text,
					http->reply.body.len, NULL);
	const struct json *keys = json_at(reply, "roleCredentials");
	const char *id = json_text(keys, "accessKeyId", NULL);
	const char *secret = json_text(keys, "secretAccessKey", NULL);

	if (http->reply.status != 200)
		return refused(ask, sso, http, reply, err);
	if (id == NULL || secret == NULL)
		return err_set(err, ERR_DATA,
			       "IAM Identity Center: the reply has no "
			       "credentials");
	cred_fill(cred, id, secret, json_text(keys, "sessionToken", NULL));
	cred->expires_ms = json_number(keys, "expiration", 0);
	return true;
}

static bool get_keys(const struct cred_ask *ask, const struct sso *sso,
		     const struct sso_token *token, struct cred *cred,
		     struct err *err)
{
	CLEANUP(endpoint_done) struct endpoint endpoint = ENDPOINT_EMPTY;
	CLEANUP(http_freep) struct http *http = NULL;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	CLEANUP(str_done) struct str query = STR_EMPTY;
	bool fine;

	if (!endpoint_find(ask->endpoints, ENDPOINT_SSO, sso->region, "",
			   &endpoint, err))
		return false;
	url_add_param(&query, "role_name", sso->role);
	url_add_param(&query, "account_id", sso->account);
	str_addf(&url, "%s%s/federation/credentials?%s", endpoint.base.text,
		 endpoint.path.text, query.text);
	http = http_new("GET", url.text);
	http_add_header(http, "host", endpoint.host.text);
	http_add_header(http, "x-amz-sso_bearer_token",
			secret_text(&token->access));
	fine = exchange_run(ask, &how, http, err) &&
	       take_keys(ask, sso, http, cred, err);
	mem_wipe(http->reply.body.text, http->reply.body.len);
	return fine;
}

static bool find(const struct cred_ask *ask, struct cred *cred,
		 struct err *err)
{
	CLEANUP(sso_token_done) struct sso_token token = SSO_TOKEN_EMPTY;
	struct sso sso;

	if (!sso_read(&sso, ask->profile, err))
		return false;
	if (sso.account == NULL || sso.role == NULL) {
		err_set(err, ERR_USAGE, "AWS profile \"%s\" has no %s",
			profile_name(ask->profile),
			sso.role == NULL ? "sso_role_name" : "sso_account_id");
		return err_hint(err, "\"aws configure sso\" writes both");
	}
	if (!valid_token(ask, &sso, &token, err) ||
	    !get_keys(ask, &sso, &token, cred, err))
		return false;
	str_addf(&cred->origin, "IAM Identity Center: role %s in account %s",
		 sso.role, sso.account);
	return true;
}

enum cred_step cred_sso_find(const struct cred_ask *ask, struct cred *cred,
			     struct err *err)
{
	if (profile_get(ask->profile, "sso_account_id") == NULL &&
	    profile_get(ask->profile, "sso_role_name") == NULL)
		return CRED_NOT_MINE;
	return find(ask, cred, err) ? CRED_FOUND : CRED_FAILED;
}
