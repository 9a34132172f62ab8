#include "load/copy_parse.h"

#include <string.h>

#include "base/str.h"
#include "load/copy_reader.h"
#include "load/copy_rules.h"
#include "sql/quote.h"

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
	vec_done(&options->auth_at);
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

static bool names_someone(struct copy_reader *reader)
{
	const struct copy_auth *auth = &reader->options->auth;

	if (auth->kind != COPY_AUTH_NONE &&
	    !(auth->role != NULL && secret_is_set(&auth->key_id)))
		return true;
	err_set(reader->err, ERR_USAGE,
		"CREDENTIALS '...' names %s",
		auth->role != NULL ? "a role and keys" : "nobody");
	return err_hint(reader->err,
			"write 'aws_iam_role=ARN', or 'aws_access_key_id=ID;"
			"aws_secret_access_key=KEY[;token=TOKEN]'");
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
	good = strpbrk(text.text, " \t\r\n") == NULL ||
	       err_set(reader->err, ERR_USAGE,
		       "no blanks may stand in CREDENTIALS '...'");
	good = good && read_pairs(reader, text.text) &&
	       names_someone(reader);
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
	if (reader->verb == COPY_VERB_COPY && token_is(token, "HEADER"))
		return err_hint(reader->err, "ignoreheader 1 passes over a "
					     "line of names; HEADER is a "
					     "parameter of UNLOAD");
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
	size_t at = token->at;
	bool format = copy_skip_word(reader, "FORMAT");
	const struct copy_option *option;

	/* [FORMAT] [AS] CSV: either word may be left out */
	format |= copy_skip_word(reader, "AS");
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

	struct copy_given given = { .option = option, .at = at };

	copy_step(reader);
	if (!copy_read_argument(reader, &given)) {
		mem_free(given.text);
		return false;
	}
	given.end = reader->end;
	vec_push(&reader->options->given, given);
	return true;
}

static bool read_tail(struct copy_reader *reader)
{
	while (!copy_at_end(reader)) {
		struct copy_span span = { reader->token.at, 0 };
		bool found;

		if (!read_auth(reader, &found))
			return false;
		span.end = reader->end;
		if (found)
			vec_push(&reader->options->auth_at, span);
		else if (!read_parameter(reader))
			return false;
		/* the grammar of r_COPY prints commas, no example has one */
		copy_skip_char(reader, ',');
	}
	if (copy_skip_char(reader, ';') && reader->token.kind != TOKEN_END)
		return copy_unexpected(reader, "nothing more",
				       "the semicolon");
	return copy_rules_check(reader->options, reader->err);
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
