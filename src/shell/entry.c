#include "shell/entry.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "db/conn.h"
#include "edit/editor.h"
#include "shell/edit_text.h"
#include "shell/prompt.h"
#include "shell/session_state.h"
#include "shell/signals.h"
#include "shell/style.h"
#include "shell/suggest.h"
#include "sql/interp.h"
#include "sql/lexer.h"
#include "sql/split.h"

/* What scanning a line told. */
struct seen {
	bool command; /* it holds a meta-command: that runs at once */
};

/* Commands after which the query buffer is empty. */
static bool empties_buffer(const char *command)
{
	return *command == 'g' || strncmp(command, "watch", 5) == 0 ||
	       (*command == 'r' && strcspn(command, " \t") == 1) ||
	       strncmp(command, "reset", 5) == 0;
}

static struct seen scan_line(struct split *split, const char *line, size_t len)
{
	struct seen seen = { false };

	split_feed(split, line, len);
	for (;;) {
		switch (split_next(split)) {
		case SPLIT_MORE:
			return seen;
		case SPLIT_STATEMENT:
			split_reset(split);
			break;
		case SPLIT_COMMAND:
			seen.command = true;
			if (empties_buffer(split_rest(split)))
				split_reset(split);
			split_skip(split, split_rest_len(split));
			break;
		}
	}
}

/* Nothing but comments behind the last statement. */
static bool is_comment_only(const struct split *split)
{
	struct lexer lexer;

	lexer_init(&lexer, split_text(split), split_text_len(split), 0, NULL);
	return lexer_next_solid(&lexer).kind == TOKEN_END &&
	       lexer.state.inside == LEXER_NOTHING;
}

static bool is_plain_word(const char *text)
{
	static const char *const words[] = { "help", "quit", "exit" };
	size_t len;

	text += strspn(text, " \t");
	len = strcspn(text, " \t;");
	if (text[len + strspn(text + len, " \t;")] != '\0')
		return false;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strlen(words[i]) == len &&
		    strncasecmp(text, words[i], len) == 0)
			return true;
	return false;
}

/* In a statement and not in a quote of it. */
static bool is_open(const struct split *split)
{
	return split_inside(split) == SPLIT_IN_STATEMENT ||
	       split_inside(split) == SPLIT_IN_PAREN;
}

/* A person's Enter runs what is whole, or what ends in a meta-command. */
static bool is_complete(void *context, const char *before, const char *text)
{
	struct session *session = context;
	const struct db *db = session->db;
	struct interp vars = { .lookup = session_lookup, .context = session };
	struct split_options options = { .vars = &vars };
	CLEANUP(split_freep) struct split *split = NULL;
	struct seen seen = { false };

	if (is_plain_word(text))
		return true;
	vars.escapes = options.escapes = !db || db_backslash_escapes(db);
	vars.e_strings = db && db_takes_e_strings(db);
	split = split_new(&options);
	if (*before)
		scan_line(split, before, strlen(before));
	for (;;) {
		size_t len = strcspn(text, "\n");

		/* Lost inside a statement: the shell tells the way out. */
		if (text[len] == '\0' && is_open(split) && is_plain_word(text))
			return true;
		seen = scan_line(split, text, len);
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	return seen.command || split_inside(split) == SPLIT_NOTHING ||
	       (session->is.singleline &&
		split_inside(split) == SPLIT_IN_STATEMENT) ||
	       is_comment_only(split);
}

static bool further(void *context, char inside, size_t line, struct str *out)
{
	return prompt_further(context, inside, line, out);
}

static bool edit(void *context, struct str *text)
{
	struct session *session = context;
	struct err err = ERR_EMPTY;
	bool changed = false;

	if (edit_text(text, NULL, &changed, &err))
		return changed;
	say_err(&session->say, &err);
	return false;
}

void entry_options(struct session *session, struct editor_options *options)
{
	options->colours = style_has_colour();
	options->complete = suggest_complete;
	options->is_complete = is_complete;
	options->further = further;
	options->edit = edit;
	options->suspend = signals_stop;
	options->context = session;
}
