#include "aws/redshift.h"

#include <stdio.h>
#include <string.h>

#include "aws/call.h"
#include "aws/paging.h"
#include "aws/query_reply.h"
#include "aws/worker.h"
#include "base/vec.h"
#include "data/isotime.h"
#include "data/xml.h"

void redshift_clusters_done(struct redshift_clusters *clusters)
{
	for (size_t i = 0; i < clusters->count; i++) {
		struct redshift_cluster *cluster = &clusters->items[i];

		mem_free(cluster->identifier);
		mem_free(cluster->status);
		mem_free(cluster->address);
		mem_free(cluster->database);
		mem_free(cluster->master_user);
		mem_free(cluster->default_role);
		mem_free(cluster->roles);
		mem_free(cluster->nodes);
		mem_free(cluster->vpc);
		mem_free(cluster->secret);
	}
	vec_done(clusters);
}

void redshift_login_done(struct redshift_login *login)
{
	str_done(&login->user);
	secret_done(&login->password);
}

static char *copy_of(const struct xml *node, const char *path)
{
	return mem_copy_text(xml_text(node, path, ""));
}

static void add_cluster(struct redshift_clusters *out, const struct xml *node)
{
	struct str roles = STR_EMPTY;
	struct str nodes = STR_EMPTY;
	struct redshift_cluster cluster = {
		.identifier = copy_of(node, "ClusterIdentifier"),
		.status = copy_of(node, "ClusterStatus"),
		.address = copy_of(node, "Endpoint/Address"),
		.port = (int)xml_number(node, "Endpoint/Port", 5439),
		.database = copy_of(node, "DBName"),
		.master_user = copy_of(node, "MasterUsername"),
		.default_role = copy_of(node, "DefaultIamRoleArn"),
		.vpc = copy_of(node, "VpcId"),
		.secret = copy_of(node, "MasterPasswordSecretArn"),
		.is_public = strcmp(xml_text(node, "PubliclyAccessible", ""),
				    "true") == 0,
	};
	const struct xml *at = xml_at(node, "IamRoles/ClusterIamRole");

	for (; at != NULL; at = xml_next(at))
		str_addf(&roles, "%s%s", roles.len > 0 ? " " : "",
			 xml_text(at, "IamRoleArn", ""));
	cluster.roles = str_take(&roles);
	if (xml_text(node, "NodeType", NULL) != NULL)
		str_addf(&nodes, "%d x %s",
			 (int)xml_number(node, "NumberOfNodes", 1),
			 xml_text(node, "NodeType", ""));
	cluster.nodes = str_take(&nodes);
	vec_push(out, cluster);
}

bool redshift_describe_read(const struct call *call,
			    struct redshift_clusters *out, struct str *marker,
			    struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *result = query_reply(call, reader, err);

	if (result == NULL)
		return false;
	for (const struct xml *at = xml_at(result, "Clusters/Cluster");
	     at != NULL; at = xml_next(at))
		add_cluster(out, at);
	str_set(marker, xml_text(result, "Marker", ""));
	return true;
}

struct call *redshift_describe_call(const char *region, const char *identifier,
				    const char *marker)
{
	struct call *call = call_new(OPERATION_DESCRIBE_CLUSTERS);

	call_set_region(call, region);
	if (identifier != NULL)
		call_add_param(call, "ClusterIdentifier", identifier);
	if (marker[0] != '\0')
		call_add_param(call, "Marker", marker);
	return call;
}

bool redshift_describe(struct aws *aws, const char *region,
		       const char *identifier, struct redshift_clusters *out,
		       struct err *err)
{
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;

	do {
		CLEANUP(str_done) struct str marker = STR_EMPTY;
		CLEANUP(call_freep)
		struct call *call = redshift_describe_call(region, identifier,
							   paging.token.text);

		if (!worker_call(aws, call, err) ||
		    !redshift_describe_read(call, out, &marker, err) ||
		    !paging_next(&paging, marker.text, call->operation->name,
				 err))
			return false;
	} while (paging.token.len > 0);
	return true;
}

bool redshift_set_default_role(struct aws *aws, const char *region,
			       const char *cluster, const char *role,
			       struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_MODIFY_CLUSTER_ROLES);

	call_set_region(call, region);
	call_add_param(call, "ClusterIdentifier", cluster);
	call_add_param(call, "DefaultIamRoleArn", role);
	return worker_call(aws, call, err);
}

bool redshift_of_domain(struct aws *aws, const char *region, const char *domain,
			struct str *out_cluster, struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_DESCRIBE_DOMAINS);
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *result;
	const char *found;

	call_set_region(call, region);
	call_add_param(call, "CustomDomainName", domain);
	if (!worker_call(aws, call, err))
		return false;
	result = query_reply(call, reader, err);
	if (result == NULL)
		return false;
	found = xml_text(result,
			 "Associations/Association/CertificateAssociations/"
			 "CertificateAssociation/ClusterIdentifier",
			 "");
	if (found[0] == '\0')
		return err_set(err, ERR_MISSING,
			       "no cluster has the domain %s", domain);
	str_add(out_cluster, found);
	return true;
}

static void add_groups(struct call *call, const char *groups)
{
	for (int number = 1; *groups != '\0'; number++) {
		size_t len = strcspn(groups, ",");
		CLEANUP(mem_freep) char *group = mem_copy_slice(groups, len);
		char name[40];

		snprintf(name, sizeof(name), "DbGroups.DbGroup.%d", number);
		call_add_param(call, name, group);
		groups += len;
		groups += *groups == ',';
	}
}

static struct call *login_call(const struct redshift_login_options *options)
{
	bool as_iam = options->user == NULL;
	struct call *call =
		call_new(as_iam ? OPERATION_GET_CLUSTER_CREDENTIALS_IAM
				: OPERATION_GET_CLUSTER_CREDENTIALS);
	char seconds[16];

	call_set_region(call, options->region);
	if (options->cluster != NULL)
		call_add_param(call, "ClusterIdentifier", options->cluster);
	else
		call_add_param(call, "CustomDomainName", options->domain);
	if (options->database != NULL)
		call_add_param(call, "DbName", options->database);
	if (options->duration_s > 0) {
		snprintf(seconds, sizeof(seconds), "%d", options->duration_s);
		call_add_param(call, "DurationSeconds", seconds);
	}
	if (as_iam)
		return call;
	call_add_param(call, "DbUser", options->user);
	if (options->auto_create)
		call_add_param(call, "AutoCreate", "true");
	if (options->groups != NULL)
		add_groups(call, options->groups);
	return call;
}

bool redshift_get_login(struct aws *aws,
			const struct redshift_login_options *options,
			struct redshift_login *out, struct err *err)
{
	CLEANUP(call_freep) struct call *call = login_call(options);
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *result;
	const char *user, *password;

	if (!worker_call_until(aws, call, options->stop_fd, err))
		return false;
	result = query_reply(call, reader, err);
	if (result == NULL)
		return false;
	user = xml_text(result, "DbUser", "");
	password = xml_text(result, "DbPassword", "");
	if (user[0] == '\0' || password[0] == '\0')
		return err_set(err, ERR_DATA,
			       "%s: the reply has no user or no password",
			       call->operation->name);
	str_set(&out->user, user);
	secret_set(&out->password, password);
	if (!isotime_parse(xml_text(result, "Expiration", ""),
			   &out->expires_ms, NULL))
		out->expires_ms = 0;
	return true;
}
