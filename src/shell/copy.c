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
#include "sql/lexer.h"

static bool is_end(const char *line)
{
	return strcmp(line, "\\.") == 0 || strcmp(line, "\\.\r") == 0;
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

static void ask_for_data(struct session *session)
{
	if (session->interactive && !session->is.quiet)
		session_put(session,
			    "Enter data to be copied followed by a newline.\n"
			    "End with a backslash and a period on a line by "
			    "itself, or an EOF signal.\n");
}

static bool send_lines(struct session *session, struct exec *exec,
		       struct input *input, struct err *err)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	const char *prompt = session->is.prompt3 ? session->is.prompt3 : "";

	while (!cancel_raised()) {
		if (session->interactive) {
			session_put(session, prompt);
			session_flush(session);
		}
		if (!input_read(input, &line) || is_end(line.text))
			break;
		str_add_char(&line, '\n');
		if (!exec_copy_put(exec, line.text, line.len, err))
			return false;
	}
	return true;
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
		ask_for_data(session);
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
	const char *bytes;
	size_t len;
	bool ok = true;

	while (exec_copy_get(exec, &bytes, &len))
		if (wanted && ok && !sink_write(sink, bytes, len, &err))
			ok = false;
	if (!ok)
		say_err(&session->say, &err);
	return ok;
}

/* ---- refused ---- */

/* Where the data of this statement are; NULL: not among what is run. */
static struct input *lines_of(struct session *session)
{
	const struct copy_end *end = session->send.copy;

	if (session->interactive || (end && (end->own_stdin || end->fd >= 0)))
		return NULL;
	return session->input;
}

void copy_skip_lines(struct session *session)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	struct input *input = lines_of(session);
	size_t count = 0;

	if (!input)
		return;
	while (input_read(input, &line) && !is_end(line.text))
		count++;
	if (!session->db || db_is_redshift(session->db))
		say_warning(&session->say,
			    "%zu lines of COPY data were passed over", count);
	session->say.line = input_line(input);
}

static struct token next_word(struct lexer *lexer)
{
	struct token token;

	do
		token = lexer_next(lexer);
	while (token.kind == TOKEN_BLANK || token.kind == TOKEN_COMMENT);
	return token;
}

int copy_count_inputs(const char *sql)
{
	struct lexer lexer;
	struct token token;
	bool is_first = true;
	bool is_copy = false;
	bool from = false;
	int depth = 0;
	int count = 0;

	lexer_init(&lexer, sql, strlen(sql), LEXER_ESCAPES, NULL);
	while ((token = next_word(&lexer)).kind != TOKEN_END) {
		if (token_is_char(&token, ';')) {
			is_first = true;
			depth = 0;
			continue;
		}
		if (is_first)
			is_copy = token_is(&token, "copy");
		is_first = false;
		depth += token_is_char(&token, '(') - token_is_char(&token, ')');
		if (is_copy && from && depth == 0 && token_is(&token, "stdin"))
			count++;
		from = token_is(&token, "from");
	}
	return count;
}

void copy_skip_refused(struct session *session, const char *sql, int served)
{
	enum { SKIPS_SINCE = 150019 };
	int left;

	if (session->db && !db_is_redshift(session->db) &&
	    db_library_version() < SKIPS_SINCE)
		return;
	for (left = copy_count_inputs(sql) - served; left > 0; left--)
		copy_skip_lines(session);
}
