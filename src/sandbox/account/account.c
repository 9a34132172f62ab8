#include "sandbox/account/account.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/account/policy_condition.h"

enum { FILE_MAX_BYTES = 1 << 20 };

#define REFUSED_CODE "MalformedPolicyDocument"

static const char warehouse_file[] = "warehouse";
static const char policy_prefix[] = "policy:";

/* --- the files: each an object --- */

static const char *role_name(const struct identity_role *role)
{
	return strrchr(role->arn, '/') + 1;
}

static void add_path(const struct identity *identity, const char *kind,
		     const char *name, struct str *out)
{
	CLEANUP(str_done) struct str file = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;

	path_join(identity->dir, "account", &folder);
	str_addf(&file, "%s%s%s.json", kind, name[0] != '\0' ? "." : "", name);
	path_join(folder.text, file.text, out);
}

/* Never NULL: an empty object where nothing was changed. */
static struct json *read_changes(const struct identity *identity,
				 const char *kind, const char *name)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct json *json = NULL;

	if (identity->dir != NULL) {
		add_path(identity, kind, name, &path);
		if (file_exists(path.text) &&
		    file_read(path.text, FILE_MAX_BYTES, &text, NULL))
			json = json_parse(text.text, text.len, NULL);
	}
	return json != NULL ? json : json_new_object();
}

static struct json *role_changes(const struct identity *identity,
				 const struct identity_role *role)
{
	return read_changes(identity, "role", role_name(role));
}

/* Puts value_take (NULL: nothing) at the key of the file. One at a time: two
 * requests at once must not lose what the other wrote. */
static bool change(const struct identity *identity, const char *kind,
		   const char *name, const char *key, struct json *value_take,
		   struct err *err)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(json_freep) struct json *value = value_take;
	bool done;
	int lock;

	path_join(identity->dir, "account", &folder);
	if (!file_make_dirs(folder.text, 0700, err))
		return false;
	lock = open(folder.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock < 0 || flock(lock, LOCK_EX) != 0) {
		if (lock >= 0)
			close(lock);
		return err_set(err, ERR_SYSTEM, "%s cannot be locked",
			       folder.text);
	}
	CLEANUP(json_freep)
	struct json *json = read_changes(identity, kind, name);
	if (value != NULL)
		json_put_take(json, key, value);
	else
		json_put_null(json, key);
	value = NULL;
	json_add(&text, json);
	add_path(identity, kind, name, &path);
	done = file_write(path.text, text.text, text.len, 0600, err);
	close(lock);
	return done;
}

/* --- attachment --- */

bool account_is_attached(const struct identity *identity,
			 const struct identity_role *role)
{
	CLEANUP(json_freep) struct json *json = role_changes(identity, role);

	return json_bool(json, "attached", role->attached);
}

static struct json *new_bool(bool value)
{
	return json_parse(value ? "true" : "false", value ? 4 : 5, NULL);
}

bool account_attach(const struct identity *identity,
		    const struct identity_role *role, bool attached,
		    struct err *err)
{
	return change(identity, "role", role_name(role), "attached",
		      new_bool(attached), err);
}

const struct identity_role *account_default(const struct identity *identity)
{
	CLEANUP(json_freep)
	struct json *json = read_changes(identity, warehouse_file, "");
	const char *arn = json_text(json, "default", NULL);
	const struct identity_role *role =
		arn != NULL ? identity_role(identity, arn)
			    : identity_default_role(identity);

	return role != NULL && account_is_attached(identity, role) ? role
								  : NULL;
}

bool account_set_default(const struct identity *identity,
			 const struct identity_role *role, struct err *err)
{
	return change(identity, warehouse_file, "", "default",
		      json_new_text(role != NULL ? role->arn : ""), err);
}

/* --- policies --- */

/* "x", or one of ["x", "y"]. */
static bool any_fits(const struct json *patterns, const char *text, int flags)
{
	size_t count = json_count(patterns);

	if (json_shape(patterns) == JSON_SHAPE_TEXT)
		return fnmatch(json_text(patterns, NULL, ""), text,
			       FNM_NOESCAPE | flags) == 0;
	for (size_t i = 0; i < count; i++)
		if (fnmatch(json_text(json_item(patterns, i), NULL, ""), text,
			    FNM_NOESCAPE | flags) == 0)
			return true;
	return false;
}

