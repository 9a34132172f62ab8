#include "sandbox/services/api.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/json.h"
#include "data/xml.h"
#include "sandbox/account/account.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/warehouse.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api_login.h"
#include "sandbox/services/api_policy.h"

/* A serverless sandbox has no cluster of its own; stacks make others. */
static bool is_cluster(const struct s3_call *call, const char *name)
{
	CLEANUP(json_freep) struct json *made = warehouse_read(
		call->options->dir, WAREHOUSE_CLUSTER, name);

	return made != NULL || (!call->options->identity->serverless &&
				strcmp(name, IDENTITY_CLUSTER) == 0);
}

static bool need_cluster(const struct s3_call *call,
			 const struct s3_pairs *form, struct err *err)
{
	const char *name = api_param(form, "ClusterIdentifier");

	if (name == NULL)
		return s3_call_refuse(err, "MissingParameter",
				      "The request must contain the parameter"
				      " ClusterIdentifier.");
	return is_cluster(call, name) ||
	       s3_call_refuse(err, "ClusterNotFound", "Cluster %s not found.",
			      name);
}

static void put_roles(const struct identity *identity, struct str *out)
{
	const struct identity_role *otherwise = account_default(identity);
	const struct identity_role *role;

	xml_open(out, "IamRoles");
	for (size_t i = 0; (role = identity_role_at(identity, i)) != NULL;
	     i++) {
		if (!account_is_attached(identity, role))
			continue;
		xml_open(out, "ClusterIamRole");
		xml_put(out, "IamRoleArn", role->arn);
		xml_put(out, "ApplyStatus", "in-sync");
		xml_close(out, "ClusterIamRole");
	}
	xml_close(out, "IamRoles");
	if (otherwise != NULL)
		xml_put(out, "DefaultIamRoleArn", otherwise->arn);
}

static void put_cluster(const struct identity *identity, struct str *out)
{
	xml_open(out, "Cluster");
	xml_put(out, "ClusterIdentifier", IDENTITY_CLUSTER);
	xml_put(out, "NodeType", "ra3.large");
	xml_put(out, "ClusterStatus", "available");
	xml_put(out, "ClusterAvailabilityStatus", "Available");
	xml_put(out, "MasterUsername", identity->master_user);
	xml_put(out, "DBName", identity->database);
	xml_open(out, "Endpoint");
	xml_put(out, "Address", identity->host);
	xml_put_number(out, "Port", identity->port);
	xml_close(out, "Endpoint");
	xml_put_number(out, "NumberOfNodes", 1);
	put_roles(identity, out);
	xml_close(out, "Cluster");
}

static void put_role(struct str *out, const char *arn)
{
	xml_open(out, "ClusterIamRole");
	xml_put(out, "IamRoleArn", arn);
	xml_put(out, "ApplyStatus", "in-sync");
	xml_close(out, "ClusterIamRole");
}

/* One that a stack made: it is reached where the sandbox's own is. */
static void put_made(const struct identity *identity, const struct json *made,
		     struct str *out)
{
	const struct json *roles = json_key(made, "roles");
	const char *status = json_text(made, "status", "");
	const char *otherwise = json_text(made, "default", "");

	xml_open(out, "Cluster");
	xml_put(out, "ClusterIdentifier", json_text(made, "name", ""));
	xml_put(out, "NodeType", json_text(made, "node_type", ""));
	xml_put(out, "ClusterStatus", status);
	xml_put(out, "ClusterAvailabilityStatus",
		strcmp(status, "available") == 0 ? "Available" : "Modifying");
	xml_put(out, "MasterUsername", json_text(made, "user", ""));
	xml_put(out, "DBName", json_text(made, "database", ""));
	if (strcmp(status, "available") == 0) {
		xml_open(out, "Endpoint");
		xml_put(out, "Address", identity->host);
		xml_put_number(out, "Port", identity->port);
		xml_close(out, "Endpoint");
	}
	xml_put_number(out, "NumberOfNodes", json_number(made, "nodes", 1));
	if (json_text(made, "vpc", "")[0] != '\0')
		xml_put(out, "VpcId", json_text(made, "vpc", ""));
	xml_put(out, "PubliclyAccessible",
		json_bool(made, "public", false) ? "true" : "false");
	if (json_bool(made, "managed", false))
		xml_put(out, "MasterPasswordSecretArn",
			json_text(made, "secret", ""));
	xml_open(out, "IamRoles");
	for (size_t i = 0; i < json_count(roles); i++)
		put_role(out, json_text(json_item(roles, i), NULL, ""));
	xml_close(out, "IamRoles");
	if (*otherwise != '\0')
		xml_put(out, "DefaultIamRoleArn", otherwise);
	xml_close(out, "Cluster");
}

