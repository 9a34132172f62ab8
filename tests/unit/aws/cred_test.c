/* The chain over files in a temporary folder and a set environment. */
#include "../check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "aws/cred.h"
#include "aws/profile.h"
#include "base/file.h"
#include "base/str.h"

static char folder[] = "/tmp/redsh-cred-XXXXXX";

static const char *const variables[] = {
	"AWS_ACCESS_KEY_ID",
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"AWS_SECURITY_TOKEN",
	"AWS_CREDENTIAL_EXPIRATION",
	"AWS_PROFILE",
	"AWS_DEFAULT_PROFILE",
	"AWS_REGION",
	"AWS_DEFAULT_REGION",
	"AWS_ENDPOINT_URL",
	"AWS_ENDPOINT_URL_S3",
	"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
	"AWS_CA_BUNDLE",
	"AWS_STS_REGIONAL_ENDPOINTS",
	"AWS_WEB_IDENTITY_TOKEN_FILE",
	"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
	"AWS_CONTAINER_CREDENTIALS_FULL_URI",
};

static const char config_text[] =
	"[default]\nregion = eu-west-1\n"
	"[profile static]\nregion=us-west-2\naws_access_key_id=AKC\n"
	"aws_secret_access_key=config\n"
	"[profile sso]\nsso_account_id = 1\nsso_role_name = r\n"
	"[profile role]\nrole_arn = arn:aws:iam::1:role/r\n"
	"source_profile = static\n"
	"[profile login]\nlogin_session = x\n"
	"[profile half]\naws_access_key_id = AK\n"
	"[profile proc]\ncredential_process = printf '%s' "
	"'{\"Version\":1,\"AccessKeyId\":\"AKP\",\"SecretAccessKey\":"
	"\"s`$HOME`\",\"SessionToken\":\"tok\",\"Expiration\":"
	"\"2030-01-01T00:00:00Z\"}'\n"
	"[profile bad]\ncredential_process = false\n"
	"[profile hangs]\ncredential_process = sleep 30\n"
	"[profile floods]\ncredential_process = yes\n"
	"[profile circle]\nrole_arn = arn:aws:iam::1:role/c\n"
	"source_profile = circle2\n"
	"[profile circle2]\nrole_arn = arn:aws:iam::1:role/c\n"
	"source_profile = circle\n"
	"[profile lost]\nrole_arn = a\nsource_profile = nobody\n"
	"[profile poor]\nrole_arn = a\nsource_profile = local\n"
	"[profile mfa]\nrole_arn = a\nsource_profile = static\n"
	"mfa_serial = arn:aws:iam::1:mfa/m\n"
	"[profile chain]\nrole_arn = a\nsource_profile = mfa\n"
	"[profile long]\nrole_arn = a\nsource_profile = static\n"
	"duration_seconds = 99\n"
	"[profile who]\nrole_arn = a\nsource_profile = static\n"
	"role_session_name = a b\n"
	"[profile source]\nrole_arn = a\ncredential_source = environment\n"
	"[profile lonely]\nrole_arn = a\n"
	"[profile open]\ncredential_process = printf 'x\n"
	"[profile local]\nservices = here\ns3 =\n"
	"  addressing_style = path\n"
	"[services here]\ns3 =\n  endpoint_url = http://127.0.0.1:1\n";

static const char credentials_text[] =
	"[static]\naws_access_key_id = AKF\n"
	"aws_secret_access_key = a/b+c=d\naws_session_token = T\n";

static int write_files(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	str_addf(&path, "%s/config", folder);
	setenv("AWS_CONFIG_FILE", path.text, 1);
	if (!file_write(path.text, config_text, strlen(config_text), 0600,
			NULL))
		return -1;
	str_clear(&path);
	str_addf(&path, "%s/credentials", folder);
	setenv("AWS_SHARED_CREDENTIALS_FILE", path.text, 1);
	return file_write(path.text, credentials_text,
			  strlen(credentials_text), 0600, NULL)
		       ? 0
		       : -1;
}

