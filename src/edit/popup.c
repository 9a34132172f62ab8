#include "edit/popup.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <readline/readline.h>

#include "base/str.h"
#include "complete/complete.h"
#include "edit/cells.h"
#include "edit/keys.h"
#include "edit/modal.h"

enum {
	ROWS = 10, /* candidates shown at a time */
	LABEL_COLS = 40,
	KIND_COLS = 11,
	PIECE_COLS = 8, /* less than this shows nothing of a piece */
	NONE = -1,
};

struct popup {
	struct modal modal;
	bool open;
	struct complete_list list;
	size_t shift;
	int chosen; /* NONE: only looked at */
	int top;    /* of those shown */
	int shown;  /* how many at the last frame */
};

/* Kinds that the name alone tells. */
static bool goes_without_saying(enum complete_kind kind)
{
	switch (kind) {
	case COMPLETE_KEYWORD:
	case COMPLETE_COMMAND:
	case COMPLETE_SWITCH:
	case COMPLETE_VALUE:
	case COMPLETE_PATH:
	case COMPLETE_KEY:
	case COMPLETE_COLUMNS:
	case COMPLETE_EXPRESSION:
		return true;
	default:
		return false;
	}
}

static const char *kind_of(const struct complete_item *item)
{
	return goes_without_saying(item->kind) ? ""
					       : complete_kind_name(item->kind);
}

static void move_list(struct complete_list *from, struct complete_list *to)
{
	complete_list_done(to);
	*to = *from;
	*from = (struct complete_list)COMPLETE_LIST_EMPTY;
}

/* ---- drawing ---- */

static int widest_label(const struct popup *popup, int from, int to)
{
	int widest = 1;

	for (int i = from; i < to; i++) {
		const char *label = popup->list.items[i].label;
		int width = cells_width(label, strlen(label));

		widest = width > widest ? width : widest;
	}
	return widest < LABEL_COLS ? widest : LABEL_COLS;
}

static bool has_kinds(const struct popup *popup)
{
	for (size_t i = 0; i < popup->list.count; i++)
		if (*kind_of(&popup->list.items[i]) != '\0')
			return true;
	return false;
}

static void draw_item(const struct popup *popup, int i, int label_cols,
		      bool with_kind, struct cells *out)
{
	const struct complete_item *item = &popup->list.items[i];
	bool chosen = i == popup->chosen;
	enum theme_style name = chosen ? THEME_CHOSEN : THEME_ITEM;
	enum theme_style beside = chosen ? THEME_CHOSEN_DIM : THEME_DETAIL;
	const char *const pieces[] = { item->detail, item->of, item->marks,
				       item->comment };
	const char *kind = kind_of(item);
	int at = 1 + label_cols + 2;

	cells_row(out);
	/* Seen without colours too. */
	cells_add(out, name, chosen ? ">" : " ", 1);
	cells_add_cut(out, name, item->label, strlen(item->label), label_cols);
	cells_pad(out, name, at);
	if (with_kind) {
		cells_add(out, beside, kind, strlen(kind));
		cells_pad(out, beside, at + KIND_COLS);
	}
	for (size_t p = 0; p < COUNT_OF(pieces); p++) {
		const char *piece = pieces[p] != NULL ? pieces[p] : "";

		if (*piece == '\0' || out->columns - out->column < PIECE_COLS)
			continue;
		cells_add_cut(out, beside, piece, strlen(piece),
			      out->columns - out->column - 1);
		cells_add(out, beside, "  ", 2);
	}
}

static int widest_row(const struct cells *out, size_t from)
{
	int widest = 0;

	for (size_t row = from; row < out->rows.count; row++) {
		size_t first, end = cells_of_row(out, row, &first);
		int width = 0;

		for (; first < end; first++)
			width += out->items[first].width;
		widest = width > widest ? width : widest;
	}
	return widest;
}

static void draw_note(const struct popup *popup, struct cells *out)
{
	CLEANUP(str_done) struct str note = STR_EMPTY;

	if (popup->chosen != NONE)
		str_addf(&note, " %d of ", popup->chosen + 1);
	else
		str_add(&note, " ");
	str_addf(&note, "%zu%s", popup->list.count,
		 popup->list.cut ? " and more" : "");
	if (popup->chosen == NONE)
		str_add(&note, ", Tab or Down chooses");
	if (popup->list.waiting)
		str_add(&note, ", asking for more ...");
	cells_row(out);
	cells_add(out, THEME_NOTE, note.text, note.len);
}

static void keep_in_sight(struct popup *popup, int rows)
{
	int count = (int)popup->list.count;

	if (popup->chosen != NONE && popup->chosen < popup->top)
		popup->top = popup->chosen;
	if (popup->chosen >= popup->top + rows)
		popup->top = popup->chosen - rows + 1;
	if (popup->top > count - rows)
		popup->top = count > rows ? count - rows : 0;
	if (popup->top < 0)
		popup->top = 0;
}

