#include "../check.h"

#include "base/str.h"
#include "sandbox/account/fault.h"

static const struct {
	const char *words;
	enum fault_kind kind;
	int64_t number;
} right[] = {
	{ "status=503", FAULT_STATUS, 503 },
	{ " code=SlowDown ", FAULT_STATUS, 0 },
	{ "delay=10", FAULT_NONE, 0 },
	{ "rate=5 cut-reply=7", FAULT_CUT_REPLY, 7 },
	{ "cut-request", FAULT_CUT_REQUEST, 0 },
	{ "short-body", FAULT_SHORT_BODY, 1 },
	{ "short-body=9", FAULT_SHORT_BODY, 9 },
	{ "skew=-3600", FAULT_SKEW, -3600 },
	{ "wrong-length=-1", FAULT_WRONG_LENGTH, -1 },
};

static void words_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(right); i++) {
		struct fault fault;

		assert_true(fault_parse(right[i].words, &fault, NULL));
		assert_int_equal(fault.kind, right[i].kind);
		assert_int_equal(fault.number, right[i].number);
	}
}

static void modifiers_go_with_any_kind(void **state)
{
	struct fault fault;

	(void)state;
	assert_true(fault_parse("retry-after=2 delay=3 rate=4 status=503"
				" code=X",
				&fault, NULL));
	assert_int_equal(fault.retry_after_s, 2);
	assert_int_equal(fault.delay_ms, 3);
	assert_int_equal(fault.rate_bytes, 4);
	assert_text(fault.code, "X");
	assert_true(fault_parse("redirect=eu-west-1", &fault, NULL));
	assert_text(fault.where, "eu-west-1");
	assert_int_equal(fault.retry_after_s, -1);
}

static const char *const wrong[] = {
	"", " ", "explode", "status", "status=", "status=x", "status=600",
	"status=1", "reset=1", "reset reset", "reset cut-reply", "redirect",
	"cut-reply=-1", "cut-reply=1x", "delay=99999999999999999999", "=",
	"status =503",
};

static void what_makes_no_sense_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct fault fault;
		struct err err = ERR_EMPTY;

		assert_false(fault_parse(wrong[i], &fault, &err));
		assert_int_equal(err.kind, ERR_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_read),
		cmocka_unit_test(modifiers_go_with_any_kind),
		cmocka_unit_test(what_makes_no_sense_is_refused),
	};

	return RUN_TESTS(tests);
}
