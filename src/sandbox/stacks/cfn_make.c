#include "sandbox/stacks/cfn_make.h"

#include <ctype.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/json.h"
#include "sandbox/account/fault.h"
#include "sandbox/account/faults.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api_policy.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_rights.h"
#include "sandbox/stacks/cfn_schema.h"
#include "sandbox/stacks/cfn_stack.h"

enum { SEED_LETTERS = 12 };

static const struct cfn_kind kinds[] = {
	{ "AWS::EC2::VPC", "Ec2", "vpc-", NULL, "ec2:CreateVpc",
	  "ec2:ModifyVpcAttribute", "ec2:DeleteVpc", 2, &cfn_effect_vpc },
	{ "AWS::EC2::Subnet", "Ec2", "subnet-", NULL, "ec2:CreateSubnet",
	  "ec2:ModifySubnetAttribute", "ec2:DeleteSubnet", 1,
	  &cfn_effect_subnet },
	{ "AWS::EC2::InternetGateway", "Ec2", "igw-", NULL,
	  "ec2:CreateInternetGateway", "ec2:CreateTags",
	  "ec2:DeleteInternetGateway", 2, NULL },
	{ "AWS::EC2::VPCGatewayAttachment", "Ec2", "IGW|", NULL,
	  "ec2:AttachInternetGateway", "ec2:AttachInternetGateway",
	  "ec2:DetachInternetGateway", 1, NULL },
	{ "AWS::EC2::RouteTable", "Ec2", "rtb-", NULL, "ec2:CreateRouteTable",
	  "ec2:CreateTags", "ec2:DeleteRouteTable", 1, NULL },
	{ "AWS::EC2::Route", "Ec2", "", NULL, "ec2:CreateRoute",
	  "ec2:ReplaceRoute", "ec2:DeleteRoute", 1, NULL },
	{ "AWS::EC2::SubnetRouteTableAssociation", "Ec2", "rtbassoc-", NULL,
	  "ec2:AssociateRouteTable", "ec2:AssociateRouteTable",
	  "ec2:DisassociateRouteTable", 1, NULL },
	{ "AWS::EC2::SecurityGroup", "Ec2", "sg-", "GroupName",
	  "ec2:CreateSecurityGroup", "ec2:AuthorizeSecurityGroupIngress",
	  "ec2:DeleteSecurityGroup", 1, &cfn_effect_group },
	{ "AWS::EC2::SecurityGroupIngress", "Ec2", "sgr-", NULL,
	  "ec2:AuthorizeSecurityGroupIngress",
	  "ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress",
	  1, &cfn_effect_ingress },
	{ "AWS::EC2::VPCEndpoint", "Ec2", "vpce-", NULL,
	  "ec2:CreateVpcEndpoint", "ec2:ModifyVpcEndpoint",
	  "ec2:DeleteVpcEndpoints", 2, NULL },
	{ "AWS::EC2::Instance", "Ec2", "i-", NULL, "ec2:RunInstances",
	  "ec2:ModifyInstanceAttribute", "ec2:TerminateInstances", 4,
	  &cfn_effect_instance },
	{ "AWS::EC2::KeyPair", "Ec2", "", "KeyName", "ec2:ImportKeyPair",
	  "ec2:CreateTags", "ec2:DeleteKeyPair", 1, NULL },
	{ "AWS::IAM::Role", "Iam", "", "RoleName", "iam:CreateRole",
	  "iam:UpdateRole", "iam:DeleteRole", 2, &cfn_effect_role },
	{ "AWS::IAM::Policy", "Iam", "", NULL, "iam:PutRolePolicy",
	  "iam:PutRolePolicy", "iam:DeleteRolePolicy", 2, &cfn_effect_policy },
	{ "AWS::IAM::InstanceProfile", "Iam", "", "InstanceProfileName",
	  "iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile",
	  "iam:DeleteInstanceProfile", 3, &cfn_effect_profile },
	{ "AWS::S3::Bucket", "S3", "", "BucketName", "s3:CreateBucket",
	  "s3:CreateBucket", "s3:DeleteBucket", 2, &cfn_effect_bucket },
	{ "AWS::S3::BucketPolicy", "S3", "", NULL, "s3:PutBucketPolicy",
	  "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", 1,
	  &cfn_effect_bucket_policy },
	{ "AWS::SecretsManager::Secret", "SecretsManager", "", "Name",
	  "secretsmanager:CreateSecret", "secretsmanager:UpdateSecret",
	  "secretsmanager:DeleteSecret", 1, &cfn_effect_secret },
	{ "AWS::SecretsManager::SecretTargetAttachment", "SecretsManager", "",
	  NULL, "secretsmanager:PutSecretValue",
	  "secretsmanager:PutSecretValue", "secretsmanager:PutSecretValue", 1,
	  NULL },
	{ "AWS::Redshift::ClusterSubnetGroup", "Redshift", "", NULL,
	  "redshift:CreateClusterSubnetGroup",
	  "redshift:ModifyClusterSubnetGroup",
	  "redshift:DeleteClusterSubnetGroup", 1, &cfn_effect_subnet_group },
	{ "AWS::Redshift::ClusterParameterGroup", "Redshift", "",
	  "ParameterGroupName", "redshift:CreateClusterParameterGroup",
	  "redshift:ModifyClusterParameterGroup",
	  "redshift:DeleteClusterParameterGroup", 1, &cfn_effect_parameters },
	{ "AWS::Redshift::Cluster", "Redshift", "", "ClusterIdentifier",
	  "redshift:CreateCluster", "redshift:ModifyCluster",
	  "redshift:DeleteCluster", 8, &cfn_effect_cluster },
	{ "AWS::RedshiftServerless::Namespace", "RedshiftServerless", "",
	  "NamespaceName", "redshift-serverless:CreateNamespace",
	  "redshift-serverless:UpdateNamespace",
	  "redshift-serverless:DeleteNamespace", 3, &cfn_effect_namespace },
	{ "AWS::RedshiftServerless::Workgroup", "RedshiftServerless", "",
	  "WorkgroupName", "redshift-serverless:CreateWorkgroup",
	  "redshift-serverless:UpdateWorkgroup",
	  "redshift-serverless:DeleteWorkgroup", 6, &cfn_effect_workgroup },
	{ "AWS::QuickSight::DataSource", "QuickSight", "", "DataSourceId",
	  "quicksight:CreateDataSource", "quicksight:UpdateDataSource",
	  "quicksight:DeleteDataSource", 2, &cfn_effect_quicksight_source },
	{ "AWS::QuickSight::DataSet", "QuickSight", "", "DataSetId",
	  "quicksight:CreateDataSet", "quicksight:UpdateDataSet",
	  "quicksight:DeleteDataSet", 2, &cfn_effect_quicksight },
	{ "AWS::QuickSight::Analysis", "QuickSight", "", "AnalysisId",
	  "quicksight:CreateAnalysis", "quicksight:UpdateAnalysis",
	  "quicksight:DeleteAnalysis", 2, &cfn_effect_quicksight },
	{ "AWS::QuickSight::Dashboard", "QuickSight", "", "DashboardId",
	  "quicksight:CreateDashboard", "quicksight:UpdateDashboard",
	  "quicksight:DeleteDashboard", 2, &cfn_effect_quicksight },
	{ "AWS::QuickSight::VPCConnection", "QuickSight", "", "VPCConnectionId",
	  "quicksight:CreateVPCConnection", "quicksight:UpdateVPCConnection",
	  "quicksight:DeleteVPCConnection", 2,
	  &cfn_effect_quicksight_connection },
};

