#include "edit/bind.h"

#include <stdio.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/mem.h"
#include "base/str.h"
#include "edit/draft.h"
#include "edit/editor_state.h"
#include "edit/history.h"
#include "edit/modal.h"
#include "edit/paint.h"
#include "edit/picker_view.h"
#include "edit/tab.h"
#include "edit/view.h"
#include "sql/tidy.h"

/* What the arrows do at the first and the last line: as inputrc had it. */
static rl_command_func_t *at_top, *at_bottom;

static bool is_styled(void)
{
	return editor_current()->styled;
}

/* The lines as they are now. */
static struct draft *lines_now(void)
{
	struct editor *editor = editor_current();

	view_sync(editor);
	return editor->draft;
}

static size_t line_now(void)
{
	return draft_line_of(lines_now(), (size_t)rl_point);
}

static void put_text(const char *text)
{
	rl_begin_undo_group();
	rl_delete_text(0, rl_end);
	rl_point = 0;
	rl_insert_text(text);
	rl_end_undo_group();
	rl_mark = 0;
}

/* ---- Enter ---- */

static bool is_complete(struct editor *editor)
{
	return editor->options.is_complete == NULL ||
	       rl_display_prompt != rl_prompt ||
	       editor->options.is_complete(editor->options.context,
					   editor->before, rl_line_buffer);
}

static int accept(int count, int key)
{
	struct editor *editor = editor_current();

	if (!editor->styled)
		return rl_newline(count, key);
	if (!is_complete(editor)) {
		rl_insert_text("\n");
		return 0;
	}
	view_finish(editor, NULL);
	return rl_newline(1, key);
}

static int new_line(int count, int key)
{
	(void)key;
	if (!is_styled())
		return 0;
	while (count-- > 0)
		rl_insert_text("\n");
	return 0;
}

/* ---- up and down ---- */

static int up(int count, int key);
static int down(int count, int key);

static void keep_goal(void)
{
	struct editor *editor = editor_current();

	if (rl_last_func != up && rl_last_func != down)
		editor->goal = view_column(editor, (size_t)rl_point);
}

/* Through what contains the text that was typed, or all when there is none.
 * Another text than the one recalled begins anew. */
static int recall(struct history *history, int count, bool older)
{
	struct editor *editor = editor_current();
	struct str *recalled = &editor->recalled;
	const char *text = NULL;

	if (strcmp(rl_line_buffer, recalled->text) != 0)
		history_walk_end(history);
	for (; count > 0; count--) {
		const char *next =
			older ? history_older(history, rl_line_buffer)
			      : history_newer(history);

		if (next == NULL)
			break;
		str_set(recalled, next);
		text = recalled->text;
	}
	if (text == NULL)
		return rl_ding();
	put_text(text);
	return 0;
}

static int at_edge(rl_command_func_t *command, int count, int key)
{
	struct history *history = editor_current()->options.history;
	bool older = command == rl_get_previous_history;

	if (history != NULL && (older || command == rl_get_next_history))
		return recall(history, count, older);
	/* Readline's searches go on when they were the last command. */
	if (rl_last_func == up || rl_last_func == down)
		rl_last_func = command;
	return command(count, key);
}

static int move_lines(int lines)
{
	struct editor *editor = editor_current();
	size_t line = line_now();
	size_t last = draft_lines(editor->draft) - 1;
	size_t to = lines < 0 ? line - (size_t)-lines : line + (size_t)lines;

	if (lines < 0 && (size_t)-lines > line)
		to = 0;
	if (to > last)
		to = last;
	rl_point = (int)view_byte_at(editor, to, editor->goal);
	return 0;
}

static int up(int count, int key)
{
	if (!is_styled())
		return at_top(count, key);
	if (line_now() == 0)
		return at_edge(at_top, count, key);
	keep_goal();
	return move_lines(-count);
}

static int down(int count, int key)
{
	if (!is_styled())
		return at_bottom(count, key);
	if (line_now() + 1 == draft_lines(lines_now()))
		return at_edge(at_bottom, count, key);
	keep_goal();
	return move_lines(count);
}

