#include "edit/tab.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <readline/readline.h>

#include "base/clock.h"
#include "edit/editor_state.h"
#include "edit/menu.h"
#include "edit/popup.h"

enum {
	WAIT_LISTING_MS = 1500, /* a Tab may wait so long for a listing */
	RETRY_MS = 100,         /* and is asked again so often meanwhile */
};

static void list_above(const struct complete_list *list)
{
	CLEANUP(str_done) struct str menu = STR_EMPTY;
	int rows, columns, point = rl_point;

	rl_get_screen_size(&rows, &columns);
	menu_format(list, columns, rows > 4 ? rows - 2 : 2, &menu);
	rl_point = rl_end;
	rl_redisplay();
	fprintf(rl_outstream, "\n%s", menu.text);
	rl_point = point;
	rl_on_new_line();
	rl_forced_update_display();
}

/* Puts the common part in place of the range; false: it adds nothing. *out_sole:
 * it is all of a candidate, the only one that counts. */
static bool insert_common(struct complete_list *list, size_t before_len,
			  bool *out_sole)
{
	CLEANUP(str_done) struct str common = STR_EMPTY;
	int from = (int)(list->from - before_len);
	int to = (int)(list->to - before_len);
	size_t typed = list->to - list->from;

	*out_sole = menu_common(list, rl_line_buffer[to], &common) == 1;
	if (!*out_sole && common.len < typed)
		return false;
	if (common.len == typed &&
	    memcmp(common.text, rl_line_buffer + from, typed) == 0) {
		rl_point = to;
		*out_sole = list->count == 1;
		return *out_sole;
	}
	rl_begin_undo_group();
	rl_delete_text(from, to);
	rl_point = from;
	rl_insert_text(common.text);
	rl_end_undo_group();
	list->to = list->from + common.len;
	return true;
}

static void wait_for_listing(struct editor *editor)
{
	struct pending_tab *tab = &editor->tab;

	if (!tab->on)
		tab->end_us =
			clock_monotonic_us() + (int64_t)WAIT_LISTING_MS * 1000;
	tab->on = true;
	tab->point = rl_point;
	str_set_slice(&tab->line, rl_line_buffer, (size_t)rl_end);
}

/* The candidates; returns the bytes of text before Readline's line. */
static size_t ask(struct editor *editor, struct complete_list *list,
		  size_t *out_len)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t before_len;

	str_add(&text, editor->before);
	if (text.len > 0 && text.text[text.len - 1] != '\n')
		str_add_char(&text, '\n');
	before_len = text.len;
	str_add_slice(&text, rl_line_buffer, (size_t)rl_end);
	*out_len = text.len;
	editor->options.complete(editor->options.context, text.text,
				 before_len + (size_t)rl_point, list);
	return before_len;
}

static void complete_now(struct editor *editor, bool again)
{
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	size_t len, before_len = ask(editor, &list, &len);
	bool inserted, sole;

	if (list.waiting && list.count == 0) {
		wait_for_listing(editor);
		return;
	}
	editor->tab.on = false;
	if (list.count == 0 || list.from < before_len || list.to > len) {
		rl_ding();
		return;
	}
	inserted = insert_common(&list, before_len, &sole);
	if (editor->styled) {
		editor->dirty = true;
		if (!sole)
			popup_open(editor->popup, &list, before_len);
	} else if (!inserted) {
		list_above(&list);
	} else if (again) {
		rl_redisplay();
	}
}

int tab_key(int count, int key)
{
	struct editor *editor = editor_current();

	(void)count;
	(void)key;
	editor->tab.on = false;
	if (editor->options.complete != NULL)
		complete_now(editor, false);
	return 0;
}

/* More candidates for a list that is open. */
static void update_popup(struct editor *editor)
{
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	size_t len;

	ask(editor, &list, &len);
	if (list.count > 0)
		popup_update(editor->popup, &list);
}

void tab_retry(struct editor *editor)
{
	struct pending_tab *tab = &editor->tab;

	if (popup_is_waiting(editor->popup)) {
		update_popup(editor);
		return;
	}
	if (!tab->on)
		return;
	if (rl_point != tab->point || (size_t)rl_end != tab->line.len ||
	    memcmp(rl_line_buffer, tab->line.text, tab->line.len) != 0) {
		tab->on = false;
		return;
	}
	if (clock_monotonic_us() >= tab->end_us) {
		tab->on = false;
		rl_ding();
		return;
	}
	complete_now(editor, true);
}

int tab_wait_ms(const struct editor *editor)
{
	int64_t left;

	if (popup_is_waiting(editor->popup))
		return RETRY_MS;
	if (!editor->tab.on)
		return -1;
	left = (editor->tab.end_us - clock_monotonic_us()) / 1000 + 1;
	if (left > RETRY_MS)
		return RETRY_MS;
	return left > 0 ? (int)left : 0;
}