/* One statement may stand without its list. */
static const struct json *statement(const struct json *policy, size_t i)
{
	const struct json *list = json_key(policy, "Statement");

	if (json_shape(list) == JSON_SHAPE_ARRAY)
		return json_item(list, i);
	return i == 0 ? list : NULL;
}

static bool check_policy(const char *text, bool is_trust, struct err *err)
{
	CLEANUP(json_freep)
	struct json *policy = json_parse(text, strlen(text), NULL);
	const struct json *one;
	bool good = json_shape(policy) == JSON_SHAPE_OBJECT &&
		    statement(policy, 0) != NULL;

	for (size_t i = 0; good && (one = statement(policy, i)) != NULL; i++) {
		const char *effect = json_text(one, "Effect", "");

		good = (strcmp(effect, "Allow") == 0 ||
			strcmp(effect, "Deny") == 0) &&
		       json_key(one, "Action") != NULL &&
		       json_key(one, is_trust ? "Principal" : "Resource") !=
			       NULL;
		if (good &&
		    !policy_condition_check(json_key(one, "Condition"), err))
			return false;
		if (good && (json_key(one, "NotAction") != NULL ||
			     json_key(one, "NotResource") != NULL)) {
			err_set(err, ERR_AWS, "policies here have no Not...");
			return err_set_code(err, "NotImplemented");
		}
	}
	if (good)
		return true;
	err_set(err, ERR_AWS, "Syntax errors in policy.");
	return err_set_code(err, REFUSED_CODE);
}

/* --- trust --- */

static void add_principals(const struct identity_role *role, bool services,
			   struct str *out)
{
	const char *list = role->trusts;
	const char *gap = "";

	while (*list != '\0') {
		size_t len = strcspn(list, ",");
		bool is_service = memchr(list, '.', len) != NULL;

		if (len > 0 && is_service == services) {
			str_addf(out, "%s\"%s%.*s\"", gap,
				 services ? ""
					  : "arn:aws:iam::" IDENTITY_ACCOUNT
					    ":role/",
				 (int)len, list);
			gap = ",";
		}
		list += len;
		list += *list == ',';
	}
	if (services && out->len == 0)
		str_add(out, "\"redshift.amazonaws.com\","
			     "\"redshift-serverless.amazonaws.com\"");
}

void account_add_trust(const struct identity *identity,
		       const struct identity_role *role, struct str *out)
{
	CLEANUP(json_freep) struct json *json = role_changes(identity, role);
	CLEANUP(str_done) struct str services = STR_EMPTY;
	CLEANUP(str_done) struct str roles = STR_EMPTY;
	const char *own = json_text(json, "trust", NULL);

	if (own != NULL) {
		str_add(out, own);
		return;
	}
	add_principals(role, true, &services);
	add_principals(role, false, &roles);
	str_addf(out,
		 "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":"
		 "\"Allow\",\"Principal\":{\"Service\":[%s]%s%s%s},\"Action\":"
		 "\"sts:AssumeRole\"}]}",
		 services.text, roles.len > 0 ? ",\"AWS\":[" : "", roles.text,
		 roles.len > 0 ? "]" : "");
}

static bool trusts(const struct identity *identity,
		   const struct identity_role *role, const char *principal,
		   const char *external_id)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct json *one;
	bool allowed = false;

	account_add_trust(identity, role, &text);
	CLEANUP(json_freep)
	struct json *policy = json_parse(text.text, text.len, NULL);
	for (size_t i = 0; (one = statement(policy, i)) != NULL; i++) {
		const struct json *who = json_key(one, "Principal");

		if (json_shape(who) == JSON_SHAPE_OBJECT)
			who = json_key(who, str_starts(principal, "arn:")
						    ? "AWS"
						    : "Service");
		if (!any_fits(json_key(one, "Action"), "sts:AssumeRole",
			      FNM_CASEFOLD) ||
		    !any_fits(who, principal, 0) ||
		    !policy_condition_holds(json_key(one, "Condition"),
					    external_id))
			continue;
		if (strcmp(json_text(one, "Effect", ""), "Allow") != 0)
			return false;
		allowed = true;
	}
	return allowed;
}

bool account_trusts(const struct identity *identity,
		    const struct identity_role *role, const char *principal)
{
	return trusts(identity, role, principal, NULL);
}

