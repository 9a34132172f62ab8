#include "edit/picker_view.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/units.h"
#include "edit/cells.h"
#include "edit/history.h"
#include "edit/keys.h"
#include "edit/modal.h"
#include "edit/picker.h"
#include "edit/picker_row.h"

enum {
	ROWS = 14,         /* of the list at a time */
	PREVIEW_ROWS = 6,  /* of the chosen statement, when it has lines */
	PREVIEW_FROM = 18, /* rows that there must be for it */
	AGE_COLS = 10,
	DURATION_COLS = 7,
	RESULT_COLS = 9,
	PROFILE_COLS = 18,
	NARROW_COLS = 60, /* the text alone, below that */
	SLICE_US = 4000,  /* at one go: keys must not wait */
	SLICE_ENTRIES = 200,
};

struct picker_view {
	struct modal modal;
	void (*take)(const char *text);
	struct picker *picker; /* NULL: not open */
	size_t top;
	size_t shown;
	bool deleting;   /* Ctrl-D once: the second one deletes */
	struct str said; /* in place of the keys */
};

static const char *const scopes[] = {
	[PICKER_PROFILE] = "this profile",
	[PICKER_DATABASE] = "this database",
	[PICKER_ALL] = "all profiles",
};

/* ---- drawing ---- */

static void add_right(struct cells *out, enum theme_style style,
		      const struct str *text, int width)
{
	int own = cells_width(text->text, text->len);

	cells_pad(out, style, out->column + (own < width ? width - own : 0));
	cells_add_cut(out, style, text->text, text->len, width);
	cells_add(out, style, "  ", 2);
}

static void draw_facts(const struct history_entry *entry, bool all,
		       enum theme_style style, struct cells *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool failed = entry->outcome.status == HISTORY_ERROR ||
		      entry->outcome.status == HISTORY_CANCELLED;

	picker_row_age(entry->started_ms, clock_wall_ms(), &text);
	cells_add(out, style, text.text, text.len);
	cells_pad(out, style, 1 + AGE_COLS + 1);
	str_clear(&text);
	picker_row_duration(entry->outcome.duration_us, &text);
	add_right(out, style, &text, DURATION_COLS);
	str_clear(&text);
	picker_row_result(&entry->outcome, &text);
	add_right(out,
		  failed && style != THEME_CHOSEN_DIM ? THEME_FAILED : style,
		  &text, RESULT_COLS);
	if (!all)
		return;
	cells_add_cut(out, style, entry->profile, strlen(entry->profile),
		      PROFILE_COLS);
	cells_pad(out, style,
		  1 + AGE_COLS + 1 + DURATION_COLS + 2 + RESULT_COLS + 2 +
			  PROFILE_COLS + 1);
}

static void draw_text(const struct picker *picker,
		      const struct history_entry *entry, bool chosen,
		      struct cells *out)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	CLEANUP(str_done) struct str marks = STR_EMPTY;
	enum theme_style style = THEME_ITEM;
	size_t at = 0;

	if (chosen)
		style = THEME_CHOSEN;
	else if (entry->outcome.status == HISTORY_ERROR ||
		 entry->outcome.status == HISTORY_CANCELLED)
		style = THEME_DIM;
	picker_row_text(entry->text, entry->len, picker_query(picker),
			out->columns - out->column, &line, &marks);
	while (at < line.len && out->column < out->columns) {
		char mark = marks.text[at];
		size_t end = at;

		while (end < line.len && marks.text[end] == mark)
			end++;
		cells_add(out, mark == 'x' && !chosen ? THEME_MATCH : style,
			  line.text + at, end - at);
		at = end;
	}
	if (chosen)
		cells_pad(out, style, out->columns);
}

static void draw_entry(struct picker_view *view, size_t at, struct cells *out)
{
	struct picker *picker = view->picker;
	bool chosen = at == picker_chosen(picker);
	enum theme_style beside = chosen ? THEME_CHOSEN_DIM : THEME_DETAIL;
	struct history_entry entry;

	cells_row(out);
	/* Seen without colours too. */
	cells_add(out, chosen ? THEME_CHOSEN : THEME_ITEM, chosen ? ">" : " ",
		  1);
	if (!picker_entry(picker, at, &entry)) {
		cells_add(out, beside, "(deleted)", 9);
		if (chosen)
			cells_pad(out, beside, out->columns);
		return;
	}
	if (out->columns >= NARROW_COLS)
		draw_facts(&entry, picker_scope(picker) == PICKER_ALL, beside,
			   out);
	draw_text(picker, &entry, chosen, out);
}

