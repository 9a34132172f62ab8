#include "load/access.h"

#include <stdio.h>
#include <string.h>

#include "aws/call.h"
#include "aws/dbhost.h"
#include "aws/redshift.h"
#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "aws/serverless.h"
#include "aws/worker.h"
#include "base/clock.h"
#include "base/mem.h"
#include "data/json.h"
#include "data/xml.h"

enum { PATIENCE_US = 3 * 1000 * 1000 };

void access_facts_init(struct access_facts *facts)
{
	memset(facts, 0, sizeof(*facts));
	facts->attached = (struct str)STR_EMPTY;
	facts->default_role = (struct str)STR_EMPTY;
	facts->key = (struct kms_key)KMS_KEY_EMPTY;
	facts->key_name = (struct str)STR_EMPTY;
	facts->locked_object = (struct str)STR_EMPTY;
	facts->unasked = (struct str)STR_EMPTY;
}

void access_facts_done(struct access_facts *facts)
{
	for (size_t i = 0; i < facts->roles.count; i++) {
		mem_free(facts->roles.items[i].arn);
		json_free(facts->roles.items[i].trust);
	}
	vec_done(&facts->roles);
	mem_free(facts->account);
	mem_free(facts->name);
	mem_free(facts->space);
	mem_free(facts->region);
	mem_free(facts->bucket_region);
	str_done(&facts->attached);
	str_done(&facts->default_role);
	kms_key_done(&facts->key);
	str_done(&facts->key_name);
	str_done(&facts->locked_object);
	str_done(&facts->unasked);
}

/* --- rights --- */

static const struct {
	const char *action;
	bool of_key;
} rights[ACCESS_RIGHTS] = {
	[ACCESS_LIST] = { "s3:ListBucket", false },
	[ACCESS_GET] = { "s3:GetObject", false },
	[ACCESS_PUT] = { "s3:PutObject", false },
	[ACCESS_DELETE] = { "s3:DeleteObject", false },
	[ACCESS_DECRYPT] = { "kms:Decrypt", true },
	[ACCESS_GENERATE] = { "kms:GenerateDataKey", true },
};

const char *access_right_action(enum access_right right)
{
	return rights[right].action;
}

/* "aws" of "arn:aws:iam::..." */
static const char *partition_of(const struct access_facts *facts, char out[16])
{
	const char *arn = facts->roles.count > 0 ? facts->roles.items[0].arn
						 : "arn:aws:";

	snprintf(out, 16, "%.*s", (int)strcspn(arn + 4, ":"), arn + 4);
	return out;
}

void access_add_resource(const struct access_facts *facts,
			 enum access_right right, struct str *out)
{
	static const char stage_folder[] = "/redsh-stage/";
	const struct access_ask *ask = facts->ask;
	const char *staged;
	char partition[16];

	if (rights[right].of_key) {
		str_add(out, facts->key.arn.len > 0 ? facts->key.arn.text
						    : facts->key_name.text);
		return;
	}
	str_addf(out, "arn:%s:s3:::%s", partition_of(facts, partition),
		 ask->bucket);
	if (right == ACCESS_LIST)
		return;
	str_addf(out, "/%s", ask->prefix);
	if (!ask->manifest)
		return;
	/* what a manifest names is most often beside it; a folder made for
	 * one load (load/stage_place) is not the one to ask rights for */
	staged = strstr(out->text, stage_folder);
	str_cut(out,
		staged != NULL
			? (size_t)(staged + strlen(stage_folder) - out->text)
			: (size_t)(strrchr(out->text, '/') + 1 - out->text));
}

/* --- questions under way --- */

struct asking;

/* What is done with an answer; call->user is one. */
struct answer {
	void (*take)(struct asking *asking, const struct call *call,
		     size_t at);
	size_t at; /* of the role or right it is about */
};

struct asking {
	struct access_facts *facts;
	struct aws *aws;
	struct worker_queue *queue;
	struct {
		VEC(struct answer *); /* of all that were sent */
	} answers;
};

static void asking_done(struct asking *asking)
{
	worker_queue_free(asking->queue);
	for (size_t i = 0; i < asking->answers.count; i++)
		mem_free(asking->answers.items[i]);
	vec_done(&asking->answers);
}

static void send(struct asking *asking, struct call *call,
		 void (*take)(struct asking *, const struct call *, size_t),
		 size_t at)
{
	struct answer *answer = mem_alloc(sizeof(*answer));

	answer->take = take;
	answer->at = at;
	vec_push(&asking->answers, answer);
	call->user = answer;
	worker_send_take(asking->queue, call);
}

/* --- rights of the last role --- */

/* A statement for the whole account means: what IAM allows there. */
static bool allows_here(const struct json *policy, const struct asking *asking,
			enum access_right right)
{
	const struct access_facts *facts = asking->facts;
	const char *arn = facts->roles.items[facts->roles.count - 1].arn;
	bool conditional;

