#include "sandbox/stacks/cfn_work.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_eval.h"
#include "sandbox/stacks/cfn_make.h"
#include "sandbox/stacks/cfn_outputs.h"
#include "sandbox/stacks/cfn_phase.h"
#include "sandbox/stacks/cfn_refs.h"
#include "sandbox/stacks/cfn_template.h"

/* --- the template of what runs --- */

struct json *cfn_work_template(const struct cfn_stack *stack)
{
	return stack->template != NULL
		       ? cfn_template_read(stack->template,
					   strlen(stack->template), true, NULL)
		       : NULL;
}

static struct json *value_of(void *context, const char *name,
			     const char *attribute, struct err *err)
{
	struct cfn_stack *stack = context;
	const struct cfn_resource *resource = cfn_stack_resource(stack, name);

	if (resource != NULL && resource->physical != NULL)
		return cfn_value_of(resource, attribute, err);
	cfn_refuse(err, "Unresolved resource dependencies [%s] in the Resources "
			"block of the template",
		   name);
	return NULL;
}

struct cfn_scope cfn_work_scope(struct cfn_stack *stack,
				const struct json *template)
{
	return (struct cfn_scope){
		.template = template,
		.params = stack->params,
		.stack_name = stack->name,
		.stack_id = stack->id,
		.resource = value_of,
		.context = stack,
	};
}

static bool eval_properties(struct cfn_stack *stack,
			    const struct json *template,
			    const struct cfn_resource *resource,
			    struct json **out, struct err *err)
{
	const struct cfn_scope scope = cfn_work_scope(stack, template);
	const struct json *value = cfn_template_part(
		json_key(template, "Resources"), resource->logical,
		"Properties");

	*out = NULL;
	if (value == NULL) {
		*out = json_new_object();
		return true;
	}
	return cfn_eval(&scope, value, out, err) && *out != NULL;
}

/* --- one resource --- */

struct run {
	struct cfn *cfn;
	struct cfn_stack *stack;
	const struct json *template; /* of what runs */
	int64_t now_ms;
	int64_t *next_ms;
	bool changed;
};

static struct cfn_making making_of(const struct run *run,
				   struct cfn_resource *resource)
{
	return (struct cfn_making){
		.cfn = run->cfn,
		.stack = run->stack,
		.resource = resource,
		.properties = resource->properties,
	};
}

static void set_state(struct run *run, struct cfn_resource *resource,
		      enum cfn_state state, int64_t wait_ms)
{
	resource->state = state;
	resource->due_ms = run->now_ms + wait_ms;
	run->changed = true;
}

static void fail(struct run *run, struct cfn_resource *resource,
		 const char *status, const struct err *err)
{
	CLEANUP(str_done) struct str reason = STR_EMPTY;

	if (strcmp(err->code, "ValidationError") == 0)
		str_add(&reason, err->message);
	else
		cfn_make_reason(resource->type, err, &reason);
	cfn_tell(run->stack, resource, status, reason.text);
	set_state(run, resource, CFN_FAILED, 0);
}

static int64_t length_of(const struct run *run,
			 const struct cfn_resource *resource)
{
	const struct cfn_kind *kind = cfn_kind_of(resource->type);

	return run->cfn->step_ms * (kind != NULL ? kind->steps : 1);
}

/* --- creating --- */

static void begin_create(struct run *run, struct cfn_resource *resource)
{
	struct json *properties;
	struct err err = ERR_EMPTY;

	if (!eval_properties(run->stack, run->template, resource, &properties,
			     &err)) {
		fail(run, resource, "CREATE_FAILED", &err);
		return;
	}
	cfn_put_json(&resource->properties, properties);
	cfn_put(&resource->seed, NULL);
	cfn_tell(run->stack, resource, "CREATE_IN_PROGRESS", NULL);
	set_state(run, resource, CFN_BEGUN, run->cfn->step_ms / 2);
}

static void initiate_create(struct run *run, struct cfn_resource *resource)
{
	struct cfn_making making = making_of(run, resource);
	struct err err = ERR_EMPTY;

	if (!cfn_make_create(&making, &err)) {
		fail(run, resource, "CREATE_FAILED", &err);
		return;
	}
	cfn_tell(run->stack, resource, "CREATE_IN_PROGRESS",
		 "Resource creation Initiated");
	set_state(run, resource, CFN_INITIATED, length_of(run, resource));
}

