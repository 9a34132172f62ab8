/* The operations of Redshift Serverless. */
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/hash.h"
#include "data/isotime.h"
#include "data/json.h"
#include "sandbox/account/account.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/warehouse.h"
#include "sandbox/gateway/pgparam.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api_json.h"
#include "sandbox/services/api_login.h"
#include "sandbox/services/api_policy.h"

#define NAME_PATTERN "^[a-z0-9-]+$"
#define DOMAIN_PATTERN                                                         \
	"^(([A-Za-z0-9][A-Za-z0-9-]{0,62})?[A-Za-z0-9]\\.)+"                   \
	"[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9]$"

/* A provisioned sandbox has neither workgroup nor namespace of its own; stacks
 * make others. */
static size_t count_of(const struct s3_call *call)
{
	return call->options->identity->serverless ? 1 : 0;
}

/* NULL: no stack made that. */
static struct json *made_one(const struct s3_call *call, const char *kind,
			     const char *name)
{
	struct json *made = warehouse_read(call->options->dir, kind, name);

	if (made != NULL)
		json_put_text(made, "name", name);
	return made;
}

static bool need_named(const struct s3_call *call, const char *what,
		       const char *name, const char *there, struct err *err)
{
	if (count_of(call) > 0 && strcmp(name, there) == 0)
		return true;
	return s3_call_refuse(err, "ResourceNotFoundException",
			      "%s %s not found.", what, name);
}

/* A UUID that differs from sandbox to sandbox and stays. */
static void add_id(const struct identity *identity, const char *what,
		   struct str *out)
{
	CLEANUP(str_done) struct str seed = STR_EMPTY;
	CLEANUP(str_done) struct str hex = STR_EMPTY;

	str_addf(&seed, "%s %s", what, identity->access_key_id);
	hash_add_hex(HASH_SHA256, seed.text, seed.len, &hex);
	str_addf(out, "%.8s-%.4s-4%.3s-8%.3s-%.12s", hex.text, hex.text + 8,
		 hex.text + 12, hex.text + 15, hex.text + 18);
}

static void put_id(struct json *out, const struct identity *identity,
		   const char *what)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	add_id(identity, what, &id);
	str_addf(&key, "%sId", what);
	json_put_text(out, key.text, id.text);
	str_clear(&key);
	str_addf(&key, "%sArn", what);
	str_addf(&arn,
		 "arn:aws:redshift-serverless:" IDENTITY_REGION
		 ":" IDENTITY_ACCOUNT ":%s/%s",
		 what, id.text);
	json_put_text(out, key.text, arn.text);
}

static void put_created(struct json *out, const struct identity *identity)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	isotime_add_ms(&text, identity->created_ms);
	json_put_text(out, "creationDate", text.text);
}

/* Of those that a workgroup has, the ones that the sandbox knows. */
static struct json *config_parameters(const struct pgparams *params)
{
	static const char *const names[] = {
		"auto_mv",
		"datestyle",
		"enable_case_sensitive_identifier",
		"enable_user_activity_logging",
		"query_group",
		"require_ssl",
		"search_path",
		"use_fips_ssl",
	};
	struct json *list = json_new_array();

	for (size_t i = 0; params != NULL && i < COUNT_OF(names); i++) {
		const struct pgparam *param =
			pgparams_find(params, names[i], NULL);
		struct json *item = json_new_object();

		json_put_text(item, "parameterKey", names[i]);
		json_put_text(item, "parameterValue", param->initial);
		json_push_take(list, item);
	}
	return list;
}

static struct json *endpoint(const struct identity *identity)
{
	struct json *out = json_new_object();

	json_put_text(out, "address", identity->host);
	json_put_number(out, "port", identity->port);
	return out;
}

static struct json *workgroup(const struct s3_call *call)
{
	const struct identity *identity = call->options->identity;
	struct json *out = json_new_object();

