#include "aws/cloudformation.h"

#include <string.h>

#include "aws/call.h"
#include "aws/paging.h"
#include "aws/query_reply.h"
#include "aws/worker.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/xml.h"

/* --- what is shared --- */

static bool is_refusal(const struct err *err)
{
	return str_starts(err->code, "AccessDenied") ||
	       strcmp(err->code, "UnauthorizedOperation") == 0;
}

bool cloudformation_send(const struct cloudformation *to, struct call *call,
			 struct err *err)
{
	struct err failed = ERR_EMPTY;

	call_set_region(call, to->region);
	if (worker_call_until(to->aws, call, to->stop_fd, &failed))
		return true;
	if (is_refusal(&failed))
		err_hint(&failed,
			 "ask for a policy with {\"Effect\": \"Allow\", "
			 "\"Action\": \"%s\", \"Resource\": \"*\"}",
			 call->operation->permission);
	if (err != NULL)
		*err = failed;
	return false;
}

void cloudformation_add(struct call *call, const char *name, size_t number,
			const char *field, const char *value)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	str_addf(&key, "%s.member.%zu%s%s", name, number,
		 field[0] != '\0' ? "." : "", field);
	call_add_param(call, key.text, value);
}

void cloudformation_add_source(struct call *call,
			       const struct cloudformation_source *source)
{
	if (source->url != NULL)
		call_add_param(call, "TemplateURL", source->url);
	else
		call_add_param(call, "TemplateBody", source->body);
}

static char *copy_of(const struct xml *node, const char *path)
{
	return mem_copy_text(xml_text(node, path, ""));
}

static int64_t time_of(const struct xml *node, const char *path)
{
	int64_t at_ms;

	return isotime_parse(xml_text(node, path, ""), &at_ms, NULL) ? at_ms
								     : 0;
}

/* --- stacks --- */

void cloudformation_pairs_done(struct cloudformation_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		mem_free(pairs->items[i].key);
		mem_free(pairs->items[i].value);
		mem_free(pairs->items[i].about);
	}
	vec_done(pairs);
}

const char *cloudformation_pair(const struct cloudformation_pairs *pairs,
				const char *key)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (strcmp(pairs->items[i].key, key) == 0)
			return pairs->items[i].value;
	return NULL;
}

void cloudformation_stack_done(struct cloudformation_stack *stack)
{
	mem_free(stack->id);
	mem_free(stack->name);
	mem_free(stack->status);
	mem_free(stack->reason);
	cloudformation_pairs_done(&stack->parameters);
	cloudformation_pairs_done(&stack->outputs);
	memset(stack, 0, sizeof(*stack));
}

static void read_pairs(const struct xml *at, const char *key, const char *value,
		       struct cloudformation_pairs *out)
{
	for (; at != NULL; at = xml_next(at)) {
		struct cloudformation_pair pair = {
			.key = copy_of(at, key),
			.value = copy_of(at, value),
			.about = copy_of(at, "Description"),
		};

		vec_push(out, pair);
	}
}

static void read_stack(const struct xml *at, struct cloudformation_stack *out)
{
	cloudformation_stack_done(out);
	out->id = copy_of(at, "StackId");
	out->name = copy_of(at, "StackName");
	out->status = copy_of(at, "StackStatus");
	out->reason = copy_of(at, "StackStatusReason");
	out->created_ms = time_of(at, "CreationTime");
	out->updated_ms = time_of(at, "LastUpdatedTime");
	out->is_protected = xml_bool(at, "EnableTerminationProtection", false);
	read_pairs(xml_at(at, "Parameters/member"), "ParameterKey",
		   "ParameterValue", &out->parameters);
	read_pairs(xml_at(at, "Outputs/member"), "OutputKey", "OutputValue",
		   &out->outputs);
}

static bool is_missing(const struct err *err)
{
	return strcmp(err->code, "ValidationError") == 0 &&
	       strstr(err->message, "does not exist") != NULL;
}

bool cloudformation_describe(const struct cloudformation *to, const char *stack,
			     struct cloudformation_stack *out, struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_DESCRIBE_STACKS);
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	struct err failed = ERR_EMPTY;
	const struct xml *result, *at;

	call_add_param(call, "StackName", stack);
	if (!cloudformation_send(to, call, &failed)) {
		if (is_missing(&failed))
			return err_set(err, ERR_MISSING,
				       "there is no stack %s", stack);
		if (err != NULL)
			*err = failed;
		return false;
	}
	result = query_reply(call, reader, err);
	if (result == NULL)
		return false;
	at = xml_at(result, "Stacks/member");
	if (at == NULL)
		return err_set(err, ERR_MISSING, "there is no stack %s", stack);
	read_stack(at, out);
	return true;
}

