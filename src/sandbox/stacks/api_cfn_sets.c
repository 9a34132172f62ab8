/* Change sets; see sandbox/stacks/api_cfn. */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "data/json.h"
#include "data/xml.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api.h"
#include "sandbox/stacks/api_cfn.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_absent.h"
#include "sandbox/stacks/cfn_diff.h"
#include "sandbox/stacks/cfn_phase.h"
#include "sandbox/stacks/cfn_template.h"
#include "sandbox/stacks/cfn_work.h"

#define NO_CHANGES                                                             \
	"The submitted information didn't contain changes. Submit different "  \
	"information to create a change set."
#define INVALID                                                                \
	"The following hook(s)/validation failed: "                            \
	"[AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early "   \
	"Validation errors, use the DescribeEvents API for detailed failure "  \
	"information."

/* --- finding --- */

static struct cfn_set *find_in(struct cfn_stack *stack, const char *name)
{
	for (size_t i = 0; i < stack->sets.count; i++)
		if (strcmp(stack->sets.items[i].id, name) == 0 ||
		    strcmp(stack->sets.items[i].name, name) == 0)
			return &stack->sets.items[i];
	return NULL;
}

struct cfn_set *api_cfn_find_set(struct cfn *cfn, const struct s3_pairs *form,
				 struct cfn_stack **out_stack, struct err *err)
{
	const char *stack_name = api_param(form, "StackName");
	const char *name;
	struct cfn_set *found = NULL;

	if (!api_cfn_need(form, "ChangeSetName", &name, err))
		return NULL;
	if (stack_name == NULL && !str_starts(name, "arn:")) {
		cfn_refuse(err, "StackName must be specified if ChangeSetName "
				"is not specified as an ARN.");
		return NULL;
	}
	for (size_t i = 0; found == NULL && i < cfn->stacks.count; i++) {
		struct cfn_stack *stack = cfn->stacks.items[i];

		if (stack_name != NULL && cfn_find(cfn, stack_name) != stack)
			continue;
		*out_stack = stack;
		found = find_in(stack, name);
	}
	if (found == NULL)
		s3_call_refuse(err, "ChangeSetNotFound",
			       "ChangeSet [%s] does not exist", name);
	return found;
}

/* For a moment it is only being made. */
static bool is_ready(const struct cfn *cfn, const struct cfn_set *set)
{
	return clock_wall_ms() >= set->created_ms + cfn->step_ms;
}

/* --- CreateChangeSet --- */

static void add_faults(const struct json *faults, struct str *out)
{
	for (size_t i = 0; i < json_count(faults); i++) {
		const struct json *one = json_item(faults, i);

		str_addf(out, "\n%s (%s):%s",
			 json_text(one, "LogicalResourceId", ""),
			 json_text(one, "ResourceType", ""),
			 json_text(one, "Reason", ""));
	}
}

static void set_failed(struct cfn_set *set, const char *reason)
{
	cfn_put(&set->status, "FAILED");
	cfn_put(&set->execution, "UNAVAILABLE");
	cfn_put(&set->reason, reason);
}

/* What would change, or why nothing can. */
static void fill(struct cfn *cfn, struct cfn_stack *stack, struct cfn_set *set,
		 const struct api_cfn_wanted *wanted, bool validate)
{
	const struct cfn_wanted asked = { wanted->template, wanted->params,
					  wanted->tags };
	CLEANUP(str_done) struct str reason = STR_EMPTY;
	struct err err = ERR_EMPTY;
	bool any = false;

	set->changes = cfn_diff_make(cfn, stack, &asked, &any, &err);
	if (set->changes == NULL) {
		set_failed(set, err.message);
		return;
	}
	if (!any) {
		set_failed(set, NO_CHANGES);
		return;
	}
	if (validate)
		set->faults = cfn_diff_faults(cfn, stack, &asked);
	if (json_count(set->faults) > 0) {
		str_add(&reason, INVALID);
		add_faults(set->faults, &reason);
		set_failed(set, reason.text);
		return;
	}
	cfn_put(&set->status, "CREATE_COMPLETE");
	cfn_put(&set->execution, "AVAILABLE");
}

/* NULL: refused. A new stack waits for the set to be executed. */
static struct cfn_stack *need_stack(struct cfn *cfn, const char *name,
				    const char *set_name, bool create,
				    struct err *err)
{
	struct cfn_stack *stack = cfn_find(cfn, name);
	bool waits = stack != NULL &&
		     strcmp(stack->status, "REVIEW_IN_PROGRESS") == 0;