static int search(int count, int key)
{
	struct editor *editor = editor_current();

	if (!editor->styled || editor->options.history == NULL)
		return rl_reverse_search_history(count, key);
	modal_open(picker_view_begin(editor->picker, editor->options.history,
				     rl_line_buffer));
	return 0;
}

/* ---- edges of the line; pressed again: of the text ---- */

static int start_of_line(int count, int key)
{
	size_t start;

	if (!is_styled())
		return rl_beg_of_line(count, key);
	start = draft_line_start(lines_now(), line_now());
	rl_point = rl_last_func == start_of_line ? 0 : (int)start;
	return 0;
}

static size_t line_end(void)
{
	size_t line = line_now();
	const struct draft *draft = editor_current()->draft;

	return draft_line_start(draft, line) + draft_line_len(draft, line);
}

static bool take_hint(bool all)
{
	struct editor *editor = editor_current();
	size_t len;

	if (!editor->styled || rl_point != rl_end)
		return false;
	view_sync(editor);
	hint_update(editor);
	len = hint_take(&editor->hint, all);
	if (len > 0) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		str_add_slice(&text, editor->hint.rest.text, len);
		rl_insert_text(text.text);
	}
	return len > 0;
}

static int end_of_line(int count, int key)
{
	if (!is_styled())
		return rl_end_of_line(count, key);
	if (!take_hint(true))
		rl_point =
			rl_last_func == end_of_line ? rl_end : (int)line_end();
	return 0;
}

/* To the end of the line; at its end: the line end itself. */
static int cut_line(int count, int key)
{
	int end;

	if (!is_styled() || count != 1)
		return rl_kill_line(count, key);
	end = (int)line_end();
	if (end == rl_point && end < rl_end)
		end++;
	if (end > rl_point)
		rl_kill_text(rl_point, end);
	return 0;
}

static int cut_line_back(int count, int key)
{
	int start, end = rl_point;

	if (!is_styled() || count != 1)
		return rl_unix_line_discard(count, key);
	start = (int)draft_line_start(lines_now(), line_now());
	if (start == end && start > 0)
		start--;
	if (end > start) {
		rl_kill_text(end, start);
		rl_point = start;
	}
	return 0;
}

/* ---- the suggestion ---- */

static int forward(int count, int key)
{
	return take_hint(true) ? 0 : rl_forward_char(count, key);
}

static int forward_word(int count, int key)
{
	return take_hint(false) ? 0 : rl_forward_word(count, key);
}

/* ---- pasted text, answers of the terminal ---- */

/* Line ends become newlines and NULs vanish: the text lands in the line and
 * nothing runs before Enter. Line ends behind all of it go. */
static void clean_paste(struct str *paste)
{
	size_t to = 0;

	for (size_t i = 0; i < paste->len; i++) {
		char c = paste->text[i];

		if (c == '\0' ||
		    (c == '\n' && i > 0 && paste->text[i - 1] == '\r'))
			continue;
		paste->text[to++] = c == '\r' ? '\n' : c;
	}
	while (to > 0 && paste->text[to - 1] == '\n')
		to--;
	str_cut(paste, to);
}

static int take_paste(int count, int key)
{
	CLEANUP(str_done) struct str paste = STR_EMPTY;

	(void)count;
	(void)key;
	keys_take_paste(&editor_current()->keys, &paste);
	clean_paste(&paste);
	rl_insert_text(paste.text);
	return 0;
}

static int take_answer(int count, int key)
{
	(void)count;
	(void)key;
	editor_take_answer(editor_current());
	return 0;
}

/* ---- all of the text ---- */

static int clear_screen(int count, int key)
{
	struct editor *editor = editor_current();

	if (!editor->styled)
		return rl_clear_screen(count, key);
	fflush(rl_outstream);
	paint_clear_screen(editor->paint);
	editor->dirty = true;
	return 0;
}

static int cancel(int count, int key)
{
	if (!is_styled())
		return rl_abort(count, key);
	hint_forget(&editor_current()->hint);
	rl_clear_message();
	rl_ding();
	return 0;
}

