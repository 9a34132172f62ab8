#include "load/copy_args.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "load/console_url.h"
#include "load/copy_rules.h"
#include "load/copy_switch.h"
#include "load/copy_typed.h"
#include "sql/interp.h"
#include "sql/lexer.h"
#include "sql/quote.h"

struct reader {
	const char *at; /* NUL-terminated */
	const struct interp *vars;
	struct copy_args *out;
	struct err *err;
	bool downloads; /* --download stands somewhere: no place is needed */
};

/* Both may hold keys. */
static void wipe(struct str *text)
{
	mem_wipe(text->text, text->cap > 0 ? text->len : 0);
	str_done(text);
}

void copy_args_done(struct copy_args *args)
{
	str_done(&args->role);
	str_done(&args->stage);
	str_done(&args->max_errors);
	str_done(&args->download);
	str_done(&args->links);
	str_done(&args->table);
	str_done(&args->columns);
	str_done(&args->query);
	str_done(&args->uri);
	for (size_t i = 0; i < args->more.count; i++)
		mem_free(args->more.items[i]);
	vec_done(&args->more);
	wipe(&args->auth);
	wipe(&args->tail);
	str_done(&args->map);
	str_done(&args->job);
	str_done(&args->job_auto);
	copy_options_done(&args->options);
}

static const char *command(const struct reader *reader)
{
	return reader->out->verb == COPY_VERB_COPY ? "\\copyfrom" : "\\copyto";
}

static const char *usage(const struct reader *reader)
{
	return reader->out->verb == COPY_VERB_COPY
		       ? "\\copyfrom TABLE [(COLUMNS)] [FROM] s3://bucket/key "
			 "[parameters of COPY]"
		       : "\\copyto [TABLE | (QUERY)] [TO] s3://bucket/prefix "
			 "[parameters of UNLOAD]";
}

bool copy_args_no_place(const struct copy_args *args, struct err *err)
{
	bool copy = args->verb == COPY_VERB_COPY;

	err_set(err, ERR_USAGE, "\\%s: %s is no place in S3 (s3://bucket/key)",
		copy ? "copyfrom" : "copyto", args->uri.text);
	if (copy && strstr(args->uri.text, "://") != NULL)
		return err_hint(err, "COPY reads from s3://bucket/key, emr:// "
				     "and dynamodb://; addresses of the S3 "
				     "console are understood too");
	if (copy)
		return err_hint(err,
				"the server reads from S3 only: put a local "
				"file there with \\s3put %s s3://bucket/key",
				args->uri.text);
	if (str_equal_nocase(args->table.text, "select") ||
	    str_equal_nocase(args->table.text, "with"))
		return err_hint(err,
				"a query stands in parentheses: \\copyto "
				"(%s ...) s3://bucket/prefix",
				args->table.text);
	return err_hint(err, "the server writes to S3 only: unload there, then "
			     "fetch with \\s3get");
}

static void skip_blanks(struct reader *reader)
{
	while (isspace((unsigned char)*reader->at))
		reader->at++;
}

/* --- switches --- */

static size_t word_len(const char *text)
{
	size_t len = 0;

	while (text[len] != '\0' && !isspace((unsigned char)text[len]))
		len++;
	return len;
}

static bool is_switch(const char *text)
{
	return text[0] == '-' && text[1] == '-' &&
	       isalpha((unsigned char)text[2]);
}

/* Where the text that opens with a quote ends, past its closing quote. */
static const char *quote_end(const char *text, bool escapes)
{
	char quote = *text++;

	for (; *text != '\0'; text++) {
		if (*text == '\\' && escapes && quote == '\'' &&
		    text[1] != '\0')
			text++;
		else if (*text == quote && text[1] == quote)
			text++;
		else if (*text == quote)
			return text + 1;
	}
	return NULL;
}

