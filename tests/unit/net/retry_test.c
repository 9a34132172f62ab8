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
	{ 503, "ServiceUnavailable", RETRY_THROTTLE },
	{ 503, "Busy", RETRY_THROTTLE },
	{ 400, "RequestTimeout", RETRY_TRANSIENT },
	{ 502, "", RETRY_TRANSIENT },
	{ 504, "", RETRY_TRANSIENT },
	{ 408, "", RETRY_TRANSIENT },
	{ 400, "XAmzContentChecksumMismatch", RETRY_ONCE },
	{ 400, "XAmzContentSHA256Mismatch", RETRY_ONCE },
	{ 400, "InvalidDigest", RETRY_ONCE },
	{ 400, "IncompleteBody", RETRY_ONCE },
	{ 400, "TokenRefreshRequired", RETRY_CREDENTIALS },
	{ 400, "InvalidToken", RETRY_CREDENTIALS },
	{ 409, "OperationAborted", RETRY_TRANSIENT },
	{ 409, "ConditionalRequestConflict", RETRY_TRANSIENT },
	{ 307, "TemporaryRedirect", RETRY_REGION },
	{ 400, "IllegalLocationConstraintException", RETRY_REGION },
	{ 403, "SignatureDoesNotMatch", RETRY_NEVER },
	{ 403, "InvalidAccessKeyId", RETRY_NEVER },
	{ 409, "BucketNotEmpty", RETRY_NEVER },
	{ 412, "PreconditionFailed", RETRY_NEVER },
	{ 400, "EntityTooLarge", RETRY_NEVER },
	{ 405, "MethodNotAllowed", RETRY_NEVER },
	{ 501, "NotImplemented", RETRY_NEVER },
	{ 416, "InvalidRange", RETRY_NEVER },
	{ 400, "ProvisionedThroughputExceededException", RETRY_THROTTLE },
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

static void the_server_s_wish_has_bounds(void **state)
{
	/* "Sat, 14 Mar 2026 15:09:26 GMT" */
	int64_t now_ms = INT64_C(1773500966) * 1000;

	(void)state;
	assert_int_equal(retry_wish_ms(40, NULL, NULL, 0), 40);
	assert_int_equal(retry_wish_ms(40, "1500", NULL, 0), 1500);
	assert_int_equal(retry_wish_ms(40, "10", "9", 0), 40);
	assert_int_equal(retry_wish_ms(40, "99999999999999999999", NULL, 0),
			 5040);
	assert_int_equal(retry_wish_ms(40, NULL, "3", 0), 3000);
	assert_int_equal(retry_wish_ms(40, NULL, "0", 0), 40);
	assert_int_equal(retry_wish_ms(40, NULL, "86400", 0), 20000);
	assert_int_equal(retry_wish_ms(40, NULL, "soon", 0), 40);
	assert_int_equal(retry_wish_ms(40, "-1", NULL, 0), 40);
	assert_int_equal(retry_wish_ms(40, NULL,
				       "Sat, 14 Mar 2026 15:09:29 GMT",
				       now_ms),
			 3000);
	assert_int_equal(retry_wish_ms(40, NULL,
				       "Sat, 14 Mar 2026 15:00:00 GMT",
				       now_ms),
			 40);
}

static void tokens_run_out_and_come_back(void **state)
{
	struct retry_tokens tokens;

	(void)state;
	retry_tokens_init(&tokens);
	for (int i = 0; i < 50; i++)
		assert_int_equal(retry_take(&tokens, true), 10);
	assert_int_equal(retry_take(&tokens, false), 0);
	for (int i = 0; i < 4; i++)
		retry_give_back(&tokens, 0);
	assert_int_equal(retry_take(&tokens, false), 0);
	retry_give_back(&tokens, 0);
	assert_int_equal(retry_take(&tokens, false), 5);
	retry_give_back(&tokens, 5);
	assert_int_equal(retry_take(&tokens, true), 0);
	assert_int_equal(retry_take(&tokens, false), 5);
	for (int i = 0; i < 1000; i++)
		retry_give_back(&tokens, 10);
	assert_int_equal(tokens.left, 500);
}

static void legacy_tries_five_times(void **state)
{
	(void)state;
	assert_int_equal(retry_default_attempts(RETRY_STANDARD), 3);
	assert_int_equal(retry_default_attempts(RETRY_ADAPTIVE), 3);
	assert_int_equal(retry_default_attempts(RETRY_LEGACY), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_decide_before_statuses),
		cmocka_unit_test(delays_double_up_to_twenty_seconds),
		cmocka_unit_test(the_server_s_wish_has_bounds),
		cmocka_unit_test(tokens_run_out_and_come_back),
		cmocka_unit_test(legacy_tries_five_times),
	};

	return RUN_TESTS(tests);
}
