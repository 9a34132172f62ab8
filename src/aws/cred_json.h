/* aws/cred_json.h - the JSON in which ECS and EC2 hand out credentials. */
#ifndef AWS_CRED_JSON_H
#define AWS_CRED_JSON_H

#include <stdbool.h>

#include "base/err.h"

struct cred;
struct http;

/* AccessKeyId, SecretAccessKey, Token, Expiration of a 200 reply. */
bool cred_json_take(struct cred *cred, const struct http *http,
		    struct err *err);

#endif
