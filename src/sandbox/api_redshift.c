#include "sandbox/api.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/isotime.h"
#include "data/xml.h"
#include "sandbox/identity.h"
#include "sandbox/s3_call.h"
#include "sandbox/s3_http.h"

static bool need_cluster(const struct s3_pairs *form, struct err *err)
{
	const char *name = api_param(form, "ClusterIdentifier");

	if (name == NULL || strcmp(name, IDENTITY_CLUSTER) == 0)
		return true;
	return s3_call_refuse(err, "ClusterNotFound", "Cluster %s not found.",
			      name);
}

static void put_roles(const struct identity *identity, struct str *out)
{
	const struct identity_role *otherwise = identity_default_role(identity);

	xml_open(out, "IamRoles");
	for (size_t i = 0; i < identity->roles.count; i++) {
		if (!identity->roles.items[i].attached)
			continue;
		xml_open(out, "ClusterIamRole");
		xml_put(out, "IamRoleArn", identity->roles.items[i].arn);
		xml_put(out, "ApplyStatus", "in-sync");
		xml_close(out, "ClusterIamRole");
	}
	xml_close(out, "IamRoles");
	if (otherwise != NULL)
		xml_put(out, "DefaultIamRoleArn", otherwise->arn);
}

static bool describe_clusters(struct s3_call *call, const struct s3_pairs *form,
			      struct str *out, struct err *err)
{
	const struct identity *identity = call->options->identity;

	if (!need_cluster(form, err))
		return false;
	xml_open(out, "Clusters");
	xml_open(out, "Cluster");
	xml_put(out, "ClusterIdentifier", IDENTITY_CLUSTER);
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
	xml_close(out, "Clusters");
	return true;
}

/* --- GetClusterCredentials --- */

static bool need_duration(const struct s3_pairs *form, int64_t *out_s,
			  struct err *err)
{
	const char *text = api_param(form, "DurationSeconds");
	char *end;

	*out_s = 900;
	if (text == NULL)
		return true;
	*out_s = strtol(text, &end, 10);
	if (*end == '\0' && *out_s >= 900 && *out_s <= 3600)
		return true;
	return s3_call_refuse(err, "InvalidParameterValue",
			      "DurationSeconds must be between 900 and 3600");
}

/* Names as databases and users have them: no colon, no slash, 1 to 64. */
static bool need_name(const char *what, const char *text, struct err *err)
{
	size_t len = text == NULL ? 0 : strlen(text);

	if (text == NULL)
		return s3_call_refuse(err, "MissingParameter",
				      "The request must contain the parameter"
				      " %s.",
				      what);
	if (len >= 1 && len <= 63 && strpbrk(text, ":/") == NULL)
		return true;
	return s3_call_refuse(err, "InvalidParameterValue",
			      "The parameter %s is not a valid name.", what);
}

static void make_password(struct str *out)
{
	unsigned char random[96];

	hash_random(random, sizeof(random));
	encode_base64(out, random, sizeof(random));
	mem_wipe(random, sizeof(random));
}

static bool get_cluster_credentials(struct s3_call *call,
				    const struct s3_pairs *form,
				    struct str *out, struct err *err)
{
	const struct s3_http_options *options = call->options;
	const char *db_user = api_param(form, "DbUser");
	const char *database = api_param(form, "DbName");
	const char *create = api_param(form, "AutoCreate");
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str password = STR_EMPTY;
	CLEANUP(str_done) struct str expires = STR_EMPTY;
	struct s3_http_grant grant = { .database = database };
	int64_t duration_s;

	if (!need_cluster(form, err) || !need_name("DbUser", db_user, err) ||
	    (database != NULL && !need_name("DbName", database, err)) ||
	    !need_duration(form, &duration_s, err))
		return false;
	if (options->grant == NULL)
		return s3_call_refuse(err, "UnsupportedOperation",
				      "this sandbox has no database to log in"
				      " to");
	grant.auto_create = create != NULL && strcmp(create, "true") == 0;
	str_addf(&user, "%s:%s", grant.auto_create ? "IAMA" : "IAM", db_user);
	make_password(&password);
	grant.user = user.text;
	grant.password = password.text;
	grant.expires_ms = clock_wall_ms() + duration_s * 1000;
	if (!options->grant(options->grant_context, &grant, err))
		return false;
	isotime_add_ms(&expires, grant.expires_ms);
	xml_put(out, "DbUser", user.text);
	xml_put(out, "DbPassword", password.text);
	xml_put(out, "Expiration", expires.text);
	mem_wipe(password.text, password.len);
	return true;
}

const struct api_op api_redshift_ops[] = {
	{ "DescribeClusters", "ClusterIdentifier MaxRecords Marker",
	  describe_clusters },
	{ "GetClusterCredentials",
	  "DbUser DbName ClusterIdentifier DurationSeconds AutoCreate",
	  get_cluster_credentials },
	{ 0 },
};
