#include "aws/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "data/ini.h"

enum { MAX_FILE_BYTES = 4 * 1024 * 1024 };

struct profile {
	char *name;
	bool explicit;
	struct ini *config;
	struct ini *credentials;
};

const char *profile_env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static struct ini *read_ini(const char *variable, const char *otherwise,
			    struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct ini *ini = ini_new();
	const char *name = profile_env(variable);
	struct err failed = ERR_EMPTY;
	bool fine;

	path_expand(name != NULL ? name : otherwise, &path);
	if (!file_read(path.text, MAX_FILE_BYTES, &text, &failed)) {
		if (failed.kind == ERR_MISSING)
			return ini;
		*err = failed;
		ini_free(ini);
		return NULL;
	}
	fine = ini_add(ini, path.text, text.text, text.len, err);
	mem_wipe(text.text, text.len);
	if (fine)
		return ini;
	ini_free(ini);
	return NULL;
}

/* [profile default] wins over [default], which has no type. */
static const char *config_type(const struct profile *profile)
{
	if (strcmp(profile->name, "default") == 0 &&
	    !ini_has(profile->config, "profile", "default"))
		return "";
	return "profile";
}

static bool exists(const struct profile *profile)
{
	return ini_has(profile->config, config_type(profile), profile->name) ||
	       ini_has(profile->credentials, "", profile->name);
}

struct profile *profile_open(const char *name, struct err *err)
{
	struct profile *profile = mem_alloc(sizeof(*profile));
	const char *wanted = name;

	profile->explicit = name != NULL;
	if (wanted == NULL)
		wanted = profile_env("AWS_PROFILE");
	if (wanted == NULL)
		wanted = profile_env("AWS_DEFAULT_PROFILE");
	profile->name = mem_copy_text(wanted != NULL ? wanted : "default");
	profile->config = read_ini("AWS_CONFIG_FILE", "~/.aws/config", err);
	if (profile->config != NULL)
		profile->credentials = read_ini("AWS_SHARED_CREDENTIALS_FILE",
						"~/.aws/credentials", err);
	if (profile->credentials == NULL) {
		profile_free(profile);
		return NULL;
	}
	if (wanted == NULL || exists(profile) || strcmp(wanted, "default") == 0)
		return profile;
	err_set(err, ERR_USAGE, "there is no AWS profile \"%s\"", wanted);
	err_hint(err,
		 "profiles are the sections of ~/.aws/config and "
		 "~/.aws/credentials; \"aws configure --profile %s\" "
		 "makes one",
		 wanted);
	profile_free(profile);
	return NULL;
}

void profile_free(struct profile *profile)
{
	if (profile == NULL)
		return;
	mem_free(profile->name);
	ini_free(profile->config);
	ini_free(profile->credentials);
	mem_free(profile);
}

const char *profile_name(const struct profile *profile)
{
	return profile->name;
}

bool profile_is_explicit(const struct profile *profile)
{
	return profile->explicit;
}

const char *profile_get(const struct profile *profile, const char *key)
{
	const char *value =
		ini_get(profile->credentials, "", profile->name, key);

	if (value == NULL)
		value = ini_get(profile->config, config_type(profile),
				profile->name, key);
	return value != NULL && value[0] != '\0' ? value : NULL;
}

const char *profile_region(const struct profile *profile, const char *option,
			   const char *fallback)
{
	const char *region = option;

	if (region == NULL)
		region = profile_env("AWS_REGION");
	if (region == NULL)
		region = profile_env("AWS_DEFAULT_REGION");
	if (region == NULL)
		region = profile_get(profile, "region");
	return region != NULL ? region : fallback;
}

const char *profile_ca_file(const struct profile *profile)
{
	const char *file = profile_env("AWS_CA_BUNDLE");

	return file != NULL ? file : profile_get(profile, "ca_bundle");
}

/* "s3.endpoint_url" of the section [services NAME] the profile points at. */
static const char *services_override(const struct profile *profile,
				     const char *id)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	const char *services = profile_get(profile, "services");

	if (services == NULL)
		return NULL;
	for (const char *at = id; *at != '\0'; at++)
		str_add_char(&key, *at >= 'A' && *at <= 'Z'
					   ? (char)(*at - 'A' + 'a')
					   : *at);
	str_add(&key, ".endpoint_url");
	return ini_get(profile->config, "services", services, key.text);
}

static const char *find_override(const struct profile *profile,
				 const char *option, const char *id)
{
	CLEANUP(str_done) struct str variable = STR_EMPTY;
	const char *ignore = profile_env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
	const char *url = option;

	if (url != NULL)
		return url;
	if (ignore == NULL)
		ignore =
			profile_get(profile, "ignore_configured_endpoint_urls");
	if (ignore != NULL && str_equal_nocase(ignore, "true"))
		return NULL;
	str_addf(&variable, "AWS_ENDPOINT_URL_%s", id);
	url = profile_env(variable.text);
	if (url == NULL)
		url = profile_env("AWS_ENDPOINT_URL");
	if (url == NULL)
		url = services_override(profile, id);
	return url != NULL ? url : profile_get(profile, "endpoint_url");
}

void profile_endpoint_config(const struct profile *profile, const char *option,
			     struct endpoint_config *config)
{
	const char *style = profile_get(profile, "s3.addressing_style");

	for (size_t i = 0; i < ENDPOINT_SERVICE_COUNT; i++) {
		const char *url = find_override(
			profile, option,
			endpoint_service_id((enum endpoint_service)i));

		str_set(&config->override[i], url != NULL ? url : "");
	}
	config->s3_style = ENDPOINT_STYLE_AUTO;
	if (style != NULL && strcmp(style, "path") == 0)
		config->s3_style = ENDPOINT_STYLE_PATH;
	if (style != NULL && strcmp(style, "virtual") == 0)
		config->s3_style = ENDPOINT_STYLE_VIRTUAL;
}
