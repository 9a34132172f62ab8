#include "cmd/cmd_query.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sink.h"
#include "base/str.h"
#include "db/conn.h"
#include "db/dberr.h"
#include "edit/history.h"
#include "shell/edit_text.h"
#include "shell/mainloop.h"
#include "shell/output.h"
#include "shell/pipeline.h"
#include "shell/run.h"
#include "shell/session_state.h"
#include "shell/watch.h"
#include "sql/tidy.h"

/* The buffer, else what was sent before. */
static const char *shown_query(const struct session *session)
{
	const char *text = mainloop_text(session->loop);

	return *text ? text : mainloop_previous(session->loop);
}

/* -c '\g' and the like: there is nothing to be sent. */
static bool need_loop(const struct session *session, const char *name,
		      struct err *err)
{
	if (session->loop)
		return true;
	return err_set(err, ERR_USAGE, "\\%s: no query buffer here", name);
}

/* Where there is none, psql's \g and its kin do nothing. */
static bool has_buffer(const struct session *session)
{
	return session->loop != NULL;
}

/* A pipeline sends no results back at once: what was to be done with them is
 * forgotten. */
static bool may_send(struct session *session, const struct args *args,
		     struct err *err)
{
	if (pipeline_allows(session, args_command(args), err))
		return true;
	session_send_clear(session);
	return false;
}

/* ---- \g, \gx ---- */

static void keep_settings(struct session *session)
{
	if (session->send.saved)
		return;
	session->send.saved = mem_alloc(sizeof(struct settings));
	settings_copy(session->send.saved, &session->settings);
}

/* One word of \g's options: "(name=value", "name", "name)". */
static bool set_option(struct session *session, const char *word,
		       struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const char *value = strchr(word, '=');

	if (!*word)
		return true;
	keep_settings(session);
	str_add_slice(&name, word,
		      value ? (size_t)(value - word) : strlen(word));
	return settings_set(&session->settings, name.text,
			    value ? value + 1 : NULL, NULL, err);
}

/* "(format=csv null='x') FILE". *out_target: FILE, NULL if none. Every wrong
 * option is told, and none counts then. */
static bool set_options(struct session *session, const struct args *args,
			const char **out_target, struct err *err)
{
	const char *text = args_text(args, "FILE");
	bool closed = false;
	bool ok = true;
	size_t i;

	for (i = 0; !closed && (text = args_item(args, "FILE", i)); i++) {
		CLEANUP(str_done) struct str word = STR_EMPTY;
		struct err wrong = ERR_EMPTY;

		str_add(&word, i == 0 ? text + 1 : text);
		closed = word.len > 0 && word.text[word.len - 1] == ')';
		if (closed)
			str_cut(&word, word.len - 1);
		if (!set_option(session, word.text, &wrong)) {
			say_err(&session->say, &wrong);
			ok = false;
		}
	}
	*out_target = args_item(args, "FILE", i);
	if (!closed)
		return err_set(err, ERR_USAGE,
			       "\\%s: missing right parenthesis",
			       args_command(args));
	return ok || err_set(err, ERR_USAGE, "%s", "");
}

static bool g_run(struct session *session, const struct args *args,
		  struct err *err)
{
	const char *target = args_text(args, "FILE");

	if (!has_buffer(session))
		return true;
	if (!may_send(session, args, err))
		return false;
	if (target && *target == '(' &&
	    !set_options(session, args, &target, err)) {
		session_send_clear(session);
		return false;
	}
	session->send.target = mem_copy_text(target && *target ? target : NULL);
	if (strcmp(args_command(args), "gx") == 0) {
		keep_settings(session);
		session->settings.print.expanded = PRINT_EXPANDED_ON;
	}
	session->after = AFTER_SEND;
	return true;
}

static const struct arg g_args[] = { { "FILE", ARG_GO, ARG_REPEATED,
				       "(OPTION=VALUE ...), FILE or |PIPE" },
				     ARG_END };

/* ---- \gset, \gexec, \gdesc ---- */

static bool gset_run(struct session *session, const struct args *args,
		     struct err *err)
{
	if (!has_buffer(session))
		return true;
	if (!may_send(session, args, err))
		return false;
	session->send.use = SEND_GSET;
	session->send.prefix = mem_copy_text(args_text(args, "PREFIX"));
	session->after = AFTER_SEND;
	return true;
}

static const struct arg gset_args[] = { { "PREFIX", ARG_WORD, ARG_OPTIONAL,
					  "in front of the column names" },
					ARG_END };

static bool gexec_run(struct session *session, const struct args *args,
		      struct err *err)
{
	if (!has_buffer(session))
		return true;
	if (!may_send(session, args, err))
		return false;
	session->send.use = SEND_GEXEC;
	session->after = AFTER_SEND;
	return true;
}

static bool gdesc_run(struct session *session, const struct args *args,
		      struct err *err)
{
	if (!has_buffer(session))
		return true;
	if (!may_send(session, args, err))
		return false;
	session->send.use = SEND_GDESC;
	session->after = AFTER_SEND;
	return true;
}

