#include "aws/profile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "base/utf8.h"
#include "data/ini.h"

enum { MAX_FILE_BYTES = 4 * 1024 * 1024 };

static const struct {
	const char *variable;
	const char *otherwise;
} file_table[] = {
	[PROFILE_CONFIG] = { "AWS_CONFIG_FILE", "~/.aws/config" },
	[PROFILE_CREDENTIALS] = { "AWS_SHARED_CREDENTIALS_FILE",
				  "~/.aws/credentials" },
};

enum { FILE_COUNT = COUNT_OF(file_table) };

struct profile {
	char *name;
	bool explicit;
	bool borrows; /* files and paths belong to another one */
	struct ini *files[FILE_COUNT];
	char *paths[FILE_COUNT];
	char *warning; /* of files that others may read; NULL: none */
};

const char *profile_env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* $NAME and ${NAME} as the AWS CLI has them in these two variables; what is
 * not set stays as it is. */
static void expand_variables(const char *text, struct str *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789_";

	while (*text != '\0') {
		bool braced = text[0] == '$' && text[1] == '{';
		const char *from = text + (braced ? 2 : 1);
		size_t len = text[0] == '$' ? strspn(from, letters) : 0;
		CLEANUP(mem_freep) char *name = NULL;
		const char *value = NULL;

		if (len > 0 && (!braced || from[len] == '}')) {
			name = mem_copy_slice(from, len);
			value = getenv(name);
		}
		if (value == NULL) {
			str_add_char(out, *text++);
			continue;
		}
		str_add(out, value);
		text = from + len + (braced ? 1 : 0);
	}
}

/* What comes from an editor that saves UTF-16, or is no text at all. */
static bool is_text(const struct str *text, const char *path, struct err *err)
{
	int line = 1;

	if (text->len >= 2 && (memcmp(text->text, "\xFF\xFE", 2) == 0 ||
			       memcmp(text->text, "\xFE\xFF", 2) == 0)) {
		err_set(err, ERR_DATA, "%s is UTF-16, not UTF-8", path);
		return err_hint(err, "save it as UTF-8: iconv -f UTF-16 -t "
				     "UTF-8");
	}
	for (size_t at = 0; at < text->len; at++) {
		unsigned char c = (unsigned char)text->text[at];

		if (c == '\n')
			line++;
		if (c == '\0')
			return err_set(err, ERR_DATA,
				       "%s, line %d: a NUL byte", path, line);
	}
	if (utf8_valid(text->text, text->len))
		return true;
	err_set(err, ERR_DATA, "%s is not UTF-8", path);
	return err_hint(err, "save it as UTF-8: iconv -f ISO-8859-1 -t UTF-8");
}

static bool holds_secret(const struct ini *ini)
{
	for (size_t i = 0; i < ini_section_count(ini); i++) {
		const struct ini_section *section = ini_section(ini, i);

		if (ini_get(ini, section->type, section->name,
			    "aws_secret_access_key") != NULL)
			return true;
	}
	return false;
}

static void check_mode(struct profile *profile, enum profile_file file)
{
	const char *path = profile->paths[file];
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct stat status;

	if (profile->warning != NULL || stat(path, &status) != 0 ||
	    (status.st_mode & 077) == 0 || !holds_secret(profile->files[file]))
		return;
	str_addf(&text,
		 "%s holds secret keys and is open to others (mode %04o): "
		 "chmod 600 %s",
		 path, (unsigned)status.st_mode & 07777, path);
	profile->warning = str_take(&text);
}

static bool read_file(struct profile *profile, enum profile_file file,
		      struct err *err)
{
	CLEANUP(str_done) struct str named = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *name = profile_env(file_table[file].variable);
	struct err failed = ERR_EMPTY;
	bool fine;

