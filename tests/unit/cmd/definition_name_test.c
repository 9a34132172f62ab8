#include "tests/unit/check.h"

#include "cmd/definition_name.h"

static const struct {
	const char *what;
	const char *database;
	const char *schema;
	const char *name; /* NULL: refused */
	const char *types;
} cases[] = {
	{ "t", "", "", "t", NULL },
	{ "T", "", "", "t", NULL },
	{ "s.t", "", "s", "t", NULL },
	{ "d.s.t", "d", "s", "t", NULL },
	{ "\"S x\".\"a\"\"b\"", "", "s x", "a\"b", NULL },
	{ "\"a.b\"", "", "", "a.b", NULL },
	{ "f(int, text)", "", "", "f", "int, text" },
	{ "s.f()", "", "s", "f", "" },
	{ "a.b.c.d", NULL, NULL, NULL, NULL },
	{ "", NULL, NULL, NULL, NULL },
	{ ".t", NULL, NULL, NULL, NULL },
	{ "s.", NULL, NULL, NULL, NULL },
	{ "t x", NULL, NULL, NULL, NULL },
	{ "f(int", NULL, NULL, NULL, NULL },
	{ "'t'", NULL, NULL, NULL, NULL },
};

static void names_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(definition_name_done)
		struct definition_name name = DEFINITION_NAME_EMPTY;
		bool ok = definition_name_read(cases[i].what, &name, NULL);

		assert_int_equal(ok, cases[i].name != NULL);
		if (!ok)
			continue;
		assert_text(name.database.text, cases[i].database);
		assert_text(name.schema.text, cases[i].schema);
		assert_text(name.name.text, cases[i].name);
		assert_int_equal(name.has_types, cases[i].types != NULL);
		if (cases[i].types)
			assert_text(name.types.text, cases[i].types);
	}
}

static void a_schema_or_the_search_path_is_asked_for(void **state)
{
	CLEANUP(definition_name_done)
	struct definition_name name = DEFINITION_NAME_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	(void)state;
	assert_true(definition_name_read("\"it's\"", &name, NULL));
	definition_name_where(&name, "seen(c.oid)", "c.relname", &sql);
	assert_text(sql.text, " and seen(c.oid) and c.relname = 'it''s'");
	str_set(&name.schema, "s");
	str_clear(&sql);
	definition_name_where(&name, "seen(c.oid)", "c.relname", &sql);
	assert_text(sql.text,
		    " and n.nspname = 's' and c.relname = 'it''s'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_taken_apart),
		cmocka_unit_test(a_schema_or_the_search_path_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