	if (create && stack != NULL && !waits) {
		s3_call_refuse(err, "AlreadyExistsException",
			       "Stack [%s] already exists and cannot be created "
			       "again with the changeSet [%s].",
			       name, set_name);
		return NULL;
	}
	if (!create && (stack == NULL || waits ||
			strcmp(stack->status, "DELETE_COMPLETE") == 0)) {
		cfn_refuse(err, "Stack [%s] does not exist", name);
		return NULL;
	}
	if (!create && !api_cfn_may_update(stack, err))
		return NULL;
	return stack != NULL ? stack
			     : cfn_new_stack(cfn, name, "REVIEW_IN_PROGRESS");
}

static bool check_kind(const char *kind, struct err *err)
{
	if (strcmp(kind, "CREATE") == 0 || strcmp(kind, "UPDATE") == 0)
		return true;
	if (strcmp(kind, "IMPORT") == 0)
		return cfn_absent_refuse(kind, err);
	return cfn_refuse(err,
			  "1 validation error detected: Value '%s' at "
			  "'changeSetType' failed to satisfy constraint: Member "
			  "must satisfy enum value set: [IMPORT, UPDATE, "
			  "CREATE]",
			  kind);
}

static struct cfn_set *add_set(struct cfn_stack *stack,
			       const struct s3_pairs *form, const char *name,
			       const char *kind)
{
	CLEANUP(str_done) struct str id = STR_EMPTY;
	struct cfn_set set = {
		.name = mem_copy_text(name),
		.kind = mem_copy_text(kind),
		.description = mem_copy_text(api_param(form, "Description")),
		.on_failure = mem_copy_text(api_param(form, "OnStackFailure")),
		.token = mem_copy_text(api_param(form, "ClientToken")),
		.created_ms = clock_wall_ms(),
	};

	str_addf(&id,
		 "arn:aws:cloudformation:" IDENTITY_REGION ":" IDENTITY_ACCOUNT
		 ":changeSet/%s/",
		 name);
	cfn_add_uuid(&id);
	set.id = str_take(&id);
	vec_push(&stack->sets, set);
	return &stack->sets.items[stack->sets.count - 1];
}

static void take_wanted(struct cfn_set *set, struct api_cfn_wanted *wanted)
{
	set->template = mem_copy_text(wanted->text.text);
	set->role_arn = mem_copy_text(wanted->role_arn);
	set->params = wanted->params;
	set->tags = wanted->tags;
	set->capabilities = wanted->capabilities;
	wanted->params = NULL;
	wanted->tags = NULL;
	wanted->capabilities = NULL;
}

static void put_ids(struct str *out, const struct cfn_set *set,
		    const struct cfn_stack *stack)
{
	xml_put(out, "Id", set->id);
	xml_put(out, "StackId", stack->id);
}

bool api_cfn_create_set(struct s3_call *call, const struct s3_pairs *form,
			struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "CreateChangeSet", err);
	CLEANUP(api_cfn_wanted_done)
	struct api_cfn_wanted wanted = API_CFN_WANTED_EMPTY;
	const char *kind = api_param(form, "ChangeSetType");
	const char *token = api_param(form, "ClientToken");
	struct cfn_stack *stack;
	struct cfn_set *set;
	const char *name;
	const char *stack_name;
	bool create;

	kind = kind != NULL ? kind : "UPDATE";
	create = strcmp(kind, "CREATE") == 0;
	if (cfn == NULL || !api_cfn_need_name(form, &stack_name, err) ||
	    !api_cfn_need(form, "ChangeSetName", &name, err) ||
	    !check_kind(kind, err))
		return false;
	stack = cfn_find(cfn, stack_name);
	set = stack != NULL ? find_in(stack, name) : NULL;
	if (set != NULL) {
		if (token == NULL || set->token == NULL ||
		    strcmp(token, set->token) != 0)
			return s3_call_refuse(err, "AlreadyExistsException",
					      "ChangeSet [%s] already exists",
					      name);
		put_ids(out, set, stack);
		return true;
	}
	/* of a new stack nothing stays when its template is refused */
	if (!api_cfn_read(call, cfn, form, create ? NULL : stack, &wanted,
			  err))
		return false;
	stack = need_stack(cfn, stack_name, name, create, err);
	if (stack == NULL)
		return false;
	if (create && stack->events.count == 0)
		cfn_tell_stack(stack, "REVIEW_IN_PROGRESS", "User Initiated");
	set = add_set(stack, form, name, kind);
	fill(cfn, stack, set, &wanted,
	     !api_cfn_flag(form, "DisableValidation"));
	take_wanted(set, &wanted);
	cfn_save(cfn, stack);
	put_ids(out, set, stack);
	return true;
}

