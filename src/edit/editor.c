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
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "complete/complete.h"
#include "edit/history.h"
#include "edit/menu.h"

enum {
	WAIT_LISTING_MS = 1500, /* a Tab may wait so long for a listing */
	RETRY_MS = 100,         /* and is asked again so often meanwhile */
	PASTE_MAX_BYTES = 64 << 20,
};

struct watch {
	int fd;
	void (*ready)(void *context);
	void *context;
};

/* A Tab whose answer was under way: the line it belongs to. */
struct pending_tab {
	bool on;
	int64_t end_us;
	int point;
	struct str line;
};

struct editor {
	struct editor_options options;
	struct history *history;
	bool dumb;
	struct {
		VEC(struct watch);
	} watches;
	struct pending_tab tab;
	/* One editor_read. */
	const char *before;
	struct str *line;
	bool done;
	enum editor_event event;
	/* Bytes read ahead behind a paste. */
	struct str ahead;
	size_t ahead_at;
};

/* Readline's callbacks have no argument. */
static struct editor *current;

/* ---- input ---- */

static int take_ahead(struct editor *editor)
{
	int c;

	if (editor->ahead_at >= editor->ahead.len)
		return -1;
	c = (unsigned char)editor->ahead.text[editor->ahead_at++];
	if (editor->ahead_at == editor->ahead.len) {
		str_clear(&editor->ahead);
		editor->ahead_at = 0;
	}
	return c;
}

/* One byte at a time, so that keys typed for a program that the next command
 * starts stay in the terminal. Ctrl-C ends whatever waits for a key. */
static int read_key(FILE *stream)
{
	struct editor *editor = current;
	int ahead = take_ahead(editor);
	unsigned char byte;

	if (ahead >= 0)
		return ahead;
	for (;;) {
		if (cancel_poll(fileno(stream), POLLIN, -1) < 0)
			return EOF;
		switch (read(fileno(stream), &byte, 1)) {
		case 1:
			return byte;
		case 0:
			return EOF;
		default:
			if (errno != EINTR && errno != EAGAIN)
				return EOF;
		}
	}
}

static int input_available(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	if (current->ahead_at < current->ahead.len)
		return 1;
	/* Readline asks this to tell ESC from a key that begins with it. */
	return poll(&fd, 1, rl_set_keyboard_input_timeout(-1) / 1000) > 0;
}

/* Line ends become newlines and NULs vanish: the text lands in the line and
 * nothing runs before Enter. */
static void insert_pasted(struct str *paste)
{
	size_t to = 0;

	for (size_t i = 0; i < paste->len; i++) {
		char c = paste->text[i];

		if (c == '\0' ||
		    (c == '\n' && i > 0 && paste->text[i - 1] == '\r'))
			continue;
		paste->text[to++] = c == '\r' ? '\n' : c;
	}
	str_cut(paste, to);
	rl_insert_text(paste->text);
}

/* ESC[200~ was read. Takes all up to ESC[201~ in large pieces (Readline's own
 * command is called once a byte). */
static int take_paste(int count, int key)
{
	static const char end_mark[] = "\033[201~";
	CLEANUP(str_done) struct str paste = STR_EMPTY;
	size_t searched = 0;

	(void)count;
	(void)key;
	str_add_slice(&paste, current->ahead.text + current->ahead_at,
		      current->ahead.len - current->ahead_at);
	str_clear(&current->ahead);
	current->ahead_at = 0;
	for (;;) {
		char piece[4096];
		char *end = memmem(paste.text + searched, paste.len - searched,
				   end_mark, strlen(end_mark));
		ssize_t got;

		if (end != NULL) {
			size_t len = (size_t)(end - paste.text);
			size_t past = len + strlen(end_mark);

			str_set_slice(&current->ahead, paste.text + past,
				      paste.len - past);
			str_cut(&paste, len);
			break;
		}
		searched = paste.len < strlen(end_mark)
				   ? 0
				   : paste.len - strlen(end_mark);
		if (paste.len > PASTE_MAX_BYTES ||
		    cancel_poll(STDIN_FILENO, POLLIN, -1) < 0)
			break;
		got = read(STDIN_FILENO, piece, sizeof(piece));
		if (got == 0 || (got < 0 && errno != EINTR))
			break;
		if (got > 0)
			str_add_slice(&paste, piece, (size_t)got);
	}
	insert_pasted(&paste);
	return 0;
}

/* ---- Tab ---- */

static void show_candidates(const struct complete_list *list)
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