	json_put_text(out, "workgroupName", IDENTITY_WORKGROUP);
	put_id(out, identity, "workgroup");
	json_put_text(out, "namespaceName", IDENTITY_NAMESPACE);
	json_put_text(out, "status", "AVAILABLE");
	json_put_number(out, "baseCapacity", identity->base_capacity);
	json_put_take(out, "endpoint", endpoint(identity));
	json_put_number(out, "port", identity->port);
	json_put_bool(out, "publiclyAccessible", false);
	json_put_bool(out, "enhancedVpcRouting", false);
	json_put_take(out, "configParameters",
		      config_parameters(call->options->params));
	put_created(out, identity);
	return out;
}

static struct json *namespace(const struct s3_call *call)
{
	const struct identity *identity = call->options->identity;
	const struct identity_role *otherwise = account_default(identity);
	const struct identity_role *role;
	struct json *roles = json_new_array();
	struct json *out = json_new_object();

	json_put_text(out, "namespaceName", IDENTITY_NAMESPACE);
	put_id(out, identity, "namespace");
	json_put_text(out, "status", "AVAILABLE");
	json_put_text(out, "adminUsername", identity->master_user);
	json_put_text(out, "dbName", identity->database);
	for (size_t i = 0; (role = identity_role_at(identity, i)) != NULL; i++)
		if (account_is_attached(identity, role))
			json_push_take(roles, json_new_text(role->arn));
	json_put_take(out, "iamRoles", roles);
	if (otherwise != NULL)
		json_put_text(out, "defaultIamRoleArn", otherwise->arn);
	put_created(out, identity);
	return out;
}

/* --- what stacks made: reached where the sandbox's own is --- */

static void put_made_id(struct json *out, const struct json *made,
			const char *what)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *id = json_text(made, "id", "");

	str_addf(&key, "%sId", what);
	json_put_text(out, key.text, id);
	str_clear(&key);
	str_addf(&key, "%sArn", what);
	str_addf(&text,
		 "arn:aws:redshift-serverless:" IDENTITY_REGION
		 ":" IDENTITY_ACCOUNT ":%s/%s",
		 what, id);
	json_put_text(out, key.text, text.text);
	str_clear(&text);
	isotime_add_ms(&text, json_number(made, "created_ms", 0));
	json_put_text(out, "creationDate", text.text);
}

static const char *status_of(const struct json *made)
{
	return strcmp(json_text(made, "status", ""), "available") == 0
		       ? "AVAILABLE"
		       : "CREATING";
}

/* Its interfaces stand in the VPC of its subnets. */
static struct json *made_endpoint(const struct identity *identity,
				  const struct json *made)
{
	struct json *out = endpoint(identity);
	const char *vpc = json_text(made, "vpc", "");
	struct json *list, *one;

	if (*vpc == '\0')
		return out;
	list = json_new_array();
	one = json_new_object();
	json_put_text(one, "vpcId", vpc);
	json_push_take(list, one);
	json_put_take(out, "vpcEndpoints", list);
	return out;
}

static struct json *made_workgroup(const struct s3_call *call,
				   const struct json *made)
{
	const struct identity *identity = call->options->identity;
	struct json *out = json_new_object();

	json_put_text(out, "workgroupName", json_text(made, "name", ""));
	put_made_id(out, made, "workgroup");
	json_put_text(out, "namespaceName", json_text(made, "namespace", ""));
	json_put_text(out, "status", status_of(made));
	json_put_number(out, "baseCapacity", json_number(made, "capacity", 0));
	json_put_take(out, "endpoint", made_endpoint(identity, made));
	json_put_number(out, "port", identity->port);
	json_put_bool(out, "publiclyAccessible",
		      json_bool(made, "public", false));
	json_put_bool(out, "enhancedVpcRouting", false);
	json_put_take(out, "configParameters",
		      config_parameters(call->options->params));
	return out;
}

static struct json *made_namespace(const struct json *made)
{
	const char *otherwise = json_text(made, "default", "");
	struct json *out = json_new_object();

