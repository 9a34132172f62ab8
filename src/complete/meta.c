#include "complete/meta.h"

#include <dirent.h>
#include <stdint.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "complete/offer.h"
#include "complete/source.h"
#include "complete/typed.h"
#include "sql/expect.h"
#include "sql/lexer.h"

struct line { /* one command being completed */
	const struct complete_source *source;
	const char *text;
	size_t cursor;
	char *command;
	struct typed word;  /* the one at the cursor */
	const char *before; /* value of the argument before, or "" */
	struct complete_list *list;
};

size_t meta_start(const char *text, size_t cursor)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, text, cursor, LEXER_ESCAPES | LEXER_VARIABLES, NULL);
	while ((token = lexer_next(&lexer)).kind != TOKEN_END) {
		size_t after = token.at + token.len;

		if (token.kind != TOKEN_BACKSLASH)
			continue;
		/* "\;" separates statements; the line of a command ends at
		 * its newline. */
		if (after < cursor && text[after] == ';')
			continue;
		if (memchr(text + after, '\n', cursor - after) == NULL)
			return token.at + 1;
	}
	return SIZE_MAX;
}

/* ---- offers ---- */

static struct complete_offer word_offer(const struct line *line,
					enum complete_kind kind)
{
	struct complete_offer offer = OFFER_EMPTY;

	offer.list = line->list;
	offer.kind = kind;
	offer.style = OFFER_AS_IS;
	offer.after = ' ';
	return offer;
}

static size_t word_len(const struct line *line)
{
	return line->cursor - line->word.start;
}

/* The word so far, as it is meant. */
static void decode_word(const struct line *line, struct str *out)
{
	typed_decode(line->text + line->word.start, word_len(line),
		     line->word.quote, out);
}

static void complete_uri(const struct line *line)
{
	struct complete_offer offer = word_offer(line, COMPLETE_KEY);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	decode_word(line, &typed);
	line->list->from = line->word.start;
	line->list->to = line->cursor;
	offer.style = OFFER_ARGUMENT;
	offer.quote = line->word.quote;
	offer_begin(&offer);
	source_offer_s3(line->source, typed.text, &offer);
	offer_end(&offer);
}

/* Names of one folder that begin with the last part of typed. */
static void offer_files(const char *typed, struct complete_offer *offer)
{
	CLEANUP(str_done) struct str expanded = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	const char *slash = strrchr(typed, '/');
	size_t shown_len = slash != NULL ? (size_t)(slash - typed) + 1 : 0;
	const char *base = typed + shown_len;
	struct dirent *entry;
	DIR *dir;

	path_expand(typed, &expanded);
	str_add_slice(&folder, expanded.text,
		      expanded.len >= strlen(base) ? expanded.len - strlen(base)
						   : 0);
	dir = opendir(folder.len > 0 ? folder.text : ".");
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str path = STR_EMPTY;

		if (entry->d_name[0] == '.' &&
		    (base[0] != '.' || entry->d_name[1] == '\0' ||
		     strcmp(entry->d_name, "..") == 0))
			continue;
		str_add_slice(&name, typed, shown_len);
		str_add(&name, entry->d_name);
		str_addf(&path, "%s%s", folder.text, entry->d_name);
		if (file_is_dir(path.text))
			str_add_char(&name, '/');
		complete_offer_name(offer, name.text, NULL);
	}
	if (dir != NULL)
		closedir(dir);
}

static void complete_path(const struct line *line)
{
	struct complete_offer offer = word_offer(line, COMPLETE_PATH);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	decode_word(line, &typed);
	offer.prefix = typed.text;
	offer.style = OFFER_ARGUMENT;
	offer.quote = line->word.quote;
	offer.exact_case = true;
	offer_begin(&offer);
	offer_files(typed.text, &offer);
	offer_end(&offer);
}

/* Plain names that a callback or a list supplies. */
static void complete_plain(const struct line *line, enum complete_kind kind,
			   void (*supply)(void *context,
					  struct complete_offer *offer),
			   const char *const *names)
{
	struct complete_offer offer = word_offer(line, kind);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	decode_word(line, &typed);
	offer.prefix = typed.text;
	offer_begin(&offer);
	if (supply != NULL)
		supply(line->source->context, &offer);
	for (size_t i = 0; names != NULL && names[i] != NULL; i++)
		complete_offer_name(&offer, names[i], NULL);
	offer_end(&offer);
}

static void complete_values(const struct line *line)
{
	struct complete_offer offer = word_offer(line, COMPLETE_VALUE);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	if (line->source->values == NULL)
		return;
	decode_word(line, &typed);
	offer.prefix = typed.text;
	offer_begin(&offer);
	line->source->values(line->source->context, line->before, &offer);
	offer_end(&offer);
}

