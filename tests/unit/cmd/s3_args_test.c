#include "../check.h"

#include "cmd/s3_args.h"

static void the_rows_of_commands_and_options_agree(void **state)
{
	static const struct arg rows[] = { S3_ARGS_NEW, S3_ARGS_ACCESS,
					   ARG_END };
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < S3_OPTION_COUNT; i++)
		for (const struct arg *row = rows; row->name != NULL; row++) {
			const struct s3_option_row *option =
				&s3_option_table[i];

			if (strcmp(row->name, option->name) != 0)
				continue;
			found++;
			assert_int_equal(row->kind == ARG_FLAG, option->flag);
			assert_text(row->choices, option->choices);
		}
	assert_int_equal(found, S3_OPTION_COUNT);
	assert_int_equal(found, COUNT_OF(rows) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rows_of_commands_and_options_agree),
	};

	return RUN_TESTS(tests);
}