const struct cfn_kind *cfn_kind_of(const char *type)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return &kinds[i];
	return NULL;
}

/* --- words --- */

bool cfn_make_refuse(struct err *err, const char *code, const char *fmt, ...)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	err_set(err, ERR_AWS, "%s", text.text);
	return err_set_code(err, code);
}

/* [CloudFormation CLI: Handler error codes] */
static const struct {
	const char *code;
	const char *handler;
	int status;
} codes[] = {
	{ "AccessDenied", "AccessDenied", 403 },
	{ "AlreadyExists", "AlreadyExists", 409 },
	{ "BucketAlreadyExists", "AlreadyExists", 409 },
	{ "BucketAlreadyOwnedByYou", "AlreadyExists", 409 },
	{ "ClusterAlreadyExists", "AlreadyExists", 400 },
	{ "ConflictException", "ResourceConflict", 409 },
	{ "EntityAlreadyExists", "AlreadyExists", 409 },
	{ "LimitExceeded", "ServiceLimitExceeded", 400 },
	{ "NotFound", "NotFound", 404 },
	{ "NoSuchBucket", "NotFound", 404 },
	{ "NoSuchEntity", "NotFound", 404 },
	{ "ResourceExistsException", "AlreadyExists", 400 },
	{ "ResourceNotFoundException", "NotFound", 404 },
	{ "ServiceLimitExceeded", "ServiceLimitExceeded", 400 },
	{ "Throttling", "Throttling", 400 },
};