static void draw_query(struct picker_view *view, struct cells *out)
{
	struct picker *picker = view->picker;
	const char *typed = picker_typed(picker);
	CLEANUP(str_done) struct str info = STR_EMPTY;
	int width;

	units_add_count(&info, (int64_t)picker_count(picker));
	if (!picker_is_done(picker))
		str_add(&info, "+");
	str_addf(&info, "  %s%s", scopes[picker_scope(picker)],
		 picker_hides_failed(picker) ? ", without failed" : "");
	cells_row(out);
	cells_add(out, THEME_NOTE, "history: ", 9);
	cells_add(out, THEME_PLAIN, typed, strlen(typed));
	view->modal.cursor_row = 0;
	view->modal.cursor_column = out->column;
	if (out->column >= out->columns)
		view->modal.cursor_column = out->columns - 1;
	width = cells_width(info.text, info.len);
	if (out->column + 2 + width > out->columns)
		return;
	cells_pad(out, THEME_NOTE, out->columns - width);
	cells_add(out, THEME_NOTE, info.text, info.len);
}

static void draw_note(const struct picker_view *view, struct cells *out)
{
	static const char keys[] = " Enter take  ^R profile/database/all  ^T "
				   "failed in/out  ^D delete  Esc leave";
	bool said = view->said.len > 0;

	cells_row(out);
	if (said)
		cells_add(out, THEME_FAILED, view->said.text, view->said.len);
	else
		cells_add(out, THEME_NOTE, keys, strlen(keys));
}

/* The lines of the chosen statement, when it has more than one. */
static int preview_rows(struct picker_view *view, int rows, struct str *out)
{
	int lines = 1;

	if (rows < PREVIEW_FROM || !picker_chosen_text(view->picker, out) ||
	    picker_count(view->picker) == 0)
		return 0;
	for (const char *at = out->text; *at; at++)
		lines += *at == '\n';
	if (lines == 1)
		return 0;
	return lines < PREVIEW_ROWS ? lines : PREVIEW_ROWS;
}

static void draw_preview(const char *text, int rows, struct cells *out)
{
	for (int i = 0; i < rows; i++) {
		size_t len = strcspn(text, "\n");
		bool more = i == rows - 1 && text[len] == '\n';

		cells_row(out);
		cells_add(out, THEME_NOTE, "  | ", 4);
		cells_add_cut(out, THEME_DETAIL, text, len,
			      out->columns - out->column - (more ? 4 : 0));
		if (more)
			cells_add(out, THEME_NOTE, " ...", 4);
		text += len + (text[len] == '\n');
	}
}

static void keep_in_sight(struct picker_view *view, size_t rows)
{
	size_t chosen = picker_chosen(view->picker);

	if (chosen < view->top)
		view->top = chosen;
	if (chosen >= view->top + rows)
		view->top = chosen - rows + 1;
}

static void draw(void *context, int columns, int rows, struct cells *out)
{
	struct picker_view *view = context;
	CLEANUP(str_done) struct str chosen = STR_EMPTY;
	size_t count = picker_count(view->picker);
	int preview = preview_rows(view, rows, &chosen);
	int room = rows - 2 - preview;

	(void)columns;
	if (room > ROWS)
		room = ROWS;
	if (room < 1)
		room = 1;
	draw_query(view, out);
	if (rows < 2)
		return;
	keep_in_sight(view, (size_t)room);
	view->shown = (size_t)room;
	for (size_t i = view->top; i < count && i < view->top + (size_t)room;
	     i++)
		draw_entry(view, i, out);
	if (preview > 0)
		draw_preview(chosen.text, preview, out);
	if (rows > 2)
		draw_note(view, out);
}

/* ---- keys ---- */

/* A slice; whether there is more to do. */
static bool work(void *context)
{
	struct picker_view *view = context;
	int64_t end_us = clock_monotonic_us() + SLICE_US;
	size_t count = picker_count(view->picker);
	bool more;

	do
		more = picker_work(view->picker, SLICE_ENTRIES);
	while (more && clock_monotonic_us() < end_us);
	if (!more || count != picker_count(view->picker))
		modal_redraw();
	return more;
}