struct newest {
	const char *name;
	struct str *id;
	int64_t deleted_ms;
};

static void take_deleted(struct newest *newest, const struct xml *result)
{
	for (const struct xml *at = xml_at(result, "StackSummaries/member");
	     at != NULL; at = xml_next(at)) {
		int64_t at_ms = time_of(at, "DeletionTime");

		if (strcmp(xml_text(at, "StackName", ""), newest->name) != 0 ||
		    (newest->id->len > 0 && at_ms <= newest->deleted_ms))
			continue;
		str_set(newest->id, xml_text(at, "StackId", ""));
		newest->deleted_ms = at_ms;
	}
}

bool cloudformation_find_deleted(const struct cloudformation *to,
				 const char *name, struct str *out_id,
				 struct err *err)
{
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;
	struct newest newest = { .name = name, .id = out_id };

	do {
		CLEANUP(call_freep)
		struct call *call = call_new(OPERATION_LIST_STACKS);
		CLEANUP(xml_reader_freep)
		struct xml_reader *reader = xml_reader_new(0);
		const struct xml *result = NULL;

		cloudformation_add(call, "StackStatusFilter", 1, "",
				   "DELETE_COMPLETE");
		if (paging.token.len > 0)
			call_add_param(call, "NextToken", paging.token.text);
		if (cloudformation_send(to, call, err))
			result = query_reply(call, reader, err);
		if (result == NULL ||
		    !paging_next(&paging, xml_text(result, "NextToken", ""),
				 call->operation->name, err))
			return false;
		take_deleted(&newest, result);
	} while (paging.token.len > 0);
	return true;
}

/* --- events and resources --- */

static void event_done(struct cloudformation_event *event)
{
	mem_free(event->id);
	mem_free(event->logical);
	mem_free(event->physical);
	mem_free(event->type);
	mem_free(event->status);
	mem_free(event->reason);
	mem_free(event->token);
}

void cloudformation_events_done(struct cloudformation_events *events)
{
	for (size_t i = 0; i < events->count; i++)
		event_done(&events->items[i]);
	vec_done(events);
}

/* What a hook refuses is a failure with words of its own. */
static void read_event(const struct xml *at, struct cloudformation_event *out)
{
	const char *hook = xml_text(at, "HookStatus", "");

	out->id = copy_of(at, "EventId");
	out->logical = copy_of(at, "LogicalResourceId");
	out->physical = copy_of(at, "PhysicalResourceId");
	out->type = copy_of(at, "ResourceType");
	out->status = copy_of(at, "ResourceStatus");
	out->reason = strcmp(hook, "HOOK_COMPLETE_FAILED") == 0
			      ? copy_of(at, "HookStatusReason")
			      : copy_of(at, "ResourceStatusReason");
	out->token = copy_of(at, "ClientRequestToken");
	out->at_ms = time_of(at, "Timestamp");
	out->is_stack = out->physical[0] != '\0' &&
			strcmp(out->physical, xml_text(at, "StackId", "")) == 0;
}

/* The page that paging is at, then the next. */
static bool read_page(const struct cloudformation *to, struct call *call,
		      const char *list, struct paging *paging,
		      bool (*is_last)(void *context,
				      const struct cloudformation_event *),
		      void *context, struct cloudformation_events *out,
		      struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *result = NULL;

	if (paging->token.len > 0)
		call_add_param(call, "NextToken", paging->token.text);
	if (cloudformation_send(to, call, err))
		result = query_reply(call, reader, err);
	if (result == NULL)
		return false;
	if (!paging_next(paging, xml_text(result, "NextToken", ""),
			 call->operation->name, err))
		return false;
	for (const struct xml *at = xml_at(result, list); at != NULL;
	     at = xml_next(at)) {
		struct cloudformation_event event = { 0 };

		read_event(at, &event);
		if (is_last != NULL && is_last(context, &event)) {
			event_done(&event);
			str_clear(&paging->token);
			break;
		}
		vec_push(out, event);
	}
	return true;
}

bool cloudformation_events(const struct cloudformation *to, const char *stack,
			   bool (*is_last)(void *context,
					   const struct cloudformation_event *),
			   void *context, struct cloudformation_events *out,
			   struct err *err)
{
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;

