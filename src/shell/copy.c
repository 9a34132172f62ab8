#include "shell/copy.h"

#include <string.h>

#include "base/cancel.h"
#include "base/sink.h"
#include "base/str.h"
#include "db/exec.h"
#include "shell/input.h"
#include "shell/output.h"
#include "shell/session_state.h"

static bool is_end(const char *line)
{
	return strcmp(line, "\\.") == 0 || strcmp(line, "\\.\r") == 0;
}

bool copy_in(struct session *session, struct exec *exec)
{
	CLEANUP(input_closep) struct input *standard = NULL;
	CLEANUP(str_done) struct str line = STR_EMPTY;
	struct input *input = session->input;
	struct err err = ERR_EMPTY;
	bool ok = true;

	if (!input)
		input = standard = input_stdin();
	if (session->interactive)
		session_put(session,
			    "Enter data to be copied followed by a newline.\n"
			    "End with a backslash and a period on a line by "
			    "itself, or an EOF signal.\n");
	while (ok && !cancel_raised()) {
		if (session->interactive) {
			session_put(session, session->is.prompt3
						     ? session->is.prompt3
						     : "");
			session_flush(session);
		}
		if (!input_read(input, &line) || is_end(line.text))
			break;
		str_add_char(&line, '\n');
		ok = exec_copy_put(exec, line.text, line.len, &err);
	}
	session->say.line = session->input ? input_line(session->input) : 0;
	ok = exec_copy_end(exec, cancel_raised() ? "canceled by user" : NULL,
			   &err) &&
	     ok;
	if (!ok)
		say_err(&session->say, &err);
	return ok;
}

bool copy_out(struct session *session, struct exec *exec, bool wanted)
{
	struct sink *sink = output_sink(session_output(session));
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