void cfn_make_reason(const char *type, const struct err *err, struct str *out)
{
	const struct cfn_kind *kind = cfn_kind_of(type);
	const char *handler = "InvalidRequest";
	CLEANUP(str_done) struct str request = STR_EMPTY;
	CLEANUP(str_done) struct str token = STR_EMPTY;
	int status = 400;

	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (strcmp(codes[i].code, err->code) == 0) {
			handler = codes[i].handler;
			status = codes[i].status;
		}
	if (err->kind != ERR_AWS) {
		handler = "InternalFailure";
		status = 500;
	}
	cfn_add_uuid(&request);
	cfn_add_uuid(&token);
	if (strcmp(err->code, "Validation") == 0) { /* our own check */
		str_add(out, err->message);
		return;
	}
	str_addf(out,
		 "Resource handler returned message: \"%s (Service: %s, Status "
		 "Code: %d, Request ID: %s)\" (RequestToken: %s, "
		 "HandlerErrorCode: %s)",
		 err->message, kind != NULL ? kind->service : "CloudFormation",
		 status, request.text, token.text, handler);
}

/* --- names and values --- */

void cfn_make_text(const struct json *properties, const char *name,
		   struct str *out)
{
	const struct json *value = json_key(properties, name);
	const char *text = json_text(value, NULL, NULL);

	if (text != NULL)
		str_add(out, text);
	else if (json_shape(value) == JSON_SHAPE_NUMBER ||
		 json_shape(value) == JSON_SHAPE_BOOL)
		json_add(out, value);
}

bool cfn_make_bool(const struct json *properties, const char *name,
		   bool otherwise)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	cfn_make_text(properties, name, &text);
	return text.len > 0 ? str_equal_nocase(text.text, "true") : otherwise;
}

void cfn_make_add_vpc(const struct cfn_making *making,
		      const struct json *properties, struct str *out)
{
	const struct json *subnets = json_key(properties, "SubnetIds");
	const char *first = json_text(json_item(subnets, 0), NULL, "");
	const struct cfn_resource *subnet =
		cfn_find_physical(making->cfn, "AWS::EC2::Subnet", first);

	if (subnet != NULL)
		cfn_make_text(subnet->properties, "VpcId", out);
}

void cfn_make_put_network(const struct cfn_making *making,
			  const struct json *subnets_in, struct json *facts)
{
	CLEANUP(str_done) struct str vpc = STR_EMPTY;

	cfn_make_add_vpc(making, subnets_in, &vpc);
	json_put_text(facts, "vpc", vpc.text);
	json_put_bool(
		facts, "public",
		cfn_make_bool(making->properties, "PubliclyAccessible", false));
}

/* The same for each name of one making of the resource. */
static const char *seed_of(struct cfn_resource *resource)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	unsigned char random[SEED_LETTERS];
	CLEANUP(str_done) struct str seed = STR_EMPTY;

	if (resource->seed != NULL)
		return resource->seed;
	hash_random(random, sizeof(random));
	for (size_t i = 0; i < sizeof(random); i++)
		str_add_char(&seed, letters[random[i] % 36]);
	cfn_put(&resource->seed, seed.text);
	return resource->seed;
}

