#include "../check.h"

#include "base/secret.h"

static void people_see_stars(void **state)
{
	struct secret secret = SECRET_EMPTY;

	(void)state;
	assert_text(secret_masked(&secret), "");
	secret_set(&secret, "hunter2");
	assert_text(secret_masked(&secret), "***");
	assert_text(secret_text(&secret), "hunter2");
	secret_set(&secret, NULL);
	assert_false(secret_is_set(&secret));
}

static void copies_are_equal_and_apart(void **state)
{
	struct secret a = SECRET_EMPTY;
	struct secret b = SECRET_EMPTY;

	(void)state;
	assert_true(secret_equal(&a, &b));
	secret_set(&a, "one");
	assert_false(secret_equal(&a, &b));
	secret_copy(&b, &a);
	assert_true(secret_equal(&a, &b));
	secret_set(&a, "two");
	assert_false(secret_equal(&a, &b));
	assert_text(secret_text(&b), "one");
	secret_done(&a);
	secret_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_see_stars),
		cmocka_unit_test(copies_are_equal_and_apart),
	};

	return RUN_TESTS(tests);
}
