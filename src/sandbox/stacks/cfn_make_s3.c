/* Buckets, their policies and secrets: in the sandbox's own services. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_access.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_store.h"
#include "sandbox/services/api_secrets.h"
#include "sandbox/stacks/cfn.h"
#include "sandbox/stacks/cfn_make.h"

enum { BUCKET_MAX_BYTES = 63 };

static struct s3_store *store_of(const struct cfn_making *making)
{
	return making->cfn->options->store;
}

/* --- AWS::S3::Bucket --- */

/* [S3: Bucket naming rules] */
static bool check_name(const char *name, struct err *err)
{
	size_t len = strlen(name);
	bool good = len >= 3 && len <= BUCKET_MAX_BYTES &&
		    isalnum((unsigned char)name[0]) &&
		    isalnum((unsigned char)name[len - 1]) &&
		    strstr(name, "..") == NULL;

	for (size_t i = 0; i < len; i++)
		good &= islower((unsigned char)name[i]) ||
			isdigit((unsigned char)name[i]) || name[i] == '-' ||
			name[i] == '.';
	return good || cfn_make_refuse(err, "InvalidBucketName",
				       "Bucket name should not contain "
				       "uppercase characters or other than "
				       "letters, digits, - and .: %s",
				       name);
}

/* As headers that objects get; see s3_settings. */
static bool set_encryption(const struct cfn_making *making, const char *bucket,
			   struct err *err)
{
	const struct json *by = json_at(
		making->properties,
		"BucketEncryption.ServerSideEncryptionConfiguration.0."
		"ServerSideEncryptionByDefault");
	const char *algorithm = json_text(by, "SSEAlgorithm", NULL);
	const char *key = json_text(by, "KMSMasterKeyID", NULL);
	CLEANUP(str_done) struct str lines = STR_EMPTY;

	if (algorithm != NULL)
		str_addf(&lines, "x-amz-server-side-encryption: %s\n",
			 algorithm);
	if (key != NULL)
		str_addf(&lines,
			 "x-amz-server-side-encryption-aws-kms-key-id: %s\n",
			 key);
	return s3_store_set(store_of(making), bucket, S3_STORE_ENCRYPTION,
			    lines.text, err);
}

static bool set_all(const struct cfn_making *making, const char *bucket,
		    struct err *err)
{
	const char *versioning = json_text(
		making->properties, "VersioningConfiguration.Status", NULL);

	return set_encryption(making, bucket, err) &&
	       (versioning == NULL ||
		s3_store_set(store_of(making), bucket, S3_STORE_VERSIONING,
			     versioning, err));
}

static bool create_bucket(const struct cfn_making *making, struct str *out_id,
			  struct json *attributes, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	cfn_make_named(making, "BucketName", BUCKET_MAX_BYTES, true, out_id);
	if (!check_name(out_id->text, err))
		return false;
	if (s3_store_has_bucket(store_of(making), out_id->text, NULL))
		return cfn_make_refuse(err, "BucketAlreadyExists",
				       "%s already exists", out_id->text);
	cfn_make_claim(making, out_id->text, NULL);
	if (!s3_store_make_bucket(store_of(making), out_id->text, "", err) ||
	    !set_all(making, out_id->text, err))
		return false;
	str_addf(&text, "arn:aws:s3:::%s", out_id->text);
	json_put_text(attributes, "Arn", text.text);
	str_clear(&text);
	str_addf(&text, "%s.s3.amazonaws.com", out_id->text);
	json_put_text(attributes, "DomainName", text.text);
	str_clear(&text);
	str_addf(&text, "%s.s3." IDENTITY_REGION ".amazonaws.com",
		 out_id->text);
	json_put_text(attributes, "RegionalDomainName", text.text);
	str_clear(&text);
	str_addf(&text, "%s.s3.dualstack." IDENTITY_REGION ".amazonaws.com",
		 out_id->text);
	json_put_text(attributes, "DualStackDomainName", text.text);
	return true;
}

static bool update_bucket(const struct cfn_making *making,
			  struct json *attributes, struct err *err)
{
	(void)attributes;
	return set_all(making, making->physical, err);
}

static bool remove_bucket(const struct cfn_making *making, struct err *err)
{
	struct err why = ERR_EMPTY;

	if (s3_store_drop_bucket(store_of(making), making->physical, &why) ||
	    strcmp(why.code, "NoSuchBucket") == 0)
		return true;
	if (strcmp(why.code, "BucketNotEmpty") == 0)
		return cfn_make_refuse(err, "BucketNotEmpty",
				       "The bucket you tried to delete is not "
				       "empty");
	if (err != NULL)
		*err = why;
	return false;
}

/* --- AWS::S3::BucketPolicy --- */

static bool set_policy(const struct cfn_making *making, struct str *out_bucket,
		       struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	cfn_make_text(making->properties, "Bucket", out_bucket);
	json_add(&text, json_key(making->properties, "PolicyDocument"));
	return s3_store_has_bucket(store_of(making), out_bucket->text, err) &&
	       s3_access_check_policy(out_bucket->text, text.text, text.len,
				      err) &&
	       s3_store_set(store_of(making), out_bucket->text,
			    S3_STORE_POLICY, text.text, err);
}

static bool create_bucket_policy(const struct cfn_making *making,
				 struct str *out_id, struct json *attributes,
				 struct err *err)
{
	(void)attributes;
	cfn_make_text(making->properties, "Bucket", out_id);
	cfn_make_claim(making, out_id->text, NULL);
	str_clear(out_id);
	return set_policy(making, out_id, err);
}