	do {
		CLEANUP(call_freep)
		struct call *call = call_new(OPERATION_DESCRIBE_STACK_EVENTS);

		call_add_param(call, "StackName", stack);
		if (!read_page(to, call, "StackEvents/member", &paging, is_last,
			       context, out, err))
			return false;
	} while (paging.token.len > 0);
	return true;
}

bool cloudformation_resources(const struct cloudformation *to,
			      const char *stack,
			      struct cloudformation_events *out,
			      struct err *err)
{
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;

	do {
		CLEANUP(call_freep)
		struct call *call = call_new(OPERATION_LIST_STACK_RESOURCES);

		call_add_param(call, "StackName", stack);
		if (!read_page(to, call, "StackResourceSummaries/member",
			       &paging, NULL, NULL, out, err))
			return false;
	} while (paging.token.len > 0);
	return true;
}

/* --- templates --- */

bool cloudformation_template(const struct cloudformation *to, const char *stack,
			     struct str *out, struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_GET_TEMPLATE);
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *result = NULL;

	call_add_param(call, "StackName", stack);
	call_add_param(call, "TemplateStage", "Original");
	if (cloudformation_send(to, call, err))
		result = query_reply(call, reader, err);
	if (result == NULL)
		return false;
	str_add(out, xml_text(result, "TemplateBody", ""));
	return true;
}

void cloudformation_summary_done(struct cloudformation_summary *summary)
{
	for (size_t i = 0; i < summary->parameters.count; i++) {
		struct cloudformation_parameter *one =
			&summary->parameters.items[i];

		mem_free(one->key);
		mem_free(one->otherwise);
		mem_free(one->about);
	}
	for (size_t i = 0; i < summary->capabilities.count; i++)
		mem_free(summary->capabilities.items[i]);
	mem_free(summary->about);
	mem_free(summary->why);
	vec_done(&summary->parameters);
	vec_done(&summary->capabilities);
	memset(summary, 0, sizeof(*summary));
}

static void read_parameter(const struct xml *at,
			   struct cloudformation_summary *out)
{
	const char *otherwise = xml_text(at, "DefaultValue", NULL);
	struct cloudformation_parameter one = {
		.key = copy_of(at, "ParameterKey"),
		.otherwise = otherwise != NULL ? mem_copy_text(otherwise)
					       : NULL,
		.about = copy_of(at, "Description"),
		.is_secret = xml_bool(at, "NoEcho", false),
	};

	vec_push(&out->parameters, one);
}

bool cloudformation_validate(const struct cloudformation *to,
			     const struct cloudformation_source *source,
			     struct cloudformation_summary *out,
			     struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_VALIDATE_TEMPLATE);
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *result = NULL;

	cloudformation_add_source(call, source);
	if (cloudformation_send(to, call, err))
		result = query_reply(call, reader, err);
	if (result == NULL)
		return false;
	cloudformation_summary_done(out);
	out->about = copy_of(result, "Description");
	out->why = copy_of(result, "CapabilitiesReason");
	for (const struct xml *at = xml_at(result, "Parameters/member");
	     at != NULL; at = xml_next(at))
		read_parameter(at, out);
	for (const struct xml *at = xml_at(result, "Capabilities/member");
	     at != NULL; at = xml_next(at))
		vec_push(&out->capabilities, mem_copy_text(at->text));
	return true;
}

/* --- the end, and the way back --- */

static bool send_list(const struct cloudformation *to, enum operation_id id,
		      const char *stack, const char *list,
		      const char *const *names, const char *token,
		      struct err *err)
{
	CLEANUP(call_freep) struct call *call = call_new(id);

	call_add_param(call, "StackName", stack);
	for (size_t i = 0; names != NULL && names[i] != NULL; i++)
		cloudformation_add(call, list, i + 1, "", names[i]);
	call_add_param(call, "ClientRequestToken", token);
	return cloudformation_send(to, call, err);
}

bool cloudformation_delete(const struct cloudformation *to, const char *stack,
			   const char *const *retained, const char *token,
			   struct err *err)
{
	return send_list(to, OPERATION_DELETE_STACK, stack, "RetainResources",
			 retained, token, err);
}

bool cloudformation_continue(const struct cloudformation *to, const char *stack,
			     const char *const *skipped, const char *token,
			     struct err *err)
{
	return send_list(to, OPERATION_CONTINUE_ROLLBACK, stack,
			 "ResourcesToSkip", skipped, token, err);
}
