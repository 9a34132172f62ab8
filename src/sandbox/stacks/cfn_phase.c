#include "sandbox/stacks/cfn_phase.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_outputs.h"
#include "sandbox/stacks/cfn_refs.h"
#include "sandbox/stacks/cfn_template.h"
#include "sandbox/stacks/cfn_work.h"

/* --- what resources have to do --- */

static void clear_todo(struct cfn_stack *stack)
{
	for (size_t i = 0; i < stack->resources.count; i++) {
		stack->resources.items[i].todo = CFN_NOTHING;
		stack->resources.items[i].state = CFN_WAITING;
	}
}

static void give(struct cfn_resource *resource, enum cfn_todo todo)
{
	resource->todo = todo;
	resource->state = CFN_WAITING;
	resource->due_ms = 0;
}

static void enter(struct cfn_stack *stack, enum cfn_phase phase,
		  const char *status, const char *reason)
{
	stack->phase = phase;
	cfn_tell_stack(stack, status, reason);
	stack->begun_ms = stack->events.items[stack->events.count - 1].at_ms;
}

/* "The following resource(s) failed to create: [A, B]. ", in this phase. */
static void add_failed(const struct cfn_stack *stack, struct str *out)
{
	static const struct {
		const char *status;
		const char *verb;
	} kinds[] = {
		{ "CREATE_FAILED", "create" },
		{ "UPDATE_FAILED", "update" },
		{ "DELETE_FAILED", "delete" },
	};

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		CLEANUP(str_done) struct str names = STR_EMPTY;

		for (size_t j = 0; j < stack->resources.count; j++) {
			const struct cfn_resource *one =
				&stack->resources.items[j];

			if (one->todo != CFN_NOTHING &&
			    one->state == CFN_FAILED && one->status != NULL &&
			    one->changed_ms > stack->begun_ms &&
			    strcmp(one->status, kinds[i].status) == 0)
				str_addf(&names, "%s%s",
					 names.len > 0 ? ", " : "",
					 one->logical);
		}
		if (names.len > 0)
			str_addf(out,
				 "The following resource(s) failed to %s: "
				 "[%s]. ",
				 kinds[i].verb, names.text);
	}
}

/* Those on their way end when another fails. */
static void cancel_others(struct cfn_stack *stack)
{
	for (size_t i = 0; i < stack->resources.count; i++) {
		struct cfn_resource *one = &stack->resources.items[i];
		bool creates = one->todo == CFN_CREATE;

		if (one->todo == CFN_NOTHING || one->state >= CFN_DONE ||
		    one->state == CFN_WAITING)
			continue;
		cfn_tell(stack, one,
			 creates ? "CREATE_FAILED" : "UPDATE_FAILED",
			 creates ? "Resource creation cancelled"
				 : "Resource update cancelled");
		/* a new one that was not begun yet is not there */
		if (one->old_physical != NULL && one->state == CFN_BEGUN)
			cfn_put(&one->old_physical, NULL);
		one->state = CFN_FAILED;
	}
}

/* --- creating --- */

static void put_policies(struct cfn_resource *resource,
			 const struct json *value)
{
	cfn_put(&resource->policy, json_text(value, "DeletionPolicy", NULL));
	cfn_put(&resource->replace_policy,
		json_text(value, "UpdateReplacePolicy", NULL));
}

/* Brings the stack's resources to what the template has; in is told of each
 * that it has. */
static void take_resources(struct cfn_stack *stack,
			   const struct json *template, bool update)
{
	const struct cfn_scope scope = cfn_work_scope(stack, template);
	const struct json *resources = json_key(template, "Resources");
	const struct json *value;
	const char *name;
	size_t at = 0;

	for (size_t i = 0; i < stack->resources.count; i++)
		stack->resources.items[i].leaving = true;
	while (json_next(resources, &at, &name, &value)) {
		struct cfn_resource *resource = cfn_stack_resource(stack, name);
		bool wanted = true;

		cfn_eval_condition(&scope, json_text(value, "Condition", NULL),
				   &wanted, NULL);
		if (!wanted)
			continue;
		if (resource == NULL) {
			resource = cfn_stack_add(stack, name,
						 json_text(value, "Type", ""));
			resource->fresh = update;
			give(resource, CFN_CREATE);
		} else if (resource->physical == NULL) {
			give(resource, CFN_CREATE);
		} else {
			give(resource, CFN_UPDATE);
		}
		resource->leaving = false;
		put_policies(resource, value);
		cfn_put_json(&resource->needs, json_new_array());
		cfn_refs_needs(resources, value, resource->needs);
	}
}

void cfn_work_create(struct cfn *cfn, struct cfn_stack *stack)
{
	CLEANUP(json_freep)
	struct json *template = cfn_work_template(stack);

	(void)cfn;
	enter(stack, CFN_CREATING, "CREATE_IN_PROGRESS", "User Initiated");
	take_resources(stack, template, false);
}

