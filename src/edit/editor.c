#include "edit/editor.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "base/str.h"
#include "edit/bind.h"
#include "edit/draft.h"
#include "edit/editor_state.h"
#include "edit/history.h"
#include "edit/look.h"
#include "edit/modal.h"
#include "edit/paint.h"
#include "edit/picker_view.h"
#include "edit/popup.h"
#include "edit/tab.h"
#include "edit/view.h"

enum {
	DRAW_US = 40 * 1000, /* while keys come in, a frame so often */
};

/* Readline's callbacks have no argument. */
static struct editor *current;

struct editor *editor_current(void)
{
	return current;
}

/* ---- input ---- */

/* Ctrl-C ends whatever waits for a key. */
static int read_key(FILE *stream)
{
	struct keys *keys = &current->keys;

	(void)stream;
	while (keys_is_empty(keys)) {
		if (keys->ended || cancel_raised())
			return EOF;
		keys_fill(keys, -1);
	}
	return keys_take(keys);
}

/* Readline asks this to tell ESC from a key that begins with it. */
static int input_available(void)
{
	struct keys *keys = &current->keys;

	return !keys_is_empty(keys) ||
	       keys_fill(keys, rl_set_keyboard_input_timeout(-1) / 1000);
}

static void ask_for_frame(void)
{
	if (!current->muted)
		current->dirty = true;
}

/* Readline is about to print something by itself. */
static void on_guard_text(void *context)
{
	struct editor *editor = context;

	paint_leave(editor->paint);
	editor->dirty = true;
}

static void on_guard_return(void *context)
{
	struct editor *editor = context;

	paint_note_return(editor->paint);
}

/* ---- set-up ---- */

static void take_line(char *line)
{
	if (line == NULL && current->styled) {
		/* What is said behind the prompt stays there. */
		view_draw(current);
		paint_forget(current->paint);
	}
	/* Readline has commands of its own that end a line. */
	if (line != NULL && current->styled && !current->finished)
		view_finish(current, NULL);
	rl_callback_handler_remove();
	current->done = true;
	if (line == NULL) {
		current->event = EDITOR_END;
		return;
	}
	current->event = EDITOR_LINE;
	str_set(current->line, line);
	free(line);
}

/* Readline decodes keys by the locale, and reads it from the environment
 * again and again. Text is UTF-8 inside, so any other locale would break
 * what is typed. */
static void need_utf8_locale(void)
{
	if (setlocale(LC_CTYPE, "") != NULL &&
	    strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
		return;
	env_set("LC_ALL", "C.UTF-8");
	setlocale(LC_CTYPE, "C.UTF-8");
}

/* The program may end below us: base/lazy. */
static void leave_terminal(void)
{
	if (current != NULL)
		rl_deprep_terminal();
}

/* Readline's variables where inputrc has said nothing. */
static void change_defaults(void)
{
	static const struct {
		const char *name, *theirs, *ours;
	} changes[] = {
		/* In vi mode ESC waits so long for a key that begins with it:
		 * what people press one after the other is no such key. */
		{ "keyseq-timeout", "500", "100" },
		{ "comment-begin", "#", "-- " },
	};

	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		const char *now = rl_variable_value(changes[i].name);

		if (now != NULL && strcmp(now, changes[i].theirs) == 0)
			rl_variable_bind(changes[i].name, changes[i].ours);
	}
}

static void prepare_terminal(int meta)
{
	rl_prep_terminal(meta);
	keys_no_wait(STDIN_FILENO);
}

static void start_readline(struct editor *editor)
{
	const char *term = getenv("TERM");

	editor->dumb =
		term == NULL || *term == '\0' || strcmp(term, "dumb") == 0;
	need_utf8_locale();
	rl_readline_name = "redsh";
	rl_instream = stdin;
	rl_outstream = stdout;
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_prep_term_function = prepare_terminal;
	atexit(leave_terminal);
	bind_names();
	/* Before our painter is in place: else it takes the terminal for one
	 * that can do nothing. */
	rl_initialize();
	rl_getc_function = read_key;
	rl_input_available_hook = input_available;
	if (editor->dumb)
		rl_variable_bind("enable-bracketed-paste", "off");
	bind_keys();
	change_defaults();
}

