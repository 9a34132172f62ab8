/* Clusters, namespaces and workgroups: all of them are reached at the
 * sandbox's one gateway, see sandbox/warehouse. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/isotime.h"
#include "data/json.h"
#include "sandbox/account.h"
#include "sandbox/api_login.h"
#include "sandbox/api_secrets.h"
#include "sandbox/cfn.h"
#include "sandbox/cfn_make.h"
#include "sandbox/identity.h"
#include "sandbox/s3_http.h"
#include "sandbox/warehouse.h"

enum {
	NAME_MAX_BYTES = 63,
	PASSWORD_BYTES = 32,
	SUBNETS_MIN = 3,   /* of a workgroup */
	CAPACITY_FINE = 512, /* RPU, by eights up to here, then by 32 */
	CAPACITY_MAX = 1024,
};

static const char *dir_of(const struct cfn_making *making)
{
	return making->cfn->options->dir;
}

static const struct identity *identity_of(const struct cfn_making *making)
{
	return making->cfn->options->identity;
}

/* The names of the properties that clusters and namespaces have alike. */
struct words {
	const char *kind;
	const char *database;
	const char *user;
	const char *managed;
	const char *password;
};

static const struct words of_cluster = {
	WAREHOUSE_CLUSTER,	"DBName",	      "MasterUsername",
	"ManageMasterPassword", "MasterUserPassword",
};
static const struct words of_namespace = {
	WAREHOUSE_NAMESPACE,   "DbName",	    "AdminUsername",
	"ManageAdminPassword", "AdminUserPassword",
};

/* --- who else is there --- */

/* Has another warehouse a member of that value? */
static bool is_shared(const struct cfn_making *making, const char *member,
		      const char *value, const char *but)
{
	static const char *const all[] = { WAREHOUSE_CLUSTER,
					   WAREHOUSE_NAMESPACE };

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		CLEANUP(json_freep)
		struct json *list = warehouse_list(dir_of(making), all[i]);

		for (size_t j = 0; j < json_count(list); j++) {
			const struct json *one = json_item(list, j);

			if (strcmp(json_text(one, "name", ""), but) != 0 &&
			    strcmp(json_text(one, member, ""), value) == 0)
				return true;
		}
	}
	return false;
}

/* --- passwords --- */

/* The gateway has one user of that name: whoever makes the same user again
 * gets the same password. False: nobody has one. */
static bool find_password(const struct cfn_making *making, const char *user,
			  struct str *out)
{
	static const char *const all[] = { WAREHOUSE_CLUSTER,
					   WAREHOUSE_NAMESPACE };
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (strcmp(user, identity_of(making)->master_user) == 0) {
		path_join(dir_of(making), "password", &path);
		if (!file_read(path.text, 4096, out, NULL))
			return false;
		str_trim_end(out);
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		CLEANUP(json_freep)
		struct json *list = warehouse_list(dir_of(making), all[i]);

		for (size_t j = 0; j < json_count(list); j++) {
			const struct json *one = json_item(list, j);
			CLEANUP(str_done) struct str text = STR_EMPTY;
			CLEANUP(json_freep) struct json *secret = NULL;

			if (strcmp(json_text(one, "user", ""), user) != 0 ||
			    !api_secrets_value(dir_of(making),
					       json_text(one, "secret", ""),
					       &text, NULL))
				continue;
			secret = json_parse(text.text, text.len, NULL);
			str_add(out, json_text(secret, "password", ""));
			mem_wipe(text.text, text.len);
			if (out->len > 0)
				return true;
		}
	}
	return false;
}

/* Letters of each kind that Redshift asks for. */
static void make_password(struct str *out)
{
	static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopq"
				      "rstuvwxyz23456789";
	unsigned char random[PASSWORD_BYTES];

	hash_random(random, sizeof(random));
	for (size_t i = 0; i < sizeof(random); i++)
		str_add_char(out, letters[random[i] % (sizeof(letters) - 1)]);
	str_add(out, "Aa9");
}

static bool check_password(const char *text, struct err *err)
{
	bool upper = false;
	bool lower = false;
	bool digit = false;
	bool good = strlen(text) >= 8 && strlen(text) <= 64;

	for (; *text != '\0'; text++) {
		upper |= isupper((unsigned char)*text) != 0;
		lower |= islower((unsigned char)*text) != 0;
		digit |= isdigit((unsigned char)*text) != 0;
		good &= *text > 32 && *text < 127 &&
			strchr("/@\"'\\", *text) == NULL;
	}
	return (good && upper && lower && digit) ||
	       cfn_make_refuse(err, "InvalidParameterValue",
			       "The parameter MasterUserPassword is not a valid "
			       "password. Only printable ASCII characters "
			       "besides '/', '@', '\"', ' ', '\\', ''' may be "
			       "used; it must be 8 to 64 characters with at "
			       "least one upper case letter, one lower case "
			       "letter and one number.");
}

