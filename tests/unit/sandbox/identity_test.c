#include "../check.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/str.h"
#include "sandbox/identity.h"

static char dir[] = "/tmp/identity-XXXXXX";

static void the_key_is_made_once(void **state)
{
	CLEANUP(identity_done) struct identity one = IDENTITY_EMPTY;
	CLEANUP(identity_done) struct identity two = IDENTITY_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct stat info;

	(void)state;
	str_addf(&path, "%s/identity.ini", dir);
	assert_true(identity_load(&one, dir, NULL));
	assert_true(identity_load(&two, dir, NULL));
	assert_int_equal(strlen(one.access_key_id), 20);
	assert_text(two.access_key_id, one.access_key_id);
	assert_true(secret_equal(&one.secret_key, &two.secret_key));
	assert_int_equal(stat(path.text, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
}

static void a_damaged_file_is_named(void **state)
{
	CLEANUP(identity_done) struct identity identity = IDENTITY_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	str_addf(&path, "%s/identity.ini", dir);
	assert_true(file_write(path.text, "aws_access_key_id = \n", 21, 0600,
			       NULL));
	assert_false(identity_load(&identity, dir, &err));
	assert_non_null(strstr(err.message, path.text));
	assert_true(err.hint[0] != '\0');
	assert_true(file_remove_tree(path.text, NULL));
}

static void roles_come_from_the_table(void **state)
{
	CLEANUP(identity_done) struct identity identity = IDENTITY_EMPTY;
	const struct identity_role *role;

	(void)state;
	assert_true(identity_load(&identity, dir, NULL));
	role = identity_role(&identity,
			     "arn:aws:iam::123456789012:role/RedshiftCopy");
	assert_non_null(role);
	assert_true(role->attached);
	assert_ptr_equal(identity_default_role(&identity), role);
	role = identity_role(&identity,
			     "arn:aws:iam::123456789012:role/NotAttached");
	assert_false(role->attached);
	assert_null(identity_role(&identity, "arn:aws:iam::1:role/Other"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_is_made_once),
		cmocka_unit_test(a_damaged_file_is_named),
		cmocka_unit_test(roles_come_from_the_table),
	};
	int failed;

	if (mkdtemp(dir) == NULL)
		return 1;
	failed = RUN_TESTS(tests);
	file_remove_tree(dir, NULL);
	return failed;
}
