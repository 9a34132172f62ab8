/* The operations of CloudFormation on stacks; see sandbox/stacks/api_cfn. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/json.h"
#include "data/xml.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api.h"
#include "sandbox/services/api_policy.h"
#include "sandbox/stacks/api_cfn.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_diff.h"
#include "sandbox/stacks/cfn_params.h"
#include "sandbox/stacks/cfn_rights.h"
#include "sandbox/stacks/cfn_template.h"
#include "sandbox/stacks/cfn_work.h"

static bool no_stack(const char *name, struct err *err)
{
	return cfn_refuse(err, "Stack [%s] does not exist", name);
}

/* The stack that is named; NULL: refused. */
static struct cfn_stack *need_stack(struct cfn *cfn,
				    const struct s3_pairs *form,
				    struct err *err)
{
	struct cfn_stack *stack;
	const char *name;

	if (cfn == NULL || !api_cfn_need_name(form, &name, err))
		return NULL;
	stack = cfn_find(cfn, name);
	if (stack == NULL)
		no_stack(name, err);
	return stack;
}

static void put_id(struct str *out, const struct cfn_stack *stack)
{
	xml_put(out, "StackId", stack->id);
}

/* --- ValidateTemplate --- */

static void put_constraints(struct str *out, const struct json *parameter)
{
	const struct json *values = json_key(parameter, "AllowedValues");

	xml_open(out, "ParameterConstraints");
	if (json_count(values) > 0)
		xml_open(out, "AllowedValues");
	for (size_t i = 0; i < json_count(values); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		const struct json *one = json_item(values, i);

		if (json_text(one, NULL, NULL) != NULL)
			str_add(&text, json_text(one, NULL, ""));
		else
			json_add(&text, one);
		xml_put(out, "member", text.text);
	}
	if (json_count(values) > 0)
		xml_close(out, "AllowedValues");
	xml_close(out, "ParameterConstraints");
}

/* whole: with what GetTemplateSummary tells beside. */
static void put_declared(struct str *out, const struct json *template,
			 bool whole)
{
	const struct json *parameter;
	const char *name;
	size_t at = 0;

	xml_open(out, "Parameters");
	while (json_next(json_key(template, "Parameters"), &at, &name,
			 &parameter)) {
		const struct json *value = json_key(parameter, "Default");
		CLEANUP(str_done) struct str text = STR_EMPTY;

		xml_open(out, "member");
		xml_put(out, "ParameterKey", name);
		if (json_text(value, NULL, NULL) != NULL)
			str_add(&text, json_text(value, NULL, ""));
		else if (value != NULL)
			json_add(&text, value);
		if (value != NULL)
			xml_put(out, "DefaultValue", text.text);
		xml_put_bool(out, "NoEcho",
			     cfn_params_is_secret(template, name));
		api_cfn_put(out, "Description",
			    json_text(parameter, "Description", NULL));
		if (whole) {
			xml_put(out, "ParameterType",
				json_text(parameter, "Type", ""));
			put_constraints(out, parameter);
		}
		xml_close(out, "member");
	}
	xml_close(out, "Parameters");
}

/* What both tell of a template. */
static bool put_template(const struct cfn *cfn, struct str *out,
			 const struct json *template, bool whole,
			 struct err *err)
{
	CLEANUP(str_done) struct str needed = STR_EMPTY;
	CLEANUP(str_done) struct str reason = STR_EMPTY;

	if (template == NULL || !cfn_template_check(cfn->schema, template, err))
		return false;
	put_declared(out, template, whole);
	api_cfn_put(out, "Description",
		    json_text(template, "Description", NULL));
	cfn_template_capability(template, &needed, &reason);
	if (needed.len == 0)
		return true;
	xml_open(out, "Capabilities");
	xml_put(out, "member", needed.text);
	xml_close(out, "Capabilities");
	xml_put(out, "CapabilitiesReason", reason.text);
	return true;
}

static bool validate(struct s3_call *call, const struct s3_pairs *form,
		     struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "ValidateTemplate", err);
	CLEANUP(json_freep) struct json *template = NULL;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool from_url;

	if (cfn == NULL ||
	    !api_cfn_text(call, form, NULL, &text, &from_url, err))
		return false;
	template = cfn_template_read(text.text, text.len, from_url, err);
	return put_template(cfn, out, template, false, err);
}

/* --- GetTemplateSummary: what "aws cloudformation deploy" asks --- */

