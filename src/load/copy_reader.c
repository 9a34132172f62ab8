#include "load/copy_reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "load/copy_parse.h"
#include "sql/quote.h"

const char *copy_verb_name(enum copy_verb verb)
{
	return verb == COPY_VERB_COPY ? "COPY" : "UNLOAD";
}

void copy_step(struct copy_reader *reader)
{
	reader->end = reader->token.at + reader->token.len;
	reader->token = lexer_next_solid(&reader->lexer);
}

bool copy_at_end(const struct copy_reader *reader)
{
	return reader->token.kind == TOKEN_END ||
	       token_is_char(&reader->token, ';');
}

bool copy_skip_word(struct copy_reader *reader, const char *word)
{
	if (!token_is(&reader->token, word))
		return false;
	copy_step(reader);
	return true;
}

bool copy_skip_char(struct copy_reader *reader, char c)
{
	if (!token_is_char(&reader->token, c))
		return false;
	copy_step(reader);
	return true;
}

bool copy_at_string(const struct copy_reader *reader)
{
	return reader->token.kind == TOKEN_LITERAL ||
	       reader->token.kind == TOKEN_DOLLAR;
}

/* "expected X after Y, found Z" */
bool copy_unexpected(struct copy_reader *reader, const char *expected,
		     const char *after)
{
	const struct token *token = &reader->token;

	if (copy_at_end(reader))
		return err_set(reader->err, ERR_USAGE,
			       "%s: expected %s after %s, found the end",
			       copy_verb_name(reader->verb), expected, after);
	/* a literal may hold keys: not shown */
	if (copy_at_string(reader))
		return err_set(reader->err, ERR_USAGE,
			       "%s: expected %s after %s, found a text in "
			       "quotes",
			       copy_verb_name(reader->verb), expected, after);
	return err_set(reader->err, ERR_USAGE,
		       "%s: expected %s after %s, found \"%.*s\"",
		       copy_verb_name(reader->verb), expected, after,
		       (int)(token->len < 60 ? token->len : 60), token->text);
}

/* --- literals --- */

static const char plain_escapes[] = "t\tn\nr\rb\bf\f\\\\''";

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* Undoes the escape at text (after the backslash); returns bytes used. */
static size_t unescape(struct str *out, const char *text, size_t len)
{
	if (len > 0 && is_octal(text[0])) {
		unsigned value = 0;
		size_t used = 0;

		while (used < 3 && used < len && is_octal(text[used]))
			value = value * 8 + (unsigned)(text[used++] - '0');
		str_add_char(out, (char)value);
		return used;
	}
	for (const char *p = plain_escapes; len > 0 && *p != '\0'; p += 2) {
		if (*p == text[0]) {
			str_add_char(out, p[1]);
			return 1;
		}
	}
	str_add_char(out, '\\');
	return 0;
}

/* The value of the literal looked at, as an option's argument: '\N' keeps its
 * backslash, see copy_parse.h. */
static void option_text(const struct token *token, struct str *out)
{
	const char *text = token->text;
	size_t len = token->len;
	size_t i = 1;

	if (token->kind != TOKEN_LITERAL || text[0] != '\'' || len < 2) {
		quote_literal_read(out, text, len, token->escapes);
		return;
	}
	while (i < len - 1) {
		if (text[i] == '\\') {
			i++;
			i += unescape(out, text + i, len - 1 - i);
		} else {
			if (text[i] == '\'')
				i++;
			str_add_char(out, text[i++]);
		}
	}
}

/* --- arguments of parameters --- */

static void keep_text(struct copy_given *given, struct str *text)
{
	given->len = text->len;
	given->text = text->cap > 0 ? str_take(text) : mem_copy_text("");
}

static bool read_string(struct copy_reader *reader, struct copy_given *given,
			bool optional)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!copy_at_string(reader))
		return optional || copy_unexpected(reader, "a text in quotes",
						   given->option->name);
	if (reader->token.open)
		return err_set(reader->err, ERR_USAGE,
			       "%s: the quote after %s is not closed",
			       copy_verb_name(reader->verb),
			       given->option->name);
	option_text(&reader->token, &text);
	keep_text(given, &text);
	given->quoted = true;
	copy_step(reader);
	return true;
}

