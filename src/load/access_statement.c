#include "load/access_statement.h"

#include <string.h>

#include "sql/lexer.h"

void access_statement_done(struct access_statement *statement)
{
	copy_statement_done(&statement->copy);
	unload_statement_done(&statement->unload);
	s3_uri_done(&statement->uri);
	str_done(&statement->sample);
}

static bool try_copy(struct access_statement *out, const char *text, size_t len)
{
	struct copy_statement found = COPY_STATEMENT_EMPTY;
	struct err ignored = ERR_EMPTY;

	if (copy_parse(&found, text, len, &ignored)) {
		out->copy = found;
		return true;
	}
	copy_statement_done(&found);
	return false;
}

static bool try_unload(struct access_statement *out, const char *text,
		       size_t len)
{
	struct unload_statement found = UNLOAD_STATEMENT_EMPTY;
	struct err ignored = ERR_EMPTY;

	if (unload_parse(&found, text, len, &ignored)) {
		out->unload = found;
		return true;
	}
	unload_statement_done(&found);
	return false;
}

/* Tries what begins at each statement's first word. */
static bool parse_first(struct access_statement *out, const char *sql,
			bool *out_writes)
{
	size_t len = strlen(sql);
	bool begins = true;
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES, NULL);
	do {
		const char *text;

		token = lexer_next_solid(&lexer);
		text = sql + token.at;
		*out_writes = token_is(&token, "UNLOAD");
		if (begins && *out_writes &&
		    try_unload(out, text, len - token.at))
			return true;
		if (begins && token_is(&token, "COPY") &&
		    try_copy(out, text, len - token.at))
			return true;
		begins = token_is_char(&token, ';');
	} while (token.kind != TOKEN_END);
	return false;
}

static const char *argument(const struct copy_options *options,
			    enum copy_option_id id)
{
	const struct copy_given *given = copy_options_get(options, id);

	return given != NULL && given->text != NULL ? given->text : "";
}

static const char *roles_of(const struct copy_auth *auth)
{
	if (auth->kind == COPY_AUTH_DEFAULT)
		return "default";
	return auth->kind == COPY_AUTH_ROLE ? auth->role : "";
}

bool access_statement_read(struct access_statement *out, const char *sql,
			   const char *sample,
			   const struct access_server *server)
{
	const struct copy_options *options;
	struct access_ask *ask = &out->ask;
	bool writes;

	if (!parse_first(out, sql, &writes))
		return false;
	options = writes ? &out->unload.options : &out->copy.options;
	if (!s3_uri_parse_bucket(&out->uri,
				 writes ? out->unload.target : out->copy.source,
				 NULL))
		return false;
	/* what is staged is not there yet */
	if (s3_uri_is(sample))
		str_set(&out->sample, sample);
	*ask = (struct access_ask){
		.writes = writes,
		.deletes = writes && copy_options_has(options, COPY_CLEANPATH),
		.manifest = !writes && copy_options_has(options, COPY_MANIFEST),
		.bucket = out->uri.bucket.text,
		.prefix = out->uri.key.text,
		.sample = out->sample.text,
		.roles = roles_of(&options->auth),
		.key = argument(options, COPY_KMS_KEY_ID),
		.bucket_key =
			writes &&
			str_equal_nocase(argument(options, COPY_ENCRYPTED),
					 "auto"),
		.region = argument(options, COPY_REGION),
		.host = server->host,
		.port = server->port,
		.only_here =
			!writes && (copy_options_has(options, COPY_PARQUET) ||
				    copy_options_has(options, COPY_ORC)),
	};
	return true;
}