static void put_types(struct str *out, const struct json *template)
{
	CLEANUP(json_freep) struct json *told = json_new_object();
	const struct json *resource;
	const char *name;
	size_t at = 0;

	xml_open(out, "ResourceTypes");
	while (json_next(json_key(template, "Resources"), &at, &name,
			 &resource)) {
		const char *type = json_text(resource, "Type", "");

		if (json_key(told, type) != NULL)
			continue;
		json_put_bool(told, type, true);
		xml_put(out, "member", type);
	}
	xml_close(out, "ResourceTypes");
}

static bool summary_text(struct s3_call *call, struct cfn *cfn,
			 const struct s3_pairs *form, struct str *out,
			 struct err *err)
{
	const struct cfn_stack *stack;
	const char *name;
	bool from_url;

	if (api_param(form, "StackName") == NULL)
		return api_cfn_text(call, form, NULL, out, &from_url, err);
	if (!api_cfn_need_name(form, &name, err))
		return false;
	stack = cfn_find(cfn, name);
	if (stack == NULL || stack->template == NULL)
		return no_stack(name, err);
	str_add(out, stack->template);
	return true;
}

static bool summary(struct s3_call *call, const struct s3_pairs *form,
		    struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "GetTemplateSummary", err);
	CLEANUP(json_freep) struct json *template = NULL;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (cfn == NULL || !summary_text(call, cfn, form, &text, err))
		return false;
	template = cfn_template_read(text.text, text.len, true, err);
	if (!put_template(cfn, out, template, true, err))
		return false;
	put_types(out, template);
	xml_put(out, "Version",
		json_text(template, "AWSTemplateFormatVersion", "2010-09-09"));
	return true;
}

/* --- CreateStack --- */

static bool read_on_failure(const struct s3_pairs *form, const char **out,
			    struct err *err)
{
	*out = api_param(form, "OnFailure");
	if (*out != NULL && api_param(form, "DisableRollback") != NULL)
		return cfn_refuse(err, "You can specify either DisableRollback "
				       "or OnFailure, but not both.");
	if (*out == NULL || strcmp(*out, "ROLLBACK") == 0 ||
	    strcmp(*out, "DELETE") == 0 || strcmp(*out, "DO_NOTHING") == 0)
		return true;
	return cfn_refuse(err,
			  "1 validation error detected: Value '%s' at "
			  "'onFailure' failed to satisfy constraint: Member "
			  "must satisfy enum value set: [ROLLBACK, DELETE, "
			  "DO_NOTHING]",
			  *out);
}

static void put_options(struct cfn_stack *stack, const struct s3_pairs *form,
			const char *on_failure)
{
	const char *minutes = api_param(form, "TimeoutInMinutes");

	cfn_put(&stack->on_failure, on_failure);
	stack->disable_rollback = api_cfn_flag(form, "DisableRollback");
	stack->retain_except = api_cfn_flag(form, "RetainExceptOnCreate");
	stack->protected = api_cfn_flag(form, "EnableTerminationProtection");
	stack->timeout_min = minutes != NULL ? strtol(minutes, NULL, 10) : 0;
}

static bool create(struct s3_call *call, const struct s3_pairs *form,
		   struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "CreateStack", err);
	CLEANUP(api_cfn_wanted_done)
	struct api_cfn_wanted wanted = API_CFN_WANTED_EMPTY;
	struct cfn_stack *stack;
	const char *name;
	const char *on_failure;
	bool same;

	if (cfn == NULL || !api_cfn_need_name(form, &name, err) ||
	    !read_on_failure(form, &on_failure, err))
		return false;
	stack = cfn_find(cfn, name);
	if (stack != NULL) {
		const char *token = api_param(form, "ClientRequestToken");

		if (token == NULL || stack->token == NULL ||
		    strcmp(token, stack->token) != 0)
			return s3_call_refuse(err, "AlreadyExistsException",
					      "Stack [%s] already exists",
					      name);
		if (!api_cfn_token(stack, form, "CreateStack", &same, err))
			return false;
		put_id(out, stack);
		return true;
	}
	if (!api_cfn_read(call, cfn, form, NULL, &wanted, err))
		return false;
	stack = cfn_new_stack(cfn, name, "CREATE_IN_PROGRESS");
	api_cfn_token(stack, form, "CreateStack", &same, NULL);
	put_options(stack, form, on_failure);
	api_cfn_take(call, stack, &wanted);
	cfn_work_create(cfn, stack);
	cfn_save(cfn, stack);
	put_id(out, stack);
	return true;
}

/* --- UpdateStack --- */