static bool bad_char(struct copy_reader *reader, const struct copy_given *given)
{
	err_set(reader->err, ERR_USAGE,
		"%s takes one ASCII character, not '%.20s'",
		given->option->name, given->text);
	return err_hint(reader->err, "write '\\t' for a tab, '\\001' for the "
				     "byte with that octal number");
}

static bool read_char(struct copy_reader *reader, struct copy_given *given,
		      bool optional)
{
	if (!read_string(reader, given, optional))
		return false;
	if (given->text == NULL)
		return true;
	/* a doubled backslash before t or digits: '\\t' is a tab as well */
	if (given->len > 1 && given->text[0] == '\\') {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		size_t used = unescape(&text, given->text + 1, given->len - 1);

		if (used == given->len - 1) {
			mem_free(given->text);
			keep_text(given, &text);
		}
	}
	if (given->len != 1 || (unsigned char)given->text[0] > 127)
		return bad_char(reader, given);
	return true;
}

static bool out_of_range(struct copy_reader *reader,
			 const struct copy_given *given)
{
	return err_set(reader->err, ERR_USAGE, "%s must be from %ld to %ld%s",
		       given->option->name, given->option->min,
		       given->option->max,
		       given->option->argument == COPY_ARG_SIZE ? " MB" : "");
}

static bool read_integer(struct copy_reader *reader, struct copy_given *given)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct copy_option *option = given->option;
	char *end;

	if (reader->token.kind != TOKEN_NUMBER)
		return copy_unexpected(reader, "a number", option->name);
	str_set_slice(&text, reader->token.text, reader->token.len);
	given->number = strtol(text.text, &end, 10);
	if (*end != '\0')
		return copy_unexpected(reader, "a whole number", option->name);
	if (given->number < option->min || given->number > option->max)
		return out_of_range(reader, given);
	keep_text(given, &text);
	copy_step(reader);
	return true;
}

static bool read_size(struct copy_reader *reader, struct copy_given *given)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	double size;

	if (reader->token.kind != TOKEN_NUMBER)
		return copy_unexpected(reader, "a size", given->option->name);
	str_set_slice(&text, reader->token.text, reader->token.len);
	size = strtod(text.text, NULL);
	keep_text(given, &text);
	copy_step(reader);
	if (copy_skip_word(reader, "GB"))
		size *= 1024;
	else
		copy_skip_word(reader, "MB");
	if (!(size >= (double)given->option->min &&
	      size < (double)given->option->max + 1))
		return out_of_range(reader, given);
	given->number = (long)size;
	return true;
}

static bool read_word(struct copy_reader *reader, struct copy_given *given,
		      bool optional)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct copy_option *option = given->option;

	if (copy_at_string(reader) && !optional)
		option_text(&reader->token, &text);
	else if (reader->token.kind == TOKEN_WORD)
		str_set_slice(&text, reader->token.text, reader->token.len);
	if (!copy_option_in(option->choices, text.text, text.len)) {
		if (optional)
			return true;
		return err_set(reader->err, ERR_USAGE, "%s takes one of %s",
			       option->name, option->choices);
	}
	for (size_t i = 0; i < text.len; i++)
		text.text[i] = (char)toupper((unsigned char)text.text[i]);
	given->quoted = copy_at_string(reader);
	keep_text(given, &text);
	copy_step(reader);
	return true;
}

static void read_simplify(struct copy_reader *reader, struct copy_given *given)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!copy_skip_word(reader, "SIMPLIFY"))
		return;
	str_add(&text, "SIMPLIFY");
	if (copy_skip_word(reader, "AUTO"))
		str_add(&text, " AUTO");
	if (reader->token.kind == TOKEN_NUMBER) {
		str_add_char(&text, ' ');
		str_add_slice(&text, reader->token.text, reader->token.len);
		copy_step(reader);
	}
	keep_text(given, &text);
}

bool copy_at_name(const struct copy_reader *reader)
{
	return reader->token.kind == TOKEN_WORD ||
	       reader->token.kind == TOKEN_NAME;
}

char *copy_take_name(struct copy_reader *reader)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	quote_name_read(&name, reader->token.text, reader->token.len,
			!reader->options->case_sensitive);
	copy_step(reader);
	return mem_copy_slice(name.text, name.len);
}

