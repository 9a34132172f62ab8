#include "cmd/cmd_format.h"

#include <string.h>

#include "base/str.h"
#include "shell/session_state.h"
#include "shell/var.h"

static bool set(struct session *session, const char *name, const char *value,
		struct err *err)
{
	CLEANUP(str_done) struct str told = STR_EMPTY;

	if (!settings_set(&session->settings, name, value, &told, err))
		return false;
	if (!session->is.quiet)
		session_put(session, told.text);
	return true;
}

/* ---- the short forms ---- */

static bool a_run(struct session *session, const struct args *args,
		  struct err *err)
{
	const char *now = printer_name(session->settings.print.format);
	bool aligned = strcmp(now, "aligned") == 0;

	(void)args;
	return set(session, "format", aligned ? "unaligned" : "aligned", err);
}

static bool html_run(struct session *session, const struct args *args,
		     struct err *err)
{
	const char *now = printer_name(session->settings.print.format);
	bool html = strcmp(now, "html") == 0;

	(void)args;
	return set(session, "format", html ? "aligned" : "html", err);
}

static bool title_run(struct session *session, const struct args *args,
		      struct err *err)
{
	return set(session, "title", args_text(args, "TITLE"), err);
}

static const struct arg title_args[] = {
	{ "TITLE", ARG_NAME, ARG_OPTIONAL, "title; none unsets it" }, ARG_END
};

static bool f_run(struct session *session, const struct args *args,
		  struct err *err)
{
	return set(session, "fieldsep", args_text(args, "SEPARATOR"), err);
}

static const struct arg f_args[] = {
	{ "SEPARATOR", ARG_WORD, ARG_OPTIONAL, "shown if none" }, ARG_END
};

static bool t_run(struct session *session, const struct args *args,
		  struct err *err)
{
	return set(session, "tuples_only", args_text(args, "on|off"), err);
}

static bool x_run(struct session *session, const struct args *args,
		  struct err *err)
{
	return set(session, "expanded", args_text(args, "on|off"), err);
}

static const struct arg switch_args[] = {
	{ "on|off", ARG_SWITCH, ARG_OPTIONAL, "turned round if none" }, ARG_END
};

static bool tableattr_run(struct session *session, const struct args *args,
			  struct err *err)
{
	return set(session, "tableattr", args_text(args, "TEXT"), err);
}

static const struct arg tableattr_args[] = { { "TEXT", ARG_WORD, ARG_OPTIONAL,
					       "attributes; none unsets them" },
					     ARG_END };

static const struct arg timing_args[] = {
	{ "on|off", ARG_SWITCH_WORD, ARG_OPTIONAL, "turned round if none" },
	ARG_END
};

static bool timing_run(struct session *session, const struct args *args,
		       struct err *err)
{
	const char *text = args_text(args, "on|off");
	bool ok = true;

	if (!text)
		session->timing = !session->timing;
	else
		ok = var_parse_bool(text, "\\timing", &session->timing, err);
	if (!session->is.quiet)
		session_put(session, session->timing ? "Timing is on.\n"
						     : "Timing is off.\n");
	return ok;
}

/* ---- \pset ---- */

static bool pset_run(struct session *session, const struct args *args,
		     struct err *err)
{
	const char *name = args_text(args, "NAME");
	CLEANUP(str_done) struct str list = STR_EMPTY;

	if (name)
		return set(session, name, args_text(args, "VALUE"), err);
	settings_list(&session->settings, &list);
	session_put(session, list.text);
	return true;
}

static const struct arg pset_args[] = {
	{ "NAME", ARG_SETTING, ARG_OPTIONAL, "setting; all are shown if none" },
	{ "VALUE", ARG_WORD, ARG_OPTIONAL, "new value", WANT_VALUE },
	ARG_END
};

const struct command cmd_format_table[] = {
	{
		.name = "pset",
		.group = GROUP_FORMAT,
		.brief = "show or change an output setting",
		.args = pset_args,
		.run = pset_run,
	},
	{
		.name = "a",
		.group = GROUP_FORMAT,
		.brief = "switch between aligned and unaligned output",
		.run = a_run,
	},
	{
		.name = "C",
		.group = GROUP_FORMAT,
		.brief = "set the title of tables",
		.args = title_args,
		.run = title_run,
	},
	{
		.name = "f",
		.group = GROUP_FORMAT,
		.brief = "show or set the field separator",
		.args = f_args,
		.run = f_run,
	},
	{
		.name = "H",
		.aliases = "html",
		.group = GROUP_FORMAT,
		.brief = "switch HTML output on or off",
		.run = html_run,
	},
	{
		.name = "t",
		.group = GROUP_FORMAT,
		.brief = "rows only",
		.args = switch_args,
		.run = t_run,
	},
	{
		.name = "T",
		.group = GROUP_FORMAT,
		.brief = "set the attributes of HTML's table tag",
		.args = tableattr_args,
		.run = tableattr_run,
	},
	{
		.name = "x",
		.group = GROUP_FORMAT,
		.synopsis = "\\x [on|off|auto]",
		.brief = "one line for each field",
		.args = switch_args,
		.run = x_run,
	},
	{
		.name = "timing",
		.group = GROUP_FORMAT,
		.brief = "show how long statements take",
		.args = timing_args,
		.run = timing_run,
	},
	COMMAND_END
};