struct editor *editor_open(const struct editor_options *options,
			   struct err *err)
{
	struct editor *editor = mem_alloc(sizeof(*editor));
	const struct draft_options lines = { .further = options->further,
					     .context = options->context };

	(void)err;
	editor->options = *options;
	editor->before = "";
	editor->tab.line = (struct str)STR_EMPTY;
	editor->preload = (struct str)STR_EMPTY;
	editor->list = (struct cells)CELLS_EMPTY;
	editor->hint = (struct hint)HINT_EMPTY;
	editor->recalled = (struct str)STR_EMPTY;
	keys_init(&editor->keys, STDIN_FILENO);
	editor->paint = paint_new(STDOUT_FILENO);
	editor->draft = draft_new(&lines);
	editor->popup = popup_new();
	editor->picker = picker_view_new(modal_set_line);
	editor->guard_calls =
		(struct guard_calls){ on_guard_text, on_guard_return, editor };
	current = editor;
	start_readline(editor);
	look_start(editor);
	return editor;
}

void editor_close(struct editor *editor)
{
	if (editor == NULL)
		return;
	rl_outstream = stdout;
	if (editor->guard != NULL)
		fclose(editor->guard);
	popup_free(editor->popup);
	picker_view_free(editor->picker);
	paint_free(editor->paint);
	draft_free(editor->draft);
	keys_done(&editor->keys);
	cells_done(&editor->list);
	hint_done(&editor->hint);
	str_done(&editor->recalled);
	str_done(&editor->tab.line);
	str_done(&editor->preload);
	vec_done(&editor->watches);
	mem_free(editor);
	current = NULL;
}

/* ---- how it is drawn ---- */

void editor_set_styled(struct editor *editor, bool styled)
{
	editor->styled = styled && !editor->dumb && look_can_draw();
}

void editor_set_escapes(struct editor *editor, bool escapes)
{
	editor->escapes = escapes;
}

static void use_display(struct editor *editor)
{
	if (!editor->styled) {
		rl_redisplay_function = rl_redisplay;
		rl_outstream = stdout;
		return;
	}
	if (editor->guard == NULL)
		editor->guard = guard_open(STDOUT_FILENO, &editor->guard_calls);
	rl_redisplay_function = ask_for_frame;
	rl_outstream = editor->guard;
	look_apply(editor);
}

/* ---- reading ---- */

/* Without what stands between \001 and \002: colours. */
static void plain_prompt(const char *prompt, struct str *out)
{
	bool hidden = false;

	for (; *prompt != '\0'; prompt++) {
		if (*prompt == RL_PROMPT_START_IGNORE)
			hidden = true;
		else if (*prompt == RL_PROMPT_END_IGNORE)
			hidden = false;
		else if (!hidden)
			str_add_char(out, *prompt);
	}
}

static void show_interrupted(struct editor *editor)
{
	if (editor->styled) {
		/* What was sent last may have been thrown away with the keys:
		 * by the kernel, at Ctrl-C. */
		paint_erase(editor->paint);
		view_finish(editor, "^C");
		return;
	}
	rl_point = rl_end;
	rl_redisplay();
	fputs("^C\n", rl_outstream);
	fflush(rl_outstream);
}

static void interrupt_line(struct editor *editor)
{
	cancel_clear();
	editor_close_modal(editor);
	editor->muted = true;
	rl_callback_sigcleanup();
	if (!editor->styled)
		show_interrupted(editor);
	rl_free_line_state();
	if (editor->styled)
		show_interrupted(editor);
	rl_callback_handler_remove();
	rl_replace_line("", 1);
	editor->muted = false;
	editor->done = true;
	editor->event = EDITOR_INTERRUPTED;
}

static void leave_for_signal(struct editor *editor)
{
	editor_close_modal(editor);
	editor->muted = true;
	if (editor->styled)
		paint_leave(editor->paint);
	rl_free_line_state();
	rl_callback_handler_remove();
	editor->muted = false;
	editor->done = true;
	editor->event = EDITOR_SIGNAL;
}

void editor_step_aside(struct editor *editor)
{
	editor->muted = true;
	if (editor->styled)
		paint_leave(editor->paint);
	rl_deprep_terminal();
	fflush(rl_outstream);
}

