#include "../check.h"

#include "net/retry.h"

static const struct {
	int status;
	const char *code;
	enum retry_class class;
} cases[] = {
	{ 200, "", RETRY_NEVER },
	{ 200, "InternalError", RETRY_TRANSIENT },
	{ 403, "AccessDenied", RETRY_NEVER },
	{ 403, "RequestTimeTooSkewed", RETRY_CLOCK },
	{ 400, "ExpiredToken", RETRY_CREDENTIALS },
	{ 400, "AuthorizationHeaderMalformed", RETRY_REGION },
	{ 400, "BadDigest", RETRY_ONCE },
	{ 503, "SlowDown", RETRY_THROTTLE },
	{ 503, "", RETRY_THROTTLE },
	{ 500, "SomethingNew", RETRY_TRANSIENT },
	{ 301, "", RETRY_REGION },
	{ 404, "NoSuchKey", RETRY_NEVER },
	{ 429, "", RETRY_THROTTLE },
};

static void codes_decide_before_statuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(retry_classify(cases[i].status,
						cases[i].code),
				 cases[i].class);
}

static void delays_double_up_to_twenty_seconds(void **state)
{
	(void)state;
	assert_int_equal(retry_delay_ms(RETRY_TRANSIENT, 2, UINT32_MAX), 50);
	assert_int_equal(retry_delay_ms(RETRY_TRANSIENT, 3, UINT32_MAX), 100);
	assert_int_equal(retry_delay_ms(RETRY_TRANSIENT, 5, UINT32_MAX), 400);
	assert_int_equal(retry_delay_ms(RETRY_THROTTLE, 2, UINT32_MAX), 1000);
	assert_int_equal(retry_delay_ms(RETRY_THROTTLE, 99, UINT32_MAX),
			 20000);
	assert_int_equal(retry_delay_ms(RETRY_THROTTLE, 99, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_decide_before_statuses),
		cmocka_unit_test(delays_double_up_to_twenty_seconds),
	};

	return RUN_TESTS(tests);
}
