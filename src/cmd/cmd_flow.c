#include "cmd/cmd_flow.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "shell/cond.h"
#include "shell/mainloop.h"
#include "shell/session_state.h"
#include "shell/var.h"

/* The words of \if and \elif, joined: a boolean, or told and false. */
static bool is_true(struct session *session, const struct args *args)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str what = STR_EMPTY;
	struct err err = ERR_EMPTY;
	bool value = false;

	for (size_t i = 0; i < args_count(args, "EXPR"); i++)
		str_addf(&text, "%s%s", i > 0 ? " " : "",
			 args_item(args, "EXPR", i));
	str_addf(&what, "\\%s expression", args_command(args));
	if (!var_parse_bool(text.text, what.text, &value, &err)) {
		say_err(&session->say, &err);
		return false;
	}
	return value;
}

/* A branch ends: what a skipped one put into the statement goes, what one
 * that ran put there stays. */
static void end_branch(struct session *session)
{
	if (cond_is_empty(session->cond))
		return;
	if (!cond_active(session->cond)) {
		struct split_mark mark = cond_mark(session->cond);

		mainloop_cut(session->loop, &mark);
	}
}

static void begin_branch(struct session *session)
{
	cond_set_mark(session->cond, mainloop_mark(session->loop));
}

static bool if_run(struct session *session, const struct args *args,
		   struct err *err)
{
	bool value = false;

	(void)err;
	if (cond_active(session->cond))
		value = is_true(session, args);
	cond_if(session->cond, value);
	begin_branch(session);
	return true;
}

static bool elif_run(struct session *session, const struct args *args,
		     struct err *err)
{
	bool value = false;

	end_branch(session);
	if (cond_wants_value(session->cond))
		value = is_true(session, args);
	if (!cond_elif(session->cond, value, err))
		return false;
	begin_branch(session);
	return true;
}

static bool else_run(struct session *session, const struct args *args,
		     struct err *err)
{
	(void)args;
	end_branch(session);
	if (!cond_else(session->cond, err))
		return false;
	begin_branch(session);
	return true;
}

static bool endif_run(struct session *session, const struct args *args,
		      struct err *err)
{
	(void)args;
	end_branch(session);
	return cond_endif(session->cond, err);
}

static const struct arg if_args[] = { { "EXPR", ARG_WORD, ARG_REPEATED,
					"a boolean", WANT_CHOICE,
					"true|false|on|off" },
				      ARG_END };

static bool q_run(struct session *session, const struct args *args,
		  struct err *err)
{
	(void)args;
	(void)err;
	session->after = AFTER_QUIT;
	return true;
}

/* ---- \restrict, \unrestrict ---- */

static bool check_key(const struct args *args, struct err *err)
{
	if (*args_text(args, "KEY"))
		return true;
	return err_set(err, ERR_USAGE, "\\%s: missing required argument",
		       args_command(args));
}

/* Files of dumps say this first, so that no text in them becomes a command.
 * The session looks at the key before it runs anything. */
static bool restrict_run(struct session *session, const struct args *args,
			 struct err *err)
{
	if (!check_key(args, err))
		return false;
	session->restrict_key = mem_copy_text(args_text(args, "KEY"));
	return true;
}

/* Whoever wrote the dump must not get a command run by the key: it is the
 * rest of the line as it is, but for blanks and semicolons at its end. */
static bool unrestrict_run(struct session *session, const struct args *args,
			   struct err *err)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	if (!check_key(args, err))
		return false;
	str_add(&key, args_text(args, "KEY"));
	while (key.len > 0 && strchr("; \t\r\n\v\f", key.text[key.len - 1]))
		str_cut(&key, key.len - 1);
	if (!session->restrict_key)
		return err_set(
			err, ERR_USAGE,
			"\\unrestrict: not currently in restricted mode");
	if (strcmp(session->restrict_key, key.text) != 0)
		return err_set(err, ERR_USAGE, "\\unrestrict: wrong key");
	mem_free(session->restrict_key);
	session->restrict_key = NULL;
	return true;
}

static const struct arg restrict_args[] = {
	{ "KEY", ARG_WORD, ARG_REQUIRED, "ends the restriction again" }, ARG_END
};

static const struct arg unrestrict_args[] = {
	{ "KEY", ARG_REST, ARG_REQUIRED, "of the \\restrict" }, ARG_END
};

const struct command cmd_flow_table[] = {
	{
		.name = "q",
		.aliases = "quit",
		.group = GROUP_GENERAL,
		.brief = "leave",
		.run = q_run,
	},
	{
		.name = "if",
		.group = GROUP_CONDITIONAL,
		.in_false_branch = true,
		.synopsis = "\\if EXPR",
		.brief = "begin a conditional block",
		.args = if_args,
		.run = if_run,
	},
	{
		.name = "elif",
		.group = GROUP_CONDITIONAL,
		.in_false_branch = true,
		.synopsis = "\\elif EXPR",
		.brief = "another condition within the block",
		.args = if_args,
		.run = elif_run,
	},
	{
		.name = "else",
		.group = GROUP_CONDITIONAL,
		.in_false_branch = true,
		.brief = "what runs when no condition held",
		.run = else_run,
	},
	{
		.name = "endif",
		.group = GROUP_CONDITIONAL,
		.in_false_branch = true,
		.brief = "end the block",
		.run = endif_run,
	},
	{
		.name = "restrict",
		.group = GROUP_GENERAL,
		.brief = "refuse all backslash commands until \\unrestrict",
		.args = restrict_args,
		.run = restrict_run,
	},
	{
		.name = "unrestrict",
		.group = GROUP_GENERAL,
		.brief = "allow backslash commands again, given the same KEY",
		.args = unrestrict_args,
		.run = unrestrict_run,
	},
	COMMAND_END
};
