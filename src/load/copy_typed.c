#include "load/copy_typed.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "load/copy_args.h"
#include "sql/keyword.h"
#include "sql/lexer.h"
#include "sql/quote.h"

/* --- roles --- */

enum { CHAIN_MAX = 10 }; /* copy-parameters-authorization */

static bool is_role_arn(const char *text, size_t len)
{
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	const char *role;

	str_set_slice(&arn, text, len);
	role = strstr(arn.text, ":role/");
	return str_starts(arn.text, "arn:") && role != NULL &&
	       role[strlen(":role/")] != '\0' &&
	       strpbrk(arn.text, " \t\r\n'") == NULL;
}

static bool no_role(const char *text, size_t len, struct err *err)
{
	err_set(err, ERR_USAGE, "'%.*s' is not the ARN of a role",
		(int)(len < 200 ? len : 200), text);
	return err_hint(err, "a role is arn:aws:iam::ACCOUNT:role/NAME, or "
			     "several with commas between for a chain, "
			     "default or 'SESSION'");
}

static bool check_chain(const char *roles, struct err *err)
{
	size_t count = 0;

	for (;;) {
		size_t len = strcspn(roles, ",");

		if (!is_role_arn(roles, len))
			return no_role(roles, len, err);
		if (++count > CHAIN_MAX)
			return err_set(err, ERR_USAGE,
				       "no more than %d roles can be chained",
				       CHAIN_MAX);
		if (roles[len] == '\0')
			return true;
		roles += len + 1;
	}
}

bool copy_typed_role(struct str *role, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (str_equal_nocase(role->text, "default")) {
		str_set(role, "default");
		return true;
	}
	if (str_equal_nocase(role->text, "session")) {
		str_set(role, "SESSION");
		return true;
	}
	for (size_t i = 0; i < role->len; i++)
		if (!isspace((unsigned char)role->text[i]))
			str_add_char(&text, role->text[i]);
	str_set(role, text.text);
	return check_chain(role->text, err);
}

/* One typed behind IAM_ROLE goes to the server as it is. */
static bool check_auth(const struct copy_auth *auth, struct err *err)
{
	if (auth->role == NULL)
		return true;
	if (auth->credentials) {
		size_t len = strlen(auth->role);

		return is_role_arn(auth->role, len) ||
		       no_role(auth->role, len, err);
	}
	if (str_equal_nocase(auth->role, "default")) {
		err_set(err, ERR_USAGE,
			"IAM_ROLE default stands without quotes");
		return err_hint(err, "write iam_role default");
	}
	if (str_equal_nocase(auth->role, "session")) {
		err_set(err, ERR_USAGE, "IAM_ROLE 'SESSION' is written in "
					"capitals");
		return err_hint(err, "write iam_role 'SESSION'");
	}
	return check_chain(auth->role, err);
}

/* --- names --- */

static bool is_reserved(const struct token *token)
{
	return token->kind == TOKEN_WORD &&
	       keyword_is_reserved(token->text, token->len);
}

static bool reserved(const struct token *token, const char *what,
		     struct err *err)
{
	err_set(err, ERR_USAGE, "%.*s is a reserved word and no name of a %s",
		(int)token->len, token->text, what);
	return err_hint(err, "in quotes it is one: \"%.*s\"", (int)token->len,
			token->text);
}

static bool no_table(const char *table, struct err *err)
{
	err_set(err, ERR_USAGE, "%.200s is no name of a table", table);
	return err_hint(err, "write table, schema.table or \"Odd Name\"");
}

bool copy_typed_table(const char *table, struct err *err)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, table, strlen(table), LEXER_ESCAPES, NULL);
	for (int parts = 1; parts <= 3; parts++) {
		token = lexer_next(&lexer);
		if ((token.kind != TOKEN_WORD && token.kind != TOKEN_NAME &&
		     token.kind != TOKEN_TEMP) ||
		    token.open || token.len == 0 ||
		    (token.kind == TOKEN_NAME && token.len <= 2))
			return no_table(table, err);
		if (parts == 1 && is_reserved(&token))
			return reserved(&token, "table", err);
		token = lexer_next(&lexer);
		if (token.kind == TOKEN_END)
			return true;
		if (!token_is_char(&token, '.'))
			return no_table(table, err);
	}
	err_set(err, ERR_USAGE, "%.200s has too many parts", table);
	return err_hint(err, "a table is database.schema.table at most");
}

