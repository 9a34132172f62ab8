#include "../check.h"

#include "aws/cloudformation.h"
#include "platform/stack_cause.h"

#define WRAPPED(text, code)                                                    \
	"Resource handler returned message: \"" text                           \
	" (Service: X, Status Code: 400, Request ID: 1)\" (RequestToken: 2, "  \
	"HandlerErrorCode: " code ")"

static const struct {
	const char *type;
	const char *reason;
	const char *words;	/* part of them */
	const char *cure;	/* likewise */
} causes[] = {
	{ "AWS::S3::Bucket", "acme-data already exists",
	  "the bucket's name is taken", "take BucketName out" },
	{ "AWS::S3::Bucket", WRAPPED("The bucket you tried to delete is not "
				     "empty.", "GeneralServiceException"),
	  "CloudFormation deletes empty ones only", "delete d --with-data" },
	{ "AWS::EC2::VPC", WRAPPED("The maximum number of VPCs has been "
				   "reached.", "ServiceLimitExceeded"),
	  "as many networks", "L-F678F1CE" },
	{ "AWS::EC2::EIP", "The maximum number of addresses has been reached.",
	  "as many public addresses", "L-0263D0A3" },
	{ "AWS::EC2::InternetGateway",
	  WRAPPED("x", "InternetGatewayLimitExceeded"),
	  "as many internet gateways", "L-A4707A72" },
	{ "AWS::IAM::Role",
	  "User: arn:aws:iam::1:user/a is not authorized to perform: "
	  "iam:PassRole on resource: arn:aws:iam::1:role/r because no policy",
	  "may not iam:PassRole",
	  "\"Action\": \"iam:PassRole\", \"Resource\": "
	  "\"arn:aws:iam::1:role/r\"" },
	{ "AWS::EC2::Instance",
	  "You are not authorized to perform this operation. Encoded "
	  "authorization failure message: abc",
	  "may not do this", "decode-authorization-message" },
	{ "AWS::EC2::Subnet",
	  "Template error: Fn::Select cannot select nonexistent value at "
	  "index 2", "fewer than three zones", "another region" },
	{ "AWS::EC2::Subnet",
	  "Value (us-east-1e) for parameter availabilityZone is invalid.",
	  "the zone of a subnet", "describe-availability-zones" },
	{ "AWS::EC2::Subnet",
	  "The CIDR '10.0.0.0/20' conflicts with another subnet",
	  "those of another one", "CidrBlock" },
	{ "AWS::Redshift::Cluster", WRAPPED("Invalid node type: dc2.large",
					    "InvalidRequest"),
	  "the node type is not to be had", "another NodeType" },
	{ "AWS::Redshift::Cluster",
	  "The default IAM role ARN must be among the IAM roles",
	  "the default role must be among", "IamRoles" },
	{ "AWS::RedshiftServerless::Workgroup",
	  "There must be at least three subnets in three Availability Zones",
	  "subnets in three zones", "three subnets" },
	{ "AWS::SecretsManager::Secret",
	  "You can't create this secret because a secret with this name is "
	  "already scheduled for deletion.",
	  "keeps its name", "restore-secret" },
	{ "AWS::QuickSight::DataSource",
	  "Account 1 is not signed up with Amazon QuickSight",
	  "the account has no QuickSight", "WithQuickSight = no" },
	{ "AWS::EC2::VPC", "The vpc 'vpc-1' has dependencies and cannot be "
			   "deleted.",
	  "still uses it", "describe-network-interfaces" },
	{ "AWS::Redshift::Cluster", "Rate exceeded", "too much at once",
	  "again" },
	{ "AWS::Redshift::Cluster", WRAPPED("Resource did not stabilize",
					    "NotStabilized"),
	  "not ready in the time", "second try" },
	{ "AWS::Redshift::Cluster", "Invalid parameter value", "not taken",
	  "platform.conf" },
};

static void a_reason_is_told_in_words_with_its_cure(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(causes); i++) {
		CLEANUP(stack_cause_done)
		struct stack_cause cause = STACK_CAUSE_EMPTY;

		stack_cause_explain(causes[i].type, causes[i].reason, "d",
				    &cause);
		if (strstr(cause.words.text, causes[i].words) == NULL ||
		    strstr(cause.cure.text, causes[i].cure) == NULL)
			fail_msg("%s: %s: %s", causes[i].reason,
				 cause.words.text, cause.cure.text);
		assert_null(strstr(cause.reason.text, "Request"));
		assert_null(strstr(cause.words.text, "%"));
		assert_null(strstr(cause.cure.text, "%"));
	}
}

static void what_no_row_knows_stays_as_it_is(void **state)
{
	CLEANUP(stack_cause_done) struct stack_cause cause = STACK_CAUSE_EMPTY;

	(void)state;
	stack_cause_explain("AWS::X::Y", WRAPPED("It rained.", "Weather"), "",
			    &cause);
	assert_text(cause.reason.text, "It rained");
	assert_text(cause.words.text, "");
	assert_text(cause.cure.text, "");
}

/* --- which event --- */

static struct cloudformation_event event(const char *logical,
					 const char *status,
					 const char *reason)
{
	struct cloudformation_event made = {
		.id = (char *)"",
		.logical = (char *)logical,
		.physical = (char *)"",
		.type = (char *)"",
		.status = (char *)status,
		.reason = (char *)reason,
		.token = (char *)"",
		.is_stack = strcmp(logical, "sales") == 0,
	};

	return made;
}

static void the_first_true_cause_is_blamed_not_the_cascade(void **state)
{
	struct cloudformation_event items[] = {
		event("sales", "UPDATE_IN_PROGRESS", "User Initiated"),
		event("A", "UPDATE_FAILED", "Resource update cancelled"),
		event("B", "UPDATE_FAILED", "no capacity"),
		event("C", "UPDATE_FAILED", "Resource update cancelled"),
		event("sales", "UPDATE_ROLLBACK_IN_PROGRESS", "[B] failed"),
		event("D", "UPDATE_FAILED", "it is gone"),
		event("sales", "UPDATE_ROLLBACK_FAILED", "[D] failed"),
	};
	struct cloudformation_events events = { items, COUNT_OF(items), 0 };

	(void)state;
	assert_ptr_equal(stack_cause_find(&events, 0), &items[2]);
	assert_int_equal(stack_cause_way_back(&events), 4);
	assert_ptr_equal(stack_cause_find(&events, 4), &items[5]);
	assert_ptr_equal(stack_cause_find(&events, 6), &items[6]);
	events.count = 2;
	assert_null(stack_cause_find(&events, 0));
	assert_int_equal(stack_cause_way_back(&events), 2);
}

static void an_operation_begins_where_somebody_asked(void **state)
{
	struct cloudformation_event asked =
		event("sales", "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated");
	struct cloudformation_event follows =
		event("sales", "UPDATE_ROLLBACK_IN_PROGRESS", "[B] failed");
	struct cloudformation_event other =
		event("A", "CREATE_IN_PROGRESS", "");
	struct cloudformation_event create =
		event("sales", "CREATE_IN_PROGRESS", "");

	(void)state;
	assert_true(stack_cause_begins(&asked));
	assert_false(stack_cause_begins(&follows));
	assert_false(stack_cause_begins(&other));
	assert_true(stack_cause_begins(&create));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reason_is_told_in_words_with_its_cure),
		cmocka_unit_test(what_no_row_knows_stays_as_it_is),
		cmocka_unit_test(
			the_first_true_cause_is_blamed_not_the_cascade),
		cmocka_unit_test(an_operation_begins_where_somebody_asked),
	};

	return RUN_TESTS(tests);
}