/* Puts "secret" and "password_made" into facts: the file of the user's secret;
 * the password itself is only there. */
static bool keep_secret(const struct cfn_making *making,
			const struct words *words, const char *name,
			const char *user, struct json *facts, struct err *err)
{
	CLEANUP(str_done) struct str own = STR_EMPTY;
	CLEANUP(str_done) struct str password = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str secret = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(json_freep) struct json *value = json_new_object();
	bool managed = cfn_make_bool(making->properties, words->managed, false);
	bool done;

	cfn_make_text(making->properties, words->password, &own);
	if (managed == (own.len > 0))
		return cfn_make_refuse(
			err, "InvalidParameterCombination",
			managed ? "You can't specify a password when it is "
				  "managed by AWS Secrets Manager."
				: "A password must be given, or be managed by "
				  "AWS Secrets Manager.");
	if (own.len > 0 && !check_password(own.text, err))
		return false;
	if (own.len > 0)
		str_add(&password, own.text);
	else if (!find_password(making, user, &password))
		make_password(&password);
	json_put_text(value, "username", user);
	json_put_text(value, "password", password.text);
	json_add(&text, value);
	str_addf(&secret, "redshift!%s-%s", name, user);
	done = api_secrets_keep(dir_of(making), secret.text, text.text, &arn,
				err);
	mem_wipe(password.text, password.len);
	mem_wipe(own.text, own.len);
	mem_wipe(text.text, text.len);
	json_put_text(facts, "secret", arn.text);
	json_put_bool(facts, "managed", managed);
	return done;
}

/* --- roles --- */

static bool attach(const struct cfn_making *making, const struct json *roles,
		   struct err *err)
{
	for (size_t i = 0; i < json_count(roles); i++) {
		const char *arn = json_text(json_item(roles, i), NULL, "");
		const struct identity_role *role =
			identity_role(identity_of(making), arn);

		if (role == NULL)
			return cfn_make_refuse(err, "InvalidParameterValue",
					       "The IAM role %s is not valid.",
					       arn);
		if (!account_attach(identity_of(making), role, true, err))
			return false;
	}
	return true;
}

static bool has_text(const struct json *list, const char *text)
{
	for (size_t i = 0; i < json_count(list); i++)
		if (strcmp(json_text(json_item(list, i), NULL, ""), text) == 0)
			return true;
	return false;
}

/* Those of the list that no other warehouse has. but: of this one. */
static void detach(const struct cfn_making *making, const struct json *roles,
		   const char *but, const struct json *keep)
{
	for (size_t i = 0; i < json_count(roles); i++) {
		const char *arn = json_text(json_item(roles, i), NULL, "");
		const struct identity_role *role =
			identity_role(identity_of(making), arn);
		bool wanted = has_text(keep, arn);
		static const char *const all[] = { WAREHOUSE_CLUSTER,
						   WAREHOUSE_NAMESPACE };

		for (size_t k = 0; !wanted && k < COUNT_OF(all); k++) {
			CLEANUP(json_freep)
			struct json *list =
				warehouse_list(dir_of(making), all[k]);

			for (size_t j = 0; j < json_count(list); j++)
				wanted |= strcmp(json_text(json_item(list, j),
							   "name", ""),
						 but) != 0 &&
					  has_text(json_key(json_item(list, j),
							    "roles"),
						   arn);
		}
		if (role != NULL && !wanted)
			account_attach(identity_of(making), role, false, NULL);
	}
}

/* The one before comes back when the warehouse goes. */
static bool set_default(const struct cfn_making *making,
			const struct json *roles, struct json *facts,
			struct err *err)
{
	const char *arn = json_text(
		json_key(making->properties, "DefaultIamRoleArn"), NULL, NULL);
	const struct identity_role *before =
		account_default(identity_of(making));
	const struct identity_role *role;

	if (arn == NULL)
		return true;
	role = identity_role(identity_of(making), arn);
	if (role == NULL || !has_text(roles, arn))
		return cfn_make_refuse(err, "ValidationException",
				       "The default IAM role %s must be "
				       "associated with the namespace.",
				       arn);
	if (json_key(facts, "default_before") == NULL)
		json_put_text(facts, "default_before",
			      before != NULL ? before->arn : "");
	json_put_text(facts, "default", arn);
	return account_set_default(identity_of(making), role, err);
}

