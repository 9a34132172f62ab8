/* The shell. */
#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/fold.h"
#include "base/str.h"
#include "cmd/table.h"
#include "shell/cmdline.h"
#include "shell/introspect.h"
#include "shell/jobs.h"
#include "shell/mainloop.h"
#include "shell/output.h"
#include "shell/pipeline.h"
#include "shell/session_state.h"
#include "shell/signals.h"
#include "shell/startup.h"

/* --version, --help and --print: text, and nothing else is started. */
static bool show_text(const struct cmdline *cmdline, int *out_code)
{
	CLEANUP(output_freep) struct output *output = NULL;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str folded = STR_EMPTY;
	struct winsize size = { 0 };
	struct say say = { .program = cmdline->program, .hints = true };
	struct err err = ERR_EMPTY;

	if (cmdline_has(cmdline, OPTION_VERSION))
		str_add(&text, "redsh " VERSION "\n");
	else if (cmdline_has(cmdline, OPTION_HELP))
		introspect_help(cmdline->program,
				cmdline_value(cmdline, OPTION_HELP), cmd_tables,
				&text);
	else if (!cmdline_has(cmdline, OPTION_PRINT))
		return false;
	else if (!introspect_print(cmdline_value(cmdline, OPTION_PRINT),
				   cmd_tables, &text, &err)) {
		say_err(&say, &err);
		*out_code = 1;
		return true;
	}
	output = output_new();
	/* 0 columns: no terminal, and no line is broken. */
	(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	fold_add(&folded, text.text,
		 cmdline_has(cmdline, OPTION_HELP) ? size.ws_col : 0);
	sink_text(output_sink(output), folded.text, NULL);
	*out_code = output_flush(output, &err) ? 0 : 1;
	return true;
}

static int run(const struct cmdline *cmdline)
{
	CLEANUP(session_freep)
	struct session *session =
		session_new(cmd_tables, cmdline, cmdline->program);
	int code = startup_run(session);

	pipeline_leave(session);
	if (!jobs_finish(session) && code == 0)
		code = session->is.on_error_stop ? MAINLOOP_STOPPED
						 : MAINLOOP_FAILED;
	if (!session_flush(session) && code == 0)
		code = 1;
	if (!session_is_complete(session) && code == 0)
		code = 1;
	return code;
}

int main(int argc, char **argv)
{
	CLEANUP(cmdline_done) struct cmdline cmdline = { 0 };
	struct err err = ERR_EMPTY;
	struct say say = { 0 };
	int code;

	setlocale(LC_ALL, "");
	if (!cmdline_parse(&cmdline, argc, argv, &err)) {
		say.program = cmdline.program;
		say_hint(&say, "%s", err.hint);
		return 1;
	}
	if (show_text(&cmdline, &code))
		return code;
	say.program = cmdline.program;
	if (!signals_install(!isatty(STDIN_FILENO), &err)) {
		say_err(&say, &err);
		return 1;
	}
	return run(&cmdline);
}
