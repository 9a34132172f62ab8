#include "shell/word.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "shell/args.h"
#include "sql/quote.h"

bool word_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' ||
	       ((unsigned char)c & 0x80);
}

void word_skip_blanks(struct word_reader *reader)
{
	while (word_is_blank(reader->text[reader->at]))
		reader->at++;
}

/* At the end of the arguments: end of text or a backslash. */
bool word_at_end(const struct word_reader *reader)
{
	char c = reader->text[reader->at];

	return c == '\0' || c == '\\';
}

/* ---- variables ---- */

static void add_shell_word(const char *value, struct str *out)
{
	str_add_char(out, '\'');
	for (; *value; value++) {
		if (*value == '\'')
			str_add(out, "'\"'\"'");
		else
			str_add_char(out, *value);
	}
	str_add_char(out, '\'');
}

static const char *variable(const struct word_reader *reader, const char *name,
			    size_t len)
{
	CLEANUP(mem_freep) char *copy = mem_copy_slice(name, len);

	if (!reader->world->variable)
		return NULL;
	return reader->world->variable(reader->world->context, copy);
}

/* A reference at a colon: its length, 0 when it is none. *out_kind: 0 plain,
 * '\'' literal, '"' identifier, '?' test. */
static size_t reference(const char *text, const char **out_name,
			size_t *out_len, char *out_kind)
{
	const char *name = text + 1;
	char close = 0;
	size_t len = 0;

	*out_kind = 0;
	if (*name == '\'' || *name == '"') {
		*out_kind = close = *name++;
	} else if (name[0] == '{' && name[1] == '?') {
		*out_kind = '?';
		close = '}';
		name += 2;
	}
	while (is_name_char(name[len]))
		len++;
	if (len == 0 || (close && name[len] != close))
		return 0;
	*out_name = name;
	*out_len = len;
	return (size_t)(name + len - text) + (close ? 1 : 0);
}

/* Whether :'name' or :"name" can be filled in. */
static bool may_quote(const struct word_reader *reader, const char *value)
{
	const struct args_world *world = reader->world;

	return !world->may_quote || world->may_quote(world->context, value);
}

/* Replaces the reference at the reader's colon; text that is none, or names
 * an unknown variable, stays. in_shell: :'name' is quoted for the shell. */
static void add_reference(struct word_reader *reader, struct str *out,
			  bool in_shell)
{
	const char *here = reader->text + reader->at;
	const char *value = NULL;
	const char *name;
	size_t name_len;
	size_t len;
	char kind;

	len = reference(here, &name, &name_len, &kind);
	if (len == 0 || (in_shell && (kind == '"' || kind == '?'))) {
		str_add_char(out, ':');
		reader->at++;
		return;
	}
	value = variable(reader, name, name_len);
	reader->at += len;
	if (kind == '?')
		str_add(out, value ? "TRUE" : "FALSE");
	else if (!value)
		str_add_slice(out, here, len);
	else if (kind == '\'' && in_shell)
		add_shell_word(value, out);
	else if (kind && !may_quote(reader, value))
		str_add_slice(out, here, len);
	else if (kind == '"')
		quote_name_always(out, value, strlen(value));
	else if (kind == '\'')
		quote_variable(out, value, true, reader->world->e_strings);
	else
		str_add(out, value);
}

/* ---- quotes ---- */

static bool unterminated(struct word_reader *reader)
{
	reader->at = strlen(reader->text);
	return err_set(reader->err, ERR_USAGE, "unterminated quoted string");
}

/* Digits of an octal or hexadecimal escape at most max long. */
static char number_escape(struct word_reader *reader, int base, int max)
{
	int value = 0;
	int count = 0;

	while (count < max) {
		char c = reader->text[reader->at];
		int digit = isdigit((unsigned char)c) ? c - '0'
			    : isxdigit((unsigned char)c)
				    ? tolower((unsigned char)c) - 'a' + 10
				    : 99;

		if (digit >= base)
			break;
		value = value * base + digit;
		reader->at++;
		count++;
	}
	return (char)value;
}

static void add_escape(struct word_reader *reader, struct str *out)
{
	char c = reader->text[reader->at];

	if (c >= '0' && c <= '7') {
		str_add_char(out, number_escape(reader, 8, 3));
		return;
	}
	if (c == 'x' && isxdigit((unsigned char)reader->text[reader->at + 1])) {
		reader->at++;
		str_add_char(out, number_escape(reader, 16, 2));
		return;
	}
	if (c == '\0')
		return;
	reader->at++;
	switch (c) {
	case 'n':
		c = '\n';
		break;
	case 't':
		c = '\t';
		break;
	case 'b':
		c = '\b';
		break;
	case 'r':
		c = '\r';
		break;
	case 'f':
		c = '\f';
		break;
	}
	str_add_char(out, c);
}

/* '...' from the opening quote on. */
static bool add_single_quoted(struct word_reader *reader, struct str *out)
{
	reader->at++;
	for (;;) {
		char c = reader->text[reader->at];

		if (c == '\0')
			return unterminated(reader);
		reader->at++;
		if (c == '\\') {
			add_escape(reader, out);
		} else if (c != '\'') {
			str_add_char(out, c);
		} else if (reader->text[reader->at] == '\'') {
			str_add_char(out, '\'');
			reader->at++;
		} else {
			return true;
		}
	}
}

