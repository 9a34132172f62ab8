#include "aws/cred_json.h"

#include <string.h>

#include "aws/cred.h"
#include "base/mem.h"
#include "data/isotime.h"
#include "data/json.h"
#include "net/http.h"

bool cred_json_take(struct cred *cred, const struct http *http,
		    struct err *err)
{
	CLEANUP(json_freep) struct json *json = NULL;
	const char *id, *secret, *ends, *code;

	if (http->reply.status != 200)
		return err_set(err, ERR_AUTH, "HTTP status %d",
			       http->reply.status);
	json = json_parse(http->reply.body.text, http->reply.body.len, err);
	if (json == NULL)
		return false;
	/* A 200 of EC2 may say that it failed. */
	code = json_text(json, "Code", "Success");
	if (strcmp(code, "Success") != 0)
		return err_set(err, ERR_AUTH, "%s: %s", code,
			       json_text(json, "Message", "no keys"));
	id = json_text(json, "AccessKeyId", NULL);
	secret = json_text(json, "SecretAccessKey", NULL);
	ends = json_text(json, "Expiration", NULL);
	if (id == NULL || secret == NULL)
		return err_set(err, ERR_DATA,
			       "the reply has no AccessKeyId or no "
			       "SecretAccessKey");
	cred_fill(cred, id, secret, json_text(json, "Token", NULL));
	if (ends != NULL && !isotime_parse(ends, &cred->expires_ms, err))
		return err_wrap(err, "Expiration");
	return true;
}
