/* Where the key of Kaggle is found: every way in the order of Kaggle's own
 * client, in a home of the test's. */
#include "../check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/str.h"
#include "kaggle/kaggle_cred.h"

static char home[64];

static const char *const variables[] = {
	"KAGGLE_API_TOKEN", "KAGGLE_USERNAME",	 "KAGGLE_KEY",
	"KAGGLE_CONFIG_DIR", "XDG_CONFIG_HOME",
};

static int set_up(void **state)
{
	(void)state;
	snprintf(home, sizeof(home), "/tmp/kaggle-cred-XXXXXX");
	assert_non_null(mkdtemp(home));
	setenv("HOME", home, 1);
	for (size_t i = 0; i < COUNT_OF(variables); i++)
		unsetenv(variables[i]);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return file_remove_tree(home, NULL) ? 0 : 1;
}

static void write_home(const char *name, const char *text, mode_t mode)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	char *slash;

	str_addf(&path, "%s/%s", home, name);
	slash = strrchr(path.text, '/');
	*slash = '\0';
	assert_true(file_make_dirs(path.text, 0700, NULL));
	*slash = '/';
	assert_true(file_write(path.text, text, strlen(text), mode, NULL));
	assert_int_equal(chmod(path.text, mode), 0);
}

/* What is sent; NULL: it fails by that kind. */
static void check(const char *header, enum err_kind kind)
{
	CLEANUP(kaggle_cred_done) struct kaggle_cred cred = KAGGLE_CRED_EMPTY;
	struct err err = ERR_EMPTY;
	bool found = kaggle_cred_find(&cred, &err);

	assert_int_equal(err.kind, kind);
	assert_int_equal(found, header != NULL);
	if (header != NULL)
		assert_string_equal(secret_text(&cred.header), header);
	assert_null(strstr(err.message, "S3CRET"));
}

static void without_a_key_the_way_to_one_is_told(void **state)
{
	CLEANUP(kaggle_cred_done) struct kaggle_cred cred = KAGGLE_CRED_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(kaggle_cred_find(&cred, &err));
	assert_false(secret_is_set(&cred.header));
	assert_false(kaggle_cred_refuse_nobody(&cred, "ann/set", &err));
	assert_int_equal(err.kind, ERR_AUTH);
	assert_non_null(strstr(err.message, "/.config/kaggle/kaggle.json"));
	assert_non_null(strstr(err.hint, "https://www.kaggle.com/settings"));
}

static void the_first_way_wins(void **state)
{
	(void)state;
	/* "ann:S3CRET" and "xdg:S3CRET" in base64 */
	write_home(".config/kaggle/kaggle.json",
		   "{\"username\":\"xdg\",\"key\":\"S3CRET\"}", 0600);
	check("Basic eGRnOlMzQ1JFVA==", ERR_NONE);
	write_home(".kaggle/kaggle.json",
		   "{\"username\":\"ann\",\"key\":\"S3CRET\"}", 0600);
	check("Basic YW5uOlMzQ1JFVA==", ERR_NONE);
	setenv("KAGGLE_USERNAME", "env", 1);
	check("Basic YW5uOlMzQ1JFVA==", ERR_NONE);
	setenv("KAGGLE_KEY", "k", 1);
	check("Basic ZW52Oms=", ERR_NONE);
	write_home(".kaggle/access_token.txt", "second\n", 0600);
	check("Bearer second", ERR_NONE);
	write_home(".kaggle/access_token", "first\n", 0600);
	check("Bearer first", ERR_NONE);
	setenv("KAGGLE_API_TOKEN", "third", 1);
	check("Bearer third", ERR_NONE);
	setenv("KAGGLE_API_TOKEN", "~/.kaggle/access_token.txt", 1);
	check("Bearer second", ERR_NONE);
}

static void damaged_files_do_not_show_their_key(void **state)
{
	(void)state;
	write_home(".kaggle/kaggle.json", "{\"username\":\"ann\",\"S3CRET", 0600);
	check(NULL, ERR_DATA);
	write_home(".kaggle/kaggle.json", "{\"username\":\"ann\"}", 0600);
	check(NULL, ERR_DATA);
	write_home(".kaggle/access_token", "\n", 0600);
	check(NULL, ERR_DATA);
	setenv("KAGGLE_API_TOKEN", "S3CRET\r\nx-more: 1", 1);
	check(NULL, ERR_DATA);
}

static void a_token_in_the_place_of_a_key_is_a_token(void **state)
{
	(void)state;
	write_home(".kaggle/kaggle.json",
		   "{\"username\":\"ann\",\"key\":\"KGAT_S3CRET\"}", 0600);
	check("Bearer KGAT_S3CRET", ERR_NONE);
	setenv("KAGGLE_USERNAME", "ann", 1);
	setenv("KAGGLE_KEY", "KGAT_other", 1);
	check("Bearer KGAT_other", ERR_NONE);
}

/* As "kaggle auth login" writes it: Python's isoformat, with microseconds. */
static void write_login(const char *token, const char *until)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text,
		 "{\"refresh_token\": \"S3CRET1\", \"access_token\": \"%s\", "
		 "\"access_token_expiration\": \"%s\", "
		 "\"username\": \"ann\", \"scopes\": [\"resources.admin:*\"]}",
		 token, until);
	write_home(".kaggle/credentials.json", text.text, 0600);
}

static void a_log_in_comes_last_and_ends(void **state)
{
	CLEANUP(kaggle_cred_done) struct kaggle_cred cred = KAGGLE_CRED_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	write_login("KGAT_S3CRET", "2999-11-30T12:00:00.123456+00:00");
	check("Bearer KGAT_S3CRET", ERR_NONE);
	/* other settings are no key */
	write_home(".kaggle/kaggle.json", "{\"competition\":\"x\"}", 0600);
	check("Bearer KGAT_S3CRET", ERR_NONE);
	write_login("KGAT_S3CRET", "2020-11-30T12:00:00.123456+00:00");
	check(NULL, ERR_AUTH);
	assert_false(kaggle_cred_find(&cred, &err));
	assert_non_null(strstr(err.message, "good until 2020-11-30"));
	assert_non_null(strstr(err.hint, "kaggle auth print-access-token"));
	write_login("", "");
	check(NULL, ERR_AUTH);
	write_home(".kaggle/kaggle.json",
		   "{\"username\":\"ann\",\"key\":\"S3CRET\"}", 0600);
	check("Basic YW5uOlMzQ1JFVA==", ERR_NONE);
}

static void a_file_that_others_may_read_is_warned_of(void **state)
{
	CLEANUP(kaggle_cred_done) struct kaggle_cred cred = KAGGLE_CRED_EMPTY;

	(void)state;
	write_home(".kaggle/access_token", "first", 0640);
	assert_true(kaggle_cred_find(&cred, NULL));
	assert_non_null(strstr(cred.warning.text, "chmod 600"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			without_a_key_the_way_to_one_is_told, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(the_first_way_wins, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(
			damaged_files_do_not_show_their_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_token_in_the_place_of_a_key_is_a_token, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(a_log_in_comes_last_and_ends,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_file_that_others_may_read_is_warned_of, set_up,
			tear_down),
	};

	return RUN_TESTS(tests);
}