static int remove_files(void **state)
{
	(void)state;
	return file_remove_tree(folder, NULL) ? 0 : -1;
}

static int clear_environment(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(variables); i++)
		unsetenv(variables[i]);
	setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
	return 0;
}

static bool find(const char *name, struct cred *cred, struct err *err)
{
	CLEANUP(profile_freep) struct profile *profile =
		profile_open(name, err);
	CLEANUP(endpoint_config_done) struct endpoint_config endpoints;
	struct cred_ask ask = {
		.profile = profile,
		.endpoints = &endpoints,
		.region = "us-east-1",
		.process_timeout_ms = 300,
	};

	endpoint_config_init(&endpoints);
	return profile != NULL && cred_find(&ask, cred, err);
}

static void the_credentials_file_wins_over_config(void **state)
{
	CLEANUP(cred_done) struct cred cred = CRED_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(find("static", &cred, &err));
	assert_text(cred.access_key_id.text, "AKF");
	assert_text(secret_text(&cred.secret_key), "a/b+c=d");
	assert_text(secret_text(&cred.token), "T");
	assert_text(cred.provider, "credentials file");
}

static void the_environment_beats_aws_profile_but_not_the_option(void **state)
{
	CLEANUP(cred_done) struct cred cred = CRED_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	setenv("AWS_ACCESS_KEY_ID", "AKE", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "env", 1);
	setenv("AWS_PROFILE", "static", 1);
	assert_true(find(NULL, &cred, &err));
	assert_text(cred.access_key_id.text, "AKE");
	assert_false(secret_is_set(&cred.token));
	assert_true(find("static", &cred, &err));
	assert_text(cred.access_key_id.text, "AKF");
}

static void half_a_pair_of_keys_is_an_error(void **state)
{
	CLEANUP(cred_done) struct cred cred = CRED_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(find("half", &cred, &err));
	assert_int_equal(err.kind, ERR_AUTH);
	setenv("AWS_ACCESS_KEY_ID", "AKE", 1);
	assert_false(find(NULL, &cred, &err));
	assert_int_equal(err.kind, ERR_AUTH);
}

static void a_process_runs_without_a_shell(void **state)
{
	CLEANUP(cred_done) struct cred cred = CRED_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	if (!find("proc", &cred, &err))
		fail_msg("%s", err.message);
	assert_text(cred.access_key_id.text, "AKP");
	assert_text(secret_text(&cred.secret_key), "s`$HOME`");
	assert_text(secret_text(&cred.token), "tok");
	assert_int_equal(cred.expires_ms, INT64_C(1893456000000));
	assert_false(find("bad", &cred, &err));
	assert_non_null(strstr(err.message, "exited with code 1"));
	assert_false(find("open", &cred, &err));
}

static void output_of_a_process_is_checked(void **state)
{
	static const char *const bad[] = {
		"", "{", "[]", "{\"Version\":2}",
		"{\"Version\":\"1\",\"AccessKeyId\":\"a\"}",
		"{\"Version\":1,\"AccessKeyId\":\"a\"}",
		"{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":"
		"\"b\",\"Expiration\":\"soon\"}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CLEANUP(cred_done) struct cred cred = CRED_EMPTY;
		struct err err = ERR_EMPTY;

		assert_false(cred_process_parse(bad[i], strlen(bad[i]), &cred,
						&err));
	}
}

