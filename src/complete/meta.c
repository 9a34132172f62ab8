#include "complete/meta.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "complete/argument.h"
#include "sql/lexer.h"
#include "sql/skim.h"

size_t meta_start(const char *text, size_t cursor)
{
	struct lexer lexer;
	struct token token;
	const char *line = memrchr(text, '\n', cursor);
	int depth = 0;

	/* A command is in the cursor's line, or there is none. */
	line = line != NULL ? line + 1 : text;
	if (memchr(line, '\\', (size_t)(text + cursor - line)) == NULL)
		return SIZE_MAX;
	lexer_init(&lexer, text, cursor, LEXER_ESCAPES | LEXER_VARIABLES, NULL);
	for (;;) {
		size_t after;

		skim(&lexer, &depth);
		token = lexer_next(&lexer);
		if (token.kind == TOKEN_END)
			break;
		after = token.at + token.len;
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

/* ---- which argument ---- */

static bool is_switch(const struct complete_arg *arg)
{
	return arg->name[0] == '-';
}

static void complete_switches(const struct argument *line,
			      const struct complete_arg *args, size_t count)
{
	struct complete_offer offer = argument_offer_of(line, COMPLETE_SWITCH);
	CLEANUP(str_done) struct str typed = STR_EMPTY;

	argument_decode(line, &typed);
	offer.prefix = typed.text;
	offer.exact_case = true;
	offer_begin(&offer);
	for (size_t i = 0; i < count; i++)
		if (is_switch(&args[i]))
			complete_offer_name(&offer, args[i].name,
					    args[i].brief);
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

/* --role=ar|: what is behind the = is the argument. */
static bool complete_switch_value(struct argument *line,
				  const struct complete_arg *args, size_t count)
{
	const char *word = line->text + line->word.start;
	size_t len = line->cursor - line->word.start;
	const char *equals = memchr(word, '=', len);

	if (equals == NULL)
		return false;
	line->arg = find_switch(args, count, word, (size_t)(equals - word));
	line->word.start += (size_t)(equals - word) + 1;
	line->list->from = line->word.start;
	if (line->arg != NULL)
		argument_offer(line);
	return true;
}

/* The last word before the cursor; the rest of the line is one argument. */
static void find_last_word(struct argument *line)
{
	while (line->word.end < line->cursor &&
	       typed_next(line->text, line->word.end, line->cursor,
			  &line->word))
		;
	line->list->from = line->word.start;
}

static bool takes_rest(const struct complete_arg *arg)
{
	return arg->want == WANT_SQL || arg->want == WANT_COPY ||
	       arg->want == WANT_SQL_WORD || arg->want == WANT_SHELL;
}

/* The value of value_of is read; what may follow. */
static const struct complete_arg *value_switch(const struct argument *line,
					       const struct complete_arg *args,
					       size_t count)
{
	const struct complete_arg *arg =
		find_switch(args, count, line->text + line->word.start,
			    line->word.end - line->word.start);

	return arg != NULL && arg->want != WANT_FLAG ? arg : NULL;
}

/* Walks over the arguments before the cursor and completes the one at it. */
static void complete_arguments(struct argument *line, size_t at,
			       const struct complete_arg *args, size_t count)
{
	CLEANUP(str_done) struct str before = STR_EMPTY;
	const struct complete_arg *value_of = NULL;
	size_t position = 0;

	line->rest = at;
	for (;;) {
		bool at_cursor = !typed_next(line->text, at, line->cursor,
					     &line->word) ||
				 line->word.end >= line->cursor;
		const char *word = line->text + line->word.start;
		size_t len = line->word.end - line->word.start;
		bool is_dashed = len > 0 && *word == '-';

		line->arg = value_of != NULL
				    ? value_of
				    : positional(args, count, position);
		line->list->from = line->word.start;
		line->list->to = line->cursor;
		line->before = before.text;
		if (at_cursor && is_dashed) {
			if (!complete_switch_value(line, args, count))
				complete_switches(line, args, count);
			return;
		}
		if (line->arg != NULL && takes_rest(line->arg) && !is_dashed) {
			find_last_word(line);
			at_cursor = true;
		}
		if (at_cursor) {
			if (line->arg != NULL)
				argument_offer(line);
			return;
		}
		str_clear(&before);
		typed_decode(word, len, line->word.quote, &before);
		if (value_of != NULL)
			value_of = NULL;
		else if (is_dashed)
			value_of = value_switch(line, args, count);
		else
			position++;
		at = line->word.end;
	}
}

static void complete_command_name(struct argument *line, size_t start)
{
	struct complete_offer offer = argument_offer_of(line, COMPLETE_COMMAND);

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

/* What stands in front of a variable's name, and what ends it. */
static const struct {
	const char *lead;
	char after;
} references[] = {
	{ ":'", '\'' },
	{ ":\"", '"' },
	{ ":{?", '}' },
	{ ":", ' ' },
};

/* :name as an argument. */
static bool complete_variable(struct argument *line)
{
	CLEANUP(str_done) struct str typed = STR_EMPTY;
	struct complete_offer offer =
		argument_offer_of(line, COMPLETE_VARIABLE);
	size_t start = line->cursor;
	size_t which = 0;

	while (start > 0 && strchr(" \t\n", line->text[start - 1]) == NULL)
		start--;
	str_add_slice(&typed, line->text + start, line->cursor - start);
	while (which < COUNT_OF(references) &&
	       !str_starts(typed.text, references[which].lead))
		which++;
	if (which == COUNT_OF(references) || line->source->variables == NULL)
		return false;
	start += strlen(references[which].lead);
	str_set_slice(&typed, line->text + start, line->cursor - start);
	line->list->from = start;
	line->list->to = line->cursor;
	offer.prefix = typed.text;
	offer.exact_case = true;
	offer.after = references[which].after;
	offer_begin(&offer);
	line->source->variables(line->source->context, &offer);
	offer_end(&offer);
	return true;
}

void meta_complete(const struct complete_source *source, const char *text,
		   size_t start, size_t cursor, struct complete_list *list)
{
	struct argument line = {
		.source = source,
		.text = text,
		.cursor = cursor,
		.start = start,
		.before = "",
		.list = list,
	};
	const struct complete_arg *args = NULL;
	CLEANUP(mem_freep) char *command = NULL;
	size_t count = 0;
	size_t end = start;

	while (end < cursor && strchr(" \t", text[end]) == NULL)
		end++;
	command = mem_copy_slice(text + start, end - start);
	line.command = command;
	if (end == cursor)
		complete_command_name(&line, start);
	else if (source->args != NULL)
		args = source->args(source->context, line.command, &count);
	if (args != NULL && !complete_variable(&line))
		complete_arguments(&line, end, args, count);
}