static bool is_asked(const struct s3_pairs *form, const char *name)
{
	const char *asked = api_param(form, "ClusterIdentifier");

	return asked == NULL || strcmp(asked, name) == 0;
}

static bool describe_clusters(struct s3_call *call, const struct s3_pairs *form,
			      struct str *out, struct err *err)
{
	const struct identity *identity = call->options->identity;
	CLEANUP(json_freep) struct json *made = NULL;

	if (!api_policy_check_named(call, "redshift:DescribeClusters",
				    "cluster", "*", err))
		return false;
	if (api_param(form, "ClusterIdentifier") != NULL &&
	    !need_cluster(call, form, err))
		return false;
	made = warehouse_list(call->options->dir, WAREHOUSE_CLUSTER);
	xml_open(out, "Clusters");
	if (!identity->serverless && is_asked(form, IDENTITY_CLUSTER))
		put_cluster(identity, out);
	for (size_t i = 0; i < json_count(made); i++)
		if (is_asked(form, json_text(json_item(made, i), "name", "")))
			put_made(identity, json_item(made, i), out);
	xml_close(out, "Clusters");
	return true;
}

/* AddIamRoles.IamRoleArn.1 and on; likewise RemoveIamRoles. */
static bool change_roles(const struct identity *identity,
			 const struct s3_pairs *form, const char *list,
			 bool attached, struct err *err)
{
	for (size_t i = 0; i < form->count; i++) {
		const char *arn = form->items[i].value;
		const struct identity_role *role = identity_role(identity, arn);

		if (!str_starts(form->items[i].name, list))
			continue;
		if (role == NULL)
			return s3_call_refuse(err, "InvalidParameterValue",
					      "The IAM role %s is not valid.",
					      arn);
		if (!account_attach(identity, role, attached, err))
			return false;
	}
	return true;
}

static bool change_default(const struct identity *identity, const char *arn,
			   struct err *err)
{
	const struct identity_role *role =
		arn != NULL ? identity_role(identity, arn) : NULL;

	if (arn == NULL)
		return true;
	if (arn[0] != '\0' &&
	    (role == NULL || !account_is_attached(identity, role)))
		return s3_call_refuse(err, "InvalidParameterValue",
				      "The default IAM role %s must be "
				      "associated with the cluster.",
				      arn);
	return account_set_default(identity, role, err);
}

/* The list of a made cluster follows what has been attached; its roles and
 * default are the gateway's, too. */
static bool modify_made(const struct s3_call *call, struct json *made,
			const struct s3_pairs *form, struct str *out,
			struct err *err)
{
	const char *name = api_param(form, "ClusterIdentifier");
	const char *otherwise = api_param(form, "DefaultIamRoleArn");
	const struct json *before = json_key(made, "roles");
	struct json *roles = json_new_array();

	for (size_t i = 0; i < json_count(before); i++) {
		const char *arn = json_text(json_item(before, i), NULL, "");
		bool gone = false;

		for (size_t j = 0; j < form->count; j++)
			gone |= (str_starts(form->items[j].name,
					    "RemoveIamRoles.") ||
				 str_starts(form->items[j].name,
					    "AddIamRoles.")) &&
				strcmp(form->items[j].value, arn) == 0;
		if (!gone)
			json_push_take(roles, json_new_text(arn));
	}
	for (size_t j = 0; j < form->count; j++)
		if (str_starts(form->items[j].name, "AddIamRoles."))
			json_push_take(roles,
				       json_new_text(form->items[j].value));
	json_put_take(made, "roles", roles);
	if (otherwise != NULL)
		json_put_text(made, "default", otherwise);
	if (!warehouse_write(call->options->dir, WAREHOUSE_CLUSTER, name, made,
			     err))
		return false;
	json_put_text(made, "name", name);
	put_made(call->options->identity, made, out);
	return true;
}

