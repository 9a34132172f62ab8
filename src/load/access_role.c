/* The roles of load/access: trust, and rights of the last of a chain. */
#include "load/access_inner.h"

#include <string.h>

#include "aws/call.h"
#include "aws/worker.h"
#include "base/mem.h"
#include "data/json.h"

/* --- rights of the last role --- */

/* A statement for the whole account means: what IAM allows there. */
static bool allows_here(const struct json *policy,
			const struct access_asking *asking,
			enum access_right right)
{
	const struct access_facts *facts = asking->facts;
	const char *arn = facts->roles.items[facts->roles.count - 1].arn;
	bool conditional;

	return iam_policy_allows(policy, access_right_action(right), arn, false,
				 &conditional);
}

static bool denies_here(const struct json *policy,
			const struct access_asking *asking,
			enum access_right right)
{
	const struct access_facts *facts = asking->facts;
	const char *arn = facts->roles.items[facts->roles.count - 1].arn;
	const char *action = access_right_action(right);
	CLEANUP(str_done) struct str resource = STR_EMPTY;

	access_add_probe(facts, right, &resource);
	if (!iam_policy_denies(policy, action, arn, resource.text))
		return false;
	/* a name that begins so has to be denied as well */
	if (!access_is_exact(facts, right))
		str_add(&resource, "0000_part_00");
	return iam_policy_denies(policy, action, arn, resource.text);
}

static void take_bucket_policy(struct access_asking *asking,
			       const struct call *call, size_t at)
{
	struct access_facts *facts = asking->facts;
	bool none = strcmp(call->err.code, "NoSuchBucketPolicy") == 0;
	CLEANUP(json_freep) struct json *policy = NULL;

	(void)at;
	if (call->ok)
		policy = json_parse(call->reply.body.text, call->reply.body.len,
				    NULL);
	if (policy == NULL && !none)
		return;
	for (int i = ACCESS_LIST; i <= ACCESS_DELETE; i++) {
		enum access_right right = (enum access_right)i;

		facts->by_resource[i] =
			policy != NULL && allows_here(policy, asking, right)
				? ACCESS_YES
				: ACCESS_NO;
		facts->denied_there[i] =
			policy != NULL && denies_here(policy, asking, right);
	}
}

static void ask_bucket_policy(struct access_asking *asking)
{
	struct call *call = call_new(OPERATION_GET_POLICY);

	call_set_bucket(call, asking->facts->ask->bucket);
	access_send(asking, call, take_bucket_policy, 0);
}

static void take_key_policy(struct access_asking *asking,
			    const struct call *call, size_t at)
{
	struct access_facts *facts = asking->facts;
	CLEANUP(json_freep)
	struct json *policy = call->ok ? kms_policy_read(call, NULL) : NULL;

	(void)at;
	if (policy == NULL)
		return;
	for (int i = ACCESS_DECRYPT; i <= ACCESS_GENERATE; i++)
		facts->by_resource[i] =
			allows_here(policy, asking, (enum access_right)i)
				? ACCESS_YES
				: ACCESS_NO;
}

static void take_right(struct access_asking *asking, const struct call *call,
		       size_t at)
{
	struct access_facts *facts = asking->facts;
	bool refused = false;

	for (size_t i = 0; i < ACCESS_RIGHTS; i++) {
		if ((access_right_is_of_key(i) != 0) !=
			    access_right_is_of_key(at) ||
		    !facts->may[i] || (i == ACCESS_LIST) != (at == ACCESS_LIST))
			continue;
		facts->decision[i] = iam_decision(
			call, access_right_action((enum access_right)i));
		refused |= facts->decision[i] == IAM_NOT_ALLOWED;
	}
	if (refused && access_right_is_of_key(at))
		access_send(asking, kms_policy_call(facts->key.arn.text),
			    take_key_policy, 0);
}

/* Those of one resource in one question; at is the first of them. */
void access_ask_rights(struct access_asking *asking, enum access_right first,
		       enum access_right last)
{
	struct access_facts *facts = asking->facts;
	const char *actions[ACCESS_RIGHTS + 1] = { NULL };
	CLEANUP(str_done) struct str resource = STR_EMPTY;
	size_t count = 0;

	for (int i = (int)first; i <= (int)last; i++)
		if (facts->may[i])
			actions[count++] =
				access_right_action((enum access_right)i);
	if (count == 0 || facts->roles.count == 0)
		return;
	access_add_probe(facts, first, &resource);
	access_send(asking,
		    iam_simulate_call(
			    facts->roles.items[facts->roles.count - 1].arn,
			    actions, resource.text),
		    take_right, first);
}

static void want_rights(struct access_facts *facts)
{
	const struct access_ask *ask = facts->ask;

	facts->may[ACCESS_LIST] = !ask->manifest;
	facts->may[ACCESS_GET] = !ask->writes;
	facts->may[ACCESS_PUT] = ask->writes;
	facts->may[ACCESS_DELETE] = ask->deletes;
}

/* --- roles --- */

static void take_role(struct access_asking *asking, const struct call *call,
		      size_t at)
{
	struct access_role *role = &asking->facts->roles.items[at];
	struct err err = ERR_EMPTY;

	if (call->ok)
		role->trust = iam_role_trust(call, role->arn, &err);
	else
		err = call->err;
	role->exists = role->trust != NULL       ? ACCESS_YES
		       : err.kind == ERR_MISSING ? ACCESS_NO
						 : ACCESS_UNKNOWN;
	if (role->exists == ACCESS_NO)
		access_ask_identity(asking);
}

static void add_role(struct access_facts *facts, const char *arn, size_t len)
{
	struct access_role role = { .arn = mem_copy_slice(arn, len) };

	vec_push(&facts->roles, role);
}

static void ask_roles(struct access_asking *asking)
{
	struct access_facts *facts = asking->facts;

	for (size_t i = 0; i < facts->roles.count; i++) {
		if (!iam_is_role(facts->roles.items[i].arn))
			return;
		access_send(asking, iam_role_call(facts->roles.items[i].arn),
			    take_role, i);
	}
	want_rights(facts);
	access_ask_rights(asking, ACCESS_LIST, ACCESS_LIST);
	access_ask_rights(asking, ACCESS_GET, ACCESS_DELETE);
	ask_bucket_policy(asking);
	access_ask_sample(asking);
}

/* "default" waits for what the warehouse answers. */
void access_begin_roles(struct access_asking *asking)
{
	struct access_facts *facts = asking->facts;
	const char *list = facts->ask->roles;

	if (list[0] == '\0' || str_equal_nocase(list, "default"))
		return;
	while (*list != '\0') {
		size_t len = strcspn(list, ",");

		add_role(facts, list, len);
		list += len;
		list += *list == ',';
	}
	ask_roles(asking);
}

void access_use_default(struct access_asking *asking)
{
	struct access_facts *facts = asking->facts;

	if (!str_equal_nocase(facts->ask->roles, "default") ||
	    facts->default_role.len == 0)
		return;
	add_role(facts, facts->default_role.text, facts->default_role.len);
	ask_roles(asking);
}
