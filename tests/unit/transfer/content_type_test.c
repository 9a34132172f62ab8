#include "../check.h"

#include "transfer/content_type.h"

static const struct {
	const char *name;
	const char *type;
} cases[] = {
	{ "a.csv", "text/csv" },
	{ "a.CSV", "text/csv" },
	{ "dir/a.csv.gz", "application/gzip" },
	{ "a.parquet", "application/vnd.apache.parquet" },
	{ "a.zip", "application/zip" },
	{ "a.b/c", NULL },
	{ "csv", NULL },
	{ "a.", NULL },
	{ "a.csvx", NULL },
	{ "", NULL },
};

static void the_end_of_the_name_tells(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_text(content_type_of(cases[i].name), cases[i].type);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_of_the_name_tells),
	};

	return RUN_TESTS(tests);
}
