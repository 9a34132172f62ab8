#include "load/copy_rules.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "load/copy_parse.h"

/* The SQLSTATE of parameters that do not go together. */
#define CODE_CONFLICT "0A000"

/* --- between parameters --- */

/* In the server's own words: a format comes first. */
static bool check_pair(const struct copy_option *a, const struct copy_option *b,
		       struct err *err)
{
	const struct copy_option *tight = a->only_with != NULL ? a : b;
	const struct copy_option *other = tight == a ? b : a;

	if (!copy_option_excludes(a, b))
		return true;
	if (tight->only_with != NULL) {
		err_set(err, ERR_USAGE,
			"%s argument is not supported for %s based COPY",
			other->name, tight->name);
		err_set_code(err, CODE_CONFLICT);
		return err_hint(err, "with %s only these may be given: %s",
				tight->name, tight->only_with);
	}
	if (b->group == COPY_GROUP_FORMAT && a->group != COPY_GROUP_FORMAT) {
		other = a;
		a = b;
		b = other;
	}
	err_set(err, ERR_USAGE, "%s is not compatible with %s", a->name,
		b->name);
	err_set_code(err, CODE_CONFLICT);
	return err_hint(err, "leave one of them out");
}

/* What a value of the option itself, or the authorization, stands for. */
static bool needs_nothing(const struct copy_options *options,
			  const struct copy_given *given)
{
	const struct copy_option *option = given->option;
	bool is_auto = given->text != NULL && strcmp(given->text, "AUTO") == 0;

	return option->needs == NULL ||
	       (option->id == COPY_ENCRYPTED &&
		(is_auto || options->auth.master_key));
}

static bool check_needs(const struct copy_options *options,
			const struct copy_given *given, struct err *err)
{
	const struct copy_option *option = given->option;

	if (needs_nothing(options, given))
		return true;
	for (size_t i = 0; i < options->given.count; i++) {
		const char *name = options->given.items[i].option->name;

		if (copy_option_in(option->needs, name, strlen(name)))
			return true;
	}
	return err_set(err, ERR_USAGE, "%s needs %s beside it", option->name,
		       option->needs);
}

/* Rules that hang on a value. */
static bool check_values(const struct copy_options *options, struct err *err)
{
	static const struct {
		enum copy_option_id id;
		const char *values; /* of that option, blank separated */
		enum copy_option_id other;
	} pairs[] = {
		{ COPY_ENCRYPTED, "AUTO", COPY_KMS_KEY_ID },
		{ COPY_ENCRYPTED, "AUTO", COPY_MASTER_SYMMETRIC_KEY },
		{ COPY_COMPUPDATE, "OFF FALSE", COPY_COMPROWS },
		{ COPY_ENCODING, "UTF16 UTF16LE UTF16BE ISO88591",
		  COPY_FIXEDWIDTH },
	};

	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		const struct copy_given *given =
			copy_options_get(options, pairs[i].id);
		const struct copy_given *other =
			copy_options_get(options, pairs[i].other);

		if (given != NULL && other != NULL && given->text != NULL &&
		    copy_option_in(pairs[i].values, given->text, given->len)) {
			err_set(err, ERR_USAGE,
				"%s is not compatible with %s %s",
				other->option->name, given->option->name,
				given->text);
			return err_set_code(err, CODE_CONFLICT);
		}
	}
	return true;
}

/* A line end can be no NULL: it ends the record. */
static bool check_null(const struct copy_options *options, struct err *err)
{
	const struct copy_given *given = copy_options_get(options, COPY_NULL);

	if (given == NULL || given->option->verbs != COPY_VERB_COPY ||
	    given->text == NULL || strcmp(given->text, "\n") != 0)
		return true;
	return err_set(err, ERR_USAGE,
		       "NULL argument is not supported: a line end ends the "
		       "record");
}

/* --- the authorization --- */

static bool is_columnar(const struct copy_options *options)
{
	return copy_options_has(options, COPY_PARQUET) ||
	       copy_options_has(options, COPY_ORC);
}

static bool check_keys(const struct copy_auth *auth, struct err *err)
{
	if (auth->kind != COPY_AUTH_KEYS)
		return true;
	if (!secret_is_set(&auth->key_id) || !secret_is_set(&auth->key))
		return err_set(err, ERR_USAGE,
			       "authorization by key needs both the key's id "
			       "and the secret key");
	return true;
}

