#include "shell/args.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/similar.h"
#include "base/str.h"
#include "base/units.h"
#include "base/vec.h"
#include "shell/word.h"

struct value {
	const struct arg *arg;
	char *text; /* "" for flags */
};

struct args {
	char *typed;
	const char *suffix; /* in typed */
	struct {
		VEC(struct value);
	} values;
	struct {
		VEC(char *);
	} extras;
	bool is_open;   /* the last of them, which is dropped */
	bool is_behind; /* "&" at the end */
};

struct reader {
	struct args *args;
	const struct command *command;
	struct word_reader in;
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
	for (size_t i = 0; i < args->extras.count; i++)
		mem_free(args->extras.items[i]);
	vec_clear(&args->extras);
	args->is_open = false;
	args->is_behind = false;
	mem_free(args->typed);
	args->typed = NULL;
}

void args_free(struct args *args)
{
	if (!args)
		return;
	clear(args);
	vec_done(&args->values);
	vec_done(&args->extras);
	mem_free(args);
}

/* ---- arguments by kind ---- */

static bool read_value(struct reader *reader, enum arg_kind kind,
		       struct str *out)
{
	const char *here = reader->in.text + reader->in.at;

	switch (kind) {
	case ARG_FLAG:
	case ARG_LEADING_FLAG:
		return true;
	case ARG_WORD:
	case ARG_VARIABLE:
	case ARG_SETTING:
	case ARG_COMMAND:
	case ARG_SWITCH_WORD:
		return word_read(&reader->in, true, false, out);
	case ARG_NUMBER:
	case ARG_BYTES:
	case ARG_SWITCH:
	case ARG_PATTERN:
	case ARG_SQL_NAME:
	case ARG_LOCAL_PATH:
	case ARG_MAYBE_PATH:
	case ARG_NAME:
		return word_read(&reader->in, true, true, out);
	case ARG_CONNECT:
		return word_read(&reader->in, false, true, out);
	case ARG_S3_URI:
		return word_read_uri(&reader->in, out);
	case ARG_PATH_OR_URI:
		if (str_starts(here, "s3://") || str_starts(here, "'s3://") ||
		    str_starts(here, "\"s3://") || word_is_reference(here))
			return word_read_uri(&reader->in, out);
		return word_read(&reader->in, true, false, out);
	case ARG_CHART:
		if (*here == '(')
			return word_read_sql(&reader->in, out);
		return word_read(&reader->in, true, true, out);
	case ARG_GO:
		if (*here == '|')
			return word_read_rest(&reader->in, out);
		return word_read(&reader->in, true, false, out);
	case ARG_FILE_OR_PIPE:
		if (*here == '|')
			return word_read_rest(&reader->in, out);
		return word_read(&reader->in, true, true, out);
	case ARG_SQL_WORD:
	case ARG_REST:
	case ARG_SHELL:
	case ARG_SQL_REST:
		return word_read_rest(&reader->in, out);
	case ARG_SQL:
		return word_read_sql(&reader->in, out);
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
		return units_parse_bytes(text, &bytes, reader->in.err);
	if (arg->kind != ARG_NUMBER)
		return true;
	(void)strtoll(text, &end, 10);
	if (*text && !*end)
		return true;
	return err_set(reader->in.err, ERR_USAGE,
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

static bool refuse_switch(const struct reader *reader, const char *word,
			  size_t len)
{
	CLEANUP(mem_freep) char *given = mem_copy_slice(word, len);
	struct similar similar = { .wanted = given };

	for (const struct arg *arg = reader->command->args; arg->name; arg++)
		if (arg->name[0] == '-' && arg->name[1] == '-')
			similar_consider(&similar, arg->name);
	err_set(reader->in.err, ERR_USAGE, "\\%s has no switch \"%s\"",
		reader->args->typed, given);
	if (similar.name)
		return err_hint(reader->in.err,
				"did you mean %s? \\? %s lists them",
				similar.name, reader->command->name);
	return err_hint(reader->in.err, "\\? %s lists them",
			reader->command->name);
}

/* A word that begins with '-' and is one of the row's switches is read with
 * its value. *out_done: it was one. */
static bool read_switch(struct reader *reader, bool *out_done)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *word = reader->in.text + reader->in.at;
	size_t len = strcspn(word, " \t\r\n\f\\=");
	const struct arg *arg = find_switch(reader->command, word, len);

	*out_done = true;
	if (!arg && word[len] != '=' && word[1] != '-' &&
	    read_flag_letters(reader, word, len)) {
		reader->in.at += len;
		return true;
	}
	if (!arg && word[1] >= '0' && word[1] <= '9') {
		*out_done = false;
		return true;
	}
	if (!arg)
		return refuse_switch(reader, word, len);
	reader->in.at += len;
	if (arg->kind == ARG_FLAG) {
		push_value(reader, arg, &text);
		return true;
	}
	if (reader->in.text[reader->in.at] == '=') {
		reader->in.at++;
	} else if (arg->kind == ARG_MAYBE_PATH) {
		push_value(reader, arg, &text);
		return true;
	} else {
		word_skip_blanks(&reader->in);
	}
	if (word_at_end(&reader->in))
		return err_set(reader->in.err, ERR_USAGE,
			       "\\%s: %s needs a value", reader->args->typed,
			       arg->name);
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

/* A quote is open to the end. psql tells and runs its commands without the
 * argument; commands that are ours are refused. */
static bool leave_open(struct reader *reader)
{
	const struct args_world *world = reader->in.world;

	if (reader->command->group >= GROUP_LOAD)
		return false;
	if (world->complain)
		world->complain(world->context, reader->in.err->message);
	return true;
}

/* Words without a place are told after the command has run, as psql does;
 * nothing in them is looked up or run. */
static bool keep_extra(struct reader *reader)
{
	const struct args_world *world = reader->in.world;
	struct args_world still = *world;

	still.active = false;
	still.variable = NULL;
	reader->in.world = &still;
	for (;;) {
		CLEANUP(str_done) struct str word = STR_EMPTY;
		bool closed;

		word_skip_blanks(&reader->in);
		if (word_at_end(&reader->in))
			break;
		closed = word_read(&reader->in, true, false, &word);
		if (!closed)
			reader->args->is_open = true;
		else
			vec_push(&reader->args->extras, str_take(&word));
	}
	reader->in.world = world;
	return !reader->args->is_open || reader->command->group < GROUP_LOAD;
}

static bool read_leading_flag(struct reader *reader)
{
	const struct arg *arg = reader->command->args;
	size_t len;
	struct str none = STR_EMPTY;

	if (!arg || !arg->name || arg->kind != ARG_LEADING_FLAG)
		return false;
	word_skip_blanks(&reader->in);
	len = strcspn(reader->in.text + reader->in.at, " \t\r\n\f\\");
	if (!str_slice_equal(reader->in.text + reader->in.at, len, arg->name))
		return false;
	reader->in.at += len;
	push_value(reader, arg, &none);
	return true;
}

/* Semicolons alone are no argument where they drop. */
static bool was_dropped(const struct reader *reader, size_t from,
			const struct str *text)
{
	const char *here = reader->in.text + from;
	size_t blanks = strspn(here, " \t");
	size_t count = strspn(here + blanks, ";");

	return text->len == 0 && count > 0 &&
	       from + blanks + count == reader->in.at;
}

static bool read_positional(struct reader *reader, const struct arg *arg)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t from = reader->in.at;

	if (!read_value(reader, arg->kind, &text))
		return leave_open(reader);
	if (was_dropped(reader, from, &text))
		return true;
	if (reader->in.world->active && !check_value(reader, arg, text.text))
		return false;
	push_value(reader, arg, &text);
	return true;
}

/* \g: whether words follow the one just read: "(a=b", "c=d)", "file". */
static bool go_goes_on(const struct reader *reader)
{
	const struct args *args = reader->args;
	size_t count = args->values.count;
	const char *last;

	if (count == 0 || args->values.items[0].text[0] != '(')
		return false;
	for (size_t i = 0; i + 1 < count; i++) {
		last = args->values.items[i].text;
		if (*last && last[strlen(last) - 1] == ')')
			return false;
	}
	return true;
}

/* "&" before the end of the line, or before "\\". */
static bool read_behind(struct reader *reader)
{
	const char *here = reader->in.text + reader->in.at;
	size_t blanks;

	if (*here != '&' || reader->command->group != GROUP_S3)
		return false;
	blanks = strspn(here + 1, " \t\r\n\f");
	if (here[1 + blanks] != '\0' && here[1 + blanks] != '\\')
		return false;
	reader->in.at += 1 + blanks;
	reader->args->is_behind = true;
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

		word_skip_blanks(&reader->in);
		here = reader->in.text + reader->in.at;
		if (*here == '\0' ||
		    (*here == '\\' && !(arg && takes_rest(arg->kind))))
			return true;
		if (read_behind(reader))
			return true;
		if (switches && here[0] == '-' && here[1] == '-' &&
		    (!here[2] || word_is_blank(here[2]))) {
			reader->in.at += 2;
			switches = false;
			continue;
		}
		if (switches && here[0] == '-' && here[1] &&
		    !word_is_blank(here[1]) && !read_switch(reader, &done))
			return false;
		if (done)
			continue;
		if (!arg)
			return keep_extra(reader);
		if (!read_positional(reader, arg))
			return false;
		if (arg->use != ARG_REPEATED ||
		    (arg->kind == ARG_GO && !go_goes_on(reader)))
			arg = next_positional(arg + 1);
	}
}

/* Of commands that psql has not; its own say no more than psql. */
static bool hint_synopsis(const struct reader *reader)
{
	CLEANUP(str_done) struct str synopsis = STR_EMPTY;

	if (reader->command->group < GROUP_LOAD)
		return false;
	command_synopsis(reader->command, &synopsis);
	return err_hint(reader->in.err, "%s; \\? %s tells more", synopsis.text,
			reader->command->name);
}

static bool check_required(const struct reader *reader)
{
	for (const struct arg *arg = reader->command->args; arg && arg->name;
	     arg++) {
		if (arg->use != ARG_REQUIRED ||
		    args_text(reader->args, arg->name))
			continue;
		/* psql's words, which scripts may look for. */
		err_set(reader->in.err, ERR_USAGE,
			"\\%s: missing required argument", reader->args->typed);
		return hint_synopsis(reader);
	}
	return true;
}

bool args_parse(struct args *args, const struct command *command,
		const char *typed, const char *text,
		const struct args_world *world, size_t *out_used,
		struct err *err)
{
	struct reader reader = { args, command, { world, text, 0, err } };
	bool ok;

	clear(args);
	args->typed = mem_copy_text(typed);
	args->suffix = command_letters(command, args->typed);
	ok = read_all(&reader) && (!world->active || check_required(&reader));
	/* What follows a refused command is thrown away, as psql does. */
	if (!ok)
		reader.in.at = strlen(text);
	if (reader.in.text[reader.in.at] == '\\' &&
	    reader.in.text[reader.in.at + 1] == '\\')
		reader.in.at += 2;
	*out_used = reader.in.at;
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

bool args_is_behind(const struct args *args)
{
	return args->is_behind;
}

bool args_has_text(const struct args *args, const char *text)
{
	for (size_t i = 0; i < args->values.count; i++)
		if (strcmp(args->values.items[i].text, text) == 0)
			return true;
	return false;
}

bool args_extra_is_open(const struct args *args)
{
	return args->is_open;
}

const char *args_extra(const struct args *args, size_t at)
{
	return at < args->extras.count ? args->extras.items[at] : NULL;
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
			return units_parse_bytes(text, &value, NULL)
				       ? value
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
