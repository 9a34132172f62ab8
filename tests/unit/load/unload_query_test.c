#include "../check.h"

#include "load/copy_args.h"
#include "load/unload_query.h"

static const struct {
	const char *query;
	const char *text;
	bool wrapped;
	bool ordered;
} cases[] = {
	{ "select 1", "select 1", false, false },
	{ "select a from t order by a ; ", "select a from t order by a", false,
	  true },
	{ "select a from t limit 3", "select * from (select a from t limit 3) "
				     "as limited", true, false },
	/* the order is lost where it cannot be said of results */
	{ "select a from t order by b limit 3",
	  "select * from (select a from t order by b limit 3) as limited", true,
	  false },
	{ "select a x from t order by X desc limit 3",
	  "select * from (select a x from t order by X desc limit 3) as "
	  "limited order by X desc", true, true },
	/* a comment must not take the parenthesis with it */
	{ "select a from t limit 3 -- few",
	  "select * from (select a from t limit 3 -- few\n) as limited", true,
	  false },
	{ "select top 5 a from t", "select * from (select top 5 a from t) as "
				   "limited", true, false },
	{ "select top from t", "select top from t", false, false },
};

static void a_limit_goes_into_a_derived_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(copy_args_done) struct copy_args args = COPY_ARGS_EMPTY;
		CLEANUP(unload_query_done)
		struct unload_query query = UNLOAD_QUERY_EMPTY;
		struct err err = ERR_EMPTY;

		str_set(&args.query, cases[i].query);
		assert_true(unload_query_make(&query, &args, &err));
		assert_text(query.text.text, cases[i].text);
		assert_int_equal(query.wrapped, cases[i].wrapped);
		assert_int_equal(query.ordered, cases[i].ordered);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_limit_goes_into_a_derived_table),
	};

	return RUN_TESTS(tests);
}
