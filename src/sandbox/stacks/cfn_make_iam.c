/* Roles, their policies and instance profiles: in the sandbox's account. */
#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/account/account.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_make.h"

#define ROLE_ARN "arn:aws:iam::" IDENTITY_ACCOUNT ":role"

enum { NAME_MAX_BYTES = 64, PROFILE_MAX_BYTES = 128 };

/* AWS's own policies, as far as the sandbox can tell what they allow. */
static const struct {
	const char *arn;
	const char *policy; /* NULL: nothing that is here */
} managed[] = {
	{ "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", NULL },
	{ "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy", NULL },
	{ "arn:aws:iam::aws:policy/AmazonRedshiftAllCommandsFullAccess",
	  "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
	  "\"Action\":[\"s3:GetObject\",\"s3:GetBucketLocation\","
	  "\"s3:ListBucket\",\"s3:PutObject\"],\"Resource\":["
	  "\"arn:aws:s3:::*redshift*\",\"arn:aws:s3:::*redshift*/*\"]}]}" },
	{ "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
	  "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
	  "\"Action\":[\"s3:Get*\",\"s3:List*\"],\"Resource\":\"*\"}]}" },
	{ "arn:aws:iam::aws:policy/AmazonS3FullAccess",
	  "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
	  "\"Action\":\"s3:*\",\"Resource\":\"*\"}]}" },
};

static const struct identity *identity_of(const struct cfn_making *making)
{
	return making->cfn->options->identity;
}

/* --- AWS::IAM::Role --- */

static bool check_name(const char *name, size_t most, struct err *err)
{
	bool good = *name != '\0' && strlen(name) <= most;

	for (const char *c = name; *c != '\0'; c++)
		good &= isalnum((unsigned char)*c) ||
			strchr("+=,.@_-", *c) != NULL;
	return good || cfn_make_refuse(
			       err, "ValidationError",
			       "The specified value for roleName is invalid. It "
			       "must contain only alphanumeric characters "
			       "and/or the following: +=,.@_-");
}

static void add_arn(const struct cfn_making *making, const char *name,
		    struct str *out)
{
	const char *path = json_text(json_key(making->properties, "Path"),
				     NULL, "/");

	str_addf(out, ROLE_ARN "%s%s", path, name);
}

/* Names are one to an account, whatever their paths are. */
static bool is_taken(const struct identity *identity, const char *name)
{
	const struct identity_role *role;

	for (size_t i = 0; (role = identity_role_at(identity, i)) != NULL; i++)
		if (str_equal_nocase(strrchr(role->arn, '/') + 1, name))
			return true;
	return false;
}

static bool put_one(const struct identity *identity,
		    const struct identity_role *role, const char *name,
		    const struct json *document, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	json_add(&text, document);
	return account_put_policy(identity, role, name, text.text, err);
}

static bool put_managed(const struct identity *identity,
			const struct identity_role *role, const char *arn,
			struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(managed); i++) {
		if (strcmp(managed[i].arn, arn) != 0)
			continue;
		return managed[i].policy == NULL ||
		       account_put_policy(identity, role, arn,
					  managed[i].policy, err);
	}
	return cfn_make_refuse(err, "NoSuchEntity",
			       "Policy %s does not exist or is not attachable.",
			       arn);
}

static bool put_policies(const struct cfn_making *making,
			 const struct identity_role *role, struct err *err)
{
	const struct identity *identity = identity_of(making);
	const struct json *own = json_key(making->properties, "Policies");
	const struct json *arns =
		json_key(making->properties, "ManagedPolicyArns");
	CLEANUP(str_done) struct str trust = STR_EMPTY;

	json_add(&trust,
		 json_key(making->properties, "AssumeRolePolicyDocument"));
	if (!account_set_trust(identity, role, trust.text, err))
		return false;
	for (size_t i = 0; i < json_count(own); i++) {
		const struct json *one = json_item(own, i);

		if (!put_one(identity, role,
			     json_text(one, "PolicyName", ""),
			     json_key(one, "PolicyDocument"), err))
			return false;
	}
	for (size_t i = 0; i < json_count(arns); i++)
		if (!put_managed(identity, role,
				 json_text(json_item(arns, i), NULL, ""),
				 err))
			return false;
	return true;
}

static bool forget(const struct identity *identity, const char *arn,
		   struct err *err)
{
	const struct identity_role *role = identity_role(identity, arn);

	if (role == NULL)
		return true;
	if (account_is_attached(identity, role))
		account_attach(identity, role, false, NULL);
	return account_forget(identity, role, err) &&
	       identity_drop_role(identity, arn, err);
}

static bool create_role(const struct cfn_making *making, struct str *out_id,
			struct json *attributes, struct err *err)
{
	const struct identity *identity = identity_of(making);
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	cfn_make_named(making, "RoleName", NAME_MAX_BYTES, false, &name);
	if (!check_name(name.text, NAME_MAX_BYTES, err))
		return false;
	if (is_taken(identity, name.text))
		return cfn_make_refuse(err, "EntityAlreadyExists",
				       "Role with name %s already exists.",
				       name.text);
	add_arn(making, name.text, &arn);
	json_put_text(attributes, "Arn", arn.text);
	cfn_make_claim(making, name.text, attributes);
	if (!identity_make_role(identity, arn.text, err) ||
	    !put_policies(making, identity_role(identity, arn.text), err))
		return false;
	str_add(out_id, name.text);
	json_put_text(attributes, "RoleId", "AROAREDSHSANDBOXROLE2");
	return true;
}