/* The second letters of the describe family say what is described. */
static unsigned kinds_of_command(const char *command)
{
	static const struct {
		char letter;
		unsigned kinds;
	} letters[] = {
		{ 'v', EXPECT_VIEW },   { 'm', EXPECT_VIEW },
		{ 'n', EXPECT_SCHEMA }, { 'f', EXPECT_PROCEDURE },
		{ 'u', EXPECT_USER },   { 'g', EXPECT_USER },
	};

	if (command[0] == 'l')
		return EXPECT_DATABASE;
	for (size_t i = 0; command[0] == 'd' && i < COUNT_OF(letters); i++)
		if (command[1] == letters[i].letter)
			return letters[i].kinds;
	return EXPECT_TABLE;
}

static void complete_name(const struct line *line, unsigned kinds)
{
	source_complete_name(line->source, kinds, line->text + line->word.start,
			     word_len(line), line->word.start, line->list);
}

/* The rest of \\copyfrom and \\copyto reads as the statement it becomes, whose
 * authorization is made up. */
static const char from_place[] = "from 's3://' iam_role default ";
static const char to_place[] = "unload ('') to 's3://' iam_role default ";

static bool is_copyto(const struct line *line)
{
	return strcmp(line->command, "copyto") == 0;
}

static void add_place(const struct line *line, struct str *sql)
{
	if (is_copyto(line)) {
		str_set(sql, to_place);
		return;
	}
	if (str_ends(sql->text, "from ") || str_ends(sql->text, "FROM "))
		str_cut(sql, sql->len - strlen("from "));
	str_add(sql, from_place);
}

static bool is_uri(const char *word, size_t len)
{
	static const char scheme[] = "s3://";

	if (len > 0 && (*word == '\'' || *word == '"')) {
		word++;
		len--;
	}
	return len >= strlen(scheme) &&
	       strncmp(word, scheme, strlen(scheme)) == 0;
}

/* The words of text[rest..end) as SQL, without switches. */
static void add_rest_as_sql(const struct line *line, size_t rest, size_t end,
			    struct str *sql)
{
	struct typed word;

	str_add(sql, is_copyto(line) ? "select * from " : "copy ");
	for (size_t at = rest; typed_next(line->text, at, end, &word);
	     at = word.end) {
		const char *text = line->text + word.start;
		size_t len = word.end - word.start;

		if (is_uri(text, len)) {
			add_place(line, sql);
		} else if (strncmp(text, "--", 2) != 0) {
			str_add_slice(sql, text, len);
			str_add_char(sql, ' ');
		}
	}
}

static void complete_sql(const struct line *line, size_t rest)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	const char *word = line->text + line->word.start;
	size_t behind;

	if (is_uri(word, word_len(line))) {
		complete_uri(line);
		return;
	}
	add_rest_as_sql(line, rest, line->word.start, &sql);
	str_add_slice(&sql, word, word_len(line));
	source_complete_sql(line->source, sql.text, sql.len, sql.len, 0,
			    line->list);
	/* The end of both texts is the same. */
	behind = sql.len - line->list->from;
	line->list->from = line->cursor - behind;
	line->list->to = line->cursor;
}

static void complete_topic(const struct line *line)
{
	struct expect start = expect_at("", 0, 0);
	struct complete_offer offer = word_offer(line, COMPLETE_KEYWORD);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	decode_word(line, &typed);
	offer.prefix = typed.text;
	offer.style = OFFER_WORD;
	offer.upper = true;
	offer_begin(&offer);
	for (size_t i = 0; start.words != NULL && start.words[i] != NULL; i++)
		complete_offer_name(&offer, start.words[i], NULL);
	offer_end(&offer);
}

static void complete_want(const struct line *line, enum complete_want want)
{
	static const char *const on_off[] = { "on", "off", NULL };
	const struct complete_source *source = line->source;

	switch (want) {
	case WANT_NOTHING:
	case WANT_FLAG:
	case WANT_REST:
	case WANT_SQL:
		break;
	case WANT_RELATION:
		complete_name(line, EXPECT_TABLE);
		break;
	case WANT_PATTERN:
		complete_name(line, kinds_of_command(line->command));
		break;
	case WANT_PATH:
		complete_path(line);
		break;
	case WANT_S3_URI:
		complete_uri(line);
		break;
	case WANT_PATH_OR_URI:
		complete_uri(line);
		if (line->list->count == 0 && !line->list->waiting)
			complete_path(line);
		break;
	case WANT_VARIABLE:
		complete_plain(line, COMPLETE_VARIABLE, source->variables,
			       NULL);
		break;
	case WANT_SETTING:
		complete_plain(line, COMPLETE_SETTING, source->settings, NULL);
		break;
	case WANT_SWITCH:
		complete_plain(line, COMPLETE_VALUE, NULL, on_off);
		break;
	case WANT_COMMAND:
		complete_plain(line, COMPLETE_COMMAND, source->commands, NULL);
		break;
	case WANT_SQL_WORD:
		complete_topic(line);
		break;
	case WANT_VALUE:
		complete_values(line);
		break;
	}
}

/* ---- which argument ---- */

static bool is_switch(const struct complete_arg *arg)
{
	return arg->name[0] == '-';
}