/* --- DescribeChangeSet --- */

static void put_target(struct str *out, const struct json *target, bool values)
{
	static const char *const names[] = { "Attribute", "Name",
					     "RequiresRecreation" };

	xml_open(out, "Target");
	for (size_t i = 0; i < COUNT_OF(names); i++)
		api_cfn_put(out, names[i], json_text(target, names[i], NULL));
	if (values) {
		api_cfn_put(out, "BeforeValue",
			    json_text(target, "BeforeValue", NULL));
		api_cfn_put(out, "AfterValue",
			    json_text(target, "AfterValue", NULL));
	}
	xml_close(out, "Target");
}

static void put_details(struct str *out, const struct json *details,
			bool values)
{
	static const char *const names[] = { "Evaluation", "ChangeSource",
					     "CausingEntity" };

	xml_open(out, "Details");
	for (size_t i = 0; i < json_count(details); i++) {
		const struct json *one = json_item(details, i);

		xml_open(out, "member");
		put_target(out, json_key(one, "Target"), values);
		for (size_t j = 0; j < COUNT_OF(names); j++)
			api_cfn_put(out, names[j],
				    json_text(one, names[j], NULL));
		xml_close(out, "member");
	}
	xml_close(out, "Details");
}

static void put_change(struct str *out, const struct json *change, bool values)
{
	static const char *const names[] = {
		"PolicyAction",	      "Action",	      "LogicalResourceId",
		"PhysicalResourceId", "ResourceType", "Replacement",
	};

	xml_open(out, "member");
	xml_put(out, "Type", "Resource");
	xml_open(out, "ResourceChange");
	for (size_t i = 0; i < COUNT_OF(names); i++)
		api_cfn_put(out, names[i], json_text(change, names[i], NULL));
	xml_open(out, "Scope");
	for (size_t i = 0; i < json_count(json_key(change, "Scope")); i++)
		xml_put(out, "member",
			json_text(json_item(json_key(change, "Scope"), i),
				  NULL, ""));
	xml_close(out, "Scope");
	put_details(out, json_key(change, "Details"), values);
	xml_close(out, "ResourceChange");
	xml_close(out, "member");
}

static void put_head(struct str *out, const struct cfn_stack *stack,
		     const struct cfn_set *set, bool ready)
{
	xml_put(out, "ChangeSetName", set->name);
	xml_put(out, "ChangeSetId", set->id);
	xml_put(out, "StackId", stack->id);
	xml_put(out, "StackName", stack->name);
	api_cfn_put(out, "Description", set->description);
	api_cfn_put_time(out, "CreationTime", set->created_ms);
	xml_put(out, "ExecutionStatus", ready ? set->execution : "UNAVAILABLE");
	xml_put(out, "Status", ready ? set->status : "CREATE_IN_PROGRESS");
	if (ready)
		api_cfn_put(out, "StatusReason", set->reason);
}

bool api_cfn_describe_set(struct s3_call *call, const struct s3_pairs *form,
			  struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "DescribeChangeSet", err);
	CLEANUP(json_freep) struct json *template = NULL;
	struct cfn_stack *stack;
	struct cfn_set *set;
	struct api_cfn_page page;
	size_t count;
	bool ready;

	if (cfn == NULL)
		return false;
	set = api_cfn_find_set(cfn, form, &stack, err);
	if (set == NULL)
		return false;
	/* Once: else it could become so between its changes and its status. */
	ready = is_ready(cfn, set);
	count = ready ? json_count(set->changes) : 0;
	if (!api_cfn_page(form, count, &page, err))
		return false;
	template = cfn_template_read(set->template, strlen(set->template), true,
				     NULL);
	put_head(out, stack, set, ready);
	api_cfn_put_params(out, template, set->params);
	api_cfn_put_texts(out, "Capabilities", set->capabilities);
	api_cfn_put_tags(out, set->tags);
	api_cfn_put(out, "OnStackFailure", set->on_failure);
	xml_put_bool(out, "IncludeNestedStacks", false);
	xml_open(out, "Changes");
	for (size_t i = page.first; i < page.end; i++)
		put_change(out, json_item(set->changes, i),
			   api_cfn_flag(form, "IncludePropertyValues"));
	xml_close(out, "Changes");
	api_cfn_put_next(out, &page, count);
	return true;
}