	return iam_policy_allows(policy, access_right_action(right), arn,
				 false, &conditional);
}

static bool denies_here(const struct json *policy, const struct asking *asking,
			enum access_right right)
{
	const struct access_facts *facts = asking->facts;
	CLEANUP(str_done) struct str resource = STR_EMPTY;

	access_add_resource(facts, right, &resource);
	return iam_policy_denies(
		policy, access_right_action(right),
		facts->roles.items[facts->roles.count - 1].arn, resource.text);
}

static void take_bucket_policy(struct asking *asking, const struct call *call,
			       size_t at)
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

static void ask_bucket_policy(struct asking *asking)
{
	struct call *call = call_new(OPERATION_GET_POLICY);

	call_set_bucket(call, asking->facts->ask->bucket);
	send(asking, call, take_bucket_policy, 0);
}

static void take_key_policy(struct asking *asking, const struct call *call,
			    size_t at)
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

static void take_right(struct asking *asking, const struct call *call,
		       size_t at)
{
	struct access_facts *facts = asking->facts;
	bool refused = false;

	for (size_t i = 0; i < ACCESS_RIGHTS; i++) {
		if ((rights[i].of_key != 0) != rights[at].of_key ||
		    !facts->may[i] || (i == ACCESS_LIST) != (at == ACCESS_LIST))
			continue;
		facts->decision[i] =
			iam_decision(call, access_right_action(
						   (enum access_right)i));
		refused |= facts->decision[i] == IAM_NOT_ALLOWED;
	}
	if (refused && rights[at].of_key)
		send(asking, kms_policy_call(facts->key.arn.text),
		     take_key_policy, 0);
}