static bool put_outputs(struct cfn_stack *stack, const struct json *template)
{
	const struct cfn_scope scope = cfn_work_scope(stack, template);
	struct err err = ERR_EMPTY;
	struct json *outputs = cfn_outputs_eval(&scope, &err);

	if (outputs != NULL)
		cfn_put_json(&stack->outputs, outputs);
	return outputs != NULL;
}

/* All that is there goes; what was never begun is forgotten. */
static void roll_back(struct cfn_stack *stack, enum cfn_phase phase,
		      const char *status, const char *reason)
{
	for (size_t i = stack->resources.count; i > 0; i--) {
		struct cfn_resource *one = &stack->resources.items[i - 1];

		if (one->status == NULL)
			cfn_stack_drop(stack, one);
		else
			give(one, CFN_DELETE);
	}
	enter(stack, phase, status, reason);
}

static void end_create(struct cfn_stack *stack, const struct json *template,
		       bool failed)
{
	CLEANUP(str_done) struct str reason = STR_EMPTY;
	const char *how =
		stack->on_failure != NULL ? stack->on_failure : "ROLLBACK";

	if (!failed && put_outputs(stack, template)) {
		clear_todo(stack);
		stack->phase = CFN_IDLE;
		cfn_tell_stack(stack, "CREATE_COMPLETE", NULL);
		return;
	}
	cancel_others(stack);
	add_failed(stack, &reason);
	if (stack->disable_rollback || strcmp(how, "DO_NOTHING") == 0) {
		clear_todo(stack);
		stack->phase = CFN_IDLE;
		cfn_tell_stack(stack, "CREATE_FAILED", reason.text);
		return;
	}
	if (strcmp(how, "DELETE") == 0) {
		str_add(&reason, "Delete requested by user.");
		roll_back(stack, CFN_DELETING, "DELETE_IN_PROGRESS",
			  reason.text);
		return;
	}
	str_add(&reason, "Rollback requested by user.");
	roll_back(stack, CFN_ROLLING_BACK, "ROLLBACK_IN_PROGRESS",
		  reason.text);
}

/* --- deleting --- */

void cfn_work_delete(struct cfn *cfn, struct cfn_stack *stack)
{
	(void)cfn;
	clear_todo(stack);
	for (size_t i = 0; i < stack->resources.count; i++)
		if (stack->resources.items[i].physical != NULL)
			give(&stack->resources.items[i], CFN_DELETE);
	enter(stack, CFN_DELETING, "DELETE_IN_PROGRESS", "User Initiated");
}

static void end_removal(struct cfn_stack *stack, const char *complete,
			const char *failed_status)
{
	CLEANUP(str_done) struct str reason = STR_EMPTY;

	add_failed(stack, &reason);
	clear_todo(stack);
	stack->phase = CFN_IDLE;
	if (reason.len > 0) {
		cfn_tell_stack(stack, failed_status, reason.text);
		return;
	}
	cfn_put_json(&stack->outputs, NULL);
	if (strcmp(complete, "DELETE_COMPLETE") == 0)
		stack->deleted_ms = clock_wall_ms();
	cfn_tell_stack(stack, complete, NULL);
}

/* --- updating --- */

void cfn_work_update(struct cfn *cfn, struct cfn_stack *stack)
{
	CLEANUP(json_freep)
	struct json *template = cfn_work_template(stack);

	(void)cfn;
	clear_todo(stack);
	stack->updated_ms = clock_wall_ms();
	enter(stack, CFN_UPDATING, "UPDATE_IN_PROGRESS", "User Initiated");
	take_resources(stack, template, true);
}

static void begin_cleaning(struct cfn_stack *stack)
{
	clear_todo(stack);
	for (size_t i = 0; i < stack->resources.count; i++) {
		struct cfn_resource *one = &stack->resources.items[i];

		if (one->leaving)
			give(one, CFN_DELETE);
		else if (one->old_physical != NULL)
			give(one, CFN_DELETE_OLD);
	}
	enter(stack, CFN_CLEANING, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
	      NULL);
}

/* What the update needed to go back is not needed any more. */
static void forget_before(struct cfn_stack *stack)
{
	for (size_t i = stack->resources.count; i > 0; i--) {
		struct cfn_resource *one = &stack->resources.items[i - 1];

		cfn_put_json(&one->old_properties, NULL);
		cfn_put_json(&one->old_attributes, NULL);
		cfn_put(&one->old_physical, NULL);
		if (one->leaving)
			cfn_stack_drop(stack, one);
		else
			one->fresh = false;
	}
	cfn_put(&stack->old_template, NULL);
	cfn_put_json(&stack->old_params, NULL);
	cfn_put_json(&stack->old_tags, NULL);
}

static void end_cleaning(struct cfn_stack *stack)
{
	clear_todo(stack);
	forget_before(stack);
	stack->phase = CFN_IDLE;
	cfn_tell_stack(stack, "UPDATE_COMPLETE", NULL);
}

