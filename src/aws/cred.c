#include "aws/cred.h"

#include <string.h>

#include "aws/profile.h"
#include "data/isotime.h"

enum { STALE_MS = 10 * 60 * 1000 };

void cred_done(struct cred *cred)
{
	str_done(&cred->access_key_id);
	secret_done(&cred->secret_key);
	secret_done(&cred->token);
}

static enum cred_step partial(const char *where, struct err *err)
{
	err_set(err, ERR_AUTH,
		"%s has only one of access key id and secret access key",
		where);
	err_hint(err, "give both, or neither");
	return CRED_FAILED;
}

static void fill(struct cred *cred, const char *id, const char *secret,
		 const char *token)
{
	str_set(&cred->access_key_id, id);
	secret_set(&cred->secret_key, secret);
	secret_set(&cred->token, token);
	cred->expires_ms = 0;
}

/* A --profile on the command line says: not those of the environment. */
static enum cred_step from_environment(const struct profile *profile,
				       struct cred *cred, struct err *err)
{
	const char *id = profile_env("AWS_ACCESS_KEY_ID");
	const char *secret = profile_env("AWS_SECRET_ACCESS_KEY");
	const char *token = profile_env("AWS_SESSION_TOKEN");
	const char *ends = profile_env("AWS_CREDENTIAL_EXPIRATION");

	if (profile_is_explicit(profile) || (id == NULL && secret == NULL))
		return CRED_NOT_MINE;
	if (id == NULL || secret == NULL)
		return partial("the environment", err);
	if (token == NULL)
		token = profile_env("AWS_SECURITY_TOKEN");
	fill(cred, id, secret, token);
	if (ends != NULL && !isotime_parse(ends, &cred->expires_ms, NULL))
		cred->expires_ms = 0;
	return CRED_FOUND;
}

static enum cred_step from_files(const struct profile *profile,
				 struct cred *cred, struct err *err)
{
	const char *id = profile_get(profile, "aws_access_key_id");
	const char *secret = profile_get(profile, "aws_secret_access_key");

	if (id == NULL && secret == NULL)
		return CRED_NOT_MINE;
	if (id == NULL || secret == NULL)
		return partial("the AWS profile", err);
	fill(cred, id, secret, profile_get(profile, "aws_session_token"));
	return CRED_FOUND;
}

/* What this version knows of but cannot do; named, never passed over. */
static enum cred_step not_yet(const struct profile *profile, const char *key,
			      const char *what, struct err *err)
{
	if (profile_get(profile, key) == NULL)
		return CRED_NOT_MINE;
	err_set(err, ERR_AUTH,
		"AWS profile \"%s\" uses %s (%s), which is not supported yet",
		profile_name(profile), what, key);
	err_hint(err,
		 "until then: credential_process = aws configure "
		 "export-credentials --profile %s --format process, in a "
		 "profile of its own",
		 profile_name(profile));
	return CRED_FAILED;
}

static enum cred_step from_role(const struct profile *profile,
				struct cred *cred, struct err *err)
{
	(void)cred;
	return not_yet(profile, "role_arn", "an assumed role", err);
}

static enum cred_step from_sso(const struct profile *profile, struct cred *cred,
			       struct err *err)
{
	enum cred_step step =
		not_yet(profile, "sso_account_id", "IAM Identity Center", err);

	(void)cred;
	if (step == CRED_NOT_MINE)
		step = not_yet(profile, "sso_role_name", "IAM Identity Center",
			       err);
	return step;
}

static enum cred_step from_login(const struct profile *profile,
				 struct cred *cred, struct err *err)
{
	(void)cred;
	return not_yet(profile, "login_session", "\"aws login\"", err);
}

static enum cred_step from_environment_not_yet(const struct profile *profile,
					       struct cred *cred,
					       struct err *err)
{
	static const char *const names[] = {
		"AWS_WEB_IDENTITY_TOKEN_FILE",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI",
	};

	(void)profile;
	(void)cred;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (profile_env(names[i]) == NULL)
			continue;
		err_set(err, ERR_AUTH,
			"credentials by %s are not supported "
			"yet",
			names[i]);
		err_hint(err, "set AWS_ACCESS_KEY_ID and "
			      "AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN)");
		return CRED_FAILED;
	}
	return CRED_NOT_MINE;
}

static const struct {
	const char *name;
	enum cred_step (*find)(const struct profile *profile, struct cred *cred,
			       struct err *err);
} providers[] = {
	{ "environment", from_environment },
	{ "role", from_role },
	{ "sso", from_sso },
	{ "files", from_files },
	{ "login", from_login },
	{ "process", cred_process_find },
	{ "others", from_environment_not_yet },
};

bool cred_find(const struct profile *profile, struct cred *cred,
	       struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(providers); i++) {
		enum cred_step step = providers[i].find(profile, cred, err);

		if (step == CRED_FAILED)
			return false;
		cred->provider = providers[i].name;
		if (step == CRED_FOUND)
			return true;
	}
	err_set(err, ERR_AUTH,
		"no AWS credentials: none in the environment "
		"and none in profile \"%s\"",
		profile_name(profile));
	return err_hint(err, "run \"aws configure\", or set AWS_ACCESS_KEY_ID "
			     "and AWS_SECRET_ACCESS_KEY, or name a profile "
			     "with --profile");
}

bool cred_is_stale(const struct cred *cred, int64_t now_ms)
{
	return cred->expires_ms != 0 && now_ms > cred->expires_ms - STALE_MS;
}