/* Those of one resource in one question; at is the first of them. */
static void ask_rights(struct asking *asking, enum access_right first,
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
	access_add_resource(facts, first, &resource);
	send(asking,
	     iam_simulate_call(facts->roles.items[facts->roles.count - 1].arn,
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

/* --- keys --- */

static void ask_identity(struct asking *asking);

static void take_key(struct asking *asking, const struct call *call, size_t at)
{
	struct access_facts *facts = asking->facts;

	(void)at;
	if (!call->ok) {
		facts->key_missing = call->err.kind == ERR_MISSING;
		if (facts->key_missing)
			ask_identity(asking);
		return;
	}
	if (!kms_describe_read(call, &facts->key, NULL) ||
	    facts->key.aws_managed)
		return;
	facts->may[ACCESS_DECRYPT] = true;
	facts->may[ACCESS_GENERATE] = facts->ask->writes;
	ask_rights(asking, ACCESS_DECRYPT, ACCESS_GENERATE);
}

static void ask_key(struct asking *asking, const char *name)
{
	struct access_facts *facts = asking->facts;

	str_set(&facts->key_name, name);
	send(asking, kms_describe_call(name, facts->region), take_key, 0);
}

static void take_sample(struct asking *asking, const struct call *call,
			size_t at)
{
	const char *key = call_reply_header(
		call, "x-amz-server-side-encryption-aws-kms-key-id");
	struct s3_uri uri = { call->bucket, call->key, NULL }; /* borrowed */

	(void)at;
	if (!call->ok || key == NULL)
		return;
	s3_uri_add_shown(&uri, &asking->facts->locked_object);
	ask_key(asking, key);
}

static void ask_head(struct asking *asking, const struct s3_uri *uri)
{
	send(asking, s3_object_head_call(asking->aws, uri, false), take_sample,
	     0);
}

/* What is put there without a word of keys is locked with the bucket's. */
static void take_bucket_key(struct asking *asking, const struct call *call,
			    size_t at)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = NULL;
	const char *key;

	(void)at;
	if (call->ok && xml_reader_feed(reader, call->reply.body.text,
					call->reply.body.len, NULL))
		root = xml_reader_end(reader, NULL);
	key = xml_text(root,
		       "Rule/ApplyServerSideEncryptionByDefault/KMSMasterKeyID",
		       "");
	if (key[0] == '\0')
		return;
	str_addf(&asking->facts->locked_object, "what is put in s3://%s",
		 asking->facts->ask->bucket);
	ask_key(asking, key);
}

static void ask_bucket_key(struct asking *asking)
{
	struct call *call = call_new(OPERATION_GET_ENCRYPTION);

	call_set_bucket(call, asking->facts->ask->bucket);
	send(asking, call, take_bucket_key, 0);
}

/* The first object under the prefix, where nobody has looked yet. */
static void take_first(struct asking *asking, const struct call *call,
		       size_t at)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	const struct xml *root = NULL;
	const char *key;

	(void)at;
	if (call->ok && xml_reader_feed(reader, call->reply.body.text,
					call->reply.body.len, NULL))
		root = xml_reader_end(reader, NULL);
	key = xml_text(root, "Contents/Key", "");
	if (key[0] == '\0') {
		ask_bucket_key(asking);
		return;
	}
	str_set(&uri.bucket, asking->facts->ask->bucket);
	str_set(&uri.key, key);
	ask_head(asking, &uri);
}

static void ask_first(struct asking *asking)
{
	const struct access_ask *ask = asking->facts->ask;
	struct call *call = call_new(OPERATION_LIST_OBJECTS);

	call_set_bucket(call, ask->bucket);
	call_add_query(call, "prefix", ask->prefix);
	call_add_query_number(call, "max-keys", 1);
	send(asking, call, take_first, 0);
}

static void ask_sample(struct asking *asking)
{
	const struct access_ask *ask = asking->facts->ask;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;

	if (ask->key[0] != '\0')
		ask_key(asking, ask->key);
	else if (ask->bucket_key)
		ask_bucket_key(asking);
	else if (ask->sample[0] != '\0' &&
		 s3_uri_parse_object(&uri, ask->sample, NULL))
		ask_head(asking, &uri);
	else if (!ask->writes)
		ask_first(asking);
}

/* --- roles --- */

static void take_role(struct asking *asking, const struct call *call,
		      size_t at)
{
	struct access_role *role = &asking->facts->roles.items[at];
	struct err err = ERR_EMPTY;

	if (call->ok)
		role->trust = iam_role_trust(call, role->arn, &err);
	else
		err = call->err;
	role->exists = role->trust != NULL	    ? ACCESS_YES
		       : err.kind == ERR_MISSING ? ACCESS_NO
						 : ACCESS_UNKNOWN;
	if (role->exists == ACCESS_NO)
		ask_identity(asking);
}

static void add_role(struct access_facts *facts, const char *arn, size_t len)
{
	struct access_role role = { .arn = mem_copy_slice(arn, len) };

	vec_push(&facts->roles, role);
}

static void ask_roles(struct asking *asking)
{
	struct access_facts *facts = asking->facts;

	for (size_t i = 0; i < facts->roles.count; i++) {
		if (!iam_is_role(facts->roles.items[i].arn))
			return;
		send(asking, iam_role_call(facts->roles.items[i].arn),
		     take_role, i);
	}
	want_rights(facts);
	ask_rights(asking, ACCESS_LIST, ACCESS_LIST);
	ask_rights(asking, ACCESS_GET, ACCESS_DELETE);
	ask_bucket_policy(asking);
	ask_sample(asking);
}

/* "default" waits for what the warehouse answers. */
static void begin_roles(struct asking *asking)
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

static void use_default(struct asking *asking)
{
	struct access_facts *facts = asking->facts;

	if (!str_equal_nocase(facts->ask->roles, "default") ||
	    facts->default_role.len == 0)
		return;
	add_role(facts, facts->default_role.text, facts->default_role.len);
	ask_roles(asking);
}

/* --- the warehouse --- */

static bool is_named(const struct dbhost *host, enum dbhost_kind kind)
{
	return host->kind == kind && !host->is_endpoint;
}

static bool is_same(const struct access_ask *ask, const char *name,
		    const char *address, int port)
{
	struct dbhost host;

	dbhost_parse(ask->host, &host);
	if (host.kind != DBHOST_OTHER && !host.is_endpoint)
		return str_equal_nocase(host.name, name);
	return port == ask->port && str_equal_nocase(address, ask->host);
}

static void take_clusters(struct asking *asking, const struct call *call,
			  size_t at)
{
	struct access_facts *facts = asking->facts;
	CLEANUP(redshift_clusters_done)
	struct redshift_clusters clusters = { 0 };
	CLEANUP(str_done) struct str marker = STR_EMPTY;

	(void)at;
	if (!call->ok ||
	    !redshift_describe_read(call, &clusters, &marker, NULL))
		return;
	for (size_t i = 0; i < clusters.count; i++) {
		const struct redshift_cluster *one = &clusters.items[i];

		if (facts->name != NULL ||
		    !is_same(facts->ask, one->identifier, one->address,
			     one->port))
			continue;
		facts->name = mem_copy_text(one->identifier);
		facts->knows_roles = true;
		str_set(&facts->attached, one->roles);
		str_set(&facts->default_role, one->default_role);
		use_default(asking);
	}
}

static void take_space(struct asking *asking, const struct call *call,
		       size_t at)
{
	struct access_facts *facts = asking->facts;
	struct serverless_roles roles = { STR_EMPTY, STR_EMPTY };

	(void)at;
	if (call->ok && serverless_space_read(call, &roles, NULL)) {
		facts->knows_roles = true;
		str_set(&facts->attached, roles.roles.text);
		str_set(&facts->default_role, roles.default_role.text);
		use_default(asking);
	}
	str_done(&roles.roles);
	str_done(&roles.default_role);
}

static void take_workgroups(struct asking *asking, const struct call *call,
			    size_t at)
{
	struct access_facts *facts = asking->facts;
	CLEANUP(serverless_done) struct serverless_workgroups groups = { 0 };
	CLEANUP(str_done) struct str token = STR_EMPTY;

	(void)at;
	if (!call->ok || !serverless_list_read(call, &groups, &token, NULL))
		return;
	for (size_t i = 0; i < groups.count; i++) {
		const struct serverless_workgroup *one = &groups.items[i];

		if (facts->name != NULL ||
		    !is_same(facts->ask, one->name, one->address, one->port))
			continue;
		facts->serverless = true;
		facts->name = mem_copy_text(one->name);
		facts->space = mem_copy_text(one->space);
		send(asking, serverless_space_call(facts->region, one->space),
		     take_space, 0);
	}
}

/* Behind an endpoint of an emulator any host may be the warehouse's. */
static void ask_warehouse(struct asking *asking)
{
	struct access_facts *facts = asking->facts;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct dbhost host;
	bool any;

	dbhost_parse(facts->ask->host, &host);
	any = host.kind == DBHOST_OTHER && worker_is_overridden(asking->aws);
	if (host.region[0] != '\0')
		str_set(&region, host.region);
	else if (any)
		worker_add_region(asking->aws, &region);
	if (region.len > 0)
		facts->region = mem_copy_text(region.text);
	if (facts->ask->roles[0] == '\0')
		return; /* keys act: nothing is attached */
	if (any || is_named(&host, DBHOST_CLUSTER))
		send(asking,
		     redshift_describe_call(facts->region,
					    any ? NULL : host.name, ""),
		     take_clusters, 0);
	if (any || is_named(&host, DBHOST_WORKGROUP))
		send(asking, serverless_list_call(facts->region, ""),
		     take_workgroups, 0);
}

static void take_identity(struct asking *asking, const struct call *call,
			  size_t at)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = NULL;
	const char *account;

	(void)at;
	if (call->ok && xml_reader_feed(reader, call->reply.body.text,
					call->reply.body.len, NULL))
		root = xml_reader_end(reader, NULL);
	account = xml_text(root, "GetCallerIdentityResult/Account", "");
	if (account[0] != '\0' && asking->facts->account == NULL)
		asking->facts->account = mem_copy_text(account);
}

