#include "load/copy_parse.h"

#include <string.h>

#include "base/str.h"
#include "load/copy_reader.h"
#include "sql/quote.h"

/* The SQLSTATE of parameters that do not go together. */
#define CODE_CONFLICT "0A000"

/* --- values --- */

void copy_options_done(struct copy_options *options)
{
	for (size_t i = 0; i < options->given.count; i++) {
		struct copy_given *given = &options->given.items[i];

		if (given->text != NULL &&
		    given->option->argument == COPY_ARG_SECRET)
			mem_wipe(given->text, given->len);
		mem_free(given->text);
	}
	vec_done(&options->given);
	mem_free(options->auth.role);
	options->auth.role = NULL;
	secret_done(&options->auth.key_id);
	secret_done(&options->auth.key);
	secret_done(&options->auth.token);
	options->auth.kind = COPY_AUTH_NONE;
}

const struct copy_given *copy_options_get(const struct copy_options *options,
					  enum copy_option_id id)
{
	for (size_t i = 0; i < options->given.count; i++) {
		if (options->given.items[i].option->id == id)
			return &options->given.items[i];
	}
	return NULL;
}

bool copy_options_has(const struct copy_options *options,
		      enum copy_option_id id)
{
	return copy_options_get(options, id) != NULL;
}

void copy_statement_done(struct copy_statement *statement)
{
	mem_free(statement->schema);
	mem_free(statement->table);
	mem_free(statement->source);
	for (size_t i = 0; i < statement->columns.count; i++)
		mem_free(statement->columns.items[i]);
	vec_done(&statement->columns);
	copy_options_done(&statement->options);
	statement->schema = statement->table = statement->source = NULL;
}

void unload_statement_done(struct unload_statement *statement)
{
	mem_free(statement->query);
	mem_free(statement->target);
	copy_options_done(&statement->options);
	statement->query = statement->target = NULL;
}

/* --- authorization --- */

/* A key has parts: part is the one that comes, NULL: it is no key. */
static bool only_one_auth(struct copy_reader *reader, const struct secret *part)
{
	const struct copy_auth *auth = &reader->options->auth;

	if (auth->kind == COPY_AUTH_NONE ||
	    (part != NULL && auth->kind == COPY_AUTH_KEYS &&
	     !auth->credentials && !secret_is_set(part)))
		return true;
	err_set(reader->err, ERR_USAGE, "%s: authorization is given twice",
		copy_verb_name(reader->verb));
	return err_hint(reader->err, "give one of IAM_ROLE, CREDENTIALS and "
				     "ACCESS_KEY_ID with SECRET_ACCESS_KEY");
}

static bool read_role(struct copy_reader *reader)
{
	struct copy_auth *auth = &reader->options->auth;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!only_one_auth(reader, NULL))
		return false;
	if (copy_skip_word(reader, "DEFAULT")) {
		auth->kind = COPY_AUTH_DEFAULT;
		return true;
	}
	if (!copy_at_string(reader) || reader->token.open)
		return copy_unexpected(reader, "default or 'arn:aws:iam::...'",
				       "IAM_ROLE");
	quote_literal_read(&text, reader->token.text, reader->token.len,
			   reader->token.escapes);
	copy_step(reader);
	if (strcmp(text.text, "SESSION") == 0) {
		auth->kind = COPY_AUTH_SESSION;
		return true;
	}
	if (strpbrk(text.text, " \t\r\n") != NULL || text.len == 0) {
		err_set(reader->err, ERR_USAGE,
			"IAM_ROLE '%s' is not the ARN of a role", text.text);
		return err_hint(reader->err,
				"no blanks may stand in it, also not between "
				"chained roles");
	}
	auth->kind = COPY_AUTH_ROLE;
	auth->role = str_take(&text);
	return true;
}

