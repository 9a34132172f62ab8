/* AWS Secrets Manager: secrets are files of DIR/secrets, named by their
 * escaped names; and the password of the first user, as the warehouse's own
 * managed secret has it. */
#include "sandbox/services/api_secrets.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/json.h"
#include "data/url.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/services/api_json.h"
#include "sandbox/services/api_policy.h"

#define MANAGED "redshift!" IDENTITY_CLUSTER "-"
#define ARN                                                                    \
	"arn:aws:secretsmanager:" IDENTITY_REGION ":" IDENTITY_ACCOUNT         \
	":secret:"

enum { VALUE_BYTES = 65536 };

/* NAME and six characters of its own. */
static void add_arn(const char *name, struct str *out)
{
	CLEANUP(str_done) struct str hex = STR_EMPTY;

	hash_add_hex(HASH_SHA256, name, strlen(name), &hex);
	str_addf(out, ARN "%s-%.6s", name, hex.text);
}

/* The name of a name or an ARN, whole or without its six characters. */
static void add_name(const char *id, struct str *out)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	size_t len;

	if (!str_starts(id, ARN)) {
		str_add(out, id);
		return;
	}
	str_add(out, id + strlen(ARN));
	len = out->len;
	if (len > 7 && out->text[len - 7] == '-') {
		CLEANUP(mem_freep)
		char *name = mem_copy_slice(out->text, len - 7);

		add_arn(name, &whole);
		if (strcmp(whole.text, id) == 0)
			str_cut(out, len - 7);
	}
}

static void add_path_in(const char *dir, const char *name, struct str *out)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	CLEANUP(str_done) struct str file = STR_EMPTY;

	path_join(dir, "secrets", &folder);
	url_escape(&file, name, strlen(name), URL_ESCAPE_ALL);
	path_join(folder.text, file.text, out);
}

static void add_path(const struct s3_http_options *options, const char *name,
		     struct str *out)
{
	add_path_in(options->dir, name, out);
}

/* --- for the sandbox itself --- */

bool api_secrets_has(const char *dir, const char *name)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	add_path_in(dir, name, &path);
	return file_exists(path.text);
}

bool api_secrets_keep(const char *dir, const char *name, const char *value,
		      struct str *out_arn, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;

	add_path_in(dir, name, &path);
	path_dir(path.text, &folder);
	if (!file_make_dirs(folder.text, 0700, err) ||
	    !file_write(path.text, value, strlen(value), 0600, err))
		return false;
	add_arn(name, out_arn);
	return true;
}

bool api_secrets_value(const char *dir, const char *id, struct str *out,
		       struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;

	add_name(id, &name);
	add_path_in(dir, name.text, &path);
	return file_read(path.text, VALUE_BYTES, out, err);
}

bool api_secrets_forget(const char *dir, const char *id, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;

	add_name(id, &name);
	add_path_in(dir, name.text, &path);
	return file_remove_tree(path.text, err);
}

/* --- for the operations --- */

static bool is_managed(const struct s3_http_options *options, const char *name)
{
	return str_starts(name, MANAGED) &&
	       strcmp(name + strlen(MANAGED),
		      options->identity->master_user) == 0;
}

static bool read_managed(const struct s3_http_options *options,
			 struct str *out, struct err *err)
{
	CLEANUP(json_freep) struct json *json = json_new_object();
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str password = STR_EMPTY;

	path_join(options->dir, "password", &path);
	if (!file_read(path.text, VALUE_BYTES, &password, err))
		return false;
	str_trim_end(&password);
	json_put_text(json, "username", options->identity->master_user);
	json_put_text(json, "password", password.text);
	json_add(out, json);
	mem_wipe(password.text, password.len);
	return true;
}

static bool may(const struct s3_call *call, const char *action,
		const char *name, struct err *err)
{
	CLEANUP(str_done) struct str arn = STR_EMPTY;

	add_arn(name, &arn);
	return api_policy_check(call, action, arn.text, err);
}

static bool need_found(const char *path, struct err *err)
{
	return file_exists(path) ||
	       s3_call_refuse(err, "ResourceNotFoundException",
			      "Secrets Manager can't find the specified "
			      "secret.");
}

