#include "cmd/copy_format.h"

#include <string.h>
#include <strings.h>

#include "data/rows.h"
#include "sql/lexer.h"
#include "sql/quote.h"

void copy_format_done(struct copy_format *format)
{
	str_done(&format->null);
	str_done(&format->quoted);
}

/* --- options --- */

struct reader {
	struct lexer lexer;
	struct token token; /* the next one */
	struct copy_format *out;
	struct err *err;
	bool in_list; /* of the newer spelling: WITH (...) */
};

static void step(struct reader *reader)
{
	reader->token = lexer_next_solid(&reader->lexer);
}

static bool at_end(const struct reader *reader)
{
	return reader->token.kind == TOKEN_END ||
	       token_is_char(&reader->token, ';');
}

static bool refuse(struct reader *reader, const char *what)
{
	return err_set(reader->err, ERR_USAGE, "\\copy: %s", what);
}

static bool skip(struct reader *reader, const char *word)
{
	if (!token_is(&reader->token, word))
		return false;
	step(reader);
	return true;
}

static void read_text(struct reader *reader, struct str *out)
{
	const struct token *token = &reader->token;

	if (token->kind == TOKEN_LITERAL || token->kind == TOKEN_DOLLAR)
		quote_literal_read(out, token->text, token->len,
				   token->text[0] == 'e' ||
					   token->text[0] == 'E');
	else
		quote_name_read(out, token->text, token->len, false);
}

/* [AS] 'text' */
static bool read_value(struct reader *reader, const char *option,
		       struct str *out)
{
	skip(reader, "AS");
	if (at_end(reader) || token_is_char(&reader->token, ',') ||
	    token_is_char(&reader->token, ')'))
		return err_set(reader->err, ERR_USAGE,
			       "\\copy: %s needs a value", option);
	str_clear(out);
	read_text(reader, out);
	step(reader);
	return true;
}

static bool read_char(struct reader *reader, const char *option, char *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!read_value(reader, option, &text))
		return false;
	if (text.len != 1)
		return err_set(reader->err, ERR_USAGE,
			       "\\copy: %s must be a single one-byte "
			       "character",
			       option);
	*out = text.text[0];
	return true;
}

static bool read_format(struct reader *reader)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!read_value(reader, "FORMAT", &text))
		return false;
	reader->out->csv = strcasecmp(text.text, "csv") == 0;
	if (reader->out->csv || strcasecmp(text.text, "text") == 0)
		return true;
	return err_set(reader->err, ERR_USAGE,
		       "\\copy: from Redshift come the formats text and csv, "
		       "not %.40s",
		       text.text);
}

/* HEADER, in a list also HEADER true. */
static bool read_header(struct reader *reader)
{
	reader->out->header = true;
	if (!reader->in_list || at_end(reader) ||
	    token_is_char(&reader->token, ',') ||
	    token_is_char(&reader->token, ')'))
		return true;
	reader->out->header = !token_is(&reader->token, "false") &&
			      !token_is(&reader->token, "off") &&
			      reader->token.text[0] != '0';
	step(reader);
	return true;
}

/* *, a list of names, in a list in parentheses. */
static bool read_quoted(struct reader *reader)
{
	bool open = token_is_char(&reader->token, '(');

	if (open)
		step(reader);
	if (token_is_char(&reader->token, '*')) {
		reader->out->all_quoted = true;
		step(reader);
		return true;
	}
	for (;;) {
		str_add_char(&reader->out->quoted, '\n');
		read_text(reader, &reader->out->quoted);
		step(reader);
		if (!token_is_char(&reader->token, ','))
			break;
		step(reader);
	}
	str_add_char(&reader->out->quoted, '\n');
	if (open && token_is_char(&reader->token, ')'))
		step(reader);
	return true;
}

static bool read_encoding(struct reader *reader)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!read_value(reader, "ENCODING", &text))
		return false;
	if (strcasecmp(text.text, "utf8") == 0 ||
	    strcasecmp(text.text, "utf-8") == 0)
		return true;
	err_set(reader->err, ERR_USAGE, "\\copy: Redshift sends UTF-8 only");
	return err_hint(reader->err, "pass it through iconv: \\copy ... to "
				     "program 'iconv -f utf-8 -t %.40s > "
				     "FILE'",
			text.text);
}

static bool read_option(struct reader *reader)
{
	struct copy_format *out = reader->out;

	if (skip(reader, "FORMAT"))
		return read_format(reader);
	if (skip(reader, "CSV")) {
		out->csv = true;
		return true;
	}
	if (skip(reader, "HEADER"))
		return read_header(reader);
	if (skip(reader, "DELIMITER") || skip(reader, "DELIMITERS"))
		return read_char(reader, "DELIMITER", &out->delimiter);
	if (skip(reader, "NULL")) {
		out->has_null = true;
		return read_value(reader, "NULL", &out->null);
	}
	if (skip(reader, "QUOTE"))
		return read_char(reader, "QUOTE", &out->quote);
	if (skip(reader, "ESCAPE"))
		return read_char(reader, "ESCAPE", &out->escape);
	if (skip(reader, "ENCODING"))
		return read_encoding(reader);
	if (skip(reader, "FORCE_QUOTE"))
		return read_quoted(reader);
	if (skip(reader, "FORCE") && skip(reader, "QUOTE"))
		return read_quoted(reader);
	if (token_is(&reader->token, "BINARY"))
		return refuse(reader, "from Redshift come the formats text "
				      "and csv, not binary");
	return err_set(reader->err, ERR_USAGE, "\\copy: no option %.*s",
		       (int)(reader->token.len < 40 ? reader->token.len : 40),
		       reader->token.text);
}