void editor_step_back(struct editor *editor)
{
	prepare_terminal(1);
	bind_again();
	editor->muted = false;
	if (!editor->styled) {
		rl_on_new_line();
		rl_forced_update_display();
		return;
	}
	fflush(rl_outstream);
	paint_forget(editor->paint);
	editor->dirty = true;
}

/* Back after a stop: whoever was in front has set the terminal its way. */
static void go_on(struct editor *editor)
{
	rl_deprep_terminal();
	editor_step_back(editor);
}

/* Ctrl-Z. */
static void stop(struct editor *editor)
{
	if (editor->options.suspend == NULL)
		return;
	editor_step_aside(editor);
	editor->options.suspend();
	editor_step_back(editor);
}

static void resize(struct editor *editor)
{
	if (editor->styled)
		view_resize(editor);
	else
		rl_resize_terminal();
}

static void take_signals(struct editor *editor)
{
	bool stopped = false;
	int signal_number;

	if (cancel_raised()) {
		interrupt_line(editor);
		return;
	}
	while (!editor->done && (signal_number = cancel_read()) != 0) {
		switch (signal_number) {
		case SIGWINCH:
			resize(editor);
			break;
		case SIGTSTP:
			stop(editor);
			stopped = true;
			break;
		case SIGCONT:
			if (!stopped)
				go_on(editor);
			break;
		case SIGTERM:
		case SIGHUP:
			leave_for_signal(editor);
			break;
		default:
			break;
		}
	}
}

/* An ESC that nothing follows is a key of its own, for a modal. */
static int wait_ms(const struct editor *editor)
{
	if (editor->modal != NULL && editor->modal->busy &&
	    keys_is_empty(&editor->keys))
		return 0;
	if (!keys_is_empty(&editor->keys))
		return editor->modal != NULL ? KEY_ESC_WAIT_MS : 0;
	return tab_wait_ms(editor);
}

/* Gives the bytes that are held to whom they belong. patient: more may come
 * of the last key. */
static void take_keys(struct editor *editor, bool patient)
{
	while (!editor->done && !keys_is_empty(&editor->keys)) {
		struct key key;

		editor->tab.on = false;
		if (editor->modal == NULL) {
			if (editor->options.history != NULL)
				history_fill_list(editor->options.history);
			rl_callback_read_char();
			continue;
		}
		if (!keys_decode(&editor->keys, patient, &key))
			return;
		modal_give(editor, &key);
	}
}

static void read_keys(struct editor *editor, bool readable)
{
	if (readable)
		keys_fill(&editor->keys, 0);
	if (editor->keys.ended && keys_is_empty(&editor->keys)) {
		editor_close_modal(editor);
		rl_callback_read_char(); /* sees the end by itself */
		return;
	}
	take_keys(editor, readable);
}

/* While keys are waiting frames are few. */
static void draw_if_due(struct editor *editor)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	bool busy;

	if (!editor->styled)
		return;
	busy = poll(&fd, 1, 0) > 0;
	if (editor->dirty &&
	    (!busy || clock_monotonic_us() - editor->drawn_us > DRAW_US))
		view_draw(editor);
	if (!busy && !editor->dirty && hint_ask_candidates(editor))
		view_draw(editor);
}

static void call_watches(struct editor *editor, const struct pollfd *fds,
			 size_t count)
{
	/* ready() may add or remove watches: by descriptor, not by index. */
	for (size_t i = 0; i < count && !editor->done; i++) {
		for (size_t k = 0;
		     fds[i].revents != 0 && k < editor->watches.count; k++) {
			struct watch watch = editor->watches.items[k];

			if (watch.fd != fds[i].fd)
				continue;
			watch.ready(watch.context);
			break;
		}
	}
}

/* One round of {terminal, Ctrl-C pipe, watched descriptors}. */
static void wait_once(struct editor *editor)
{
	size_t count = 2 + editor->watches.count;
	struct pollfd *fds = mem_alloc_array(count, sizeof(*fds));
	int ready;

	draw_if_due(editor);
	fds[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = cancel_fd(), .events = POLLIN };
	for (size_t i = 2; i < count; i++)
		fds[i] = (struct pollfd){ .fd = editor->watches.items[i - 2].fd,
					  .events = POLLIN };
	ready = poll(fds, count, wait_ms(editor));
	if (ready < 0)
		for (size_t i = 0; i < count; i++)
			fds[i].revents = 0;

	take_signals(editor);
	call_watches(editor, fds + 2, count - 2);
	if (!editor->done && ready >= 0 && fds[0].revents == 0)
		tab_retry(editor);
	if (!editor->done && ready == 0)
		modal_work(editor);
	if (!editor->done &&
	    (fds[0].revents != 0 || !keys_is_empty(&editor->keys)))
		read_keys(editor, fds[0].revents != 0);
	mem_free(fds);
}

