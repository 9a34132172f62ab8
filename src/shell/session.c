#include "shell/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "aws/worker.h"
#include "base/cancel.h"
#include "base/mailbox.h"
#include "base/map.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/similar.h"
#include "catalog/catalog.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/dsn.h"
#include "edit/editor.h"
#include "edit/history.h"
#include "print/screen.h"
#include "shell/args.h"
#include "shell/cmdline.h"
#include "shell/cond.h"
#include "shell/connect.h"
#include "shell/draw.h"
#include "shell/iam.h"
#include "shell/job.h"
#include "shell/jobs.h"
#include "shell/last.h"
#include "shell/lost.h"
#include "shell/mainloop.h"
#include "shell/picture.h"
#include "shell/meaning.h"
#include "shell/output.h"
#include "shell/run.h"
#include "shell/session_state.h"
#include "shell/signals.h"
#include "shell/suggest.h"
#include "shell/tunnel.h"
#include "shell/var.h"
#include "sql/mask.h"
#include "sql/quote.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* ---- made and freed ---- */

static void before_stderr(void *context)
{
	struct session *session = context;

	session_progress(session, "");
	if (session->told_early) {
		output_flush_to(session->base, session->notice_place);
		return;
	}
	output_flush(session->base, NULL);
	if (session->out != session->base)
		output_flush(session->out, NULL);
}

static void set_first_variables(struct session *session)
{
	vars_set(session->vars, "VERSION", "redsh " VERSION, NULL);
	vars_set(session->vars, "VERSION_NAME", VERSION, NULL);
	vars_set(session->vars, "VERSION_NUM", "000100", NULL);
	vars_set(session->vars, "LAST_ERROR_SQLSTATE", "00000", NULL);
	vars_set(session->vars, "LAST_ERROR_MESSAGE", "", NULL);
}

struct session *session_new(const struct command *const tables[],
			    const struct cmdline *cmdline, const char *program)
{
	struct session *session = mem_alloc(sizeof(*session));

	session->notice_place = SIZE_MAX;
	session->tables = tables;
	session->cmdline = cmdline;
	session->as_psql = strcmp(program, "psql") == 0;
	session->say.program = program;
	session->say.hints = !session->as_psql;
	session->say.before = before_stderr;
	session->say.shields = !session->as_psql && isatty(STDERR_FILENO);
	say_read_colours(&session->say);
	session->say.context = session;
	session->base = session->out = output_new();
	session->dsn = dsn_new();
	session->last_error = dberr_new();
	session->explain = (struct explain)EXPLAIN_START;
	session->notty = !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO);
	settings_init(&session->settings);
	session->iam = iam_new();
	session->vars = vars_new(meaning_table, session);
	set_first_variables(session);
	return session;
}

void session_free(struct session *session)
{
	if (!session)
		return;
	jobs_free(session->jobs);
	map_free(session->kaggle);
	editor_close(session->editor);
	history_free(session->history);
	connect_close_catalog(session);
	iam_free(session->iam);
	tunnel_close(session->tunnel);
	worker_free(session->aws);
	mem_free(session->aws_profile);
	mem_free(session->aws_region);
	mailbox_free(session->s3_news);
	mailbox_free(session->catalog_news);
	mem_free(session->catalog_trouble);
	db_close(session->db);
	session_send_clear(session);
	explain_done(&session->explain);
	lost_forget(session);
	map_free(session->prepared);
	map_free(session->dashboards);
	if (session->out != session->base)
		output_free(session->out);
	output_free(session->log);
	output_free(session->base);
	dberr_free(session->last_error);
	last_free(session->last);
	dsn_free(session->dsn);
	settings_done(&session->settings);
	vars_free(session->vars);
	mem_free((char *)session->is.prompt1);
	mem_free((char *)session->is.prompt2);
	mem_free((char *)session->is.prompt3);
	mem_free(session->restrict_key);
	say_forget_colours(&session->say);
	mem_free(session);
}

/* ---- what handlers ask for ---- */

struct db *session_db(struct session *session)
{
	return session->db;
}

struct catalog *session_catalog(struct session *session)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct catalog_options options = {
		.file = cmdline_value(session->cmdline, OPTION_CACHE),
		.max_age_ms = session->is.catalog_age_ms > 0
				      ? session->is.catalog_age_ms
				      : DAY_MS,
	};

	if (session->catalog || session->catalog_tried ||
	    (!session->db && !options.file) ||
	    cmdline_has(session->cmdline, OPTION_NO_CACHE))
		return session->catalog;
	session->catalog_tried = true;
	path_xdg(PATH_CACHE, NULL, &folder);
	options.folder = folder.text;
	if (session->db) {
		options.host = db_host(session->db);
		options.port = db_port(session->db);
		options.database = db_name(session->db);
		options.user = db_user(session->db);
		session->catalog_login = connect_aside_new(session);
		options.connect = connect_aside;
		options.context = session->catalog_login;
	}
	session->catalog = catalog_open(&options, &err);
	if (!session->catalog)
		session->catalog_trouble = mem_copy_text(err.message);
	return session->catalog;
}

