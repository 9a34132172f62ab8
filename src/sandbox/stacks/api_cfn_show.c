/* Operations of CloudFormation that only tell; see sandbox/stacks/api_cfn. */
#include <string.h>

#include "base/mem.h"
#include "data/json.h"
#include "data/xml.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/services/api.h"
#include "sandbox/stacks/api_cfn.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_phase.h"
#include "sandbox/stacks/cfn_template.h"

static bool is_deleted(const struct cfn_stack *stack)
{
	return strcmp(stack->status, "DELETE_COMPLETE") == 0;
}

/* NULL and err in the words that most operations have. */
static struct cfn_stack *need_stack(struct cfn *cfn,
				    const struct s3_pairs *form,
				    const char *words, struct err *err)
{
	struct cfn_stack *stack;
	const char *name;

	if (!api_cfn_need_name(form, &name, err))
		return NULL;
	stack = cfn_find(cfn, name);
	if (stack == NULL) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		const char *mark = strstr(words, "%s");

		str_addf(&text, "%.*s%s%s", (int)(mark - words), words, name,
			 mark + 2);
		cfn_refuse(err, "%s", text.text);
	}
	return stack;
}

#define NO_STACK_WITH_ID "Stack with id %s does not exist"
#define NO_STACK	 "Stack [%s] does not exist"
#define NO_STACK_PLAIN	 "Stack '%s' does not exist"

/* --- DescribeStacks --- */

static void put_outputs(struct str *out, const struct json *outputs)
{
	static const char *const names[] = { "OutputKey", "OutputValue",
					     "Description", "ExportName" };

	if (json_count(outputs) == 0)
		return;
	xml_open(out, "Outputs");
	for (size_t i = 0; i < json_count(outputs); i++) {
		xml_open(out, "member");
		for (size_t j = 0; j < COUNT_OF(names); j++)
			api_cfn_put(out, names[j],
				    json_text(json_item(outputs, i), names[j],
					      NULL));
		xml_close(out, "member");
	}
	xml_close(out, "Outputs");
}

static void put_drift(struct str *out)
{
	xml_open(out, "DriftInformation");
	xml_put(out, "StackDriftStatus", "NOT_CHECKED");
	xml_close(out, "DriftInformation");
}

static void put_stack(struct str *out, const struct cfn_stack *stack)
{
	CLEANUP(json_freep) struct json *template = cfn_work_template(stack);

	xml_open(out, "member");
	xml_put(out, "StackId", stack->id);
	xml_put(out, "StackName", stack->name);
	api_cfn_put(out, "ChangeSetId", stack->set_id);
	api_cfn_put(out, "Description",
		    json_text(template, "Description", NULL));
	api_cfn_put_params(out, template, stack->params);
	api_cfn_put_time(out, "CreationTime", stack->created_ms);
	api_cfn_put_time(out, "DeletionTime", stack->deleted_ms);
	api_cfn_put_time(out, "LastUpdatedTime", stack->updated_ms);
	xml_put(out, "RollbackConfiguration", "");
	xml_put(out, "StackStatus", stack->status);
	api_cfn_put(out, "StackStatusReason", stack->reason);
	xml_put_bool(out, "DisableRollback", stack->disable_rollback != 0);
	xml_put(out, "NotificationARNs", "");
	if (stack->timeout_min > 0)
		xml_put_number(out, "TimeoutInMinutes", stack->timeout_min);
	api_cfn_put_texts(out, "Capabilities", stack->capabilities);
	put_outputs(out, stack->outputs);
	api_cfn_put(out, "RoleARN", stack->role_arn);
	api_cfn_put_tags(out, stack->tags);
	xml_put_bool(out, "EnableTerminationProtection",
		     stack->protected != 0);
	put_drift(out);
	xml_close(out, "member");
}

struct stacks {
	VEC(const struct cfn_stack *);
};

static void stacks_done(struct stacks *stacks)
{
	vec_done(stacks);
}

bool api_cfn_describe_stacks(struct s3_call *call, const struct s3_pairs *form,
			     struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "DescribeStacks", err);
	CLEANUP(stacks_done) struct stacks stacks = { 0 };
	struct api_cfn_page page;

	if (cfn == NULL)
		return false;
	if (api_param(form, "StackName") != NULL) {
		const struct cfn_stack *stack =
			need_stack(cfn, form, NO_STACK_WITH_ID, err);

		if (stack == NULL)
			return false;
		vec_push(&stacks, stack);
	} else {
		for (size_t i = cfn->stacks.count; i > 0; i--)
			if (!is_deleted(cfn->stacks.items[i - 1]))
				vec_push(&stacks, cfn->stacks.items[i - 1]);
	}
	if (!api_cfn_page(form, stacks.count, &page, err))
		return false;
	xml_open(out, "Stacks");
	for (size_t i = page.first; i < page.end; i++)
		put_stack(out, stacks.items[i]);
	xml_close(out, "Stacks");
	api_cfn_put_next(out, &page, stacks.count);
	return true;
}