/* What the text begins in, behind the lines that are not shown. */
static void begin_text(struct editor *editor, const char *prompt)
{
	struct highlight_state state = { 0 };
	const char *at = editor->before;

	while (*at != '\0') {
		struct highlight_line line = { .styles = NULL };
		size_t len = strcspn(at, "\n");

		highlight_read(&state, at, len, editor->escapes, &line);
		at += len + (at[len] == '\n');
	}
	draft_begin(editor->draft, prompt, &state, editor->escapes);
	view_begin(editor);
	look_ask(editor);
}

enum editor_event editor_read(struct editor *editor, const char *prompt,
			      const char *before, struct str *out_line)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;

	editor->before = before;
	editor->line = out_line;
	editor->done = false;
	editor->tab.on = false;
	str_clear(out_line);
	if (editor->dumb) {
		plain_prompt(prompt, &plain);
		prompt = plain.text;
	}
	use_display(editor);
	if (editor->styled)
		begin_text(editor, prompt);
	rl_callback_handler_install(prompt, take_line);
	bind_again();
	if (editor->preload.len > 0) {
		rl_insert_text(editor->preload.text);
		rl_redisplay_function();
		str_clear(&editor->preload);
	}
	cancel_listen(true);
	while (!editor->done)
		wait_once(editor);
	cancel_listen(false);
	fflush(rl_outstream);
	editor->before = "";
	editor->line = NULL;
	editor->dirty = false;
	return editor->event;
}

void editor_preload(struct editor *editor, const char *text)
{
	str_set(&editor->preload, text);
}

void editor_watch(struct editor *editor, int fd, void (*ready)(void *context),
		  void *context)
{
	struct watch watch = { .fd = fd, .ready = ready, .context = context };

	for (size_t i = 0; i < editor->watches.count; i++) {
		if (editor->watches.items[i].fd == fd) {
			vec_remove(&editor->watches, i);
			break;
		}
	}
	if (ready != NULL)
		vec_push(&editor->watches, watch);
}

void editor_print_above(struct editor *editor, void (*print)(void *context),
			void *context)
{
	fflush(rl_outstream);
	if (editor->styled) {
		paint_erase(editor->paint);
		print(context);
		paint_forget(editor->paint);
		editor->dirty = true;
		return;
	}
	if (editor->dumb)
		fputc('\n', rl_outstream);
	else
		rl_clear_visible_line();
	fflush(rl_outstream);
	print(context);
	rl_on_new_line();
	rl_forced_update_display();
}

/* ---- questions ---- */

/* One line of a terminal in its ordinary mode; what was typed ahead first. */
static bool read_answer(struct editor *editor, struct str *out)
{
	struct keys *keys = &editor->keys;

	for (;;) {
		int c = keys_take(keys);

		if (c == '\n' || c == '\r')
			return true;
		if (c >= 0) {
			str_add_char(out, (char)c);
			continue;
		}
		if (cancel_raised() || keys->ended) {
			cancel_clear();
			return false;
		}
		keys_fill(keys, -1);
	}
}

bool editor_ask(struct editor *editor, const char *question, bool echo,
		struct str *out_answer)
{
	struct termios old, silent;
	bool is_tty = tcgetattr(STDIN_FILENO, &old) == 0;
	bool answered;

	fputs(question, stdout);
	fflush(stdout);
	str_clear(out_answer);
	if (is_tty && !echo) {
		silent = old;
		silent.c_lflag &= (tcflag_t)~ECHO;
		silent.c_lflag |= ECHONL;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	}
	answered = read_answer(editor, out_answer);
	if (is_tty && !echo)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
	if (!answered) {
		fputc('\n', stdout);
		fflush(stdout);
	}
	return answered;
}