/* A row is a profile that cannot work, and words of what is said of it. */
static void what_is_wrong_in_a_profile_is_named(void **state)
{
	static const struct {
		const char *profile;
		const char *message;
		const char *hint;
	} rows[] = {
		{ "sso", "has no sso_start_url", "aws configure sso" },
		{ "login", "has not been done yet",
		  "aws login --profile login" },
		{ "bad", "exited with code 1", "run it by hand: false" },
		{ "open", "a quote is not closed", "" },
		{ "hangs", "did not end within 300 ms", "run it by hand" },
		{ "floods", "printed more than 65536 bytes", "run it by hand" },
		{ "circle", "goes round in a circle", "keys of its own" },
		{ "lost", "source_profile \"nobody\"", "must be a section" },
		{ "poor", "has no credentials", "give it keys" },
		{ "half", "only one of", "both" },
		{ "mfa", "wants a code of the MFA device arn:aws:iam::1:mfa/m",
		  "\\aws whoami" },
		{ "long", "duration_seconds \"99\"", "" },
		{ "who", "role_session_name \"a b\"", "2 to 64" },
		{ "source", "credential_source \"environment\"",
		  "in these letters" },
		{ "lonely", "neither source_profile nor", "" },
	};

	(void)state;
	setenv("HOME", folder, 1);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP(cred_done) struct cred cred = CRED_EMPTY;
		struct err err = ERR_EMPTY;

		assert_false(find(rows[i].profile, &cred, &err));
		if (strstr(err.message, rows[i].message) == NULL ||
		    strstr(err.hint, rows[i].hint) == NULL)
			fail_msg("%s: %s / %s", rows[i].profile, err.message,
				 err.hint);
	}
}

static void a_device_is_found_along_the_chain(void **state)
{
	CLEANUP(profile_freep) struct profile *chain =
		profile_open("chain", NULL);
	CLEANUP(profile_freep) struct profile *plain =
		profile_open("static", NULL);
	CLEANUP(profile_freep) struct profile *circle =
		profile_open("circle", NULL);

	(void)state;
	assert_text(cred_mfa_serial(chain), "arn:aws:iam::1:mfa/m");
	assert_null(cred_mfa_serial(plain));
	assert_null(cred_mfa_serial(circle));
}

static void files_that_are_no_text_are_named(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *message;
	} rows[] = {
		{ "\xff\xfe[\0d\0]\0", 8, "UTF-16" },
		{ "[d]\na = \xe4\n", 10, "not UTF-8" },
		{ "[d]\na = b\0c\n", 12, "line 2: a NUL byte" },
		{ "[d\n", 3, "line 1: no ] after [" },
		{ "[d]\nhello\n", 10, "line 2: neither" },
		{ "a = b\n", 6, "before the first [section]" },
	};
	CLEANUP(str_done) struct str path = STR_EMPTY;

	(void)state;
	str_addf(&path, "%s/broken", folder);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *was = getenv("AWS_CONFIG_FILE");
		CLEANUP(mem_freep) char *old = mem_copy_text(was);
		struct err err = ERR_EMPTY;

		assert_true(file_write(path.text, rows[i].text, rows[i].len,
				       0600, NULL));
		setenv("AWS_CONFIG_FILE", path.text, 1);
		assert_null(profile_open(NULL, &err));
		setenv("AWS_CONFIG_FILE", old, 1);
		assert_int_equal(err.kind, ERR_DATA);
		if (strstr(err.message, rows[i].message) == NULL)
			fail_msg("%s", err.message);
	}
}

static void keys_that_others_can_read_are_warned_of(void **state)
{
	CLEANUP(profile_freep) struct profile *fine = profile_open(NULL, NULL);
	CLEANUP(profile_freep) struct profile *loose = NULL;
	const char *path = getenv("AWS_SHARED_CREDENTIALS_FILE");

	(void)state;
	assert_int_equal(chmod(path, 0644), 0);
	loose = profile_open(NULL, NULL);
	assert_int_equal(chmod(path, 0600), 0);
	assert_text(profile_warning(fine), "");
	assert_non_null(strstr(profile_warning(loose), "mode 0644"));
	assert_non_null(strstr(profile_warning(loose), "chmod 600"));
}