static const char *auth_name(const struct copy_auth *auth)
{
	switch (auth->kind) {
	case COPY_AUTH_KEYS:
		return auth->credentials ? "CREDENTIALS with keys"
					 : "ACCESS_KEY_ID";
	case COPY_AUTH_DEFAULT:
		return "IAM_ROLE default";
	case COPY_AUTH_SESSION:
		return "IAM_ROLE 'SESSION'";
	case COPY_AUTH_NONE:
	case COPY_AUTH_ROLE:
		break;
	}
	return "IAM_ROLE";
}

static bool refuse_auth(const struct copy_auth *auth, const char *with,
			struct err *err)
{
	err_set(err, ERR_USAGE, "%s is not compatible with %s",
		auth_name(auth), with);
	err_set_code(err, CODE_CONFLICT);
	return err_hint(err, "write iam_role 'arn:aws:iam::ACCOUNT:role/NAME'");
}

/* r_COPY-JOB: a role by its ARN. Columnar files and KMS keys (r_UNLOAD): a
 * role of any kind. */
static bool check_auth(const struct copy_options *options, struct err *err)
{
	const struct copy_auth *auth = &options->auth;

	if (!check_keys(auth, err))
		return false;
	if (auth->kind != COPY_AUTH_NONE && auth->kind != COPY_AUTH_ROLE &&
	    copy_options_has(options, COPY_JOB))
		return refuse_auth(auth, "JOB", err);
	if (auth->kind != COPY_AUTH_KEYS)
		return true;
	if (copy_options_has(options, COPY_KMS_KEY_ID))
		return refuse_auth(auth, "KMS_KEY_ID", err);
	if (is_columnar(options) &&
	    options->given.items[0].option->verbs == COPY_VERB_COPY)
		return refuse_auth(auth,
				   copy_options_has(options, COPY_ORC)
					   ? "ORC"
					   : "PARQUET",
				   err);
	return true;
}

/* --- the place --- */

static const struct {
	const char *scheme;
	const char *what;
	const char *excludes; /* blank separated */
	const char *needs;    /* or NULL */
} sources[] = {
	{ "s3://", "S3", "READRATIO", NULL },
	{ "emr://", "EMR",
	  "ENCRYPTED MASTER_SYMMETRIC_KEY MANIFEST REGION READRATIO SSH ZSTD "
	  "SHAPEFILE PARQUET ORC JOB",
	  NULL },
	{ "dynamodb://", "DynamoDB",
	  "CSV DELIMITER FIXEDWIDTH SHAPEFILE AVRO JSON PARQUET ORC GZIP BZIP2 "
	  "LZOP ZSTD QUOTE ESCAPE FILLRECORD IGNOREBLANKLINES IGNOREHEADER "
	  "NULL REMOVEQUOTES ACCEPTINVCHARS MANIFEST ENCRYPTED SSH ENCODING "
	  "EXPLICIT_IDS MASTER_SYMMETRIC_KEY JOB",
	  "READRATIO" },
};

static bool check_source(const struct copy_options *options, size_t source,
			 struct err *err)
{
	bool found = sources[source].needs == NULL;

	if (source > 0 && options->auth.kind == COPY_AUTH_SESSION)
		return refuse_auth(&options->auth, sources[source].what, err);
	for (size_t i = 0; i < options->given.count; i++) {
		const char *name = options->given.items[i].option->name;

		if (copy_option_in(sources[source].excludes, name,
				   strlen(name))) {
			err_set(err, ERR_USAGE,
				"%s is not compatible with a load from %s",
				name, sources[source].what);
			err_set_code(err, CODE_CONFLICT);
			return err_hint(err, "leave it out");
		}
		found |= sources[source].needs != NULL &&
			 strcmp(name, sources[source].needs) == 0;
	}
	return found ||
	       err_set(err, ERR_USAGE, "a load from %s needs %s",
		       sources[source].what, sources[source].needs) ||
	       err_hint(err, "READRATIO 50 lets COPY use half of what the "
			     "table may be read");
}

bool copy_rules_check_source(const struct copy_options *options,
			     const char *source, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		size_t len = strlen(sources[i].scheme);

		if (strlen(source) >= len &&
		    str_slice_equal_nocase(source, len, sources[i].scheme))
			return check_source(options, i, err);
	}
	return true;
}

bool copy_rules_check(const struct copy_options *options, struct err *err)
{
	for (size_t i = 0; i < options->given.count; i++) {
		const struct copy_option *a = options->given.items[i].option;

		if (!check_needs(options, &options->given.items[i], err))
			return false;
		for (size_t j = i + 1; j < options->given.count; j++) {
			if (!check_pair(a, options->given.items[j].option, err))
				return false;
		}
	}
	return check_values(options, err) && check_null(options, err) &&
	       check_auth(options, err);
}
