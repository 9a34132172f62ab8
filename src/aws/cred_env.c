/* Keys in the environment. */
#include "aws/cred.h"

#include "aws/profile.h"
#include "data/isotime.h"

static enum cred_step partial(struct err *err)
{
	err_set(err, ERR_AUTH,
		"the environment has only one of AWS_ACCESS_KEY_ID and "
		"AWS_SECRET_ACCESS_KEY");
	err_hint(err, "set both, or neither");
	return CRED_FAILED;
}

enum cred_step cred_env_named(struct cred *cred, struct err *err)
{
	const char *id = profile_env("AWS_ACCESS_KEY_ID");
	const char *secret = profile_env("AWS_SECRET_ACCESS_KEY");
	const char *token = profile_env("AWS_SECURITY_TOKEN");
	const char *ends = profile_env("AWS_CREDENTIAL_EXPIRATION");

	if (id == NULL && secret == NULL)
		return CRED_NOT_MINE;
	if (id == NULL || secret == NULL)
		return partial(err);
	if (token == NULL)
		token = profile_env("AWS_SESSION_TOKEN");
	cred_fill(cred, id, secret, token);
	str_set(&cred->origin, "AWS_ACCESS_KEY_ID");
	if (ends != NULL && !isotime_parse(ends, &cred->expires_ms, err)) {
		err_wrap(err, "AWS_CREDENTIAL_EXPIRATION");
		return CRED_FAILED;
	}
	return CRED_FOUND;
}

/* A --profile on the command line says: not those of the environment. */
enum cred_step cred_env_find(const struct cred_ask *ask, struct cred *cred,
			     struct err *err)
{
	if (profile_is_explicit(ask->profile))
		return CRED_NOT_MINE;
	return cred_env_named(cred, err);
}