/* BY (a, b) [INCLUDE]: text is "a,b" and " INCLUDE" when it was there. */
static bool read_partition(struct copy_reader *reader, struct copy_given *given)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!copy_skip_word(reader, "BY") || !copy_skip_char(reader, '('))
		return copy_unexpected(reader, "BY (column, ...)", "PARTITION");
	do {
		if (!copy_at_name(reader))
			return copy_unexpected(reader, "a column",
					       "PARTITION BY (");
		CLEANUP(mem_freep) char *name = copy_take_name(reader);
		if (text.len > 0)
			str_add_char(&text, ',');
		str_add(&text, name);
	} while (copy_skip_char(reader, ','));
	if (!copy_skip_char(reader, ')'))
		return copy_unexpected(reader, ")",
				       "the columns of PARTITION BY");
	if (copy_skip_word(reader, "INCLUDE"))
		str_add(&text, " INCLUDE");
	keep_text(given, &text);
	return true;
}

/* name, s.name, db.s.name */
static bool read_template(struct copy_reader *reader, struct copy_given *given)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!copy_skip_word(reader, "TEMPLATE"))
		return copy_unexpected(reader, "TEMPLATE", "USING");
	do {
		if (!copy_at_name(reader))
			return copy_unexpected(reader, "a name",
					       "USING TEMPLATE");
		if (text.len > 0)
			str_add_char(&text, '.');
		str_add_slice(&text, reader->token.text, reader->token.len);
		copy_step(reader);
	} while (copy_skip_char(reader, '.'));
	keep_text(given, &text);
	return true;
}

static void take_word(struct copy_reader *reader, struct str *text)
{
	if (text->len > 0)
		str_add_char(text, ' ');
	str_add_slice(text, reader->token.text, reader->token.len);
	copy_step(reader);
}

/* CREATE name [AUTO ON | OFF]: its words, a blank between. */
static bool read_job(struct copy_reader *reader, struct copy_given *given)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!token_is(&reader->token, "CREATE")) {
		copy_unexpected(reader, "CREATE name", "JOB");
		return err_hint(reader->err,
				"COPY JOB RUN, SHOW, LIST, ALTER and DROP are "
				"statements of their own");
	}
	take_word(reader, &text);
	if (!copy_at_name(reader))
		return copy_unexpected(reader, "a name", "JOB CREATE");
	take_word(reader, &text);
	if (strchr(text.text, '-') != NULL ||
	    (token_is_char(&reader->token, '-') &&
	     reader->token.at == reader->end)) {
		err_set(reader->err, ERR_USAGE,
			"the name of a job may hold no hyphen");
		return err_hint(reader->err, "write an underscore");
	}
	if (token_is(&reader->token, "AUTO")) {
		take_word(reader, &text);
		if (!token_is(&reader->token, "ON") &&
		    !token_is(&reader->token, "OFF"))
			return copy_unexpected(reader, "ON or OFF", "AUTO");
		take_word(reader, &text);
	}
	keep_text(given, &text);
	return true;
}

bool copy_read_argument(struct copy_reader *reader, struct copy_given *given)
{
	enum copy_argument argument = given->option->argument;
	bool as = argument != COPY_ARG_NONE &&
		  argument != COPY_ARG_WORD_MAYBE &&
		  copy_skip_word(reader, "AS");

	switch (argument) {
	case COPY_ARG_NONE:
		return true;
	case COPY_ARG_STRING:
	case COPY_ARG_SECRET:
		return read_string(reader, given, false);
	case COPY_ARG_STRING_MAYBE:
		return read_string(reader, given, !as);
	case COPY_ARG_CHAR:
		return read_char(reader, given, false);
	case COPY_ARG_CHAR_MAYBE:
		return read_char(reader, given, !as);
	case COPY_ARG_INTEGER:
		return read_integer(reader, given);
	case COPY_ARG_WORD:
		return read_word(reader, given, false);
	case COPY_ARG_WORD_MAYBE:
		return read_word(reader, given, true);
	case COPY_ARG_SIZE:
		return read_size(reader, given);
	case COPY_ARG_SIMPLIFY:
		read_simplify(reader, given);
		return true;
	case COPY_ARG_PARTITION:
		return read_partition(reader, given);
	case COPY_ARG_TEMPLATE:
		return read_template(reader, given);
	case COPY_ARG_REST:
		return read_job(reader, given);
	}
	return false;
}