static bool read_key(struct copy_reader *reader, struct secret *secret,
		     const char *name)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!only_one_auth(reader, secret))
		return false;
	if (!copy_at_string(reader) || reader->token.open)
		return copy_unexpected(reader, "a text in quotes", name);
	quote_literal_read(&text, reader->token.text, reader->token.len,
			   reader->token.escapes);
	copy_step(reader);
	secret_set_slice(secret, text.text, text.len);
	mem_wipe(text.text, text.len);
	reader->options->auth.kind = COPY_AUTH_KEYS;
	return true;
}

/* name=value;name=value without blanks. */
static bool read_pairs(struct copy_reader *reader, const char *text)
{
	struct copy_auth *auth = &reader->options->auth;

	while (*text != '\0') {
		size_t name = strcspn(text, "=;");
		const char *value = text + name + (text[name] == '=');
		size_t len = strcspn(value, ";");

		if (str_slice_equal(text, name, "aws_iam_role")) {
			auth->kind = COPY_AUTH_ROLE;
			mem_free(auth->role);
			auth->role = mem_copy_slice(value, len);
		} else if (str_slice_equal(text, name, "aws_access_key_id")) {
			auth->kind = COPY_AUTH_KEYS;
			secret_set_slice(&auth->key_id, value, len);
		} else if (str_slice_equal(text, name,
					   "aws_secret_access_key")) {
			secret_set_slice(&auth->key, value, len);
		} else if (str_slice_equal(text, name, "token")) {
			secret_set_slice(&auth->token, value, len);
		} else if (str_slice_equal(text, name,
					   "master_symmetric_key")) {
			auth->master_key = true;
		} else {
			return err_set(reader->err, ERR_USAGE,
				       "CREDENTIALS: unknown name before '='");
		}
		text = value + len;
		text += *text == ';';
	}
	return true;
}

static bool read_credentials(struct copy_reader *reader)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool good;

	copy_skip_word(reader, "AS");
	if (!only_one_auth(reader, NULL))
		return false;
	if (!copy_at_string(reader) || reader->token.open)
		return copy_unexpected(reader, "a text in quotes",
				       "CREDENTIALS");
	quote_literal_read(&text, reader->token.text, reader->token.len,
			   reader->token.escapes);
	copy_step(reader);
	good = read_pairs(reader, text.text);
	reader->options->auth.credentials = true;
	mem_wipe(text.text, text.len);
	return good;
}

