#include "tests/unit/check.h"

#include "base/str.h"
#include "cmd/describe_column.h"

static const struct {
	const char *text;
	const char *numbers; /* NULL: no IDENTITY */
	bool by_default;
} cases[] = {
	{ "\"identity\"(108, 0, '1,1'::text)", "1,1", false },
	{ "\"identity\"(108, 0, '-5,10'::text)", "-5,10", false },
	{ "identity(108, 0, '0,2'::text)", "0,2", false },
	{ "\"default_identity\"(108, 0, '1,1'::text)", "1,1", true },
	{ "default_identity(108, 0, '1,1'::text)", "1,1", true },
	{ "\"identity\"(108, 0, ''::text)", NULL, false },
	{ "\"identity\"(108, 0, '1,1", NULL, false },
	{ "\"identity\"(108, 0, 'x'::text)", NULL, false },
	{ "identity", NULL, false },
	{ "'identity'::text", NULL, false },
	{ "0", NULL, false },
	{ "", NULL, false },
};

static void identities_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str numbers = STR_EMPTY;
		bool by_default = false;
		bool is = describe_column_identity(cases[i].text, &numbers,
						   &by_default);

		assert_int_equal(is, cases[i].numbers != NULL);
		if (!is)
			continue;
		assert_text(numbers.text, cases[i].numbers);
		assert_int_equal(by_default, cases[i].by_default);
	}
}

static void keys_are_in_their_own_order(void **state)
{
	char second[] = "B x";
	char first[] = "a";
	struct describe_column column = { .name = second,
					  .sortkey = 2,
					  .distkey = true };
	struct describe_columns columns = DESCRIBE_COLUMNS_EMPTY;
	CLEANUP(str_done) struct str key = STR_EMPTY;

	(void)state;
	vec_push(&columns, column);
	column = (struct describe_column){ .name = first, .sortkey = 1 };
	vec_push(&columns, column);
	describe_columns_sort_key(&columns, &key);
	assert_text(key.text, "a, \"B x\"");
	assert_text(describe_columns_dist_key(&columns), "B x");
	assert_false(describe_columns_interleaved(&columns));
	columns.items[0].interleaved = true;
	assert_true(describe_columns_interleaved(&columns));
	vec_done(&columns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identities_are_known),
		cmocka_unit_test(keys_are_in_their_own_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
