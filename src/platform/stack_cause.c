#include "platform/stack_cause.h"

#include <fnmatch.h>
#include <string.h>

#include "aws/cloudformation.h"
#include "base/mem.h"
#include "platform/stack_state.h"

/* Patterns are parted by "|", any case, and may stand anywhere in the reason;
 * the first row that fits counts, so particular ones stand first. In the texts
 * %A is the action that is refused, %R the resource it is refused on, %D the
 * folder. */
static const struct {
	const char *type;	/* begin of it; "": any */
	const char *patterns;
	const char *words;
	const char *cure;
} rows[] = {
	/* --- rights --- */
	{ "", "*encoded authorization failure message*",
	  "the AWS identity in use may not do this",
	  "aws sts decode-authorization-message --encoded-message TEXT tells "
	  "which action on what; ask for a policy that allows it" },
	{ "", "*not authorized to perform: ?*",
	  "the AWS identity in use may not %A",
	  "ask for a policy with {\"Effect\": \"Allow\", \"Action\": \"%A\", "
	  "\"Resource\": \"%R\"}" },
	{ "", "*service linked role*|*service-linked role*",
	  "Redshift has no role of its own in this account yet, and the AWS "
	  "identity in use may not make it",
	  "who manages the account runs: aws iam create-service-linked-role "
	  "--aws-service-name redshift.amazonaws.com" },
	{ "AWS::S3::BucketPolicy", "*blockpublicpolicy*|*access denied*",
	  "the account does not let this identity set policies of buckets",
	  "ask for s3:PutBucketPolicy and s3:GetBucketPolicy" },
	{ "", "*access denied*|*accessdenied*|*unauthorizedoperation*|"
	      "*you are not authorized*|*user is not authorized*",
	  "the AWS identity in use may not do this",
	  "ask for the right to make, change and delete this type of "
	  "resource" },
	{ "", "*requires capabilities*|*insufficientcapabilities*",
	  "the template makes roles, which was not agreed to",
	  "\\platform plan%D names the capabilities and says yes to them" },
	/* --- names that are taken --- */
	{ "", "*scheduled for deletion*",
	  "a secret of that name is waiting to be deleted and keeps its name "
	  "until then",
	  "aws secretsmanager restore-secret --secret-id NAME brings it back; "
	  "aws secretsmanager delete-secret --secret-id NAME "
	  "--force-delete-without-recovery frees the name" },
	{ "AWS::S3::Bucket",
	  "*bucketalreadyexists*|*already exists*|*bucketalreadyownedbyyou*|"
	  "*not available. the bucket namespace*|*already owned by you*",
	  "the bucket's name is taken; all customers of AWS share the names",
	  "take BucketName out of the template, so that CloudFormation finds a "
	  "free one, or choose another" },
	{ "AWS::S3::Bucket", "*conflicting conditional operation*",
	  "a bucket of that name was deleted a moment ago",
	  "wait some minutes, then try again, or choose another name" },
	{ "AWS::S3::Bucket", "*not empty*|*bucketnotempty*",
	  "the bucket is not empty, and CloudFormation deletes empty ones only",
	  "\\platform delete%D --with-data empties it first" },
	{ "AWS::RedshiftServerless::",
	  "*already exists*|*alreadyexists*|*conflict*",
	  "a namespace or workgroup of that name is there already",
	  "choose another stack name (platform.conf), or delete the other "
	  "one" },
	/* --- limits --- */
	{ "AWS::EC2::VPC", "*vpclimitexceeded*|*maximum number of vpcs*",
	  "the account has as many networks (VPCs) in this region as it may",
	  "delete one that is not used, take another region, or ask for more: "
	  "aws service-quotas request-service-quota-increase --service-code "
	  "vpc --quota-code L-F678F1CE --desired-value 10" },
	{ "AWS::EC2::", "*internetgatewaylimitexceeded*",
	  "the account has as many internet gateways in this region as it may",
	  "delete one that is not used, or ask for more: aws service-quotas "
	  "request-service-quota-increase --service-code vpc --quota-code "
	  "L-A4707A72 --desired-value 10" },
	{ "AWS::EC2::", "*addresslimitexceeded*|*maximum number of addresses*",
	  "the account has as many public addresses in this region as it may",
	  "release one that is not used, or ask for more: aws service-quotas "
	  "request-service-quota-increase --service-code ec2 --quota-code "
	  "L-0263D0A3 --desired-value 10" },
	{ "AWS::EC2::", "*vcpulimitexceeded*|*instancelimitexceeded*",
	  "the account runs as many machines of this kind as it may",
	  "stop one that is not used, or ask for more at Service Quotas (EC2, "
	  "running on-demand instances)" },
	{ "AWS::Redshift::",
	  "*quotaexceeded*|*quota exceeded*|*limitexceeded*|"
	  "*exceed*quota*|*exceed*limit*",
	  "the account has as many nodes or clusters in this region as it may",
	  "NumberOfNodes in platform.conf asks for fewer; or ask for more at "
	  "Service Quotas (Amazon Redshift)" },
	{ "AWS::RedshiftServerless::",
	  "*servicequotaexceeded*|*quota*|*limit exceeded*",
	  "the account has as many RPU or workgroups in this region as it may",
	  "BaseCapacity in platform.conf asks for fewer; or ask for more at "
	  "Service Quotas (Amazon Redshift Serverless)" },
	{ "AWS::IAM::", "*limitexceeded*|*cannot exceed quota*",
	  "the account has as many roles as it may",
	  "delete roles that are not used, or ask for more at Service Quotas "
	  "(IAM)" },
	/* --- zones and capacity --- */
	{ "", "*fn::select*nonexistent*|*fn::select*index*",
	  "the region has fewer than three zones that this account may use",
	  "take another region (platform.conf), or write the subnets of the "
	  "template for the zones there are: aws ec2 "
	  "describe-availability-zones" },
	{ "AWS::EC2::Subnet", "*availability zone*|*availabilityzone*",
	  "the zone of a subnet cannot be used by this account",
	  "aws ec2 describe-availability-zones names those that can; write one "
	  "of them as its AvailabilityZone" },
	{ "AWS::EC2::Subnet", "*invalidsubnet.conflict*|*conflicts with*",
	  "the addresses of the subnet are those of another one",
	  "change its CidrBlock in the template" },
	{ "AWS::EC2::Subnet", "*invalidsubnet.range*|*cidr*is invalid*",
	  "the addresses of the subnet are not within those of the network",
	  "change its CidrBlock in the template" },
	{ "AWS::RedshiftServerless::",
	  "*three availability zones*|*3 availability zones*|"
	  "*three subnets*|*3 subnets*|*at least three*|*at least 3*",
	  "Redshift Serverless needs subnets in three zones",
	  "give the workgroup three subnets of different zones in the "
	  "template, or take a region with three zones" },
	{ "AWS::RedshiftServerless::",
	  "*insufficientcapacity*|*insufficient capacity*",
	  "AWS has no capacity for the workgroup in these zones now",
	  "try again later, or with a smaller BaseCapacity, or in another "
	  "region" },
	{ "AWS::Redshift::Cluster",
	  "*insufficientclustercapacity*|*insufficient capacity*|"
	  "*unsupported node*|*node type*not *|*not *node type*|"
	  "*invalid node type*|*nodetype*",
	  "the node type is not to be had in the zones of the subnets",
	  "choose another NodeType in platform.conf; aws redshift "
	  "describe-orderable-cluster-options --node-type TYPE names the zones "
	  "of one" },
	{ "AWS::Redshift::", "*subnet*zone*|*zone*subnet*|*invalidsubnet*|"
			     "*subnetgroup*",
	  "the subnets do not suit the cluster",
	  "the subnet group needs subnets of one network, in the zones where "
	  "the node type is to be had" },
	{ "AWS::EC2::Instance",
	  "*insufficientinstancecapacity*|*not supported in your requested*|"
	  "*unsupported*",
	  "the instance type is not to be had in that zone now",
	  "change InstanceType or the zone of InstanceSubnet in the template, "
	  "or WithInstance = no in platform.conf" },
	{ "AWS::EC2::Instance", "*ami*does not exist*|*invalidamiid*",
	  "the image of the machine is not there in this region",
	  "InstanceImage in platform.conf names one that is; or WithInstance = "
	  "no" },
	/* --- Redshift's settings --- */
	{ "AWS::Redshift",
	  "*default*iam*role*|*defaultiamrole*|*default role*",
	  "the default role must be among the roles of the warehouse",
	  "write its ARN into IamRoles as well as into DefaultIamRoleArn" },
	{ "AWS::RedshiftServerless::", "*base capacity*|*basecapacity*",
	  "BaseCapacity is not one that this region takes",
	  "8 to 512 by steps of 8 in most regions, 4 in some: platform.conf" },
	{ "AWS::Redshift::", "*assume*role*|*not valid or not assumable*",
	  "Redshift may not assume the role",
	  "its trust policy needs the service redshift.amazonaws.com" },
	/* --- QuickSight --- */
	{ "AWS::QuickSight::",
	  "*not signed up*|*not subscribed*|*no quicksight account*|"
	  "*directory information for account*|*account*not found*",
	  "the account has no QuickSight",
	  "sign up at https://quicksight.aws.amazon.com (Enterprise), or write "
	  "WithQuickSight = no into platform.conf" },
	{ "AWS::QuickSight::", "*unsupporteduseredition*|*standard edition*|"
			       "*edition*",
	  "QuickSight's edition has no connections into networks",
	  "change it to Enterprise, or write WithQuickSight = no into "
	  "platform.conf" },
	{ "AWS::QuickSight::", "*endpoint is*|*identity region*|*use region*",
	  "QuickSight keeps its users in another region",
	  "QuickSightUserArn in platform.conf names that region" },
	{ "AWS::QuickSight::", "*invalid principal*|*principal*not*",
	  "there is no such QuickSight user",
	  "aws quicksight list-users names them; QuickSightUserArn in "
	  "platform.conf" },
	{ "AWS::QuickSight::", "*secret*",
	  "QuickSight may not read the secret with the administrator's "
	  "password",
	  "Manage QuickSight, Security & permissions, AWS Secrets Manager: let "
	  "it" },
	/* --- what holds, and what has gone --- */
	{ "", "*dependent object*|*dependencyviolation*|*has dependencies*|"
	      "*in use by*|*currently in use*",
	  "something that the stack did not make still uses it",
	  "find it (aws ec2 describe-network-interfaces names what hangs in a "
	  "network), remove it, then try again" },
	{ "", "*termination protection*|*terminationprotection*",
	  "the stack is protected against deletion",
	  "aws cloudformation update-termination-protection "
	  "--no-enable-termination-protection --stack-name NAME" },
	{ "", "*rollback requested by user*|*user cancelled*|"
	      "*cancelled by user*",
	  "somebody asked for the way back", "" },
	{ "", "*creation time exceeded*",
	  "it took longer than the stack's time limit", "try again" },
	/* --- time --- */
	{ "", "*rate exceeded*|*throttl*|*requestlimitexceeded*",
	  "AWS was asked for too much at once", "try again in some minutes" },
	{ "", "*did not stabilize*|*notstabilized*|*timed out*|"
	      "*exceeded attempts*",
	  "it was not ready in the time that CloudFormation gives it",
	  "look at it in its console; often a second try is enough" },
	{ "", "*internalfailure*|*internal failure*|*internal error*|"
	      "*serviceinternalerror*",
	  "AWS failed by itself", "try again in some minutes" },
	/* --- what any service may say --- */
	{ "", "*already exists*|*alreadyexists*",
	  "its name is taken by one that is there already",
	  "take the name out of the template, so that CloudFormation finds a "
	  "free one, or delete the other one" },
	{ "", "*limitexceeded*|*limit exceeded*|*quota*",
	  "the account has as many of these in this region as it may",
	  "delete one that is not used, or ask for more at Service Quotas" },
	{ "", "*invalid template path*|*template format error*|"
	      "*unresolved resource dependencies*|*template error*|"
	      "*invalid template*",
	  "the template is not right",
	  "change what the reason names, then \\platform plan%D" },
	{ "", "*parameters: [[]*] must have values*",
	  "parameters have no values",
	  "write them below [parameters] in platform.conf" },
	{ "", "*parameter*|*constraint*|*validation*|*invalidrequest*|"
	      "*not valid*|*invalid value*|*malformed*|*extraneous key*",
	  "a value is not taken",
	  "change it in platform.conf or in the template, then \\platform "
	  "plan%D" },
	{ "", "*notfound*|*not found*|*does not exist*|*nosuch*",
	  "what it needs is not there: it was removed by other ways than the "
	  "stack, or its name is wrong",
	  "change the template, or make what is missing; then try again" },
};

