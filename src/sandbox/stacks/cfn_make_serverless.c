/* Namespaces and workgroups; see sandbox/stacks/cfn_house. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/warehouse.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_house.h"
#include "sandbox/stacks/cfn_make.h"

enum {
	SUBNETS_MIN = 3,     /* of a workgroup */
	CAPACITY_FINE = 512, /* RPU, by eights up to here, then by 32 */
	CAPACITY_MAX = 1024,
};

static const struct cfn_house_words of_namespace = {
	WAREHOUSE_NAMESPACE,   "DbName",	    "AdminUsername",
	"ManageAdminPassword", "AdminUserPassword",
};

static const char *dir_of(const struct cfn_making *making)
{
	return making->cfn->options->dir;
}

static const struct identity *identity_of(const struct cfn_making *making)
{
	return making->cfn->options->identity;
}

/* --- AWS::RedshiftServerless::Namespace --- */

static bool check_serverless_name(const char *name, struct err *err)
{
	size_t len = strlen(name);

	return (len >= 3 && len <= 64 &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len) ||
	       cfn_make_refuse(err, "ValidationException",
			       "The name %s must have 3 to 64 lower case "
			       "letters, digits and hyphens.",
			       name);
}

static void put_namespace(const struct json *facts, const char *name,
			  struct json *attributes)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text,
		 "arn:aws:redshift-serverless:" IDENTITY_REGION
		 ":" IDENTITY_ACCOUNT ":namespace/%s",
		 json_text(facts, "id", ""));
	json_put_text(attributes, "Namespace.NamespaceArn", text.text);
	json_put_text(attributes, "Namespace.NamespaceId",
		      json_text(facts, "id", ""));
	json_put_text(attributes, "Namespace.NamespaceName", name);
	json_put_text(attributes, "Namespace.DbName",
		      json_text(facts, "database", ""));
	json_put_text(attributes, "Namespace.AdminUsername",
		      json_text(facts, "user", ""));
	json_put_text(attributes, "Namespace.DefaultIamRoleArn",
		      json_text(facts, "default", ""));
	json_put_take(attributes, "Namespace.IamRoles",
		      json_clone(json_key(facts, "roles")));
	json_put_text(attributes, "Namespace.Status", "AVAILABLE");
	str_clear(&text);
	isotime_add_ms(&text, json_number(facts, "created_ms", 0));
	json_put_text(attributes, "Namespace.CreationDate", text.text);
	/* The managed secret's ARN, where the type has it. */
	if (json_bool(facts, "managed", false))
		json_put_text(attributes,
			      "Namespace.AdminPasswordSecretArn",
			      json_text(facts, "secret", ""));
}

static bool create_namespace(const struct cfn_making *making,
			     struct str *out_id, struct json *attributes,
			     struct err *err)
{
	CLEANUP(json_freep) struct json *facts = json_new_object();
	CLEANUP(json_freep) struct json *there = NULL;

	cfn_make_text(making->properties, "NamespaceName", out_id);
	if (!check_serverless_name(out_id->text, err))
		return false;
	there = warehouse_read(dir_of(making), WAREHOUSE_NAMESPACE,
			       out_id->text);
	if (there != NULL || (identity_of(making)->serverless &&
			      strcmp(out_id->text, IDENTITY_NAMESPACE) == 0))
		return cfn_make_refuse(err, "AlreadyExists",
				       "There is an existing namespace %s.",
				       out_id->text);
	cfn_make_claim(making, out_id->text, NULL);
	if (!cfn_house_begin(making, &of_namespace, out_id->text, facts, err))
		return false;
	put_namespace(facts, out_id->text, attributes);
	return true;
}

static bool finish_namespace(const struct cfn_making *making, struct err *err)
{
	return cfn_house_complete(making, WAREHOUSE_NAMESPACE, err);
}

static bool update_namespace(const struct cfn_making *making,
			     struct json *attributes, struct err *err)
{
	CLEANUP(json_freep)
	struct json *facts = warehouse_read(dir_of(making),
					    WAREHOUSE_NAMESPACE,
					    making->physical);

	if (facts == NULL)
		return cfn_make_refuse(err, "ResourceNotFoundException",
				       "Namespace %s not found.",
				       making->physical);
	if (!cfn_house_update(making, WAREHOUSE_NAMESPACE, facts, err))
		return false;
	put_namespace(facts, making->physical, attributes);
	return true;
}

static bool remove_namespace(const struct cfn_making *making, struct err *err)
{
	CLEANUP(json_freep)
	struct json *list = warehouse_list(dir_of(making),
					   WAREHOUSE_WORKGROUP);

	for (size_t i = 0; i < json_count(list); i++)
		if (strcmp(json_text(json_item(list, i), "namespace", ""),
			   making->physical) == 0)
			return cfn_make_refuse(
				err, "ConflictException",
				"The namespace %s still has a workgroup.",
				making->physical);
	return cfn_house_end(making, WAREHOUSE_NAMESPACE, err);
}

/* --- AWS::RedshiftServerless::Workgroup --- */

static bool check_capacity(const struct cfn_making *making, struct json *facts,
			   struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	long rpu;
	bool good;

	cfn_make_text(making->properties, "BaseCapacity", &text);
	rpu = text.len > 0 ? strtol(text.text, NULL, 10) : 128;
	good = rpu == 4 || (rpu >= 8 && rpu <= CAPACITY_FINE && rpu % 8 == 0) ||
	       (rpu > CAPACITY_FINE && rpu <= CAPACITY_MAX && rpu % 32 == 0);
	json_put_number(facts, "capacity", rpu);
	return good || cfn_make_refuse(err, "ValidationException",
				       "Base capacity %s is not valid: 4, 8 to "
				       "512 by eights, or to 1024 by 32",
				       text.text);
}