/* :name, :'name': its value as it is. */
static bool read_variable(struct reader *reader, struct str *out)
{
	struct interp_ref ref;

	if (!interp_match(reader->at, strlen(reader->at), &ref))
		return err_set(reader->err, ERR_USAGE,
			       "%s: %s names no "
			       "variable",
			       command(reader), reader->at);
	ref.kind = INTERP_PLAIN; /* the bare value */
	if (!interp_value(reader->vars, &ref, out)) {
		err_set(reader->err, ERR_USAGE,
			"%s: the variable %.*s is not set", command(reader),
			(int)ref.name_len, ref.name);
		return err_hint(reader->err, "\\set %.*s s3://bucket/key",
				(int)ref.name_len, ref.name);
	}
	reader->at += ref.len;
	return true;
}

static bool read_quoted(struct reader *reader, struct str *out)
{
	const char *end = quote_end(reader->at, true);
	size_t len;

	if (end == NULL)
		return err_set(reader->err, ERR_USAGE,
			       "%s: a quote is not closed", command(reader));
	len = (size_t)(end - reader->at);
	if (*reader->at == '\'')
		quote_literal_read(out, reader->at, len, true);
	else
		quote_name_read(out, reader->at, len, false);
	reader->at = end;
	return true;
}

/* A value that stands alone: quoted, a variable, or up to a blank. */
static bool read_value(struct reader *reader, struct str *out)
{
	size_t len;

	if (*reader->at == '\'' || *reader->at == '"')
		return read_quoted(reader, out);
	if (*reader->at == ':')
		return read_variable(reader, out);
	len = word_len(reader->at);
	str_add_slice(out, reader->at, len);
	reader->at += len;
	return true;
}

static bool read_switch_value(struct reader *reader,
			      const struct copy_switch *row)
{
	struct str *value = copy_switch_value(reader->out, row);

	if (*reader->at == '=')
		reader->at++;
	else
		skip_blanks(reader);
	if (row->otherwise != NULL && reader->at[-1] != '=' &&
	    !isdigit((unsigned char)*reader->at)) {
		str_set(value, row->otherwise);
		return true;
	}
	if (*reader->at == '\0')
		return err_set(reader->err, ERR_USAGE, "%s: %s needs %s",
			       command(reader), row->name, row->value);
	if (value->len > 0)
		return err_set(reader->err, ERR_USAGE, "%s: %s is given twice",
			       command(reader), row->name);
	return read_value(reader, value);
}

static bool read_switch(struct reader *reader)
{
	size_t len = word_len(reader->at);
	size_t name_len = len;
	const char *equals = memchr(reader->at, '=', len);
	const struct copy_switch *row;

	if (equals != NULL)
		name_len = (size_t)(equals - reader->at);
	row = copy_switch_find(reader->out, reader->at, name_len);
	if (row == NULL || (equals != NULL && row->value == NULL)) {
		err_set(reader->err, ERR_USAGE, "%s has no switch %.*s",
			command(reader), (int)len, reader->at);
		return err_hint(reader->err, "\\? %s lists them",
				command(reader) + 1);
	}
	reader->at += name_len;
	if (row->value != NULL)
		return read_switch_value(reader, row);
	copy_switch_set(reader->out, row);
	return true;
}

static bool read_switches(struct reader *reader)
{
	for (skip_blanks(reader); is_switch(reader->at); skip_blanks(reader)) {
		if (!read_switch(reader))
			return false;
	}
	return true;
}

/* --- the parts --- */

static void add_sql(const struct reader *reader, const char *text, size_t len,
		    struct str *out)
{
	interp_text(reader->vars, text, len, out);
}

/* Text up to the parenthesis that closes the one at reader->at, both left
 * out when inner. */
static bool read_parens(struct reader *reader, bool inner, struct str *out)
{
	const char *begin = reader->at;
	size_t len = strlen(begin);
	struct lexer lexer;
	struct token token;
	int depth = 0;

	lexer_init(&lexer, begin, len, LEXER_ESCAPES, NULL);
	do {
		token = lexer_next(&lexer);
		if (token.kind == TOKEN_END)
			return err_set(reader->err, ERR_USAGE,
				       "%s: a parenthesis is not closed",
				       command(reader));
		depth += token_is_char(&token, '(');
		depth -= token_is_char(&token, ')');
	} while (depth > 0);
	len = token.at + 1;
	reader->at += len;
	if (inner)
		add_sql(reader, begin + 1, len - 2, out);
	else
		add_sql(reader, begin, len, out);
	return true;
}