/* *out_found: the word looked at began an authorization, which was read. */
static bool read_auth(struct copy_reader *reader, bool *out_found)
{
	struct copy_auth *auth = &reader->options->auth;

	*out_found = true;
	if (copy_skip_word(reader, "IAM_ROLE"))
		return read_role(reader);
	if (copy_skip_word(reader, "ACCESS_KEY_ID"))
		return read_key(reader, &auth->key_id, "ACCESS_KEY_ID");
	if (copy_skip_word(reader, "SECRET_ACCESS_KEY"))
		return read_key(reader, &auth->key, "SECRET_ACCESS_KEY");
	if (copy_skip_word(reader, "SESSION_TOKEN"))
		return read_key(reader, &auth->token, "SESSION_TOKEN");
	if (copy_skip_word(reader, "WITH") &&
	    !token_is(&reader->token, "CREDENTIALS"))
		return copy_unexpected(reader, "CREDENTIALS", "WITH");
	if (copy_skip_word(reader, "CREDENTIALS"))
		return read_credentials(reader);
	*out_found = false;
	return true;
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

/* --- the tail --- */

static bool unknown_parameter(struct copy_reader *reader)
{
	const struct token *token = &reader->token;
	enum copy_verb other = reader->verb == COPY_VERB_COPY ? COPY_VERB_UNLOAD
							      : COPY_VERB_COPY;
	const char *near;

	if (token->kind != TOKEN_WORD)
		return copy_unexpected(reader, "a parameter",
				       "what stands before");
	near = copy_option_nearest(reader->verb, token->text, token->len);
	err_set(reader->err, ERR_USAGE, "%s has no parameter %.*s",
		copy_verb_name(reader->verb),
		(int)(token->len < 60 ? token->len : 60), token->text);
	if (copy_option_find(other, token->text, token->len) != NULL)
		return err_hint(reader->err, "it is a parameter of %s",
				copy_verb_name(other));
	if (near != NULL)
		return err_hint(reader->err, "did you mean %s?", near);
	return err_hint(reader->err, "\\h %s lists the parameters",
			copy_verb_name(reader->verb));
}

static bool read_parameter(struct copy_reader *reader)
{
	struct token *token = &reader->token;
	bool format = copy_skip_word(reader, "FORMAT");
	const struct copy_option *option;

	if (format)
		copy_skip_word(reader, "AS");
	option = token->kind == TOKEN_WORD
			 ? copy_option_find(reader->verb, token->text,
					    token->len)
			 : NULL;
	/* FORMAT AS DELIMITER '|' is in the guide's grammar */
	if (format && (option == NULL || (option->group != COPY_GROUP_FORMAT &&
					  option->id != COPY_DELIMITER)))
		return copy_unexpected(reader, "a format such as CSV",
				       "FORMAT");
	if (option == NULL)
		return unknown_parameter(reader);
	if (copy_options_has(reader->options, option->id))
		return err_set(reader->err, ERR_USAGE, "%s is given twice",
			       option->name);

	struct copy_given given = { .option = option, .at = token->at };

	copy_step(reader);
	if (!copy_read_argument(reader, &given)) {
		mem_free(given.text);
		return false;
	}
	vec_push(&reader->options->given, given);
	return true;
}

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

static const struct {
	const char *scheme;
	const char *what;
	const char *excludes; /* blank separated */
	const char *needs;    /* or NULL */
} sources[] = {
	{ "s3://", "S3", "READRATIO", NULL },
	{ "emr://", "EMR", "ENCRYPTED MANIFEST REGION READRATIO SSH ZSTD",
	  NULL },
	{ "dynamodb://", "DynamoDB",
	  "CSV DELIMITER FIXEDWIDTH SHAPEFILE AVRO JSON PARQUET ORC GZIP BZIP2 "
	  "LZOP ZSTD QUOTE ESCAPE FILLRECORD IGNOREBLANKLINES IGNOREHEADER "
	  "NULL REMOVEQUOTES ACCEPTINVCHARS MANIFEST ENCRYPTED SSH",
	  "READRATIO" },
};

static bool check_source(const struct copy_options *options, size_t source,
			 struct err *err)
{
	bool found = sources[source].needs == NULL;

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

bool copy_options_check_source(const struct copy_options *options,
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

static bool check_options(const struct copy_options *options, struct err *err)
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
	       check_keys(&options->auth, err);
}

static bool read_tail(struct copy_reader *reader)
{
	while (!copy_at_end(reader)) {
		bool found;

		/* the grammar of r_COPY prints commas, no example has one */
		if (reader->options->given.count > 0)
			copy_skip_char(reader, ',');
		if (!read_auth(reader, &found))
			return false;
		if (!found && !read_parameter(reader))
			return false;
	}
	return check_options(reader->options, reader->err);
}

static void start(struct copy_reader *reader, const char *text, size_t len)
{
	lexer_init(&reader->lexer, text, len, LEXER_ESCAPES, NULL);
	copy_step(reader);
}

bool copy_options_parse(struct copy_options *out, enum copy_verb verb,
			const char *text, size_t len, struct err *err)
{
	struct copy_reader reader = { .verb = verb,
				      .options = out,
				      .err = err };

	start(&reader, text, len);
	return read_tail(&reader);
}

/* --- whole statements --- */

/* A literal that names a place: the server's own reading. */
static bool take_place(struct copy_reader *reader, const char *after,
		       char **out_text)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!copy_at_string(reader))
		return copy_unexpected(reader, "a location in quotes", after);
	if (reader->token.open)
		return err_set(reader->err, ERR_USAGE,
			       "%s: the quote after %s is not closed",
			       copy_verb_name(reader->verb), after);
	quote_literal_read(&text, reader->token.text, reader->token.len,
			   reader->token.escapes);
	*out_text = str_take(&text);
	copy_step(reader);
	return true;
}

