#include "sandbox/stacks/cfn_diff.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_eval.h"
#include "sandbox/stacks/cfn_mask.h"
#include "sandbox/stacks/cfn_outputs.h"
#include "sandbox/stacks/cfn_phase.h"
#include "sandbox/stacks/cfn_refs.h"
#include "sandbox/stacks/cfn_schema.h"
#include "sandbox/stacks/cfn_template.h"

#define UNKNOWN "{{changeSet:KNOWN_AFTER_APPLY}}"

struct diff {
	struct cfn *cfn;
	struct cfn_stack *stack;
	const struct cfn_wanted *wanted;
	const struct json *before; /* the template that rules; NULL: none */
	struct json *unknown; /* object: names whose values will be new */
	struct json *changes;
	struct json *secrets; /* of NoEcho, before and after */
	struct cfn_scope scope;
};

static const struct json *resources_of(const struct json *template)
{
	return json_key(template, "Resources");
}

/* --- values --- */

/* NULL: not there, or not in the template any more and so not to be read. */
static const struct cfn_resource *there(struct diff *diff, const char *name)
{
	const struct cfn_resource *resource =
		cfn_stack_resource(diff->stack, name);

	return resource != NULL && resource->physical != NULL ? resource
							      : NULL;
}

static struct json *value_of(void *context, const char *name,
			     const char *attribute, struct err *err)
{
	struct diff *diff = context;
	const struct cfn_resource *resource = there(diff, name);
	const char *type = json_text(
		cfn_template_part(diff->wanted->template, "Resources", name),
		"Type", "");
	struct json *list;

	if (resource != NULL && json_key(diff->unknown, name) == NULL)
		return cfn_value_of(resource, attribute, err);
	if (attribute == NULL ||
	    !cfn_schema_is_list(diff->cfn->schema, type, attribute))
		return json_new_text(UNKNOWN);
	list = json_new_array();
	json_push_take(list, json_new_text(UNKNOWN));
	return list;
}

static bool is_unknown(const struct json *value)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (value == NULL)
		return false;
	json_add(&text, value);
	return strstr(text.text, UNKNOWN) != NULL;
}

/* NULL: err. */
static struct json *eval(struct diff *diff, const struct json *value,
			 struct err *err)
{
	struct json *out = NULL;

	if (value == NULL)
		return json_new_object();
	if (!cfn_eval(&diff->scope, value, &out, err))
		return NULL;
	return out != NULL ? out : json_new_object();
}

/* --- why a property changes --- */

struct cause {
	struct diff *diff;
	const char *source;
	struct str entity;
};

static bool look_for_cause(void *context, const struct cfn_ref *ref,
			   struct err *err)
{
	struct cause *cause = context;
	const struct diff *diff = cause->diff;

	(void)err;
	if (cause->source != NULL)
		return true;
	if (cfn_template_part(diff->wanted->template, "Parameters",
			      ref->name) != NULL) {
		if (json_equals(json_key(diff->wanted->params, ref->name),
				json_key(diff->stack->params, ref->name)))
			return true;
		cause->source = "ParameterReference";
		str_add(&cause->entity, ref->name);
		return true;
	}
	if (json_key(diff->unknown, ref->name) == NULL)
		return true;
	cause->source = ref->attribute != NULL ? "ResourceAttribute"
					       : "ResourceReference";
	str_addf(&cause->entity, "%s%s%s", ref->name,
		 ref->attribute != NULL ? "." : "",
		 ref->attribute != NULL ? ref->attribute : "");
	return true;
}

static void cause_done(struct cause *cause)
{
	str_done(&cause->entity);
}

static void put_cause(struct diff *diff, const struct json *now,
		      const struct json *before, struct json *detail)
{
	CLEANUP(cause_done)
	struct cause cause = { diff, NULL, STR_EMPTY };

	if (json_equals(now, before))
		cfn_refs_walk(now, look_for_cause, &cause, NULL);
	json_put_text(detail, "ChangeSource",
		      cause.source != NULL ? cause.source
					   : "DirectModification");
	if (cause.entity.len > 0)
		json_put_text(detail, "CausingEntity", cause.entity.text);
}

/* --- one resource --- */

static const char *const recreations[] = {
	[CFN_REPLACES_NEVER] = "Never",
	[CFN_REPLACES_MAYBE] = "Conditionally",
	[CFN_REPLACES_ALWAYS] = "Always",
};