void cfn_make_name(const struct cfn_making *making, size_t max, bool lower,
		   struct str *out)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	size_t room = (max - SEED_LETTERS - 2) / 2;

	str_addf(&name, "%.*s-%.*s-%s", (int)room, making->stack->name,
		 (int)room, making->resource->logical,
		 seed_of(making->resource));
	for (size_t i = 0; lower && i < name.len; i++)
		name.text[i] = (char)tolower((unsigned char)name.text[i]);
	str_add(out, name.text);
}

void cfn_make_named(const struct cfn_making *making, const char *property,
		    size_t max, bool lower, struct str *out)
{
	size_t before = out->len;

	cfn_make_text(making->properties, property, out);
	if (out->len == before)
		cfn_make_name(making, max, lower, out);
}

static void add_id(const char *prefix, struct str *out)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char random[16];

	hash_random(random, sizeof(random));
	str_addf(out, "%s0", prefix);
	for (size_t i = 0; i < sizeof(random); i++)
		str_add_char(out, digits[random[i] % 16]);
}

/* --- what may go wrong --- */

/* Rules of "redsh-sandbox fault" for the resource, by its name or type. */
static bool check_fault(struct cfn_making *making, const char *op,
			const char *action, struct err *err)
{
	struct faults_subject subject = {
		.method = "STACK",
		.op = op,
		.bucket = making->stack->name,
		.key = making->resource->logical,
		.other_key = making->resource->type,
	};
	struct fault fault;

	faults_take(making->cfn->options->faults, &subject, true, &fault);
	making->dies = fault.kind == FAULT_KILL ? fault.number : -1;
	if (fault.kind != FAULT_FAIL)
		return true;
	if (fault.where[0] != '\0')
		return cfn_make_refuse(err,
				       fault.code[0] != '\0'
					       ? fault.code
					       : "GeneralServiceException",
				       "%s", fault.where);
	if (strcmp(fault.code, "AccessDenied") == 0)
		return cfn_make_refuse(
			err, "AccessDenied",
			"User: %s is not authorized to perform: %s because no "
			"identity-based policy allows the %s action",
			making->stack->caller, action, action);
	return cfn_make_refuse(err,
			       fault.code[0] != '\0'
				       ? fault.code
				       : "GeneralServiceException",
			       "%s of %s failed, as a rule of the sandbox says",
			       action, making->resource->logical);
}

static bool check(struct cfn_making *making, const char *op, enum cfn_deed deed,
		  const char *action, struct err *err)
{
	return check_fault(making, op, action, err) &&
	       cfn_rights_check(making, deed, action, err);
}

static void die_at(const struct cfn_making *making, int64_t when)
{
	if (making->dies == when)
		raise(SIGKILL);
}

/* Faults of the properties that only their values show. */
static bool check_properties(const struct cfn_making *making, struct err *err)
{
	CLEANUP(str_done) struct str faults = STR_EMPTY;

	if (cfn_schema_check(making->cfn->schema, making->resource->type,
			     making->properties, true, &faults))
		return true;
	return cfn_make_refuse(err, "Validation",
			       "Properties validation failed for resource %s "
			       "with message:%s",
			       making->resource->logical, faults.text);
}

/* --- what the properties name --- */

static const struct {
	const char *property;
	const char *type;
	const char *prefix; /* what is of this form is looked for */
	const char *refusal;
} named[] = {
	{ "VpcId", "AWS::EC2::VPC", "vpc-",
	  "The vpc ID '%s' does not exist" },
	{ "SubnetId", "AWS::EC2::Subnet", "subnet-",
	  "The subnet ID '%s' does not exist" },
	{ "SubnetIds", "AWS::EC2::Subnet", "subnet-",
	  "The subnet ID '%s' does not exist" },
	{ "RouteTableId", "AWS::EC2::RouteTable", "rtb-",
	  "The routeTable ID '%s' does not exist" },
	{ "RouteTableIds", "AWS::EC2::RouteTable", "rtb-",
	  "The routeTable ID '%s' does not exist" },
	{ "GatewayId", "AWS::EC2::InternetGateway", "igw-",
	  "The gateway ID '%s' does not exist" },
	{ "InternetGatewayId", "AWS::EC2::InternetGateway", "igw-",
	  "The internetGateway ID '%s' does not exist" },
	{ "GroupId", "AWS::EC2::SecurityGroup", "sg-",
	  "The security group '%s' does not exist" },
	{ "SourceSecurityGroupId", "AWS::EC2::SecurityGroup", "sg-",
	  "The security group '%s' does not exist" },
	{ "SecurityGroupIds", "AWS::EC2::SecurityGroup", "sg-",
	  "The security group '%s' does not exist" },
	{ "VpcSecurityGroupIds", "AWS::EC2::SecurityGroup", "sg-",
	  "The security group '%s' does not exist" },
};