	json_put_text(out, "namespaceName", json_text(made, "name", ""));
	put_made_id(out, made, "namespace");
	json_put_text(out, "status", status_of(made));
	json_put_text(out, "adminUsername", json_text(made, "user", ""));
	json_put_text(out, "dbName", json_text(made, "database", ""));
	json_put_take(out, "iamRoles", json_clone(json_key(made, "roles")));
	if (*otherwise != '\0')
		json_put_text(out, "defaultIamRoleArn", otherwise);
	if (json_bool(made, "managed", false))
		json_put_text(out, "adminPasswordSecretArn",
			      json_text(made, "secret", ""));
	return out;
}

/* --- operations --- */

static bool get_workgroup(struct s3_call *call, const struct json *in,
			  struct json *out, struct err *err)
{
	CLEANUP(json_freep)
	struct json *made = made_one(call, WAREHOUSE_WORKGROUP,
				     json_text(in, "workgroupName", ""));

	if (made != NULL) {
		json_put_take(out, "workgroup", made_workgroup(call, made));
		return true;
	}
	if (!need_named(call, "Workgroup", json_text(in, "workgroupName", ""),
			IDENTITY_WORKGROUP, err))
		return false;
	json_put_take(out, "workgroup", workgroup(call));
	return true;
}

static bool get_namespace(struct s3_call *call, const struct json *in,
			  struct json *out, struct err *err)
{
	CLEANUP(json_freep)
	struct json *made = made_one(call, WAREHOUSE_NAMESPACE,
				     json_text(in, "namespaceName", ""));

	if (made != NULL) {
		json_put_take(out, "namespace", made_namespace(made));
		return true;
	}
	if (!need_named(call, "Namespace", json_text(in, "namespaceName", ""),
			IDENTITY_NAMESPACE, err))
		return false;
	json_put_take(out, "namespace", namespace(call));
	return true;
}

static bool has_text(const struct json *list, const char *text)
{
	for (size_t i = 0; i < json_count(list); i++)
		if (strcmp(json_text(json_item(list, i), NULL, ""), text) == 0)
			return true;
	return false;
}

/* The list is the whole one: what it does not name is detached. */
static bool set_roles(const struct identity *identity, const struct json *list,
		      struct err *err)
{
	const struct identity_role *role;

	for (size_t i = 0; i < json_count(list); i++) {
		const char *arn = json_text(json_item(list, i), NULL, "");

		if (identity_role(identity, arn) == NULL)
			return s3_call_refuse(err, "ValidationException",
					      "The IAM role %s is not valid.",
					      arn);
	}
	for (size_t i = 0; (role = identity_role_at(identity, i)) != NULL;
	     i++) {
		bool wanted = has_text(list, role->arn);

		if (wanted != account_is_attached(identity, role) &&
		    !account_attach(identity, role, wanted, err))
			return false;
	}
	return true;
}

static bool update_made(struct s3_call *call, const struct json *in,
			struct json *made, struct json *out, struct err *err)
{
	const struct identity *identity = call->options->identity;
	const struct json *roles = json_key(in, "iamRoles");
	const char *otherwise = json_text(in, "defaultIamRoleArn", NULL);

	if (json_shape(roles) == JSON_SHAPE_ARRAY) {
		for (size_t i = 0; i < json_count(roles); i++) {
			const char *arn =
				json_text(json_item(roles, i), NULL, "");
			const struct identity_role *role =
				identity_role(identity, arn);

			if (role == NULL)
				return s3_call_refuse(
					err, "ValidationException",
					"The IAM role %s is not valid.", arn);
			if (!account_attach(identity, role, true, err))
				return false;
		}
		json_put_take(made, "roles", json_clone(roles));
	}
	if (otherwise != NULL) {
		json_put_text(made, "default", otherwise);
		if (!account_set_default(identity,
					 identity_role(identity, otherwise),
					 err))
			return false;
	}
	if (!warehouse_write(call->options->dir, WAREHOUSE_NAMESPACE,
			     json_text(made, "name", ""), made, err))
		return false;
	json_put_take(out, "namespace", made_namespace(made));
	return true;
}

