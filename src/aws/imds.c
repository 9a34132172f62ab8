#include "aws/imds.h"

#include <stdlib.h>
#include <string.h>

#include "aws/cred.h"
#include "aws/endpoint.h"
#include "aws/exchange.h"
#include "aws/profile.h"
#include "base/log.h"
#include "base/mem.h"
#include "data/url.h"
#include "net/http.h"

enum { MAX_WAIT_S = 60, MAX_ATTEMPTS = 10 };

/* In place of a status. LATE: the reply got lost, as it does on the way to
 * containers; version 1 may still work. */
enum { NOBODY = 0, LATE = -1 };

void imds_done(struct imds *imds)
{
	str_done(&imds->base);
	secret_done(&imds->token);
}

static const char *setting(const struct cred_ask *ask, const char *variable,
			   const char *key)
{
	const char *value = profile_env(variable);

	return value != NULL ? value : profile_get(ask->profile, key);
}

static int number(const struct cred_ask *ask, const char *variable,
		  const char *key, int otherwise, int max)
{
	const char *text = setting(ask, variable, key);
	long value = text != NULL ? strtol(text, NULL, 10) : 0;

	if (value <= 0)
		return otherwise;
	return value > max ? max : (int)value;
}

static bool find_base(struct imds *imds, const struct cred_ask *ask,
		      struct err *err)
{
	const char *base = setting(ask, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
				   "ec2_metadata_service_endpoint");
	const char *mode =
		setting(ask, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
			"ec2_metadata_service_endpoint_mode");
	CLEANUP(url_done) struct url url = URL_EMPTY;

	if (base == NULL && mode != NULL && !str_equal_nocase(mode, "ipv4") &&
	    !str_equal_nocase(mode, "ipv6")) {
		err_set(err, ERR_USAGE,
			"ec2_metadata_service_endpoint_mode \"%s\" is "
			"neither IPv4 nor IPv6",
			mode);
		return false;
	}
	if (base == NULL)
		base = mode != NULL && str_equal_nocase(mode, "ipv6")
			       ? "http://[fd00:ec2::254]"
			       : "http://169.254.169.254";
	str_set(&imds->base, base);
	while (str_ends(imds->base.text, "/"))
		str_cut(&imds->base, imds->base.len - 1);
	if (!url_parse(&url, base, err))
		return err_wrap(err, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
	return true;
}

static bool run(const struct imds *imds, const struct cred_ask *ask,
		struct http *http, struct err *err)
{
	struct exchange how = {
		.timeout_ms = imds->timeout_ms,
		.attempts = imds->attempts,
		.direct = true,
	};

	return exchange_run(ask, &how, http, err);
}

static enum imds_step no_token(const struct imds *imds,
			       const struct cred_ask *ask, int status,
			       struct err *err)
{
	bool v1 = !profile_is_on(ask->profile, "AWS_EC2_METADATA_V1_DISABLED",
				 "ec2_metadata_v1_disabled");

	if (status == 400) {
		err_set(err, ERR_AUTH,
			"%s refuses to give a token: HTTP status 400",
			imds->base.text);
		return IMDS_FAILED;
	}
	if (!v1)
		return IMDS_ABSENT;
	return status == LATE || status == 403 || status == 404 ||
			       status == 405
		       ? IMDS_OPEN
		       : IMDS_ABSENT;
}

enum imds_step imds_open(struct imds *imds, const struct cred_ask *ask,
			 struct err *err)
{
	CLEANUP(str_done) struct str url = STR_EMPTY;
	CLEANUP(http_freep) struct http *http = NULL;
	struct err failed = ERR_EMPTY;

	if (profile_is_on(ask->profile, "AWS_EC2_METADATA_DISABLED",
			  "ec2_metadata_disabled"))
		return IMDS_ABSENT;
	if (!find_base(imds, ask, err))
		return IMDS_FAILED;
	imds->timeout_ms = 1000 * number(ask, "AWS_METADATA_SERVICE_TIMEOUT",
					 "metadata_service_timeout", 1,
					 MAX_WAIT_S);
	imds->attempts = number(ask, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
				"metadata_service_num_attempts", 1,
				MAX_ATTEMPTS);
	str_addf(&url, "%s/latest/api/token", imds->base.text);
	http = http_new("PUT", url.text);
	http_add_header(http, "x-aws-ec2-metadata-token-ttl-seconds", "21600");
	if (!run(imds, ask, http, &failed)) {
		log_debug(LOG_AWS, "EC2 metadata: %s", failed.message);
		if (failed.kind != ERR_CANCELLED)
			return no_token(imds, ask,
					strcmp(failed.code, EXCHANGE_LATE) == 0
						? LATE
						: NOBODY,
					err);
		*err = failed;
		return IMDS_FAILED;
	}
	if (http->reply.status != 200)
		return no_token(imds, ask, http->reply.status, err);
	str_trim_end(&http->reply.body);
	if (strpbrk(http->reply.body.text, "\r\n") != NULL ||
	    http->reply.body.len == 0) {
		err_set(err, ERR_DATA, "%s: that is no token",
			imds->base.text);
		return IMDS_FAILED;
	}
	secret_set(&imds->token, http->reply.body.text);
	mem_wipe(http->reply.body.text, http->reply.body.len);
	return IMDS_OPEN;
}

struct http *imds_get(const struct imds *imds, const struct cred_ask *ask,
		      const char *path, struct err *err)
{
	CLEANUP(str_done) struct str url = STR_EMPTY;
	struct http *http;

	str_addf(&url, "%s%s", imds->base.text, path);
	http = http_new("GET", url.text);
	if (secret_is_set(&imds->token))
		http_add_header(http, "x-aws-ec2-metadata-token",
				secret_text(&imds->token));
	if (run(imds, ask, http, err))
		return http;
	http_free(http);
	return NULL;
}

void imds_region(const struct cred_ask *ask, struct str *out)
{
	CLEANUP(imds_done) struct imds imds = IMDS_EMPTY;
	CLEANUP(http_freep) struct http *http = NULL;
	struct err err = ERR_EMPTY;

	if (imds_open(&imds, ask, &err) != IMDS_OPEN)
		return;
	http = imds_get(&imds, ask, "/latest/meta-data/placement/region", &err);
	if (http == NULL || http->reply.status != 200)
		return;
	str_trim_end(&http->reply.body);
	if (endpoint_region_valid(http->reply.body.text))
		str_add(out, http->reply.body.text);
}
