#include "edit/view.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <readline/readline.h>

#include "base/clock.h"
#include "edit/cells.h"
#include "edit/draft.h"
#include "edit/editor_state.h"
#include "edit/flow.h"
#include "edit/history.h"
#include "edit/modal.h"
#include "edit/paint.h"

enum {
	PRINT_MAX_ROWS = 2000, /* of a text that is left whole behind Enter */
};

/* What one frame is built from. */
struct build {
	struct editor *editor;
	struct cells *out;
	int rows, columns; /* of the screen */
	bool message;      /* Readline says something in place of the prompt */
	bool final;        /* no cursor, no suggestion */
	const char *tail;  /* behind a final text: ^C */
	struct str prompt; /* lines of the prompt */
	const char *last_prompt;        /* its last line, in prompt */
	size_t prompt_rows;             /* of those before the last */
	size_t bracket[2];              /* bytes of the pair at the cursor */
	size_t region[2];               /* marked text */
	size_t match[2];                /* what Up has found */
	size_t cursor_line, cursor_row; /* row: of the whole text */
	int cursor_column;
	size_t text_rows; /* with the row the cursor needs */
};

static void build_done(struct build *build)
{
	str_done(&build->prompt);
}

/* ---- the prompt ---- */

/* In Readline this string is private. */
static const char *mode_string(void)
{
	const char *name = "emacs-mode-string";
	const char *shown = rl_variable_value("show-mode-in-prompt");

	if (shown == NULL || strcmp(shown, "on") != 0)
		return "";
	if (rl_editing_mode == 0)
		name = rl_get_keymap() == vi_movement_keymap
			       ? "vi-cmd-mode-string"
			       : "vi-ins-mode-string";
	shown = rl_variable_value(name);
	return shown != NULL ? shown : "";
}

static const char *last_line(const char *prompt)
{
	const char *last = prompt;
	bool hidden = false;

	for (const char *at = prompt; *at != '\0'; at++) {
		if (*at == RL_PROMPT_START_IGNORE)
			hidden = true;
		else if (*at == RL_PROMPT_END_IGNORE)
			hidden = false;
		else if (*at == '\n' && !hidden)
			last = at + 1;
	}
	return last;
}

/* Colours that began in the lines before go on in the last. */
static void carry_colours(const char *from, const char *to, struct str *out)
{
	bool hidden = false;

	for (; from < to; from++) {
		bool ends = *from == RL_PROMPT_END_IGNORE;

		hidden |= *from == RL_PROMPT_START_IGNORE;
		if (hidden)
			str_add_char(out, *from);
		hidden &= !ends;
	}
}

static void take_prompt(struct build *build)
{
	const char *prompt = rl_display_prompt != NULL ? rl_display_prompt : "";
	const char *last = last_line(prompt);
	size_t start;

	build->message = rl_display_prompt != rl_prompt;
	str_add_slice(&build->prompt, prompt, (size_t)(last - prompt));
	start = build->prompt.len;
	carry_colours(prompt, last, &build->prompt);
	if (!build->message)
		str_add(&build->prompt, mode_string());
	str_add(&build->prompt, last);
	build->last_prompt = build->prompt.text + start;
}

/* The lines of the prompt before its last one. */
static void add_prompt_rows(struct build *build)
{
	const char *at = build->prompt.text;

	while (at < build->last_prompt) {
		const char *end = strchr(at, '\n');
		CLEANUP(mem_freep) char *line = NULL;
		struct flow flow;

		if (end == NULL || end >= build->last_prompt)
			break;
		line = mem_copy_slice(at, (size_t)(end - at));
		flow_window(&flow, 0, SIZE_MAX);
		flow_start(&flow, build->columns, build->out);
		flow_prompt(&flow, line, THEME_PLAIN,
			    build->editor->look.colours);
		build->prompt_rows += flow.row + 1;
		at = end + 1;
	}
}

/* ---- where the cursor is ---- */

static void start_line(struct build *build, size_t line, struct flow *flow,
		       struct cells *out)
{
	struct draft *draft = build->editor->draft;