bool api_cfn_list_sets(struct s3_call *call, const struct s3_pairs *form,
		       struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "ListChangeSets", err);
	struct cfn_stack *stack;
	struct api_cfn_page page;
	const char *name;

	if (cfn == NULL || !api_cfn_need_name(form, &name, err))
		return false;
	stack = cfn_find(cfn, name);
	if (stack == NULL)
		return cfn_refuse(err, "Stack [%s] does not exist", name);
	if (!api_cfn_page(form, stack->sets.count, &page, err))
		return false;
	xml_open(out, "Summaries");
	for (size_t i = page.first; i < page.end; i++) {
		xml_open(out, "member");
		put_head(out, stack, &stack->sets.items[i],
			 is_ready(cfn, &stack->sets.items[i]));
		xml_close(out, "member");
	}
	xml_close(out, "Summaries");
	api_cfn_put_next(out, &page, stack->sets.count);
	return true;
}

/* --- ExecuteChangeSet --- */

static void take_set(struct s3_call *call, struct cfn_stack *stack,
		     struct cfn_set *set)
{
	struct api_cfn_wanted wanted = API_CFN_WANTED_EMPTY;

	str_add(&wanted.text, set->template);
	wanted.role_arn = set->role_arn;
	wanted.params = json_clone(set->params);
	wanted.tags = json_clone(set->tags);
	wanted.capabilities = json_clone(set->capabilities);
	api_cfn_take(call, stack, &wanted);
	api_cfn_wanted_done(&wanted);
	cfn_put(&stack->set_id, set->id);
	cfn_put(&set->execution, "EXECUTE_COMPLETE");
}

/* The others are of the stack as it was. */
static void drop_others(struct cfn_stack *stack, const struct cfn_set *kept)
{
	CLEANUP(mem_freep) char *id = mem_copy_text(kept->id);

	for (size_t i = stack->sets.count; i > 0; i--) {
		if (strcmp(stack->sets.items[i - 1].id, id) == 0)
			continue;
		cfn_set_done(&stack->sets.items[i - 1]);
		vec_remove(&stack->sets, i - 1);
	}
}

bool api_cfn_execute_set(struct s3_call *call, const struct s3_pairs *form,
			 struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "ExecuteChangeSet", err);
	struct cfn_stack *stack;
	struct cfn_set *set;
	bool create;
	bool same;

	(void)out;
	if (cfn == NULL)
		return false;
	set = api_cfn_find_set(cfn, form, &stack, err);
	if (set == NULL ||
	    !api_cfn_token(stack, form, "ExecuteChangeSet", &same, err))
		return false;
	if (same)
		return true;
	if (!is_ready(cfn, set) || strcmp(set->execution, "AVAILABLE") != 0)
		return s3_call_refuse(
			err, "InvalidChangeSetStatus",
			"ChangeSet [%s] cannot be executed in its current "
			"execution status of [%s]",
			set->id,
			is_ready(cfn, set) ? set->execution : "UNAVAILABLE");
	create = strcmp(set->kind, "CREATE") == 0;
	if (!create && !api_cfn_may_update(stack, err))
		return false;
	cfn_put(&stack->on_failure, set->on_failure);
	stack->disable_rollback = api_cfn_flag(form, "DisableRollback");
	stack->retain_except = api_cfn_flag(form, "RetainExceptOnCreate");
	take_set(call, stack, set);
	drop_others(stack, set);
	if (create)
		cfn_work_create(cfn, stack);
	else
		cfn_work_update(cfn, stack);
	cfn_save(cfn, stack);
	return true;
}

bool api_cfn_delete_set(struct s3_call *call, const struct s3_pairs *form,
			struct str *out, struct err *err)
{
	CLEANUP(api_cfn_end)
	struct cfn *cfn = api_cfn_begin(call, form, "DeleteChangeSet", err);
	struct cfn_stack *stack;
	struct cfn_set *set;
	struct err missing = ERR_EMPTY;

	(void)out;
	if (cfn == NULL)
		return false;
	set = api_cfn_find_set(cfn, form, &stack, &missing);
	if (set == NULL) {
		/* one that is gone is deleted */
		if (strcmp(missing.code, "ChangeSetNotFound") == 0)
			return true;
		*err = missing;
		return false;
	}
	if (!is_ready(cfn, set))
		return s3_call_refuse(err, "InvalidChangeSetStatus",
				      "ChangeSet [%s] cannot be deleted in its "
				      "current status of [CREATE_IN_PROGRESS]",
				      set->id);
	cfn_set_done(set);
	vec_remove(&stack->sets, (size_t)(set - stack->sets.items));
	cfn_save(cfn, stack);
	return true;
}
