#include "shell/args.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/units.h"
#include "base/vec.h"

struct value {
	const struct arg *arg;
	char *text;		/* "" for flags */
};

struct args {
	char *typed;
	const char *suffix;	/* in typed */
	struct {
		VEC(struct value);
	} values;
};

/* What is being read: text is the rest of the line, at the place in it. */
struct reader {
	struct args *args;
	const struct command *command;
	const struct args_world *world;
	const char *text;
	size_t at;
	struct err *err;
};

struct args *args_new(void)
{
	return mem_alloc(sizeof(struct args));
}

static void clear(struct args *args)
{
	for (size_t i = 0; i < args->values.count; i++)
		mem_free(args->values.items[i].text);
	vec_clear(&args->values);
	mem_free(args->typed);
	args->typed = NULL;
}

void args_free(struct args *args)
{
	if (!args)
		return;
	clear(args);
	vec_done(&args->values);
	mem_free(args);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ||
	       c == '\v';
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' ||
	       ((unsigned char)c & 0x80);
}

static void skip_blanks(struct reader *reader)
{
	while (is_blank(reader->text[reader->at]))
		reader->at++;
}

/* At the end of the arguments: end of text or a backslash. */
static bool at_end(const struct reader *reader)
{
	char c = reader->text[reader->at];

	return c == '\0' || c == '\\';
}

/* ---- variables ---- */

static void add_literal(const struct reader *reader, const char *value,
			struct str *out)
{
	bool escape = strchr(value, '\\') != NULL;

	/* libpq's way: a leading blank keeps E apart from a word before. */
	if (escape && reader->world->standard_strings)
		str_add(out, " E");
	str_add_char(out, '\'');
	for (; *value; value++) {
		if (*value == '\'' || *value == '\\')
			str_add_char(out, *value);
		str_add_char(out, *value);
	}
	str_add_char(out, '\'');
}

static void add_identifier(const char *value, struct str *out)
{
	str_add_char(out, '"');
	for (; *value; value++) {
		if (*value == '"')
			str_add_char(out, '"');
		str_add_char(out, *value);
	}
	str_add_char(out, '"');
}

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