	expand_variables(name != NULL ? name : file_table[file].otherwise,
			 &named);
	path_expand(named.text, &path);
	profile->files[file] = ini_new();
	profile->paths[file] = mem_copy_text(path.text);
	if (!file_read(path.text, MAX_FILE_BYTES, &text, &failed)) {
		if (failed.kind == ERR_MISSING)
			return true;
		if (err != NULL)
			*err = failed;
		return false;
	}
	fine = is_text(&text, path.text, err) &&
	       ini_add(profile->files[file], path.text, text.text, text.len,
		       err);
	mem_wipe(text.text, text.len);
	if (fine)
		check_mode(profile, file);
	return fine;
}

/* [profile default] wins over [default], which has no type. */
static const char *type_of(const struct profile *profile,
			   enum profile_file file, const char *name)
{
	if (file == PROFILE_CREDENTIALS)
		return "";
	if (strcmp(name, "default") == 0 &&
	    !ini_has(profile->files[PROFILE_CONFIG], "profile", "default"))
		return "";
	return "profile";
}

static bool exists(const struct profile *profile, const char *name)
{
	for (int file = 0; file < FILE_COUNT; file++)
		if (ini_has(profile->files[file],
			    type_of(profile, (enum profile_file)file, name),
			    name))
			return true;
	return false;
}

/* A near miss is told: letters in another case, or [NAME] in the file of
 * configuration where it must be [profile NAME]. */
static void hint_for(const struct profile *profile, const char *wanted,
		     struct err *err)
{
	size_t at = 0;
	const char *name;

	err_hint(err,
		 "profiles are the sections of ~/.aws/config and "
		 "~/.aws/credentials; \"aws configure --profile %s\" "
		 "makes one",
		 wanted);
	if (ini_has(profile->files[PROFILE_CONFIG], "", wanted))
		err_hint(err,
			 "%s has a section [%s]: there it must be "
			 "[profile %s]",
			 profile->paths[PROFILE_CONFIG], wanted, wanted);
	while ((name = profile_next(profile, &at)) != NULL)
		if (str_equal_nocase(name, wanted))
			err_hint(err, "there is a profile \"%s\"", name);
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
	if (!read_file(profile, PROFILE_CONFIG, err) ||
	    !read_file(profile, PROFILE_CREDENTIALS, err)) {
		profile_free(profile);
		return NULL;
	}
	if (wanted == NULL || exists(profile, wanted) ||
	    strcmp(wanted, "default") == 0)
		return profile;
	err_set(err, ERR_USAGE, "there is no AWS profile \"%s\"", wanted);
	hint_for(profile, wanted, err);
	profile_free(profile);
	return NULL;
}

struct profile *profile_other(const struct profile *profile, const char *name)
{
	struct profile *other;

	if (!exists(profile, name))
		return NULL;
	other = mem_alloc(sizeof(*other));
	other->name = mem_copy_text(name);
	other->explicit = true;
	other->borrows = true;
	memcpy(other->files, profile->files, sizeof(other->files));
	memcpy(other->paths, profile->paths, sizeof(other->paths));
	return other;
}

void profile_free(struct profile *profile)
{
	if (profile == NULL)
		return;
	mem_free(profile->name);
	for (int file = 0; file < FILE_COUNT && !profile->borrows; file++) {
		ini_free(profile->files[file]);
		mem_free(profile->paths[file]);
	}
	mem_free(profile->warning);
	mem_free(profile);
}

/* Of the sections of both files, counted through; NULL: not a profile. */
static const char *section_name(const struct profile *profile, size_t index)
{
	size_t configs = ini_section_count(profile->files[PROFILE_CONFIG]);
	const struct ini_section *section;

	if (index >= configs) {
		section = ini_section(profile->files[PROFILE_CREDENTIALS],
				      index - configs);
		return section->type[0] == '\0' ? section->name : NULL;
	}
	section = ini_section(profile->files[PROFILE_CONFIG], index);
	if (strcmp(section->type, "profile") == 0 ||
	    (section->type[0] == '\0' &&
	     strcmp(section->name, "default") == 0))
		return section->name;
	return NULL;
}

static bool came_before(const struct profile *profile, size_t end,
			const char *name)
{
	for (size_t i = 0; i < end; i++) {
		const char *other = section_name(profile, i);

		if (other != NULL && strcmp(other, name) == 0)
			return true;
	}
	return false;
}

