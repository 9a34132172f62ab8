#include "../check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/env.h"

static void names_are_set_changed_and_taken_away(void **state)
{
	(void)state;
	env_set("ENV_TEST_A", "one");
	env_set("ENV_TEST_AB", "two");
	assert_text(getenv("ENV_TEST_A"), "one");
	env_set("ENV_TEST_A", "");
	assert_text(getenv("ENV_TEST_A"), "");
	assert_text(getenv("ENV_TEST_AB"), "two");
	env_set("ENV_TEST_A", NULL);
	assert_null(getenv("ENV_TEST_A"));
	assert_text(getenv("ENV_TEST_AB"), "two");
	env_set("ENV_TEST_NONE", NULL);
	assert_non_null(getenv("PATH"));
}

static atomic_bool done;

static void *read_all_the_while(void *context)
{
	size_t *wrong = context;

	while (!atomic_load(&done)) {
		const char *path = getenv("PATH");
		const char *value = getenv("ENV_TEST_X");

		*wrong += path == NULL;
		*wrong += value != NULL && strspn(value, "x") != strlen(value);
	}
	return NULL;
}

/* The address sanitizer sees a read of what was freed. */
static void a_reader_is_never_led_astray(void **state)
{
	pthread_t thread;
	size_t wrong = 0;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, read_all_the_while,
					&wrong),
			 0);
	for (int i = 0; i < 1000; i++) {
		env_set("ENV_TEST_X", i % 2 == 0 ? "x" : "xxxxxxxxxxxxxxxxxx");
		env_set("ENV_TEST_Y", i % 3 == 0 ? NULL : "y");
	}
	atomic_store(&done, true);
	pthread_join(thread, NULL);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_set_changed_and_taken_away),
		cmocka_unit_test(a_reader_is_never_led_astray),
	};

	return RUN_TESTS(tests);
}
