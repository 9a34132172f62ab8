#include "shell/copy.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/mem.h"
#include "base/sink.h"
#include "base/str.h"
#include "db/conn.h"
#include "db/exec.h"
#include "shell/input.h"
#include "shell/output.h"
#include "shell/session_state.h"
#include "sql/split.h"

bool copy_is_end(const char *line, size_t len)
{
	return len >= 2 && line[0] == '\\' && line[1] == '.' &&
	       (len == 2 || (len == 3 && line[2] == '\r'));
}

static bool is_end(const struct str *line)
{
	return copy_is_end(line->text, line->len);
}

/* The data are all there: none of them is looked at. */
static bool send_bytes(struct exec *exec, int fd, const char **out_reason,
		       struct err *err)
{
	enum { BLOCK_BYTES = 64 << 10 };
	CLEANUP(mem_freep) char *block = mem_alloc(BLOCK_BYTES);

	while (!cancel_raised()) {
		ssize_t got;

		if (cancel_poll(fd, POLLIN, -1) < 0)
			break;
		got = read(fd, block, BLOCK_BYTES);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			*out_reason = "aborted because of read failure";
			return true;
		}
		if (got == 0)
			return true;
		if (!exec_copy_put(exec, block, (size_t)got, err))
			return false;
	}
	return true;
}

/* Whether the lines of data are typed: for -c, and for pstdin in a script,
 * standard input may be a terminal too. */
static bool is_typed(const struct session *session)
{
	const struct copy_end *end = session->send.copy;

	if (session->input && !(end && end->own_stdin))
		return session->interactive;
	return isatty(STDIN_FILENO);
}

static void ask_for_data(struct session *session)
{
	if (!session->is.quiet)
		session_put(session,
			    "Enter data to be copied followed by a newline.\n"
			    "End with a backslash and a period on a line by "
			    "itself, or an EOF signal.\n");
}

/* What of a typed text is data comes first; then the person is asked. Where
 * the server is lost, such lines are passed over: they are no statements. */
static bool send_lines(struct session *session, struct exec *exec,
		       struct input *input, struct err *err)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	const char *prompt = session->is.prompt3 ? session->is.prompt3 : "";
	bool typed = is_typed(session);
	bool asked = false;
	bool ok = true;

	while (!cancel_raised() && (ok || input_has_ahead(input))) {
		if (typed && !input_has_ahead(input)) {
			if (!asked)
				ask_for_data(session);
			asked = true;
			session_put(session, prompt);
			session_flush(session);
		}
		if (!input_read(input, &line) || is_end(&line))
			break;
		str_add_char(&line, '\n');
		ok = ok && exec_copy_put(exec, line.text, line.len, err);
	}
	return ok;
}

bool copy_in(struct session *session, struct exec *exec)
{
	CLEANUP(input_closep) struct input *standard = NULL;
	const struct copy_end *end = session->send.copy;
	struct input *input = session->input;
	const char *reason = NULL;
	struct err err = ERR_EMPTY;
	bool ok;

	if (!input || (end && end->own_stdin))
		input = standard = input_stdin();
	if (end && end->fd >= 0) {
		ok = send_bytes(exec, end->fd, &reason, &err);
	} else {
		ok = send_lines(session, exec, input, &err);
		session->say.line =
			session->input ? input_line(session->input) : 0;
	}
	if (cancel_raised())
		reason = "canceled by user";
	ok = exec_copy_end(exec, reason, &err) && ok;
	if (!ok)
		say_err(&session->say, &err);
	return ok;
}

bool copy_out(struct session *session, struct exec *exec, bool wanted)
{
	const struct copy_end *end = session->send.copy;
	struct sink *sink =
		output_sink(end && end->to ? end->to : session_output(session));
	struct err err = ERR_EMPTY;
	struct err lost = ERR_EMPTY;
	const char *bytes;
	size_t len;
	bool ok = true;

	while (exec_copy_get(exec, &bytes, &len, &lost))
		if (wanted && ok && !sink_write(sink, bytes, len, &err))
			ok = false;
	if (!ok)
		say_err(&session->say, &err);
	if (lost.kind == ERR_NONE)
		return ok;
	say_error(&session->say, "COPY data transfer failed: %s", lost.message);
	return false;
}

/* ---- refused ---- */

enum { SKIPS_SINCE = 150019 };

/* Where the data of this statement are; NULL: not among what is run. */
static struct input *lines_of(struct session *session)
{
	const struct copy_end *end = session->send.copy;

	if (end && (end->own_stdin || end->fd >= 0))
		return NULL;
	/* A person is asked for data only when the server wants them. */
	if (is_typed(session) &&
	    !(session->input && input_has_ahead(session->input)))
		return NULL;
	return session->input ? session->input : input_stdin();
}

void copy_skip_lines(struct session *session)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	struct input *input = lines_of(session);
	size_t count = 0;

	if (!input)
		return;
	if (is_typed(session)) {
		while (input_has_ahead(input) && input_read(input, &line) &&
		       !is_end(&line))
			count++;
	} else {
		while (input_read(input, &line) && !is_end(&line))
			count++;
	}
	if (!session->db || db_is_redshift(session->db))
		say_warning(&session->say,
			    "%zu lines of COPY data were passed over", count);
	if (input == session->input)
		session->say.line = input_line(input);
	else
		input_close(input);
}

bool copy_save_lines(struct session *session, int fd, struct err *err)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	struct input *input = lines_of(session);
	struct sink to = sink_to_fd(&fd);
	bool good = true;

	if (input == NULL) {
		err_set(err, ERR_USAGE, "\\copy ... from stdin: the data would "
					"have to be typed");
		return err_hint(err, "put them into a file, or paste them "
				     "together with the command");
	}
	while (input_read(input, &line) && !is_end(&line)) {
		str_add_char(&line, '\n');
		good = good && sink_write(&to, line.text, line.len, err);
	}
	if (input == session->input)
		session->say.line = input_line(input);
	else
		input_close(input);
	return good;
}

/* Holds "std", as STDIN and STDOUT do. */
bool copy_may_take_data(const char *text, size_t len)
{
	for (size_t i = 2; i < len; i++)
		if ((text[i] | 0x20) == 'd' && (text[i - 1] | 0x20) == 't' &&
		    (text[i - 2] | 0x20) == 's')
			return true;
	return false;
}

int copy_count_inputs(const struct session *session, const char *sql)
{
	struct split_options options = { .escapes = true };
	CLEANUP(split_freep) struct split *split = NULL;
	size_t len = strlen(sql);
	size_t count = 0;

	if (!copy_may_take_data(sql, len))
		return 0;
	if (session->db)
		options.escapes = db_backslash_escapes(session->db);
	split = split_new(&options);
	split_feed(split, sql, len);
	while (split_next(split) == SPLIT_STATEMENT) {
		count += split_copies(split);
		split_reset(split);
	}
	return (int)(count + split_copies(split));
}

void copy_skip_refused(struct session *session, int left)
{
	if (left <= 0 || session->quit_lost ||
	    (!session->interactive && session->db &&
	     !db_is_redshift(session->db) &&
	     db_library_version() < SKIPS_SINCE))
		return;
	for (; left > 0; left--)
		copy_skip_lines(session);
}

void copy_refuse(struct session *session, struct exec *exec)
{
	say_info(&session->say,
		 "unexpected COPY_IN result, aborting connection");
	exec_abandon(exec);
	session->quit_lost = !session->interactive;
}