static void delete_chosen(struct picker_view *view)
{
	struct err err = ERR_EMPTY;

	if (picker_count(view->picker) == 0)
		return;
	if (!view->deleting) {
		view->deleting = true;
		str_set(&view->said, " ^D again deletes this statement from "
				     "the history, wherever it ran");
		return;
	}
	if (!picker_delete(view->picker, &err))
		str_addf(&view->said, " %s", err.message);
}

static enum modal_answer take(struct picker_view *view)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!picker_find(view->picker) ||
	    !picker_chosen_text(view->picker, &text))
		return MODAL_STAY;
	view->take(text.text);
	return MODAL_CLOSE;
}

static enum modal_answer on_ctrl(struct picker_view *view, char letter)
{
	struct picker *picker = view->picker;

	switch (letter) {
	case 'g':
		return MODAL_CLOSE;
	case 'n':
		picker_move(picker, 1);
		break;
	case 'p':
		picker_move(picker, -1);
		break;
	case 'r':
		picker_next_scope(picker);
		break;
	case 't':
		picker_toggle_failed(picker);
		break;
	case 'd':
		delete_chosen(view);
		break;
	case 'w':
		picker_erase_word(picker);
		break;
	case 'u':
		picker_erase_all(picker);
		break;
	default:
		break;
	}
	return MODAL_STAY;
}

static void on_move(struct picker_view *view, enum key_kind kind)
{
	int64_t page = view->shown > 1 ? (int64_t)view->shown - 1 : 1;
	int64_t all = (int64_t)picker_count(view->picker);

	switch (kind) {
	case KEY_UP:
		picker_move(view->picker, -1);
		break;
	case KEY_DOWN:
		picker_move(view->picker, 1);
		break;
	case KEY_PAGE_UP:
		picker_move(view->picker, -page);
		break;
	case KEY_PAGE_DOWN:
		picker_move(view->picker, page);
		break;
	case KEY_HOME:
		picker_move(view->picker, -all);
		break;
	case KEY_END:
		picker_move(view->picker, all);
		break;
	default:
		break;
	}
}

static enum modal_answer on_key(void *context, const struct key *key)
{
	struct picker_view *view = context;
	enum modal_answer answer = MODAL_STAY;
	bool deletes = key->kind == KEY_DELETE ||
		       (key->kind == KEY_CTRL && key->letter == 'd');

	str_clear(&view->said);
	view->deleting = view->deleting && deletes;
	switch (key->kind) {
	case KEY_ENTER:
	case KEY_TAB:
		return take(view);
	case KEY_ESC:
		return MODAL_CLOSE;
	case KEY_TEXT:
		picker_type(view->picker, key->text, strlen(key->text));
		break;
	case KEY_BACKSPACE:
		picker_erase(view->picker);
		break;
	case KEY_DELETE:
		delete_chosen(view);
		break;
	case KEY_CTRL:
		answer = on_ctrl(view, key->letter);
		break;
	default:
		on_move(view, key->kind);
		break;
	}
	view->modal.busy = answer == MODAL_STAY && work(view);
	return answer;
}

static void on_paste(void *context, const char *text, size_t len)
{
	struct picker_view *view = context;

	picker_type(view->picker, text, len);
	view->modal.busy = work(view);
}

static void on_closed(void *context)
{
	struct picker_view *view = context;

	picker_free(view->picker);
	view->picker = NULL;
	view->modal.busy = false;
}

/* ---- life ---- */

struct picker_view *picker_view_new(void (*take_text)(const char *text))
{
	struct picker_view *view = mem_alloc(sizeof(*view));

	view->take = take_text;
	view->said = (struct str)STR_EMPTY;
	view->modal = (struct modal){ .context = view,
				      .key = on_key,
				      .draw = draw,
				      .closed = on_closed,
				      .paste = on_paste,
				      .work = work };
	return view;
}

void picker_view_free(struct picker_view *view)
{
	if (view == NULL)
		return;
	picker_free(view->picker);
	str_done(&view->said);
	mem_free(view);
}

struct modal *picker_view_begin(struct picker_view *view,
				struct history *history, const char *typed)
{
	picker_free(view->picker);
	view->picker = picker_new(history, typed);
	view->top = 0;
	view->deleting = false;
	str_clear(&view->said);
	view->modal.busy = work(view);
	return &view->modal;
}
