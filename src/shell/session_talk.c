/* What a session tells and asks: messages, the line of progress, questions. A
 * job's session keeps what it tells for later. */
#include "shell/session.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fold.h"
#include "base/str.h"
#include "base/utf8.h"
#include "edit/editor.h"
#include "print/screen.h"
#include "shell/input.h"
#include "shell/job.h"
#include "shell/output.h"
#include "shell/progress_line.h"
#include "shell/session_state.h"

enum { FRAME_US = 100 * 1000 }; /* ten lines of progress a second */

void session_info(struct session *session, const char *fmt, ...)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	va_list args;

	if (session->is.quiet)
		return;
	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	if (session->job) {
		job_say(session->job, "", text.text);
		return;
	}
	say_add_shown(&session->say, text.text, &shown);
	str_add_char(&shown, '\n');
	say_text(&session->say, shown.text);
}

void session_warn(struct session *session, const char *fmt, ...)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	if (session->job)
		job_say(session->job, "warning: ", text.text);
	else
		say_warning(&session->say, "%s", text.text);
}

bool session_found_none(struct session *session, const char *fmt, ...)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	va_list args;

	if (session->is.quiet)
		return false;
	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	if (session->job)
		job_say(session->job, "", text.text);
	else
		say_error(&session->say, "%s", text.text);
	return true;
}

/* No escape bytes there. */
static bool terminal_is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || !*term || strcmp(term, "dumb") == 0;
}

/* Nobody is to see progress, or no terminal can show it. */
static bool shows_no_progress(const struct session *session)
{
	return session->job || !isatty(STDERR_FILENO) || session->is.quiet ||
	       terminal_is_dumb();
}

/* One column stays free: some terminals begin a new row with the last. */
static int progress_columns(void)
{
	struct winsize size = { 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
		return 79;
	return size.ws_col - 1;
}

static void put_line(struct session *session, const char *text, size_t len)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	struct say plain = { 0 };

	output_flush(session->base, NULL);
	str_add_char(&line, '\r');
	str_add_slice(&line, text, len);
	str_add(&line, "\033[K");
	session->progress_shown = len > 0;
	session->progress_us = len > 0 ? clock_monotonic_us() : 0;
	say_raw(&plain, line.text);
}

/* Names in it are other people's: it stays one line, without orders. */
void session_progress(struct session *session, const char *text)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;

	if (shows_no_progress(session) || (!*text && !session->progress_shown))
		return;
	screen_add_line(&line, text, strlen(text));
	put_line(session, line.text,
		 utf8_fit(line.text, line.len, progress_columns()));
}

void session_show_transfer(struct session *session, const char *verb,
			   const char *subject, const struct progress *progress)
{
	CLEANUP(str_done) struct str safe = STR_EMPTY;
	CLEANUP(str_done) struct str line = STR_EMPTY;
	struct progress_line parts = { verb, "", progress };

	if (session->job) {
		job_show(session->job, verb, subject, progress);
		return;
	}
	if (shows_no_progress(session) ||
	    (session->progress_shown &&
	     clock_monotonic_us() - session->progress_us < FRAME_US))
		return;
	screen_add(&safe, subject, strlen(subject));
	parts.subject = safe.text;
	progress_line_add(&parts, progress_columns(), &line);
	put_line(session, line.text, line.len);
}

bool session_is_interactive(const struct session *session)
{
	return !session->notty;
}

bool session_read_answer(struct session *session, struct str *out)
{
	CLEANUP(input_closep) struct input *standard = input_stdin();

	session_flush(session);
	return input_read(standard, out);
}

bool session_ask(struct session *session, const char *question,
		 struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	CLEANUP(str_done) struct str folded = STR_EMPTY;
	bool good;

	/* It may name what other people have named. */
	screen_add(&shown, question, strlen(question));
	session_flush(session);
	if (session->editor) {
		fold_add_prose(&folded, shown.text, session_screen_columns());
		good = editor_ask(session->editor, folded.text, true, out);
	} else {
		session_put(session, shown.text);
		good = session_read_answer(session, out);
	}
	return good || err_set(err, ERR_CANCELLED, "cancelled");
}

bool session_confirm(struct session *session, const char *question,
		     const char *switch_name, bool *out_yes, struct err *err)
{
	CLEANUP(str_done) struct str full = STR_EMPTY;
	CLEANUP(str_done) struct str answer = STR_EMPTY;

	if (session->notty) {
		err_set(err, ERR_USAGE, "nobody is there to be asked: %s",
			question);
		return err_hint(err, "say yes in advance with %s", switch_name);
	}
	str_addf(&full, "%s [y/N] ", question);
	if (!session_ask(session, full.text, &answer, err))
		return false;
	*out_yes = str_equal_nocase(answer.text, "y") ||
		   str_equal_nocase(answer.text, "yes");
	return true;
}
