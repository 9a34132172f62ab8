#include "../check.h"

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/lazy.h"

/* Libraries that every glibc has, one that nobody has, and a function that the
 * first does not have. */
static double (*lazy_cbrt)(double number);
static int (*lazy_missing)(void);

static const struct lazy_symbol found[] = { { "cbrt", &lazy_cbrt } };
static const struct lazy_symbol half[] = { { "cbrt", &lazy_cbrt },
					   { "no_such_call", &lazy_missing } };

static struct lazy maths = { "libm.so.6", "libc6", "roots need it", found, 1,
			     false };
static struct lazy older = { "libm.so.6", "libc6", "roots need it", half, 2,
			     false };
static struct lazy absent = { "libredsh-absent.so.9", "libredsh-absent9",
			      "this test needs it", found, 1, false };

static void *load_it(void *out)
{
	*(bool *)out = lazy_load(&maths, NULL);
	return NULL;
}

static void threads_that_need_it_at_once_all_get_it(void **state)
{
	pthread_t threads[8];
	bool loaded[8] = { false };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, load_it,
						&loaded[i]),
				 0);
	for (size_t i = 0; i < COUNT_OF(threads); i++) {
		pthread_join(threads[i], NULL);
		assert_true(loaded[i]);
	}
	assert_true(lazy_cbrt(27) > 2.9 && lazy_cbrt(27) < 3.1);
}

static void a_missing_library_is_told_with_its_package(void **state)
{
	struct err err = ERR_EMPTY;

	(void)state;
	for (int again = 0; again < 2; again++) {
		assert_false(lazy_load(&absent, &err));
		assert_int_equal(err.kind, ERR_SYSTEM);
		assert_string_equal(err.message,
				    "libredsh-absent.so.9 cannot be loaded: "
				    "cannot open shared object file: "
				    "No such file or directory");
		assert_string_equal(err.hint,
				    "this test needs it; on Debian: apt-get "
				    "install libredsh-absent9");
	}
	assert_false(lazy_load(&absent, NULL));
}

static void a_library_without_one_of_the_functions_is_refused(void **state)
{
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(lazy_load(&older, &err));
	assert_non_null(strstr(err.message, "no_such_call"));
	assert_false(older.ready);
}

/* In a child, which it ends. */
static void who_cannot_go_on_ends_with_the_message(void **state)
{
	char told[2048] = "";
	size_t len = 0;
	int ends[2], status;
	ssize_t got;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		lazy_need(&absent);
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], told + len, sizeof(told) - 1 - len)) > 0)
		len += (size_t)got;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_non_null(strstr(told, "redsh: error: libredsh-absent.so.9 cannot"));
	assert_non_null(strstr(told, "apt-get install libredsh-absent9"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_that_need_it_at_once_all_get_it),
		cmocka_unit_test(a_missing_library_is_told_with_its_package),
		cmocka_unit_test(
			a_library_without_one_of_the_functions_is_refused),
		cmocka_unit_test(who_cannot_go_on_ends_with_the_message),
	};

	return RUN_TESTS(tests);
}
