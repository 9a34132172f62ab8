#include "../check.h"

#include "base/str.h"
#include "data/csv.h"
#include "sandbox/copy/rscopy_field.h"

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
#define FLOAT(name)                                                            \
	{                                                                      \
		.type = RSCOPY_FLOAT, .type_name = name                        \
	}
#define CHAR(n)                                                                \
	{                                                                      \
		.type = RSCOPY_CHAR, .type_name = "char", .length = n          \
	}
#define IDENTITY                                                               \
	{                                                                      \
		.type = RSCOPY_INTEGER, .type_name = "int4", .length = 4,      \
		.identity = true                                               \
	}
#define SUPER   { .type = RSCOPY_SUPER, .type_name = "super" }
#define VARBYTE { .type = RSCOPY_VARBYTE, .type_name = "varbyte" }
#define GEOMETRY { .type = RSCOPY_GEOMETRY, .type_name = "geometry" }
#define SKETCH   { .type = RSCOPY_SKETCH, .type_name = "hllsketch" }
#define OTHER   { .type = RSCOPY_OTHER, .type_name = "oid" }
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
	  "012.35",
	  0,
	  0 },
	{ DECIMAL(4, 2),
	  { NULL_RULES, .round = true },
	  "-9.9949",
	  "-09.99",
	  0,
	  0 },
	{ DECIMAL(4, 2),
	  { NULL_RULES, .round = true },
	  "9.995",
	  "10.00",
	  0,
	  0 },
	{ DECIMAL(4, 2),
	  { NULL_RULES, .round = true },
	  "99.995",
	  NULL,
	  1204,
	  0 },
	{ DECIMAL(2, 0), { NULL_RULES, .round = true }, "9.5", "10", 0, 0 },
	{ DECIMAL(4, 2), { NULL_RULES }, "000123.4", NULL, 1204, 0 },
	{ DECIMAL(4, 2), { NULL_RULES }, "00012.4", "012.4", 0, 0 },
	{ DECIMAL(4, 2), { NULL_RULES }, "-.5", "-0.5", 0, 0 },
	{ DECIMAL(4, 2), { NULL_RULES }, ".", NULL, 1209, 1 },
	{ DECIMAL(4, 2), { NULL_RULES }, "-", NULL, 1209, 1 },
	{ DECIMAL(4, 2), { NULL_RULES }, "1.2.3", NULL, 1209, 3 },
	{ FLOAT("float4"), { NULL_RULES }, "1e38", "1e38", 0, 0 },
	{ FLOAT("float4"), { NULL_RULES }, "1e39", NULL, 1204, 0 },
	{ FLOAT("float8"), { NULL_RULES }, "1e39", "1e39", 0, 0 },
	{ FLOAT("float8"), { NULL_RULES }, "1e999", NULL, 1204, 0 },
	{ FLOAT("float8"), { NULL_RULES }, "NaN", "NaN", 0, 0 },
	{ FLOAT("float8"), { NULL_RULES }, "nan(1)", NULL, 1208, 0 },
	{ FLOAT("float8"), { NULL_RULES }, "1f", NULL, 1208, 1 },
	{ SUPER, { NULL_RULES }, "{\"a\": [1, null]}", "{\"a\": [1, null]}", 0, 0 },
	{ SUPER, { NULL_RULES }, "\"a\\n\"", "\"a\\\\n\"", 0, 0 },
	{ SUPER, { NULL_RULES }, "{\"a\":}", NULL, 1224, 5 },
	{ SUPER, { NULL_RULES }, "1e123456", "1e123456", 0, 0 },
	{ GEOMETRY, { NULL_RULES }, "0101000000", "0101000000", 0, 0 },
	{ GEOMETRY, { NULL_RULES }, "POINT(1 2)", NULL, 1223, 0 },
	{ GEOMETRY, { NULL_RULES }, "0201000000", NULL, 1223, 0 },
	{ SKETCH, { NULL_RULES }, "{\"version\":1}", "{\"version\":1}", 0, 0 },
	{ SKETCH, { NULL_RULES }, "AAEC", "\"AAEC\"", 0, 0 },
	{ SKETCH, { NULL_RULES }, "AA\nEC\n", "\"AAEC\"", 0, 0 },
	{ SKETCH, { NULL_RULES }, "{\"version\":", NULL, 1223, 0 },
	{ VARBYTE, { NULL_RULES }, "00fF", "\\\\x00fF", 0, 0 },
	{ VARBYTE, { NULL_RULES }, "0g", NULL, 1207, 1 },
	{ VARBYTE, { NULL_RULES }, "000", NULL, 1207, 3 },
	{ CHAR(9), { NULL_RULES }, "a\xc3\xa9", NULL, 1220, 1 },
	{ VARCHAR(9), { NULL_RULES }, "\xed\xa0\x80", NULL, 1220, 0 },
	{ VARCHAR(9), { NULL_RULES }, "\xef\xbf\xbf", "\xef\xbf\xbf", 0, 0 },
	{ VARCHAR(9),
	  { NULL_RULES, .bad_char = '_' },
	  "\xef\xbf\xbf.",
	  "___.",
	  0,
	  0 },
	{ IDENTITY, { NULL_RULES }, "", NULL, 1217, 0 },
	{ IDENTITY, { NULL_RULES }, "1x", NULL, 1217, 1 },
	{ IDENTITY, { NULL_RULES }, "12", "12", 0, 0 },
	{ INT4, { NULL_RULES, .fixed = true }, " 12  ", "12", 0, 0 },
	{ INT4, { NULL_RULES, .fixed = true }, "    ", "\\N", 0, 0 },
	{ OTHER, { NULL_RULES }, "x", NULL, 1223, 0 },
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

