/* Clusters and their groups; see sandbox/stacks/cfn_house. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/warehouse.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_house.h"
#include "sandbox/stacks/cfn_make.h"

enum { NAME_MAX_BYTES = 63 };

static const struct cfn_house_words of_cluster = {
	WAREHOUSE_CLUSTER,	"DBName",	      "MasterUsername",
	"ManageMasterPassword", "MasterUserPassword",
};
static const char *dir_of(const struct cfn_making *making)
{
	return making->cfn->options->dir;
}

/* --- AWS::Redshift::Cluster --- */

static const struct node {
	const char *name;
	int least; /* nodes of a cluster of them */
	int most;
} nodes[] = {
	{ "ra3.large", 1, 16 },
	{ "ra3.xlplus", 1, 32 },
	{ "ra3.4xlarge", 2, 128 },
	{ "ra3.16xlarge", 2, 128 },
};

static const struct node *find_node(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(nodes); i++)
		if (strcmp(nodes[i].name, name) == 0)
			return &nodes[i];
	return NULL;
}

static bool check_nodes(const struct cfn_making *making, struct json *facts,
			struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str count = STR_EMPTY;
	CLEANUP(str_done) struct str type = STR_EMPTY;
	const struct node *node;
	bool many;
	long number;

	cfn_make_text(making->properties, "NodeType", &name);
	cfn_make_text(making->properties, "NumberOfNodes", &count);
	cfn_make_text(making->properties, "ClusterType", &type);
	many = strcmp(type.text, "multi-node") == 0;
	number = count.len > 0 ? strtol(count.text, NULL, 10) : 1;
	node = find_node(name.text);
	if (!many && strcmp(type.text, "single-node") != 0)
		return cfn_make_refuse(err, "InvalidParameterValue",
				       "Invalid cluster type: %s", type.text);
	if (node == NULL)
		return cfn_make_refuse(err, "InvalidParameterValue",
				       "Invalid node type: %s", name.text);
	if (many && (count.len == 0 || number < 2))
		return cfn_make_refuse(err, "InvalidParameterCombination",
				       "Number of nodes for cluster type "
				       "multi-node must be greater than or "
				       "equal to 2");
	if (!many && number > 1)
		return cfn_make_refuse(err, "InvalidParameterCombination",
				       "Number of nodes for cluster type "
				       "single-node must be equal to 1");
	if (number < node->least || number > node->most)
		return cfn_make_refuse(err, "InvalidParameterCombination",
				       "Number of nodes of %s must be from %d "
				       "to %d",
				       node->name, node->least, node->most);
	json_put_text(facts, "node_type", node->name);
	json_put_number(facts, "nodes", number);
	return true;
}

static bool need_group(const struct cfn_making *making, const char *property,
		       const char *type, const char *code, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	cfn_make_text(making->properties, property, &name);
	if (name.len == 0 || str_starts(name.text, "default") ||
	    cfn_find_physical(making->cfn, type, name.text) != NULL)
		return true;
	return cfn_make_refuse(err, code, "%s %s not found.", property,
			       name.text);
}

static void put_network(const struct cfn_making *making, struct json *facts)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct cfn_resource *group;

	cfn_make_text(making->properties, "ClusterSubnetGroupName", &name);
	group = cfn_find_physical(
		making->cfn, "AWS::Redshift::ClusterSubnetGroup", name.text);
	cfn_make_put_network(making, group == NULL ? NULL : group->properties,
			     facts);
}

static bool check_cluster(const struct cfn_making *making, struct json *facts,
			  struct err *err)
{
	put_network(making, facts);
	return check_nodes(making, facts, err) &&
	       need_group(making, "ClusterSubnetGroupName",
			  "AWS::Redshift::ClusterSubnetGroup",
			  "ClusterSubnetGroupNotFoundFault", err) &&
	       need_group(making, "ClusterParameterGroupName",
			  "AWS::Redshift::ClusterParameterGroup",
			  "ClusterParameterGroupNotFound", err);
}