/* "..." with its quotes (keep) or without, doubled ones made single. */
static bool add_double_quoted(struct word_reader *reader, struct str *out,
			      bool keep)
{
	if (keep)
		str_add_char(out, '"');
	reader->at++;
	for (;;) {
		char c = reader->text[reader->at];

		if (c == '\0')
			return unterminated(reader);
		reader->at++;
		if (c != '"') {
			str_add_char(out, c);
			continue;
		}
		if (keep)
			str_add_char(out, '"');
		if (keep || reader->text[reader->at] != '"')
			return true;
		str_add_char(out, '"');
		reader->at++;
	}
}

static bool add_backtick(struct word_reader *reader, struct str *out)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;

	reader->at++;
	for (;;) {
		char c = reader->text[reader->at];

		if (c == '\0')
			return unterminated(reader);
		if (c == ':') {
			add_reference(reader, &line, true);
			continue;
		}
		reader->at++;
		if (c == '`')
			break;
		str_add_char(&line, c);
	}
	if (!reader->world->active)
		str_add(out, line.text);
	else if (reader->world->backtick)
		reader->world->backtick(reader->world->context, line.text, out);
	return true;
}

/* ---- whole words ---- */

static void trim_semicolons(struct str *word, size_t protected_len)
{
	while (word->len > protected_len &&
	       (word->text[word->len - 1] == ';' ||
		word_is_blank(word->text[word->len - 1])))
		str_cut(word, word->len - 1);
}

/* psql's word. keep: double quotes stay in it. trim: an unquoted semicolon
 * at its end does not belong to it. */
bool word_read(struct word_reader *reader, bool keep, bool trim,
	       struct str *out)
{
	size_t protected_len = 0;

	while (!word_at_end(reader) &&
	       !word_is_blank(reader->text[reader->at])) {
		bool quoted = true;

		switch (reader->text[reader->at]) {
		case '\'':
			if (!add_single_quoted(reader, out))
				return false;
			break;
		case '"':
			if (!add_double_quoted(reader, out, keep))
				return false;
			break;
		case '`':
			if (!add_backtick(reader, out))
				return false;
			break;
		case ':':
			add_reference(reader, out, false);
			break;
		default:
			quoted = false;
			str_add_char(out, reader->text[reader->at++]);
		}
		if (quoted)
			protected_len = out->len;
	}
	if (trim)
		trim_semicolons(out, protected_len);
	return true;
}

/* The value of the variable at the beginning of an S3 name, alone or as a
 * folder's or (behind "s3://") a bucket's name, which begins with no colon.
 * NULL: none. *out_len: the bytes of the reference. */
static const char *uri_variable(const struct word_reader *reader,
				const char *here, size_t *out_len)
{
	const char *name;
	size_t name_len;
	char kind;
	size_t len =
		*here == ':' ? reference(here, &name, &name_len, &kind) : 0;

	if (len == 0 || kind == '?' ||
	    (here[len] && here[len] != '/' && !word_is_blank(here[len])))
		return NULL;
	*out_len = len;
	return variable(reader, name, name_len);
}

/* To the next blank, verbatim but for a variable at the beginning. */
static void add_uri(struct word_reader *reader, struct str *out)
{
	const char *here = reader->text + reader->at;
	size_t scheme = str_starts(here, "s3://") ? 5 : 0;
	size_t end = strcspn(here, " \t\r\n\f");
	size_t at = 0;
	size_t len = 0;
	const char *value = uri_variable(reader, here + scheme, &len);

	if (value) {
		if (!str_starts(value, "s3://"))
			str_add_slice(out, here, scheme);
		str_add(out, value);
		at = scheme + len;
		/* The variable names a folder, its slash at the end or not. */
		if (here[at] == '/' && value[0] &&
		    value[strlen(value) - 1] == '/')
			at++;
	}
	str_add_slice(out, here + at, end - at);
	reader->at += end;
}

bool word_read_uri(struct word_reader *reader, struct str *out)
{
	const char *here = reader->text + reader->at;

	if (*here == '\'')
		return add_single_quoted(reader, out);
	if (*here == '"')
		return add_double_quoted(reader, out, false);
	add_uri(reader, out);
	return true;
}

bool word_read_rest(struct word_reader *reader, struct str *out)
{
	str_add(out, reader->text + reader->at);
	reader->at = strlen(reader->text);
	return true;
}

bool word_read_sql(struct word_reader *reader, struct str *out)
{
	char quote = 0;
	char before = ' ';

	while (reader->text[reader->at]) {
		const char *here = reader->text + reader->at;

		if (!quote && word_is_blank(before) &&
		    str_starts(here, "s3://")) {
			add_uri(reader, out);
			before = 'x';
			continue;
		}
		before = *here;
		if (!quote && here[0] == ':' && here[1] == ':') {
			str_add(out, "::");
			reader->at += 2;
			continue;
		}
		if (!quote && *here == ':') {
			add_reference(reader, out, false);
			continue;
		}
		if (quote && *here == quote)
			quote = 0;
		else if (!quote && (*here == '\'' || *here == '"'))
			quote = *here;
		str_add_char(out, *here);
		reader->at++;
	}
	return true;
}

bool word_is_reference(const char *here)
{
	const char *name;
	size_t name_len;
	char kind;
	size_t len =
		*here == ':' ? reference(here, &name, &name_len, &kind) : 0;

	return len > 0 && (!here[len] || word_is_blank(here[len]));
}
