/* The endpoint of a container: ECS by a relative URI, EKS by a full one. */
#include "aws/cred.h"

#include <string.h>

#include "aws/cred_json.h"
#include "aws/exchange.h"
#include "aws/profile.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "data/url.h"
#include "net/http.h"

enum { MAX_TOKEN_BYTES = 64 * 1024 };

/* The AWS SDKs' own numbers. */
static const struct exchange how = {
	.timeout_ms = 2000,
	.attempts = 3,
	.pause_ms = 1000,
	.direct = true,
};

static const char *const plain_hosts[] = {
	"169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost", "::1",
};

/* The token must not travel to just anywhere in the clear. */
static bool may_ask(const struct url *url, struct err *err)
{
	if (strcmp(url->scheme, "https") == 0)
		return true;
	if (strcmp(url->scheme, "http") == 0) {
		/* 127.0.0.1, not 127.evil.example */
		if (str_starts(url->host, "127.") &&
		    strspn(url->host, "0123456789.") == strlen(url->host))
			return true;
		for (size_t i = 0; i < COUNT_OF(plain_hosts); i++)
			if (strcmp(plain_hosts[i], url->host) == 0)
				return true;
	}
	err_set(err, ERR_USAGE,
		"AWS_CONTAINER_CREDENTIALS_FULL_URI: %s://%s may not be asked "
		"for credentials",
		url->scheme, url->host);
	return err_hint(err, "it must be https, or http to this machine or "
			     "to the addresses of ECS and EKS");
}

static bool find_uri(struct str *uri, struct err *err)
{
	const char *relative =
		profile_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	const char *full = profile_env("AWS_CONTAINER_CREDENTIALS_FULL_URI");
	CLEANUP(url_done) struct url url = URL_EMPTY;

	if (relative != NULL) {
		str_addf(uri, "http://169.254.170.2%s", relative);
		if (relative[0] == '/')
			return true;
		return err_set(err, ERR_USAGE,
			       "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does "
			       "not begin with /");
	}
	str_set(uri, full);
	if (!url_parse(&url, full, err))
		return err_wrap(err, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
	return may_ask(&url, err);
}

static bool add_token(struct http *http, struct err *err)
{
	const char *file =
		profile_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	const char *token = profile_env("AWS_CONTAINER_AUTHORIZATION_TOKEN");
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool fine;

	if (file != NULL) {
		if (!file_read(file, MAX_TOKEN_BYTES, &text, err))
			return err_wrap(
				err, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	} else if (token != NULL) {
		str_set(&text, token);
	} else {
		return true;
	}
	fine = strpbrk(text.text, "\r\n") == NULL;
	if (fine)
		http_add_header(http, "authorization", text.text);
	else
		err_set(err, ERR_USAGE,
			"the container's authorization token has a line end "
			"in it");
	mem_wipe(text.text, text.len);
	return fine;
}

enum cred_step cred_container_find(const struct cred_ask *ask,
				   struct cred *cred, struct err *err)
{
	CLEANUP(str_done) struct str uri = STR_EMPTY;
	CLEANUP(http_freep) struct http *http = NULL;
	bool fine;

	if (profile_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") == NULL &&
	    profile_env("AWS_CONTAINER_CREDENTIALS_FULL_URI") == NULL)
		return CRED_NOT_MINE;
	if (!find_uri(&uri, err))
		return CRED_FAILED;
	http = http_new("GET", uri.text);
	http_add_header(http, "accept", "application/json");
	if (!add_token(http, err))
		return CRED_FAILED;
	fine = exchange_run(ask, &how, http, err) &&
	       cred_json_take(cred, http, err);
	mem_wipe(http->reply.body.text, http->reply.body.len);
	if (!fine) {
		err_wrap(err, "credentials of the container");
		return CRED_FAILED;
	}
	str_addf(&cred->origin, "the container's endpoint %s", uri.text);
	return CRED_FOUND;
}