static void complete(struct run *run, struct cfn_resource *resource,
		     const char *status, const char *failed)
{
	struct cfn_making making = making_of(run, resource);
	struct err err = ERR_EMPTY;

	making.physical = resource->physical;
	if (!cfn_make_finish(&making, &err)) {
		fail(run, resource, failed, &err);
		return;
	}
	cfn_tell(run->stack, resource, status, NULL);
	set_state(run, resource, CFN_DONE, 0);
}

/* --- updating --- */

static bool name_is_kept(const struct cfn_resource *resource,
			 const struct json *properties)
{
	const struct cfn_kind *kind = cfn_kind_of(resource->type);

	return kind != NULL && kind->named_by != NULL &&
	       json_key(properties, kind->named_by) != NULL &&
	       json_equals(json_key(properties, kind->named_by),
			   json_key(resource->properties, kind->named_by));
}

static void begin_anew(struct run *run, struct cfn_resource *resource,
		       struct json *properties_take)
{
	struct err err = ERR_EMPTY;
	bool kept = name_is_kept(resource, properties_take);
	const struct cfn_kind *kind = cfn_kind_of(resource->type);

	cfn_put_json(&resource->old_properties, resource->properties);
	cfn_put_json(&resource->old_attributes, resource->attributes);
	resource->properties = properties_take;
	resource->attributes = json_clone(resource->old_attributes);
	cfn_tell(run->stack, resource, "UPDATE_IN_PROGRESS",
		 "Requested update requires the creation of a new physical "
		 "resource; hence creating one.");
	if (kept) {
		cfn_refuse(&err,
			   "CloudFormation cannot update a stack when a "
			   "custom-named resource requires replacing. Rename %s "
			   "and update the stack again.",
			   json_text(json_key(resource->properties,
					      kind->named_by),
				     NULL, ""));
		fail(run, resource, "UPDATE_FAILED", &err);
		return;
	}
	cfn_put(&resource->old_physical, resource->physical);
	cfn_put(&resource->seed, NULL);
	set_state(run, resource, CFN_BEGUN, run->cfn->step_ms / 2);
}

static void begin_update(struct run *run, struct cfn_resource *resource)
{
	struct json *properties;
	struct err err = ERR_EMPTY;

	if (!eval_properties(run->stack, run->template, resource, &properties,
			     &err)) {
		fail(run, resource, "UPDATE_FAILED", &err);
		return;
	}
	if (json_equals(properties, resource->properties)) {
		json_free(properties);
		set_state(run, resource, CFN_DONE, 0);
		return;
	}
	if (cfn_make_is_anew(run->cfn, resource->type, resource->properties,
			     properties)) {
		begin_anew(run, resource, properties);
		return;
	}
	cfn_put_json(&resource->old_properties, resource->properties);
	cfn_put_json(&resource->old_attributes,
		     json_clone(resource->attributes));
	resource->properties = properties;
	cfn_tell(run->stack, resource, "UPDATE_IN_PROGRESS", NULL);
	set_state(run, resource, CFN_BEGUN, run->cfn->step_ms / 2);
}

static void initiate_update(struct run *run, struct cfn_resource *resource)
{
	struct cfn_making making = making_of(run, resource);
	struct err err = ERR_EMPTY;

	if (resource->old_physical != NULL) {
		if (!cfn_make_create(&making, &err)) {
			/* what was there is still there */
			cfn_put(&resource->physical, resource->old_physical);
			cfn_put(&resource->old_physical, NULL);
			fail(run, resource, "UPDATE_FAILED", &err);
			return;
		}
		cfn_tell(run->stack, resource, "UPDATE_IN_PROGRESS",
			 "Resource creation Initiated");
		set_state(run, resource, CFN_INITIATED,
			  length_of(run, resource));
		return;
	}
	making.old_properties = resource->old_properties;
	making.physical = resource->physical;
	making.attributes = resource->attributes;
	if (!cfn_make_update(&making, &err))
		fail(run, resource, "UPDATE_FAILED", &err);
	else
		set_state(run, resource, CFN_INITIATED,
			  length_of(run, resource));
}

static void complete_update(struct run *run, struct cfn_resource *resource)
{
	if (resource->old_physical != NULL) {
		complete(run, resource, "UPDATE_COMPLETE", "UPDATE_FAILED");
		return;
	}
	cfn_tell(run->stack, resource, "UPDATE_COMPLETE", NULL);
	set_state(run, resource, CFN_DONE, 0);
}

/* --- taking an update back --- */

