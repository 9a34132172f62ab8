#include "../check.h"

#include "data/json.h"
#include "sandbox/account/policy_condition.h"

#define WHO "arn:aws:redshift:us-east-1:123456789012:dbuser:c/u"

static const struct {
	const char *condition;
	const char *external_id;
	bool holds;
} known[] = {
	{ "{\"Bool\":{\"aws:SecureTransport\":\"false\"}}", NULL, false },
	{ "{\"Bool\":{\"aws:SecureTransport\":true}}", NULL, true },
	{ "{\"StringEquals\":{\"sts:ExternalId\":\"x\"}}", NULL, false },
	{ "{\"StringEquals\":{\"sts:ExternalId\":[\"y\",\"x\"]}}", "x", true },
	{ "{\"StringNotEquals\":{\"sts:ExternalId\":\"x\"}}", NULL, true },
	{ "{\"StringLike\":{\"sts:ExternalId\":"
	  "\"arn:aws:redshift:*:123456789012:dbuser:*/*\"}}",
	  WHO, true },
	{ "{\"StringLike\":{\"sts:ExternalId\":"
	  "\"arn:aws:redshift:*:999999999999:dbuser:*/*\"}}",
	  WHO, false },
	{ "{\"StringEquals\":{\"aws:SourceAccount\":\"123456789012\"},"
	  "\"Bool\":{\"aws:SecureTransport\":\"false\"}}",
	  NULL, false },
};

static void conditions_hold_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		CLEANUP(json_freep)
		struct json *condition =
			json_parse(known[i].condition,
				   strlen(known[i].condition), NULL);
		struct err err = ERR_EMPTY;

		assert_non_null(condition);
		assert_true(policy_condition_check(condition, &err));
		if (policy_condition_holds(condition, known[i].external_id) !=
		    known[i].holds)
			fail_msg("%s", known[i].condition);
	}
	assert_true(policy_condition_check(NULL, NULL));
	assert_true(policy_condition_holds(NULL, NULL));
}

static void what_is_not_known_is_refused(void **state)
{
	static const char *const unknown[] = {
		"{}",
		"{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}}",
		"{\"StringEquals\":{\"aws:PrincipalTag/a\":\"b\"}}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(unknown); i++) {
		CLEANUP(json_freep)
		struct json *condition =
			json_parse(unknown[i], strlen(unknown[i]), NULL);
		struct err err = ERR_EMPTY;

		assert_false(policy_condition_check(condition, &err));
		assert_string_equal(err.code, "NotImplemented");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_hold_or_not),
		cmocka_unit_test(what_is_not_known_is_refused),
	};

	return RUN_TESTS(tests);
}