static bool read_options(struct reader *reader)
{
	step(reader);
	skip(reader, "WITH");
	reader->in_list = token_is_char(&reader->token, '(');
	if (reader->in_list)
		step(reader);
	while (!at_end(reader) && !token_is_char(&reader->token, ')')) {
		if (!read_option(reader))
			return false;
		if (reader->in_list && token_is_char(&reader->token, ','))
			step(reader);
	}
	return true;
}

static bool check(struct reader *reader)
{
	struct copy_format *out = reader->out;

	if (!out->csv && (out->quote != '\0' || out->escape != '\0' ||
			  out->quoted.len > 0 || out->all_quoted))
		return refuse(reader, "QUOTE, ESCAPE and FORCE_QUOTE go with "
				      "csv only");
	if (out->delimiter == '\0')
		out->delimiter = out->csv ? ',' : '\t';
	if (out->quote == '\0')
		out->quote = '"';
	if (out->escape == '\0')
		out->escape = out->quote;
	if (!out->has_null && !out->csv)
		str_set(&out->null, "\\N");
	if (strchr("\r\n", out->delimiter) != NULL)
		return refuse(reader, "DELIMITER cannot be a line end");
	if (!out->csv && strchr("\\.abcdefghijklmnopqrstuvwxyz0123456789",
				out->delimiter) != NULL)
		return refuse(reader, "DELIMITER of text cannot be a letter, a "
				      "digit, a point or a backslash");
	if (out->csv && out->delimiter == out->quote)
		return refuse(reader, "DELIMITER and QUOTE must differ");
	if (strpbrk(out->null.text, "\r\n") != NULL)
		return refuse(reader, "NULL cannot hold a line end");
	if (strchr(out->null.text, out->delimiter) != NULL)
		return refuse(reader, "NULL cannot hold the delimiter");
	return true;
}

bool copy_format_read(struct copy_format *out, const char *options,
		      struct err *err)
{
	struct reader reader = { .out = out, .err = err };

	lexer_init(&reader.lexer, options, strlen(options), 0, NULL);
	return read_options(&reader) && check(&reader);
}

/* --- fields --- */

static void add_text(const struct copy_format *format, const char *text,
		     size_t len, struct str *out)
{
	static const char plain[] = "\b\f\n\r\t\v\\";
	static const char letters[] = "bfnrtv\\";

	for (size_t i = 0; i < len; i++) {
		const char *found = text[i] == '\0' ? NULL
						    : strchr(plain, text[i]);

		if (found != NULL)
			str_addf(out, "\\%c", letters[found - plain]);
		else if (text[i] == format->delimiter)
			str_addf(out, "\\%c", text[i]);
		else
			str_add_char(out, text[i]);
	}
}

static bool needs_quotes(const struct copy_format *format, const char *text,
			 size_t len, bool alone)
{
	if (str_slice_equal(text, len, format->null.text))
		return true;
	if (alone && str_slice_equal(text, len, "\\."))
		return true;
	for (size_t i = 0; i < len; i++)
		if (text[i] == format->delimiter || text[i] == format->quote ||
		    text[i] == '\n' || text[i] == '\r')
			return true;
	return false;
}

static void add_csv(const struct copy_format *format, const char *text,
		    size_t len, bool quotes, struct str *out)
{
	if (!quotes) {
		str_add_slice(out, text, len);
		return;
	}
	str_add_char(out, format->quote);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == format->quote || text[i] == format->escape)
			str_add_char(out, format->escape);
		str_add_char(out, text[i]);
	}
	str_add_char(out, format->quote);
}

static bool is_forced(const struct copy_format *format, const char *name)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;

	if (format->all_quoted || format->quoted.len == 0)
		return format->all_quoted;
	str_addf(&line, "\n%s\n", name);
	return strstr(format->quoted.text, line.text) != NULL;
}

static void add_field(const struct copy_format *format, const char *text,
		      size_t len, bool quotes, struct str *out)
{
	if (format->csv)
		add_csv(format, text, len, quotes, out);
	else
		add_text(format, text, len, out);
}

void copy_format_add_header(const struct copy_format *format,
			    const struct rows *rows, struct str *out)
{
	for (size_t i = 0; i < rows->column_count; i++) {
		const char *name = rows->columns[i].name;
		size_t len = strlen(name);

		if (i > 0)
			str_add_char(out, format->delimiter);
		add_field(format, name, len,
			  needs_quotes(format, name, len,
				       rows->column_count == 1),
			  out);
	}
	str_add_char(out, '\n');
}

void copy_format_add_row(const struct copy_format *format,
			 const struct rows *rows,
			 const struct rows_value *values, struct str *out)
{
	bool alone = rows->column_count == 1;

	for (size_t i = 0; i < rows->column_count; i++) {
		const struct rows_value *value = &values[i];

		if (i > 0)
			str_add_char(out, format->delimiter);
		if (value->text == NULL)
			str_add_slice(out, format->null.text,
				      format->null.len);
		else
			add_field(format, value->text, value->len,
				  is_forced(format, rows->columns[i].name) ||
					  needs_quotes(format, value->text,
						       value->len, alone),
				  out);
	}
	str_add_char(out, '\n');
}