static void draw(void *context, int columns, int rows, struct cells *out)
{
	struct popup *popup = context;
	int count = (int)popup->list.count;
	bool note = false;
	int label_cols, width, to;

	(void)columns;
	rows = rows < ROWS ? rows : ROWS;
	note = (count > rows || popup->list.waiting || popup->list.cut) &&
	       rows > 1;
	rows -= note;
	keep_in_sight(popup, rows);
	to = popup->top + rows < count ? popup->top + rows : count;
	popup->shown = to - popup->top;
	label_cols = widest_label(popup, popup->top, to);
	for (int pass = 0; pass < 2; pass++) {
		/* The second time all rows are as wide as the widest. */
		size_t from = out->rows.count;

		for (int i = popup->top; i < to; i++) {
			draw_item(popup, i, label_cols, has_kinds(popup), out);
			if (pass == 1)
				cells_pad(out,
					  i == popup->chosen ? THEME_CHOSEN_DIM
							     : THEME_DETAIL,
					  width);
		}
		if (pass == 1)
			break;
		width = widest_row(out, from) + 1;
		cells_clear(out, out->columns);
	}
	if (note)
		draw_note(popup, out);
}

/* ---- keys ---- */

static void choose(struct popup *popup, int step)
{
	int count = (int)popup->list.count;
	int at = popup->chosen;

	if (count == 0)
		return;
	if (at == NONE)
		at = step > 0 ? -1 : 0;
	popup->chosen = ((at + step) % count + count) % count;
}

static void page(struct popup *popup, int direction)
{
	int count = (int)popup->list.count;
	int to = (popup->chosen == NONE ? 0 : popup->chosen) +
		 direction * (popup->shown > 1 ? popup->shown : 1);

	if (count == 0)
		return;
	popup->chosen = to < 0 ? 0 : to >= count ? count - 1 : to;
}

static void take(struct popup *popup)
{
	const struct complete_item *item = &popup->list.items[popup->chosen];
	int from = (int)(popup->list.from - popup->shift);
	int to = (int)(popup->list.to - popup->shift);

	if (to > rl_end || from > to || from < 0)
		return;
	rl_begin_undo_group();
	rl_delete_text(from, to);
	rl_point = from;
	rl_insert_text(item->text);
	if (item->after != '\0' && rl_line_buffer[rl_point] != item->after) {
		char after[] = { item->after, '\0' };

		rl_insert_text(after);
	}
	rl_end_undo_group();
}

static enum modal_answer on_enter(struct popup *popup)
{
	if (popup->chosen == NONE)
		return MODAL_PASS;
	take(popup);
	return MODAL_CLOSE;
}

static enum modal_answer on_ctrl(struct popup *popup, char letter)
{
	switch (letter) {
	case 'g':
		return MODAL_CLOSE;
	case 'n':
		choose(popup, 1);
		return MODAL_STAY;
	case 'p':
		choose(popup, -1);
		return MODAL_STAY;
	default:
		return MODAL_PASS;
	}
}

static enum modal_answer on_key(void *context, const struct key *key)
{
	struct popup *popup = context;

	switch (key->kind) {
	case KEY_TAB:
	case KEY_DOWN:
		choose(popup, 1);
		return MODAL_STAY;
	case KEY_BACK_TAB:
	case KEY_UP:
		choose(popup, -1);
		return MODAL_STAY;
	case KEY_PAGE_DOWN:
		page(popup, 1);
		return MODAL_STAY;
	case KEY_PAGE_UP:
		page(popup, -1);
		return MODAL_STAY;
	case KEY_ENTER:
		return on_enter(popup);
	case KEY_ESC:
		return MODAL_CLOSE;
	case KEY_CTRL:
		return on_ctrl(popup, key->letter);
	default:
		return MODAL_PASS;
	}
}

static void on_closed(void *context)
{
	struct popup *popup = context;

	popup->open = false;
	complete_list_done(&popup->list);
	popup->list = (struct complete_list)COMPLETE_LIST_EMPTY;
}

/* ---- life ---- */

struct popup *popup_new(void)
{
	struct popup *popup = mem_alloc(sizeof(*popup));

	popup->modal = (struct modal){ .context = popup,
				       .key = on_key,
				       .draw = draw,
				       .closed = on_closed,
				       .cursor_row = -1 };
	popup->list = (struct complete_list)COMPLETE_LIST_EMPTY;
	return popup;
}

void popup_free(struct popup *popup)
{
	if (popup == NULL)
		return;
	complete_list_done(&popup->list);
	mem_free(popup);
}

void popup_open(struct popup *popup, struct complete_list *list, size_t shift)
{
	move_list(list, &popup->list);
	popup->shift = shift;
	popup->chosen = NONE;
	popup->top = 0;
	popup->open = true;
	modal_open(&popup->modal);
}

bool popup_is_open(const struct popup *popup)
{
	return popup->open;
}

bool popup_is_waiting(const struct popup *popup)
{
	return popup->open && popup->list.waiting;
}

void popup_update(struct popup *popup, struct complete_list *list)
{
	CLEANUP(mem_freep) char *chosen = NULL;

	if (popup->chosen != NONE)
		chosen = mem_copy_text(popup->list.items[popup->chosen].text);
	move_list(list, &popup->list);
	popup->chosen = NONE;
	for (size_t i = 0; chosen != NULL && i < popup->list.count; i++)
		if (strcmp(popup->list.items[i].text, chosen) == 0)
			popup->chosen = (int)i;
	modal_redraw();
}
