/* The operations of IAM on the roles of sandbox/account/account. */
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/url.h"
#include "data/xml.h"
#include "sandbox/account/account.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api.h"
#include "sandbox/services/api_policy.h"

#define ROLE_ARN "arn:aws:iam::" IDENTITY_ACCOUNT ":role/"

static bool need(const struct s3_pairs *form, const char *name,
		 const char **out, struct err *err)
{
	*out = api_param(form, name);
	if (*out != NULL && (*out)[0] != '\0')
		return true;
	return s3_call_refuse(err, "ValidationError",
			      "1 validation error detected: Value null at '%s' "
			      "failed to satisfy constraint: Member must not be "
			      "null",
			      name);
}

static bool may(const struct s3_call *call, const char *action,
		const char *arn, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	str_addf(&name, "iam:%s", action);
	return api_policy_check(call, name.text, arn, err);
}

/* NULL: err says why. */
static const struct identity_role *find_role(struct s3_call *call,
					     const char *action,
					     const char *arn, struct err *err)
{
	const struct identity_role *role;

	if (!may(call, action, arn, err))
		return NULL;
	role = identity_role(call->options->identity, arn);
	if (role == NULL)
		s3_call_refuse(err, "NoSuchEntity",
			       "The role with name %s cannot be found.",
			       strrchr(arn, '/') != NULL ? strrchr(arn, '/') + 1
							 : arn);
	return role;
}

static const struct identity_role *need_role(struct s3_call *call,
					     const struct s3_pairs *form,
					     const char *action,
					     struct err *err)
{
	const struct identity *identity = call->options->identity;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	const struct identity_role *role;
	const char *name;

	if (!need(form, "RoleName", &name, err))
		return NULL;
	/* those of stacks may have a path */
	for (size_t i = 0; (role = identity_role_at(identity, i)) != NULL; i++)
		if (strcmp(strrchr(role->arn, '/') + 1, name) == 0)
			return find_role(call, action, role->arn, err);
	str_addf(&arn, ROLE_ARN "%s", name);
	return find_role(call, action, arn.text, err);
}

static bool get_role(struct s3_call *call, const struct s3_pairs *form,
		     struct str *out, struct err *err)
{
	const struct identity_role *role =
		need_role(call, form, "GetRole", err);
	CLEANUP(str_done) struct str trust = STR_EMPTY;
	CLEANUP(str_done) struct str escaped = STR_EMPTY;

	if (role == NULL)
		return false;
	account_add_trust(call->options->identity, role, &trust);
	url_escape(&escaped, trust.text, trust.len, URL_ESCAPE_ALL);
	xml_open(out, "Role");
	xml_put(out, "Path", "/");
	xml_put(out, "RoleName", strrchr(role->arn, '/') + 1);
	xml_put(out, "RoleId", "AROAREDSHSANDBOXROLE1");
	xml_put(out, "Arn", role->arn);
	xml_put(out, "CreateDate", "2024-01-01T00:00:00Z");
	xml_put(out, "AssumeRolePolicyDocument", escaped.text);
	xml_put_number(out, "MaxSessionDuration", 3600);
	xml_close(out, "Role");
	return true;
}

/* --- simulation --- */

static void put_result(struct str *out, const char *action,
		       const char *resource, enum account_decision decision)
{
	static const char *const words[] = {
		[ACCOUNT_NOT_ALLOWED] = "implicitDeny",
		[ACCOUNT_ALLOWED] = "allowed",
		[ACCOUNT_DENIED] = "explicitDeny",
	};

	xml_open(out, "member");
	xml_put(out, "EvalActionName", action);
	xml_put(out, "EvalResourceName", resource);
	xml_put(out, "EvalDecision", words[decision]);
	xml_open(out, "MatchedStatements");
	xml_close(out, "MatchedStatements");
	xml_open(out, "MissingContextValues");
	xml_close(out, "MissingContextValues");
	xml_close(out, "member");
}

static bool is_member_of(const struct s3_pair *pair, const char *list)
{
	return str_starts(pair->name, list) &&
	       str_starts(pair->name + strlen(list), ".member.");
}

static bool simulate(struct s3_call *call, const struct s3_pairs *form,
		     struct str *out, struct err *err)
{
	const struct identity *identity = call->options->identity;
	const struct identity_role *role;
	const char *arn;
	size_t count = 0;

	if (!need(form, "PolicySourceArn", &arn, err))
		return false;
	role = find_role(call, "SimulatePrincipalPolicy", arn, err);
	if (role == NULL)
		return false;
	xml_open(out, "EvaluationResults");
	for (size_t i = 0; i < form->count; i++) {
		const struct s3_pair *action = &form->items[i];

		if (!is_member_of(action, "ActionNames"))
			continue;
		for (size_t j = 0; j < form->count; j++) {
			const struct s3_pair *at = &form->items[j];

			if (!is_member_of(at, "ResourceArns"))
				continue;
			put_result(out, action->value, at->value,
				   account_decide(identity, role,
						  action->value, at->value));
			count++;
		}
	}
	xml_close(out, "EvaluationResults");
	xml_put(out, "IsTruncated", "false");
	return count > 0 || s3_call_refuse(err, "InvalidInput",
					   "ActionNames and ResourceArns must "
					   "be given here");
}

/* --- changes --- */

static bool put_role_policy(struct s3_call *call, const struct s3_pairs *form,
			    struct str *out, struct err *err)
{
	const struct identity_role *role =
		need_role(call, form, "PutRolePolicy", err);
	const char *name;
	const char *text;

	(void)out;
	return role != NULL && need(form, "PolicyName", &name, err) &&
	       need(form, "PolicyDocument", &text, err) &&
	       account_put_policy(call->options->identity, role, name, text,
				  err);
}

static bool delete_role_policy(struct s3_call *call,
			       const struct s3_pairs *form, struct str *out,
			       struct err *err)
{
	const struct identity_role *role =
		need_role(call, form, "DeleteRolePolicy", err);
	const char *name;

	(void)out;
	return role != NULL && need(form, "PolicyName", &name, err) &&
	       account_drop_policy(call->options->identity, role, name, err);
}

static bool update_trust(struct s3_call *call, const struct s3_pairs *form,
			 struct str *out, struct err *err)
{
	const struct identity_role *role =
		need_role(call, form, "UpdateAssumeRolePolicy", err);
	const char *text;

	(void)out;
	return role != NULL && need(form, "PolicyDocument", &text, err) &&
	       account_set_trust(call->options->identity, role, text, err);
}

const struct api_op api_iam_ops[] = {
	{ "GetRole", "RoleName", get_role, false },
	{ "SimulatePrincipalPolicy",
	  "PolicySourceArn ActionNames. ResourceArns.", simulate, false },
	{ "PutRolePolicy", "RoleName PolicyName PolicyDocument",
	  put_role_policy, false },
	{ "DeleteRolePolicy", "RoleName PolicyName", delete_role_policy,
	  false },
	{ "UpdateAssumeRolePolicy", "RoleName PolicyDocument", update_trust,
	  false },
	{ 0 },
};