static bool is_asked(const struct json *filter, const struct cfn_stack *stack)
{
	for (size_t i = 0; i < json_count(filter); i++)
		if (strcmp(json_text(json_item(filter, i), NULL, ""),
			   stack->status) == 0)
			return true;
	return json_count(filter) == 0;
}

bool api_cfn_list_stacks(struct s3_call *call, const struct s3_pairs *form,
			 struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "ListStacks", err);
	CLEANUP(json_freep)
	struct json *filter = api_cfn_list(form, "StackStatusFilter");
	CLEANUP(stacks_done) struct stacks stacks = { 0 };
	struct api_cfn_page page;

	if (cfn == NULL)
		return false;
	for (size_t i = cfn->stacks.count; i > 0; i--)
		if (is_asked(filter, cfn->stacks.items[i - 1]))
			vec_push(&stacks, cfn->stacks.items[i - 1]);
	if (!api_cfn_page(form, stacks.count, &page, err))
		return false;
	xml_open(out, "StackSummaries");
	for (size_t i = page.first; i < page.end; i++) {
		const struct cfn_stack *stack = stacks.items[i];
		CLEANUP(json_freep)
		struct json *template = cfn_work_template(stack);

		xml_open(out, "member");
		xml_put(out, "StackId", stack->id);
		xml_put(out, "StackName", stack->name);
		api_cfn_put(out, "TemplateDescription",
			    json_text(template, "Description", NULL));
		api_cfn_put_time(out, "CreationTime", stack->created_ms);
		api_cfn_put_time(out, "LastUpdatedTime", stack->updated_ms);
		api_cfn_put_time(out, "DeletionTime", stack->deleted_ms);
		xml_put(out, "StackStatus", stack->status);
		api_cfn_put(out, "StackStatusReason", stack->reason);
		put_drift(out);
		xml_close(out, "member");
	}
	xml_close(out, "StackSummaries");
	api_cfn_put_next(out, &page, stacks.count);
	return true;
}

/* --- events --- */

static void put_event(struct str *out, const struct cfn_stack *stack,
		      const struct cfn_event *event)
{
	xml_open(out, "member");
	xml_put(out, "StackId", stack->id);
	xml_put(out, "EventId", event->id);
	xml_put(out, "StackName", stack->name);
	xml_put(out, "LogicalResourceId", event->logical);
	xml_put(out, "PhysicalResourceId", event->physical);
	xml_put(out, "ResourceType", event->type);
	api_cfn_put_time(out, "Timestamp", event->at_ms);
	xml_put(out, "ResourceStatus", event->status);
	api_cfn_put(out, "ResourceStatusReason", event->reason);
	if (event->properties != NULL && event->properties[0] != '\0')
		xml_put(out, "ResourceProperties", event->properties);
	api_cfn_put(out, "ClientRequestToken", event->token);
	xml_close(out, "member");
}

bool api_cfn_describe_events(struct s3_call *call, const struct s3_pairs *form,
			     struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "DescribeStackEvents", err);
	const struct cfn_stack *stack;
	struct api_cfn_page page;

	if (cfn == NULL)
		return false;
	stack = need_stack(cfn, form, NO_STACK, err);
	if (stack == NULL ||
	    !api_cfn_page(form, stack->events.count, &page, err))
		return false;
	xml_open(out, "StackEvents");
	for (size_t i = page.first; i < page.end; i++)
		put_event(out, stack,
			  &stack->events.items[stack->events.count - 1 - i]);
	xml_close(out, "StackEvents");
	api_cfn_put_next(out, &page, stack->events.count);
	return true;
}

/* --- resources --- */

struct shape {
	const char *one;  /* element of each */
	const char *time; /* its time's name */
	bool with_stack;
};

static void put_resource(struct str *out, const struct cfn_stack *stack,
			 const struct cfn_resource *resource,
			 const struct shape *shape)
{
	xml_open(out, shape->one);
	if (shape->with_stack) {
		xml_put(out, "StackName", stack->name);
		xml_put(out, "StackId", stack->id);
	}
	xml_put(out, "LogicalResourceId", resource->logical);
	api_cfn_put(out, "PhysicalResourceId",
		    resource->physical != NULL ? resource->physical
					       : resource->last_physical);
	xml_put(out, "ResourceType", resource->type);
	api_cfn_put_time(out, shape->time, resource->changed_ms);
	xml_put(out, "ResourceStatus", resource->status);
	api_cfn_put(out, "ResourceStatusReason", resource->reason);
	xml_open(out, "DriftInformation");
	xml_put(out, "StackResourceDriftStatus", "NOT_CHECKED");
	xml_close(out, "DriftInformation");
	xml_close(out, shape->one);
}

