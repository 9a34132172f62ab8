#include "../check.h"

#include "base/str.h"
#include "load/unload_explain.h"

#define TO " to 's3://b/x/' iam_role default "

static const struct {
	const char *sql;
	const char *message;
	const char *words; /* NULL: nothing to say */
} cases[] = {
	{ "unload ('select 1')" TO,
	  "Specified unload destination on S3 is not empty. Consider using a "
	  "different bucket / prefix, ...", "write to s3://b/x-2/" },
	{ "unload ('select 1 limit 3')" TO, "Limit clause is not supported",
	  "select * from (select ... limit n)" },
	{ "unload ('select 1')" TO "maxfilesize 1 mb",
	  "syntax error at or near \"1\"", "MAXFILESIZE must be from" },
	{ "unload ('select 1')" TO, "MAXFILESIZE must be between 5MB and 6.2GB",
	  "5 MB to 6.2 GB" },
	{ "unload ('select 1')" TO "csv escape",
	  "syntax error at or near \"escape\"", "leave one of them out" },
	{ "unload ('select 1')" TO "csv escape",
	  "CSV is not compatible with ESCAPE", NULL },
	{ "unload ('select 1')" TO "csv newword", "out of memory", NULL },
	{ "unload ('select 1')" TO "parquet",
	  "Column v has type varbyte, not supported in Parquet",
	  "cast it in the query" },
	{ "unload ('select a, a')" TO "json",
	  "JSON needs unique column names: \"a\" stands twice", "as a_id" },
	{ "unload ('select a from t where b = 'y'')" TO,
	  "syntax error at or near \"y\"", "quote before y: quotes" },
	{ "unload (select a from t)" TO, "syntax error at or near \"select\"",
	  "\\copyto (select ...)" },
	{ "unload ('select a, b from t')" TO "partition by (c)",
	  "partition column c not found", "columns of the result" },
	{ "unload ('select a from t')" TO, "relation \"t\" does not exist",
	  NULL },
	{ "select 1", "Limit clause is not supported", NULL },
	{ "copy t from 's3://b/x/' iam_role default", "x is not empty", NULL },
};

static void failures_are_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		bool told = unload_explain(&text, cases[i].sql,
					   cases[i].message);

		assert_int_equal(told, cases[i].words != NULL);
		if (told && strstr(text.text, cases[i].words) == NULL)
			assert_text(text.text, cases[i].words);
		if (!told)
			assert_text(text.text, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_are_explained),
	};

	return RUN_TESTS(tests);
}