static void complete_switches(const struct line *line,
			      const struct complete_arg *args, size_t count)
{
	struct complete_offer offer = word_offer(line, COMPLETE_SWITCH);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	decode_word(line, &typed);
	offer.prefix = typed.text;
	offer.exact_case = true;
	offer_begin(&offer);
	for (size_t i = 0; i < count; i++)
		if (is_switch(&args[i]))
			complete_offer_name(&offer, args[i].name, NULL);
	offer_end(&offer);
}

static const struct complete_arg *find_switch(const struct complete_arg *args,
					      size_t count, const char *text,
					      size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (is_switch(&args[i]) &&
		    str_slice_equal(text, len, args[i].name))
			return &args[i];
	return NULL;
}

/* The positional argument number at; a repeated one stands for the rest. */
static const struct complete_arg *positional(const struct complete_arg *args,
					     size_t count, size_t at)
{
	for (size_t i = 0; i < count; i++) {
		if (is_switch(&args[i]))
			continue;
		if (at == 0 || args[i].repeated)
			return &args[i];
		at--;
	}
	return NULL;
}

/* Walks over the arguments before the cursor and completes the one at it. */
static void complete_arguments(struct line *line, size_t at,
			       const struct complete_arg *args, size_t count)
{
	CLEANUP(str_done) struct str before = STR_EMPTY;
	const struct complete_arg *value_of = NULL;
	size_t position = 0;

	for (;;) {
		const struct complete_arg *arg =
			value_of != NULL ? value_of
					 : positional(args, count, position);
		bool at_cursor = !typed_next(line->text, at, line->cursor,
					     &line->word) ||
				 line->word.end >= line->cursor;
		const char *word = line->text + line->word.start;
		size_t len = line->word.end - line->word.start;

		line->list->from = line->word.start;
		line->list->to = line->cursor;
		line->before = before.text;
		if (at_cursor && len > 0 && *word == '-') {
			complete_switches(line, args, count);
			return;
		}
		if (arg != NULL && arg->want == WANT_SQL &&
		    !(len > 0 && *word == '-')) {
			while (line->word.end < line->cursor &&
			       typed_next(line->text, line->word.end,
					  line->cursor, &line->word))
				;
			complete_sql(line, at);
			return;
		}
		if (at_cursor || (arg != NULL && arg->want == WANT_REST)) {
			if (arg != NULL)
				complete_want(line, arg->want);
			return;
		}
		str_clear(&before);
		typed_decode(word, len, line->word.quote, &before);
		if (value_of != NULL) {
			value_of = NULL;
		} else if (*word == '-') {
			value_of = find_switch(args, count, word, len);
			if (value_of != NULL && value_of->want == WANT_FLAG)
				value_of = NULL;
		} else {
			position++;
		}
		at = line->word.end;
	}
}

static void complete_command_name(struct line *line, size_t start)
{
	struct complete_offer offer = word_offer(line, COMPLETE_COMMAND);

	line->list->from = start - 1;
	line->list->to = line->cursor;
	if (line->source->commands == NULL)
		return;
	offer.prefix = line->command;
	offer.before = "\\";
	offer.exact_case = true;
	offer_begin(&offer);
	line->source->commands(line->source->context, &offer);
	offer_end(&offer);
}

/* :name as an argument. */
static bool complete_variable(struct line *line)
{
	CLEANUP(str_done) struct str typed = STR_EMPTY;
	struct complete_offer offer = word_offer(line, COMPLETE_VARIABLE);
	size_t start = line->cursor;
	size_t lead;

	while (start > 0 && strchr(" \t\n", line->text[start - 1]) == NULL)
		start--;
	if (start == line->cursor || line->text[start] != ':' ||
	    line->source->variables == NULL)
		return false;
	lead = start + 1 < line->cursor && (line->text[start + 1] == '\'' ||
					    line->text[start + 1] == '"')
		       ? 2
		       : 1;
	line->list->from = start + lead;
	line->list->to = line->cursor;
	str_add_slice(&typed, line->text + start + lead,
		      line->cursor - start - lead);
	offer.prefix = typed.text;
	offer.exact_case = true;
	offer.after = lead == 2 ? line->text[start + 1] : ' ';
	offer_begin(&offer);
	line->source->variables(line->source->context, &offer);
	offer_end(&offer);
	return true;
}

void meta_complete(const struct complete_source *source, const char *text,
		   size_t start, size_t cursor, struct complete_list *list)
{
	struct line line = {
		.source = source,
		.text = text,
		.cursor = cursor,
		.before = "",
		.list = list,
	};
	const struct complete_arg *args = NULL;
	size_t count = 0;
	size_t end = start;

	while (end < cursor && strchr(" \t", text[end]) == NULL)
		end++;
	line.command = mem_copy_slice(text + start, end - start);
	if (end == cursor)
		complete_command_name(&line, start);
	else if (source->args != NULL)
		args = source->args(source->context, line.command, &count);
	if (args != NULL && !complete_variable(&line))
		complete_arguments(&line, end, args, count);
	mem_free(line.command);
}