static const char *variable(const struct reader *reader, const char *name,
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

/* Replaces the reference at the reader's colon; text that is none, or names
 * an unknown variable, stays. in_shell: :'name' is quoted for the shell. */
static void add_reference(struct reader *reader, struct str *out,
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
	else if (kind == '"')
		add_identifier(value, out);
	else if (kind == '\'' && in_shell)
		add_shell_word(value, out);
	else if (kind == '\'')
		add_literal(reader, value, out);
	else
		str_add(out, value);
}

/* ---- quotes ---- */

static bool unterminated(struct reader *reader)
{
	reader->at = strlen(reader->text);
	return err_set(reader->err, ERR_USAGE, "unterminated quoted string");
}

/* Digits of an octal or hexadecimal escape at most max long. */
static char number_escape(struct reader *reader, int base, int max)
{
	int value = 0;
	int count = 0;

	while (count < max) {
		char c = reader->text[reader->at];
		int digit = isdigit((unsigned char)c) ? c - '0' :
			    isxdigit((unsigned char)c)
				    ? tolower((unsigned char)c) - 'a' + 10 :
				    99;

		if (digit >= base)
			break;
		value = value * base + digit;
		reader->at++;
		count++;
	}
	return (char)value;
}

static void add_escape(struct reader *reader, struct str *out)
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
static bool add_single_quoted(struct reader *reader, struct str *out)
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
static bool add_double_quoted(struct reader *reader, struct str *out,
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

static bool add_backtick(struct reader *reader, struct str *out)
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
	if (reader->world->active && reader->world->backtick)
		reader->world->backtick(reader->world->context, line.text,
					out);
	return true;
}

/* ---- arguments by kind ---- */

static void trim_semicolons(struct str *word, size_t protected_len)
{
	while (word->len > protected_len &&
	       (word->text[word->len - 1] == ';' ||
		is_blank(word->text[word->len - 1])))
		str_cut(word, word->len - 1);
}

/* psql's word. keep: double quotes stay in it. trim: an unquoted semicolon
 * at its end does not belong to it. */
static bool read_word(struct reader *reader, bool keep, bool trim,
		      struct str *out)
{
	size_t protected_len = 0;

	while (!at_end(reader) && !is_blank(reader->text[reader->at])) {
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

/* Verbatim to the next blank, or quoted, or one variable and nothing else. */
static bool read_uri(struct reader *reader, struct str *out)
{
	const char *here = reader->text + reader->at;
	const char *name;
	size_t name_len;
	size_t len;
	char kind;

	if (*here == '\'')
		return add_single_quoted(reader, out);
	if (*here == '"')
		return add_double_quoted(reader, out, false);
	len = *here == ':' ? reference(here, &name, &name_len, &kind) : 0;
	if (len > 0 && kind != '?' && (!here[len] || is_blank(here[len]))) {
		const char *value = variable(reader, name, name_len);

		reader->at += len;
		if (value)
			str_add(out, value);
		else
			str_add_slice(out, here, len);
		return true;
	}
	len = strcspn(here, " \t\r\n\f\v");
	str_add_slice(out, here, len);
	reader->at += len;
	return true;
}

static bool read_rest(struct reader *reader, struct str *out)
{
	str_add(out, reader->text + reader->at);
	reader->at = strlen(reader->text);
	return true;
}

/* To the end of the line as SQL: variables outside quotes are replaced, and
 * a word that begins with s3:// is data. */
static bool read_sql(struct reader *reader, struct str *out)
{
	char quote = 0;
	char before = ' ';

	while (reader->text[reader->at]) {
		const char *here = reader->text + reader->at;
		size_t len = strcspn(here, " \t\r\n\f\v");

		if (!quote && is_blank(before) && str_starts(here, "s3://")) {
			str_add_slice(out, here, len);
			reader->at += len;
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

/* :name and nothing behind it; :dir/file is a word as psql reads it. */
static bool is_lone_reference(const char *here)
{
	const char *name;
	size_t name_len;
	char kind;
	size_t len = *here == ':' ? reference(here, &name, &name_len, &kind)
				  : 0;

	return len > 0 && (!here[len] || is_blank(here[len]));
}

static bool read_value(struct reader *reader, enum arg_kind kind,
		       struct str *out)
{
	const char *here = reader->text + reader->at;

	switch (kind) {
	case ARG_FLAG:
	case ARG_LEADING_FLAG:
		return true;
	case ARG_WORD:
	case ARG_VARIABLE:
	case ARG_SETTING:
	case ARG_COMMAND:
		return read_word(reader, true, false, out);
	case ARG_NUMBER:
	case ARG_BYTES:
	case ARG_SWITCH:
	case ARG_PATTERN:
	case ARG_SQL_NAME:
	case ARG_LOCAL_PATH:
	case ARG_NAME:
		return read_word(reader, true, true, out);
	case ARG_CONNECT:
		return read_word(reader, false, true, out);
	case ARG_S3_URI:
		return read_uri(reader, out);
	case ARG_PATH_OR_URI:
		if (str_starts(here, "s3://") || str_starts(here, "'s3://") ||
		    str_starts(here, "\"s3://") || is_lone_reference(here))
			return read_uri(reader, out);
		return read_word(reader, true, false, out);
	case ARG_GO:
		if (*here == '(')
			return read_rest(reader, out);
		/* fall through */
	case ARG_FILE_OR_PIPE:
		if (*here == '|')
			return read_rest(reader, out);
		return read_word(reader, true, true, out);
	case ARG_SQL_WORD:
	case ARG_REST:
	case ARG_SHELL:
	case ARG_SQL_REST:
		return read_rest(reader, out);
	case ARG_SQL:
		return read_sql(reader, out);
	}
	return false;
}

static bool takes_rest(enum arg_kind kind)
{
	return kind == ARG_REST || kind == ARG_SHELL || kind == ARG_SQL ||
	       kind == ARG_SQL_WORD || kind == ARG_SQL_REST;
}

static bool check_value(const struct reader *reader, const struct arg *arg,
			const char *text)
{
	int64_t bytes;
	char *end;

	if (arg->kind == ARG_BYTES)
		return units_parse_bytes(text, &bytes, reader->err);
	if (arg->kind != ARG_NUMBER)
		return true;
	(void)strtoll(text, &end, 10);
	if (*text && !*end)
		return true;
	return err_set(reader->err, ERR_USAGE,
		       "\\%s: %s must be a number, not \"%s\"",
		       reader->args->typed, arg->name, text);
}

static void push_value(struct reader *reader, const struct arg *arg,
		       struct str *text)
{
	struct value value = { arg, str_take(text) };

	vec_push(&reader->args->values, value);
}

/* ---- switches ---- */

static const struct arg *find_switch(const struct command *command,
				     const char *name, size_t len)
{
	for (const struct arg *arg = command->args; arg && arg->name; arg++)
		if (arg->name[0] == '-' && arg->kind != ARG_LEADING_FLAG &&
		    str_slice_equal(name, len, arg->name))
			return arg;
	return NULL;
}

static bool has_switches(const struct command *command)
{
	for (const struct arg *arg = command->args; arg && arg->name; arg++)
		if (arg->name[0] == '-' && arg->kind != ARG_LEADING_FLAG)
			return true;
	return false;
}

/* "-lh": every letter must be a flag of one letter. */
static bool read_flag_letters(struct reader *reader, const char *word,
			      size_t len)
{
	for (int pushing = 0; pushing <= 1; pushing++)
		for (size_t i = 1; i < len; i++) {
			char name[2] = { '-', word[i] };
			const struct arg *arg =
				find_switch(reader->command, name, 2);
			struct str none = STR_EMPTY;

			if (!arg || arg->kind != ARG_FLAG)
				return false;
			if (pushing)
				push_value(reader, arg, &none);
		}
	return len > 1;
}

/* A word that begins with '-' and is one of the row's switches is read with
 * its value. *out_done: it was one. */
static bool read_switch(struct reader *reader, bool *out_done)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *word = reader->text + reader->at;
	size_t len = strcspn(word, " \t\r\n\f\v\\=");
	const struct arg *arg = find_switch(reader->command, word, len);

	*out_done = true;
	if (!arg && word[len] != '=' && word[1] != '-' &&
	    read_flag_letters(reader, word, len)) {
		reader->at += len;
		return true;
	}
	if (!arg && word[1] >= '0' && word[1] <= '9') {
		*out_done = false;
		return true;
	}
	if (!arg) {
		err_set(reader->err, ERR_USAGE,
			"\\%s has no switch \"%.*s\"", reader->args->typed,
			(int)len, word);
		return err_hint(reader->err, "type \\? to see its switches");
	}
	reader->at += len;
	if (arg->kind == ARG_FLAG) {
		push_value(reader, arg, &text);
		return true;
	}
	if (reader->text[reader->at] == '=')
		reader->at++;
	else
		skip_blanks(reader);
	if (at_end(reader))
		return err_set(reader->err, ERR_USAGE, "\\%s: %s needs a value",
			       reader->args->typed, arg->name);
	if (!read_value(reader, arg->kind, &text) ||
	    !check_value(reader, arg, text.text))
		return false;
	push_value(reader, arg, &text);
	return true;
}

/* ---- the whole line ---- */

static const struct arg *next_positional(const struct arg *arg)
{
	while (arg && arg->name && arg->name[0] == '-')
		arg++;
	return arg && arg->name ? arg : NULL;
}

/* What the row has no place for is read, and told as psql tells it. */
static bool skip_extra(struct reader *reader)
{
	for (;;) {
		CLEANUP(str_done) struct str word = STR_EMPTY;
		CLEANUP(str_done) struct str text = STR_EMPTY;

		skip_blanks(reader);
		if (at_end(reader))
			return true;
		if (!read_word(reader, true, false, &word))
			return false;
		str_addf(&text, "\\%s: extra argument \"%s\" ignored",
			 reader->args->typed, word.text);
		if (reader->world->warn && reader->world->active)
			reader->world->warn(reader->world->context,
					    text.text);
	}
}

static bool read_leading_flag(struct reader *reader)
{
	const struct arg *arg = reader->command->args;
	size_t len;
	struct str none = STR_EMPTY;

	if (!arg || !arg->name || arg->kind != ARG_LEADING_FLAG)
		return false;
	skip_blanks(reader);
	len = strcspn(reader->text + reader->at, " \t\r\n\f\v\\");
	if (!str_slice_equal(reader->text + reader->at, len, arg->name))
		return false;
	reader->at += len;
	push_value(reader, arg, &none);
	return true;
}

static bool read_positional(struct reader *reader, const struct arg *arg)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!read_value(reader, arg->kind, &text))
		return false;
	if (reader->world->active && !check_value(reader, arg, text.text))
		return false;
	push_value(reader, arg, &text);
	return true;
}

static bool read_all(struct reader *reader)
{
	const struct arg *arg = next_positional(reader->command->args);
	bool switches = has_switches(reader->command);

	read_leading_flag(reader);
	for (;;) {
		bool done = false;
		const char *here;

		skip_blanks(reader);
		here = reader->text + reader->at;
		if (*here == '\0' ||
		    (*here == '\\' && !(arg && takes_rest(arg->kind))))
			return true;
		if (switches && here[0] == '-' && here[1] == '-' &&
		    (!here[2] || is_blank(here[2]))) {
			reader->at += 2;
			switches = false;
			continue;
		}
		if (switches && here[0] == '-' && here[1] &&
		    !is_blank(here[1]) && !read_switch(reader, &done))
			return false;
		if (done)
			continue;
		if (!arg)
			return skip_extra(reader);
		if (!read_positional(reader, arg))
			return false;
		if (arg->use != ARG_REPEATED)
			arg = next_positional(arg + 1);
	}
}

static bool check_required(const struct reader *reader)
{
	for (const struct arg *arg = reader->command->args; arg && arg->name;
	     arg++) {
		if (arg->use != ARG_REQUIRED ||
		    args_text(reader->args, arg->name))
			continue;
		/* psql's words, which scripts may look for. */
		return err_set(reader->err, ERR_USAGE,
			       "\\%s: missing required argument",
			       reader->args->typed);
	}
	return true;
}

/* Reads on to the end after a refusal, looking nothing up. */
static void drop_rest(struct reader *reader)
{
	struct args_world still = { .active = false };
	struct err ignored = ERR_EMPTY;

	reader->world = &still;
	reader->err = &ignored;
	skip_extra(reader);
}

bool args_parse(struct args *args, const struct command *command,
		const char *typed, const char *text,
		const struct args_world *world, size_t *out_used,
		struct err *err)
{
	struct reader reader = { args, command, world, text, 0, err };
	size_t name_len = strlen(command->name);
	bool ok;

	clear(args);
	args->typed = mem_copy_text(typed);
	args->suffix = strncmp(typed, command->name, name_len) == 0
			       ? args->typed + name_len
			       : "";
	ok = read_all(&reader) && (!world->active || check_required(&reader));
	if (!ok)
		drop_rest(&reader);
	if (reader.text[reader.at] == '\\' && reader.text[reader.at + 1] == '\\')
		reader.at += 2;
	*out_used = reader.at;
	return ok;
}

/* ---- what handlers ask ---- */

const char *args_command(const struct args *args)
{
	return args->typed;
}

bool args_suffix(const struct args *args, char letter)
{
	return strchr(args->suffix, letter) != NULL;
}

const char *args_item(const struct args *args, const char *name, size_t at)
{
	for (size_t i = 0; i < args->values.count; i++)
		if (strcmp(args->values.items[i].arg->name, name) == 0 &&
		    at-- == 0)
			return args->values.items[i].text;
	return NULL;
}

const char *args_text(const struct args *args, const char *name)
{
	return args_item(args, name, 0);
}

bool args_flag(const struct args *args, const char *name)
{
	return args_item(args, name, 0) != NULL;
}

size_t args_count(const struct args *args, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < args->values.count; i++)
		if (strcmp(args->values.items[i].arg->name, name) == 0)
			count++;
	return count;
}

int64_t args_number(const struct args *args, const char *name,
		    int64_t otherwise)
{
	const char *text = args_text(args, name);
	int64_t value;

	if (!text)
		return otherwise;
	for (size_t i = 0; i < args->values.count; i++)
		if (strcmp(args->values.items[i].arg->name, name) == 0 &&
		    args->values.items[i].arg->kind == ARG_BYTES)
			return units_parse_bytes(text, &value, NULL) ? value
								     : otherwise;
	return strtoll(text, NULL, 10);
}

int args_switch(const struct args *args, const char *name)
{
	const char *text = args_text(args, name);

	if (!text)
		return -1;
	return str_equal_nocase(text, "on") || str_equal_nocase(text, "true") ||
	       str_equal_nocase(text, "yes") || strcmp(text, "1") == 0;
}