static bool modify_roles(struct s3_call *call, const struct s3_pairs *form,
			 struct str *out, struct err *err)
{
	const struct identity *identity = call->options->identity;
	CLEANUP(json_freep) struct json *made = NULL;

	if (!need_cluster(call, form, err) ||
	    !api_policy_check_named(call, "redshift:ModifyClusterIamRoles",
				    "cluster", "*", err) ||
	    !change_roles(identity, form, "AddIamRoles.", true, err) ||
	    !change_roles(identity, form, "RemoveIamRoles.", false, err) ||
	    !change_default(identity, api_param(form, "DefaultIamRoleArn"),
			    err))
		return false;
	made = warehouse_read(call->options->dir, WAREHOUSE_CLUSTER,
			      api_param(form, "ClusterIdentifier"));
	if (made != NULL)
		return modify_made(call, made, form, out, err);
	put_cluster(identity, out);
	return true;
}

/* --- GetClusterCredentials --- */

static bool refuse_value(struct err *err, const char *what)
{
	return s3_call_refuse(err, "InvalidParameterValue",
			      "The parameter %s is not valid.", what);
}

static bool need_duration(const struct s3_pairs *form, int64_t *out_s,
			  struct err *err)
{
	const char *text = api_param(form, "DurationSeconds");
	size_t digits = text == NULL ? 0 : strspn(text, "0123456789");

	*out_s = API_LOGIN_SHORTEST;
	if (text == NULL)
		return true;
	if (digits >= 3 && digits <= 4 && text[digits] == '\0')
		*out_s = strtol(text, NULL, 10);
	else
		*out_s = 0;
	if (*out_s >= API_LOGIN_SHORTEST && *out_s <= API_LOGIN_LONGEST)
		return true;
	return s3_call_refuse(err, "InvalidParameterValue",
			      "DurationSeconds must be between 900 and 3600");
}

/* optional: may be left out. */
static bool need_name(const char *what, const char *text, bool optional,
		      struct err *err)
{
	if (text == NULL && optional)
		return true;
	if (text == NULL)
		return s3_call_refuse(err, "MissingParameter",
				      "The request must contain the parameter"
				      " %s.",
				      what);
	return (api_login_is_name(text) && strcasecmp(text, "public") != 0) ||
	       refuse_value(err, what);
}

static bool need_create(const struct s3_pairs *form, bool *out, struct err *err)
{
	const char *text = api_param(form, "AutoCreate");

	*out = text != NULL && strcasecmp(text, "true") == 0;
	return text == NULL || *out || strcasecmp(text, "false") == 0 ||
	       refuse_value(err, "AutoCreate");
}

/* DbGroups.DbGroup.1 and on, in lower case, parted by commas. */
static bool need_groups(const struct s3_pairs *form, struct str *out,
			struct err *err)
{
	static const char list[] = "DbGroups.DbGroup.";

	for (size_t i = 0; i < form->count; i++) {
		const char *name = form->items[i].name;
		const char *group = form->items[i].value;

		if (!str_starts(name, "DbGroups"))
			continue;
		if (!str_starts(name, list) || !api_login_is_name(group))
			return refuse_value(err, "DbGroups");
		for (const char *c = group; *c != '\0'; c++)
			if (isupper((unsigned char)*c))
				return refuse_value(err, "DbGroups");
		str_addf(out, "%s%s", out->len > 0 ? "," : "", group);
	}
	return true;
}