static void every_profile_is_walked_once(void **state)
{
	CLEANUP(profile_freep) struct profile *profile =
		profile_open(NULL, NULL);
	size_t at = 0, statics = 0, count = 0;
	const char *name;

	(void)state;
	while ((name = profile_next(profile, &at)) != NULL) {
		statics += strcmp(name, "static") == 0;
		count++;
		assert_string_not_equal(name, "here");
	}
	assert_int_equal(statics, 1);
	assert_int_equal(count, 22);
}

static void no_credentials_tell_how_to_get_some(void **state)
{
	CLEANUP(cred_done) struct cred cred = CRED_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(find(NULL, &cred, &err));
	assert_int_equal(err.kind, ERR_AUTH);
	assert_non_null(strstr(err.hint, "aws configure"));
}

static void a_profile_that_was_named_must_exist(void **state)
{
	struct err err = ERR_EMPTY;

	(void)state;
	assert_null(profile_open("nobody", &err));
	assert_int_equal(err.kind, ERR_USAGE);
	setenv("AWS_PROFILE", "nobody", 1);
	assert_null(profile_open(NULL, &err));
}

static void the_region_comes_from_the_nearest_place(void **state)
{
	CLEANUP(profile_freep) struct profile *profile =
		profile_open("static", NULL);
	CLEANUP(profile_freep) struct profile *bare =
		profile_open("sso", NULL);

	(void)state;
	assert_text(profile_region(profile, "here", "there"), "here");
	assert_text(profile_region(profile, NULL, "there"), "us-west-2");
	assert_text(profile_region(bare, NULL, "there"), "there");
	assert_text(profile_region(bare, NULL, NULL), NULL);
	setenv("AWS_DEFAULT_REGION", "r2", 1);
	assert_text(profile_region(profile, NULL, NULL), "r2");
	setenv("AWS_REGION", "r1", 1);
	assert_text(profile_region(profile, NULL, NULL), "r1");
}

static const char *s3_override(const char *name, const char *option,
			       struct endpoint_config *config)
{
	CLEANUP(profile_freep) struct profile *profile =
		profile_open(name, NULL);

	profile_endpoint_config(profile, option, config);
	return config->override[ENDPOINT_S3].text;
}

static void endpoints_come_from_the_nearest_place(void **state)
{
	CLEANUP(endpoint_config_done) struct endpoint_config config;

	(void)state;
	endpoint_config_init(&config);
	assert_text(s3_override("static", NULL, &config), "");
	assert_text(s3_override("local", NULL, &config),
		    "http://127.0.0.1:1");
	assert_int_equal(config.s3_style, ENDPOINT_STYLE_PATH);
	assert_text(config.override[ENDPOINT_STS].text, "");
	setenv("AWS_ENDPOINT_URL", "http://all", 1);
	assert_text(s3_override("local", NULL, &config), "http://all");
	setenv("AWS_ENDPOINT_URL_S3", "http://s3", 1);
	assert_text(s3_override("local", NULL, &config), "http://s3");
	assert_text(config.override[ENDPOINT_STS].text, "http://all");
	setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true", 1);
	assert_text(s3_override("local", NULL, &config), "");
	assert_text(s3_override("local", "http://opt", &config),
		    "http://opt");
}

#define TEST(name) cmocka_unit_test_setup(name, clear_environment)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_credentials_file_wins_over_config),
		TEST(the_environment_beats_aws_profile_but_not_the_option),
		TEST(half_a_pair_of_keys_is_an_error),
		TEST(a_process_runs_without_a_shell),
		TEST(output_of_a_process_is_checked),
		TEST(what_is_wrong_in_a_profile_is_named),
		TEST(a_device_is_found_along_the_chain),
		TEST(files_that_are_no_text_are_named),
		TEST(keys_that_others_can_read_are_warned_of),
		TEST(every_profile_is_walked_once),
		TEST(no_credentials_tell_how_to_get_some),
		TEST(a_profile_that_was_named_must_exist),
		TEST(the_region_comes_from_the_nearest_place),
		TEST(endpoints_come_from_the_nearest_place),
	};

	return cmocka_run_group_tests(tests, write_files, remove_files);
}