bool account_trusts_warehouse(const struct identity *identity,
			      const struct identity_role *role,
			      const char *user)
{
	CLEANUP(str_done) struct str external_id = STR_EMPTY;

	str_addf(&external_id,
		 "arn:aws:redshift:" IDENTITY_REGION ":" IDENTITY_ACCOUNT
		 ":dbuser:" IDENTITY_CLUSTER "/%s",
		 user);
	return trusts(identity, role, "redshift.amazonaws.com",
		      external_id.text) ||
	       (identity->serverless &&
		trusts(identity, role, "redshift-serverless.amazonaws.com",
		       external_id.text));
}

bool account_set_trust(const struct identity *identity,
		       const struct identity_role *role, const char *policy,
		       struct err *err)
{
	return check_policy(policy, true, err) &&
	       change(identity, "role", role_name(role), "trust",
		      json_new_text(policy), err);
}

/* --- rights --- */

/* "*", the ARN, or those of {"AWS": ...}; the account's root means all that
 * are in it where something is denied. */
static bool is_about(const struct json *one, const char *principal)
{
	const struct json *who = json_key(one, "Principal");
	bool denies = strcmp(json_text(one, "Effect", ""), "Deny") == 0;

	if (json_shape(who) == JSON_SHAPE_OBJECT)
		who = json_key(who, "AWS");
	return any_fits(who, principal, 0) ||
	       (denies && any_fits(who, "arn:aws:iam::" IDENTITY_ACCOUNT
					":root",
				   0));
}

/* principal NULL: a policy of the role itself. */
static enum account_decision policy_decides(const char *text,
					    const char *principal,
					    const char *action,
					    const char *resource)
{
	CLEANUP(json_freep)
	struct json *policy = json_parse(text, strlen(text), NULL);
	enum account_decision decision = ACCOUNT_NOT_ALLOWED;
	const struct json *one;

	for (size_t i = 0; (one = statement(policy, i)) != NULL; i++) {
		if (!any_fits(json_key(one, "Action"), action, FNM_CASEFOLD) ||
		    !any_fits(json_key(one, "Resource"), resource, 0) ||
		    (principal != NULL && !is_about(one, principal)) ||
		    !policy_condition_holds(json_key(one, "Condition"), NULL))
			continue;
		if (strcmp(json_text(one, "Effect", ""), "Deny") == 0)
			return ACCOUNT_DENIED;
		decision = ACCOUNT_ALLOWED;
	}
	return decision;
}

static const struct {
	const char *action;
	enum identity_action bit;
} of_table[] = {
	{ "s3:ListBucket", IDENTITY_LIST },
	{ "s3:GetBucketLocation", IDENTITY_LIST },
	{ "s3:GetObject", IDENTITY_GET },
	{ "s3:PutObject", IDENTITY_PUT },
	{ "s3:DeleteObject", IDENTITY_DELETE },
	{ "kms:Decrypt", IDENTITY_DECRYPT },
	{ "kms:GenerateDataKey", IDENTITY_GENERATE },
};

static bool table_allows(const struct identity_role *role, const char *action,
			 const char *resource)
{
	static const char buckets[] = "arn:aws:s3:::";
	const struct account_key *key = account_key(resource);
	CLEANUP(mem_freep) char *bucket = NULL;

	if (str_starts(resource, buckets)) {
		resource += strlen(buckets);
		bucket = mem_copy_slice(resource, strcspn(resource, "/"));
	}
	for (size_t i = 0; i < COUNT_OF(of_table); i++) {
		if (strcmp(of_table[i].action, action) != 0)
			continue;
		if (str_starts(action, "kms:"))
			return key != NULL &&
			       identity_role_may(role, of_table[i].bit,
						 key->alias);
		return bucket != NULL &&
		       identity_role_may(role, of_table[i].bit, bucket);
	}
	return false;
}

enum account_decision account_decide(const struct identity *identity,
				     const struct identity_role *role,
				     const char *action, const char *resource)
{
	CLEANUP(json_freep) struct json *json = role_changes(identity, role);
	enum account_decision decision = ACCOUNT_NOT_ALLOWED;
	const struct json *value;
	const char *name;
	size_t at = 0;

	if (table_allows(role, action, resource))
		decision = ACCOUNT_ALLOWED;
	while (json_next(json, &at, &name, &value)) {
		enum account_decision one;

		if (!str_starts(name, policy_prefix))
			continue;
		one = policy_decides(json_text(value, NULL, ""), NULL, action,
				     resource);
		if (one == ACCOUNT_DENIED)
			return one;
		if (one == ACCOUNT_ALLOWED)
			decision = one;
	}
	return decision;
}