/* Puts the common part in place of the range; false: it adds nothing. */
static bool insert_common(const struct complete_list *list, size_t before_len)
{
	CLEANUP(str_done) struct str common = STR_EMPTY;
	int from = (int)(list->from - before_len);
	int to = (int)(list->to - before_len);
	size_t typed = list->to - list->from;

	menu_common(list, rl_line_buffer[to], &common);
	if (list->count > 1 && common.len < typed)
		return false;
	if (common.len == typed &&
	    memcmp(common.text, rl_line_buffer + from, typed) == 0) {
		rl_point = to;
		return list->count == 1;
	}
	rl_begin_undo_group();
	rl_delete_text(from, to);
	rl_point = from;
	rl_insert_text(common.text);
	rl_end_undo_group();
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

static void complete_now(struct editor *editor, bool again)
{
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t before_len;

	str_add(&text, editor->before);
	if (text.len > 0 && text.text[text.len - 1] != '\n')
		str_add_char(&text, '\n');
	before_len = text.len;
	str_add_slice(&text, rl_line_buffer, (size_t)rl_end);
	editor->options.complete(editor->options.context, text.text,
				 before_len + (size_t)rl_point, &list);
	if (list.waiting && list.count == 0) {
		wait_for_listing(editor);
		return;
	}
	editor->tab.on = false;
	if (list.count == 0 || list.from < before_len || list.to > text.len) {
		rl_ding();
		return;
	}
	if (insert_common(&list, before_len)) {
		if (again)
			rl_redisplay();
		return;
	}
	show_candidates(&list);
}

static int tab_key(int count, int key)
{
	(void)count;
	(void)key;
	current->tab.on = false;
	if (current->options.complete != NULL)
		complete_now(current, false);
	return 0;
}

/* A mailbox was emptied or time passed: a Tab whose line still stands is
 * asked again. */
static void retry_tab(struct editor *editor)
{
	struct pending_tab *tab = &editor->tab;

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

/* ---- set-up ---- */

static void take_line(char *line)
{
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
	setenv("LC_ALL", "C.UTF-8", 1);
	setlocale(LC_CTYPE, "C.UTF-8");
}

static void bind_defaults(void)
{
	Keymap maps[] = { emacs_standard_keymap, vi_insertion_keymap };
	static const char paste[] = "\033[200~";

	for (size_t i = 0; i < COUNT_OF(maps); i++) {
		/* What inputrc bound stays bound. */
		if (rl_function_of_keyseq("\t", maps[i], NULL) == rl_complete)
			rl_bind_keyseq_in_map("\t", tab_key, maps[i]);
		rl_bind_keyseq_in_map(paste, take_paste, maps[i]);
	}
	rl_bind_keyseq_in_map(paste, take_paste, vi_movement_keymap);
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
	rl_add_defun("redsh-complete", tab_key, -1);
	rl_initialize();
	rl_getc_function = read_key;
	rl_input_available_hook = input_available;
	if (editor->dumb)
		rl_variable_bind("enable-bracketed-paste", "off");
	bind_defaults();
}

struct editor *editor_open(const struct editor_options *options,
			   struct err *err)
{
	struct editor *editor = mem_alloc(sizeof(*editor));
	const struct str empty = STR_EMPTY;

	editor->options = *options;
	editor->options.history_path = NULL;
	editor->ahead = empty;
	editor->tab.line = empty;
	editor->before = "";
	current = editor;
	start_readline(editor);
	editor->history =
		history_open(options->history_path, options->history_size, err);
	return editor;
}

void editor_close(struct editor *editor)
{
	if (editor == NULL)
		return;
	history_close(editor->history);
	str_done(&editor->ahead);
	str_done(&editor->tab.line);
	vec_done(&editor->watches);
	mem_free(editor);
	current = NULL;
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

static void interrupt_line(struct editor *editor)
{
	cancel_clear();
	rl_callback_sigcleanup();
	rl_point = rl_end;
	rl_redisplay();
	fputs("^C\n", rl_outstream);
	fflush(rl_outstream);
	rl_free_line_state();
	rl_callback_handler_remove();
	rl_replace_line("", 1);
	editor->done = true;
	editor->event = EDITOR_INTERRUPTED;
}

static void leave_for_signal(struct editor *editor)
{
	rl_free_line_state();
	rl_callback_handler_remove();
	editor->done = true;
	editor->event = EDITOR_SIGNAL;
}

/* Back after Ctrl-Z: whoever was in front has set the terminal its way. */
static void go_on(void)
{
	rl_deprep_terminal();
	rl_prep_terminal(1);
	rl_on_new_line();
	rl_forced_update_display();
}

static void take_signals(struct editor *editor)
{
	int signal_number;

	if (cancel_raised()) {
		interrupt_line(editor);
		return;
	}
	while (!editor->done && (signal_number = cancel_read()) != 0) {
		switch (signal_number) {
		case SIGWINCH:
			rl_resize_terminal();
			break;
		case SIGCONT:
			go_on();
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

static int wait_ms(const struct editor *editor)
{
	int64_t left;

	if (editor->ahead_at < editor->ahead.len)
		return 0;
	if (!editor->tab.on)
		return -1;
	left = (editor->tab.end_us - clock_monotonic_us()) / 1000 + 1;
	if (left > RETRY_MS)
		return RETRY_MS;
	return left > 0 ? (int)left : 0;
}

static void take_keys(struct editor *editor, short terminal_events)
{
	if (terminal_events != 0 || editor->ahead_at < editor->ahead.len) {
		editor->tab.on = false;
		rl_callback_read_char();
	}
}

/* One round of {terminal, Ctrl-C pipe, watched descriptors}. */
static void wait_once(struct editor *editor)
{
	size_t count = 2 + editor->watches.count;
	struct pollfd *fds = mem_alloc_array(count, sizeof(*fds));
	bool woken = false;

	fds[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = cancel_fd(), .events = POLLIN };
	for (size_t i = 2; i < count; i++)
		fds[i] = (struct pollfd){ .fd = editor->watches.items[i - 2].fd,
					  .events = POLLIN };
	if (poll(fds, count, wait_ms(editor)) < 0)
		for (size_t i = 0; i < count; i++)
			fds[i].revents = 0;

	take_signals(editor);
	/* ready() may add or remove watches: by descriptor, not by index. */
	for (size_t i = 2; i < count && !editor->done; i++) {
		for (size_t k = 0;
		     fds[i].revents != 0 && k < editor->watches.count; k++) {
			struct watch watch = editor->watches.items[k];

			if (watch.fd != fds[i].fd)
				continue;
			watch.ready(watch.context);
			woken = true;
			break;
		}
	}
	if (!editor->done && (woken || fds[0].revents == 0))
		retry_tab(editor);
	if (!editor->done)
		take_keys(editor, fds[0].revents);
	mem_free(fds);
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
	rl_callback_handler_install(prompt, take_line);
	cancel_listen(true);
	while (!editor->done)
		wait_once(editor);
	cancel_listen(false);
	editor->before = "";
	editor->line = NULL;
	return editor->event;
}

/* ---- history ---- */

void editor_remember(struct editor *editor, const char *text)
{
	history_remember(editor->history, text);
}

void editor_set_history_control(struct editor *editor, const char *value)
{
	history_set_control(editor->history, value);
}

void editor_set_history_size(struct editor *editor, int statements)
{
	history_set_size(editor->history, statements);
}

bool editor_write_history(struct editor *editor, const char *path,
			  struct err *err)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)editor;
	history_print(true, &out);
	return file_write(path, out.text, out.len, 0600, err);
}

void editor_print_history(struct editor *editor, struct str *out)
{
	(void)editor;
	history_print(false, out);
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

/* ---- questions ---- */

/* One line of a terminal in its ordinary mode. */
static bool read_answer(struct str *out)
{
	char byte;

	for (;;) {
		ssize_t got;

		if (cancel_poll(STDIN_FILENO, POLLIN, -1) < 0) {
			cancel_clear();
			return false;
		}
		got = read(STDIN_FILENO, &byte, 1);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			return false;
		if (byte == '\n')
			return true;
		str_add_char(out, byte);
	}
}

bool editor_ask(struct editor *editor, const char *question, bool echo,
		struct str *out_answer)
{
	struct termios old, silent;
	bool is_tty = tcgetattr(STDIN_FILENO, &old) == 0;
	bool answered;

	(void)editor;
	fputs(question, stdout);
	fflush(stdout);
	str_clear(out_answer);
	if (is_tty && !echo) {
		silent = old;
		silent.c_lflag &= (tcflag_t)~ECHO;
		silent.c_lflag |= ECHONL;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	}
	answered = read_answer(out_answer);
	if (is_tty && !echo)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
	if (!answered) {
		fputc('\n', stdout);
		fflush(stdout);
	}
	return answered;
}
