#include "shell/entry.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "edit/editor.h"
#include "shell/edit_text.h"
#include "shell/prompt.h"
#include "shell/session_state.h"
#include "shell/signals.h"
#include "shell/style.h"
#include "shell/suggest.h"
#include "shell/typed_text.h"

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
static bool is_open(const struct typed_text *typed)
{
	return !typed_text_in_data(typed) &&
	       (typed_text_inside(typed) == SPLIT_IN_STATEMENT ||
		typed_text_inside(typed) == SPLIT_IN_PAREN);
}

/* A person's Enter runs what is whole, or what ends in a meta-command. Data
 * that have begun go on to their end. */
static bool is_complete(void *context, const char *before, const char *text)
{
	struct session *session = context;
	CLEANUP(typed_text_freep) struct typed_text *typed = NULL;

	if (is_plain_word(text))
		return true;
	typed = typed_text_new(session, before);
	for (;;) {
		size_t len = strcspn(text, "\n");

		/* Lost inside a statement: the shell tells the way out. */
		if (text[len] == '\0' && is_open(typed) && is_plain_word(text))
			return true;
		typed_text_line(typed, text, len);
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	if (typed_text_in_data(typed))
		return false;
	return typed_text_has_command(typed) ||
	       typed_text_inside(typed) == SPLIT_NOTHING ||
	       (session->is.singleline &&
		typed_text_inside(typed) == SPLIT_IN_STATEMENT) ||
	       typed_text_is_comment(typed);
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
