/* Users, namespaces and the account of QuickSight. The account's own user is
 * there from the start; others are registered. */
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_user.h"
#include "sandbox/s3/s3_call.h"

static const char shown[] =
	"Arn UserName Email Role IdentityType Active PrincipalId"
	" CustomPermissionsName ExternalLoginFederationProviderType"
	" ExternalLoginFederationProviderUrl ExternalLoginId";

/* --- records --- */

void qs_user_add_arn(const struct qs *qs, const char *kind, const char *name,
		     struct str *out)
{
	CLEANUP(str_done) struct str home = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;

	qs_add_home(qs, &home);
	str_addf(&id, QS_NAMESPACE "/%s", name);
	qs_add_arn(home.text, kind, id.text, out);
}

static struct json *new_user(const struct qs *qs, const char *name)
{
	struct json *user = json_new_object();
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(str_done) struct str hex = STR_EMPTY;

	qs_user_add_arn(qs, "user", name, &arn);
	hash_add_hex(HASH_SHA256, arn.text, arn.len, &hex);
	json_put_text(user, "Arn", arn.text);
	json_put_text(user, "UserName", name);
	str_addf(&id, "federated/iam/%.32s", hex.text);
	json_put_text(user, "PrincipalId", id.text);
	json_put_bool(user, "Active", true);
	return user;
}

bool qs_user_begin(struct qs *qs, struct err *err)
{
	struct qs_key key = { "user", QS_NAMESPACE, IDENTITY_USER };
	CLEANUP(json_freep) struct json *user = NULL;

	if (qs_store_has(qs->store, key))
		return true;
	user = new_user(qs, IDENTITY_USER);
	json_put_text(user, "Email", IDENTITY_USER "@example.com");
	json_put_text(user, "Role", "ADMIN");
	json_put_text(user, "IdentityType", "IAM");
	return qs_store_put(qs->store, key, user, err);
}

struct json *qs_user_find(const struct qs *qs, const char *arn)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(str_done) struct str home = STR_EMPTY;
	struct qs_key key = { .kind = "user", .parent = QS_NAMESPACE };

	qs_add_home(qs, &home);
	if (!qs_read_arn(arn, "user", &region, &id) ||
	    strcmp(region.text, home.text) != 0 ||
	    !str_starts(id.text, QS_NAMESPACE "/"))
		return NULL;
	key.id = id.text + strlen(QS_NAMESPACE "/");
	return qs_store_get(qs->store, key, NULL);
}

/* --- operations --- */

bool qs_user_check_namespace(const struct qs_call *call, struct err *err)
{
	const char *name = json_text(call->in, "Namespace", "");

	return strcmp(name, QS_NAMESPACE) == 0 ||
	       s3_call_refuse(err, "ResourceNotFoundException",
			      "Namespace %s does not exist", name);
}

static bool list_users(struct qs_call *call, struct err *err)
{
	struct qs_key key = { "user", QS_NAMESPACE, "" };
	CLEANUP(json_freep) struct json *list = NULL;

	if (!qs_user_check_namespace(call, err))
		return false;
	list = qs_store_list(call->qs->store, key, err);
	return list != NULL && qs_put_page(call, list, "UserList", shown, err);
}

static struct qs_key key_of(const struct qs_call *call)
{
	return (struct qs_key){ "user", QS_NAMESPACE,
				json_text(call->in, "UserName", "") };
}

struct json *qs_user_need(const struct qs_call *call, struct err *err)
{
	struct qs_key key = key_of(call);
	struct json *user;

	if (!qs_user_check_namespace(call, err))
		return NULL;
	user = qs_store_get(call->qs->store, key, NULL);
	if (user == NULL)
		s3_call_refuse(err, "ResourceNotFoundException",
			       "User %s not found", key.id);
	return user;
}

static bool describe_user(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *user = qs_user_need(call, err);

	if (user == NULL)
		return false;
	qs_put_picked(call, "User", user, shown);
	return true;
}

static bool delete_user(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *user = qs_user_need(call, err);

	return user != NULL &&
	       qs_store_drop(call->qs->store, key_of(call), err);
}

/* "arn:aws:iam::...:user/NAME" is NAME, a role's is ROLE/SESSION. */
static bool add_name(const struct json *in, struct str *out, struct err *err)
{
	const char *type = json_text(in, "IdentityType", "");
	const char *arn = json_text(in, "IamArn", NULL);
	const char *name = json_text(in, "UserName", NULL);
	const char *session = json_text(in, "SessionName", NULL);
	bool role = arn != NULL && strstr(arn, ":role/") != NULL;

	if (strcmp(type, "IAM") != 0) {
		if (name == NULL)
			return s3_call_refuse(err,
					      "InvalidParameterValueException",
					      "UserName must be given for the "
					      "identity type %s",
					      type);
		str_add(out, name);
		return true;
	}
	if (arn == NULL ||
	    !str_starts(arn, "arn:aws:iam::" IDENTITY_ACCOUNT ":") ||
	    strchr(arn, '/') == NULL || role != (session != NULL))
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "IamArn must be the ARN of a user, or of "
				      "a role with SessionName");
	str_add(out, strrchr(arn, '/') + 1);
	if (role)
		str_addf(out, "/%s", session);
	return true;
}

