/* Networks and machines: there are none, but their rules hold. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_cidr.h"
#include "sandbox/stacks/cfn_make.h"

enum { WIDEST_BITS = 16, NARROWEST_BITS = 28 }; /* of VPCs and subnets */

static bool need_block(const struct cfn_making *making, struct str *out_text,
		       struct cfn_cidr *out, struct err *err)
{
	cfn_make_text(making->properties, "CidrBlock", out_text);
	if (!cfn_cidr_parse(out_text->text, out))
		return cfn_make_refuse(err, "InvalidParameterValue",
				       "Value (%s) for parameter cidrBlock is "
				       "invalid. This is not a valid CIDR "
				       "block.",
				       out_text->text);
	return (cfn_cidr_is_whole(out) && out->bits >= WIDEST_BITS &&
		out->bits <= NARROWEST_BITS) ||
	       cfn_make_refuse(err, "InvalidRange", "The CIDR '%s' is invalid.",
			       out_text->text);
}

static void put_made(struct json *attributes, const char *name,
		     const char *prefix, const char *seed)
{
	CLEANUP(str_done) struct str hex = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;

	hash_add_hex(HASH_SHA256, seed, strlen(seed), &hex);
	str_addf(&id, "%s0%.16s", prefix, hex.text);
	json_put_text(attributes, name, id.text);
}

static void add_own_id(const char *prefix, struct str *out)
{
	CLEANUP(str_done) struct str uuid = STR_EMPTY;

	cfn_add_uuid(&uuid);
	str_addf(out, "%s0%.8s%.4s%.4s", prefix, uuid.text, uuid.text + 9,
		 uuid.text + 14);
}

/* --- AWS::EC2::VPC --- */

static bool create_vpc(const struct cfn_making *making, struct str *out_id,
		       struct json *attributes, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct json *blocks;
	struct cfn_cidr block;

	if (json_key(making->properties, "CidrBlock") == NULL)
		return cfn_make_refuse(err, "MissingParameter",
				       "Either 'cidrBlock' or 'ipv4IpamPoolId' "
				       "should be provided.");
	if (!need_block(making, &text, &block, err))
		return false;
	add_own_id("vpc-", out_id);
	json_put_text(attributes, "CidrBlock", text.text);
	put_made(attributes, "DefaultSecurityGroup", "sg-", out_id->text);
	put_made(attributes, "DefaultNetworkAcl", "acl-", out_id->text + 1);
	blocks = json_new_array();
	json_push_take(blocks, json_new_text("vpc-cidr-assoc-0"));
	json_put_take(attributes, "CidrBlockAssociations", blocks);
	json_put_take(attributes, "Ipv6CidrBlocks", json_new_array());
	return true;
}

/* --- AWS::EC2::Subnet --- */

static bool check_inside(const struct cfn_making *making, const char *vpc_id,
			 const struct cfn_cidr *block, const char *text,
			 struct err *err)
{
	const struct cfn_resource *vpc =
		cfn_find_physical(making->cfn, "AWS::EC2::VPC", vpc_id);
	struct cfn_cidr outer;

	if (vpc == NULL ||
	    !cfn_cidr_parse(json_text(json_key(vpc->properties, "CidrBlock"),
				      NULL, ""),
			    &outer) ||
	    cfn_cidr_contains(&outer, block))
		return true;
	return cfn_make_refuse(err, "InvalidSubnet", "The CIDR '%s' is invalid.",
			       text);
}

static bool check_apart(const struct cfn_making *making, const char *vpc_id,
			const struct cfn_cidr *block, const char *text,
			struct err *err)
{
	const struct cfn_stack *stack = making->stack;

	for (size_t i = 0; i < stack->resources.count; i++) {
		const struct cfn_resource *other = &stack->resources.items[i];
		struct cfn_cidr there;

		if (other == making->resource || other->physical == NULL ||
		    strcmp(other->type, "AWS::EC2::Subnet") != 0 ||
		    strcmp(json_text(json_key(other->properties, "VpcId"),
				     NULL, ""),
			   vpc_id) != 0 ||
		    !cfn_cidr_parse(json_text(json_key(other->properties,
						       "CidrBlock"),
					      NULL, ""),
				    &there))
			continue;
		if (cfn_cidr_overlaps(&there, block))
			return cfn_make_refuse(err, "InvalidSubnet",
					       "The CIDR '%s' conflicts with "
					       "another subnet",
					       text);
	}
	return true;
}

static bool check_zone(const char *zone, struct err *err)
{
	size_t len = strlen(IDENTITY_REGION);

	if (*zone == '\0' ||
	    (str_starts(zone, IDENTITY_REGION) && zone[len] >= 'a' &&
	     zone[len] <= 'f' && zone[len + 1] == '\0'))
		return true;
	return cfn_make_refuse(err, "InvalidParameterValue",
			       "Value (%s) for parameter availabilityZone is "
			       "invalid. Subnets can currently only be created "
			       "in the following availability zones: "
			       "us-east-1a, us-east-1b, us-east-1c, us-east-1d, "
			       "us-east-1e, us-east-1f.",
			       zone);
}

static bool create_subnet(const struct cfn_making *making, struct str *out_id,
			  struct json *attributes, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str vpc = STR_EMPTY;
	CLEANUP(str_done) struct str zone = STR_EMPTY;
	struct cfn_cidr block;

	cfn_make_text(making->properties, "VpcId", &vpc);
	cfn_make_text(making->properties, "AvailabilityZone", &zone);
	if (!check_zone(zone.text, err) ||
	    !need_block(making, &text, &block, err) ||
	    !check_inside(making, vpc.text, &block, text.text, err) ||
	    !check_apart(making, vpc.text, &block, text.text, err))
		return false;
	add_own_id("subnet-", out_id);
	put_made(attributes, "NetworkAclAssociationId", "aclassoc-",
		 out_id->text);
	json_put_take(attributes, "Ipv6CidrBlocks", json_new_array());
	return true;
}

