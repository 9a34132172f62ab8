#include "sandbox/stacks/cfn_house.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/json.h"
#include "sandbox/account/account.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/warehouse.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api_login.h"
#include "sandbox/services/api_secrets.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_make.h"

enum {
	NAME_MAX_BYTES = 63,
	PASSWORD_BYTES = 32,
};

static const char *dir_of(const struct cfn_making *making)
{
	return making->cfn->options->dir;
}

static const struct identity *identity_of(const struct cfn_making *making)
{
	return making->cfn->options->identity;
}

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
			const struct cfn_house_words *words, const char *name,
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
static void note_default(const struct cfn_making *making, struct json *facts)
{
	const struct identity_role *before =
		account_default(identity_of(making));
	const char *arn = json_text(
		json_key(making->properties, "DefaultIamRoleArn"), NULL, NULL);

	if (arn == NULL)
		return;
	json_put_text(facts, "default", arn);
	if (json_key(facts, "default_before") == NULL)
		json_put_text(facts, "default_before",
			      before != NULL ? before->arn : "");
}

static bool set_default(const struct cfn_making *making,
			const struct json *roles, struct err *err)
{
	const char *arn = json_text(
		json_key(making->properties, "DefaultIamRoleArn"), NULL, NULL);
	const struct identity_role *role;

	if (arn == NULL)
		return true;
	role = identity_role(identity_of(making), arn);
	if (role == NULL || !has_text(roles, arn))
		return cfn_make_refuse(err, "ValidationException",
				       "The default IAM role %s must be "
				       "associated with the namespace.",
				       arn);
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

struct json *cfn_house_list(const struct json *properties, const char *name)
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
bool cfn_house_begin(const struct cfn_making *making, const struct cfn_house_words *words,
		  const char *name, struct json *facts, struct err *err)
{
	CLEANUP(str_done) struct str database = STR_EMPTY;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	struct json *roles = cfn_house_list(making->properties, "IamRoles");

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
	note_default(making, facts);
	/* the record first: by it all is taken away again */
	return check_names(name, database.text, user.text, err) &&
	       keep_secret(making, words, name, user.text, facts, err) &&
	       warehouse_write(dir_of(making), words->kind, name, facts, err) &&
	       attach(making, roles, err) && set_default(making, roles, err) &&
	       warehouse_write(dir_of(making), words->kind, name, facts, err);
}

/* The database and its first user come when all is there. */
bool cfn_house_complete(const struct cfn_making *making, const char *kind,
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

bool cfn_house_end(const struct cfn_making *making, const char *kind,
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

void cfn_house_put_address(const struct cfn_making *making, const char *prefix,
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

bool cfn_house_update(const struct cfn_making *making, const char *kind,
			 struct json *facts, struct err *err)
{
	struct json *roles = cfn_house_list(making->properties, "IamRoles");
	CLEANUP(json_freep)
	struct json *before = json_clone(json_key(facts, "roles"));

	json_put_take(facts, "roles", roles);
	note_default(making, facts);
	if (!attach(making, roles, err))
		return false;
	detach(making, before, making->physical, roles);
	return set_default(making, roles, err) &&
	       warehouse_write(dir_of(making), kind, making->physical, facts,
			       err);
}
