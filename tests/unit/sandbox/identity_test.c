#include "../check.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/str.h"
#include "sandbox/account/identity.h"

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

static const char own_roles[] =
	"name\tattached\tdefault\ttrusts\tpolicy\n"
	"Mine\tyes\tyes\t\tlist,get@logs-* put@out\n"
	"Next\tno\tno\tMine,ReadOnly\tall@*\n"
	"RedshiftCopy\tno\tno\t\n";

static const struct identity_role *find(const struct identity *identity,
					const char *name)
{
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	str_addf(&arn, "arn:aws:iam::123456789012:role/%s", name);
	return identity_role(identity, arn.text);
}

static void a_sandbox_has_roles_of_its_own(void **state)
{
	CLEANUP(identity_done) struct identity identity = IDENTITY_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	const struct identity_role *mine;
	const struct identity_role *next;

	(void)state;
	str_addf(&path, "%s/roles.tsv", dir);
	assert_true(file_write(path.text, own_roles, strlen(own_roles), 0600,
			       NULL));
	assert_true(identity_load(&identity, dir, NULL));
	mine = find(&identity, "Mine");
	next = find(&identity, "Next");
	assert_ptr_equal(identity_default_role(&identity), mine);
	assert_false(find(&identity, "RedshiftCopy")->attached);
	assert_true(identity_role_may(mine, IDENTITY_GET, "logs-1"));
	assert_false(identity_role_may(mine, IDENTITY_PUT, "logs-1"));
	assert_false(identity_role_may(mine, IDENTITY_GET, "my-logs-1"));
	assert_true(identity_role_may(mine, IDENTITY_PUT, "out"));
	assert_false(identity_role_may(mine, IDENTITY_PUT, "outer"));
	assert_true(identity_role_trusts(next, mine));
	assert_true(identity_role_trusts(next, find(&identity, "ReadOnly")));
	assert_false(identity_role_trusts(mine, next));
	assert_true(file_remove_tree(path.text, NULL));
}

static void a_policy_that_cannot_be_read_is_named(void **state)
{
	static const char *const policies[] = { "look@*", "get", "get@",
						"get,@*", "@*" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(policies); i++) {
		CLEANUP(identity_done) struct identity identity =
			IDENTITY_EMPTY;
		CLEANUP(str_done) struct str path = STR_EMPTY;
		CLEANUP(str_done) struct str text = STR_EMPTY;
		struct err err = ERR_EMPTY;

		str_addf(&path, "%s/roles.tsv", dir);
		str_addf(&text, "name\nBad\tyes\tno\t\t%s\n", policies[i]);
		assert_true(file_write(path.text, text.text, text.len, 0600,
				       NULL));
		if (identity_load(&identity, dir, &err))
			fail_msg("%s: taken", policies[i]);
		assert_non_null(strstr(err.message, "Bad"));
		assert_true(file_remove_tree(path.text, NULL));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_is_made_once),
		cmocka_unit_test(a_damaged_file_is_named),
		cmocka_unit_test(roles_come_from_the_table),
		cmocka_unit_test(a_sandbox_has_roles_of_its_own),
		cmocka_unit_test(a_policy_that_cannot_be_read_is_named),
	};
	int failed;

	if (mkdtemp(dir) == NULL)
		return 1;
	failed = RUN_TESTS(tests);
	file_remove_tree(dir, NULL);
	return failed;
}
