#include "sandbox/stacks/cfn_rights.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/account/account.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api_policy.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_make.h"

#define SERVICE "cloudformation.amazonaws.com"
#define HERE    IDENTITY_REGION ":" IDENTITY_ACCOUNT
#define ASSUMED "arn:aws:sts::" IDENTITY_ACCOUNT ":assumed-role/"

/* --- who acts --- */

static const struct identity_role *role_named(const struct identity *identity,
					      const char *name, size_t len)
{
	const struct identity_role *role;

	for (size_t i = 0; (role = identity_role_at(identity, i)) != NULL;
	     i++) {
		const char *own = strrchr(role->arn, '/') + 1;

		if (strlen(own) == len && memcmp(own, name, len) == 0)
			return role;
	}
	return NULL;
}

void cfn_rights_add_actor(const struct cfn_stack *stack, struct str *out)
{
	if (stack->role_arn != NULL)
		str_addf(out, ASSUMED "%s/AWSCloudFormation",
			 strrchr(stack->role_arn, '/') + 1);
	else if (stack->caller != NULL)
		str_add(out, stack->caller);
}

bool cfn_rights_check_role(const struct s3_call *call, const char *arn,
			   struct err *err)
{
	const struct identity *identity = call->options->identity;
	const struct identity_role *role;

	if (arn == NULL)
		return true;
	if (!api_policy_check_role(call, "iam:PassRole", arn, err))
		return false;
	role = identity_role(identity, arn);
	if (role != NULL && account_trusts(identity, role, SERVICE))
		return true;
	return s3_call_refuse(err, "ValidationError",
			      "Role %s is invalid or cannot be assumed", arn);
}

/* The sandbox's own user may do everything that denied.tsv does not name. */
static bool ask(const struct cfn_making *making, const char *action,
		const char *resource, struct err *err)
{
	const struct s3_http_options *options = making->cfn->options;
	const struct identity_role *role = NULL;
	CLEANUP(str_done) struct str actor = STR_EMPTY;
	bool is_role;

	cfn_rights_add_actor(making->stack, &actor);
	is_role = str_starts(actor.text, ASSUMED);
	if (is_role) {
		const char *name = actor.text + strlen(ASSUMED);

		role = role_named(options->identity, name, strcspn(name, "/"));
	}
	if (is_role && role == NULL)
		return cfn_make_refuse(err, "AccessDenied",
				       "%s is no longer there to be assumed",
				       actor.text);
	return api_policy_check_as(options, actor.text, role, action, resource,
				   err);
}

/* --- on what --- */

