#include "../check.h"

#include "base/str.h"
#include "db/types.h"

static const struct {
	uint32_t oid;
	int modifier;
	const char *name; /* NULL: unknown */
	enum rows_kind kind;
} cases[] = {
	{ 16, -1, "boolean", ROWS_BOOL },
	{ 20, -1, "bigint", ROWS_INTEGER },
	{ 23, -1, "integer", ROWS_INTEGER },
	{ 25, -1, "text", ROWS_TEXT },
	{ 701, -1, "double precision", ROWS_FLOAT },
	{ 1042, -1, NULL, ROWS_TEXT },
	{ 1186, -1, "interval", ROWS_TIME },
	{ 1186, 65540, NULL, ROWS_TIME },
	{ 1042, 24, "character(20)", ROWS_TEXT },
	{ 1043, 260, "character varying(256)", ROWS_TEXT },
	{ 1043, -1, "character varying", ROWS_TEXT },
	{ 1114, -1, "timestamp without time zone", ROWS_TIME },
	{ 1114, 3, "timestamp(3) without time zone", ROWS_TIME },
	{ 1184, -1, "timestamp with time zone", ROWS_TIME },
	{ 1700, (18 << 16 | 2) + 4, "numeric(18,2)", ROWS_DECIMAL },
	{ 1700, -1, "numeric", ROWS_DECIMAL },
	{ 2935, -1, "hllsketch", ROWS_TEXT },
	{ 3000, -1, "geometry", ROWS_BYTES },
	{ 4000, -1, "super", ROWS_JSON },
	{ 6551, 68, "varbyte(64)", ROWS_BYTES },
	{ 424242, -1, NULL, ROWS_TEXT },
};

static void oids_have_kinds_and_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		bool known = types_name(cases[i].oid, cases[i].modifier, &name);

		assert_int_equal(types_kind(cases[i].oid), cases[i].kind);
		assert_text(known ? name.text : NULL, cases[i].name);
	}
}

static void every_row_is_found_by_its_oid(void **state)
{
	(void)state;
	/* The look-up halves: a row out of order would hide others. */
	assert_true(types_is_number(21));
	assert_true(types_is_number(26));
	assert_true(types_is_number(790));
	assert_true(types_is_number(5069));
	assert_false(types_is_number(25));
	assert_false(types_is_number(1082));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(oids_have_kinds_and_names),
		cmocka_unit_test(every_row_is_found_by_its_oid),
	};

	return RUN_TESTS(tests);
}
