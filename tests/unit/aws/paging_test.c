#include "../check.h"

#include "aws/paging.h"

static void the_next_page_has_the_token_told(void **state)
{
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;

	(void)state;
	assert_true(paging_next(&paging, "2", "ListThings", NULL));
	assert_text(paging.token.text, "2");
	assert_true(paging_next(&paging, "3", "ListThings", NULL));
	assert_true(paging_next(&paging, "", "ListThings", NULL));
	assert_text(paging.token.text, "");
}

static void a_list_of_one_page_ends(void **state)
{
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;

	(void)state;
	assert_true(paging_next(&paging, "", "ListThings", NULL));
	assert_text(paging.token.text, "");
}

static void the_same_token_twice_is_an_error(void **state)
{
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(paging_next(&paging, "again", "ListThings", &err));
	assert_false(paging_next(&paging, "again", "ListThings", &err));
	assert_int_equal(err.kind, ERR_DATA);
	assert_non_null(strstr(err.message, "ListThings: the list does not"));
}

static void a_circle_of_several_pages_ends_too(void **state)
{
	static const char *const tokens[] = { "a", "b", "c" };
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;
	struct err err = ERR_EMPTY;
	int pages = 0;

	(void)state;
	while (pages < 100000 &&
	       paging_next(&paging, tokens[pages % 3], "ListThings", &err))
		pages++;
	assert_in_range(pages, 1000, 10000);
	assert_int_equal(err.kind, ERR_DATA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_page_has_the_token_told),
		cmocka_unit_test(a_list_of_one_page_ends),
		cmocka_unit_test(the_same_token_twice_is_an_error),
		cmocka_unit_test(a_circle_of_several_pages_ends_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