static void begin_back(struct cfn_stack *stack, const char *reason)
{
	for (size_t i = 0; i < stack->resources.count; i++) {
		struct cfn_resource *one = &stack->resources.items[i];
		bool touched = one->old_properties != NULL && !one->fresh;

		one->todo = CFN_NOTHING;
		one->state = CFN_WAITING;
		if (touched)
			give(one, CFN_RESTORE);
	}
	enter(stack, CFN_UPDATE_BACK, "UPDATE_ROLLBACK_IN_PROGRESS", reason);
}

static void end_update(struct cfn_stack *stack, const struct json *template,
		       bool failed)
{
	CLEANUP(str_done) struct str reason = STR_EMPTY;

	if (!failed && put_outputs(stack, template)) {
		begin_cleaning(stack);
		return;
	}
	cancel_others(stack);
	add_failed(stack, &reason);
	if (stack->disable_rollback) {
		clear_todo(stack);
		stack->phase = CFN_IDLE;
		cfn_tell_stack(stack, "UPDATE_FAILED", reason.text);
		return;
	}
	begin_back(stack, reason.text);
}

void cfn_work_cancel(struct cfn *cfn, struct cfn_stack *stack)
{
	(void)cfn;
	cancel_others(stack);
	begin_back(stack, "User Initiated");
}

static bool is_among(const struct json *list, const char *name)
{
	for (size_t i = 0; i < json_count(list); i++)
		if (strcmp(json_text(json_item(list, i), NULL, ""), name) == 0)
			return true;
	return false;
}

void cfn_work_continue(struct cfn *cfn, struct cfn_stack *stack,
		       const struct json *skip)
{
	(void)cfn;
	for (size_t i = 0; i < stack->resources.count; i++) {
		struct cfn_resource *one = &stack->resources.items[i];
		bool failed = one->status != NULL &&
			      strcmp(one->status, "UPDATE_FAILED") == 0;

		one->todo = CFN_NOTHING;
		one->state = CFN_WAITING;
		if (one->old_properties == NULL || one->fresh || !failed)
			continue;
		if (!is_among(skip, one->logical)) {
			give(one, CFN_RESTORE);
			continue;
		}
		cfn_tell(stack, one, "UPDATE_COMPLETE", NULL);
	}
	enter(stack, CFN_UPDATE_BACK, "UPDATE_ROLLBACK_IN_PROGRESS",
	      "User Initiated");
}

static void end_back(struct cfn_stack *stack, bool failed)
{
	CLEANUP(str_done) struct str reason = STR_EMPTY;

	if (failed) {
		add_failed(stack, &reason);
		clear_todo(stack);
		stack->phase = CFN_IDLE;
		cfn_tell_stack(stack, "UPDATE_ROLLBACK_FAILED", reason.text);
		return;
	}
	clear_todo(stack);
	for (size_t i = 0; i < stack->resources.count; i++) {
		struct cfn_resource *one = &stack->resources.items[i];

		if (one->fresh)
			give(one, CFN_DELETE);
		else if (one->old_physical != NULL)
			give(one, CFN_DELETE_OLD);
		one->leaving = one->fresh;
	}
	enter(stack, CFN_BACK_CLEANING,
	      "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", NULL);
}

/* The template before rules again; so do the dependencies that it has. */
static void end_back_cleaning(struct cfn_stack *stack)
{
	if (stack->old_template != NULL) {
		cfn_put(&stack->template, stack->old_template);
		cfn_put_json(&stack->params, json_clone(stack->old_params));
		cfn_put_json(&stack->tags, json_clone(stack->old_tags));
	}
	clear_todo(stack);
	forget_before(stack);
	CLEANUP(json_freep)
	struct json *template = cfn_work_template(stack);
	put_outputs(stack, template);
	stack->phase = CFN_IDLE;
	cfn_tell_stack(stack, "UPDATE_ROLLBACK_COMPLETE", NULL);
}

static bool has_failed(const struct cfn_stack *stack)
{
	for (size_t i = 0; i < stack->resources.count; i++)
		if (stack->resources.items[i].todo != CFN_NOTHING &&
		    stack->resources.items[i].state == CFN_FAILED)
			return true;
	return false;
}

void cfn_phase_end(struct cfn *cfn, struct cfn_stack *stack,
		   const struct json *template)
{
	bool failed = has_failed(stack);

	(void)cfn;
	switch ((enum cfn_phase)stack->phase) {
	case CFN_IDLE:
		break;
	case CFN_CREATING:
		end_create(stack, template, failed);
		break;
	case CFN_ROLLING_BACK:
		end_removal(stack, "ROLLBACK_COMPLETE", "ROLLBACK_FAILED");
		break;
	case CFN_DELETING:
		end_removal(stack, "DELETE_COMPLETE", "DELETE_FAILED");
		break;
	case CFN_UPDATING:
		end_update(stack, template, failed);
		break;
	case CFN_CLEANING:
		end_cleaning(stack);
		break;
	case CFN_UPDATE_BACK:
		end_back(stack, failed);
		break;
	case CFN_BACK_CLEANING:
		end_back_cleaning(stack);
		break;
	}
}
