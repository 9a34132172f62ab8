#include "cmd/copy_words.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sql/lexer.h"
#include "sql/quote.h"

enum word {
	WORD_FORMAT,
	WORD_CSV,
	WORD_TEXT,
	WORD_BINARY,
	WORD_HEADER,
	WORD_DELIMITER,
	WORD_NULL,
	WORD_QUOTE,
	WORD_ESCAPE,
	WORD_ENCODING,
	WORD_FREEZE,
	WORD_REFUSED,
	WORD_NONE,	/* Redshift's own */
};

static const struct {
	const char *name;
	enum word word;
} words[] = {
	{ "format", WORD_FORMAT },     { "csv", WORD_CSV },
	{ "text", WORD_TEXT },	       { "binary", WORD_BINARY },
	{ "header", WORD_HEADER },     { "delimiter", WORD_DELIMITER },
	{ "null", WORD_NULL },	       { "quote", WORD_QUOTE },
	{ "escape", WORD_ESCAPE },     { "encoding", WORD_ENCODING },
	{ "freeze", WORD_FREEZE },     { "force", WORD_REFUSED },
	{ "force_null", WORD_REFUSED }, { "force_not_null", WORD_REFUSED },
	{ "force_quote", WORD_REFUSED }, { "default", WORD_REFUSED },
	{ "on_error", WORD_REFUSED },
};

struct reader {
	struct lexer lexer;
	struct token token;
	const char *text;
	bool in_parens;

	bool csv, header;
	struct str delimiter, null, quote, escape, encoding; /* values */
	bool has_null;
	struct str own;		/* parameters of Redshift's */
	struct err *err;
};

static void next(struct reader *reader)
{
	reader->token = lexer_next_solid(&reader->lexer);
}

static bool at_end(const struct reader *reader)
{
	return reader->token.kind == TOKEN_END ||
	       token_is_char(&reader->token, ';');
}

static enum word word_here(const struct reader *reader)
{
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (token_is(&reader->token, words[i].name))
			return words[i].word;
	return WORD_NONE;
}

/* A literal, or in parentheses a bare word, with AS before it. */
static bool read_value(struct reader *reader, struct str *out)
{
	const struct token *token = &reader->token;

	next(reader);
	if (token_is(token, "as"))
		next(reader);
	str_clear(out);
	if (token->kind == TOKEN_LITERAL) {
		/* psql's literals: backslashes are data, but for E'\t' */
		quote_literal_read(out, token->text, token->len,
				   token->text[0] != '\'');
	} else if (token->kind == TOKEN_WORD || token->kind == TOKEN_NAME ||
		   token->kind == TOKEN_NUMBER) {
		str_add_slice(out, token->text, token->len);
	} else {
		return err_set(reader->err, ERR_USAGE,
			       "\\copy: a value is missing at %.40s",
			       token->kind == TOKEN_END ? "the end"
							: token->text);
	}
	next(reader);
	return true;
}

static bool refuse(struct reader *reader, const char *what, size_t len)
{
	err_set(reader->err, ERR_USAGE,
		"\\copy: COPY of Redshift has nothing like %.*s", (int)len,
		what);
	return err_hint(reader->err, "\\copyfrom takes its own parameters: "
				     "\\? copyfrom");
}

static bool read_format(struct reader *reader)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (!read_value(reader, &name))
		return false;
	reader->csv = str_equal_nocase(name.text, "csv");
	return reader->csv || str_equal_nocase(name.text, "text") ||
	       refuse(reader, name.text, name.len);
}

/* HEADER, or HEADER true, off, match ... */
static bool read_header(struct reader *reader)
{
	static const char *const no[] = { "false", "off", "0", "no" };

	reader->header = true;
	next(reader);
	if (!reader->in_parens || at_end(reader) ||
	    token_is_char(&reader->token, ',') ||
	    token_is_char(&reader->token, ')'))
		return true;
	for (size_t i = 0; i < COUNT_OF(no); i++)
		if (token_is(&reader->token, no[i]))
			reader->header = false;
	next(reader);
	return true;
}

static bool take_own(struct reader *reader)
{
	str_addf(&reader->own, "%s%.*s", reader->own.len > 0 ? " " : "",
		 (int)reader->token.len, reader->token.text);
	next(reader);
	return true;
}

static bool read_one(struct reader *reader)
{
	const struct token first = reader->token;

	switch (word_here(reader)) {
	case WORD_FORMAT:
		return read_format(reader);
	case WORD_CSV:
		reader->csv = true;
		next(reader);
		return true;
	case WORD_TEXT:
	case WORD_FREEZE:
		next(reader);
		return true;
	case WORD_HEADER:
		return read_header(reader);
	case WORD_DELIMITER:
		return read_value(reader, &reader->delimiter);
	case WORD_NULL:
		reader->has_null = true;
		return read_value(reader, &reader->null);
	case WORD_QUOTE:
		return read_value(reader, &reader->quote);
	case WORD_ESCAPE:
		return read_value(reader, &reader->escape);
	case WORD_ENCODING:
		return read_value(reader, &reader->encoding);
	case WORD_BINARY:
	case WORD_REFUSED:
		return refuse(reader, first.text, first.len);
	case WORD_NONE:
		break;
	}
	return take_own(reader);
}