static void swap(struct json **one, struct json **other)
{
	struct json *kept = *one;

	*one = *other;
	*other = kept;
}

static void begin_restore(struct run *run, struct cfn_resource *resource)
{
	swap(&resource->properties, &resource->old_properties);
	cfn_tell(run->stack, resource, "UPDATE_IN_PROGRESS", NULL);
	set_state(run, resource, CFN_BEGUN, run->cfn->step_ms / 2);
}

static void initiate_restore(struct run *run, struct cfn_resource *resource)
{
	struct cfn_making making = making_of(run, resource);
	struct err err = ERR_EMPTY;

	if (resource->old_physical != NULL) {
		char *new_one = resource->physical;

		resource->physical = resource->old_physical;
		resource->old_physical = new_one;
		swap(&resource->attributes, &resource->old_attributes);
	} else {
		making.old_properties = resource->old_properties;
		making.physical = resource->physical;
		making.attributes = resource->old_attributes;
		if (!cfn_make_update(&making, &err)) {
			swap(&resource->properties, &resource->old_properties);
			fail(run, resource, "UPDATE_FAILED", &err);
			return;
		}
	}
	set_state(run, resource, CFN_INITIATED, run->cfn->step_ms);
}

static void complete_restore(struct run *run, struct cfn_resource *resource)
{
	cfn_tell(run->stack, resource, "UPDATE_COMPLETE", NULL);
	set_state(run, resource, CFN_DONE, 0);
}

/* --- deleting --- */

static bool is_retained(const struct run *run,
			const struct cfn_resource *resource)
{
	const struct json *retain = run->stack->retain;
	bool old = resource->todo == CFN_DELETE_OLD;
	const char *policy = old ? resource->replace_policy
				 : resource->policy;

	for (size_t i = 0; !old && i < json_count(retain); i++)
		if (strcmp(json_text(json_item(retain, i), NULL, ""),
			   resource->logical) == 0)
			return true;
	if (policy == NULL || run->stack->phase == CFN_BACK_CLEANING)
		return policy != NULL && !old && !resource->fresh &&
		       strcmp(policy, "Retain") == 0;
	if (strcmp(policy, "RetainExceptOnCreate") == 0)
		return run->stack->phase != CFN_ROLLING_BACK;
	return strcmp(policy, "Retain") == 0 &&
	       !(run->stack->phase == CFN_ROLLING_BACK &&
		 run->stack->retain_except);
}

static void begin_delete(struct run *run, struct cfn_resource *resource)
{
	if (resource->todo == CFN_DELETE && resource->physical == NULL) {
		/* what could not be made is told as deleted, too */
		if (resource->status != NULL)
			cfn_tell(run->stack, resource, "DELETE_COMPLETE", NULL);
		set_state(run, resource, CFN_DONE, 0);
		return;
	}
	if (is_retained(run, resource)) {
		cfn_tell(run->stack, resource, "DELETE_SKIPPED", NULL);
		cfn_put(&resource->physical, NULL);
		set_state(run, resource, CFN_DONE, 0);
		return;
	}
	cfn_tell(run->stack, resource, "DELETE_IN_PROGRESS", NULL);
	set_state(run, resource, CFN_BEGUN, run->cfn->step_ms / 2);
}

static void initiate_delete(struct run *run, struct cfn_resource *resource)
{
	struct cfn_making making = making_of(run, resource);
	bool old = resource->todo == CFN_DELETE_OLD;
	struct err err = ERR_EMPTY;

	making.physical = old ? resource->old_physical : resource->physical;
	making.attributes =
		old ? resource->old_attributes : resource->attributes;
	if (old)
		making.properties = resource->old_properties;
	if (!cfn_make_remove(&making, &err))
		fail(run, resource, "DELETE_FAILED", &err);
	else
		set_state(run, resource, CFN_INITIATED,
			  length_of(run, resource) / 2);
}

static void complete_delete(struct run *run, struct cfn_resource *resource)
{
	char *now = NULL;

	if (resource->todo == CFN_DELETE_OLD) {
		now = mem_copy_text(resource->physical);
		cfn_put(&resource->physical, resource->old_physical);
	}
	cfn_tell(run->stack, resource, "DELETE_COMPLETE", NULL);
	cfn_put(&resource->physical, now);
	mem_free(now);
	cfn_put(&resource->old_physical, NULL);
	if (resource->todo == CFN_DELETE_OLD)
		cfn_put(&resource->status, "UPDATE_COMPLETE");
	set_state(run, resource, CFN_DONE, 0);
}