	flow_start(flow, build->columns, out);
	flow_prompt(flow, draft_prompt(draft, line),
		    line == 0 ? THEME_PLAIN : THEME_PROMPT,
		    build->editor->look.colours);
}

static void find_cursor(struct build *build)
{
	struct draft *draft = build->editor->draft;
	size_t point = (size_t)rl_point;
	size_t line = draft_line_of(draft, point);
	size_t start = draft_line_start(draft, line);
	size_t end = start + draft_line_len(draft, line);
	struct flow flow = { 0 };
	size_t row;

	start_line(build, line, &flow, NULL);
	flow_text(&flow, rl_line_buffer + start, point - start, NULL, 0);
	flow_place(&flow, rl_line_buffer + point, end - point, &row,
		   &build->cursor_column);
	build->cursor_line = line;
	build->cursor_row = draft_rows_before(draft, line) + row;
	build->text_rows = draft_rows(draft);
	/* At the end of a full row: the cursor has a row of its own. */
	if (row >= draft_line_rows(draft, line))
		build->text_rows++;
}

static void find_bracket(struct build *build)
{
	struct draft *draft = build->editor->draft;
	size_t point = (size_t)rl_point;

	build->bracket[0] = build->bracket[1] = SIZE_MAX;
	if (build->message || build->final)
		return;
	for (size_t back = 0; back < 2 && back <= point; back++) {
		size_t match = draft_bracket(draft, point - back);

		if (match == SIZE_MAX)
			continue;
		build->bracket[0] = point - back;
		build->bracket[1] = match;
		return;
	}
}

static void find_region(struct build *build)
{
	bool on = rl_mark_active_p() && !build->final;
	size_t a = (size_t)rl_point, b = (size_t)rl_mark;

	build->region[0] = on ? (a < b ? a : b) : 0;
	build->region[1] = on ? (a < b ? b : a) : 0;
	if (build->region[1] > (size_t)rl_end)
		build->region[1] = (size_t)rl_end;
}

/* What Up was to look for, in the text that it has found. */
static void find_match(struct build *build)
{
	const struct editor *editor = build->editor;
	const char *typed = NULL;
	const char *at;

	build->match[0] = build->match[1] = 0;
	if (editor->options.history != NULL && !build->final)
		typed = history_walk_text(editor->options.history);
	if (typed == NULL || *typed == '\0' ||
	    strcmp(rl_line_buffer, editor->recalled.text) != 0)
		return;
	at = strcasestr(rl_line_buffer, typed);
	if (at == NULL)
		return;
	build->match[0] = (size_t)(at - rl_line_buffer);
	build->match[1] = build->match[0] + strlen(typed);
}

/* ---- rows ---- */

static void style_range(unsigned char *styles, size_t start, size_t len,
			const size_t range[2], enum theme_style style)
{
	for (size_t at = range[0]; at < range[1]; at++)
		if (at >= start && at - start < len)
			styles[at - start] = (unsigned char)style;
}

static unsigned char *styles_of(struct build *build, size_t line, size_t start,
				size_t len)
{
	unsigned char *styles = draft_styles(build->editor->draft, line);

	for (size_t i = 0; i < 2; i++)
		if (build->bracket[i] >= start &&
		    build->bracket[i] - start < len)
			styles[build->bracket[i] - start] = THEME_BRACKET;
	style_range(styles, start, len, build->match, THEME_MATCH);
	style_range(styles, start, len, build->region, THEME_REGION);
	return styles;
}

/* What fits behind the text in its last row. */
static void add_hint(struct build *build, struct flow *flow)
{
	const struct hint *hint = &build->editor->hint;
	size_t first = strcspn(hint->rest.text, "\n");
	int room = flow->columns - flow->column;
	int width = cells_width(hint->rest.text, first);
	bool more = first < hint->rest.len;
	struct cells *out = build->out;

	if (build->message || build->final || hint->rest.len == 0 || room < 2)
		return;
	out->column = flow->column;
	out->columns = flow->columns;
	if (width + (more ? 4 : 0) >= room)
		more = true;
	cells_add_cut(out, THEME_HINT, hint->rest.text, first,
		      more ? room - 5 : room - 1);
	if (more && room > 5)
		cells_add(out, THEME_HINT, " ...", 4);
}

