/* Names of data sets as people write and paste them. */
#include "../check.h"

#include "base/str.h"
#include "kaggle/kaggle_name.h"

static const struct {
	const char *text;
	const char *name; /* NULL: refused */
	const char *file;
} cases[] = {
	{ "demo/sales", "demo/sales", "" },
	{ "De-mo_1/sales.2024", "De-mo_1/sales.2024", "" },
	{ "demo/sales/versions/12", "demo/sales/versions/12", "" },
	{ "kaggle:demo/sales", "demo/sales", "" },
	{ "KAGGLE:demo/sales/a.csv", "demo/sales", "a.csv" },
	{ "kaggle:demo/sales/a b/c.csv", "demo/sales", "a b/c.csv" },
	{ "kaggle:demo/sales/versions/3/a.csv", "demo/sales/versions/3",
	  "a.csv" },
	{ "https://www.kaggle.com/datasets/demo/sales", "demo/sales", "" },
	{ "https://www.kaggle.com/datasets/demo/sales/data?select=a.csv",
	  "demo/sales", "" },
	{ "https://www.kaggle.com/datasets/demo/sales/versions/3",
	  "demo/sales/versions/3", "" },
	{ "https://kaggle.com/demo/sales", "demo/sales", "" },
	{ "https://kaggle.com.evil.com/datasets/demo/sales", NULL, NULL },
	{ "https://evil.com/datasets/demo/sales", NULL, NULL },
	{ "https://www.kaggle.com/", NULL, NULL },
	{ "demo/sales/a.csv", NULL, NULL },
	{ "demo/sales/versions/0", NULL, NULL },
	{ "demo/sales/versions/", NULL, NULL },
	{ "demo/sales/versions/3x", NULL, NULL },
	{ "demo/sales/versions/99999999999999999999", NULL, NULL },
	{ "demo", NULL, NULL },
	{ "demo/", NULL, NULL },
	{ "/sales", NULL, NULL },
	{ "../sales", NULL, NULL },
	{ "demo/..", NULL, NULL },
	{ "de mo/sales", NULL, NULL },
	{ "demo/sa?les", NULL, NULL },
	{ "", NULL, NULL },
	{ "kaggle:", NULL, NULL },
};

static void names_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(kaggle_name_done)
		struct kaggle_name name = KAGGLE_NAME_EMPTY;
		CLEANUP(str_done) struct str text = STR_EMPTY;
		struct err err = ERR_EMPTY;

		if (!kaggle_name_parse(&name, cases[i].text, &err)) {
			assert_null(cases[i].name);
			assert_int_equal(err.kind, ERR_USAGE);
			assert_true(err.hint[0] != '\0');
			continue;
		}
		kaggle_name_add(&name, &text);
		assert_non_null(cases[i].name);
		assert_string_equal(text.text, cases[i].name);
		assert_string_equal(name.file.text, cases[i].file);
	}
}

static void a_page_is_that_of_the_set(void **state)
{
	CLEANUP(kaggle_name_done) struct kaggle_name name = KAGGLE_NAME_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)state;
	assert_true(kaggle_name_parse(&name, "kaggle:a/b/versions/2/c", NULL));
	kaggle_name_add_page(&name, &text);
	assert_string_equal(text.text, "https://www.kaggle.com/datasets/a/b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_read_or_refused),
		cmocka_unit_test(a_page_is_that_of_the_set),
	};

	return RUN_TESTS(tests);
}