enum account_decision account_decide_in(const struct identity *identity,
					const struct identity_role *role,
					const char *bucket_policy,
					const char *action,
					const char *resource)
{
	enum account_decision own =
		account_decide(identity, role, action, resource);
	enum account_decision there =
		policy_decides(bucket_policy, role->arn, action, resource);

	if (own == ACCOUNT_DENIED || there == ACCOUNT_DENIED)
		return ACCOUNT_DENIED;
	return own == ACCOUNT_ALLOWED ? own : there;
}

static void add_policy_key(const char *name, struct str *out)
{
	str_addf(out, "%s%s", policy_prefix, name);
}

bool account_put_policy(const struct identity *identity,
			const struct identity_role *role, const char *name,
			const char *policy, struct err *err)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	add_policy_key(name, &key);
	return check_policy(policy, false, err) &&
	       change(identity, "role", role_name(role), key.text,
		      json_new_text(policy), err);
}

bool account_drop_policy(const struct identity *identity,
			 const struct identity_role *role, const char *name,
			 struct err *err)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	CLEANUP(json_freep) struct json *json = role_changes(identity, role);

	add_policy_key(name, &key);
	if (json_shape(json_key(json, key.text)) == JSON_SHAPE_TEXT)
		return change(identity, "role", role_name(role), key.text,
			      NULL, err);
	err_set(err, ERR_AWS, "The role policy with name %s cannot be found.",
		name);
	return err_set_code(err, "NoSuchEntity");
}

bool account_forget(const struct identity *identity,
		    const struct identity_role *role, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	add_path(identity, "role", role_name(role), &path);
	return file_remove_tree(path.text, err);
}

/* --- keys --- */

static const struct account_key keys[] = {
	{ "aws/s3", "5a3b0c6e-0f53-4f0c-9b1c-6f1d1c3a7e01", true, "Enabled" },
	{ "redsh-sandbox", "1234abcd-12ab-34cd-56ef-1234567890ab", false,
	  "Enabled" },
	{ "redsh-disabled", "0987dcba-09fe-87dc-65ba-ab0987654321", false,
	  "Disabled" },
};

#define ALIAS_ARN                                                              \
	"arn:aws:kms:" IDENTITY_REGION ":" IDENTITY_ACCOUNT ":alias/"

const struct account_key *account_key(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const char *rest = name;

		if (str_starts(name, ACCOUNT_KEY_ARN))
			rest = name + strlen(ACCOUNT_KEY_ARN);
		if (strcmp(rest, keys[i].id) == 0)
			return &keys[i];
		if (str_starts(name, ALIAS_ARN))
			rest = name + strlen(ALIAS_ARN);
		else if (str_starts(name, "alias/"))
			rest = name + strlen("alias/");
		else
			continue;
		if (strcmp(rest, keys[i].alias) == 0)
			return &keys[i];
	}
	return NULL;
}

const char *account_key_state(const struct identity *identity,
			      const struct account_key *key)
{
	static const char *const states[] = { "Enabled", "Disabled",
					      "PendingDeletion" };
	CLEANUP(json_freep)
	struct json *json = read_changes(identity, "key", key->id);
	const char *state = json_text(json, "state", key->state);

	for (size_t i = 0; i < COUNT_OF(states); i++)
		if (strcmp(states[i], state) == 0)
			return states[i];
	return key->state;
}

bool account_set_key_state(const struct identity *identity,
			   const struct account_key *key, const char *state,
			   struct err *err)
{
	return change(identity, "key", key->id, "state", json_new_text(state),
		      err);
}

enum account_decision account_decide_key(const struct identity *identity,
					 const struct identity_role *role,
					 const char *action,
					 const struct account_key *key)
{
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	if (key->aws_managed)
		return ACCOUNT_ALLOWED;
	str_addf(&arn, ACCOUNT_KEY_ARN "%s", key->id);
	return account_decide(identity, role, action, arn.text);
}
