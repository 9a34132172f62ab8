/* The role of an EC2 instance: IMDSv2, and v1 where there is no v2.
 *
 * Asked last and briefly: on a machine that is not EC2 the address answers
 * nobody. What is not there is no error but "not mine". */
#include "aws/cred.h"

#include <stdlib.h>
#include <string.h>

#include "aws/cred_json.h"
#include "aws/exchange.h"
#include "aws/imds.h"
#include "aws/profile.h"
#include "base/log.h"
#include "base/mem.h"
#include "data/hash.h"
#include "data/url.h"
#include "net/http.h"

static const char roles_path[] =
	"/latest/meta-data/iam/security-credentials/";

/* In an outage EC2 may hand out keys that have ended; services then take
 * them on. The SDKs go on with them for a while. */
static void extend(const struct cred_ask *ask, struct cred *cred)
{
	int64_t now_ms = cred_now_ms(ask);
	uint32_t random;

	if (cred->expires_ms == 0 || cred->expires_ms > now_ms)
		return;
	hash_random(&random, sizeof(random));
	cred->expires_ms = now_ms + 17 * 60000 + random % (8 * 60000);
	log_debug(LOG_AWS, "EC2 gave keys that have ended; used on");
}

enum cred_step cred_imds_find(const struct cred_ask *ask, struct cred *cred,
			      struct err *err)
{
	CLEANUP(imds_done) struct imds imds = IMDS_EMPTY;
	CLEANUP(str_done) struct str role = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(http_freep) struct http *http = NULL;
	bool fine;

	switch (imds_open(&imds, ask, err)) {
	case IMDS_ABSENT:
		return CRED_NOT_MINE;
	case IMDS_FAILED:
		return CRED_FAILED;
	case IMDS_OPEN:
		break;
	}
	http = imds_get(&imds, ask, roles_path, err);
	if (http == NULL)
		return ask->stop != NULL && atomic_load(ask->stop)
			       ? CRED_FAILED
			       : CRED_NOT_MINE;
	/* 404: an instance without a role. */
	if (http->reply.status != 200)
		return CRED_NOT_MINE;
	str_add_slice(&role, http->reply.body.text,
		      strcspn(http->reply.body.text, "\r\n"));
	if (role.len == 0)
		return CRED_NOT_MINE;
	str_add(&path, roles_path);
	url_escape(&path, role.text, role.len, URL_ESCAPE_ALL);
	http_free(http);
	http = imds_get(&imds, ask, path.text, err);
	fine = http != NULL && cred_json_take(cred, http, err);
	if (http != NULL)
		mem_wipe(http->reply.body.text, http->reply.body.len);
	if (!fine) {
		err_wrap(err, "credentials of the EC2 instance");
		return CRED_FAILED;
	}
	extend(ask, cred);
	str_addf(&cred->origin, "EC2 instance role %s", role.text);
	return CRED_FOUND;
}
