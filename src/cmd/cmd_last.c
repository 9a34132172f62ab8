#include "cmd/cmd_last.h"

#include "shell/args.h"
#include "shell/draw.h"
#include "shell/last.h"
#include "shell/output.h"
#include "shell/session_state.h"

static bool print_last(struct session *session, struct rows *rows,
		       const char *target, struct err *err)
{
	bool ok;

	if (target) {
		session->temporary = session_open_output(session, target, err);
		if (!session->temporary)
			return false;
	}
	ok = draw_again(session, rows, err);
	if (target)
		ok = output_close(session->temporary, NULL, ok ? err : NULL) &&
		     ok;
	session->temporary = NULL;
	return ok;
}

/* As \g's options: the format is for this once. */
static bool print_as(struct session *session, struct rows *rows,
		     const char *format, const char *target, struct err *err)
{
	struct settings own = session->settings;
	bool ok;

	settings_copy(&session->settings, &own);
	ok = (!format ||
	      settings_set(&session->settings, "format", format, NULL, err)) &&
	     print_last(session, rows, target, err);
	settings_done(&session->settings);
	session->settings = own;
	return ok;
}

static bool last_run(struct session *session, const struct args *args,
		     struct err *err)
{
	struct rows *rows;
	bool whole;

	if (!session->interactive) {
		err_set(err, ERR_USAGE,
			"\\last: results are kept at a prompt "
			"only");
		return err_hint(err, "in a script, \\g FILE writes a result, "
				     "and \\g (format=csv) FILE in a format");
	}
	if (!session->last) {
		err_set(err, ERR_MISSING, "\\last: there is no result yet");
		return err_hint(err, "run a query first");
	}
	rows = last_again(session->last, &whole, err);
	if (!rows || !print_as(session, rows, args_text(args, "FORMAT"),
			       args_text(args, "FILE"), err))
		return false;
	if (!whole)
		say_info(&session->say,
			 "The result was left before its end: these are the "
			 "rows that had come.");
	return true;
}

static const struct arg last_args[] = {
	{ "FORMAT", ARG_NAME, ARG_OPTIONAL,
	  "csv, json, markdown ...; as \\pset format", WANT_FORMAT },
	{ "FILE", ARG_FILE_OR_PIPE, ARG_OPTIONAL, "or |command" },
	ARG_END
};

const struct command cmd_last_table[] = {
	{
		.name = "last",
		.group = GROUP_GENERAL,
		.synopsis = "\\last [FORMAT [FILE]]",
		.brief = "the last result again, without asking the server",
		.args = last_args,
		.run = last_run,
	},
	COMMAND_END
};