typedef void step(struct run *run, struct cfn_resource *resource);

static void complete_create(struct run *run, struct cfn_resource *resource)
{
	complete(run, resource, "CREATE_COMPLETE", "CREATE_FAILED");
}

static const struct {
	step *begin;
	step *initiate;
	step *complete;
} steps[] = {
	[CFN_CREATE] = { begin_create, initiate_create, complete_create },
	[CFN_UPDATE] = { begin_update, initiate_update, complete_update },
	[CFN_RESTORE] = { begin_restore, initiate_restore, complete_restore },
	[CFN_DELETE] = { begin_delete, initiate_delete, complete_delete },
	[CFN_DELETE_OLD] = { begin_delete, initiate_delete, complete_delete },
};

/* --- who may begin --- */

static bool needs(const struct cfn_resource *one, const char *other)
{
	for (size_t i = 0; i < json_count(one->needs); i++)
		if (strcmp(json_text(json_item(one->needs, i), NULL, ""),
			   other) == 0)
			return true;
	return false;
}

static bool is_removal(const struct cfn_resource *resource)
{
	return resource->todo == CFN_DELETE || resource->todo == CFN_DELETE_OLD;
}

/* Of two that have something to do: must other come first? What is removed
 * waits for what needs it. */
static bool comes_first(const struct cfn_resource *resource,
			const struct cfn_resource *other)
{
	if (other == resource || other->todo == CFN_NOTHING ||
	    other->state == CFN_DONE)
		return false;
	return is_removal(resource) ? needs(other, resource->logical)
				    : needs(resource, other->logical);
}

static bool may_begin(struct run *run, struct cfn_resource *resource)
{
	struct cfn_stack *stack = run->stack;

	for (size_t i = 0; i < stack->resources.count; i++) {
		const struct cfn_resource *other = &stack->resources.items[i];

		if (!comes_first(resource, other))
			continue;
		/* it stays because of what could not be removed */
		if (other->state == CFN_FAILED)
			set_state(run, resource, CFN_FAILED, 0);
		return false;
	}
	return true;
}

static void step_resource(struct run *run, struct cfn_resource *resource)
{
	step *next = NULL;

	if (resource->todo == CFN_NOTHING)
		return;
	if (resource->state == CFN_WAITING) {
		if (may_begin(run, resource))
			next = steps[resource->todo].begin;
	} else if (resource->state == CFN_BEGUN ||
		   resource->state == CFN_INITIATED) {
		if (resource->due_ms <= run->now_ms)
			next = resource->state == CFN_BEGUN
				       ? steps[resource->todo].initiate
				       : steps[resource->todo].complete;
	}
	if (next != NULL)
		next(run, resource);
	if ((resource->state == CFN_BEGUN ||
	     resource->state == CFN_INITIATED) &&
	    resource->due_ms < *run->next_ms)
		*run->next_ms = resource->due_ms;
}

static bool any_failed(const struct cfn_stack *stack)
{
	for (size_t i = 0; i < stack->resources.count; i++)
		if (stack->resources.items[i].todo != CFN_NOTHING &&
		    stack->resources.items[i].state == CFN_FAILED)
			return true;
	return false;
}

static bool is_over(const struct cfn_stack *stack)
{
	for (size_t i = 0; i < stack->resources.count; i++)
		if (stack->resources.items[i].todo != CFN_NOTHING &&
		    stack->resources.items[i].state < CFN_DONE)
			return false;
	return true;
}

bool cfn_work_step(struct cfn *cfn, struct cfn_stack *stack, int64_t now_ms,
		   int64_t *out_next_ms)
{
	CLEANUP(json_freep) struct json *template = NULL;
	struct run run = {
		.cfn = cfn,
		.stack = stack,
		.now_ms = now_ms,
		.next_ms = out_next_ms,
	};
	bool forward = stack->phase == CFN_CREATING ||
		       stack->phase == CFN_UPDATING;

	if (stack->phase == CFN_IDLE)
		return false;
	template = cfn_work_template(stack);
	run.template = template;
	for (size_t i = 0; i < stack->resources.count; i++) {
		step_resource(&run, &stack->resources.items[i]);
		if (forward && any_failed(stack))
			break;
	}
	if ((forward && any_failed(stack)) || is_over(stack)) {
		cfn_phase_end(cfn, stack, template);
		run.changed = true;
	}
	if (run.changed)
		*out_next_ms = now_ms;
	return run.changed;
}