static bool register_user(struct qs_call *call, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(json_freep) struct json *user = NULL;
	struct qs_key key = { .kind = "user", .parent = QS_NAMESPACE };

	if (!qs_user_check_namespace(call, err) ||
	    !add_name(call->in, &name, err))
		return false;
	key.id = name.text;
	if (qs_store_has(call->qs->store, key))
		return s3_call_refuse(err, "ResourceExistsException",
				      "The user %s already exists", key.id);
	user = new_user(call->qs, key.id);
	qs_pick(user, call->in, "Email IdentityType CustomPermissionsName");
	json_put_text(user, "Role", json_text(call->in, "UserRole", ""));
	if (!qs_store_put(call->qs->store, key, user, err))
		return false;
	call->status = 201;
	qs_put_picked(call, "User", user, shown);
	return true;
}

static struct json *namespace(const struct qs *qs)
{
	struct json *out = json_new_object();
	CLEANUP(str_done) struct str home = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	qs_add_home(qs, &home);
	qs_add_arn(home.text, "namespace", QS_NAMESPACE, &arn);
	json_put_text(out, "Name", QS_NAMESPACE);
	json_put_text(out, "Arn", arn.text);
	json_put_text(out, "CapacityRegion", home.text);
	json_put_text(out, "CreationStatus", "CREATED");
	json_put_text(out, "IdentityStore", "QUICKSIGHT");
	return out;
}

static bool list_namespaces(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *list = json_new_array();

	json_push_take(list, namespace(call->qs));
	return qs_put_page(call, list, "Namespaces",
			   "Name Arn CapacityRegion CreationStatus"
			   " IdentityStore",
			   err);
}

static bool describe_namespace(struct qs_call *call, struct err *err)
{
	if (!qs_user_check_namespace(call, err))
		return false;
	json_put_take(call->out, "Namespace", namespace(call->qs));
	return true;
}

const struct qs_op qs_user_ops[] = {
	{ "ListUsers", list_users, "user", NULL },
	{ "DescribeUser", describe_user, "user", "UserName" },
	{ "RegisterUser", register_user, "user", NULL },
	{ "DeleteUser", delete_user, "user", "UserName" },
	{ "ListNamespaces", list_namespaces, "namespace", NULL },
	{ "DescribeNamespace", describe_namespace, "namespace", "Namespace" },
	{ 0 },
};

/* --- the account --- */

static bool read_edition(const struct qs_call *call, struct str *out,
			 struct err *err)
{
	if (qs_setting_is(call->qs, "subscription", "none"))
		return s3_call_refuse(err, "ResourceNotFoundException",
				      "Account %s has no subscription",
				      IDENTITY_ACCOUNT);
	if (!qs_setting(call->qs, "edition", out))
		str_add(out, "ENTERPRISE");
	return true;
}

static bool describe_subscription(struct qs_call *call, struct err *err)
{
	CLEANUP(str_done) struct str edition = STR_EMPTY;
	struct json *info;

	if (!read_edition(call, &edition, err))
		return false;
	info = json_new_object();
	json_put_text(info, "AccountName", "redsh-sandbox");
	json_put_text(info, "Edition", edition.text);
	json_put_text(info, "NotificationEmail", IDENTITY_USER "@example.com");
	json_put_text(info, "AuthenticationType", "IAM_ONLY");
	json_put_text(info, "AccountSubscriptionStatus", "ACCOUNT_CREATED");
	json_put_take(call->out, "AccountInfo", info);
	return true;
}

static bool describe_settings(struct qs_call *call, struct err *err)
{
	CLEANUP(str_done) struct str edition = STR_EMPTY;
	struct json *settings;

	if (!read_edition(call, &edition, err))
		return false;
	settings = json_new_object();
	json_put_text(settings, "AccountName", "redsh-sandbox");
	json_put_text(settings, "Edition", edition.text);
	json_put_text(settings, "DefaultNamespace", QS_NAMESPACE);
	json_put_text(settings, "NotificationEmail",
		      IDENTITY_USER "@example.com");
	json_put_bool(settings, "PublicSharingEnabled", false);
	json_put_bool(settings, "TerminationProtectionEnabled", true);
	json_put_take(call->out, "AccountSettings", settings);
	return true;
}

const struct qs_op qs_account_ops[] = {
	{ "DescribeAccountSubscription", describe_subscription, "", NULL },
	{ "DescribeAccountSettings", describe_settings, "", NULL },
	{ 0 },
};
