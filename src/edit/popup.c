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
	GAP_COLS = 2,
	PIECE_COLS = 8, /* in less than this nothing is shown */
	NONE = -1,
};

struct popup {
	struct modal modal;
	bool open;
	struct complete_list list;
	size_t folder; /* bytes of the labels that are not shown */
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

/* What stands in the columns of the list. */
enum column { NAME, KIND, DETAIL, OF, MARKS, COMMENT, COLUMNS };

/* The most that each is wide; the last takes what is left. */
static const int most[COLUMNS] = { 40, 20, 30, 24, 30, 1000 };

static const char *text_of(const struct popup *popup, int i, enum column column)
{
	const struct complete_item *item = &popup->list.items[i];
	const char *text = "";

	switch (column) {
	case NAME:
		text = item->label + popup->folder;
		break;
	case KIND:
		return kind_of(item);
	case DETAIL:
		text = item->detail;
		/* Said already. */
		if (text != NULL && strcmp(text, kind_of(item)) == 0)
			text = "";
		break;
	case OF:
		text = item->of;
		break;
	case MARKS:
		text = item->marks;
		break;
	case COMMENT:
		text = item->comment;
		break;
	case COLUMNS:
		break;
	}
	return text != NULL ? text : "";
}

/* The widest text in a column of the items [from, to). */
static int widest(const struct popup *popup, int from, int to, int column)
{
	int most_cols = 0;

	for (int i = from; i < to; i++) {
		const char *text = text_of(popup, i, column);
		int width = cells_width(text, strlen(text));

		if (width > most_cols)
			most_cols = width;
	}
	return most_cols;
}

/* What the row leaves free goes to the texts that are cut, from the left. */
static int widen(const struct popup *popup, int from, int to, int spare,
		 int widths[COLUMNS])
{
	int given = 0;

	for (int column = 0; column < COLUMNS && spare > given; column++) {
		int more = widths[column] > 0
				   ? widest(popup, from, to, column) -
					     widths[column]
				   : 0;

		if (more > spare - given)
			more = spare - given;
		widths[column] += more;
		given += more;
	}
	return given;
}

/* Widths for the items [from, to); 0: nothing is in that column. Returns what
 * the row takes. */
static int measure(const struct popup *popup, int from, int to, int columns,
		   int widths[COLUMNS])
{
	int row = 1; /* the mark of the chosen one */

	for (int column = 0; column < COLUMNS; column++) {
		int room = columns - row - GAP_COLS;

		widths[column] = widest(popup, from, to, column);
		if (widths[column] > most[column])
			widths[column] = most[column];
		if (widths[column] > room)
			widths[column] =
				room < PIECE_COLS && column > NAME ? 0 : room;
		if (widths[column] > 0)
			row += widths[column] + GAP_COLS;
	}
	row += widen(popup, from, to, columns - row, widths);
	return row < columns ? row : columns;
}

static void draw_item(const struct popup *popup, int i, const int *widths,
		      int row_width, struct cells *out)
{
	bool chosen = i == popup->chosen;
	enum theme_style style = chosen ? THEME_CHOSEN : THEME_ITEM;
	int at = 1;

	cells_row(out);
	/* Seen without colours too. */
	cells_add(out, style, chosen ? ">" : " ", 1);
	for (int column = 0; column < COLUMNS; column++) {
		const char *text = text_of(popup, i, column);

		if (widths[column] <= 0)
			continue;
		cells_add_cut(out, style, text, strlen(text), widths[column]);
		at += widths[column] + GAP_COLS;
		cells_pad(out, style, at);
		style = chosen ? THEME_CHOSEN_DIM : THEME_DETAIL;
	}
	cells_pad(out, style, row_width);
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
	int widths[COLUMNS], width, to;
	bool note;

	rows = rows < ROWS ? rows : ROWS;
	note = (count > rows || popup->list.waiting || popup->list.cut) &&
	       rows > 1;
	rows -= note;
	keep_in_sight(popup, rows);
	to = popup->top + rows < count ? popup->top + rows : count;
	popup->shown = to - popup->top;
	width = measure(popup, popup->top, to, columns, widths);
	for (int i = popup->top; i < to; i++)
		draw_item(popup, i, widths, width, out);
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
	popup->folder = complete_list_folder(&popup->list);
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
	popup->folder = complete_list_folder(&popup->list);
	popup->chosen = NONE;
	for (size_t i = 0; chosen != NULL && i < popup->list.count; i++)
		if (strcmp(popup->list.items[i].text, chosen) == 0)
			popup->chosen = (int)i;
	modal_redraw();
}