static int tidy_text(int count, int key)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)count;
	(void)key;
	tidy_sql(rl_line_buffer, (size_t)rl_end, editor_current()->escapes,
		 &out);
	if (strcmp(out.text, rl_line_buffer) != 0)
		put_text(out.text);
	return 0;
}

static int edit_text(int count, int key)
{
	struct editor *editor = editor_current();
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool changed;

	(void)count;
	(void)key;
	if (editor->options.edit == NULL)
		return rl_ding();
	str_add_slice(&text, rl_line_buffer, (size_t)rl_end);
	editor_step_aside(editor);
	changed = editor->options.edit(editor->options.context, &text);
	editor_step_back(editor);
	str_trim_end(&text);
	if (changed)
		put_text(text.text);
	return 0;
}

/* ---- the tables ---- */

const struct bind_command bind_commands[] = {
	{ "redsh-accept", accept, "Enter",
	  "run the statement; where it is not whole, a new line" },
	{ "redsh-new-line", new_line, "Alt-Enter, Ctrl-X Enter",
	  "a new line (xterm keeps Alt-Enter for itself)" },
	{ "redsh-up", up, "Up, Ctrl-P",
	  "the line above; at the first: the statement before" },
	{ "redsh-down", down, "Down, Ctrl-N",
	  "the line below; at the last: the statement after" },
	{ "redsh-search", search, "Ctrl-R",
	  "the list of statements, to search in" },
	{ "redsh-complete", tab_key, "Tab", "complete, or list what fits" },
	{ "redsh-forward", forward, "Right, Ctrl-F",
	  "a character on; at the end: take the grey text" },
	{ "redsh-forward-word", forward_word, "Alt-Right, Alt-F",
	  "a word on; at the end: take a word of the grey text" },
	{ "redsh-line-start", start_of_line, "Home, Ctrl-A",
	  "start of the line; again: of the text" },
	{ "redsh-line-end", end_of_line, "End, Ctrl-E",
	  "end of the line; again: of the text; or take the grey text" },
	{ "redsh-cut-line", cut_line, "Ctrl-K", "cut to the end of the line" },
	{ "redsh-cut-line-back", cut_line_back, "Ctrl-U",
	  "cut back to the start of the line" },
	{ "redsh-format", tidy_text, "Alt-Q", "lay the statement out anew" },
	{ "redsh-edit", edit_text, "Ctrl-X Ctrl-E",
	  "the statement in your own editor" },
	{ "redsh-clear-screen", clear_screen, "Ctrl-L", "clear the screen" },
	{ "redsh-cancel", cancel, "Ctrl-G", "leave what was begun" },
	{ "redsh-paste", take_paste, NULL, "text pasted by the terminal" },
	{ "redsh-answer", take_answer, NULL, "an answer of the terminal" },
	{ .name = NULL },
};

enum maps { EMACS = 1, INSERT = 2, MOVE = 4, TYPING = EMACS | INSERT };

