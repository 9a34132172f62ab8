#include "edit/hint.h"

#include <stdio.h>
#include <string.h>

#include <readline/readline.h>

#include "edit/draft.h"
#include "edit/editor_state.h"
#include "edit/history.h"
#include "sql/lexer.h"

enum {
	TEXT_MAX_BYTES = 64 << 10, /* longer ones get no suggestion */
	WORD_MIN_BYTES = 2,        /* before candidates are asked */
	ASK_MAX_BYTES = 16 << 10,  /* of text that candidates are asked for */
};

void hint_done(struct hint *hint)
{
	str_done(&hint->typed);
	str_done(&hint->rest);
}

void hint_forget(struct hint *hint)
{
	str_clear(&hint->typed);
	str_clear(&hint->rest);
	hint->whole = false;
}

/* ---- what must not be offered ---- */

/* The last statement of text begins as one that may destroy: however it goes
 * on, nothing is offered for it. */
static bool starts_to_destroy(const char *text, size_t len, bool escapes)
{
	static const char *const words[] = { "drop", "truncate", "delete",
					     "update" };
	struct lexer lexer;
	bool first = true, destroys = false;

	lexer_init(&lexer, text, len, escapes ? LEXER_ESCAPES : 0, NULL);
	for (;;) {
		struct token token = lexer_next_solid(&lexer);

		if (token.kind == TOKEN_END)
			return destroys;
		if (first)
			destroys = false;
		for (size_t i = 0; first && i < COUNT_OF(words); i++)
			destroys |= token_is(&token, words[i]);
		first = token_is_char(&token, ';');
	}
}

/* ---- history ---- */

/* What was found still holds when the person types just that. */
static bool follow(struct hint *hint, const char *text, size_t len)
{
	size_t more;

	if (hint->typed.len == 0 || len < hint->typed.len ||
	    memcmp(text, hint->typed.text, hint->typed.len) != 0)
		return false;
	more = len - hint->typed.len;
	if (more >= hint->rest.len)
		return more == 0;
	if (memcmp(text + hint->typed.len, hint->rest.text, more) != 0)
		return false;
	memmove(hint->rest.text, hint->rest.text + more, hint->rest.len - more);
	str_cut(&hint->rest, hint->rest.len - more);
	str_add_slice(&hint->typed, text + hint->typed.len, more);
	return true;
}

static bool wants_hint(const struct editor *editor)
{
	return editor->styled && editor->look.colours &&
	       editor->modal == NULL && rl_point == rl_end && rl_end > 0 &&
	       rl_end < TEXT_MAX_BYTES && rl_display_prompt == rl_prompt &&
	       *rl_line_buffer != ' ' && rl_get_keymap() != vi_movement_keymap;
}

void hint_update(struct editor *editor)
{
	struct hint *hint = &editor->hint;
	CLEANUP(str_done) struct str entry = STR_EMPTY;
	size_t len = (size_t)rl_end;

	if (!wants_hint(editor)) {
		hint_forget(hint);
		return;
	}
	if (follow(hint, rl_line_buffer, len))
		return;
	hint_forget(hint);
	str_set_slice(&hint->typed, rl_line_buffer, len);
	if (*editor->before != '\0')
		return;
	if (editor->options.history != NULL &&
	    history_suggest(editor->options.history, rl_line_buffer, len,
			    &entry))
		str_set(&hint->rest, entry.text + len);
}

/* ---- candidates ---- */

static bool worth_asking(const struct editor *editor)
{
	size_t from = (size_t)rl_end;
	const struct lexer_state *state = NULL;

	if (editor->hint.whole || editor->hint.rest.len > 0 ||
	    editor->options.complete == NULL || !wants_hint(editor) ||
	    (size_t)rl_end + strlen(editor->before) > ASK_MAX_BYTES)
		return false;
	state = &draft_end_state(editor->draft)->lexer;
	if (state->inside != LEXER_NOTHING)
		return false;
	while (from > 0 && strchr(" \t\n(,", rl_line_buffer[from - 1]) == NULL)
		from--;
	/* Names of S3 would have to be fetched. */
	return (size_t)rl_end - from >= WORD_MIN_BYTES &&
	       strncmp(rl_line_buffer + from, "s3:", 3) != 0;
}

static void take_candidate(struct hint *hint, const struct complete_list *list,
			   struct str *text, bool escapes)
{
	const struct complete_item *item = &list->items[0];
	size_t typed = text->len - list->from;

	if (list->to != text->len || typed < WORD_MIN_BYTES ||
	    strlen(item->text) <= typed ||
	    strncmp(item->text, text->text + list->from, typed) != 0)
		return;
	str_add(text, item->text + typed);
	if (!starts_to_destroy(text->text, text->len, escapes))
		str_set(&hint->rest, item->text + typed);
}

bool hint_ask_candidates(struct editor *editor)
{
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!worth_asking(editor))
		return false;
	editor->hint.whole = true;
	str_add(&text, editor->before);
	if (text.len > 0)
		str_add_char(&text, '\n');
	str_add_slice(&text, rl_line_buffer, (size_t)rl_end);
	editor->options.complete(editor->options.context, text.text, text.len,
				 &list);
	if (list.count > 0)
		take_candidate(&editor->hint, &list, &text, editor->escapes);
	return editor->hint.rest.len > 0;
}

/* ---- taking ---- */

static bool is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

size_t hint_take(const struct hint *hint, bool all)
{
	const char *rest = hint->rest.text;
	size_t at = 0;

	if (all)
		return hint->rest.len;
	while (at < hint->rest.len && !is_word_byte(rest[at]))
		at++;
	while (at < hint->rest.len && is_word_byte(rest[at]))
		at++;
	return at;
}