static bool check_workgroup(const struct cfn_making *making,
			    struct json *facts, struct err *err)
{
	CLEANUP(json_freep)
	struct json *subnets = cfn_house_list(making->properties, "SubnetIds");
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(json_freep) struct json *namespace = NULL;

	cfn_make_text(making->properties, "NamespaceName", &name);
	namespace = warehouse_read(dir_of(making), WAREHOUSE_NAMESPACE,
				   name.text);
	if (namespace == NULL)
		return cfn_make_refuse(err, "ResourceNotFoundException",
				       "Namespace %s not found.", name.text);
	json_put_text(facts, "namespace", name.text);
	cfn_make_put_network(making, making->properties, facts);
	if (json_count(subnets) > 0 && json_count(subnets) < SUBNETS_MIN)
		return cfn_make_refuse(err, "ValidationException",
				       "There must be at least three subnets "
				       "in three different Availability Zones.");
	return check_capacity(making, facts, err);
}

static void put_workgroup(const struct cfn_making *making, const char *name,
			  const struct json *facts, struct json *attributes)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	cfn_house_put_address(making, "Workgroup.Endpoint.", attributes);
	str_addf(&text,
		 "arn:aws:redshift-serverless:" IDENTITY_REGION
		 ":" IDENTITY_ACCOUNT ":workgroup/%s",
		 json_text(facts, "id", ""));
	json_put_text(attributes, "Workgroup.WorkgroupArn", text.text);
	json_put_text(attributes, "Workgroup.WorkgroupId",
		      json_text(facts, "id", ""));
	json_put_text(attributes, "Workgroup.WorkgroupName", name);
	json_put_text(attributes, "Workgroup.NamespaceName",
		      json_text(facts, "namespace", ""));
	json_put_text(attributes, "Workgroup.Status", "AVAILABLE");
	json_put_number(attributes, "Workgroup.BaseCapacity",
			json_number(facts, "capacity", 128));
	json_put_take(attributes, "Workgroup.SubnetIds",
		      cfn_house_list(making->properties, "SubnetIds"));
	json_put_take(attributes, "Workgroup.SecurityGroupIds",
		      cfn_house_list(making->properties, "SecurityGroupIds"));
	json_put_bool(attributes, "Workgroup.PubliclyAccessible",
		      cfn_make_bool(making->properties, "PubliclyAccessible",
				    false));
	json_put_bool(attributes, "Workgroup.EnhancedVpcRouting",
		      cfn_make_bool(making->properties, "EnhancedVpcRouting",
				    false));
	json_put_text(attributes, "Workgroup.TrackName", "current");
	str_clear(&text);
	isotime_add_ms(&text, json_number(facts, "created_ms", 0));
	json_put_text(attributes, "Workgroup.CreationDate", text.text);
}

static bool create_workgroup(const struct cfn_making *making,
			     struct str *out_id, struct json *attributes,
			     struct err *err)
{
	CLEANUP(json_freep) struct json *facts = json_new_object();
	CLEANUP(json_freep) struct json *there = NULL;
	CLEANUP(str_done) struct str id = STR_EMPTY;

	cfn_make_text(making->properties, "WorkgroupName", out_id);
	if (!check_serverless_name(out_id->text, err))
		return false;
	there = warehouse_read(dir_of(making), WAREHOUSE_WORKGROUP,
			       out_id->text);
	if (there != NULL || (identity_of(making)->serverless &&
			      strcmp(out_id->text, IDENTITY_WORKGROUP) == 0))
		return cfn_make_refuse(err, "AlreadyExists",
				       "There is an existing workgroup %s.",
				       out_id->text);
	cfn_add_uuid(&id);
	json_put_text(facts, "id", id.text);
	json_put_text(facts, "status", "creating");
	json_put_number(facts, "created_ms", clock_wall_ms());
	if (!check_workgroup(making, facts, err))
		return false;
	cfn_make_claim(making, out_id->text, NULL);
	if (!warehouse_write(dir_of(making), WAREHOUSE_WORKGROUP, out_id->text,
			     facts, err))
		return false;
	put_workgroup(making, out_id->text, facts, attributes);
	return true;
}

static bool finish_workgroup(const struct cfn_making *making, struct err *err)
{
	CLEANUP(json_freep)
	struct json *facts = warehouse_read(dir_of(making),
					    WAREHOUSE_WORKGROUP,
					    making->physical);

	if (facts == NULL)
		return true;
	json_put_text(facts, "status", "available");
	return warehouse_write(dir_of(making), WAREHOUSE_WORKGROUP,
			       making->physical, facts, err);
}

static bool update_workgroup(const struct cfn_making *making,
			     struct json *attributes, struct err *err)
{
	CLEANUP(json_freep)
	struct json *facts = warehouse_read(dir_of(making),
					    WAREHOUSE_WORKGROUP,
					    making->physical);

	if (facts == NULL)
		return cfn_make_refuse(err, "ResourceNotFoundException",
				       "Workgroup %s not found.",
				       making->physical);
	if (!check_workgroup(making, facts, err) ||
	    !warehouse_write(dir_of(making), WAREHOUSE_WORKGROUP,
			     making->physical, facts, err))
		return false;
	put_workgroup(making, making->physical, facts, attributes);
	return true;
}

static bool remove_workgroup(const struct cfn_making *making, struct err *err)
{
	return warehouse_drop(dir_of(making), WAREHOUSE_WORKGROUP,
			      making->physical, err);
}

const struct cfn_effect cfn_effect_namespace = {
	create_namespace, update_namespace, finish_namespace, remove_namespace
};
const struct cfn_effect cfn_effect_workgroup = {
	create_workgroup, update_workgroup, finish_workgroup, remove_workgroup
};
