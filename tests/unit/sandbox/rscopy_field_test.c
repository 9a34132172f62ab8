#include "../check.h"

#include "base/str.h"
#include "data/csv.h"
#include "sandbox/rscopy_field.h"

#define INT4                                                                   \
	{                                                                      \
		.type = RSCOPY_INTEGER, .type_name = "int4", .length = 4       \
	}
#define VARCHAR(n)                                                             \
	{                                                                      \
		.type = RSCOPY_VARCHAR, .type_name = "varchar", .length = n    \
	}
#define DECIMAL(p, s)                                                          \
	{                                                                      \
		.type = RSCOPY_DECIMAL, .type_name = "numeric", .length = p,   \
		.scale = s                                                     \
	}
#define NULL_RULES .null_text = "\\N", .null_len = 2

/* The codes and reasons the peer tests see through the views are theirs;
 * here are the edges of single values. */
static const struct {
	struct rscopy_column column;
	struct rscopy_rules rules;
	const char *text;
	const char *out; /* NULL: refused */
	int code, position;
} cases[] = {
	{ INT4, { NULL_RULES }, "2147483647", "2147483647", 0, 0 },
	{ INT4, { NULL_RULES }, "2147483648", NULL, 1222, 0 },
	{ INT4, { NULL_RULES }, "-2147483648", "-2147483648", 0, 0 },
	{ INT4, { NULL_RULES }, "-2147483649", NULL, 1222, 0 },
	{ INT4,
	  { NULL_RULES },
	  "99999999999999999999999999999999999",
	  NULL,
	  1222,
	  0 },
	{ INT4,
	  { NULL_RULES },
	  "00000000000000000000000000000000007",
	  "00000000000000000000000000000000007",
	  0,
	  0 },
	{ INT4, { NULL_RULES }, "-", NULL, 1207, 1 },
	{ INT4, { NULL_RULES }, " 1", NULL, 1207, 0 },
	{ INT4, { NULL_RULES }, "12a4", NULL, 1207, 2 },
	{ INT4, { NULL_RULES }, "", "\\N", 0, 0 },
	{ INT4, { NULL_RULES }, "\\N", "\\N", 0, 0 },
	{ VARCHAR(4), { NULL_RULES }, "a\tb\\", "a\\tb\\\\", 0, 0 },
	{ VARCHAR(4), { NULL_RULES }, "\\n", "\\\\n", 0, 0 },
	{ VARCHAR(4),
	  { NULL_RULES },
	  "\xc3\x9f\xc3\x9f",
	  "\xc3\x9f\xc3\x9f",
	  0,
	  0 },
	{ VARCHAR(3), { NULL_RULES }, "\xc3\x9f\xc3\x9f", NULL, 1204, 0 },
	{ VARCHAR(3),
	  { NULL_RULES, .truncate = true },
	  "\xc3\x9f\xc3\x9f",
	  "\xc3\x9f",
	  0,
	  0 },
	{ VARCHAR(2),
	  { NULL_RULES, .trim_blanks = true },
	  "ab   ",
	  "ab",
	  0,
	  0 },
	{ VARCHAR(9), { NULL_RULES }, "a\xff", NULL, 1220, 1 },
	{ VARCHAR(9),
	  { NULL_RULES, .bad_char = '?' },
	  "a\xff\xfez",
	  "a?\?z",
	  0,
	  0 },
	{ DECIMAL(4, 2), { NULL_RULES }, "12.345", "012.34", 0, 0 },
	{ DECIMAL(4, 2),
	  { NULL_RULES, .round = true },
	  "12.345",
	  "012.345",
	  0,
	  0 },
	{ DECIMAL(4, 2), { NULL_RULES }, "000123.4", NULL, 1204, 0 },
	{ DECIMAL(4, 2), { NULL_RULES }, "00012.4", "012.4", 0, 0 },
	{ DECIMAL(4, 2), { NULL_RULES }, "-.5", "-0.5", 0, 0 },
	{ DECIMAL(4, 2), { NULL_RULES }, ".", NULL, 1207, 1 },
	{ DECIMAL(4, 2), { NULL_RULES }, "1,5", NULL, 1207, 1 },
	{ DECIMAL(4, 2), { NULL_RULES }, "1e2", NULL, 1207, 1 },
};

static void values_pass_or_are_blamed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		struct rscopy_problem problem = { 0 };
		struct csv_field field = { .text = cases[i].text,
					   .len = strlen(cases[i].text) };
		bool passed =
			rscopy_field_add(&out, &cases[i].column,
					 &cases[i].rules, &field, &problem);

		if (passed != (cases[i].out != NULL))
			fail_msg("case %zu: %s", i, cases[i].text);
		assert_text(out.text, passed ? cases[i].out : "");
		assert_int_equal(problem.code, cases[i].code);
		assert_int_equal(problem.position, cases[i].position);
	}
}

static void an_escaped_null_text_is_data(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	const struct rscopy_column column = VARCHAR(9);
	const struct rscopy_rules rules = { NULL_RULES };
	struct csv_field field = { .text = "\\N", .len = 2, .escaped = true };
	struct rscopy_problem problem;

	(void)state;
	assert_true(rscopy_field_add(&out, &column, &rules, &field, &problem));
	assert_text(out.text, "\\\\N");
}

static void a_nul_byte_is_refused(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	const struct rscopy_column column = VARCHAR(9);
	const struct rscopy_rules rules = { NULL_RULES };
	struct csv_field field = { .text = "a\0b", .len = 3 };
	struct rscopy_problem problem;

	(void)state;
	assert_false(rscopy_field_add(&out, &column, &rules, &field, &problem));
	assert_int_equal(problem.code, 1218);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_pass_or_are_blamed),
		cmocka_unit_test(an_escaped_null_text_is_data),
		cmocka_unit_test(a_nul_byte_is_refused),
	};

	return RUN_TESTS(tests);
}
