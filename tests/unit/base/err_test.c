#include "../check.h"

#include <errno.h>
#include <stdio.h>

#include "base/err.h"
#include "base/utf8.h"

static void setting_returns_false_and_fills_all_fields(void **state)
{
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(err_set(&err, ERR_DATA, "line %d is bad", 7));
	err_set_code(&err, "1202");
	err_hint(&err, "look at line %d", 7);
	assert_int_equal(err.kind, ERR_DATA);
	assert_text(err.message, "line 7 is bad");
	assert_text(err.code, "1202");
	assert_text(err.hint, "look at line 7");
}

static void a_message_may_quote_the_error_it_replaces(void **state)
{
	struct err err = ERR_EMPTY;

	(void)state;
	err_set(&err, ERR_DATA, "inner");
	err_set(&err, ERR_USAGE, "outer (%s)", err.message);
	assert_text(err.message, "outer (inner)");
	err_wrap(&err, "at %s", "the end");
	assert_text(err.message, "at the end: outer (inner)");
}

static void errno_names_become_codes(void **state)
{
	struct err err = ERR_EMPTY;

	(void)state;
	err_set_errno(&err, ENOENT, "%s", "x.csv");
	assert_text(err.code, "ENOENT");
	assert_text(err.message, "x.csv: No such file or directory");
}

static void long_messages_are_cut_at_a_character(void **state)
{
	struct err err = ERR_EMPTY;
	char text[2048];

	(void)state;
	for (size_t shift = 0; shift < 4; shift++) {
		size_t at = shift;

		memset(text, 'a', sizeof(text));
		for (; at + 3 < sizeof(text); at += 3)
			memcpy(text + at, "\xe2\x82\xac", 3);
		text[at] = '\0';
		err_set(&err, ERR_DATA, "%s", text);
		assert_true(utf8_valid(err.message, strlen(err.message)));
		assert_true(strlen(err.message) > 1000);
	}
}

static void nobody_need_listen(void **state)
{
	(void)state;
	assert_false(err_set(NULL, ERR_DATA, "x"));
	assert_false(err_wrap(NULL, "x"));
	assert_false(err_hint(NULL, "x"));
	assert_false(err_set_code(NULL, "x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setting_returns_false_and_fills_all_fields),
		cmocka_unit_test(a_message_may_quote_the_error_it_replaces),
		cmocka_unit_test(errno_names_become_codes),
		cmocka_unit_test(long_messages_are_cut_at_a_character),
		cmocka_unit_test(nobody_need_listen),
	};

	return RUN_TESTS(tests);
}
