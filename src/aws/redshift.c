#include "aws/redshift.h"

#include <stdio.h>

#include "aws/call.h"
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
	struct redshift_cluster cluster = {
		.identifier = copy_of(node, "ClusterIdentifier"),
		.status = copy_of(node, "ClusterStatus"),
		.address = copy_of(node, "Endpoint/Address"),
		.port = (int)xml_number(node, "Endpoint/Port", 5439),
		.database = copy_of(node, "DBName"),
		.master_user = copy_of(node, "MasterUsername"),
		.default_role = copy_of(node, "DefaultIamRoleArn"),
	};
	const struct xml *at = xml_at(node, "IamRoles/ClusterIamRole");

	for (; at != NULL; at = xml_next(at))
		str_addf(&roles, "%s%s", roles.len > 0 ? " " : "",
			 xml_text(at, "IamRoleArn", ""));
	cluster.roles = str_take(&roles);
	vec_push(out, cluster);
}

static bool describe_page(struct aws *aws, struct call *call,
			  struct redshift_clusters *out, struct str *marker,
			  struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = NULL;
	const struct xml *result;

	if (!worker_call(aws, call, err))
		return false;
	if (xml_reader_feed(reader, call->reply.body.text, call->reply.body.len,
			    err))
		root = xml_reader_end(reader, err);
	if (root == NULL)
		return err_wrap(err, "DescribeClusters");
	result = xml_at(root, "DescribeClustersResult");
	if (result == NULL)
		return err_set(err, ERR_DATA,
			       "DescribeClusters: a reply of "
			       "another kind");
	for (const struct xml *at = xml_at(result, "Clusters/Cluster");
	     at != NULL; at = xml_next(at))
		add_cluster(out, at);
	str_set(marker, xml_text(result, "Marker", ""));
	return true;
}

bool redshift_describe(struct aws *aws, const char *identifier,
		       struct redshift_clusters *out, struct err *err)
{
	CLEANUP(str_done) struct str marker = STR_EMPTY;

	do {
		CLEANUP(call_freep)
		struct call *call = call_new(OPERATION_DESCRIBE_CLUSTERS);

		if (identifier != NULL)
			call_add_param(call, "ClusterIdentifier", identifier);
		if (marker.len > 0)
			call_add_param(call, "Marker", marker.text);
		if (!describe_page(aws, call, out, &marker, err))
			return false;
	} while (marker.len > 0);
	return true;
}

static struct call *login_call(const struct redshift_login_options *options)
{
	struct call *call = call_new(OPERATION_GET_CLUSTER_CREDENTIALS);
	char seconds[16];

	call_add_param(call, "DbUser", options->user);
	call_add_param(call, "ClusterIdentifier", options->cluster);
	if (options->database != NULL)
		call_add_param(call, "DbName", options->database);
	if (options->auto_create)
		call_add_param(call, "AutoCreate", "true");
	if (options->duration_s > 0) {
		snprintf(seconds, sizeof(seconds), "%d", options->duration_s);
		call_add_param(call, "DurationSeconds", seconds);
	}
	return call;
}

bool redshift_get_login(struct aws *aws,
			const struct redshift_login_options *options,
			struct redshift_login *out, struct err *err)
{
	CLEANUP(call_freep) struct call *call = login_call(options);
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = NULL;
	const char *user, *password;

	if (!worker_call(aws, call, err))
		return false;
	if (xml_reader_feed(reader, call->reply.body.text, call->reply.body.len,
			    err))
		root = xml_reader_end(reader, err);
	if (root == NULL)
		return err_wrap(err, "GetClusterCredentials");
	root = xml_at(root, "GetClusterCredentialsResult");
	user = xml_text(root, "DbUser", "");
	password = xml_text(root, "DbPassword", "");
	if (user[0] == '\0' || password[0] == '\0')
		return err_set(err, ERR_DATA,
			       "GetClusterCredentials: the "
			       "reply has no user or no password");
	str_set(&out->user, user);
	secret_set(&out->password, password);
	if (!isotime_parse(xml_text(root, "Expiration", ""), &out->expires_ms,
			   NULL))
		out->expires_ms = 0;
	return true;
}
