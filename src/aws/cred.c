#include "aws/cred.h"

#include <string.h>

#include "aws/profile.h"
#include "base/clock.h"
#include "base/mem.h"

/* A profile's own providers; those outside it count only for the profile
 * that was asked for, not for a source_profile. */
static const struct {
	const char *name;
	cred_provider *find;
	bool of_profile;
} providers[] = {
	{ "environment", cred_env_find, false },
	{ "role", cred_role_find, true },
	{ "web identity", cred_web_find, true },
	{ "sso", cred_sso_find, true },
	{ "credentials file", cred_shared_find, true },
	{ "login", cred_login_find, true },
	{ "process", cred_process_find, true },
	{ "config file", cred_config_find, true },
	{ "container", cred_container_find, false },
	{ CRED_INSTANCE, cred_imds_find, false },
};

void cred_done(struct cred *cred)
{
	str_done(&cred->access_key_id);
	secret_done(&cred->secret_key);
	secret_done(&cred->token);
	str_done(&cred->origin);
}

void cred_fill(struct cred *cred, const char *id, const char *secret,
	       const char *token)
{
	str_set(&cred->access_key_id, id);
	secret_set(&cred->secret_key, secret);
	secret_set(&cred->token, token);
	cred->expires_ms = 0;
}

int64_t cred_now_ms(const struct cred_ask *ask)
{
	return clock_wall_ms() + ask->skew_ms;
}

static bool has_static_keys(const struct profile *profile)
{
	return profile_get(profile, "aws_access_key_id") != NULL ||
	       profile_get(profile, "aws_secret_access_key") != NULL;
}

/* As the AWS CLI: where a source has keys, they count before its role. */
static bool passes_over_role(const struct cred_ask *ask)
{
	return ask->outer != NULL && has_static_keys(ask->profile);
}

static enum cred_step walk(const struct cred_ask *ask, struct cred *cred,
			   struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(providers); i++) {
		enum cred_step step;

		if (ask->outer != NULL && !providers[i].of_profile)
			continue;
		if (providers[i].find == cred_role_find &&
		    passes_over_role(ask))
			continue;
		str_clear(&cred->origin);
		step = providers[i].find(ask, cred, err);
		if (step == CRED_NOT_MINE)
			continue;
		cred->provider = providers[i].name;
		return step;
	}
	return CRED_NOT_MINE;
}

static bool is_alive(const struct cred_ask *ask, const struct cred *cred,
		     struct err *err)
{
	if (cred->expires_ms == 0 || cred->expires_ms > cred_now_ms(ask))
		return true;
	err_set(err, ERR_AUTH, "the AWS credentials have expired (%s)",
		cred->origin.text);
	err_set_code(err, "ExpiredToken");
	return err_hint(err, "get new ones, the way these were made");
}

bool cred_find(const struct cred_ask *ask, struct cred *cred, struct err *err)
{
	switch (walk(ask, cred, err)) {
	case CRED_FOUND:
		return is_alive(ask, cred, err);
	case CRED_FAILED:
		return false;
	case CRED_NOT_MINE:
		break;
	}
	err_set(err, ERR_AUTH,
		"no AWS credentials: none in the environment "
		"and none in profile \"%s\"",
		profile_name(ask->profile));
	return err_hint(err, "run \"aws configure\", or set AWS_ACCESS_KEY_ID "
			     "and AWS_SECRET_ACCESS_KEY, or name a profile "
			     "with --profile");
}

/* Profiles already on the way: a -> b -> a. One may name itself when it has
 * keys, since these are then what it means. */
static bool goes_round(const struct cred_ask *outer,
		       const struct profile *source, struct err *err)
{
	CLEANUP(str_done) struct str way = STR_EMPTY;
	const char *name = profile_name(source);

	for (const struct cred_ask *at = outer; at != NULL; at = at->outer) {
		if (strcmp(profile_name(at->profile), name) != 0)
			continue;
		if (at == outer && has_static_keys(source))
			return false;
		for (at = outer; at != NULL; at = at->outer)
			str_addf(&way, "\"%s\" <- ",
				 profile_name(at->profile));
		err_set(err, ERR_USAGE,
			"source_profile goes round in a circle: \"%s\" <- %s"
			"...",
			name, way.text);
		err_hint(err, "let one of them name a profile that has keys "
			      "of its own");
		return true;
	}
	return false;
}

bool cred_find_source(const struct cred_ask *outer, const char *name,
		      struct cred *cred, struct err *err)
{
	CLEANUP(profile_freep)
	struct profile *source = profile_other(outer->profile, name);
	struct cred_ask ask = *outer;

	if (source == NULL) {
		err_set(err, ERR_USAGE,
			"source_profile \"%s\" of AWS profile \"%s\" does "
			"not exist",
			name, profile_name(outer->profile));
		return err_hint(err, "it must be a section of %s or %s",
				profile_path(outer->profile, PROFILE_CONFIG),
				profile_path(outer->profile,
					     PROFILE_CREDENTIALS));
	}
	if (goes_round(outer, source, err))
		return false;
	ask.profile = source;
	ask.outer = outer;
	switch (walk(&ask, cred, err)) {
	case CRED_FOUND:
		return is_alive(&ask, cred, err);
	case CRED_FAILED:
		return false;
	case CRED_NOT_MINE:
		break;
	}
	err_set(err, ERR_AUTH,
		"source_profile \"%s\" of AWS profile \"%s\" has no "
		"credentials",
		name, profile_name(outer->profile));
	return err_hint(err, "give it keys, or a role, SSO or process to get "
			     "them by");
}

/* The chain is walked as cred_role does, no further than a device. */
static const char *serial_of(const struct profile *profile, int depth)
{
	const char *serial = profile_get(profile, "mfa_serial");
	const char *source = profile_get(profile, "source_profile");
	CLEANUP(profile_freep) struct profile *other = NULL;

	if (profile_get(profile, "role_arn") == NULL ||
	    profile_get(profile, "web_identity_token_file") != NULL ||
	    (depth > 0 && has_static_keys(profile)))
		return NULL;
	if (serial != NULL || source == NULL || depth > 16)
		return serial;
	other = profile_other(profile, source);
	return other != NULL ? serial_of(other, depth + 1) : NULL;
}

const char *cred_mfa_serial(const struct profile *profile)
{
	if (!profile_is_explicit(profile) &&
	    profile_env("AWS_ACCESS_KEY_ID") != NULL)
		return NULL;
	return serial_of(profile, 0);
}