void session_tell_catalog(struct session *session)
{
	struct catalog *catalog = session->catalog;

	if (session->catalog_trouble)
		session_warn(session,
			     "no cache of names for Tab: %s (--no-cache goes"
			     " without it)",
			     session->catalog_trouble);
	else if (catalog && catalog_trouble(catalog) && !session->catalog_told)
		session_warn(session,
			     "names for Tab are kept for this session only:"
			     " %s",
			     catalog_trouble(catalog));
	mem_free(session->catalog_trouble);
	session->catalog_trouble = NULL;
	session->catalog_told = catalog && catalog_trouble(catalog);
}

const char *session_var(const struct session *session, const char *name)
{
	return vars_get(session->vars, name);
}

void session_set_var(struct session *session, const char *name,
		     const char *value)
{
	vars_set(session->vars, name, value, NULL);
}

const char *session_lookup(void *context, const char *name)
{
	struct session *session = context;

	if (session->cond && !session->evaluating &&
	    !cond_active(session->cond))
		return NULL;
	return vars_get(session->vars, name);
}

void session_add_shown(const struct session *session, const char *text,
		       struct str *out)
{
	if (session->styled && output_is_stdout(session->out))
		screen_add(out, text, strlen(text));
	else
		str_add(out, text);
}

bool session_may_quote(void *context, const char *value)
{
	struct session *session = context;
	const char *fault;

	if (!session->db || strcmp(db_encoding(session->db), "UTF8") != 0)
		return true;
	fault = quote_fault(value, strlen(value));
	if (fault)
		say_info(&session->say, "%s", fault);
	return !fault;
}

bool session_print_rows(struct session *session, struct rows *rows,
			const char *footer, struct err *err)
{
	bool ok;

	if (session->job) {
		rows_free(rows);
		return job_refuse_table(err);
	}
	session->settings.print.narrows = session->styled;
	ok = draw_rows(session, rows, footer, err);
	session->settings.print.narrows = false;
	rows_free(rows);
	return ok && session_settle(session);
}

bool session_print_expanded(struct session *session, struct rows *rows,
			    const char *footer, bool expanded, struct err *err)
{
	enum print_expanded before = session->settings.print.expanded;
	bool ok;

	session->settings.print.expanded =
		expanded ? PRINT_EXPANDED_ON : PRINT_EXPANDED_OFF;
	ok = session_print_rows(session, rows, footer, err);
	session->settings.print.expanded = before;
	return ok;
}

struct output *session_output(struct session *session)
{
	return session->temporary ? session->temporary : session->out;
}

struct output *session_open_output(struct session *session, const char *target,
				   struct err *err)
{
	if (*target == '|')
		session_flush(session);
	return output_open(target, err);
}

bool session_may_read_stdin(const struct session *session, struct err *err)
{
	if (session->job) {
		err_set(err, ERR_USAGE,
			"standard input is not for what runs behind the "
			"prompt");
		return err_hint(err, "name a file, or leave the & out");
	}
	if (session->stdin_scripts == 0)
		return true;
	err_set(err, ERR_USAGE,
		"standard input is where the commands come "
		"from");
	return err_hint(err, "name a file, or give the command with -c");
}

struct sink *session_out(struct session *session)
{
	if (session->job)
		return job_out(session->job);
	session_progress(session, "");
	return output_sink(session_output(session));
}

bool session_out_is_screen(struct session *session)
{
	return session->styled && output_is_stdout(session_output(session));
}

void session_print(struct session *session, const char *text)
{
	sink_text(output_sink(session_output(session)), text, NULL);
}

void session_printf(struct session *session, const char *fmt, ...)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	session_print(session, text.text);
}

void session_put(struct session *session, const char *text)
{
	session_progress(session, "");
	sink_text(output_sink(session->base), text, NULL);
	if (!session->notty)
		output_flush(session->base, NULL);
}

void session_mask(const struct session *session, const char *sql, size_t len,
		  struct str *out)
{
	if (session->db && !db_is_redshift(session->db))
		mask_keys(out, sql, len);
	else
		mask_secrets(out, sql, len);
}

void session_put_masked(struct session *session, const char *sql, size_t len)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	session_mask(session, sql, len, &text);
	session_put(session, text.text);
}

/* ---- flushing ---- */

void say_incomplete(struct session *session, const struct err *err)
{
	say_error(&session->say, "%s; the output is incomplete", err->message);
	if (strcmp(err->code, "EPIPE") != 0)
		session->incomplete = true;
}