static bool read_all(struct reader *reader)
{
	next(reader);
	if (token_is(&reader->token, "with"))
		next(reader);
	reader->in_parens = token_is_char(&reader->token, '(');
	if (reader->in_parens)
		next(reader);
	while (!at_end(reader)) {
		if (token_is_char(&reader->token, ',') ||
		    (reader->in_parens && token_is_char(&reader->token, ')'))) {
			next(reader);
			continue;
		}
		if (!read_one(reader))
			return false;
	}
	return true;
}

/* --- as Redshift's --- */

static void add(struct str *out, const char *word, const char *value)
{
	str_addf(out, "%s%s", out->len > 0 ? " " : "", word);
	if (value == NULL)
		return;
	str_add_char(out, ' ');
	quote_literal(out, value, true);
}

static const struct {
	const char *name;
	const char *redshift;	/* "": its default */
} encodings[] = {
	{ "utf8", "" },		  { "utf-8", "" },
	{ "unicode", "" },	  { "sql_ascii", "" },
	{ "latin1", "iso88591" }, { "iso88591", "iso88591" },
	{ "iso-8859-1", "iso88591" }, { "iso_8859_1", "iso88591" },
	{ "win1252", "iso88591" }, { "windows-1252", "iso88591" },
};

static bool add_encoding(struct reader *reader, struct str *out)
{
	for (size_t i = 0; i < COUNT_OF(encodings); i++) {
		if (!str_equal_nocase(reader->encoding.text,
				      encodings[i].name))
			continue;
		if (encodings[i].redshift[0] != '\0')
			str_addf(out, " encoding %s", encodings[i].redshift);
		return true;
	}
	err_set(reader->err, ERR_USAGE, "\\copy: COPY of Redshift reads UTF-8, "
					"UTF-16 and ISO 8859-1, not %.40s",
		reader->encoding.text);
	return err_hint(reader->err, "convert it: iconv -f %.40s -t UTF-8",
			reader->encoding.text);
}

/* An empty text is told from NULL by quotes in PostgreSQL; here both are NULL,
 * as nothing in a column of numbers. */
static bool add_csv(struct reader *reader, struct str *out)
{
	const char *quote = reader->quote.len > 0 ? reader->quote.text : "\"";

	if (reader->escape.len > 0 && strcmp(reader->escape.text, quote) != 0)
		return refuse(reader, "ESCAPE in CSV", 13);
	add(out, "csv", NULL);
	if (reader->delimiter.len > 0)
		add(out, "delimiter", reader->delimiter.text);
	if (reader->quote.len > 0)
		add(out, "quote as", reader->quote.text);
	if (reader->has_null && reader->null.len > 0)
		add(out, "null as", reader->null.text);
	else
		add(out, "emptyasnull", NULL);
	return true;
}

static void add_text(struct reader *reader, struct str *out)
{
	if (reader->delimiter.len > 0)
		add(out, "delimiter", reader->delimiter.text);
	else
		add(out, "delimiter '\\t'", NULL);
	if (reader->has_null && reader->null.len > 0)
		add(out, "null as", reader->null.text);
	else if (reader->has_null)
		add(out, "emptyasnull", NULL);
}

static bool write_all(struct reader *reader, struct str *out)
{
	if (reader->csv && !add_csv(reader, out))
		return false;
	if (!reader->csv)
		add_text(reader, out);
	if (reader->header)
		add(out, "ignoreheader 1", NULL);
	if (reader->encoding.len > 0 && !add_encoding(reader, out))
		return false;
	if (reader->own.len > 0)
		add(out, reader->own.text, NULL);
	return true;
}

bool copy_words_translate(const char *options, struct str *out,
			  bool *out_text, struct err *err)
{
	struct reader reader = {
		.text = options,
		.delimiter = STR_EMPTY,
		.null = STR_EMPTY,
		.quote = STR_EMPTY,
		.escape = STR_EMPTY,
		.encoding = STR_EMPTY,
		.own = STR_EMPTY,
		.err = err,
	};
	bool good;

	lexer_init(&reader.lexer, options, strlen(options), 0, NULL);
	good = read_all(&reader) && write_all(&reader, out);
	*out_text = !reader.csv;
	str_done(&reader.delimiter);
	str_done(&reader.null);
	str_done(&reader.quote);
	str_done(&reader.escape);
	str_done(&reader.encoding);
	str_done(&reader.own);
	return good;
}
