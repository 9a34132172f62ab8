/* Keys that stand in the credentials file or the config file. */
#include "aws/cred.h"

#include "aws/profile.h"

static enum cred_step find(const struct cred_ask *ask, enum profile_file file,
			   struct cred *cred, struct err *err)
{
	const struct profile *profile = ask->profile;
	const char *id = profile_get_from(profile, file, "aws_access_key_id");
	const char *secret =
		profile_get_from(profile, file, "aws_secret_access_key");

	if (id == NULL && secret == NULL)
		return CRED_NOT_MINE;
	if (id == NULL || secret == NULL) {
		err_set(err, ERR_AUTH,
			"AWS profile \"%s\" in %s has only one of "
			"aws_access_key_id and aws_secret_access_key",
			profile_name(profile), profile_path(profile, file));
		err_hint(err, "give both, in the same file, or neither");
		return CRED_FAILED;
	}
	cred_fill(cred, id, secret,
		  profile_get_from(profile, file, "aws_session_token"));
	str_addf(&cred->origin, "profile \"%s\" in %s", profile_name(profile),
		 profile_path(profile, file));
	return CRED_FOUND;
}

enum cred_step cred_shared_find(const struct cred_ask *ask, struct cred *cred,
				struct err *err)
{
	return find(ask, PROFILE_CREDENTIALS, cred, err);
}

enum cred_step cred_config_find(const struct cred_ask *ask, struct cred *cred,
				struct err *err)
{
	return find(ask, PROFILE_CONFIG, cred, err);
}