static void reset_default(const struct cfn_making *making,
			  const struct json *facts)
{
	const char *arn = json_text(facts, "default", NULL);
	const char *before = json_text(facts, "default_before", NULL);
	const struct identity_role *now =
		account_default(identity_of(making));

	/* the role itself may be gone already */
	if (arn != NULL && (now == NULL || strcmp(now->arn, arn) == 0))
		account_set_default(
			identity_of(making),
			before != NULL
				? identity_role(identity_of(making), before)
				: identity_default_role(identity_of(making)),
			NULL);
}

/* --- what both have --- */

static bool check_names(const char *name, const char *database,
			const char *user, struct err *err)
{
	size_t len = strlen(name);
	bool good = len >= 1 && len <= NAME_MAX_BYTES &&
		    isalnum((unsigned char)name[0]) && name[len - 1] != '-' &&
		    strstr(name, "--") == NULL;

	for (size_t i = 0; i < len; i++)
		good &= islower((unsigned char)name[i]) ||
			isdigit((unsigned char)name[i]) || name[i] == '-';
	if (!good)
		return cfn_make_refuse(err, "InvalidParameterValue",
				       "The identifier %s is not valid: it must "
				       "have lower case letters, digits and "
				       "hyphens, begin with a letter and not "
				       "end with a hyphen.",
				       name);
	if (!api_login_is_name(database) || strpbrk(database, "+.@-") != NULL)
		return cfn_make_refuse(err, "InvalidParameterValue",
				       "The database name %s is not valid.",
				       database);
	if (!api_login_is_name(user))
		return cfn_make_refuse(err, "InvalidParameterValue",
				       "The parameter MasterUsername %s is not "
				       "a valid user name.",
				       user);
	return true;
}

static struct json *list_of(const struct json *properties, const char *name)
{
	const struct json *value = json_key(properties, name);
	struct json *list = json_new_array();

	if (json_shape(value) == JSON_SHAPE_TEXT)
		json_push_take(list, json_clone(value));
	for (size_t i = 0; i < json_count(value); i++)
		json_push_take(list, json_clone(json_item(value, i)));
	return list;
}

/* Secret, roles, the record with "creating". */
static bool begin(const struct cfn_making *making, const struct words *words,
		  const char *name, struct json *facts, struct err *err)
{
	CLEANUP(str_done) struct str database = STR_EMPTY;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	struct json *roles = list_of(making->properties, "IamRoles");

	json_put_take(facts, "roles", roles);
	cfn_make_text(making->properties, words->database, &database);
	cfn_make_text(making->properties, words->user, &user);
	if (database.len == 0)
		str_add(&database, "dev");
	if (user.len == 0)
		str_add(&user, "admin");
	cfn_add_uuid(&id);
	json_put_text(facts, "status", "creating");
	json_put_text(facts, "database", database.text);
	json_put_text(facts, "user", user.text);
	json_put_text(facts, "id", id.text);
	json_put_number(facts, "created_ms", clock_wall_ms());
	return check_names(name, database.text, user.text, err) &&
	       keep_secret(making, words, name, user.text, facts, err) &&
	       attach(making, roles, err) &&
	       set_default(making, roles, facts, err) &&
	       warehouse_write(dir_of(making), words->kind, name, facts, err);
}

/* The database and its first user come when all is there. */
static bool complete(const struct cfn_making *making, const char *kind,
		     struct err *err)
{
	CLEANUP(json_freep)
	struct json *facts = warehouse_read(dir_of(making), kind,
					    making->physical);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(json_freep) struct json *secret = NULL;
	struct s3_http_database database = { 0 };
	bool done = true;

	if (facts == NULL)
		return cfn_make_refuse(err, "NotFound", "%s not found.",
				       making->physical);
	database.name = json_text(facts, "database", "");
	database.user = json_text(facts, "user", "");
	if (api_secrets_value(dir_of(making), json_text(facts, "secret", ""),
			      &text, NULL))
		secret = json_parse(text.text, text.len, NULL);
	mem_wipe(text.text, text.len);
	database.password = json_text(secret, "password", "");
	if (making->cfn->options->make_database != NULL)
		done = making->cfn->options->make_database(
			making->cfn->options->grant_context, &database, err);
	json_put_text(facts, "status", "available");
	return done && warehouse_write(dir_of(making), kind, making->physical,
				       facts, err);
}

static bool end(const struct cfn_making *making, const char *kind,
		struct err *err)
{
	const char *name = making->physical;
	CLEANUP(json_freep)
	struct json *facts = warehouse_read(dir_of(making), kind, name);
	struct s3_http_database database = {
		.name = json_text(facts, "database", ""),
		.user = json_text(facts, "user", ""),
	};