/* Whose account is it that has no such role or key? */
static void ask_identity(struct asking *asking)
{
	if (asking->facts->account == NULL)
		send(asking, call_new(OPERATION_GET_CALLER_IDENTITY),
		     take_identity, 0);
}

/* --- all of it --- */

/* Questions that are a help where they are answered, and no loss else. */
static bool is_aside(const struct call *call)
{
	return call->operation == &operation_table[OPERATION_GET_ENCRYPTION] ||
	       call->operation == &operation_table[OPERATION_GET_POLICY] ||
	       call->operation == &operation_table[OPERATION_GET_KEY_POLICY] ||
	       call->operation == &operation_table[OPERATION_LIST_OBJECTS];
}

/* What the person may not ask is told in one line, nothing more. */
static void note_refusal(struct access_facts *facts, const struct call *call)
{
	const char *permission = call->operation->permission;

	if (call->ok || is_aside(call) ||
	    !str_starts(call->err.code, "AccessDenied") ||
	    strstr(facts->unasked.text, permission) != NULL)
		return;
	str_addf(&facts->unasked, "%s%s", facts->unasked.len > 0 ? ", " : "",
		 permission);
}

static bool take_answers(struct asking *asking, struct err *err)
{
	int64_t deadline = clock_monotonic_us() + PATIENCE_US;
	struct err why = ERR_EMPTY;
	struct call *call;

	while ((call = worker_wait_until(asking->queue, deadline, &why)) !=
	       NULL) {
		struct answer *answer = call->user;

		note_refusal(asking->facts, call);
		answer->take(asking, call, answer->at);
		call_free(call);
	}
	asking->facts->late = worker_pending(asking->queue) > 0;
	if (why.kind == ERR_NONE)
		return true;
	if (err != NULL)
		*err = why;
	return false;
}

bool access_find(struct access_facts *facts, struct aws *aws,
		 const struct access_ask *ask, struct err *err)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;
	CLEANUP(asking_done)
	struct asking asking = { .facts = facts,
				 .aws = aws,
				 .queue = worker_queue_new(aws, err) };

	if (asking.queue == NULL)
		return false;
	facts->ask = ask;
	ask_warehouse(&asking);
	begin_roles(&asking);
	if (worker_bucket_region(aws, ask->bucket, &region, NULL))
		facts->bucket_region = mem_copy_text(region.text);
	return take_answers(&asking, err);
}