static bool check_there(struct cfn *cfn, size_t row, const char *id,
			struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *mark = strstr(named[row].refusal, "%s");

	if (str_starts(id, named[row].prefix) &&
	    cfn_find_physical(cfn, named[row].type, id) != NULL)
		return true;
	str_addf(&text, "%.*s%s%s", (int)(mark - named[row].refusal),
		 named[row].refusal, id, mark + 2);
	return cfn_make_refuse(err, "NotFound", "%s", text.text);
}

static bool check_named(const struct cfn_making *making, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(named); i++) {
		const struct json *value =
			json_key(making->properties, named[i].property);
		const char *one = json_text(value, NULL, NULL);

		if (one != NULL && !check_there(making->cfn, i, one, err))
			return false;
		for (size_t j = 0; j < json_count(value); j++)
			if (!check_there(making->cfn, i,
					 json_text(json_item(value, j), NULL,
						   ""),
					 err))
				return false;
	}
	return true;
}

/* --- doing it --- */

/* The identifiers of the schema that are properties, joined by "|"; what is
 * no property is an id of its own. */
static void add_identifier(const struct cfn_making *making,
			   const struct cfn_kind *kind, struct str *out)
{
	if (strcmp(kind->type, "AWS::EC2::VPCGatewayAttachment") == 0) {
		str_add(out, "IGW|");
		cfn_make_text(making->properties, "VpcId", out);
	} else if (strcmp(kind->type, "AWS::EC2::Route") == 0) {
		cfn_make_text(making->properties, "RouteTableId", out);
		str_add_char(out, '|');
		cfn_make_text(making->properties, "DestinationCidrBlock", out);
	} else if (kind->id[0] != '\0') {
		add_id(kind->id, out);
	} else if (kind->named_by != NULL) {
		cfn_make_named(making, kind->named_by, 63, false, out);
	} else {
		cfn_make_name(making, 63, false, out);
	}
}

/* What every type's single identifier gives: VpcId, GroupId, Id. */
static void put_own(const struct cfn_making *making, const char *physical,
		    struct json *attributes)
{
	static const char *const same[] = { "Id", "GroupId" };
	const char *ref = cfn_schema_ref(making->cfn->schema,
					 making->resource->type);

	for (size_t i = 0; i < COUNT_OF(same); i++)
		if (json_key(attributes, same[i]) == NULL)
			json_put_text(attributes, same[i], physical);
	if (ref != NULL && strchr(ref, '|') == NULL &&
	    json_key(attributes, ref) == NULL)
		json_put_text(attributes, ref, physical);
	if (json_key(attributes, "Ref") == NULL)
		json_put_text(attributes, "Ref", physical);
}

/* --- what is being made --- */

void cfn_make_claim(const struct cfn_making *making, const char *physical,
		    const struct json *attributes)
{
	struct json *claim = json_new_object();

	json_put_text(claim, "physical", physical);
	json_put_take(claim, "attributes",
		      attributes != NULL ? json_clone(attributes)
					 : json_new_object());
	cfn_put_json(&making->resource->claim, claim);
	cfn_save(making->cfn, making->stack);
	die_at(making, 0);
}

/* As if it had not been begun. What stands in the way of that is told when it
 * is made again: that it is there already. */
static void forget_claim(const struct cfn_making *making)
{
	struct cfn_resource *resource = making->resource;
	const struct cfn_kind *kind = cfn_kind_of(resource->type);
	struct cfn_making removing = *making;

	if (resource->claim == NULL)
		return;
	removing.physical = json_text(resource->claim, "physical", "");
	removing.attributes = json_key(resource->claim, "attributes");
	if (kind != NULL && kind->effect != NULL &&
	    kind->effect->remove != NULL)
		(void)kind->effect->remove(&removing, NULL);
	cfn_put_json(&resource->claim, NULL);
}