static const struct {
	const char *keys;
	rl_command_func_t *ours;
	rl_command_func_t *theirs; /* what may be replaced; NULL: nothing or
				    * another default, see below */
	int maps;
} keys[] = {
	{ "\r", accept, rl_newline, TYPING | MOVE },
	{ "\n", accept, rl_newline, TYPING | MOVE },
	{ "\033\r", new_line, rl_vi_editing_mode, TYPING },
	{ "\033\n", new_line, rl_vi_editing_mode, TYPING },
	{ "\030\r", new_line, NULL, EMACS },
	{ "\030\n", new_line, NULL, EMACS },
	{ "\020", up, rl_get_previous_history, TYPING | MOVE },
	{ "\016", down, rl_get_next_history, TYPING | MOVE },
	{ "k", up, rl_get_previous_history, MOVE },
	{ "j", down, rl_get_next_history, MOVE },
	{ "\022", search, rl_reverse_search_history, TYPING },
	{ "\001", start_of_line, rl_beg_of_line, EMACS },
	{ "\033[H", start_of_line, rl_beg_of_line, TYPING | MOVE },
	{ "\033OH", start_of_line, rl_beg_of_line, TYPING | MOVE },
	{ "\033[1~", start_of_line, rl_beg_of_line, TYPING | MOVE },
	{ "0", start_of_line, rl_beg_of_line, MOVE },
	{ "\005", end_of_line, rl_end_of_line, EMACS },
	{ "\033[F", end_of_line, rl_end_of_line, TYPING | MOVE },
	{ "\033OF", end_of_line, rl_end_of_line, TYPING | MOVE },
	{ "\033[4~", end_of_line, rl_end_of_line, TYPING | MOVE },
	{ "$", end_of_line, rl_end_of_line, MOVE },
	{ "\013", cut_line, rl_kill_line, EMACS },
	{ "\025", cut_line_back, rl_unix_line_discard, EMACS },
	{ "\006", forward, rl_forward_char, EMACS },
	{ "\033[C", forward, rl_forward_char, TYPING },
	{ "\033OC", forward, rl_forward_char, TYPING },
	{ "\033f", forward_word, rl_forward_word, EMACS },
	{ "\033[1;3C", forward_word, rl_forward_word, TYPING },
	{ "\033[1;5C", forward_word, rl_forward_word, TYPING },
	{ "\033\033[C", forward_word, rl_forward_word, EMACS },
	{ "\t", tab_key, rl_complete, TYPING },
	{ "\014", clear_screen, rl_clear_screen, TYPING | MOVE },
	{ "\007", cancel, rl_abort, TYPING | MOVE },
	{ "\033q", tidy_text, NULL, EMACS },
	{ "\030\005", edit_text, NULL, TYPING },
	{ "v", edit_text, NULL, MOVE },
	{ "\033[200~", take_paste, rl_bracketed_paste_begin, TYPING | MOVE },
	{ "\033]", take_answer, NULL, TYPING | MOVE },
};

void bind_names(void)
{
	for (size_t i = 0; bind_commands[i].name != NULL; i++)
		rl_add_defun(bind_commands[i].name, bind_commands[i].run, -1);
}

static bool may_replace(const char *sequence, rl_command_func_t *theirs,
			Keymap map)
{
	int type = ISFUNC;
	rl_command_func_t *now = rl_function_of_keyseq(sequence, map, &type);

	return now == NULL || (type == ISFUNC && now == theirs);
}

static void bind_in_maps(const char *sequence, rl_command_func_t *ours,
			 rl_command_func_t *theirs, int in)
{
	Keymap maps[] = { emacs_standard_keymap, vi_insertion_keymap,
			  vi_movement_keymap };

	for (size_t i = 0; i < COUNT_OF(maps); i++)
		if (in & (1 << i) && may_replace(sequence, theirs, maps[i]))
			rl_bind_keyseq_in_map(sequence, ours, maps[i]);
}

/* The arrows keep what inputrc bound to them for the edges of the text, when
 * it moves in the history. */
static rl_command_func_t *bind_arrow(const char *const *sequences,
				     rl_command_func_t *ours,
				     rl_command_func_t *const *history)
{
	rl_command_func_t *kept = history[0];

	for (size_t i = 0; sequences[i] != NULL; i++) {
		rl_command_func_t *now = rl_function_of_keyseq(
			sequences[i], rl_get_keymap(), NULL);

		for (size_t k = 0; history[k] != NULL; k++) {
			bind_in_maps(sequences[i], ours, history[k],
				     TYPING | MOVE);
			if (now == history[k] && now != history[0])
				kept = now;
		}
	}
	return kept;
}

void bind_keys(void)
{
	static const char *const ups[] = { "\033[A", "\033OA", NULL };
	static const char *const downs[] = { "\033[B", "\033OB", NULL };
	static rl_command_func_t *const back[] = {
		rl_get_previous_history, rl_history_search_backward,
		rl_history_substr_search_backward, NULL
	};
	static rl_command_func_t *const on[] = {
		rl_get_next_history, rl_history_search_forward,
		rl_history_substr_search_forward, NULL
	};

	at_top = bind_arrow(ups, up, back);
	at_bottom = bind_arrow(downs, down, on);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		bind_in_maps(keys[i].keys, keys[i].ours, keys[i].theirs,
			     keys[i].maps);
}

void bind_again(void)
{
	bind_in_maps("\025", cut_line_back, rl_unix_line_discard, EMACS);
}