void stack_cause_done(struct stack_cause *cause)
{
	str_done(&cause->what);
	str_done(&cause->reason);
	str_done(&cause->words);
	str_done(&cause->cure);
}

/* --- the reason without its wrapping --- */

/* Resource handler returned message: "TEXT (Service: Ec2, Status Code: 400,
 * Request ID: ...)" (RequestToken: ..., HandlerErrorCode: ...): TEXT. The code
 * stays known to the patterns: they see the whole. */
static void unwrap(const char *reason, struct str *out)
{
	static const char *const heads[] = {
		"Resource handler returned message: \"",
		"Resource handler returned message: ",
	};
	static const char *const tails[] = {
		" (RequestToken:", " (Service:",  " (SDK Attempt Count:",
		"; Proxy: null)",
	};

	for (size_t i = 0; i < COUNT_OF(heads); i++)
		if (str_starts(reason, heads[i])) {
			reason += strlen(heads[i]);
			break;
		}
	str_set(out, reason);
	for (size_t i = 0; i < COUNT_OF(tails); i++) {
		const char *tail = strstr(out->text, tails[i]);

		if (tail != NULL)
			str_cut(out, (size_t)(tail - out->text));
	}
	str_trim_end(out);
	while (out->len > 0 && strchr("\".", out->text[out->len - 1]) != NULL)
		str_cut(out, out->len - 1);
}

