#include "cmd/cmd_file.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"
#include "shell/jobs.h"
#include "shell/mainloop.h"
#include "shell/output.h"
#include "shell/session_state.h"

/* ---- \i, \ir ---- */

static bool i_run(struct session *session, const struct args *args,
		  struct err *err)
{
	const char *name = args_command(args);
	bool beside = strcmp(name, "ir") == 0 ||
		      strcmp(name, "include_relative") == 0;

	(void)err;
	return mainloop_run_file(session, args_text(args, "FILE"), beside) ==
	       MAINLOOP_DONE;
}

static const struct arg i_args[] = { { "FILE", ARG_LOCAL_PATH, ARG_REQUIRED,
				       "script; - is standard input" },
				     ARG_END };

/* ---- \o ---- */

static bool close_out(struct session *session, struct err *err)
{
	struct output *old = session->out;

	session->out = session->base;
	if (old == session->base || output_close(old, NULL, err))
		return true;
	say_incomplete(session, err);
	err_clear(err);
	return false;
}

static bool o_run(struct session *session, const struct args *args,
		  struct err *err)
{
	const char *target = args_text(args, "FILE");
	struct output *output = NULL;
	bool ok;

	if (target && *target) {
		output = session_open_output(session, target, err);
		if (!output)
			return false;
	}
	ok = close_out(session, err);
	if (output)
		session->out = output;
	return ok;
}

static const struct arg o_args[] = {
	{ "FILE", ARG_FILE_OR_PIPE, ARG_OPTIONAL,
	  "file or |pipe; standard output if none" },
	ARG_END
};

/* ---- \echo, \qecho, \warn ---- */

static bool echo_run(struct session *session, const struct args *args,
		     struct err *err)
{
	const char *name = args_command(args);
	CLEANUP(str_done) struct str line = STR_EMPTY;

	(void)err;
	for (size_t i = 0; i < args_count(args, "TEXT"); i++)
		str_addf(&line, "%s%s", i > 0 ? " " : "",
			 args_item(args, "TEXT", i));
	if (!args_flag(args, "-n"))
		str_add_char(&line, '\n');
	if (strcmp(name, "warn") == 0)
		say_raw(&session->say, line.text);
	else if (strcmp(name, "qecho") == 0)
		session_print(session, line.text);
	else
		session_put(session, line.text);
	return true;
}

static const struct arg echo_args[] = {
	{ "-n", ARG_LEADING_FLAG, ARG_OPTIONAL, "no newline at the end" },
	{ "TEXT", ARG_WORD, ARG_REPEATED, "words to write" },
	ARG_END
};

/* ---- \lo_import, \lo_export, \lo_unlink ---- */

static bool lo_run(struct session *session, const struct args *args,
		   struct err *err)
{
	(void)session;
	err_set(err, ERR_USAGE, "\\%s: Redshift has no large objects",
		args_command(args));
	return err_hint(err, "keep files in S3 by \\s3put and \\s3get");
}

static const struct arg lo_args[] = {
	{ "WORD", ARG_WORD, ARG_REPEATED, "as psql has it" }, ARG_END
};

/* ---- \cd ---- */

static bool cd_run(struct session *session, const struct args *args,
		   struct err *err)
{
	CLEANUP(str_done) struct str dir = STR_EMPTY;
	const char *given = args_text(args, "DIR");

	if (!jobs_allow_cd(session, err))
		return false;
	if (given)
		path_expand(given, &dir);
	else
		path_home(&dir);
	if (chdir(dir.text) == 0)
		return true;
	return err_set(err, ERR_SYSTEM,
		       "\\cd: could not change directory to \"%s\": %s",
		       dir.text, strerror(errno));
}

static const struct arg cd_args[] = { { "DIR", ARG_LOCAL_PATH, ARG_OPTIONAL,
					"folder; home if none", WANT_FOLDER },
				      ARG_END };

/* ---- \! ---- */

static bool shell_run(struct session *session, const struct args *args,
		      struct err *err)
{
	CLEANUP(str_done) struct str code = STR_EMPTY;
	int status = 0;
	bool ok;

	session_flush(session);
	ok = proc_run_shell(args_text(args, "COMMAND"), &status, err);
	if (!ok)
		return false;
	if (WIFEXITED(status))
		str_addf(&code, "%d", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		str_addf(&code, "%d", 128 + WTERMSIG(status));
	session_set_var(session, "SHELL_EXIT_CODE", code.text);
	session_set_var(session, "SHELL_ERROR", status ? "true" : "false");
	/* As psql: how it ended is not this program's error. */
	return true;
}

static const struct arg shell_args[] = {
	{ "COMMAND", ARG_SHELL, ARG_OPTIONAL, "a shell if none" }, ARG_END
};

const struct command cmd_file_table[] = {
	{
		.name = "i",
		.aliases = "include",
		.group = GROUP_IO,
		.brief = "run the commands in a file",
		.args = i_args,
		.run = i_run,
	},
	{
		.name = "ir",
		.aliases = "include_relative",
		.group = GROUP_IO,
		.brief = "as \\i, from the folder of the running script",
		.args = i_args,
		.run = i_run,
	},
	{
		.name = "o",
		.aliases = "out",
		.group = GROUP_IO,
		.brief = "send results to a file or |pipe",
		.args = o_args,
		.run = o_run,
	},
	{
		.name = "echo",
		.group = GROUP_IO,
		.brief = "write words to standard output",
		.args = echo_args,
		.run = echo_run,
	},
	{
		.name = "qecho",
		.group = GROUP_IO,
		.brief = "write words to where results go",
		.args = echo_args,
		.run = echo_run,
	},
	{
		.name = "warn",
		.group = GROUP_IO,
		.brief = "write words to standard error",
		.args = echo_args,
		.run = echo_run,
	},
	{
		.name = "lo_import",
		.aliases = "lo_export lo_unlink",
		.group = GROUP_IO,
		.brief = "not possible with Redshift: says what is",
		.args = lo_args,
		.run = lo_run,
	},
	{
		.name = "cd",
		.group = GROUP_SYSTEM,
		.brief = "change the working folder",
		.args = cd_args,
		.run = cd_run,
	},
	{
		.name = "!",
		.group = GROUP_SYSTEM,
		.brief = "run a command in the shell, or a shell",
		.args = shell_args,
		.run = shell_run,
	},
	COMMAND_END
};