static bool flush_one(struct session *session, struct output *output)
{
	struct err err = ERR_EMPTY;

	if (output_flush(output, &err))
		return true;
	if (output_is_stdout(output) && strcmp(err.code, "EPIPE") == 0)
		signals_die_of_pipe();
	say_incomplete(session, &err);
	return false;
}

bool session_flush(struct session *session)
{
	bool ok = flush_one(session, session->base);

	if (session->out != session->base)
		ok = flush_one(session, session->out) && ok;
	return ok;
}

bool session_is_complete(const struct session *session)
{
	return !session->incomplete;
}

bool session_settle(struct session *session)
{
	if (session->out == session->base && session->notty &&
	    !output_failed(session->base))
		return true;
	return session_flush(session);
}

void session_sync(struct session *session)
{
	int now = session->db ? db_encoding_id(session->db) : -1;

	if (now < 0 || now == session->encoding)
		return;
	session->encoding = now;
	vars_set(session->vars, "ENCODING", db_encoding(session->db), NULL);
}

/* ---- statements ---- */

const char *session_query_buffer(const struct session *session)
{
	return mainloop_text(session->loop);
}

const char *session_last_query(const struct session *session)
{
	return mainloop_previous(session->loop);
}

bool session_run_sql(struct session *session, const char *sql, struct err *err)
{
	if (run_statement(session, sql))
		return true;
	err_set(err, ERR_SERVER, "%s", "");
	return err_set_code(err, vars_get(session->vars, "SQLSTATE"));
}

bool session_hidden_sql(struct session *session, const char *sql,
			struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (session->is.echo_hidden == HIDDEN_OFF)
		return true;
	str_add(&text, "********* QUERY **********\n");
	session_mask(session, sql, strlen(sql), &text);
	str_add(&text, "\n**************************\n\n");
	session_put(session, text.text);
	if (session->log)
		sink_text(output_sink(session->log), text.text, NULL);
	if (session->is.echo_hidden == HIDDEN_ON)
		return true;
	return err_set(err, ERR_USAGE, "%s", "");
}

struct rows *session_query(struct session *session, const char *sql,
			   struct err *err)
{
	struct rows *rows;

	if (!session_hidden_sql(session, sql, err))
		return NULL;
	rows = run_query_quietly(session, sql);
	if (!rows)
		err_set(err, ERR_SERVER, "%s", "");
	return rows;
}

void session_send_clear(struct session *session)
{
	struct send *send = &session->send;

	for (size_t i = 0; i < send->value_count; i++)
		mem_free(send->values[i]);
	mem_free(send->values);
	mem_free(send->name);
	mem_free(send->target);
	mem_free(send->prefix);
	for (size_t i = 0; i < COUNT_OF(send->crosstab); i++)
		mem_free(send->crosstab[i]);
	picture_free(send->picture);
	if (send->saved) {
		settings_done(&session->settings);
		session->settings = *send->saved;
		mem_free(send->saved);
	}
	*send = (struct send){ 0 };
}

/* ---- commands ---- */

enum { BACKTICK_BYTES = 16 << 20 };

static bool backtick(void *context, const char *line, struct str *out)
{
	struct session *session = context;
	struct err err = ERR_EMPTY;

	session_flush(session);
	if (!proc_capture(line, BACKTICK_BYTES, out, NULL, &err)) {
		say_err(&session->say, &err);
		return false;
	}
	if (out->len > 0 && out->text[out->len - 1] == '\n')
		str_cut(out, out->len - 1);
	return true;
}

static void complain(void *context, const char *text)
{
	struct session *session = context;

	say_error(&session->say, "%s", text);
}

static bool check_needs(struct session *session, const struct command *command,
			struct err *err)
{
	if ((command->needs & NEEDS_DB) && !session->db) {
		err_set(err, ERR_USAGE,
			"You are currently not connected to a database.");
		return err_hint(err, "connect with \\c");
	}
	if ((command->needs & NEEDS_AWS) && !session_aws_ready(session, err))
		return false;
	return true;
}

static bool is_shut_out(const struct session *session, const char *name)
{
	return session->restrict_key && strcmp(name, "unrestrict") != 0;
}

static void consider_command(void *context, const struct command *command)
{
	struct similar *similar = context;

	if (command->brief)
		similar_consider(similar, command->name);
}

static void hint_command(struct session *session, const char *name)
{
	struct similar similar = { .wanted = name };

	if (!session->as_psql)
		command_each(session->tables, consider_command, &similar);
	if (similar.name)
		say_hint(&session->say, "Did you mean \\%s? Try \\? for help.",
			 similar.name);
	else
		say_hint(&session->say, "Try \\? for help.");
}