/* name, s.name, "My Table", :var: up to a blank or parenthesis. */
static bool read_table(struct reader *reader)
{
	const char *begin = reader->at;
	const char *at = begin;

	while (*at != '\0' && !isspace((unsigned char)*at) && *at != '(') {
		if (*at == '"' || (*at == '\'' && at > begin)) {
			at = quote_end(at, false);
			if (at == NULL)
				return err_set(reader->err, ERR_USAGE,
					       "%s: a quote is not closed",
					       command(reader));
		} else {
			at++;
		}
	}
	add_sql(reader, begin, (size_t)(at - begin), &reader->out->table);
	reader->at = at;
	return true;
}

static bool skip_keyword(struct reader *reader, const char *word)
{
	size_t len = strlen(word);

	if (word_len(reader->at) != len ||
	    !str_slice_equal_nocase(reader->at, len, word))
		return false;
	reader->at += len;
	return true;
}

/* scheme:// of the sources COPY knows. */
static bool is_place(const char *text)
{
	static const char *const schemes[] = { "s3://", "emr://",
					       "dynamodb://" };

	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		size_t len = strlen(schemes[i]);

		if (strlen(text) >= len &&
		    str_slice_equal_nocase(text, len, schemes[i]))
			return true;
	}
	return false;
}

/* A file of a data set of Kaggle: whoever runs the load makes a pipe of it. */
static bool is_kaggle(const char *text)
{
	return strlen(text) >= 7 && str_slice_equal_nocase(text, 7, "kaggle:");
}

static bool where(struct reader *reader)
{
	err_set(reader->err, ERR_USAGE, "%s: where in S3?", command(reader));
	return err_hint(reader->err, "%s", usage(reader));
}

/* A variable, and behind it a slash and more when it names a folder. */
static bool read_place_variable(struct reader *reader, struct str *out)
{
	size_t len;

	if (!read_variable(reader, out))
		return false;
	if (*reader->at != '/')
		return true;
	reader->at += str_ends(out->text, "/");
	len = word_len(reader->at);
	str_add_slice(out, reader->at, len);
	reader->at += len;
	return true;
}

/* "s3://:name": a bucket begins with no colon. */
static bool is_bucket_variable(const char *at)
{
	return str_starts(at, "s3://:") &&
	       (isalnum((unsigned char)at[6]) || strchr("_'\"", at[6]) != NULL);
}

static bool read_bucket_variable(struct reader *reader, struct str *out)
{
	CLEANUP(str_done) struct str rest = STR_EMPTY;

	reader->at += strlen("s3://");
	if (!read_place_variable(reader, &rest))
		return false;
	str_addf(out, "%s%s", str_starts(rest.text, "s3://") ? "" : "s3://",
		 rest.text);
	return true;
}

static bool read_place(struct reader *reader)
{
	struct str *uri = &reader->out->uri;
	bool good;

	str_clear(uri);
	if (*reader->at == ':')
		good = read_place_variable(reader, uri);
	else if (is_bucket_variable(reader->at))
		good = read_bucket_variable(reader, uri);
	else
		good = read_value(reader, uri);
	if (!good)
		return false;
	console_url_read(uri);
	if (uri->len == 0)
		return where(reader);
	if (is_place(uri->text)) {
		for (char *c = uri->text; *c != ':'; c++)
			*c = (char)tolower((unsigned char)*c);
		return true;
	}
	if (reader->out->verb == COPY_VERB_UNLOAD ||
	    strstr(uri->text, "://") != NULL)
		return copy_args_no_place(reader->out, reader->err);
	reader->out->place = strcmp(uri->text, "-") == 0 || is_kaggle(uri->text)
				     ? COPY_PLACE_STDIN
				     : COPY_PLACE_FILE;
	return true;
}

/* No parameter begins with a quote, nor has a dot, slash or star. */
static bool is_file_name(const char *at)
{
	size_t len = strcspn(at, " \t\r\n'\"(;");

	return *at == '\'' || *at == '"' || strcspn(at, "./*") < len;
}

/* A URI or the address of a page, bare or in quotes; behind a local file
 * another one. */