static void put_value(const struct diff *diff, struct json *target,
		      const char *key, const struct json *plain)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(json_freep)
	struct json *value = cfn_mask_value(plain, diff->secrets);

	if (value == NULL)
		return;
	if (json_shape(value) == JSON_SHAPE_TEXT)
		str_add(&text, json_text(value, NULL, ""));
	else
		json_add(&text, value);
	json_put_text(target, key, text.text);
}

struct change {
	struct json *out;     /* ResourceChange */
	struct json *details;
	struct json *scope;
	enum cfn_replaces replaces;
};

static void add_scope(struct change *change, const char *name)
{
	for (size_t i = 0; i < json_count(change->scope); i++)
		if (strcmp(json_text(json_item(change->scope, i), NULL, ""),
			   name) == 0)
			return;
	json_push_take(change->scope, json_new_text(name));
}

static void add_detail(struct diff *diff, struct change *change,
		       const struct cfn_resource *resource, const char *name,
		       const struct json *now)
{
	const struct json *was = json_key(resource->properties, name);
	const struct json *here = cfn_template_part(
		resources_of(diff->wanted->template), resource->logical,
		"Properties");
	const struct json *before = cfn_template_part(
		resources_of(diff->before), resource->logical, "Properties");
	enum cfn_replaces replaces =
		cfn_schema_replaces(diff->cfn->schema, resource->type, name);
	bool open = is_unknown(now);
	struct json *detail = json_new_object();
	struct json *target = json_new_object();

	if (open && replaces == CFN_REPLACES_ALWAYS)
		change->replaces = change->replaces > CFN_REPLACES_MAYBE
					   ? change->replaces
					   : CFN_REPLACES_MAYBE;
	else if (replaces > change->replaces)
		change->replaces = replaces;
	json_put_text(target, "Attribute", "Properties");
	json_put_text(target, "Name", name);
	json_put_text(target, "RequiresRecreation", recreations[replaces]);
	put_value(diff, target, "BeforeValue", was);
	put_value(diff, target, "AfterValue", now);
	json_put_take(detail, "Target", target);
	json_put_text(detail, "Evaluation", open ? "Dynamic" : "Static");
	put_cause(diff, json_key(here, name), json_key(before, name), detail);
	json_push_take(change->details, detail);
	add_scope(change, "Properties");
}

static void add_properties(struct diff *diff, struct change *change,
			   const struct cfn_resource *resource,
			   const struct json *now)
{
	const struct json *value;
	const char *name;
	size_t at = 0;

	while (json_next(now, &at, &name, &value))
		if (!json_equals(value, json_key(resource->properties, name)))
			add_detail(diff, change, resource, name, value);
	at = 0;
	while (json_next(resource->properties, &at, &name, &value))
		if (json_key(now, name) == NULL)
			add_detail(diff, change, resource, name, NULL);
}

/* DeletionPolicy and its like, Metadata, and tags of the stack. */
static void add_attributes(struct diff *diff, struct change *change,
			   const struct cfn_resource *resource)
{
	static const char *const names[] = { "Metadata", "DeletionPolicy",
					     "UpdateReplacePolicy" };
	const struct json *now = json_key(resources_of(diff->wanted->template),
					  resource->logical);
	const struct json *before =
		json_key(resources_of(diff->before), resource->logical);
	bool tags = !json_equals(diff->wanted->tags, diff->stack->tags) &&
		    cfn_schema_has_property(diff->cfn->schema, resource->type,
					    "Tags");

	for (size_t i = 0; i < COUNT_OF(names) + (tags ? 1 : 0); i++) {
		const char *name = i < COUNT_OF(names) ? names[i] : "Tags";
		struct json *detail;
		struct json *target;

		if (i < COUNT_OF(names) &&
		    json_equals(json_key(now, name), json_key(before, name)))
			continue;
		detail = json_new_object();
		target = json_new_object();
		json_put_text(target, "Attribute", name);
		json_put_text(target, "RequiresRecreation", "Never");
		json_put_take(detail, "Target", target);
		json_put_text(detail, "Evaluation", "Static");
		json_put_text(detail, "ChangeSource", "DirectModification");
		json_push_take(change->details, detail);
		add_scope(change, name);
	}
}