/* ---- \crosstabview ---- */

static const struct arg crosstabview_args[] = {
	{ "COLV", ARG_NAME, ARG_OPTIONAL, "column down the side",
	  WANT_OUTPUT_COLUMN },
	{ "COLH", ARG_NAME, ARG_OPTIONAL, "column across the top",
	  WANT_OUTPUT_COLUMN },
	{ "COLD", ARG_NAME, ARG_OPTIONAL, "column of the cells",
	  WANT_OUTPUT_COLUMN },
	{ "SORTCOLH", ARG_NAME, ARG_OPTIONAL,
	  "column that orders the top by its numbers", WANT_OUTPUT_COLUMN },
	ARG_END
};

static bool crosstabview_run(struct session *session, const struct args *args,
			     struct err *err)
{
	struct send *send = &session->send;

	if (!has_buffer(session))
		return true;
	if (!may_send(session, args, err))
		return false;
	send->use = SEND_CROSSTAB;
	for (size_t i = 0; i < COUNT_OF(send->crosstab); i++)
		send->crosstab[i] = mem_copy_text(
			args_text(args, crosstabview_args[i].name));
	session->after = AFTER_SEND;
	return true;
}

/* ---- \p, \r, \w ---- */

static bool p_run(struct session *session, const struct args *args,
		  struct err *err)
{
	const char *text = shown_query(session);

	(void)args;
	(void)err;
	if (*text) {
		session_put(session, text);
		session_put(session, "\n");
	} else if (!session->is.quiet) {
		session_put(session, "Query buffer is empty.\n");
	}
	return true;
}

static bool format_run(struct session *session, const struct args *args,
		       struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *query = shown_query(session);

	(void)args;
	if (!need_loop(session, "format", err))
		return false;
	if (!*query) {
		if (!session->is.quiet)
			session_put(session, "Query buffer is empty.\n");
		return true;
	}
	tidy_sql(query, strlen(query),
		 !session->db || db_backslash_escapes(session->db), &text);
	mainloop_set_text(session->loop, text.text);
	session->after = AFTER_RETYPE;
	return true;
}

static bool r_run(struct session *session, const struct args *args,
		  struct err *err)
{
	(void)args;
	(void)err;
	mainloop_set_text(session->loop, "");
	if (!session->is.quiet)
		session_put(session, "Query buffer reset (cleared).\n");
	return true;
}

static bool w_run(struct session *session, const struct args *args,
		  struct err *err)
{
	const char *target = args_text(args, "FILE");
	const char *text = shown_query(session);
	struct output *output;
	bool ok;

	if (!session->loop)
		return err_set(err, ERR_USAGE, "no query buffer");
	output = session_open_output(session, target, err);
	if (!output)
		return false;
	ok = sink_text(output_sink(output), text, err) &&
	     (!*text || sink_text(output_sink(output), "\n", err));
	return output_close(output, NULL, ok ? err : NULL) && ok;
}

static const struct arg w_args[] = {
	{ "FILE", ARG_FILE_OR_PIPE, ARG_REQUIRED, "file or |pipe" }, ARG_END
};

/* ---- \e ---- */

static bool is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

/* FILE [LINE] or LINE; NULL: not given. */
static bool read_place(const struct args *args, const char **out_path,
		       const char **out_line, struct err *err)
{
	const char *path = args_text(args, "FILE");
	const char *line = args_text(args, "LINE");

	if (path && !line && is_number(path)) {
		line = path;
		path = NULL;
	}
	*out_path = path;
	*out_line = line;
	return !line || atoi(line) >= 1 ||
	       err_set(err, ERR_USAGE, "invalid line number: %s", line);
}

static bool e_run(struct session *session, const struct args *args,
		  struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool changed = false;
	const char *path;
	const char *line;
	bool keep;
	bool ok;

	if (!need_loop(session, "e", err) ||
	    !read_place(args, &path, &line, err))
		return false;
	/* Left without a change: nothing runs again by mistake, but what was
	 * being typed stays. */
	keep = !path && *mainloop_text(session->loop);
	str_add(&text, path ? "" : shown_query(session));
	if (keep && text.text[text.len - 1] != '\n')
		str_add_char(&text, '\n');
	ok = path ? edit_file(path, line, &text, &changed, err)
		  : edit_text(&text, line, &changed, err);
	if (keep || (ok && changed))
		mainloop_set_text(session->loop, text.text);
	else
		mainloop_set_text(session->loop, "");
	if (ok)
		session->after = AFTER_EDITED;
	return ok;
}

static const struct arg e_args[] = {
	{ "FILE", ARG_LOCAL_PATH, ARG_OPTIONAL, "file instead of the buffer" },
	{ "LINE", ARG_WORD, ARG_OPTIONAL, "where to begin" },
	ARG_END
};

/* ---- \errverbose, \s ---- */