static bool is_twice(const struct copy_args *args, size_t until,
		     const char *name)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, args->columns.text, until, LEXER_ESCAPES, NULL);
	for (;;) {
		CLEANUP(str_done) struct str other = STR_EMPTY;

		token = lexer_next_solid(&lexer);
		if (token.kind == TOKEN_END)
			return false;
		if (token.kind != TOKEN_WORD && token.kind != TOKEN_NAME)
			continue;
		quote_name_read(&other, token.text, token.len, true);
		if (strcmp(other.text, name) == 0)
			return true;
	}
}

/* One name of the list; *out_more: a comma follows. */
static bool check_column(const struct copy_args *args, struct lexer *lexer,
			 bool *out_more, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct token token = lexer_next_solid(lexer);

	if ((token.kind != TOKEN_WORD && token.kind != TOKEN_NAME) ||
	    token.open) {
		err_set(err, ERR_USAGE, "%.300s is no list of columns",
			args->columns.text);
		return err_hint(err, "write (a, b, \"Odd Name\")");
	}
	if (is_reserved(&token))
		return reserved(&token, "column", err);
	quote_name_read(&name, token.text, token.len, true);
	if (is_twice(args, token.at, name.text))
		return err_set(err, ERR_USAGE,
			       "the column %s is listed twice", name.text);
	token = lexer_next_solid(lexer);
	*out_more = token_is_char(&token, ',');
	if (*out_more || token_is_char(&token, ')'))
		return true;
	err_set(err, ERR_USAGE, "%.300s is no list of columns",
		args->columns.text);
	return err_hint(err, "write (a, b, \"Odd Name\")");
}

static bool check_columns(const struct copy_args *args, struct err *err)
{
	struct lexer lexer;
	bool more = args->columns.len > 0;

	lexer_init(&lexer, args->columns.text, args->columns.len,
		   LEXER_ESCAPES, NULL);
	lexer_next_solid(&lexer); /* the parenthesis */
	while (more) {
		if (!check_column(args, &lexer, &more, err))
			return false;
	}
	return true;
}

/* --- places --- */

/* Whether there is such a bucket is for S3 to say. */
static bool check_s3(const struct copy_args *args, const char *uri,
		     struct err *err)
{
	const char *bucket = uri + strlen("s3://");
	size_t len = strcspn(bucket, "/");
	bool ssh = copy_options_has(&args->options, COPY_SSH);

	if (len == 0) {
		err_set(err, ERR_USAGE, "no bucket in %s", uri);
		return err_hint(err, "write s3://bucket/key");
	}
	if (args->verb == COPY_VERB_UNLOAD) {
		if (len < strlen("-s3alias") ||
		    !str_starts(bucket + len - strlen("-s3alias"), "-s3alias"))
			return true;
		err_set(err, ERR_USAGE,
			"UNLOAD cannot write to the alias of an access point: "
			"%.*s",
			(int)len, bucket);
		return err_hint(err, "name the bucket itself");
	}
	if ((bucket[len] != '\0' && !str_ends(bucket, "/")) ||
	    (!ssh && !copy_options_has(&args->options, COPY_MANIFEST)))
		return true;
	err_set(err, ERR_USAGE, "%s needs the full name of one object, %s is "
		"a folder", ssh ? "SSH" : "MANIFEST", uri);
	return err_hint(err, "look with \\s3ls %s", uri);
}