static struct json *new_change(const char *action, const char *logical,
			       const char *type, const char *physical)
{
	struct json *out = json_new_object();

	json_put_text(out, "Action", action);
	json_put_text(out, "LogicalResourceId", logical);
	if (physical != NULL)
		json_put_text(out, "PhysicalResourceId", physical);
	json_put_text(out, "ResourceType", type);
	return out;
}

static void push(struct diff *diff, struct json *change, struct json *scope,
		 struct json *details)
{
	json_put_take(change, "Scope", scope);
	json_put_take(change, "Details", details);
	json_push_take(diff->changes, change);
}

/* [ResourceChange: PolicyAction] */
static void put_policy(struct json *out, const char *policy, bool replaces)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *what = policy != NULL && str_starts(policy, "Retain")
				   ? "Retain"
			   : policy != NULL && strcmp(policy, "Snapshot") == 0
				   ? "Snapshot"
				   : "Delete";

	str_addf(&text, "%s%s", replaces ? "ReplaceAnd" : "", what);
	json_put_text(out, "PolicyAction", text.text);
}

static bool diff_kept(struct diff *diff, const struct cfn_resource *resource,
		      const struct json *value, struct err *err)
{
	CLEANUP(json_freep)
	struct json *now = eval(diff, json_key(value, "Properties"), err);
	static const char *const replacements[] = {
		[CFN_REPLACES_NEVER] = "False",
		[CFN_REPLACES_MAYBE] = "Conditional",
		[CFN_REPLACES_ALWAYS] = "True",
	};
	struct change change = { 0 };

	if (now == NULL)
		return false;
	change.details = json_new_array();
	change.scope = json_new_array();
	add_properties(diff, &change, resource, now);
	add_attributes(diff, &change, resource);
	if (json_count(change.details) == 0) {
		json_free(change.details);
		json_free(change.scope);
		return true;
	}
	change.out = new_change("Modify", resource->logical, resource->type,
				resource->physical);
	json_put_text(change.out, "Replacement",
		      replacements[change.replaces]);
	if (change.replaces != CFN_REPLACES_NEVER) {
		put_policy(change.out, json_text(value, "UpdateReplacePolicy",
						 NULL),
			   true);
		json_put_bool(diff->unknown, resource->logical, true);
	}
	push(diff, change.out, change.scope, change.details);
	return true;
}

static bool diff_one(struct diff *diff, const char *name,
		     const struct json *value, struct err *err)
{
	const struct cfn_resource *resource = there(diff, name);
	const char *type = json_text(value, "Type", "");
	CLEANUP(json_freep) struct json *properties = NULL;

	if (resource != NULL) {
		if (strcmp(resource->type, type) != 0)
			return cfn_refuse(err,
					  "Update of resource type is not "
					  "permitted. The new template modifies "
					  "resource type of the following "
					  "resources: [%s]",
					  name);
		return diff_kept(diff, resource, value, err);
	}
	properties = eval(diff, json_key(value, "Properties"), err);
	if (properties == NULL)
		return false;
	push(diff, new_change("Add", name, type, NULL), json_new_array(),
	     json_new_array());
	return true;
}

/* --- all of them, in the order of what needs what --- */

struct order {
	const struct json *resources;
	struct json *done;	/* object of names */
	struct diff *diff;
};

static bool is_wanted(struct diff *diff, const struct json *value)
{
	bool wanted = true;

	cfn_eval_condition(&diff->scope, json_text(value, "Condition", NULL),
			   &wanted, NULL);
	return wanted;
}

static bool visit(struct order *order, const char *name, struct err *err)
{
	const struct json *value = json_key(order->resources, name);
	CLEANUP(json_freep) struct json *needs = json_new_array();

	if (json_key(order->done, name) != NULL)
		return true;
	json_put_bool(order->done, name, true);
	cfn_refs_needs(order->resources, value, needs);
	for (size_t i = 0; i < json_count(needs); i++)
		if (!visit(order, json_text(json_item(needs, i), NULL, ""),
			   err))
			return false;
	return !is_wanted(order->diff, value) ||
	       diff_one(order->diff, name, value, err);
}

static bool visit_all(struct diff *diff, struct err *err)
{
	CLEANUP(json_freep) struct json *done = json_new_object();
	struct order order = { resources_of(diff->wanted->template), done,
			       diff };
	const struct json *value;
	const char *name;
	size_t at = 0;

	while (json_next(order.resources, &at, &name, &value))
		if (!visit(&order, name, err))
			return false;
	return true;
}

