#include "tests/unit/check.h"

#include "cmd/type_name.h"

static const struct {
	const char *typed;
	const char *canonical;
} cases[] = {
	{ "int", "integer" },
	{ "INT", "integer" },
	{ "float", "double precision" },
	{ "varchar[]", "character varying[]" },
	/* pg_type knows it */
	{ "int4", "int4" },
	{ "varchar", "varchar" },
	/* patterns and names of the person's own stay */
	{ "int*", "int*" },
	{ "public.int", "public.int" },
	{ "", "" },
};

static void names_people_type_become_the_catalogs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_text(type_name_canonical(cases[i].typed),
			    cases[i].canonical);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_people_type_become_the_catalogs),
	};

	return RUN_TESTS(tests);
}