/* EMR: 'emr://j-SAMPLE2B500FC/path'; DynamoDB: 3 to 255 of these letters. */
static bool check_elsewhere(const char *uri, struct err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.-";
	const char *name = strstr(uri, "://") + strlen("://");

	if (str_starts(uri, "dynamodb://")) {
		if (strlen(name) >= 3 && strlen(name) <= 255 &&
		    name[strspn(name, letters)] == '\0')
			return true;
		err_set(err, ERR_USAGE, "%s names no DynamoDB table", uri);
		return err_hint(err, "write dynamodb://table: 3 to 255 "
				     "letters, digits, _ . and -");
	}
	if (str_starts(name, "j-") && strchr(name, '/') > name + 2 &&
	    strchr(name, '/')[1] != '\0')
		return true;
	err_set(err, ERR_USAGE, "%s names no files of an EMR cluster", uri);
	return err_hint(err, "write emr://j-CLUSTER/path; * and ? may stand "
			     "in it");
}

static bool check_uri(const struct copy_args *args, const char *uri,
		      struct err *err)
{
	return str_starts(uri, "s3://") ? check_s3(args, uri, err)
					: check_elsewhere(uri, err);
}

/* Several URIs become a list of objects: COPY knows lists of S3 only. */
static bool check_place(const struct copy_args *args, struct err *err)
{
	if (args->place != COPY_PLACE_URI || args->uri.len == 0)
		return true;
	if (!check_uri(args, args->uri.text, err))
		return false;
	for (size_t i = 0; i < args->more.count; i++) {
		const char *uri = args->more.items[i];

		if (!check_uri(args, uri, err))
			return false;
		if (!str_starts(args->uri.text, "s3://") ||
		    !str_starts(uri, "s3://"))
			return err_set(err, ERR_USAGE,
				       "several places at once must all be in "
				       "S3");
	}
	return true;
}

/* --- values of parameters --- */

/* The text of a parameter; NULL: not given or without one. */
static const char *text_of(const struct copy_args *args,
			   enum copy_option_id id)
{
	const struct copy_given *given = copy_options_get(&args->options, id);

	return given != NULL ? given->text : NULL;
}