static bool create_cluster(const struct cfn_making *making, struct str *out_id,
			   struct json *attributes, struct err *err)
{
	CLEANUP(json_freep) struct json *facts = json_new_object();
	CLEANUP(json_freep) struct json *there = NULL;
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	cfn_make_named(making, "ClusterIdentifier", NAME_MAX_BYTES, true,
		       out_id);
	there = warehouse_read(dir_of(making), WAREHOUSE_CLUSTER,
			       out_id->text);
	if (there != NULL || strcmp(out_id->text, IDENTITY_CLUSTER) == 0)
		return cfn_make_refuse(err, "ClusterAlreadyExists",
				       "Cluster already exists");
	if (!check_cluster(making, facts, err))
		return false;
	cfn_make_claim(making, out_id->text, NULL);
	if (!cfn_house_begin(making, &of_cluster, out_id->text, facts, err))
		return false;
	cfn_house_put_address(making, "Endpoint.", attributes);
	str_addf(&arn,
		 "arn:aws:redshift:" IDENTITY_REGION ":" IDENTITY_ACCOUNT
		 ":namespace:%s",
		 json_text(facts, "id", ""));
	json_put_text(attributes, "ClusterNamespaceArn", arn.text);
	if (json_bool(facts, "managed", false))
		json_put_text(attributes, "MasterPasswordSecretArn",
			      json_text(facts, "secret", ""));
	return true;
}

static bool update_cluster(const struct cfn_making *making,
			   struct json *attributes, struct err *err)
{
	CLEANUP(json_freep)
	struct json *facts = warehouse_read(dir_of(making), WAREHOUSE_CLUSTER,
					    making->physical);

	(void)attributes;
	if (facts == NULL)
		return cfn_make_refuse(err, "NotFound", "Cluster %s not found.",
				       making->physical);
	return check_cluster(making, facts, err) &&
	       cfn_house_update(making, WAREHOUSE_CLUSTER, facts, err);
}

static bool finish_cluster(const struct cfn_making *making, struct err *err)
{
	return cfn_house_complete(making, WAREHOUSE_CLUSTER, err);
}

static bool remove_cluster(const struct cfn_making *making, struct err *err)
{
	return cfn_house_end(making, WAREHOUSE_CLUSTER, err);
}

/* --- groups --- */

static bool create_subnet_group(const struct cfn_making *making,
				struct str *out_id, struct json *attributes,
				struct err *err)
{
	if (json_count(json_key(making->properties, "SubnetIds")) == 0)
		return cfn_make_refuse(err, "InvalidSubnet",
				       "At least one subnet must be given.");
	cfn_make_name(making, 255, true, out_id);
	json_put_text(attributes, "ClusterSubnetGroupName", out_id->text);
	return true;
}

static bool check_parameters(const struct cfn_making *making, struct err *err)
{
	static const char *const families[] = { "redshift-1.0",
						"redshift-2.0" };
	static const char *const names[] = {
		"auto_analyze", "auto_mv", "datestyle",
		"enable_case_sensitive_identifier",
		"enable_user_activity_logging", "extra_float_digits",
		"max_concurrency_scaling_clusters", "max_cursor_result_set_size",
		"query_group", "require_ssl", "search_path",
		"statement_timeout", "use_fips_ssl", "wlm_json_configuration",
	};
	const char *family = json_text(
		json_key(making->properties, "ParameterGroupFamily"), NULL, "");
	const struct json *list = json_key(making->properties, "Parameters");
	bool known = false;

	for (size_t i = 0; i < COUNT_OF(families); i++)
		known |= strcmp(families[i], family) == 0;
	if (!known)
		return cfn_make_refuse(err, "InvalidParameterValue",
				       "ParameterGroupFamily %s is not a valid "
				       "parameter group family",
				       family);
	for (size_t i = 0; i < json_count(list); i++) {
		const char *name = json_text(json_item(list, i),
					     "ParameterName", "");

		known = false;
		for (size_t j = 0; j < COUNT_OF(names); j++)
			known |= strcmp(names[j], name) == 0;
		if (!known)
			return cfn_make_refuse(err, "InvalidParameterValue",
					       "Could not find parameter with "
					       "name: %s",
					       name);
	}
	return true;
}

static bool create_parameters(const struct cfn_making *making,
			      struct str *out_id, struct json *attributes,
			      struct err *err)
{
	(void)attributes;
	cfn_make_named(making, "ParameterGroupName", 255, true, out_id);
	return check_parameters(making, err);
}

static bool update_parameters(const struct cfn_making *making,
			      struct json *attributes, struct err *err)
{
	(void)attributes;
	return check_parameters(making, err);
}

const struct cfn_effect cfn_effect_cluster = { create_cluster, update_cluster,
					       finish_cluster,
					       remove_cluster };
const struct cfn_effect cfn_effect_subnet_group = { create_subnet_group, NULL,
						    NULL, NULL };
const struct cfn_effect cfn_effect_parameters = {
	create_parameters, update_parameters, NULL, NULL
};