static void add_removed(struct diff *diff)
{
	for (size_t i = 0; i < diff->stack->resources.count; i++) {
		const struct cfn_resource *one =
			&diff->stack->resources.items[i];
		const struct json *value =
			json_key(resources_of(diff->wanted->template),
				 one->logical);
		struct json *change;

		if (one->physical == NULL ||
		    (value != NULL && is_wanted(diff, value)))
			continue;
		change = new_change("Remove", one->logical, one->type,
				    one->physical);
		put_policy(change, one->policy, false);
		push(diff, change, json_new_array(), json_new_array());
	}
}

static bool outputs_differ(struct diff *diff)
{
	CLEANUP(json_freep)
	struct json *outputs = cfn_outputs_eval(&diff->scope, NULL);
	CLEANUP(json_freep) struct json *none = json_new_array();

	return outputs != NULL &&
	       !json_equals(outputs, diff->stack->outputs != NULL
					     ? diff->stack->outputs
					     : none);
}

static void diff_init(struct diff *diff, struct cfn *cfn,
		      struct cfn_stack *stack, const struct cfn_wanted *wanted)
{
	*diff = (struct diff){
		.cfn = cfn,
		.stack = stack,
		.wanted = wanted,
		.unknown = json_new_object(),
		.changes = json_new_array(),
	};
	diff->scope = (struct cfn_scope){
		.template = wanted->template,
		.params = wanted->params,
		.stack_name = stack->name,
		.stack_id = stack->id,
		.resource = value_of,
		.context = diff,
	};
}

struct json *cfn_diff_make(struct cfn *cfn, struct cfn_stack *stack,
			   const struct cfn_wanted *wanted, bool *out_any,
			   struct err *err)
{
	CLEANUP(json_freep) struct json *before = cfn_work_template(stack);
	struct diff diff;
	bool done;

	diff_init(&diff, cfn, stack, wanted);
	diff.before = before;
	diff.secrets = json_new_array();
	cfn_mask_collect(before, stack->params, diff.secrets);
	cfn_mask_collect(wanted->template, wanted->params, diff.secrets);
	done = visit_all(&diff, err);
	if (done) {
		add_removed(&diff);
		*out_any = json_count(diff.changes) > 0 ||
			   outputs_differ(&diff);
	}
	json_free(diff.unknown);
	json_free(diff.secrets);
	if (done)
		return diff.changes;
	json_free(diff.changes);
	return NULL;
}

/* What is not known yet fits any kind. */
static struct json *without_unknown(const struct json *value)
{
	const struct json *member;
	struct json *out;
	const char *name;
	size_t at = 0;

	if (json_shape(value) == JSON_SHAPE_TEXT && is_unknown(value)) {
		out = json_new_object();
		json_put_text(out, "Ref", "Unknown");
		return out;
	}
	if (json_shape(value) == JSON_SHAPE_ARRAY) {
		out = json_new_array();
		for (size_t i = 0; i < json_count(value); i++)
			json_push_take(out,
				       without_unknown(json_item(value, i)));
		return out;
	}
	if (json_shape(value) != JSON_SHAPE_OBJECT)
		return json_clone(value);
	out = json_new_object();
	while (json_next(value, &at, &name, &member))
		json_put_take(out, name, without_unknown(member));
	return out;
}

struct json *cfn_diff_faults(struct cfn *cfn, struct cfn_stack *stack,
			     const struct cfn_wanted *wanted)
{
	struct json *list = json_new_array();
	const struct json *value;
	const char *name;
	size_t at = 0;
	struct diff diff;

	diff_init(&diff, cfn, stack, wanted);
	while (json_next(resources_of(wanted->template), &at, &name, &value)) {
		const char *type = json_text(value, "Type", "");
		CLEANUP(json_freep)
		struct json *now =
			eval(&diff, json_key(value, "Properties"), NULL);
		CLEANUP(json_freep) struct json *known = without_unknown(now);
		CLEANUP(str_done) struct str text = STR_EMPTY;
		struct json *fault;

		if (now == NULL || !is_wanted(&diff, value) ||
		    cfn_schema_check(cfn->schema, type, known, false, &text))
			continue;
		fault = json_new_object();
		json_put_text(fault, "LogicalResourceId", name);
		json_put_text(fault, "ResourceType", type);
		json_put_text(fault, "Reason", text.text);
		json_push_take(list, fault);
	}
	json_free(diff.unknown);
	json_free(diff.changes);
	return list;
}