static bool update_namespace(struct s3_call *call, const struct json *in,
			     struct json *out, struct err *err)
{
	const struct identity *identity = call->options->identity;
	const struct json *roles = json_key(in, "iamRoles");
	const char *otherwise = json_text(in, "defaultIamRoleArn", NULL);
	CLEANUP(json_freep)
	struct json *made = made_one(call, WAREHOUSE_NAMESPACE,
				     json_text(in, "namespaceName", ""));

	if (made != NULL)
		return update_made(call, in, made, out, err);
	if (!need_named(call, "Namespace", json_text(in, "namespaceName", ""),
			IDENTITY_NAMESPACE, err) ||
	    (json_shape(roles) == JSON_SHAPE_ARRAY &&
	     !set_roles(identity, roles, err)) ||
	    (otherwise != NULL &&
	     !account_set_default(identity, identity_role(identity, otherwise),
				  err)))
		return false;
	json_put_take(out, "namespace", namespace(call));
	return true;
}

/* Others share nothing with this account. */
static bool list_workgroups(struct s3_call *call, const struct json *in,
			    struct json *out, struct err *err)
{
	const char *owner = json_text(in, "ownerAccount", IDENTITY_ACCOUNT);
	bool own = strcmp(owner, IDENTITY_ACCOUNT) == 0;
	CLEANUP(json_freep)
	struct json *made = warehouse_list(call->options->dir,
					   WAREHOUSE_WORKGROUP);
	size_t first = count_of(call);
	struct api_page page;
	struct json *list;

	if (!api_json_page(in, "workgroups",
			   own ? first + json_count(made) : 0, &page, out, err))
		return false;
	list = json_new_array();
	for (size_t i = page.first; i < page.end; i++)
		json_push_take(list,
			       i < first ? workgroup(call)
					 : made_workgroup(
						   call,
						   json_item(made, i - first)));
	json_put_take(out, "workgroups", list);
	return true;
}

static bool list_namespaces(struct s3_call *call, const struct json *in,
			    struct json *out, struct err *err)
{
	CLEANUP(json_freep)
	struct json *made = warehouse_list(call->options->dir,
					   WAREHOUSE_NAMESPACE);
	size_t first = count_of(call);
	struct api_page page;
	struct json *list;

	if (!api_json_page(in, "namespaces", first + json_count(made), &page,
			   out, err))
		return false;
	list = json_new_array();
	for (size_t i = page.first; i < page.end; i++)
		json_push_take(list,
			       i < first ? namespace(call)
					 : made_namespace(json_item(
						   made, i - first)));
	json_put_take(out, "namespaces", list);
	return true;
}

/* The workgroup or the domain in front of it, of which there are none. */
static bool need_target(const struct s3_call *call, const struct json *in,
			struct err *err)
{
	const char *name = json_text(in, "workgroupName", NULL);
	const char *domain = json_text(in, "customDomainName", NULL);
	CLEANUP(json_freep) struct json *made = NULL;

	if (name == NULL && domain == NULL)
		return s3_call_refuse(err, "ValidationException",
				      "Either workgroupName or customDomainName"
				      " must be specified.");
	if (domain != NULL)
		return s3_call_refuse(err, "ResourceNotFoundException",
				      "Custom domain name %s not found.",
				      domain);
	made = made_one(call, WAREHOUSE_WORKGROUP, name);
	return made != NULL || need_named(call, "Workgroup", name,
					  IDENTITY_WORKGROUP, err);
}

static bool need_duration(const struct json *in, int64_t *out_s,
			  struct err *err)
{
	*out_s = json_number(in, "durationSeconds", API_LOGIN_SHORTEST);
	if (*out_s >= API_LOGIN_SHORTEST && *out_s <= API_LOGIN_LONGEST)
		return true;
	return s3_call_refuse(err, "ValidationException",
			      "durationSeconds must be between %d and %d",
			      API_LOGIN_SHORTEST, API_LOGIN_LONGEST);
}