static bool is_another(const struct reader *reader)
{
	const char *at = reader->at;

	if (reader->out->place == COPY_PLACE_FILE)
		return is_file_name(at);
	at += *at == '\'' || *at == '"';
	return is_place(at) || str_starts(at, "https://") ||
	       str_starts(at, "http://");
}

/* Places behind the first. */
static bool read_more(struct reader *reader)
{
	struct copy_args *out = reader->out;
	CLEANUP(str_done) struct str first = STR_EMPTY;

	if (!read_switches(reader))
		return false;
	str_set(&first, out->uri.text);
	while (out->place != COPY_PLACE_STDIN && is_another(reader)) {
		if (!read_place(reader))
			return false;
		vec_push(&out->more, mem_copy_text(out->uri.text));
		if (!read_switches(reader))
			return false;
	}
	str_set(&out->uri, first.text);
	return true;
}

/* Does a switch begin here? "-- " and "--" at the end begin a comment. */
static bool switch_here(const struct reader *reader, const char *begin)
{
	return is_switch(reader->at) &&
	       (reader->at == begin || isspace((unsigned char)reader->at[-1]));
}

/* Quotes of all kinds as they are, comments as a blank. false: not closed. */
static bool take_token(struct reader *reader, struct str *raw)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, reader->at, strlen(reader->at), LEXER_ESCAPES, NULL);
	token = lexer_next(&lexer);
	if (token.open)
		return err_set(reader->err, ERR_USAGE, "%s: a %s is not closed",
			       command(reader),
			       token.kind == TOKEN_COMMENT ? "comment"
							   : "quote");
	if (token.kind == TOKEN_COMMENT)
		str_add_char(raw, ' ');
	else
		str_add_slice(raw, token.text, token.len);
	reader->at += token.len;
	return true;
}

/* Parameters to the end, switches among them taken out. */
static bool read_tail(struct reader *reader)
{
	CLEANUP(str_done) struct str raw = STR_EMPTY;
	const char *begin = reader->at;

	while (*reader->at != '\0') {
		if (switch_here(reader, begin)) {
			if (!read_switch(reader))
				return false;
		} else if (*reader->at == ':') {
			/* a variable, not two tokens */
			str_add_char(&raw, *reader->at++);
		} else if (!take_token(reader, &raw)) {
			return false;
		}
	}
	str_trim_end(&raw);
	while (raw.len > 0 && raw.text[raw.len - 1] == ';') {
		str_cut(&raw, raw.len - 1);
		str_trim_end(&raw);
	}
	add_sql(reader, raw.text, raw.len, &reader->out->tail);
	mem_wipe(raw.text, raw.cap > 0 ? raw.len : 0);
	return true;
}

static bool is_uri_next(const struct reader *reader)
{
	return is_place(reader->at) || *reader->at == '\'';
}

static bool no_table(struct reader *reader)
{
	err_set(reader->err, ERR_USAGE, "\\copyfrom: into which table?");
	return err_hint(reader->err, "%s", usage(reader));
}

/* With --each there may be no table. */
static bool read_copyfrom(struct reader *reader)
{
	struct copy_args *out = reader->out;

	if (*reader->at == '\0')
		return no_table(reader);
	if (is_uri_next(reader))
		return read_place(reader) && read_more(reader);
	if (!read_table(reader) || !read_switches(reader))
		return false;
	if (*reader->at == '(' && !read_parens(reader, false, &out->columns))
		return false;
	if (!read_switches(reader))
		return false;
	if (skip_keyword(reader, "FROM") && !read_switches(reader))
		return false;
	return read_place(reader) && read_more(reader);
}

static bool read_copyto(struct reader *reader)
{
	struct copy_args *out = reader->out;

	if (*reader->at == '(') {
		if (!read_parens(reader, true, &out->query))
			return false;
	} else if (!is_uri_next(reader) && *reader->at != ':' &&
		   word_len(reader->at) > 0 &&
		   !(word_len(reader->at) == 2 &&
		     str_slice_equal_nocase(reader->at, 2, "to"))) {
		if (!read_table(reader))
			return false;
	} else if (*reader->at == ':' && reader->at[1] != '\'') {
		/* :x alone may be a table or the place */
		const char *mark = reader->at;

		if (!read_table(reader))
			return false;
		if (is_place(out->table.text)) {
			str_clear(&out->table);
			reader->at = mark;
		}
	}
	if (!read_switches(reader))
		return false;
	if (skip_keyword(reader, "TO") && !read_switches(reader))
		return false;
	/* The staging place will do: what follows are parameters. */
	if (reader->downloads && !is_uri_next(reader) && *reader->at != ':' &&
	    *reader->at != '"')
		return true;
	return read_place(reader);
}