static const struct {
	const char *type; /* or what it begins with; particular ones first */
	const char *arn;  /* %s: its name */
	const char *named_by; /* property; NULL: none */
	size_t max;           /* of a made name; 0: AWS chooses an id */
	bool lower;
} arns[] = {
	{ "AWS::IAM::Role", "arn:aws:iam::" IDENTITY_ACCOUNT ":role/%s",
	  "RoleName", 64, false },
	{ "AWS::IAM::InstanceProfile",
	  "arn:aws:iam::" IDENTITY_ACCOUNT ":instance-profile/%s",
	  "InstanceProfileName", 128, false },
	{ "AWS::IAM::Policy", "arn:aws:iam::" IDENTITY_ACCOUNT ":role/%s", NULL,
	  0, false },
	{ "AWS::S3::BucketPolicy", "arn:aws:s3:::%s", "Bucket", 63, true },
	{ "AWS::S3::Bucket", "arn:aws:s3:::%s", "BucketName", 63, true },
	{ "AWS::SecretsManager::Secret",
	  "arn:aws:secretsmanager:" HERE ":secret:%s", "Name", 128, false },
	{ "AWS::Redshift::ClusterSubnetGroup",
	  "arn:aws:redshift:" HERE ":subnetgroup:%s", NULL, 255, true },
	{ "AWS::Redshift::ClusterParameterGroup",
	  "arn:aws:redshift:" HERE ":parametergroup:%s", "ParameterGroupName",
	  255, true },
	{ "AWS::Redshift::Cluster", "arn:aws:redshift:" HERE ":cluster:%s",
	  "ClusterIdentifier", 63, true },
	{ "AWS::RedshiftServerless::Namespace",
	  "arn:aws:redshift-serverless:" HERE ":namespace/%s", NULL, 0, false },
	{ "AWS::RedshiftServerless::Workgroup",
	  "arn:aws:redshift-serverless:" HERE ":workgroup/%s", NULL, 0, false },
	{ "AWS::EC2::VPCEndpoint", "arn:aws:ec2:" HERE ":vpc-endpoint/%s", NULL,
	  0, false },
	{ "AWS::EC2::VPCGatewayAttachment",
	  "arn:aws:ec2:" HERE ":internet-gateway/%s", NULL, 0, false },
	{ "AWS::EC2::VPC", "arn:aws:ec2:" HERE ":vpc/%s", NULL, 0, false },
	{ "AWS::EC2::Subnet", "arn:aws:ec2:" HERE ":subnet/%s", NULL, 0,
	  false },
	{ "AWS::EC2::InternetGateway",
	  "arn:aws:ec2:" HERE ":internet-gateway/%s", NULL, 0, false },
	{ "AWS::EC2::Route", "arn:aws:ec2:" HERE ":route-table/%s", NULL, 0,
	  false },
	{ "AWS::EC2::SecurityGroup", "arn:aws:ec2:" HERE ":security-group/%s",
	  NULL, 0, false },
	{ "AWS::EC2::Instance", "arn:aws:ec2:" HERE ":instance/%s", NULL, 0,
	  false },
	{ "AWS::EC2::KeyPair", "arn:aws:ec2:" HERE ":key-pair/%s", "KeyName",
	  63, false },
	{ "AWS::QuickSight::DataSource",
	  "arn:aws:quicksight:" HERE ":datasource/%s", "DataSourceId", 128,
	  false },
	{ "AWS::QuickSight::DataSet", "arn:aws:quicksight:" HERE ":dataset/%s",
	  "DataSetId", 128, false },
	{ "AWS::QuickSight::Analysis",
	  "arn:aws:quicksight:" HERE ":analysis/%s", "AnalysisId", 128, false },
	{ "AWS::QuickSight::Dashboard",
	  "arn:aws:quicksight:" HERE ":dashboard/%s", "DashboardId", 128,
	  false },
	{ "AWS::QuickSight::VPCConnection",
	  "arn:aws:quicksight:" HERE ":vpcConnection/%s", "VPCConnectionId",
	  128, false },
};

/* The name it has, or will have; "*" where AWS chooses one. */
static void add_name(const struct cfn_making *making, size_t row,
		     struct str *out)
{
	const char *bar = making->physical != NULL
				  ? strrchr(making->physical, '|')
				  : NULL;

	if (making->physical != NULL)
		str_add(out, bar != NULL ? bar + 1 : making->physical);
	else if (arns[row].max == 0)
		str_add_char(out, '*');
	else if (arns[row].named_by != NULL)
		cfn_make_named(making, arns[row].named_by, arns[row].max,
			       arns[row].lower, out);
	else
		cfn_make_name(making, arns[row].max, arns[row].lower, out);
}

static void add_arn(const struct cfn_making *making, struct str *out)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	for (size_t i = 0; i < COUNT_OF(arns); i++) {
		const char *mark = strstr(arns[i].arn, "%s");

		if (!str_starts(making->resource->type, arns[i].type))
			continue;
		add_name(making, i, &name);
		if (!str_starts(name.text, "arn:"))
			str_add_slice(out, arns[i].arn,
				      (size_t)(mark - arns[i].arn));
		str_add(out, name.text);
		return;
	}
	str_add_char(out, '*');
}

/* --- what else properties ask for --- */

#define PASS "iam:PassRole" /* on the role that the property names */

