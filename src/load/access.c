#include "load/access_inner.h"

#include <stdio.h>
#include <string.h>

#include "aws/call.h"
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

bool access_right_is_of_key(enum access_right right)
{
	return rights[right].of_key;
}

/* "aws" of "arn:aws:iam::..." */
static const char *partition_of(const struct access_facts *facts, char out[16])
{
	const char *arn =
		facts->roles.count > 0 ? facts->roles.items[0].arn : "arn:aws:";

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

#define SCHEME "s3://"

bool access_is_exact(const struct access_facts *facts, enum access_right right)
{
	const struct access_ask *ask = facts->ask;
	CLEANUP(str_done) struct str start = STR_EMPTY;

	if (right != ACCESS_GET)
		return right == ACCESS_LIST;
	str_addf(&start, SCHEME "%s/%s", ask->bucket, ask->prefix);
	return !ask->manifest && str_starts(ask->sample, start.text);
}

void access_add_probe(const struct access_facts *facts,
		      enum access_right right, struct str *out)
{
	char partition[16];

	if (right == ACCESS_GET && access_is_exact(facts, right))
		str_addf(out, "arn:%s:s3:::%s", partition_of(facts, partition),
			 facts->ask->sample + strlen(SCHEME));
	else
		access_add_resource(facts, right, out);
}

/* --- questions under way --- */

/* What is done with an answer; call->user is one. */
struct access_answer {
	void (*take)(struct access_asking *asking, const struct call *call,
		     size_t at);
	size_t at; /* of the role or right it is about */
};

static void asking_done(struct access_asking *asking)
{
	worker_queue_free(asking->queue);
	for (size_t i = 0; i < asking->answers.count; i++)
		mem_free(asking->answers.items[i]);
	vec_done(&asking->answers);
}

void access_send(struct access_asking *asking, struct call *call,
		 void (*take)(struct access_asking *, const struct call *,
			      size_t),
		 size_t at)
{
	struct access_answer *answer = mem_alloc(sizeof(*answer));

	answer->take = take;
	answer->at = at;
	vec_push(&asking->answers, answer);
	call->user = answer;
	worker_send_take(asking->queue, call);
}

static void take_identity(struct access_asking *asking, const struct call *call,
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
void access_ask_identity(struct access_asking *asking)
{
	if (asking->facts->account == NULL)
		access_send(asking, call_new(OPERATION_GET_CALLER_IDENTITY),
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

static bool take_answers(struct access_asking *asking, struct err *err)
{
	int64_t deadline = clock_monotonic_us() + PATIENCE_US;
	struct err why = ERR_EMPTY;
	struct call *call;

	while ((call = worker_wait_until(asking->queue, deadline, &why)) !=
	       NULL) {
		struct access_answer *answer = call->user;

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
	struct access_asking asking = { .facts = facts,
					.aws = aws,
					.queue = worker_queue_new(aws, err) };

	if (asking.queue == NULL)
		return false;
	facts->ask = ask;
	/* first: a key without a region is one of the bucket's */
	if (worker_bucket_region(aws, ask->bucket, &region, NULL))
		facts->bucket_region = mem_copy_text(region.text);
	access_ask_warehouse(&asking);
	access_begin_roles(&asking);
	return take_answers(&asking, err);
}