static bool read_table(struct copy_reader *reader, struct copy_statement *out)
{
	if (reader->token.kind == TOKEN_TEMP) {
		out->table =
			mem_copy_slice(reader->token.text, reader->token.len);
		copy_step(reader);
		return true;
	}
	if (!copy_at_name(reader))
		return copy_unexpected(reader, "a table", "COPY");
	out->table = copy_take_name(reader);
	if (!copy_skip_char(reader, '.'))
		return true;
	if (!copy_at_name(reader))
		return copy_unexpected(reader, "a table", "the schema");
	out->schema = out->table;
	out->table = copy_take_name(reader);
	if (token_is_char(&reader->token, '.'))
		return err_set(reader->err, ERR_USAGE,
			       "COPY cannot load a table of another database");
	return true;
}

static bool read_columns(struct copy_reader *reader, struct copy_statement *out)
{
	if (!copy_skip_char(reader, '('))
		return true;
	do {
		if (!copy_at_name(reader))
			return copy_unexpected(reader, "a column",
					       "the open parenthesis");
		vec_push(&out->columns, copy_take_name(reader));
	} while (copy_skip_char(reader, ','));
	if (!copy_skip_char(reader, ')'))
		return copy_unexpected(reader, ")", "the columns");
	return true;
}

bool copy_parse(struct copy_statement *out, const char *sql, size_t len,
		struct err *err)
{
	struct copy_reader reader = { .verb = COPY_VERB_COPY,
				      .options = &out->options,
				      .err = err };

	start(&reader, sql, len);
	if (!copy_skip_word(&reader, "COPY"))
		return err_set(err, ERR_USAGE, "not a COPY statement");
	if (token_is(&reader.token, "JOB"))
		return err_set(err, ERR_USAGE,
			       "COPY JOB statements load nothing themselves");
	if (!read_table(&reader, out) || !read_columns(&reader, out))
		return false;
	if (!copy_skip_word(&reader, "FROM"))
		return copy_unexpected(&reader, "FROM", "the table");
	if (token_is(&reader.token, "STDIN") ||
	    token_is(&reader.token, "STDOUT")) {
		err_set(err, ERR_USAGE,
			"COPY FROM STDIN is not a statement "
			"of Redshift");
		return err_hint(err, "put the file to S3 with \\s3put and "
				     "load it from there");
	}
	if (!take_place(&reader, "FROM", &out->source))
		return false;
	return read_tail(&reader);
}

bool unload_parse(struct unload_statement *out, const char *sql, size_t len,
		  struct err *err)
{
	struct copy_reader reader = { .verb = COPY_VERB_UNLOAD,
				      .options = &out->options,
				      .err = err };
	CLEANUP(str_done) struct str query = STR_EMPTY;

	start(&reader, sql, len);
	if (!copy_skip_word(&reader, "UNLOAD"))
		return err_set(err, ERR_USAGE, "not an UNLOAD statement");
	if (!copy_skip_char(&reader, '('))
		return copy_unexpected(&reader, "('select ...')", "UNLOAD");
	if (!copy_at_string(&reader) || reader.token.open) {
		copy_unexpected(&reader, "a query in quotes", "UNLOAD (");
		return err_hint(err, "write the query as one literal, its "
				     "own quotes doubled, or use \\copyto");
	}
	quote_literal_read(&query, reader.token.text, reader.token.len,
			   reader.token.escapes);
	out->query = mem_copy_slice(query.text, query.len);
	copy_step(&reader);
	if (!copy_skip_char(&reader, ')'))
		return copy_unexpected(&reader, ")", "the query");
	if (!copy_skip_word(&reader, "TO"))
		return copy_unexpected(&reader, "TO", "the query");
	if (!take_place(&reader, "TO", &out->target))
		return false;
	return read_tail(&reader);
}
