/* AWS KMS: what is told of the keys of sandbox/account/account, and their
 * states. No key encrypts anything here. */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/account/account.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api_json.h"
#include "sandbox/services/api_policy.h"

enum { DELETION_DAYS = 30, DAY_S = 86400 };

static const char enabled[] = "Enabled";
static const char disabled[] = "Disabled";
static const char pending[] = "PendingDeletion";

static const struct account_key *need_key(const struct s3_call *call,
					  const struct json *in,
					  const char *operation,
					  struct err *err)
{
	const char *name = json_text(in, "KeyId", "");
	const struct account_key *key = account_key(name);
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(str_done) struct str action = STR_EMPTY;

	if (key == NULL) {
		s3_call_refuse(err, "NotFoundException",
			       "Key '%s' does not exist", name);
		return NULL;
	}
	str_addf(&arn, ACCOUNT_KEY_ARN "%s", key->id);
	str_addf(&action, "kms:%s", operation);
	return api_policy_check(call, action.text, arn.text, err) ? key : NULL;
}

static void put_metadata(const struct s3_call *call,
			 const struct account_key *key, struct json *out)
{
	const struct identity *identity = call->options->identity;
	const char *state = account_key_state(identity, key);
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	str_addf(&arn, ACCOUNT_KEY_ARN "%s", key->id);
	json_put_text(out, "AWSAccountId", IDENTITY_ACCOUNT);
	json_put_text(out, "KeyId", key->id);
	json_put_text(out, "Arn", arn.text);
	json_put_number(out, "CreationDate", identity->created_ms / 1000);
	json_put_bool(out, "Enabled", strcmp(state, enabled) == 0);
	json_put_text(out, "Description", key->alias);
	json_put_text(out, "KeyUsage", "ENCRYPT_DECRYPT");
	json_put_text(out, "KeyState", state);
	if (strcmp(state, pending) == 0)
		json_put_number(out, "DeletionDate",
				clock_wall_ms() / 1000 +
					DELETION_DAYS * DAY_S);
	json_put_text(out, "Origin", "AWS_KMS");
	json_put_text(out, "KeyManager", key->aws_managed ? "AWS" : "CUSTOMER");
	json_put_text(out, "KeySpec", "SYMMETRIC_DEFAULT");
	json_put_bool(out, "MultiRegion", false);
}

static bool describe_key(struct s3_call *call, const struct json *in,
			 struct json *out, struct err *err)
{
	const struct account_key *key =
		need_key(call, in, "DescribeKey", err);
	struct json *metadata;

	if (key == NULL)
		return false;
	metadata = json_new_object();
	put_metadata(call, key, metadata);
	json_put_take(out, "KeyMetadata", metadata);
	return true;
}

/* IAM policies decide, as with keys that the console makes. */
static bool get_key_policy(struct s3_call *call, const struct json *in,
			   struct json *out, struct err *err)
{
	if (need_key(call, in, "GetKeyPolicy", err) == NULL)
		return false;
	json_put_text(out, "Policy",
		      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":"
		      "\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::"
		      IDENTITY_ACCOUNT ":root\"},\"Action\":\"kms:*\","
		      "\"Resource\":\"*\"}]}");
	json_put_text(out, "PolicyName", "default");
	return true;
}

/* from NULL: any state but PendingDeletion. */
static bool set_state(struct s3_call *call, const struct json *in,
		      const char *operation, const char *from, const char *to,
		      struct err *err)
{
	const struct identity *identity = call->options->identity;
	const struct account_key *key = need_key(call, in, operation, err);
	const char *state;

	if (key == NULL)
		return false;
	if (key->aws_managed)
		return s3_call_refuse(err, "AccessDeniedException",
				      "keys that AWS manages cannot be "
				      "changed");
	state = account_key_state(identity, key);
	if (from != NULL ? strcmp(state, from) != 0
			 : strcmp(state, pending) == 0)
		return s3_call_refuse(err, "KMSInvalidStateException",
				      ACCOUNT_KEY_ARN "%s is %s.", key->id,
				      strcmp(state, pending) == 0
					      ? "pending deletion"
					      : "not pending deletion");
	return account_set_key_state(identity, key, to, err);
}

static bool enable_key(struct s3_call *call, const struct json *in,
		       struct json *out, struct err *err)
{
	(void)out;
	return set_state(call, in, "EnableKey", NULL, enabled, err);
}

static bool disable_key(struct s3_call *call, const struct json *in,
			struct json *out, struct err *err)
{
	(void)out;
	return set_state(call, in, "DisableKey", NULL, disabled, err);
}

static bool schedule_deletion(struct s3_call *call, const struct json *in,
			      struct json *out, struct err *err)
{
	if (!set_state(call, in, "ScheduleKeyDeletion", NULL, pending, err))
		return false;
	json_put_text(out, "KeyId", json_text(in, "KeyId", ""));
	json_put_text(out, "KeyState", pending);
	json_put_number(out, "DeletionDate",
			clock_wall_ms() / 1000 + DELETION_DAYS * DAY_S);
	return true;
}

static bool cancel_deletion(struct s3_call *call, const struct json *in,
			    struct json *out, struct err *err)
{
	if (!set_state(call, in, "CancelKeyDeletion", pending, disabled, err))
		return false;
	json_put_text(out, "KeyId", json_text(in, "KeyId", ""));
	return true;
}

static const struct api_member by_key[] = {
	{ "KeyId", API_TEXT, true, 1, 2048, NULL },
	{ 0 },
};

static const struct api_member of_policy[] = {
	{ "KeyId", API_TEXT, true, 1, 2048, NULL },
	{ "PolicyName", API_TEXT, false, 1, 128, "^default$" },
	{ 0 },
};

static const struct api_member of_deletion[] = {
	{ "KeyId", API_TEXT, true, 1, 2048, NULL },
	{ "PendingWindowInDays", API_NUMBER, false, 7, 30, NULL },
	{ 0 },
};

static const struct api_json_op ops[] = {
	{ "CancelKeyDeletion", by_key, cancel_deletion },
	{ "DescribeKey", by_key, describe_key },
	{ "DisableKey", by_key, disable_key },
	{ "EnableKey", by_key, enable_key },
	{ "GetKeyPolicy", of_policy, get_key_policy },
	{ "ScheduleKeyDeletion", of_deletion, schedule_deletion },
	{ 0 },
};

const struct api_json_service api_kms = { "TrentService", ops };