static const struct {
	const char *type;
	const char *property;
	const char *sets;
	const char *removes; /* with the resource; NULL: nothing */
} more[] = {
	{ "AWS::IAM::Role", "Policies", "iam:PutRolePolicy",
	  "iam:DeleteRolePolicy" },
	{ "AWS::IAM::Role", "ManagedPolicyArns", "iam:AttachRolePolicy",
	  "iam:DetachRolePolicy" },
	{ "AWS::IAM::Role", "Tags", "iam:TagRole", NULL },
	{ "AWS::IAM::InstanceProfile", "Roles", "iam:AddRoleToInstanceProfile",
	  "iam:RemoveRoleFromInstanceProfile" },
	{ "AWS::IAM::InstanceProfile", "Roles", PASS, NULL },
	{ "AWS::S3::Bucket", "BucketEncryption",
	  "s3:PutEncryptionConfiguration", NULL },
	{ "AWS::S3::Bucket", "VersioningConfiguration",
	  "s3:PutBucketVersioning", NULL },
	{ "AWS::S3::Bucket", "PublicAccessBlockConfiguration",
	  "s3:PutBucketPublicAccessBlock", NULL },
	{ "AWS::S3::Bucket", "LifecycleConfiguration",
	  "s3:PutLifecycleConfiguration", NULL },
	{ "AWS::S3::Bucket", "OwnershipControls",
	  "s3:PutBucketOwnershipControls", NULL },
	{ "AWS::S3::Bucket", "Tags", "s3:PutBucketTagging", NULL },
	{ "AWS::EC2::VPC", "EnableDnsHostnames", "ec2:ModifyVpcAttribute",
	  NULL },
	{ "AWS::EC2::SecurityGroup", "SecurityGroupIngress",
	  "ec2:AuthorizeSecurityGroupIngress", NULL },
	{ "AWS::EC2::SecurityGroup", "SecurityGroupEgress",
	  "ec2:AuthorizeSecurityGroupEgress", NULL },
	{ "AWS::Redshift::Cluster", "IamRoles", PASS, NULL },
	{ "AWS::RedshiftServerless::Namespace", "IamRoles", PASS, NULL },
	{ "AWS::QuickSight::VPCConnection", "RoleArn", PASS, NULL },
};

static bool pass_one(const struct cfn_making *making, const struct json *role,
		     struct err *err)
{
	const char *text = json_text(role, NULL, "");
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	if (!str_starts(text, "arn:"))
		str_add(&arn, "arn:aws:iam::" IDENTITY_ACCOUNT ":role/");
	str_add(&arn, text);
	return ask(making, PASS, arn.text, err);
}

static bool pass(const struct cfn_making *making, const struct json *value,
		 struct err *err)
{
	if (json_text(value, NULL, NULL) != NULL)
		return pass_one(making, value, err);
	for (size_t i = 0; i < json_count(value); i++)
		if (!pass_one(making, json_item(value, i), err))
			return false;
	return true;
}

static bool check_property(const struct cfn_making *making, size_t row,
			   enum cfn_deed deed, const char *arn, struct err *err)
{
	const struct json *value =
		json_key(making->properties, more[row].property);

	if (value == NULL ||
	    (deed == CFN_CHANGES &&
	     json_equals(value,
			 json_key(making->old_properties, more[row].property))))
		return true;
	if (deed == CFN_REMOVES)
		return more[row].removes == NULL ||
		       ask(making, more[row].removes, arn, err);
	return strcmp(more[row].sets, PASS) == 0
		       ? pass(making, value, err)
		       : ask(making, more[row].sets, arn, err);
}

bool cfn_rights_check(const struct cfn_making *making, enum cfn_deed deed,
		      const char *action, struct err *err)
{
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	add_arn(making, &arn);
	if (!ask(making, action, arn.text, err))
		return false;
	for (size_t i = 0; i < COUNT_OF(more); i++)
		if (strcmp(more[i].type, making->resource->type) == 0 &&
		    !check_property(making, i, deed, arn.text, err))
			return false;
	return true;
}
