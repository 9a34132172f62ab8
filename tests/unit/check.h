/* What every unit test includes first: cmocka with its own prerequisites,
 * and text comparison that takes NULL. */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

#define assert_text(actual, expected)                                          \
	do {                                                                   \
		const char *check_a = (actual);                                \
		const char *check_e = (expected);                              \
		if (check_e == NULL)                                           \
			assert_null(check_a);                                  \
		else if (check_a == NULL)                                      \
			fail_msg("NULL instead of \"%s\"", check_e);           \
		else                                                           \
			assert_string_equal(check_a, check_e);                 \
	} while (0)

#define RUN_TESTS(tests) cmocka_run_group_tests(tests, NULL, NULL)

#endif