bool api_cfn_describe_resource(struct s3_call *call,
			       const struct s3_pairs *form, struct str *out,
			       struct err *err)
{
	static const struct shape shape = { "StackResourceDetail",
					    "LastUpdatedTimestamp", true };
	CLEANUP(api_cfn_end)
	struct cfn *cfn =
		api_cfn_begin(call, form, "DescribeStackResource", err);
	struct cfn_stack *stack;
	const struct cfn_resource *resource;
	const char *logical;

	if (cfn == NULL)
		return false;
	stack = need_stack(cfn, form, NO_STACK_PLAIN, err);
	if (stack == NULL ||
	    !api_cfn_need(form, "LogicalResourceId", &logical, err))
		return false;
	resource = cfn_stack_resource(stack, logical);
	if (resource == NULL || resource->status == NULL)
		return cfn_refuse(err,
				  "Resource %s does not exist for stack %s",
				  logical, stack->name);
	put_resource(out, stack, resource, &shape);
	return true;
}

/* The stack that has the resource of that physical id. */
static struct cfn_stack *stack_with(struct cfn *cfn, const char *physical)
{
	for (size_t i = cfn->stacks.count; i > 0; i--) {
		struct cfn_stack *stack = cfn->stacks.items[i - 1];

		for (size_t j = 0; j < stack->resources.count; j++)
			if (stack->resources.items[j].physical != NULL &&
			    strcmp(stack->resources.items[j].physical,
				   physical) == 0)
				return stack;
	}
	return NULL;
}

bool api_cfn_describe_resources(struct s3_call *call,
				const struct s3_pairs *form, struct str *out,
				struct err *err)
{
	static const struct shape shape = { "member", "Timestamp", true };
	CLEANUP(api_cfn_end)
	struct cfn *cfn =
		api_cfn_begin(call, form, "DescribeStackResources", err);
	const char *logical = api_param(form, "LogicalResourceId");
	const char *physical = api_param(form, "PhysicalResourceId");
	struct cfn_stack *stack = NULL;

	if (cfn == NULL)
		return false;
	if (physical != NULL) {
		stack = stack_with(cfn, physical);
		if (stack == NULL)
			return cfn_refuse(err, "Stack for %s does not exist",
					  physical);
	} else {
		stack = need_stack(cfn, form, NO_STACK_WITH_ID, err);
		if (stack == NULL)
			return false;
	}
	xml_open(out, "StackResources");
	for (size_t i = 0; i < stack->resources.count; i++) {
		const struct cfn_resource *one = &stack->resources.items[i];

		if (one->status != NULL &&
		    (logical == NULL || strcmp(one->logical, logical) == 0))
			put_resource(out, stack, one, &shape);
	}
	xml_close(out, "StackResources");
	return true;
}

bool api_cfn_list_resources(struct s3_call *call, const struct s3_pairs *form,
			    struct str *out, struct err *err)
{
	static const struct shape shape = { "member", "LastUpdatedTimestamp",
					    false };
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "ListStackResources", err);
	const struct cfn_stack *stack;
	struct api_cfn_page page;

	if (cfn == NULL)
		return false;
	stack = need_stack(cfn, form, NO_STACK_WITH_ID, err);
	if (stack == NULL ||
	    !api_cfn_page(form, stack->resources.count, &page, err))
		return false;
	xml_open(out, "StackResourceSummaries");
	for (size_t i = page.first; i < page.end; i++)
		if (stack->resources.items[i].status != NULL)
			put_resource(out, stack, &stack->resources.items[i],
				     &shape);
	xml_close(out, "StackResourceSummaries");
	api_cfn_put_next(out, &page, stack->resources.count);
	return true;
}

/* --- GetTemplate --- */

bool api_cfn_get_template(struct s3_call *call, const struct s3_pairs *form,
			  struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "GetTemplate", err);
	struct cfn_stack *stack;
	const char *text;

	if (cfn == NULL)
		return false;
	if (api_param(form, "ChangeSetName") != NULL) {
		const struct cfn_set *set =
			api_cfn_find_set(cfn, form, &stack, err);

		if (set == NULL)
			return false;
		text = set->template;
	} else {
		stack = need_stack(cfn, form, NO_STACK_WITH_ID, err);
		if (stack == NULL)
			return false;
		text = stack->template;
	}
	if (text == NULL)
		return cfn_refuse(err, "Stack [%s] has no template yet",
				  stack->name);
	xml_put(out, "TemplateBody", text);
	xml_open(out, "StagesAvailable");
	xml_put(out, "member", "Original");
	xml_put(out, "member", "Processed");
	xml_close(out, "StagesAvailable");
	return true;
}
