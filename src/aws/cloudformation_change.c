#include "aws/cloudformation_change.h"

#include <string.h>

#include "aws/call.h"
#include "aws/paging.h"
#include "aws/query_reply.h"
#include "base/str.h"
#include "data/xml.h"

static char *copy_of(const struct xml *node, const char *path)
{
	return mem_copy_text(xml_text(node, path, ""));
}

/* --- making one --- */

static void add_values(struct call *call,
		       const struct cloudformation_wish *wish)
{
	for (size_t i = 0; i < wish->value_count; i++) {
		const struct cloudformation_value *one = &wish->values[i];

		cloudformation_add(call, "Parameters", i + 1, "ParameterKey",
				   one->key);
		if (one->value != NULL)
			cloudformation_add(call, "Parameters", i + 1,
					   "ParameterValue", one->value);
		else
			cloudformation_add(call, "Parameters", i + 1,
					   "UsePreviousValue", "true");
	}
	for (size_t i = 0; i < wish->capability_count; i++)
		cloudformation_add(call, "Capabilities", i + 1, "",
				   wish->capabilities[i]);
}

bool cloudformation_change_make(const struct cloudformation *to,
				const struct cloudformation_wish *wish,
				struct str *out_id, struct str *out_stack,
				struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_CREATE_CHANGE_SET);
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *result;

	call_add_param(call, "StackName", wish->stack);
	call_add_param(call, "ChangeSetName", wish->name);
	call_add_param(call, "ChangeSetType",
		       wish->is_new ? "CREATE" : "UPDATE");
	/* The name is as unique as a token, and makes a repetition harmless. */
	call_add_param(call, "ClientToken", wish->name);
	call_add_param(call, "Description", wish->about);
	cloudformation_add_source(call, &wish->source);
	add_values(call, wish);
	cloudformation_add(call, "Tags", 1, "Key", "made-by");
	cloudformation_add(call, "Tags", 1, "Value", "redsh");
	if (!cloudformation_send(to, call, err))
		return false;
	result = query_reply(call, reader, err);
	if (result == NULL)
		return false;
	if (xml_text(result, "Id", "")[0] == '\0')
		return err_set(err, ERR_DATA,
			       "CreateChangeSet: a reply of another kind");
	str_add(out_id, xml_text(result, "Id", ""));
	str_add(out_stack, xml_text(result, "StackId", ""));
	return true;
}

/* --- what it says --- */

static void change_done(struct cloudformation_change *change)
{
	for (size_t i = 0; i < change->details.count; i++) {
		struct cloudformation_detail *one = &change->details.items[i];

		mem_free(one->scope);
		mem_free(one->name);
		mem_free(one->recreation);
		mem_free(one->source);
		mem_free(one->cause);
		mem_free(one->before);
		mem_free(one->after);
	}
	vec_done(&change->details);
	mem_free(change->action);
	mem_free(change->logical);
	mem_free(change->physical);
	mem_free(change->type);
	mem_free(change->replacement);
	mem_free(change->policy);
}

void cloudformation_changes_done(struct cloudformation_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		change_done(&changes->items[i]);
	vec_done(changes);
	mem_free(changes->status);
	mem_free(changes->execution);
	mem_free(changes->reason);
	changes->status = changes->execution = changes->reason = NULL;
}

static void read_details(const struct xml *at,
			 struct cloudformation_change *out)
{
	for (; at != NULL; at = xml_next(at)) {
		struct cloudformation_detail detail = {
			.scope = copy_of(at, "Target/Attribute"),
			.name = copy_of(at, "Target/Name"),
			.recreation = copy_of(at, "Target/RequiresRecreation"),
			.source = copy_of(at, "ChangeSource"),
			.cause = copy_of(at, "CausingEntity"),
			.before = copy_of(at, "Target/BeforeValue"),
			.after = copy_of(at, "Target/AfterValue"),
		};

		vec_push(&out->details, detail);
	}
}

static void read_change(const struct xml *at,
			struct cloudformation_changes *out)
{
	struct cloudformation_change change = {
		.action = copy_of(at, "Action"),
		.logical = copy_of(at, "LogicalResourceId"),
		.physical = copy_of(at, "PhysicalResourceId"),
		.type = copy_of(at, "ResourceType"),
		.replacement = copy_of(at, "Replacement"),
		.policy = copy_of(at, "PolicyAction"),
	};

	read_details(xml_at(at, "Details/member"), &change);
	vec_push(out, change);
}

static void take(char **field, const struct xml *result, const char *name)
{
	mem_free(*field);
	*field = copy_of(result, name);
}

static bool read_page(const struct call *call, struct paging *paging,
		      struct cloudformation_changes *out, struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *result = query_reply(call, reader, err);

	if (result == NULL ||
	    !paging_next(paging, xml_text(result, "NextToken", ""),
			 call->operation->name, err))
		return false;
	take(&out->status, result, "Status");
	take(&out->execution, result, "ExecutionStatus");
	take(&out->reason, result, "StatusReason");
	for (const struct xml *at = xml_at(result, "Changes/member");
	     at != NULL; at = xml_next(at))
		if (xml_at(at, "ResourceChange") != NULL)
			read_change(xml_at(at, "ResourceChange"), out);
	return true;
}

bool cloudformation_change_describe(const struct cloudformation *to,
				    const char *id,
				    struct cloudformation_changes *out,
				    struct err *err)
{
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;

	cloudformation_changes_done(out);
	do {
		CLEANUP(call_freep)
		struct call *call = call_new(OPERATION_DESCRIBE_CHANGE_SET);

		call_add_param(call, "ChangeSetName", id);
		call_add_param(call, "IncludePropertyValues", "true");
		if (paging.token.len > 0)
			call_add_param(call, "NextToken", paging.token.text);
		if (!cloudformation_send(to, call, err) ||
		    !read_page(call, &paging, out, err))
			return false;
	} while (paging.token.len > 0);
	return true;
}

/* --- doing it, or not --- */

bool cloudformation_change_execute(const struct cloudformation *to,
				   const char *id, const char *token,
				   struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_EXECUTE_CHANGE_SET);

	call_add_param(call, "ChangeSetName", id);
	call_add_param(call, "ClientRequestToken", token);
	/* Else each try that fails leaves an empty bucket behind, for its
	 * DeletionPolicy. */
	call_add_param(call, "RetainExceptOnCreate", "true");
	return cloudformation_send(to, call, err);
}

bool cloudformation_change_delete(const struct cloudformation *to,
				  const char *id, const char *stack,
				  struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_DELETE_CHANGE_SET);
	struct err failed = ERR_EMPTY;

	call_add_param(call, "ChangeSetName", id);
	if (stack != NULL)
		call_add_param(call, "StackName", stack);
	if (cloudformation_send(to, call, &failed) ||
	    str_starts(failed.code, "ChangeSetNotFound") ||
	    (strcmp(failed.code, "ValidationError") == 0 &&
	     strstr(failed.message, "does not exist") != NULL))
		return true;
	if (err != NULL)
		*err = failed;
	return false;
}
