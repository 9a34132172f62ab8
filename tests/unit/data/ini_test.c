#include "../check.h"

#include "data/ini.h"

static const char config[] = "\xEF\xBB\xBF# comment\r\n"
			     "[default]\r\n"
			     "Region = eu-west-1 ; note\r\n"
			     "[profile \"my dev\"] ; trailing\n"
			     "aws_secret_access_key = a/b+c= ;d\n"
			     "s3 =\n"
			     "  max_concurrent_requests = 20\n"
			     "  # inside\n"
			     "  addressing_style = path\n"
			     "role_arn = arn:aws:iam::1:role/x\n"
			     "text = one\n"
			     "  two\n"
			     "\n"
			     "[sso-session corp]\n"
			     "sso_region=us-east-1\n"
			     "[default]\n"
			     "output = json\n"
			     "region = eu-west-2\n";

static const struct {
	const char *type, *name, *key;
	const char *value;
} values[] = {
	{ "", "default", "region", "eu-west-2" },
	{ "", "default", "output", "json" },
	{ "profile", "my dev", "aws_secret_access_key", "a/b+c= ;d" },
	{ "profile", "my dev", "s3", "" },
	{ "profile", "my dev", "s3.max_concurrent_requests", "20" },
	{ "profile", "my dev", "s3.addressing_style", "path" },
	{ "profile", "my dev", "role_arn", "arn:aws:iam::1:role/x" },
	{ "profile", "my dev", "text", "one\ntwo" },
	{ "sso-session", "corp", "sso_region", "us-east-1" },
	{ "profile", "default", "region", NULL },
	{ "", "default", "nope", NULL },
};

static void the_aws_dialect_is_read(void **state)
{
	CLEANUP(ini_freep) struct ini *ini = ini_new();
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(ini_add(ini, "config", config, sizeof(config) - 1, &err));
	for (size_t i = 0; i < COUNT_OF(values); i++)
		assert_text(ini_get(ini, values[i].type, values[i].name,
				    values[i].key),
			    values[i].value);
	assert_int_equal(ini_section_count(ini), 3);
	assert_true(ini_has(ini, "sso-session", "corp"));
	assert_false(ini_has(ini, "", "corp"));
}

static void keys_of_a_section_are_walked(void **state)
{
	CLEANUP(ini_freep) struct ini *ini = ini_new();
	struct err err = ERR_EMPTY;
	const char *key;
	const char *value;
	size_t at = 0;

	(void)state;
	assert_true(
		ini_add(ini, "f", "[a]\nx=1\n[b]\ny=2\n[a]\nz=3\n", 24, &err));
	assert_true(ini_next(ini, ini_section(ini, 0), &at, &key, &value));
	assert_text(key, "x");
	assert_true(ini_next(ini, ini_section(ini, 0), &at, &key, &value));
	assert_text(key, "z");
	assert_text(value, "3");
	assert_false(ini_next(ini, ini_section(ini, 0), &at, &key, &value));
}

static void a_later_file_wins(void **state)
{
	CLEANUP(ini_freep) struct ini *ini = ini_new();
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(ini_add(ini, "f", "[a]\nx=1\ny=2", 11, &err));
	assert_true(ini_add(ini, "g", "[a]\nx=3", 7, &err));
	assert_text(ini_get(ini, "", "a", "x"), "3");
	assert_text(ini_get(ini, "", "a", "y"), "2");
}

static const struct {
	const char *text;
	const char *message;
} bad[] = {
	{ "[a\n", "f, line 1: no ] after [" },
	{ "\n[]\n", "f, line 2: a section without a name" },
	{ "[a]\nword\n", "f, line 2: neither [section] nor key = value" },
	{ "[a]\n= x\n", "f, line 2: no name before the =" },
	{ "x = 1\n", "f, line 1: a key before the first [section]" },
};

static void malformed_lines_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CLEANUP(ini_freep) struct ini *ini = ini_new();
		struct err err = ERR_EMPTY;

		assert_false(ini_add(ini, "f", bad[i].text, strlen(bad[i].text),
				     &err));
		assert_text(err.message, bad[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_aws_dialect_is_read),
		cmocka_unit_test(keys_of_a_section_are_walked),
		cmocka_unit_test(a_later_file_wins),
		cmocka_unit_test(malformed_lines_are_named),
	};

	return RUN_TESTS(tests);
}
