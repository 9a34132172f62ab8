#include "aws/kms.h"

#include <string.h>

#include "aws/call.h"
#include "base/mem.h"
#include "data/json.h"

void kms_key_done(struct kms_key *key)
{
	str_done(&key->arn);
	str_done(&key->state);
}

void kms_add_region(const char *key, struct str *out)
{
	const char *at = str_starts(key, "arn:") ? strstr(key, ":kms:") : NULL;

	if (at == NULL)
		return;
	at += strlen(":kms:");
	str_add_slice(out, at, strcspn(at, ":"));
}

static struct call *make_call(enum operation_id id, const char *key,
			      const char *region)
{
	CLEANUP(json_freep) struct json *body = json_new_object();
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str own = STR_EMPTY;
	struct call *call = call_new(id);

	json_put_text(body, "KeyId", key);
	if (id == OPERATION_GET_KEY_POLICY)
		json_put_text(body, "PolicyName", "default");
	json_add(&text, body);
	kms_add_region(key, &own);
	call_set_region(call, own.len > 0 ? own.text : region);
	call_set_body(call, text.text, text.len);
	return call;
}

struct call *kms_describe_call(const char *key, const char *region)
{
	return make_call(OPERATION_DESCRIBE_KEY, key, region);
}

struct call *kms_policy_call(const char *key_arn)
{
	return make_call(OPERATION_GET_KEY_POLICY, key_arn, NULL);
}

static struct json *read_reply(const struct call *call, struct err *err)
{
	struct json *json = json_parse(call->reply.body.text,
				       call->reply.body.len, err);

	if (json == NULL)
		err_wrap(err, "%s", call->operation->name);
	return json;
}

bool kms_describe_read(const struct call *call, struct kms_key *out,
		       struct err *err)
{
	CLEANUP(json_freep) struct json *json = read_reply(call, err);
	const char *arn = json_text(json, "KeyMetadata.Arn", "");

	if (json == NULL)
		return false;
	if (arn[0] == '\0')
		return err_set(err, ERR_DATA,
			       "DescribeKey: a reply of another kind");
	str_set(&out->arn, arn);
	str_set(&out->state, json_text(json, "KeyMetadata.KeyState", ""));
	out->aws_managed = strcmp(json_text(json, "KeyMetadata.KeyManager", ""),
				  "AWS") == 0;
	return true;
}

struct json *kms_policy_read(const struct call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *json = read_reply(call, err);
	const char *text = json_text(json, "Policy", NULL);

	if (text == NULL) {
		if (json != NULL)
			err_set(err, ERR_DATA,
				"GetKeyPolicy: a reply of another kind");
		return NULL;
	}
	return json_parse(text, strlen(text), err);
}