static bool refuse_command(struct session *session, const char *name)
{
	if (is_shut_out(session, name)) {
		say_error(&session->say, "backslash commands are restricted; "
					 "only \\unrestrict is allowed");
		return false;
	}
	say_error(&session->say, "invalid command \\%s", name);
	if (session->interactive)
		hint_command(session, name);
	return false;
}

static bool is_active(const struct session *session)
{
	return !session->cond || cond_active(session->cond);
}

static void tell_open(struct session *session, bool ok, const struct args *args)
{
	if (ok && args_extra_is_open(args))
		say_error(&session->say, "unterminated quoted string");
}

/* text: the whole command, from its name on. */
static bool run_behind(struct session *session, const struct command *command,
		       struct args **args, const char *text, size_t len,
		       struct err *err)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	if (!command->behind) {
		err_set(err, ERR_USAGE, "\\%s cannot run behind the prompt",
			command->name);
		return err_hint(err, "leave the & out, or put it in quotes");
	}
	str_add_char(&shown, '\\');
	session_mask(session, text, len, &shown);
	/* What was read ends in the "&", and perhaps in "\\\\". */
	while (shown.len > 0 &&
	       strchr(" \t\r\n\f\\&", shown.text[shown.len - 1]))
		str_cut(&shown, shown.len - 1);
	return jobs_start(session, command, args, shown.text, err);
}

static void tell_extras(struct session *session, const struct args *args)
{
	for (size_t i = 0; args_extra(args, i); i++)
		say_warning(&session->say,
			    "\\%s: extra argument \"%s\" ignored",
			    args_command(args), args_extra(args, i));
}

/* May take *args over. text: as typed, len bytes of it are this command. */
static bool run_command(struct session *session, const struct command *command,
			struct args **args, const char *text, size_t len)
{
	struct err err = ERR_EMPTY;
	bool behind = args_is_behind(*args);
	bool ok;

	if (behind)
		tell_extras(session, *args);
	ok = check_needs(session, command, &err);
	if (ok && behind)
		ok = run_behind(session, command, args, text, len, &err);
	else if (ok)
		ok = command->run(session, *args, &err);
	session_progress(session, "");
	if (!ok)
		say_err(&session->say, &err);
	/* Not so when the branch has just ended. */
	if (ok && !behind && is_active(session))
		tell_extras(session, *args);
	if (*args)
		tell_open(session, ok, *args);
	return session_settle(session) && ok;
}

/* Skipped by an \if: read, not run. */
static void skip_command(struct session *session, const char *name)
{
	if (session->interactive)
		say_warning(&session->say,
			    "\\%s command ignored; use \\endif or Ctrl-C to "
			    "exit current \\if block",
			    name);
}

bool session_command(struct session *session, const char *text,
		     size_t *out_used)
{
	size_t len = strcspn(text, " \t\r\n\f\\");
	CLEANUP(mem_freep) char *name = mem_copy_slice(text, len);
	CLEANUP(args_freep) struct args *args = args_new();
	const struct command *command = command_find(session->tables, name);
	bool active = is_active(session);
	struct args_world world = {
		.context = session,
		.variable = session_lookup,
		.backtick = backtick,
		.complain = complain,
		.may_quote = session_may_quote,
		.e_strings = session->db && db_takes_e_strings(session->db),
		.active = active,
	};
	struct err err = ERR_EMPTY;
	bool ok;

	/* An \elif after branches that were false looks at its words. */
	if (strcmp(name, "elif") == 0 && session->cond) {
		world.active = session->evaluating =
			cond_wants_value(session->cond);
		if (!cond_takes_elif(session->cond))
			world.complain = NULL;
	}
	if (!command || is_shut_out(session, name)) {
		*out_used = strlen(text);
		session->evaluating = false;
		return refuse_command(session, name);
	}
	ok = args_parse(args, command, name, text + len, &world, out_used,
			&err);
	*out_used += len;
	session->evaluating = false;
	if (!ok) {
		say_err(&session->say, &err);
		return false;
	}
	if (!active && !command->in_false_branch) {
		tell_open(session, true, args);
		skip_command(session, name);
		return true;
	}
	ok = run_command(session, command, &args, text, *out_used);
	/* Nothing else on the line of a command that failed is looked at. */
	if (!ok)
		*out_used = strlen(text);
	return ok;
}

/* ---- the screen ---- */

static struct winsize screen(void)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		size = (struct winsize){ 0 };
	return size;
}

int session_screen_columns(void)
{
	const char *columns = getenv("COLUMNS");

	if (columns && strtol(columns, NULL, 10) > 0)
		return (int)strtol(columns, NULL, 10);
	return screen().ws_col;
}

int session_screen_lines(void)
{
	return screen().ws_row;
}

void session_note_dashboard(struct session *session, const char *name)
{
	if (!session->dashboards)
		session->dashboards = map_new(NULL);
	map_put(session->dashboards, name, session);
}