/* --- the table --- */

static bool fits(const char *patterns, const char *reason)
{
	while (*patterns != '\0') {
		size_t len = strcspn(patterns, "|");
		CLEANUP(mem_freep) char *one = mem_copy_slice(patterns, len);

		if (fnmatch(one, reason, FNM_CASEFOLD) == 0)
			return true;
		patterns += len + (patterns[len] == '|');
	}
	return false;
}

/* The word behind mark; "*" when there is none. */
static void word_after(const char *reason, const char *mark, struct str *out)
{
	const char *at = strstr(reason, mark);

	str_clear(out);
	if (at != NULL) {
		at += strlen(mark);
		str_add_slice(out, at, strcspn(at, " \"',;)"));
	}
	while (out->len > 0 && out->text[out->len - 1] == '.')
		str_cut(out, out->len - 1);
	if (out->len == 0)
		str_add_char(out, '*');
}

static void fill(const char *text, const char *reason, const char *folder,
		 struct str *out)
{
	CLEANUP(str_done) struct str half = STR_EMPTY;
	CLEANUP(str_done) struct str word = STR_EMPTY;

	for (; *text != '\0'; text++) {
		if (text[0] == '%' && (text[1] == 'A' || text[1] == 'R')) {
			word_after(reason,
				   text[1] == 'A' ? "authorized to perform: "
						  : "on resource: ",
				   &word);
			str_add(&half, word.text);
			text++;
		} else {
			str_add_char(&half, *text);
		}
	}
	str_clear(out);
	stack_state_fill(half.text, folder, out);
}