	if (facts == NULL)
		return true;
	if (is_shared(making, "database", database.name, name))
		database.name = NULL;
	if (is_shared(making, "user", database.user, name))
		database.user = NULL;
	reset_default(making, facts);
	detach(making, json_key(facts, "roles"), name, NULL);
	if (making->cfn->options->drop_database != NULL &&
	    !making->cfn->options->drop_database(
		    making->cfn->options->grant_context, &database, err))
		return false;
	return api_secrets_forget(dir_of(making),
				  json_text(facts, "secret", ""), err) &&
	       warehouse_drop(dir_of(making), kind, name, err);
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

static bool check_cluster(const struct cfn_making *making, struct json *facts,
			  struct err *err)
{
	return check_nodes(making, facts, err) &&
	       need_group(making, "ClusterSubnetGroupName",
			  "AWS::Redshift::ClusterSubnetGroup",
			  "ClusterSubnetGroupNotFoundFault", err) &&
	       need_group(making, "ClusterParameterGroupName",
			  "AWS::Redshift::ClusterParameterGroup",
			  "ClusterParameterGroupNotFound", err);
}

static void put_address(const struct cfn_making *making, const char *prefix,
			struct json *attributes)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	CLEANUP(str_done) struct str port = STR_EMPTY;

	str_addf(&key, "%sAddress", prefix);
	json_put_text(attributes, key.text, identity_of(making)->host);
	str_clear(&key);
	str_addf(&key, "%sPort", prefix);
	str_addf(&port, "%d", identity_of(making)->port);
	json_put_text(attributes, key.text, port.text);
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
	if (!check_cluster(making, facts, err) ||
	    !begin(making, &of_cluster, out_id->text, facts, err))
		return false;
	put_address(making, "Endpoint.", attributes);
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

static bool update_roles(const struct cfn_making *making, const char *kind,
			 struct json *facts, struct err *err)
{
	struct json *roles = list_of(making->properties, "IamRoles");
	CLEANUP(json_freep)
	struct json *before = json_clone(json_key(facts, "roles"));

	json_put_take(facts, "roles", roles);
	if (!attach(making, roles, err))
		return false;
	detach(making, before, making->physical, roles);
	return set_default(making, roles, facts, err) &&
	       warehouse_write(dir_of(making), kind, making->physical, facts,
			       err);
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
	       update_roles(making, WAREHOUSE_CLUSTER, facts, err);
}

static bool finish_cluster(const struct cfn_making *making, struct err *err)
{
	return complete(making, WAREHOUSE_CLUSTER, err);
}

static bool remove_cluster(const struct cfn_making *making, struct err *err)
{
	return end(making, WAREHOUSE_CLUSTER, err);
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
	if (!begin(making, &of_namespace, out_id->text, facts, err))
		return false;
	put_namespace(facts, out_id->text, attributes);
	return true;
}

static bool finish_namespace(const struct cfn_making *making, struct err *err)
{
	return complete(making, WAREHOUSE_NAMESPACE, err);
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
	if (!update_roles(making, WAREHOUSE_NAMESPACE, facts, err))
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
	return end(making, WAREHOUSE_NAMESPACE, err);
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
	struct json *subnets = list_of(making->properties, "SubnetIds");
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(json_freep) struct json *namespace = NULL;

	cfn_make_text(making->properties, "NamespaceName", &name);
	namespace = warehouse_read(dir_of(making), WAREHOUSE_NAMESPACE,
				   name.text);
	if (namespace == NULL)
		return cfn_make_refuse(err, "ResourceNotFoundException",
				       "Namespace %s not found.", name.text);
	json_put_text(facts, "namespace", name.text);
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

	put_address(making, "Workgroup.Endpoint.", attributes);
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
		      list_of(making->properties, "SubnetIds"));
	json_put_take(attributes, "Workgroup.SecurityGroupIds",
		      list_of(making->properties, "SecurityGroupIds"));
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
	if (!check_workgroup(making, facts, err) ||
	    !warehouse_write(dir_of(making), WAREHOUSE_WORKGROUP, out_id->text,
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

const struct cfn_effect cfn_effect_cluster = { create_cluster, update_cluster,
					       finish_cluster,
					       remove_cluster };
const struct cfn_effect cfn_effect_subnet_group = { create_subnet_group, NULL,
						    NULL, NULL };
const struct cfn_effect cfn_effect_parameters = {
	create_parameters, update_parameters, NULL, NULL
};
const struct cfn_effect cfn_effect_namespace = {
	create_namespace, update_namespace, finish_namespace, remove_namespace
};
const struct cfn_effect cfn_effect_workgroup = {
	create_workgroup, update_workgroup, finish_workgroup, remove_workgroup
};
