#include "aws/policy.h"

#include <stddef.h>
#include <stdlib.h>

#include "aws/endpoint.h"
#include "aws/profile.h"
#include "base/str.h"

enum { ATTEMPTS_MAX = 100 };

struct setting {
	const char *variable;
	const char *key;
};

static const struct setting mode_setting = { "AWS_RETRY_MODE", "retry_mode" };
static const struct setting attempts_setting = { "AWS_MAX_ATTEMPTS",
						 "max_attempts" };
static const struct setting request_setting = {
	"AWS_REQUEST_CHECKSUM_CALCULATION", "request_checksum_calculation"
};
static const struct setting response_setting = {
	"AWS_RESPONSE_CHECKSUM_VALIDATION", "response_checksum_validation"
};

static const char *value_of(const struct profile *profile,
			    const struct setting *setting)
{
	const char *value = profile_env(setting->variable);

	return value != NULL ? value : profile_get(profile, setting->key);
}

static bool refuse(const struct setting *setting, const char *value,
		   const char *allowed, struct err *err)
{
	err_set(err, ERR_USAGE, "%s is \"%.80s\"",
		profile_env(setting->variable) != NULL ? setting->variable
						       : setting->key,
		value);
	return err_hint(err, "it is %s", allowed);
}

static bool read_mode(struct policy *policy, const struct profile *profile,
		      struct err *err)
{
	const char *value = value_of(profile, &mode_setting);

	policy->retry_mode = RETRY_STANDARD;
	if (value == NULL || str_equal_nocase(value, "standard"))
		return true;
	if (str_equal_nocase(value, "legacy"))
		policy->retry_mode = RETRY_LEGACY;
	else if (str_equal_nocase(value, "adaptive"))
		policy->retry_mode = RETRY_ADAPTIVE;
	else
		return refuse(&mode_setting, value,
			      "legacy, standard or adaptive", err);
	return true;
}

static bool read_attempts(struct policy *policy, const struct profile *profile,
			  struct err *err)
{
	const char *value = value_of(profile, &attempts_setting);
	char *end;
	long count;

	policy->max_attempts = retry_default_attempts(policy->retry_mode);
	if (value == NULL)
		return true;
	count = strtol(value, &end, 10);
	if (value[0] < '0' || value[0] > '9' || *end != '\0' || count < 1 ||
	    count > ATTEMPTS_MAX)
		return refuse(&attempts_setting, value,
			      "a number of tries from 1 to 100", err);
	policy->max_attempts = (int)count;
	return true;
}

static bool read_when(const struct profile *profile,
		      const struct setting *setting, bool *out_supported,
		      struct err *err)
{
	const char *value = value_of(profile, setting);

	*out_supported = true;
	if (value == NULL || str_equal_nocase(value, "when_supported"))
		return true;
	if (!str_equal_nocase(value, "when_required"))
		return refuse(setting, value, "when_supported or when_required",
			      err);
	*out_supported = false;
	return true;
}

bool policy_read(struct policy *policy, const struct profile *profile,
		 const struct endpoint_config *endpoints, struct err *err)
{
	const char *endpoint = endpoints->override[ENDPOINT_S3].text;
	const char *signs;
	bool sends;

	if (!read_mode(policy, profile, err) ||
	    !read_attempts(policy, profile, err) ||
	    !read_when(profile, &request_setting, &sends, err) ||
	    !read_when(profile, &response_setting, &policy->checks_replies,
		       err))
		return false;
	policy->body_kind = sends ? INTEGRITY_CRC64NVME : INTEGRITY_NONE;
	/* Over TLS the checksum guards the bytes; without one, or without
	 * TLS, the signature has to. */
	signs = profile_get(profile, "s3.payload_signing_enabled");
	policy->signs_bodies = !sends || str_starts(endpoint, "http://") ||
			       (signs != NULL &&
				str_equal_nocase(signs, "true"));
	return true;
}
