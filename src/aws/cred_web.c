/* AssumeRoleWithWebIdentity: a token in a file instead of keys. */
#include "aws/cred.h"

#include "aws/cred_sts.h"
#include "aws/profile.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "data/url.h"

enum { MAX_TOKEN_BYTES = 64 * 1024 };

static const char *find(const struct cred_ask *ask, const char *variable,
			const char *key)
{
	const char *value = NULL;

	if (!profile_is_explicit(ask->profile))
		value = profile_env(variable);
	return value != NULL ? value : profile_get(ask->profile, key);
}

/* Read anew each time: whoever gave it renews it there. */
static bool add_token(const char *file, struct str *form, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str token = STR_EMPTY;
	bool fine;

	path_expand(file, &path);
	if (!file_read(path.text, MAX_TOKEN_BYTES, &token, err))
		return err_wrap(err, "web_identity_token_file");
	str_trim_end(&token);
	fine = token.len > 0;
	if (fine)
		url_add_param(form, "WebIdentityToken", token.text);
	else
		err_set(err, ERR_AUTH, "web_identity_token_file %s is empty",
			path.text);
	mem_wipe(token.text, token.len);
	return fine;
}

enum cred_step cred_web_find(const struct cred_ask *ask, struct cred *cred,
			     struct err *err)
{
	const char *file = find(ask, "AWS_WEB_IDENTITY_TOKEN_FILE",
				"web_identity_token_file");
	const char *role = find(ask, "AWS_ROLE_ARN", "role_arn");
	const char *session =
		find(ask, "AWS_ROLE_SESSION_NAME", "role_session_name");
	CLEANUP(str_done) struct str form = STR_EMPTY;
	bool fine;

	if (file == NULL)
		return CRED_NOT_MINE;
	if (role == NULL) {
		err_set(err, ERR_USAGE,
			"there is a web identity token, but no role_arn");
		err_hint(err, "set AWS_ROLE_ARN, or role_arn in the profile");
		return CRED_FAILED;
	}
	url_add_param(&form, "RoleArn", role);
	fine = cred_sts_add_session(&form, session, err) &&
	       add_token(file, &form, err) &&
	       cred_sts_assume(ask, NULL, "AssumeRoleWithWebIdentity", &form,
			       cred, err);
	mem_wipe(form.text, form.len);
	if (!fine) {
		err_wrap(err, "role %s by web identity", role);
		return CRED_FAILED;
	}
	str_addf(&cred->origin, "role %s by the web identity token in %s", role,
		 file);
	return CRED_FOUND;
}