/* --- switches that stand for parameters --- */

/* MAXERROR is where COPY stops: N are let pass by N + 1. */
static bool add_max_errors(struct reader *reader)
{
	struct copy_args *out = reader->out;
	const char *text = out->max_errors.text;
	long count;
	char *end;

	if (out->max_errors.len == 0)
		return true;
	count = strtol(text, &end, 10);
	if (*end != '\0' || !isdigit((unsigned char)*text) || count > 99999)
		return err_set(reader->err, ERR_USAGE,
			       "\\copyfrom: --max-errors takes a number from "
			       "0 to 99999, not %.40s",
			       text);
	str_addf(&out->tail, "\nmaxerror %ld", count + 1);
	return true;
}

/* Each on a line of its own: a variable may have ended in a comment. */
static bool add_switches(struct reader *reader)
{
	struct copy_args *out = reader->out;

	if (out->dry_run)
		str_add(&out->tail, "\nnoload");
	if (!add_max_errors(reader))
		return false;
	if (out->job.len > 0)
		str_addf(&out->tail, "\njob create %s", out->job.text);
	if (out->job_auto.len > 0 && out->job.len > 0)
		str_addf(&out->tail, " auto %s", out->job_auto.text);
	return true;
}

static void add_span(struct str *out, const char *text, size_t at, size_t end)
{
	if (out->len > 0)
		str_add_char(out, ' ');
	str_add_slice(out, text + at, end - at);
}

/* The authorization apart, JOB and USING TEMPLATE last, one blank between
 * parameters: the order that r_COPY prints. */
static void arrange(struct copy_args *args)
{
	const struct copy_options *options = &args->options;
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	str_set(&typed, args->tail.text);
	str_clear(&args->tail);
	for (size_t i = 0; i < options->auth_at.count; i++)
		add_span(&args->auth, typed.text, options->auth_at.items[i].at,
			 options->auth_at.items[i].end);
	for (int last = 0; last <= 1; last++) {
		for (size_t i = 0; i < options->given.count; i++) {
			const struct copy_given *given =
				&options->given.items[i];

			if ((given->option->group == COPY_GROUP_JOB) ==
			    (last == 1))
				add_span(&args->tail, typed.text, given->at,
					 given->end);
		}
	}
	mem_wipe(typed.text, typed.cap > 0 ? typed.len : 0);
}

static bool check(const struct copy_args *args, struct err *err)
{
	return copy_switch_check(args, err) &&
	       (args->verb != COPY_VERB_COPY ||
		copy_rules_check_source(&args->options, args->uri.text, err)) &&
	       copy_typed_check(args, err);
}

bool copy_args_parse(struct copy_args *out, enum copy_verb verb,
		     const char *text, const struct interp *vars,
		     struct err *err)
{
	struct reader reader = { text, vars, out, err,
				 strstr(text, "--download") != NULL };
	bool good;

	out->verb = verb;
	if (!read_switches(&reader))
		return false;
	good = verb == COPY_VERB_COPY ? read_copyfrom(&reader)
				      : read_copyto(&reader);
	if (!good || !read_switches(&reader) || !read_tail(&reader))
		return false;
	/* --download may have been a text in the query, or empty. */
	if (out->uri.len == 0 && out->download.len == 0)
		return where(&reader);
	if (!add_switches(&reader) ||
	    (out->role.len > 0 && !copy_typed_role(&out->role, err)) ||
	    !copy_options_parse(&out->options, verb, out->tail.text,
				out->tail.len, err))
		return false;
	arrange(out);
	if (verb == COPY_VERB_COPY && out->table.len == 0 && !out->each)
		return no_table(&reader);
	return check(out, err);
}