void stack_cause_explain(const char *type, const char *reason,
			 const char *folder, struct stack_cause *out)
{
	unwrap(reason, &out->reason);
	str_clear(&out->words);
	str_clear(&out->cure);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (!str_starts(type, rows[i].type) ||
		    !fits(rows[i].patterns, reason))
			continue;
		fill(rows[i].words, reason, folder, &out->words);
		fill(rows[i].cure, reason, folder, &out->cure);
		return;
	}
}

/* --- the event to blame --- */

bool stack_cause_is_cascade(const struct cloudformation_event *event)
{
	return fits("resource creation cancelled*|resource update cancelled*|"
		    "resource creation canceled*|resource update canceled*|"
		    "resource deletion cancelled*|resource deletion canceled*",
		    event->reason);
}

bool stack_cause_begins(const struct cloudformation_event *event)
{
	static const char *const statuses[] = {
		"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS",
		"DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS",
	};

	if (!event->is_stack)
		return false;
	for (size_t i = 0; i < COUNT_OF(statuses); i++)
		if (strcmp(statuses[i], event->status) == 0)
			return true;
	/* ContinueUpdateRollback, not what follows by itself. */
	return strcmp(event->status, "UPDATE_ROLLBACK_IN_PROGRESS") == 0 &&
	       fits("user initiated*", event->reason);
}

static bool is_failure(const struct cloudformation_event *event)
{
	return str_ends(event->status, "_FAILED") &&
	       !stack_cause_is_cascade(event);
}

/* Of the stack the reason stands where it turns: ROLLBACK_IN_PROGRESS, too. */
static bool is_failure_of_stack(const struct cloudformation_event *event)
{
	return event->is_stack && event->reason[0] != '\0' &&
	       (str_ends(event->status, "_FAILED") ||
		str_ends(event->status, "ROLLBACK_IN_PROGRESS"));
}

const struct cloudformation_event *
stack_cause_find(const struct cloudformation_events *events, size_t from)
{
	for (size_t i = from; i < events->count; i++)
		if (!events->items[i].is_stack && is_failure(&events->items[i]))
			return &events->items[i];
	for (size_t i = from; i < events->count; i++)
		if (is_failure_of_stack(&events->items[i]))
			return &events->items[i];
	return NULL;
}

size_t stack_cause_way_back(const struct cloudformation_events *events)
{
	for (size_t i = 0; i < events->count; i++)
		if (events->items[i].is_stack &&
		    str_ends(events->items[i].status, "ROLLBACK_IN_PROGRESS"))
			return i;
	return events->count;
}
