#include "edit/modal.h"

#include <stdio.h>

#include <readline/readline.h>

#include "edit/editor_state.h"

void modal_open(struct modal *modal)
{
	editor_close_modal(editor_current());
	editor_current()->modal = modal;
	editor_current()->dirty = true;
}

void modal_redraw(void)
{
	editor_current()->dirty = true;
}

void modal_set_line(const char *text)
{
	rl_begin_undo_group();
	rl_delete_text(0, rl_end);
	rl_point = 0;
	rl_insert_text(text);
	rl_end_undo_group();
}

void editor_close_modal(struct editor *editor)
{
	struct modal *modal = editor->modal;

	editor->modal = NULL;
	editor->dirty = true;
	if (modal != NULL && modal->closed != NULL)
		modal->closed(modal->context);
}

static void paste_into(struct editor *editor, const struct modal *modal)
{
	CLEANUP(str_done) struct str paste = STR_EMPTY;

	keys_take_paste(&editor->keys, &paste);
	if (modal->paste != NULL)
		modal->paste(modal->context, paste.text, paste.len);
}

/* One key; what comes behind it may be Readline's. */
void modal_give(struct editor *editor, const struct key *key)
{
	struct modal *modal = editor->modal;

	if (key->kind == KEY_ANSWER) {
		editor_take_answer(editor);
		return;
	}
	if (key->kind == KEY_PASTE && modal->paste != NULL) {
		paste_into(editor, modal);
		editor->dirty = true;
		return;
	}
	editor->dirty = true;
	switch (modal->key(modal->context, key)) {
	case MODAL_STAY:
		break;
	case MODAL_CLOSE:
		editor_close_modal(editor);
		break;
	case MODAL_PASS:
		editor_close_modal(editor);
		keys_give_back(&editor->keys, key->bytes, key->len);
		break;
	case MODAL_RUN:
		editor_close_modal(editor);
		keys_give_back(&editor->keys, "\r", 1);
		break;
	}
}

void modal_work(struct editor *editor)
{
	struct modal *modal = editor->modal;

	if (modal != NULL && modal->busy && keys_is_empty(&editor->keys))
		modal->busy = modal->work(modal->context);
}
