/* What IAM's simulation and policies are taken to say, and what not. */
#include "../check.h"

#include "aws/call.h"
#include "aws/iam.h"
#include "data/json.h"

#define ROLE "arn:aws:iam::123456789012:role/Load"

static enum iam_decision decision_of(const char *said, const char *missing)
{
	CLEANUP(call_freep) struct call *call = call_new(OPERATION_SIMULATE);

	call->ok = true;
	str_addf(&call->reply.body,
		 "<SimulatePrincipalPolicyResponse>"
		 "<SimulatePrincipalPolicyResult><EvaluationResults><member>"
		 "<EvalActionName>s3:ListBucket</EvalActionName>"
		 "<EvalDecision>%s</EvalDecision>"
		 "<MissingContextValues>%s</MissingContextValues>"
		 "</member></EvaluationResults>"
		 "</SimulatePrincipalPolicyResult>"
		 "</SimulatePrincipalPolicyResponse>",
		 said, missing);
	return iam_decision(call, "s3:ListBucket");
}

/* A condition on s3:prefix or aws:SourceVpce is not met where the simulation
 * was not told of it; the real call tells. */
static void a_condition_that_was_not_told_decides_nothing(void **state)
{
	static const char prefix[] = "<member>s3:prefix</member>";

	(void)state;
	assert_int_equal(decision_of("implicitDeny", ""), IAM_NOT_ALLOWED);
	assert_int_equal(decision_of("explicitDeny", ""), IAM_DENIED);
	assert_int_equal(decision_of("allowed", ""), IAM_ALLOWED);
	assert_int_equal(decision_of("implicitDeny", prefix), IAM_UNKNOWN);
	assert_int_equal(decision_of("explicitDeny", prefix), IAM_UNKNOWN);
	assert_int_equal(decision_of("allowed", prefix), IAM_ALLOWED);
}

static const struct {
	const char *statement; /* without braces */
	bool allows;
} cases[] = {
	{ "'Principal': {'AWS': '" ROLE "'}, 'Action': 's3:Get*'", true },
	{ "'Principal': {'AWS': '" ROLE "2'}, 'Action': 's3:Get*'", false },
	{ "'Principal': '*', 'Action': ['s3:PutObject']", false },
	{ "'Principal': '*', 'NotAction': 's3:PutObject'", true },
	{ "'NotPrincipal': {'AWS': '1'}, 'Action': 's3:*'", true },
	{ "'Principal': {'AWS': ['arn:aws:sts::123456789012:assumed-role/"
	  "Load/x']}, 'Action': 's3:*'", true },
	{ "'Principal': {'AWS': 'arn:aws:sts::123456789012:assumed-role/"
	  "Other/x'}, 'Action': 's3:*'", false },
};

static void what_may_allow_counts_as_allowing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		CLEANUP(json_freep) struct json *policy = NULL;
		bool conditional;

		str_addf(&text, "{'Statement': [{'Effect': 'Allow', %s}]}",
			 cases[i].statement);
		for (size_t j = 0; j < text.len; j++)
			if (text.text[j] == '\'')
				text.text[j] = '"';
		policy = json_parse(text.text, text.len, NULL);
		assert_non_null(policy);
		if (iam_policy_allows(policy, "s3:GetObject", ROLE, false,
				      &conditional) != cases[i].allows)
			fail_msg("%s", cases[i].statement);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_condition_that_was_not_told_decides_nothing),
		cmocka_unit_test(what_may_allow_counts_as_allowing),
	};

	return RUN_TESTS(tests);
}