/* One line, its rows from first up to end of them. */
static void add_line(struct build *build, size_t line, size_t first, size_t end)
{
	struct draft *draft = build->editor->draft;
	size_t start = draft_line_start(draft, line);
	size_t len = draft_line_len(draft, line);
	struct flow flow = { 0 };

	flow_window(&flow, first, end);
	start_line(build, line, &flow, build->out);
	flow_text(&flow, rl_line_buffer + start, len,
		  build->message ? NULL : styles_of(build, line, start, len),
		  THEME_PLAIN);
	if (line + 1 == draft_lines(draft)) {
		if (build->tail != NULL)
			flow_text(&flow, build->tail, strlen(build->tail), NULL,
				  THEME_PLAIN);
		if (flow.row >= first && flow.row < end)
			add_hint(build, &flow);
	}
	if (line == build->cursor_line && !build->final)
		flow_reach(&flow,
			   build->cursor_row - draft_rows_before(draft, line));
}

/* Rows [top, top + height) of the text. */
static void add_text(struct build *build, size_t top, size_t height)
{
	struct draft *draft = build->editor->draft;
	size_t row = 0;

	for (size_t line = 0; line < draft_lines(draft); line++) {
		size_t rows = draft_line_rows(draft, line);

		if (line == build->cursor_line && !build->final &&
		    build->cursor_row >= row + rows)
			rows = build->cursor_row - row + 1;
		if (row >= top + height)
			break;
		if (row + rows > top) {
			size_t first = top > row ? top - row : 0;
			size_t end = top + height - row;

			add_line(build, line, first, end < rows ? end : rows);
		}
		row += rows;
	}
}

static void add_list(struct build *build, size_t rows)
{
	const struct cells *list = &build->editor->list;

	for (size_t row = 0; row < list->rows.count && row < rows; row++) {
		size_t first, end = cells_of_row(list, row, &first);

		cells_row(build->out);
		for (; first < end; first++) {
			const struct cell *cell = &list->items[first];
			struct glyph glyph = { .text = list->text.text +
						       cell->at,
					       .len = cell->len,
					       .width = cell->width };

			cells_put(build->out, cell->style, &glyph);
		}
	}
}

/* The list is asked how many rows it wants; the text keeps at least one. */
static size_t draw_list(struct build *build)
{
	struct editor *editor = build->editor;
	int room = build->rows - 1;

	cells_clear(&editor->list, build->columns);
	if (editor->modal == NULL || build->final)
		return 0;
	if (editor->modal->hides_text)
		room++;
	if (room > 0)
		editor->modal->draw(editor->modal->context, build->columns,
				    room, &editor->list);
	return editor->list.rows.count < (size_t)room ? editor->list.rows.count
						      : (size_t)room;
}

static size_t window_top(struct build *build, size_t height)
{
	size_t *top = &build->editor->top;

	if (build->cursor_row < *top)
		*top = build->cursor_row;
	if (build->cursor_row >= *top + height)
		*top = build->cursor_row - height + 1;
	if (build->text_rows <= height)
		*top = 0;
	else if (*top > build->text_rows - height)
		*top = build->text_rows - height;
	return *top;
}

static void build_start(struct build *build, struct editor *editor)
{
	rl_get_screen_size(&build->rows, &build->columns);
	if (build->rows < 1)
		build->rows = 1;
	if (build->columns < 2)
		build->columns = 2;
	build->editor = editor;
	take_prompt(build);
	draft_set_prompt(editor->draft, build->last_prompt);
	draft_update(editor->draft, rl_line_buffer, (size_t)rl_end,
		     build->columns);
	find_cursor(build);
	find_bracket(build);
	find_match(build);
	find_match(build);
	find_region(build);
}