static void nothing_behind_a_nul_byte_is_loaded_as_a_float(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	const struct rscopy_column column = { .type = RSCOPY_FLOAT,
					      .type_name = "float8" };
	const struct rscopy_rules rules = { NULL_RULES };
	struct csv_field field = { .text = "nan\0\n1", .len = 6 };
	struct rscopy_problem problem;

	(void)state;
	assert_false(rscopy_field_add(&out, &column, &rules, &field, &problem));
	assert_int_equal(problem.code, 1208);
	assert_int_equal(out.len, 0);
}

static void a_nul_byte_in_char_has_its_own_code(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	const struct rscopy_column column = CHAR(9);
	const struct rscopy_rules plain = { NULL_RULES };
	const struct rscopy_rules nul = { .null_text = "", .null_len = 1 };
	struct csv_field field = { .text = "a\0b", .len = 3 };
	struct rscopy_problem problem;

	(void)state;
	assert_false(rscopy_field_add(&out, &column, &plain, &field, &problem));
	assert_int_equal(problem.code, 1215);
	assert_false(rscopy_field_add(&out, &column, &nul, &field, &problem));
	assert_int_equal(problem.code, 1218);
	field.text = "";
	field.len = 1;
	assert_true(rscopy_field_add(&out, &column, &nul, &field, &problem));
	assert_text(out.text, "\\N");
}

/* By the table of multi-byte-character-load-errors. */
static void what_is_wrong_with_utf8_is_told_by_number(void **state)
{
	static const struct {
		const char *text;
		const char *end; /* of the reason */
	} wrong[] = {
		{ "\xa4", "sequence: a4 (error 3)" },
		{ "\xff", "sequence: ff (error 3)" },
		{ "\xfc\x80", "sequence: fc (error 1)" },
		{ "a\xe2\x82", "sequence: e2 82 (error 2)" },
		{ "\xc3" "P", "sequence: c3 50 (error 4)" },
		{ "\xed\xa0\x80", "sequence: ed a0 80 (error 5)" },
		{ "\xf4\x90\x80\x80", "sequence: f4 90 80 80 (error 6)" },
	};
	const struct rscopy_column column = VARCHAR(9);
	const struct rscopy_rules rules = { NULL_RULES };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		struct rscopy_problem problem = { 0 };
		struct csv_field field = { .text = wrong[i].text,
					   .len = strlen(wrong[i].text) };

		assert_false(rscopy_field_add(&out, &column, &rules, &field,
					      &problem));
		assert_int_equal(problem.code, 1220);
		if (!str_ends(problem.reason, wrong[i].end))
			fail_msg("%zu: %s", i, problem.reason);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_pass_or_are_blamed),
		cmocka_unit_test(an_escaped_null_text_is_data),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(
			nothing_behind_a_nul_byte_is_loaded_as_a_float),
		cmocka_unit_test(a_nul_byte_in_char_has_its_own_code),
		cmocka_unit_test(what_is_wrong_with_utf8_is_told_by_number),
	};

	return RUN_TESTS(tests);
}