/* The members that both calls answer. */
static bool give(struct s3_call *call, struct s3_http_grant *grant,
		 int64_t duration_s, struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str password = STR_EMPTY;
	CLEANUP(str_done) struct str expires = STR_EMPTY;

	if (!api_login_give(call, grant, duration_s, &password, err))
		return false;
	isotime_add_ms(&expires, grant->expires_ms);
	xml_put(out, "DbUser", grant->user);
	xml_put(out, "DbPassword", password.text);
	xml_put(out, "Expiration", expires.text);
	mem_wipe(password.text, password.len);
	return true;
}

/* [Redshift: resource policies for GetClusterCredentials] */
static bool may_log_in(const struct s3_call *call,
		       const struct s3_http_grant *grant, const char *db_user,
		       struct err *err)
{
	static const char get[] = "redshift:GetClusterCredentials";
	static const char create[] = "redshift:CreateClusterUser";
	const char *group = grant->groups;

	if (!api_policy_check_named(call, get, "dbuser", db_user, err) ||
	    !api_policy_check_named(call, get, "dbname", grant->database,
				    err) ||
	    (grant->auto_create &&
	     !api_policy_check_named(call, create, "dbuser", db_user, err)))
		return false;
	while (*group != '\0') {
		size_t len = strcspn(group, ",");
		CLEANUP(mem_freep) char *name = mem_copy_slice(group, len);

		if (!api_policy_check_named(call, "redshift:JoinGroup",
					    "dbgroup", name, err))
			return false;
		group += len;
		group += *group == ',';
	}
	return true;
}

static bool get_cluster_credentials(struct s3_call *call,
				    const struct s3_pairs *form,
				    struct str *out, struct err *err)
{
	const char *db_user = api_param(form, "DbUser");
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str groups = STR_EMPTY;
	struct s3_http_grant grant = {
		.database = api_param(form, "DbName"),
	};
	int64_t duration_s;

	if (!need_cluster(call, form, err) ||
	    !need_name("DbUser", db_user, false, err) ||
	    !need_name("DbName", grant.database, true, err) ||
	    !need_duration(form, &duration_s, err) ||
	    !need_create(form, &grant.auto_create, err) ||
	    !need_groups(form, &groups, err))
		return false;
	str_addf(&user, "%s:%s", grant.auto_create ? "IAMA" : "IAM", db_user);
	if (groups.len > 0)
		str_addf(&user, ":%s", groups.text);
	grant.user = user.text;
	grant.groups = groups.text;
	return may_log_in(call, &grant, db_user, err) &&
	       give(call, &grant, duration_s, out, err);
}

/* The database user is the caller, who is made when there is none. */
static bool get_cluster_credentials_iam(struct s3_call *call,
					const struct s3_pairs *form,
					struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str refresh = STR_EMPTY;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	struct s3_http_grant grant = {
		.database = api_param(form, "DbName"),
		.auto_create = true,
	};
	int64_t duration_s;

	api_login_add_caller(call, &user);
	grant.user = user.text;
	if (!need_cluster(call, form, err) ||
	    !need_name("DbName", grant.database, true, err) ||
	    !need_duration(form, &duration_s, err) ||
	    !api_policy_check_named(
		    call, "redshift:GetClusterCredentialsWithIAM", "dbname",
		    grant.database != NULL ? grant.database : "*", err) ||
	    !give(call, &grant, duration_s, out, err))
		return false;
	isotime_add_ms(&refresh, grant.expires_ms);
	xml_put(out, "NextRefreshTime", refresh.text);
	return true;
}

const struct api_op api_redshift_ops[] = {
	{ "DescribeClusters", "ClusterIdentifier MaxRecords Marker",
	  describe_clusters },
	{ "ModifyClusterIamRoles",
	  "ClusterIdentifier AddIamRoles. RemoveIamRoles. DefaultIamRoleArn",
	  modify_roles },
	{ "GetClusterCredentials",
	  "DbUser DbName ClusterIdentifier DurationSeconds AutoCreate"
	  " DbGroups.",
	  get_cluster_credentials },
	{ "GetClusterCredentialsWithIAM",
	  "DbName ClusterIdentifier DurationSeconds",
	  get_cluster_credentials_iam },
	{ 0 },
};