static bool update_bucket_policy(const struct cfn_making *making,
				 struct json *attributes, struct err *err)
{
	CLEANUP(str_done) struct str bucket = STR_EMPTY;

	(void)attributes;
	return set_policy(making, &bucket, err);
}

/* The bucket may be gone already. */
static bool remove_bucket_policy(const struct cfn_making *making,
				 struct err *err)
{
	return !s3_store_has_bucket(store_of(making), making->physical,
				    NULL) ||
	       s3_store_set(store_of(making), making->physical,
			    S3_STORE_POLICY, "", err);
}

/* --- AWS::SecretsManager::Secret --- */

/* [GetRandomPassword] */
static const struct {
	const char *without; /* the property that leaves them out */
	const char *letters;
} classes[] = {
	{ "ExcludeUppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
	{ "ExcludeLowercase", "abcdefghijklmnopqrstuvwxyz" },
	{ "ExcludeNumbers", "0123456789" },
	{ "ExcludePunctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" },
};

enum { PASSWORD_USUAL = 32, PASSWORD_MAX = 4096 };

static void add_one_of(const struct str *letters, struct str *out)
{
	unsigned char random;
	size_t most = 256 - 256 % letters->len; /* each as likely */

	do
		hash_random(&random, 1);
	while (random >= most);
	str_add_char(out, letters->text[random % letters->len]);
}

static void add_letters(const struct json *how, size_t class, struct str *out)
{
	const char *without = json_text(how, "ExcludeCharacters", "");

	if (cfn_make_bool(how, classes[class].without, false))
		return;
	for (const char *c = classes[class].letters; *c != '\0'; c++)
		if (strchr(without, *c) == NULL)
			str_add_char(out, *c);
}

static bool read_length(const struct json *how, size_t *out, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	cfn_make_text(how, "PasswordLength", &text);
	*out = text.len > 0 ? strtoul(text.text, NULL, 10) : PASSWORD_USUAL;
	return (*out >= 1 && *out <= PASSWORD_MAX) ||
	       cfn_make_refuse(err, "InvalidParameterException",
			       "The password length must be between 1 and %d.",
			       PASSWORD_MAX);
}

static bool add_password(const struct json *how, struct str *out,
			 struct err *err)
{
	bool each = cfn_make_bool(how, "RequireEachIncludedType", true);
	CLEANUP(str_done) struct str all = STR_EMPTY;
	size_t length;

	if (!read_length(how, &length, err))
		return false;
	for (size_t i = 0; i < COUNT_OF(classes); i++) {
		CLEANUP(str_done) struct str letters = STR_EMPTY;

		add_letters(how, i, &letters);
		if (each && letters.len > 0)
			add_one_of(&letters, out);
		str_add(&all, letters.text);
	}
	if (cfn_make_bool(how, "IncludeSpace", false))
		str_add_char(&all, ' ');
	if (all.len == 0 || out->len > length)
		return cfn_make_refuse(err, "InvalidParameterException",
				       "You must include at least one valid "
				       "character, and a length that has room "
				       "for each included type, to create a "
				       "password.");
	while (out->len < length)
		add_one_of(&all, out);
	return true;
}

/* The text that is kept. */
static bool add_value(const struct cfn_making *making, struct str *out,
		      struct err *err)
{
	const struct json *how =
		json_key(making->properties, "GenerateSecretString");
	const char *template = json_text(how, "SecretStringTemplate", NULL);
	const char *key = json_text(how, "GenerateStringKey", NULL);
	CLEANUP(str_done) struct str password = STR_EMPTY;
	CLEANUP(json_freep) struct json *json = NULL;

	if (how == NULL) {
		cfn_make_text(making->properties, "SecretString", out);
		return true;
	}
	if (!add_password(how, &password, err))
		return false;
	if (template == NULL || key == NULL) {
		str_add(out, password.text);
		return true;
	}
	json = json_parse(template, strlen(template), NULL);
	if (json_shape(json) != JSON_SHAPE_OBJECT)
		return cfn_make_refuse(err, "InvalidParameter",
				       "Could not parse SecretStringTemplate "
				       "JSON");
	json_put_text(json, key, password.text);
	json_add(out, json);
	return true;
}

static bool create_secret(const struct cfn_making *making, struct str *out_id,
			  struct json *attributes, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	bool done;

	(void)attributes;
	cfn_make_named(making, "Name", 128, false, &name);
	if (api_secrets_has(making->cfn->options->dir, name.text))
		return cfn_make_refuse(err, "ResourceExistsException",
				       "The operation failed because the secret "
				       "%s already exists.",
				       name.text);
	cfn_make_claim(making, name.text, NULL);
	done = add_value(making, &value, err) &&
	       api_secrets_keep(making->cfn->options->dir, name.text,
				value.text, out_id, err);
	mem_wipe(value.text, value.len);
	return done;
}

static bool remove_secret(const struct cfn_making *making, struct err *err)
{
	return api_secrets_forget(making->cfn->options->dir, making->physical,
				  err);
}

const struct cfn_effect cfn_effect_bucket = { create_bucket, update_bucket,
					      NULL, remove_bucket };
const struct cfn_effect cfn_effect_bucket_policy = {
	create_bucket_policy, update_bucket_policy, NULL, remove_bucket_policy
};
const struct cfn_effect cfn_effect_secret = { create_secret, NULL, NULL,
					      remove_secret };
