#include "tests/unit/check.h"

#include "cmd/absent.h"
#include "cmd/cmd_describe.h"
#include "shell/command.h"

/* The row of the commands that answer by a reason. */
static const struct command *absent_row(void)
{
	const struct command *const tables[] = { cmd_describe_table, NULL };

	return command_find(tables, "di");
}

static void every_alias_of_the_row_has_a_reason(void **state)
{
	const char *alias = absent_row()->aliases;
	size_t count = 0;

	(void)state;
	assert_non_null(absent_reason(absent_row()->name));
	while (*alias) {
		size_t len = strcspn(alias, " ");
		char name[32] = "";

		assert_true(len < sizeof(name));
		memcpy(name, alias, len);
		assert_non_null(absent_reason(name));
		alias += len + strspn(alias + len, " ");
		count++;
	}
	assert_true(count > 20);
}

static void a_longer_name_has_its_own_reason(void **state)
{
	(void)state;
	assert_non_null(strstr(absent_reason("dAc"), "operator classes"));
	assert_non_null(strstr(absent_reason("dA+"), "access methods"));
	assert_non_null(strstr(absent_reason("des+"), "foreign servers"));
	assert_non_null(strstr(absent_reason("ds"), "sequences"));
	assert_null(absent_reason("dt"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_alias_of_the_row_has_a_reason),
		cmocka_unit_test(a_longer_name_has_its_own_reason),
	};

	return RUN_TESTS(tests);
}