const char *profile_next(const struct profile *profile, size_t *at)
{
	size_t all = ini_section_count(profile->files[PROFILE_CONFIG]) +
		     ini_section_count(profile->files[PROFILE_CREDENTIALS]);

	while (*at < all) {
		size_t i = (*at)++;
		const char *name = section_name(profile, i);

		if (name != NULL && !came_before(profile, i, name))
			return name;
	}
	return NULL;
}

const char *profile_warning(const struct profile *profile)
{
	return profile->warning != NULL ? profile->warning : "";
}

const char *profile_name(const struct profile *profile)
{
	return profile->name;
}

bool profile_is_explicit(const struct profile *profile)
{
	return profile->explicit;
}

const char *profile_path(const struct profile *profile, enum profile_file file)
{
	return profile->paths[file];
}

static const char *full(const char *value)
{
	return value != NULL && value[0] != '\0' ? value : NULL;
}

const char *profile_get_from(const struct profile *profile,
			     enum profile_file file, const char *key)
{
	return full(ini_get(profile->files[file],
			    type_of(profile, file, profile->name),
			    profile->name, key));
}

const char *profile_get(const struct profile *profile, const char *key)
{
	const char *value =
		profile_get_from(profile, PROFILE_CREDENTIALS, key);

	if (value == NULL)
		value = profile_get_from(profile, PROFILE_CONFIG, key);
	return value;
}

bool profile_has_session(const struct profile *profile, const char *session)
{
	return ini_has(profile->files[PROFILE_CONFIG], "sso-session", session);
}

const char *profile_get_session(const struct profile *profile,
				const char *session, const char *key)
{
	return full(ini_get(profile->files[PROFILE_CONFIG], "sso-session",
			    session, key));
}

bool profile_is_on(const struct profile *profile, const char *variable,
		   const char *key)
{
	const char *value = profile_env(variable);

	if (value == NULL)
		value = profile_get(profile, key);
	return value != NULL && str_equal_nocase(value, "true");
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

const char *profile_region_origin(const struct profile *profile,
				  const char *option)
{
	if (option != NULL)
		return "--region";
	if (profile_env("AWS_REGION") != NULL)
		return "AWS_REGION";
	if (profile_env("AWS_DEFAULT_REGION") != NULL)
		return "AWS_DEFAULT_REGION";
	return profile_get(profile, "region") != NULL ? "the AWS profile"
						      : "nowhere";
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
	return full(ini_get(profile->files[PROFILE_CONFIG], "services",
			    services, key.text));
}

static const char *find_override(const struct profile *profile,
				 const char *option, const char *id)
{
	CLEANUP(str_done) struct str variable = STR_EMPTY;
	const char *url = option;

	if (url != NULL)
		return url;
	if (profile_is_on(profile, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
			  "ignore_configured_endpoint_urls"))
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
	const char *sts = profile_env("AWS_STS_REGIONAL_ENDPOINTS");

	for (size_t i = 0; i < ENDPOINT_SERVICE_COUNT; i++) {
		const char *url = find_override(
			profile, option,
			endpoint_service_id((enum endpoint_service)i));

		str_set(&config->override[i], url != NULL ? url : "");
	}
	if (sts == NULL)
		sts = profile_get(profile, "sts_regional_endpoints");
	config->sts_global = sts != NULL && str_equal_nocase(sts, "legacy");
	config->fips = profile_is_on(profile, "AWS_USE_FIPS_ENDPOINT",
				     "use_fips_endpoint");
	config->dualstack = profile_is_on(profile, "AWS_USE_DUALSTACK_ENDPOINT",
					  "use_dualstack_endpoint");
	config->s3_style = ENDPOINT_STYLE_AUTO;
	if (style != NULL && strcmp(style, "path") == 0)
		config->s3_style = ENDPOINT_STYLE_PATH;
	if (style != NULL && strcmp(style, "virtual") == 0)
		config->s3_style = ENDPOINT_STYLE_VIRTUAL;
}
