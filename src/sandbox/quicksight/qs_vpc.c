#include "sandbox/quicksight/qs_vpc.h"

#include <string.h>

#include "base/mem.h"
#include "data/json.h"
#include "sandbox/account/account.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"

static const char kind[] = "vpcConnection";
static const char id_member[] = "VPCConnectionId";
static const char shown[] =
	"VPCConnectionId Arn Name VPCId SecurityGroupIds DnsResolvers Status"
	" AvailabilityStatus NetworkInterfaces RoleArn CreatedTime"
	" LastUpdatedTime";

static bool check(const struct qs *qs, const struct json *in, struct err *err)
{
	const struct json *subnets = json_key(in, "SubnetIds");
	const char *arn = json_text(in, "RoleArn", "");
	const struct identity_role *role =
		identity_role(qs->options->identity, arn);

	if (json_count(subnets) < 2)
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "SubnetIds must name two subnets at "
				      "least");
	if (role != NULL &&
	    account_trusts(qs->options->identity, role,
			   "quicksight.amazonaws.com"))
		return true;
	return s3_call_refuse(err, "InvalidParameterValueException",
			      "QuickSight may not assume the role %s", arn);
}

bool qs_vpc_create(struct qs *qs, const char *region, const struct json *in,
		   struct json *out, struct err *err)
{
	struct qs_call call = {
		.qs = qs, .region = region, .in = in, .out = out,
	};
	struct qs_key key = qs_key_of(&call, kind, id_member);
	CLEANUP(json_freep) struct json *record = NULL;

	if (!check(qs, in, err))
		return false;
	record = qs_new_asset(&call, key, id_member, err);
	if (record == NULL)
		return false;
	qs_pick(record, in,
		"SecurityGroupIds DnsResolvers RoleArn SubnetIds VPCId");
	json_put_text(record, "Status", "CREATION_SUCCESSFUL");
	json_put_text(record, "AvailabilityStatus", "AVAILABLE");
	if (!qs_store_put(qs->store, key, record, err))
		return false;
	qs_put_who(&call, record, id_member);
	json_put_text(out, "CreationStatus", "CREATION_SUCCESSFUL");
	json_put_text(out, "AvailabilityStatus", "AVAILABLE");
	return true;
}

bool qs_vpc_delete(struct qs *qs, const char *region, const char *id,
		   struct err *err)
{
	struct qs_key key = { kind, region, id };

	if (!qs_store_has(qs->store, key))
		return s3_call_refuse(err, "ResourceNotFoundException",
				      "VPCConnection %s does not exist", id);
	return qs_store_drop(qs->store, key, err);
}

static bool create(struct qs_call *call, struct err *err)
{
	call->status = 201;
	return qs_vpc_create(call->qs, call->region, call->in, call->out, err);
}

static bool delete(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);

	if (record == NULL ||
	    !qs_vpc_delete(call->qs, call->region,
			   json_text(record, id_member, ""), err))
		return false;
	qs_put_who(call, record, id_member);
	json_put_text(call->out, "DeletionStatus", "DELETED");
	json_put_text(call->out, "AvailabilityStatus", "UNAVAILABLE");
	return true;
}

const struct qs_op qs_vpc_ops[] = {
	{ "CreateVPCConnection", create, kind, id_member },
	{ "DescribeVPCConnection", qs_describe, kind, id_member,
	  "VPCConnection", shown },
	{ "ListVPCConnections", qs_list, kind, NULL, "VPCConnectionSummaries",
	  shown },
	{ "DeleteVPCConnection", delete, kind, id_member },
	{ 0 },
};