static bool update(struct s3_call *call, const struct s3_pairs *form,
		   struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "UpdateStack", err);
	CLEANUP(api_cfn_wanted_done)
	struct api_cfn_wanted wanted = API_CFN_WANTED_EMPTY;
	CLEANUP(json_freep) struct json *changes = NULL;
	struct cfn_wanted asked;
	struct cfn_stack *stack = need_stack(cfn, form, err);
	bool same;
	bool any;

	if (stack == NULL ||
	    !api_cfn_token(stack, form, "UpdateStack", &same, err))
		return false;
	if (same) {
		put_id(out, stack);
		return true;
	}
	if (!api_cfn_may_update(stack, err) ||
	    !api_cfn_read(call, cfn, form, stack, &wanted, err))
		return false;
	asked = (struct cfn_wanted){ wanted.template, wanted.params,
				     wanted.tags };
	changes = cfn_diff_make(cfn, stack, &asked, &any, err);
	if (changes == NULL)
		return false;
	if (!any)
		return cfn_refuse(err, "No updates are to be performed.");
	stack->disable_rollback = api_cfn_flag(form, "DisableRollback");
	api_cfn_take(call, stack, &wanted);
	cfn_work_update(cfn, stack);
	cfn_save(cfn, stack);
	put_id(out, stack);
	return true;
}

static bool cancel(struct s3_call *call, const struct s3_pairs *form,
		   struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "CancelUpdateStack", err);
	struct cfn_stack *stack = need_stack(cfn, form, err);

	(void)out;
	if (stack == NULL)
		return false;
	if (stack->phase != CFN_UPDATING)
		return cfn_refuse(err,
				  "CancelUpdateStack cannot be called from "
				  "current stack status");
	cfn_work_cancel(cfn, stack);
	cfn_save(cfn, stack);
	return true;
}

static bool go_on(struct s3_call *call, const struct s3_pairs *form,
		  struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn =
		api_cfn_begin(call, form, "ContinueUpdateRollback", err);
	CLEANUP(json_freep)
	struct json *skip = api_cfn_list(form, "ResourcesToSkip");
	struct cfn_stack *stack = need_stack(cfn, form, err);
	const char *role = api_param(form, "RoleARN");

	(void)out;
	if (stack == NULL || !cfn_rights_check_role(call, role, err))
		return false;
	if (strcmp(stack->status, "UPDATE_ROLLBACK_FAILED") != 0)
		return cfn_refuse(err,
				  "Stack:%s is in %s state and can not be "
				  "rolled back.",
				  stack->id, stack->status);
	for (size_t i = 0; i < json_count(skip); i++) {
		const char *logical = json_text(json_item(skip, i), NULL, "");
		const struct cfn_resource *one =
			cfn_stack_resource(stack, logical);

		if (one == NULL || strcmp(one->status, "UPDATE_FAILED") != 0)
			return cfn_refuse(err,
					  "Resource [%s] can not be skipped: "
					  "it is not in UPDATE_FAILED state",
					  logical);
	}
	if (role != NULL)
		cfn_put(&stack->role_arn, role);
	cfn_work_continue(cfn, stack, skip);
	cfn_save(cfn, stack);
	return true;
}

/* --- DeleteStack --- */

static bool check_delete(const struct cfn_stack *stack,
			 const struct json *retain, struct err *err)
{
	if (stack->protected)
		return cfn_refuse(err,
				  "Stack [%s] cannot be deleted while "
				  "TerminationProtection is enabled",
				  stack->name);
	if (stack->phase == CFN_UPDATING || stack->phase == CFN_CLEANING ||
	    stack->phase == CFN_UPDATE_BACK ||
	    stack->phase == CFN_BACK_CLEANING)
		return cfn_refuse(err,
				  "Stack [%s] cannot be deleted while in status "
				  "%s",
				  stack->id, stack->status);
	if (json_count(retain) > 0 &&
	    strcmp(stack->status, "DELETE_FAILED") != 0)
		return cfn_refuse(err,
				  "Invalid operation on stack [%s]. When you "
				  "delete a stack, specify which resources to "
				  "retain only when the stack is in the "
				  "DELETE_FAILED state.",
				  stack->id);
	return true;
}

static bool check_retained(struct cfn_stack *stack, const struct json *retain,
			   struct err *err)
{
	for (size_t i = 0; i < json_count(retain); i++) {
		const char *name = json_text(json_item(retain, i), NULL, "");

		if (cfn_stack_resource(stack, name) == NULL)
			return cfn_refuse(err,
					  "The specified resources to retain "
					  "must be in a valid state. Do not "
					  "specify resource [%s]",
					  name);
	}
	return true;
}