/* eu-west-1, us-gov-east-1 */
static bool check_region(const struct copy_args *args, struct err *err)
{
	const char *region = text_of(args, COPY_REGION);
	size_t len = region != NULL ? strlen(region) : 0;

	if (region == NULL)
		return true;
	if (len >= 5 && isdigit((unsigned char)region[len - 1]) &&
	    strchr(region, '-') != NULL &&
	    region[strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
		    '\0')
		return true;
	err_set(err, ERR_USAGE, "REGION '%.60s' is not the name of a region",
		region);
	return err_hint(err, "write it as region 'eu-west-1'");
}

/* The words are compared letter by letter. */
static bool check_word(const char *name, const char *text,
		       const char *const words[], struct err *err)
{
	for (size_t i = 0; words[i] != NULL; i++) {
		if (str_equal_nocase(text, words[i]) &&
		    strcmp(text, words[i]) != 0) {
			err_set(err, ERR_USAGE, "%s '%s': the word is written "
				"in small letters", name, text);
			return err_hint(err, "write '%s'", words[i]);
		}
	}
	return true;
}

/* r_DATEFORMAT_and_TIMEFORMAT_strings: no time zone in a TIMEFORMAT. */
static bool check_times(const struct copy_args *args, struct err *err)
{
	static const char *const days[] = { "auto", NULL };
	static const char *const times[] = { "auto", "epochsecs",
					     "epochmillisecs", NULL };
	const char *date = text_of(args, COPY_DATEFORMAT);
	const char *time = text_of(args, COPY_TIMEFORMAT);

	if ((date != NULL && *date == '\0') || (time != NULL && *time == '\0'))
		return err_set(err, ERR_USAGE, "%s may not be empty",
			       date != NULL && *date == '\0' ? "DATEFORMAT"
							     : "TIMEFORMAT");
	if (date != NULL && str_starts(date, "epoch")) {
		err_set(err, ERR_USAGE, "DATEFORMAT does not take '%.40s'",
			date);
		return err_hint(err, "write timeformat '%.40s'", date);
	}
	if (time != NULL && (strstr(time, "TZ") != NULL ||
			     (strstr(time, "OF") != NULL &&
			      strstr(time, "OF")[2] == '\0'))) {
		err_set(err, ERR_USAGE,
			"TIMEFORMAT '%.60s': no time zone may stand in it",
			time);
		return err_hint(err, "write timeformat 'auto'");
	}
	return (date == NULL || check_word("DATEFORMAT", date, days, err)) &&
	       (time == NULL || check_word("TIMEFORMAT", time, times, err));
}

/* 'label:width,...' */
static bool check_widths(const struct copy_args *args, struct err *err)
{
	const char *text = text_of(args, COPY_FIXEDWIDTH);
	bool good = text != NULL && *text != '\0';

	if (text == NULL)
		return true;
	while (good) {
		size_t label = strcspn(text, ":,");
		size_t digits = text[label] == ':'
					? strspn(text + label + 1,
						 "0123456789")
					: 0;
		const char *width = text + label + 1;

		good = label > 0 && digits > 0 && digits < 8 &&
		       strspn(width, "0") < digits;
		if (!good || width[digits] == '\0')
			break;
		good = width[digits] == ',';
		text = width + digits + 1;
	}
	if (good)
		return true;
	err_set(err, ERR_USAGE, "FIXEDWIDTH takes 'name:width,name:width'");
	return err_hint(err, "for example fixedwidth 'id:6,day:10,city:20'");
}

/* A line end ends the record; in CSV the quote is another character. */
static bool check_chars(const struct copy_args *args, struct err *err)
{
	bool csv = copy_options_has(&args->options, COPY_CSV);
	const char *delimiter = text_of(args, COPY_DELIMITER);
	const char *quote = text_of(args, COPY_QUOTE);

	if (delimiter != NULL && (*delimiter == '\n' || *delimiter == '\r')) {
		err_set(err, ERR_USAGE,
			"DELIMITER cannot be a line end: that ends the "
			"record");
		return err_hint(err, "write delimiter '\\t' for a tab");
	}
	if (quote == NULL)
		quote = "\"";
	if (csv && *quote == (delimiter != NULL ? *delimiter : ','))
		return err_set(err, ERR_USAGE,
			       "QUOTE and DELIMITER are the same character");
	return true;
}

static bool is_literal(const struct copy_option *option, const char *text)
{
	size_t len = strlen(text);

	for (const char *at = option->literals; at != NULL;) {
		size_t n = strcspn(at, "|");

		if (n == len && strncasecmp(at, text, n) == 0)
			return true;
		at = at[n] == '|' ? at + n + 1 : NULL;
	}
	return false;
}

/* JSON and AVRO: a word or a JSONPaths object, which must not lie among the
 * data. */
static bool check_paths(const struct copy_args *args, enum copy_option_id id,
			struct err *err)
{
	const struct copy_option *option =
		copy_option_by_id(COPY_VERB_COPY, id);
	const char *text = text_of(args, id);

	if (args->verb != COPY_VERB_COPY || text == NULL ||
	    is_literal(option, text))
		return true;
	if (!str_starts(text, "s3://")) {
		err_set(err, ERR_USAGE, "%s does not take '%.100s'",
			option->name, text);
		return err_hint(err, "it takes 'auto', 'auto ignorecase'%s or "
				     "'s3://bucket/jsonpaths.json'",
				id == COPY_JSON ? ", 'noshred'" : "");
	}
	if (!str_starts(text, args->uri.text) ||
	    copy_options_has(&args->options, COPY_MANIFEST))
		return true;
	err_set(err, ERR_USAGE, "%.200s lies under %.200s and would be loaded "
		"as data", text, args->uri.text);
	return err_hint(err, "keep JSONPaths files elsewhere");
}

bool copy_typed_check(const struct copy_args *args, struct err *err)
{
	if (args->table.len > 0 && !copy_typed_table(args->table.text, err))
		return false;
	return check_columns(args, err) && check_place(args, err) &&
	       check_auth(&args->options.auth, err) &&
	       check_region(args, err) && check_times(args, err) &&
	       check_widths(args, err) && check_chars(args, err) &&
	       check_paths(args, COPY_JSON, err) &&
	       check_paths(args, COPY_AVRO, err);
}