static bool may(const struct s3_call *call, const char *operation,
		const char *what, struct err *err)
{
	CLEANUP(str_done) struct str action = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	str_addf(&action, "redshift-serverless:%s", operation);
	str_addf(&arn,
		 "arn:aws:redshift-serverless:" IDENTITY_REGION
		 ":" IDENTITY_ACCOUNT ":%s/",
		 what);
	add_id(call->options->identity, what, &arn);
	return api_policy_check(call, action.text, arn.text, err);
}

/* The database user is the caller, who is made when there is none. */
static bool get_credentials(struct s3_call *call, const struct json *in,
			    struct json *out, struct err *err)
{
	CLEANUP(str_done) struct str password = STR_EMPTY;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	struct s3_http_grant grant = {
		.database = json_text(in, "dbName", NULL),
		.auto_create = true,
	};
	int64_t duration_s;

	api_login_add_caller(call, &user);
	grant.user = user.text;
	if (!need_target(call, in, err) ||
	    !need_duration(in, &duration_s, err) ||
	    !may(call, "GetCredentials", "workgroup", err))
		return false;
	if (grant.database != NULL && !api_login_is_name(grant.database))
		return s3_call_refuse(err, "ValidationException",
				      "dbName %s is not a valid database name",
				      grant.database);
	if (!api_login_give(call, &grant, duration_s, &password, err))
		return false;
	json_put_text(out, "dbUser", grant.user);
	json_put_text(out, "dbPassword", password.text);
	json_put_double(out, "expiration", (double)grant.expires_ms / 1000);
	json_put_double(out, "nextRefreshTime",
			(double)grant.expires_ms / 1000);
	mem_wipe(password.text, password.len);
	return true;
}

static const struct api_member by_workgroup[] = {
	{ "workgroupName", API_TEXT, true, 3, 64, NAME_PATTERN },
	{ 0 },
};

static const struct api_member by_namespace[] = {
	{ "namespaceName", API_TEXT, true, 3, 64, NAME_PATTERN },
	{ 0 },
};

static const struct api_member of_update[] = {
	{ "namespaceName", API_TEXT, true, 3, 64, NAME_PATTERN },
	{ "defaultIamRoleArn", API_TEXT, false, 0, 0, NULL },
	{ "iamRoles", API_TEXTS, false, 0, 0, NULL },
	{ 0 },
};

static const struct api_member of_workgroups[] = {
	{ "maxResults", API_NUMBER, false, 1, 100, NULL },
	{ "nextToken", API_TEXT, false, 0, 0, NULL },
	{ "ownerAccount", API_TEXT, false, 1, 12, "^[0-9]{12}$" },
	{ 0 },
};

static const struct api_member of_namespaces[] = {
	{ "maxResults", API_NUMBER, false, 1, 100, NULL },
	{ "nextToken", API_TEXT, false, 0, 0, NULL },
	{ 0 },
};

static const struct api_member of_credentials[] = {
	{ "customDomainName", API_TEXT, false, 1, 253, DOMAIN_PATTERN },
	{ "dbName", API_TEXT, false, 0, 0, NULL },
	{ "durationSeconds", API_NUMBER, false, 0, 0, NULL },
	{ "workgroupName", API_TEXT, false, 3, 64, NAME_PATTERN },
	{ 0 },
};

static const struct api_json_op ops[] = {
	{ "GetCredentials", of_credentials, get_credentials },
	{ "GetNamespace", by_namespace, get_namespace },
	{ "GetWorkgroup", by_workgroup, get_workgroup },
	{ "ListNamespaces", of_namespaces, list_namespaces },
	{ "ListWorkgroups", of_workgroups, list_workgroups },
	{ "UpdateNamespace", of_update, update_namespace },
	{ 0 },
};

const struct api_json_service api_serverless = { "RedshiftServerless", ops };