void cfn_make_forget_claims(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->stacks.count; i++) {
		struct cfn_stack *stack = cfn->stacks.items[i];

		for (size_t j = 0; j < stack->resources.count; j++) {
			const struct cfn_making making = {
				.cfn = cfn,
				.stack = stack,
				.resource = &stack->resources.items[j],
				.properties =
					stack->resources.items[j].properties,
				.dies = -1,
			};

			forget_claim(&making);
		}
	}
}

static bool run_create(const struct cfn_making *making,
		       const struct cfn_kind *kind, struct str *physical,
		       struct json *attributes, struct err *err)
{
	if (kind->effect == NULL || kind->effect->create == NULL ||
	    kind->effect->create(making, physical, attributes, err))
		return true;
	forget_claim(making);
	return false;
}

bool cfn_make_create(struct cfn_making *making, struct err *err)
{
	const struct cfn_kind *kind = cfn_kind_of(making->resource->type);
	CLEANUP(json_freep) struct json *attributes = json_new_object();
	CLEANUP(str_done) struct str physical = STR_EMPTY;

	if (kind == NULL)
		return cfn_make_refuse(err, "Validation",
				       "the sandbox does not make %s",
				       making->resource->type);
	if (!check_properties(making, err) ||
	    !check(making, "CreateResource", CFN_MAKES, kind->creates, err) ||
	    !check_named(making, err))
		return false;
	if (!run_create(making, kind, &physical, attributes, err))
		return false;
	die_at(making, 1);
	cfn_put_json(&making->resource->claim, NULL);
	if (physical.len == 0)
		add_identifier(making, kind, &physical);
	put_own(making, physical.text, attributes);
	cfn_put(&making->resource->physical, physical.text);
	cfn_put_json(&making->resource->attributes, attributes);
	attributes = NULL;
	return true;
}

bool cfn_make_update(struct cfn_making *making, struct err *err)
{
	const struct cfn_kind *kind = cfn_kind_of(making->resource->type);
	CLEANUP(json_freep)
	struct json *attributes = json_clone(making->attributes);

	if (kind == NULL || !check_properties(making, err) ||
	    !check(making, "UpdateResource", CFN_CHANGES, kind->updates, err) ||
	    !check_named(making, err))
		return false;
	if (kind->effect != NULL && kind->effect->update != NULL &&
	    !kind->effect->update(making, attributes, err))
		return false;
	die_at(making, 1);
	cfn_put_json(&making->resource->attributes, attributes);
	attributes = NULL;
	return true;
}

bool cfn_make_finish(struct cfn_making *making, struct err *err)
{
	const struct cfn_kind *kind = cfn_kind_of(making->resource->type);

	if (kind == NULL || kind->effect == NULL ||
	    kind->effect->finish == NULL)
		return true;
	if (!check_fault(making, "CompleteResource", kind->creates, err))
		return false;
	die_at(making, 0);
	if (!kind->effect->finish(making, err))
		return false;
	die_at(making, 1);
	return true;
}

bool cfn_make_remove(struct cfn_making *making, struct err *err)
{
	const struct cfn_kind *kind = cfn_kind_of(making->resource->type);

	if (kind == NULL)
		return true;
	if (!check(making, "DeleteResource", CFN_REMOVES, kind->deletes, err))
		return false;
	die_at(making, 0);
	if (kind->effect != NULL && kind->effect->remove != NULL &&
	    !kind->effect->remove(making, err))
		return false;
	die_at(making, 1);
	return true;
}

bool cfn_make_is_anew(const struct cfn *cfn, const char *type,
		      const struct json *before, const struct json *after)
{
	const struct json *pair[] = { before, after };

	for (size_t i = 0; i < 2; i++) {
		const struct json *value;
		const char *name;
		size_t at = 0;

		while (json_next(pair[i], &at, &name, &value))
			if (!json_equals(json_key(before, name),
					 json_key(after, name)) &&
			    cfn_schema_replaces(cfn->schema, type, name) ==
				    CFN_REPLACES_ALWAYS)
				return true;
	}
	return false;
}
