#include "../check.h"

#include "sandbox/rewrite/nodetree.h"

static void fields_and_members_are_found(void **state)
{
	static const char text[] =
		"{QUERY :name a\\ b :list (1 {VAR :no 7 :in {X :no 9}} (2))"
		" :value 4 [ 5 0 -3 0 ] :last -1}";
	struct nodetree tree;
	size_t list;
	size_t var;

	(void)state;
	assert_true(nodetree_init(&tree, text));
	assert_true(node_is(&tree, 0, "QUERY"));
	assert_int_equal(node_number(&tree, 0, ":last", 5), -1);
	assert_int_equal(node_number(&tree, 0, ":name", 5), 5);
	assert_int_equal(node_number(&tree, 0, ":no", 5), 5);
	assert_int_equal(node_field(&tree, 0, ":none"), NODE_NONE);
	list = node_field(&tree, 0, ":list");
	var = node_member(&tree, list, 1);
	assert_true(node_is(&tree, var, "VAR"));
	assert_int_equal(node_number(&tree, var, ":no", 5), 7);
	assert_int_equal(node_member(&tree, list, 3), NODE_NONE);
	assert_int_equal(node_member(&tree, var, 0), NODE_NONE);
	nodetree_done(&tree);
}

static void brackets_in_names_are_names(void **state)
{
	struct nodetree tree;

	(void)state;
	assert_true(nodetree_init(&tree, "{A :name x[y] :other \\(\\{ :n 3}"));
	assert_int_equal(node_number(&tree, 0, ":n", 0), 3);
	nodetree_done(&tree);
}

static void brackets_need_partners(void **state)
{
	static const char *const texts[] = { "{", "}", "(()", "[ 1" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct nodetree tree;

		assert_false(nodetree_init(&tree, texts[i]));
		nodetree_done(&tree);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_and_members_are_found),
		cmocka_unit_test(brackets_in_names_are_names),
		cmocka_unit_test(brackets_need_partners),
	};

	return RUN_TESTS(tests);
}