static bool update_role(const struct cfn_making *making,
			struct json *attributes, struct err *err)
{
	const struct identity *identity = identity_of(making);
	const struct identity_role *role =
		identity_role(identity, json_text(json_key(attributes, "Arn"),
						  NULL, ""));
	const struct json *before =
		json_key(making->old_properties, "Policies");
	const struct json *arns =
		json_key(making->old_properties, "ManagedPolicyArns");

	if (role == NULL)
		return cfn_make_refuse(err, "NoSuchEntity",
				       "The role with name %s cannot be found.",
				       making->physical);
	for (size_t i = 0; i < json_count(before); i++)
		account_drop_policy(identity, role,
				    json_text(json_item(before, i),
					      "PolicyName", ""),
				    NULL);
	for (size_t i = 0; i < json_count(arns); i++)
		account_drop_policy(identity, role,
				    json_text(json_item(arns, i), NULL, ""),
				    NULL);
	return put_policies(making, role, err);
}

static bool remove_role(const struct cfn_making *making, struct err *err)
{
	return forget(identity_of(making),
		      json_text(json_key(making->attributes, "Arn"), NULL, ""),
		      err);
}

/* --- AWS::IAM::Policy: inline policies of roles --- */

/* NULL and err: no role of that name. */
static const struct identity_role *role_named(const struct identity *identity,
					      const char *name,
					      struct err *err)
{
	const struct identity_role *role;

	for (size_t i = 0; (role = identity_role_at(identity, i)) != NULL; i++)
		if (strcmp(strrchr(role->arn, '/') + 1, name) == 0)
			return role;
	cfn_make_refuse(err, "NoSuchEntity",
			"The role with name %s cannot be found.", name);
	return NULL;
}

static bool put_to_roles(const struct cfn_making *making, struct err *err)
{
	const struct json *roles = json_key(making->properties, "Roles");

	for (size_t i = 0; i < json_count(roles); i++) {
		const struct identity_role *role = role_named(
			identity_of(making),
			json_text(json_item(roles, i), NULL, ""), err);

		if (role == NULL ||
		    !put_one(identity_of(making), role,
			     json_text(json_key(making->properties,
						"PolicyName"),
				       NULL, ""),
			     json_key(making->properties, "PolicyDocument"),
			     err))
			return false;
	}
	return json_count(roles) > 0 ||
	       json_key(making->properties, "Users") != NULL ||
	       json_key(making->properties, "Groups") != NULL ||
	       cfn_make_refuse(err, "InvalidRequest",
			       "At least one of [Groups,Roles,Users] must be "
			       "non-empty.");
}

static void take_from_roles(const struct cfn_making *making,
			    const struct json *properties)
{
	const struct json *roles = json_key(properties, "Roles");

	for (size_t i = 0; i < json_count(roles); i++) {
		const struct identity_role *role = role_named(
			identity_of(making),
			json_text(json_item(roles, i), NULL, ""), NULL);

		if (role != NULL)
			account_drop_policy(
				identity_of(making), role,
				json_text(json_key(properties, "PolicyName"),
					  NULL, ""),
				NULL);
	}
}

static bool create_policy(const struct cfn_making *making, struct str *out_id,
			  struct json *attributes, struct err *err)
{
	(void)attributes;
	cfn_make_name(making, NAME_MAX_BYTES, false, out_id);
	cfn_make_claim(making, out_id->text, NULL);
	return put_to_roles(making, err);
}

static bool update_policy(const struct cfn_making *making,
			  struct json *attributes, struct err *err)
{
	(void)attributes;
	take_from_roles(making, making->old_properties);
	return put_to_roles(making, err);
}

static bool remove_policy(const struct cfn_making *making, struct err *err)
{
	(void)err;
	take_from_roles(making, making->properties);
	return true;
}

/* --- AWS::IAM::InstanceProfile --- */

static bool create_profile(const struct cfn_making *making, struct str *out_id,
			   struct json *attributes, struct err *err)
{
	const struct json *roles = json_key(making->properties, "Roles");
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	if (json_count(roles) != 1)
		return cfn_make_refuse(err, "LimitExceeded",
				       "Cannot exceed quota for "
				       "InstanceSessionsPerInstanceProfile: 1");
	if (role_named(identity_of(making),
		       json_text(json_item(roles, 0), NULL, ""), err) == NULL)
		return false;
	cfn_make_named(making, "InstanceProfileName", PROFILE_MAX_BYTES, false,
		       out_id);
	if (cfn_find_physical(making->cfn, "AWS::IAM::InstanceProfile",
			      out_id->text) != NULL)
		return cfn_make_refuse(err, "EntityAlreadyExists",
				       "Instance Profile %s already exists.",
				       out_id->text);
	str_addf(&arn, "arn:aws:iam::" IDENTITY_ACCOUNT ":instance-profile%s%s",
		 json_text(json_key(making->properties, "Path"), NULL, "/"),
		 out_id->text);
	json_put_text(attributes, "Arn", arn.text);
	return true;
}

const struct cfn_effect cfn_effect_role = { create_role, update_role, NULL,
					    remove_role };
const struct cfn_effect cfn_effect_policy = { create_policy, update_policy,
					      NULL, remove_policy };
const struct cfn_effect cfn_effect_profile = { create_profile, NULL, NULL,
					       NULL };