static bool errverbose_run(struct session *session, const struct args *args,
			   struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)args;
	(void)err;
	if (!dberr_is_set(session->last_error)) {
		session_put(session, "There is no previous error.\n");
		return true;
	}
	run_error_text(session, session->last_error, DBERR_VERBOSE,
		       DBERR_CONTEXT_ALWAYS, &text);
	say_error(&session->say, "%s", text.text);
	return true;
}

/* Without line editing: psql ends a list of nothing with its line. */
static bool no_history(struct session *session, const char *path,
		       struct err *err)
{
	if (path)
		return err_set(err, ERR_USAGE, "no history is kept here");
	session_put(session, "\n");
	return true;
}

static bool s_run(struct session *session, const struct args *args,
		  struct err *err)
{
	const char *path = args_text(args, "FILE");
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!session->editor)
		return no_history(session, path, err);
	if (!history_print(record_history(session), path != NULL, &text, err))
		return false;
	if (!path) {
		session_print(session, text.text);
		return true;
	}
	if (!file_write(path, text.text, text.len, 0600, err))
		return false;
	if (!session->is.quiet)
		session_printf(session, "Wrote history to file \"%s\".\n", path);
	return true;
}

static const struct arg s_args[] = {
	{ "FILE", ARG_LOCAL_PATH, ARG_OPTIONAL, "file to write" }, ARG_END
};

/* ---- \watch ---- */

static bool watch_run(struct session *session, const struct args *args,
		      struct err *err)
{
	CLEANUP(str_done) struct str query = STR_EMPTY;
	struct watch_plan plan;

	if (!need_loop(session, "watch", err) || !may_send(session, args, err))
		return false;
	str_add(&query, shown_query(session));
	mainloop_set_text(session->loop, "");
	if (query.len == 0)
		return err_set(err, ERR_USAGE,
			       "\\watch cannot be used with an empty query");
	watch_plan_init(&plan, session->is.watch_ms);
	for (size_t i = 0; i < args_count(args, "i=SEC"); i++)
		if (!watch_plan_add(&plan, args_item(args, "i=SEC", i), err))
			return false;
	return watch_query(session, query.text, &plan);
}

static const struct arg watch_args[] = {
	{ "i=SEC", ARG_NAME, ARG_REPEATED,
	  "seconds between runs; c=N runs; m=N least rows", WANT_CHOICE,
	  "i=2|i=10|i=60|c=10|m=1" },
	ARG_END
};

const struct command cmd_query_table[] = {
	{
		.name = "g",
		.aliases = "gx",
		.group = GROUP_GENERAL,
		.synopsis = "\\g [(OPTIONS)] [FILE]",
		.brief = "run the query; results to a file or |pipe; \\gx "
			 "expanded",
		.args = g_args,
		.run = g_run,
	},
	{
		.name = "gset",
		.group = GROUP_GENERAL,
		.brief = "run the query and keep its row in variables",
		.args = gset_args,
		.run = gset_run,
	},
	{
		.name = "gexec",
		.group = GROUP_GENERAL,
		.brief = "run the query, then run each value of its result",
		.run = gexec_run,
	},
	{
		.name = "gdesc",
		.group = GROUP_GENERAL,
		.brief = "describe the query's columns without running it",
		.run = gdesc_run,
	},
	{
		.name = "crosstabview",
		.group = GROUP_GENERAL,
		.brief = "run the query and show its result as a grid",
		.args = crosstabview_args,
		.run = crosstabview_run,
	},
	{
		.name = "watch",
		.group = GROUP_GENERAL,
		.synopsis = "\\watch [[i=]SEC] [c=N] [m=MIN]",
		.brief = "run the query again every SEC seconds",
		.args = watch_args,
		.run = watch_run,
	},
	{
		.name = "errverbose",
		.group = GROUP_GENERAL,
		.brief = "show the last error with all its fields",
		.run = errverbose_run,
	},
	{
		.name = "e",
		.aliases = "edit",
		.group = GROUP_BUFFER,
		.brief = "edit the query buffer or a file",
		.args = e_args,
		.run = e_run,
	},
	{
		.name = "p",
		.aliases = "print",
		.group = GROUP_BUFFER,
		.brief = "show the query buffer",
		.run = p_run,
	},
	{
		.name = "format",
		.group = GROUP_BUFFER,
		.brief = "lay the query buffer out anew, or the last query",
		.run = format_run,
	},
	{
		.name = "r",
		.aliases = "reset",
		.group = GROUP_BUFFER,
		.brief = "empty the query buffer",
		.run = r_run,
	},
	{
		.name = "s",
		.group = GROUP_BUFFER,
		.brief = "show the history or write it to a file",
		.args = s_args,
		.run = s_run,
	},
	{
		.name = "w",
		.aliases = "write",
		.group = GROUP_BUFFER,
		.brief = "write the query buffer to a file or |pipe",
		.args = w_args,
		.run = w_run,
	},
	COMMAND_END
};