/* --- AWS::EC2::SecurityGroup and its rules --- */

static bool check_port(const struct json *rule, const char *name,
		       struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	long port;

	cfn_make_text(rule, name, &text);
	port = strtol(text.text, NULL, 10);
	if (port >= -1 && port <= 65535)
		return true;
	return cfn_make_refuse(err, "InvalidParameterValue",
			       "Invalid value '%s' for portRange. Must be in "
			       "range 0-65535",
			       text.text);
}

static bool check_rule(const struct json *rule, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct cfn_cidr block;

	cfn_make_text(rule, "CidrIp", &text);
	if (text.len > 0 && !cfn_cidr_parse(text.text, &block))
		return cfn_make_refuse(err, "InvalidParameterValue",
				       "CIDR block %s is malformed", text.text);
	return check_port(rule, "FromPort", err) &&
	       check_port(rule, "ToPort", err);
}

static bool check_rules(const struct json *properties, struct err *err)
{
	static const char *const lists[] = { "SecurityGroupIngress",
					     "SecurityGroupEgress" };

	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		const struct json *rules = json_key(properties, lists[i]);

		for (size_t j = 0; j < json_count(rules); j++)
			if (!check_rule(json_item(rules, j), err))
				return false;
	}
	return true;
}

static bool create_group(const struct cfn_making *making, struct str *out_id,
			 struct json *attributes, struct err *err)
{
	(void)attributes;
	if (!check_rules(making->properties, err))
		return false;
	add_own_id("sg-", out_id);
	return true;
}

static bool update_group(const struct cfn_making *making,
			 struct json *attributes, struct err *err)
{
	(void)attributes;
	return check_rules(making->properties, err);
}

/* "resource has a dependent object": rules and machines that name it. */
static bool remove_group(const struct cfn_making *making, struct err *err)
{
	const struct cfn_stack *stack = making->stack;

	for (size_t i = 0; i < stack->resources.count; i++) {
		const struct cfn_resource *other = &stack->resources.items[i];
		CLEANUP(str_done) struct str text = STR_EMPTY;

		if (other == making->resource || other->physical == NULL ||
		    other->leaving || other->properties == NULL ||
		    strcmp(other->type, "AWS::EC2::Instance") != 0)
			continue;
		json_add(&text, other->properties);
		if (strstr(text.text, making->physical) != NULL)
			return cfn_make_refuse(err, "DependencyViolation",
					       "resource %s has a dependent "
					       "object",
					       making->physical);
	}
	return true;
}

static bool create_ingress(const struct cfn_making *making, struct str *out_id,
			   struct json *attributes, struct err *err)
{
	(void)attributes;
	if (!check_rule(making->properties, err))
		return false;
	add_own_id("sgr-", out_id);
	return true;
}

/* --- AWS::EC2::Instance --- */

static bool check_profile(const struct cfn_making *making, struct err *err)
{
	CLEANUP(str_done) struct str profile = STR_EMPTY;

	cfn_make_text(making->properties, "IamInstanceProfile", &profile);
	if (profile.len == 0 ||
	    cfn_find_physical(making->cfn, "AWS::IAM::InstanceProfile",
			      profile.text) != NULL)
		return true;
	return cfn_make_refuse(err, "InvalidParameterValue",
			       "Value (%s) for parameter "
			       "iamInstanceProfile.name is invalid. Invalid IAM "
			       "Instance Profile name",
			       profile.text);
}

static bool create_instance(const struct cfn_making *making,
			    struct str *out_id, struct json *attributes,
			    struct err *err)
{
	CLEANUP(str_done) struct str image = STR_EMPTY;
	CLEANUP(str_done) struct str kind = STR_EMPTY;

	cfn_make_text(making->properties, "ImageId", &image);
	cfn_make_text(making->properties, "InstanceType", &kind);
	if (!str_starts(image.text, "ami-"))
		return cfn_make_refuse(err, "InvalidAMIID",
				       "Invalid id: \"%s\" (expecting "
				       "\"ami-...\")",
				       image.text);
	if (kind.len > 0 && strchr(kind.text, '.') == NULL)
		return cfn_make_refuse(err, "InvalidParameterValue",
				       "Invalid value '%s' for InstanceType.",
				       kind.text);
	if (!check_profile(making, err))
		return false;
	add_own_id("i-", out_id);
	json_put_text(attributes, "InstanceId", out_id->text);
	json_put_text(attributes, "PrivateIp", "10.77.240.10");
	json_put_text(attributes, "PrivateDnsName",
		      "ip-10-77-240-10.ec2.internal");
	json_put_text(attributes, "PublicIp", "203.0.113.10");
	json_put_text(attributes, "PublicDnsName",
		      "ec2-203-0-113-10.compute-1.amazonaws.com");
	return true;
}

const struct cfn_effect cfn_effect_vpc = { create_vpc, NULL, NULL, NULL };
const struct cfn_effect cfn_effect_subnet = { create_subnet, NULL, NULL,
					      NULL };
const struct cfn_effect cfn_effect_group = { create_group, update_group, NULL,
					     remove_group };
const struct cfn_effect cfn_effect_ingress = { create_ingress, NULL, NULL,
					       NULL };
const struct cfn_effect cfn_effect_instance = { create_instance, NULL, NULL,
						NULL };