static void show(struct build *build)
{
	struct editor *editor = build->editor;
	const struct modal *modal = editor->modal;
	size_t list_rows = draw_list(build);
	size_t room = (size_t)build->rows - list_rows;
	size_t list_at, top;

	build->out = paint_next(editor->paint, build->columns);
	if (modal == NULL || !modal->hides_text || build->final) {
		add_prompt_rows(build);
		if (build->prompt_rows >= room) {
			/* No room for all of the prompt. */
			build->out = paint_next(editor->paint, build->columns);
			build->prompt_rows = 0;
		}
		room -= build->prompt_rows;
		top = window_top(build, room);
		add_text(build, top, room);
		build->cursor_row =
			build->cursor_row - top + build->prompt_rows;
	}
	list_at = build->out->rows.count;
	add_list(build, list_rows);
	if (modal != NULL && !build->final && modal->cursor_row >= 0) {
		build->cursor_row = list_at + (size_t)modal->cursor_row;
		build->cursor_column = modal->cursor_column;
	}
	if (build->out->rows.count == 0)
		cells_row(build->out);
	if (build->cursor_row >= build->out->rows.count)
		build->cursor_row = build->out->rows.count - 1;
	paint_show(editor->paint, build->cursor_row, build->cursor_column);
	editor->dirty = false;
	editor->drawn_us = clock_monotonic_us();
}

void view_begin(struct editor *editor)
{
	paint_forget(editor->paint);
	hint_forget(&editor->hint);
	editor->top = 0;
	editor->dirty = true;
	editor->finished = false;
}

void view_draw(struct editor *editor)
{
	CLEANUP(build_done) struct build build = { .prompt = STR_EMPTY };

	fflush(rl_outstream);
	hint_update(editor);
	build_start(&build, editor);
	show(&build);
}

void view_sync(struct editor *editor)
{
	int rows, columns;

	rl_get_screen_size(&rows, &columns);
	draft_update(editor->draft, rl_line_buffer, (size_t)rl_end,
		     columns > 2 ? columns : 2);
}

/* A text taller than the screen is written whole, so that what was scrolled
 * away can be read again. */
static void print_whole(struct build *build)
{
	struct editor *editor = build->editor;
	struct cells all = CELLS_EMPTY;

	paint_erase(editor->paint);
	cells_clear(&all, build->columns);
	build->out = &all;
	add_prompt_rows(build);
	add_text(build, 0, build->text_rows);
	paint_print(editor->paint, &all);
	cells_done(&all);
}

void view_finish(struct editor *editor, const char *tail)
{
	CLEANUP(build_done) struct build build = { .prompt = STR_EMPTY };

	fflush(rl_outstream);
	editor->finished = true;
	rl_point = rl_end;
	hint_forget(&editor->hint);
	build.final = true;
	build_start(&build, editor);
	build.tail = tail;
	if (build.text_rows > (size_t)build.rows &&
	    build.text_rows < PRINT_MAX_ROWS) {
		print_whole(&build);
		return;
	}
	show(&build);
	paint_leave(editor->paint);
}

void view_resize(struct editor *editor)
{
	int rows, columns;

	editor->muted = true;
	rl_resize_terminal();
	editor->muted = false;
	rl_get_screen_size(&rows, &columns);
	paint_resize(editor->paint, columns, editor->look.reflows);
	editor->top = 0;
	editor->dirty = true;
}

/* ---- columns ---- */

size_t view_column(struct editor *editor, size_t point)
{
	size_t start = draft_line_start(editor->draft,
					draft_line_of(editor->draft, point));

	return (size_t)cells_width(rl_line_buffer + start, point - start);
}

size_t view_byte_at(struct editor *editor, size_t line, size_t column)
{
	size_t start = draft_line_start(editor->draft, line);
	size_t len = draft_line_len(editor->draft, line);
	const char *text = rl_line_buffer + start;
	size_t at = 0, width = 0;

	while (at < len) {
		struct glyph glyph;

		cells_glyph(text + at, len - at, (int)width, &glyph);
		if (glyph.width > 0 && width + (size_t)glyph.width > column)
			break;
		width += (size_t)glyph.width;
		at += glyph.used;
	}
	return start + at;
}
