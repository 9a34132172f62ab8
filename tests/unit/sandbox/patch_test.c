#include "../check.h"

#include "base/str.h"
#include "sandbox/rewrite/patch.h"

#define PATCH(name, sql)                                                       \
	CLEANUP(patch_done) struct patch name;                                 \
	patch_init(&name, sql, strlen(sql))

static void untouched_text_comes_out_as_it_was(void **state)
{
	static const char sql[] =
		"select  a, /* c */ 'x' -- y\n from \"T\" ; -- end";
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	PATCH(patch, sql);
	patch_render(&patch, 0, patch.count, &out, NULL);
	assert_string_equal(out.text,
			    "select  a, /* c */ 'x' -- y\n from \"T\"");
}

static void changed_tokens_keep_the_rest_and_its_origin(void **state)
{
	static const char sql[] = "select top 5 a from t";
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct patch_spans spans = { 0 };

	(void)state;
	PATCH(patch, sql);
	patch_drop(&patch, 1, 3);
	patch_replace(&patch, 3, "%s", "b");
	patch_before(&patch, 3, "(");
	patch_after(&patch, 3, ")");
	patch_after(&patch, 5, " limit 5");
	patch_render(&patch, 0, patch.count, &out, &spans);
	assert_string_equal(out.text, "select (b) from t limit 5");
	assert_int_equal(spans.count, 4);
	assert_int_equal(spans.items[2].to,
			 strstr(out.text, "from") - out.text);
	assert_int_equal(spans.items[2].from, strstr(sql, "from") - sql);
	mem_free(spans.items);
}

static void dropping_never_joins_words(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	PATCH(patch, "select(1)a");
	patch_drop(&patch, 1, 4);
	patch_render(&patch, 0, patch.count, &out, NULL);
	assert_string_equal(out.text, "select a");
}

static void brackets_know_their_partners(void **state)
{
	(void)state;
	PATCH(good, "f(a, (b, c), d)");
	assert_true(good.balanced);
	assert_int_equal(good.items[1].pair, good.count - 1);
	assert_int_equal(good.items[2].depth, 1);
	assert_int_equal(good.items[5].depth, 2);
	PATCH(open, "f(a");
	assert_false(open.balanced);
	PATCH(closed, "a)");
	assert_false(closed.balanced);
}

static void arguments_are_parted_at_their_own_commas(void **state)
{
	struct patch_range ranges[2];

	(void)state;
	PATCH(patch, "f(a, g(b, c), d)");
	assert_int_equal(patch_arguments(&patch, 1, ranges, 2), 3);
	assert_int_equal(ranges[1].from, 4);
	assert_int_equal(ranges[1].to, 10);
	PATCH(none, "f()");
	assert_int_equal(patch_arguments(&none, 1, ranges, 2), 0);
}

static void words_match_without_regard_to_case(void **state)
{
	(void)state;
	PATCH(patch, "Primary KEY (a) \"key\"");
	assert_int_equal(patch_match(&patch, 0, "primary key ("), 3);
	assert_int_equal(patch_match(&patch, 0, "primary keys"), 0);
	assert_int_equal(patch_match(&patch, 5, "key"), 0);
	assert_int_equal(patch_match(&patch, 99, "key"), 0);
	assert_int_equal(patch_find(&patch, 0, patch.count, "a"), PATCH_NONE);
	assert_int_equal(patch_find(&patch, 3, patch.count, "a"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(untouched_text_comes_out_as_it_was),
		cmocka_unit_test(changed_tokens_keep_the_rest_and_its_origin),
		cmocka_unit_test(dropping_never_joins_words),
		cmocka_unit_test(brackets_know_their_partners),
		cmocka_unit_test(arguments_are_parted_at_their_own_commas),
		cmocka_unit_test(words_match_without_regard_to_case),
	};

	return RUN_TESTS(tests);
}
