/* A role of the profile, assumed by source_profile or credential_source. */
#include <stdlib.h>
#include <string.h>

#include "aws/cred.h"
#include "aws/cred_sts.h"
#include "aws/profile.h"
#include "base/mem.h"
#include "data/url.h"

enum { SHORTEST_S = 900, LONGEST_S = 43200 };

/* Asked for by name, it counts with --profile too. */
static enum cred_step from_environment(const struct cred_ask *ask,
				       struct cred *cred, struct err *err)
{
	(void)ask;
	return cred_env_named(cred, err);
}

static const struct {
	const char *name; /* of credential_source, in that case */
	cred_provider *find;
} sources[] = {
	{ "Environment", from_environment },
	{ "Ec2InstanceMetadata", cred_imds_find },
	{ "EcsContainer", cred_container_find },
};

static bool from_named(const struct cred_ask *ask, const char *name,
		       struct cred *cred, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		if (strcmp(sources[i].name, name) != 0)
			continue;
		switch (sources[i].find(ask, cred, err)) {
		case CRED_FOUND:
			return true;
		case CRED_FAILED:
			return false;
		case CRED_NOT_MINE:
			return err_set(err, ERR_AUTH,
				       "credential_source %s of AWS profile "
				       "\"%s\" has no credentials",
				       name, profile_name(ask->profile));
		}
	}
	err_set(err, ERR_USAGE,
		"credential_source \"%s\" of AWS profile \"%s\" is not known",
		name, profile_name(ask->profile));
	return err_hint(err, "it is Environment, Ec2InstanceMetadata or "
			     "EcsContainer, in these letters");
}

static bool find_base(const struct cred_ask *ask, struct cred *cred,
		      struct err *err)
{
	const struct profile *profile = ask->profile;
	const char *source = profile_get(profile, "source_profile");
	const char *named = profile_get(profile, "credential_source");

	if ((source == NULL) == (named == NULL)) {
		err_set(err, ERR_USAGE, "AWS profile \"%s\" has role_arn, %s",
			profile_name(profile),
			source == NULL ? "but neither source_profile nor "
					 "credential_source"
				       : "and both source_profile and "
					 "credential_source");
		return err_hint(err, "one of them says whose credentials "
				     "assume the role");
	}
	if (named != NULL)
		return from_named(ask, named, cred, err);
	return cred_find_source(ask, source, cred, err);
}

static bool add_duration(const struct profile *profile, struct str *form,
			 struct err *err)
{
	const char *text = profile_get(profile, "duration_seconds");
	char *end;
	long seconds;

	if (text == NULL)
		return true;
	seconds = strtol(text, &end, 10);
	if (end == text || *end != '\0' || seconds < SHORTEST_S ||
	    seconds > LONGEST_S)
		return err_set(err, ERR_USAGE,
			       "duration_seconds \"%s\" of AWS profile \"%s\" "
			       "is not a number from 900 to 43200",
			       text, profile_name(profile));
	url_add_param(form, "DurationSeconds", text);
	return true;
}

static bool add_device(const struct cred_ask *ask, struct str *form,
		       struct err *err)
{
	const char *serial = profile_get(ask->profile, "mfa_serial");

	if (serial == NULL)
		return true;
	if (ask->code == NULL) {
		err_set(err, ERR_AUTH,
			"the role of AWS profile \"%s\" wants a code of the "
			"MFA device %s",
			profile_name(ask->profile), serial);
		err_set_code(err, CRED_WANTS_CODE);
		return err_hint(err, "type \\aws whoami, which asks for the code "
				     "on a terminal, then the same again");
	}
	url_add_param(form, "SerialNumber", serial);
	url_add_param(form, "TokenCode", ask->code);
	return true;
}

enum cred_step cred_role_find(const struct cred_ask *ask, struct cred *cred,
			      struct err *err)
{
	const struct profile *profile = ask->profile;
	const char *role = profile_get(profile, "role_arn");
	const char *external = profile_get(profile, "external_id");
	CLEANUP(cred_done) struct cred base = CRED_EMPTY;
	CLEANUP(str_done) struct str form = STR_EMPTY;

	if (role == NULL ||
	    profile_get(profile, "web_identity_token_file") != NULL)
		return CRED_NOT_MINE;
	url_add_param(&form, "RoleArn", role);
	if (external != NULL)
		url_add_param(&form, "ExternalId", external);
	/* What can be said without the network is said first. */
	if (!cred_sts_add_session(
		    &form, profile_get(profile, "role_session_name"), err) ||
	    !add_duration(profile, &form, err) ||
	    !add_device(ask, &form, err) || !find_base(ask, &base, err))
		return CRED_FAILED;
	if (!cred_sts_assume(ask, &base, "AssumeRole", &form, cred, err)) {
		err_wrap(err, "role %s", role);
		return CRED_FAILED;
	}
	str_addf(&cred->origin, "role %s, assumed by %s", role,
		 base.origin.text);
	return CRED_FOUND;
}