bool api_secrets_read(const struct s3_http_options *options, const char *id,
		      struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;

	add_name(id, &name);
	add_path(options, name.text, &path);
	if (is_managed(options, name.text))
		return read_managed(options, out, err);
	return need_found(path.text, err) &&
	       file_read(path.text, VALUE_BYTES, out, err);
}

static void put_who(struct json *out, const char *name, const char *value,
		    size_t len)
{
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(str_done) struct str hex = STR_EMPTY;

	add_arn(name, &arn);
	hash_add_hex(HASH_SHA256, value, len, &hex);
	json_put_text(out, "ARN", arn.text);
	json_put_text(out, "Name", name);
	str_cut(&hex, 36);
	json_put_text(out, "VersionId", hex.text);
}

static bool get_value(struct s3_call *call, const struct json *in,
		      struct json *out, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	struct json *stages = json_new_array();

	json_push_take(stages, json_new_text("AWSCURRENT"));
	json_put_take(out, "VersionStages", stages);
	add_name(json_text(in, "SecretId", ""), &name);
	if (!may(call, "secretsmanager:GetSecretValue", name.text, err) ||
	    !api_secrets_read(call->options, name.text, &value, err))
		return false;
	put_who(out, name.text, value.text, value.len);
	json_put_text(out, "SecretString", value.text);
	json_put_double(out, "CreatedDate", (double)clock_wall_ms() / 1000);
	mem_wipe(value.text, value.len);
	return true;
}

static bool write_value(struct s3_call *call, const char *name,
			const struct json *in, struct json *out,
			struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	const char *value = json_text(in, "SecretString", "");

	add_path(call->options, name, &path);
	path_dir(path.text, &folder);
	if (!file_make_dirs(folder.text, 0700, err) ||
	    !file_write(path.text, value, strlen(value), 0600, err))
		return false;
	put_who(out, name, value, strlen(value));
	return true;
}

static bool create(struct s3_call *call, const struct json *in,
		   struct json *out, struct err *err)
{
	const char *name = json_text(in, "Name", "");
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (!may(call, "secretsmanager:CreateSecret", name, err))
		return false;
	add_path(call->options, name, &path);
	if (file_exists(path.text) || is_managed(call->options, name))
		return s3_call_refuse(err, "ResourceExistsException",
				      "The operation failed because the secret "
				      "%s already exists.",
				      name);
	return write_value(call, name, in, out, err);
}

static bool put_value(struct s3_call *call, const struct json *in,
		      struct json *out, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;

	add_name(json_text(in, "SecretId", ""), &name);
	add_path(call->options, name.text, &path);
	return may(call, "secretsmanager:PutSecretValue", name.text, err) &&
	       need_found(path.text, err) &&
	       write_value(call, name.text, in, out, err);
}

static const struct api_member of_get[] = {
	{ "SecretId", API_TEXT, true, 1, 2048, NULL },
	{ "VersionStage", API_TEXT, false, 1, 256, "^AWSCURRENT$" },
	{ 0 },
};

static const struct api_member of_create[] = {
	{ "Name", API_TEXT, true, 1, 512, "^[A-Za-z0-9/_+=.@!-]+$" },
	{ "SecretString", API_TEXT, true, 1, VALUE_BYTES, NULL },
	{ "ClientRequestToken", API_TEXT, false, 32, 64, NULL },
	{ "Description", API_TEXT, false, 0, 2048, NULL },
	{ 0 },
};

static const struct api_member of_put[] = {
	{ "SecretId", API_TEXT, true, 1, 2048, NULL },
	{ "SecretString", API_TEXT, true, 1, VALUE_BYTES, NULL },
	{ "ClientRequestToken", API_TEXT, false, 32, 64, NULL },
	{ 0 },
};

static const struct api_json_op ops[] = {
	{ "CreateSecret", of_create, create },
	{ "GetSecretValue", of_get, get_value },
	{ "PutSecretValue", of_put, put_value },
	{ 0 },
};

const struct api_json_service api_secrets = { "secretsmanager", ops };
