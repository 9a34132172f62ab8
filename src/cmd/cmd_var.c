#include "cmd/cmd_var.h"

#include <stdlib.h>
#include <string.h>

#include "base/env.h"
#include "base/str.h"
#include "edit/editor.h"
#include "shell/input.h"
#include "shell/session_state.h"
#include "shell/var.h"

/* ---- \set, \unset ---- */

static bool list(struct session *session)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *name;
	const char *value;

	for (size_t i = 0; vars_item(session->vars, i, &name, &value); i++)
		str_addf(&text, "%s = '%s'\n", name, value);
	session_put(session, text.text);
	return true;
}

static bool set_run(struct session *session, const struct args *args,
		    struct err *err)
{
	const char *name = args_text(args, "NAME");
	CLEANUP(str_done) struct str value = STR_EMPTY;

	if (!name)
		return list(session);
	for (size_t i = 0; i < args_count(args, "VALUE"); i++)
		str_add(&value, args_item(args, "VALUE", i));
	return vars_set(session->vars, name, value.text, err);
}

static const struct arg set_args[] = {
	{ "NAME", ARG_VARIABLE, ARG_OPTIONAL, "all are shown if none" },
	{ "VALUE", ARG_WORD, ARG_REPEATED, "parts, put together", WANT_VALUE },
	ARG_END
};

static bool unset_run(struct session *session, const struct args *args,
		      struct err *err)
{
	return vars_set(session->vars, args_text(args, "NAME"), NULL, err);
}

static const struct arg unset_args[] = {
	{ "NAME", ARG_VARIABLE, ARG_REQUIRED, "variable" }, ARG_END
};

/* ---- \prompt ---- */

static bool ask(struct session *session, const char *question, struct str *out,
		struct err *err)
{
	bool in_file = session->input && input_name(session->input);
	bool ok;

	if (session->editor && session->interactive) {
		session_flush(session);
		ok = editor_ask(session->editor, question, true, out);
	} else {
		/* As psql: a script on standard input asks on stderr. */
		if (in_file || session->interactive)
			session_put(session, question);
		else
			say_raw(&session->say, question);
		/* psql asks the terminal unless a file is read: the end of
		 * its input is an empty answer. */
		ok = session_read_answer(session, out) || !in_file;
	}
	if (ok)
		return true;
	return err_set(err, ERR_USAGE,
		       "\\prompt: could not read value for variable");
}

static bool prompt_run(struct session *session, const struct args *args,
		       struct err *err)
{
	const char *text = args_text(args, "TEXT");
	const char *name = args_text(args, "NAME");
	CLEANUP(str_done) struct str answer = STR_EMPTY;

	/* One word is the name, two are text and name. */
	if (!name) {
		name = text;
		text = "";
	}
	return ask(session, text, &answer, err) &&
	       vars_set(session->vars, name, answer.text, err);
}

static const struct arg prompt_args[] = {
	{ "TEXT", ARG_WORD, ARG_REQUIRED, "question" },
	{ "NAME", ARG_VARIABLE, ARG_OPTIONAL, "variable" },
	ARG_END
};

/* ---- the environment ---- */

static bool getenv_run(struct session *session, const struct args *args,
		       struct err *err)
{
	const char *value = getenv(args_text(args, "ENVVAR"));

	if (!value)
		return true;
	return vars_set(session->vars, args_text(args, "NAME"), value, err);
}

static const struct arg getenv_args[] = {
	{ "NAME", ARG_VARIABLE, ARG_REQUIRED, "variable" },
	{ "ENVVAR", ARG_WORD, ARG_REQUIRED, "environment variable",
	  WANT_ENVIRONMENT },
	ARG_END
};

static bool setenv_run(struct session *session, const struct args *args,
		       struct err *err)
{
	const char *name = args_text(args, "NAME");
	const char *value = args_text(args, "VALUE");

	(void)session;
	if (strchr(name, '='))
		return err_set(err, ERR_USAGE,
			       "\\setenv: environment variable name must not "
			       "contain \"=\"");
	env_set(name, value);
	return true;
}

static const struct arg setenv_args[] = {
	{ "NAME", ARG_WORD, ARG_REQUIRED, "environment variable",
	  WANT_ENVIRONMENT },
	{ "VALUE", ARG_WORD, ARG_OPTIONAL, "none unsets it" },
	ARG_END
};

const struct command cmd_var_table[] = {
	{
		.name = "set",
		.group = GROUP_VARIABLES,
		.brief = "set a variable, or show all",
		.args = set_args,
		.run = set_run,
	},
	{
		.name = "unset",
		.group = GROUP_VARIABLES,
		.brief = "remove a variable",
		.args = unset_args,
		.run = unset_run,
	},
	{
		.name = "prompt",
		.group = GROUP_VARIABLES,
		.synopsis = "\\prompt [TEXT] NAME",
		.brief = "ask for the value of a variable",
		.args = prompt_args,
		.run = prompt_run,
	},
	{
		.name = "getenv",
		.group = GROUP_SYSTEM,
		.brief = "an environment variable into a variable",
		.args = getenv_args,
		.run = getenv_run,
	},
	{
		.name = "setenv",
		.group = GROUP_SYSTEM,
		.brief = "set or unset an environment variable",
		.args = setenv_args,
		.run = setenv_run,
	},
	COMMAND_END
};