static bool delete_stack(struct s3_call *call, const struct s3_pairs *form,
			 struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "DeleteStack", err);
	struct json *retain;
	struct cfn_stack *stack;
	CLEANUP(str_done) struct str caller = STR_EMPTY;
	const char *role = api_param(form, "RoleARN");
	const char *name;
	bool same;

	(void)out;
	if (cfn == NULL || !api_cfn_need_name(form, &name, err))
		return false;
	stack = cfn_find(cfn, name);
	if (stack == NULL || strcmp(stack->status, "DELETE_COMPLETE") == 0 ||
	    stack->phase == CFN_DELETING)
		return true;
	if (!api_cfn_token(stack, form, "DeleteStack", &same, err))
		return false;
	if (!cfn_rights_check_role(call, role, err))
		return false;
	retain = api_cfn_list(form, "RetainResources");
	if (!check_delete(stack, retain, err) ||
	    !check_retained(stack, retain, err)) {
		json_free(retain);
		return false;
	}
	cfn_put_json(&stack->retain, retain);
	api_policy_add_caller(call, &caller);
	cfn_put(&stack->caller, caller.text);
	if (role != NULL)
		cfn_put(&stack->role_arn, role);
	cfn_work_delete(cfn, stack);
	cfn_save(cfn, stack);
	return true;
}

static bool protect(struct s3_call *call, const struct s3_pairs *form,
		    struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn =
		api_cfn_begin(call, form, "UpdateTerminationProtection", err);
	struct cfn_stack *stack = need_stack(cfn, form, err);
	const char *flag;

	if (stack == NULL ||
	    !api_cfn_need(form, "EnableTerminationProtection", &flag, err))
		return false;
	stack->protected = str_equal_nocase(flag, "true");
	cfn_save(cfn, stack);
	put_id(out, stack);
	return true;
}

#define TEMPLATE "TemplateBody TemplateURL "
#define WANTED TEMPLATE "Parameters. Capabilities. Tags. RoleARN "

const struct api_op api_cloudformation_ops[] = {
	{ "CancelUpdateStack", "StackName ClientRequestToken", cancel, false },
	{ "ContinueUpdateRollback",
	  "StackName RoleARN ResourcesToSkip. ClientRequestToken", go_on,
	  false },
	{ "CreateChangeSet",
	  WANTED "StackName UsePreviousTemplate ChangeSetName ClientToken "
		 "Description ChangeSetType OnStackFailure "
		 "IncludeNestedStacks DisableValidation",
	  api_cfn_create_set, false },
	{ "CreateStack",
	  WANTED "StackName DisableRollback TimeoutInMinutes OnFailure "
		 "ClientRequestToken EnableTerminationProtection "
		 "RetainExceptOnCreate DisableValidation",
	  create, false },
	{ "DeleteChangeSet", "ChangeSetName StackName", api_cfn_delete_set,
	  false },
	{ "DeleteStack",
	  "StackName RetainResources. RoleARN ClientRequestToken",
	  delete_stack, false },
	{ "DescribeChangeSet",
	  "ChangeSetName StackName NextToken IncludePropertyValues",
	  api_cfn_describe_set, false },
	{ "DescribeStackEvents", "StackName NextToken",
	  api_cfn_describe_events, false },
	{ "DescribeStackResource", "StackName LogicalResourceId",
	  api_cfn_describe_resource, false },
	{ "DescribeStackResources",
	  "StackName LogicalResourceId PhysicalResourceId",
	  api_cfn_describe_resources, false },
	{ "DescribeStacks", "StackName NextToken", api_cfn_describe_stacks,
	  false },
	{ "ExecuteChangeSet",
	  "ChangeSetName StackName ClientRequestToken DisableRollback "
	  "RetainExceptOnCreate",
	  api_cfn_execute_set, false },
	{ "GetTemplate", "StackName ChangeSetName TemplateStage",
	  api_cfn_get_template, false },
	{ "GetTemplateSummary", TEMPLATE "StackName", summary, false },
	{ "ListChangeSets", "StackName NextToken", api_cfn_list_sets, false },
	{ "ListStackResources", "StackName NextToken", api_cfn_list_resources,
	  false },
	{ "ListStacks", "NextToken StackStatusFilter.", api_cfn_list_stacks,
	  false },
	{ "UpdateStack",
	  WANTED "StackName UsePreviousTemplate ClientRequestToken "
		 "DisableRollback RetainExceptOnCreate DisableValidation",
	  update, false },
	{ "UpdateTerminationProtection",
	  "StackName EnableTerminationProtection", protect, false },
	{ "ValidateTemplate", TEMPLATE, validate, false },
	{ 0 },
};
