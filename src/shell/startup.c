#include "shell/startup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cancel.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "db/conn.h"
#include "edit/editor.h"
#include "shell/candidates.h"
#include "shell/cmdline.h"
#include "shell/connect.h"
#include "shell/entry.h"
#include "shell/input.h"
#include "shell/jobs.h"
#include "shell/mainloop.h"
#include "shell/output.h"
#include "shell/record.h"
#include "shell/run.h"
#include "shell/saved.h"
#include "shell/session_state.h"
#include "shell/style.h"
#include "shell/suggest.h"
#include "shell/var.h"
#include "shell/warehouses.h"

/* ---- options that set something ---- */

static bool set_format(struct session *session, const char *name)
{
	return settings_set(&session->settings, "format", name, NULL, NULL);
}

static bool set_pset(struct session *session, const char *text)
{
	CLEANUP(mem_freep) char *name = mem_copy_text(text);
	char *value = strchr(name, '=');
	struct err err = ERR_EMPTY;

	if (value)
		*value++ = '\0';
	if (settings_set(&session->settings, name, value, NULL, &err))
		return true;
	say_err(&session->say, &err);
	say_error(&session->say, "could not set printing parameter \"%s\"",
		  name);
	return false;
}

static bool set_variable(struct session *session, const char *text)
{
	CLEANUP(mem_freep) char *name = mem_copy_text(text);
	char *value = strchr(name, '=');
	struct err err = ERR_EMPTY;

	if (value)
		*value++ = '\0';
	if (vars_set(session->vars, name, value, &err))
		return true;
	say_err(&session->say, &err);
	return false;
}

static bool open_log(struct session *session, const char *path)
{
	struct err err = ERR_EMPTY;

	output_free(session->log);
	session->log = output_open(path, &err);
	if (session->log)
		return true;
	say_error(&session->say, "could not open log file \"%s\": %s", path,
		  strerror(errno));
	return false;
}

static bool open_output(struct session *session, const char *target)
{
	struct err err = ERR_EMPTY;
	struct output *output = output_open(target, &err);

	if (!output) {
		say_err(&session->say, &err);
		return false;
	}
	if (session->out != session->base)
		output_free(session->out);
	session->out = output;
	return true;
}

static bool open_debug_log(struct session *session, const char *path)
{
	struct err err = ERR_EMPTY;

	if (log_open(path, &err))
		return true;
	say_err(&session->say, &err);
	return false;
}

static bool set_setting(struct session *session, const char *name,
			const char *value)
{
	return settings_set(&session->settings, name, value, NULL, NULL);
}

static bool set_var(struct session *session, const char *name,
		    const char *value)
{
	return vars_set(session->vars, name, value, NULL);
}

/* One option; what the connection and the work use stays for later. */
static bool apply(struct session *session, const struct cmdline_step *step)
{
	switch (step->row->id) {
	case OPTION_VARIABLE:
		return set_variable(session, step->value);
	case OPTION_ECHO_ALL:
		return set_var(session, "ECHO", "all");
	case OPTION_ECHO_ERRORS:
		return set_var(session, "ECHO", "errors");
	case OPTION_ECHO_QUERIES:
		return set_var(session, "ECHO", "queries");
	case OPTION_ECHO_HIDDEN:
		return set_var(session, "ECHO_HIDDEN", "on");
	case OPTION_LOG_FILE:
		return open_log(session, step->value);
	case OPTION_OUTPUT:
		return open_output(session, step->value);
	case OPTION_QUIET:
		return set_var(session, "QUIET", "on");
	case OPTION_STEP:
		return set_var(session, "SINGLESTEP", "on");
	case OPTION_LINE:
		return set_var(session, "SINGLELINE", "on");
	case OPTION_UNALIGNED:
		return set_format(session, "unaligned");
	case OPTION_CSV:
		return set_format(session, "csv");
	case OPTION_JSON:
		return set_format(session, "json");
	case OPTION_MARKDOWN:
		return set_format(session, "markdown");
	case OPTION_HTML:
		return set_format(session, "html");
	case OPTION_FIELD_SEP:
		return set_setting(session, "fieldsep", step->value);
	case OPTION_RECORD_SEP:
		return set_setting(session, "recordsep", step->value);
	case OPTION_FIELD_ZERO:
		return set_setting(session, "fieldsep_zero", NULL);
	case OPTION_RECORD_ZERO:
		return set_setting(session, "recordsep_zero", NULL);
	case OPTION_TUPLES:
		return set_setting(session, "tuples_only", "on");
	case OPTION_EXPANDED:
		return set_setting(session, "expanded", "on");
	case OPTION_TABLE_ATTR:
		return set_setting(session, "tableattr", step->value);
	case OPTION_PSET:
		return set_pset(session, step->value);
	case OPTION_DEBUG_LOG:
		return open_debug_log(session, step->value);
	default:
		return true;
	}
}

static bool apply_options(struct session *session)
{
	const struct cmdline *cmdline = session->cmdline;

	for (size_t i = 0; i < cmdline->steps.count; i++)
		if (!apply(session, &cmdline->steps.items[i]))
			return false;
	for (size_t i = 0; i < cmdline->extra.count && !session->is.quiet; i++)
		say_warning(&session->say,
			    "extra command-line argument \"%s\" ignored",
			    cmdline->extra.items[i]);
	return true;
}

/* ---- does anything need the database? ---- */

static bool step_is_work(const struct cmdline_step *step)
{
	return step->row->id == OPTION_COMMAND || step->row->id == OPTION_FILE;
}

static bool has_work(const struct cmdline *cmdline)
{
	for (size_t i = 0; i < cmdline->steps.count; i++)
		if (step_is_work(&cmdline->steps.items[i]))
			return true;
	return false;
}

/* The row of -c '\command'; NULL: something else. */
static const struct command *step_command(const struct session *session,
					  const struct cmdline_step *step)
{
	const char *text = step->value;

	if (step->row->id == OPTION_FILE || text[0] != '\\')
		return NULL;
	CLEANUP(mem_freep)
	char *name = mem_copy_slice(text + 1, strcspn(text + 1, " \t\\"));

	return command_find(session->tables, name);
}

/* Beside a command that needs no database \echo needs none either; alone it
 * connects, as all of psql does. */
static bool step_only_echoes(const struct session *session,
			     const struct cmdline_step *step)
{
	const struct command *command = step_command(session, step);

	return command != NULL && strcmp(command->name, "echo") == 0 &&
	       strchr(step->value + 1, '\\') == NULL;
}

/* -c '\command' whose row needs no database; what may stand behind it on the
 * line could, so only a lone command counts. */
static bool step_needs_db(const struct session *session,
			  const struct cmdline_step *step)
{
	const char *text = step->value;
	const struct command *command = step_command(session, step);

	return !command || (command->needs & NEEDS_DB) ||
	       ((command->needs & NEEDS_DB_BUT_PRINT) &&
		!strstr(text, "--print")) ||
	       ((command->needs & NEEDS_DB_TO_PUBLISH) &&
		strstr(text, " publish")) ||
	       command->group == GROUP_CONNECTION || strstr(text, " --save") ||
	       command->group == GROUP_BUFFER || command->group == GROUP_IO;
}

static bool needs_connection(const struct session *session)
{
	const struct cmdline *cmdline = session->cmdline;
	bool only_echoes = true;

	if (cmdline_has(cmdline, OPTION_OFFLINE))
		return false;
	/* psql connects for anything. */
	if (!has_work(cmdline) || session->as_psql ||
	    cmdline_has(cmdline, OPTION_SINGLE))
		return true;
	for (size_t i = 0; i < cmdline->steps.count; i++) {
		const struct cmdline_step *step = &cmdline->steps.items[i];

		if (!step_is_work(step) || step_only_echoes(session, step))
			continue;
		if (step_needs_db(session, step))
			return true;
		only_echoes = false;
	}
	return only_echoes;
}

/* A sandbox and a saved connection say more than how to connect: the AWS
 * services that answer, where files are staged. */
static bool names_place(const struct cmdline *cmdline)
{
	return !cmdline_has(cmdline, OPTION_OFFLINE) &&
	       (cmdline_has(cmdline, OPTION_SANDBOX) ||
		saved_is_name(cmdline->dbname));
}

/* ---- the start-up file ---- */

static void read_rc(struct session *session)
{
	CLEANUP(str_done) struct str first = STR_EMPTY;
	CLEANUP(str_done) struct str second = STR_EMPTY;
	CLEANUP(str_done) struct str system = STR_EMPTY;
	const char *folder = getenv("PGSYSCONFDIR");
	const char *named = getenv("REDSHRC");

	if (cmdline_has(session->cmdline, OPTION_NO_RC))
		return;
	path_join(folder ? folder : SYSCONFDIR, "redshrc", &system);
	if (file_exists(system.text))
		mainloop_run_file(session, system.text, false);
	if (!named)
		named = getenv("PSQLRC");
	if (named) {
		if (file_exists(named))
			mainloop_run_file(session, named, false);
		return;
	}
	path_xdg(PATH_CONFIG, "redshrc", &first);
	path_home(&second);
	str_add(&second, "/.redshrc");
	if (file_exists(first.text))
		mainloop_run_file(session, first.text, false);
	if (file_exists(second.text))
		mainloop_run_file(session, second.text, false);
}

/* ---- -c, -f, -l ---- */

static int run_step(struct session *session, const struct cmdline_step *step)
{
	const char *text = step->value;

	if (step->row->id == OPTION_FILE) {
		int code = (int)mainloop_run_file(session, text, false);

		session->say.terse = true;
		return code;
	}
	session->say.terse = true;
	if (session->is.echo == ECHO_ALL) {
		session_put_masked(session, text, strlen(text));
		session_put(session, "\n");
	}
	if (text[0] == '\\')
		return mainloop_run_command(session, text + 1)
			       ? MAINLOOP_DONE
			       : MAINLOOP_FAILED;
	return run_statement(session, text) ? MAINLOOP_DONE : MAINLOOP_FAILED;
}

static int run_steps(struct session *session)
{
	const struct cmdline *cmdline = session->cmdline;
	bool single = cmdline_has(cmdline, OPTION_SINGLE);
	int code = MAINLOOP_DONE;

	if (single && !run_quietly(session, "BEGIN") &&
	    session->is.on_error_stop)
		return MAINLOOP_STOPPED;
	for (size_t i = 0; i < cmdline->steps.count; i++) {
		if (!step_is_work(&cmdline->steps.items[i]))
			continue;
		code = run_step(session, &cmdline->steps.items[i]);
		if (session->quit_lost && !session->connect_failed)
			return MAINLOOP_LOST;
		if (code != MAINLOOP_DONE && session->is.on_error_stop)
			break;
	}
	if (single && session->db &&
	    !run_quietly(session,
			 code == MAINLOOP_DONE ? "COMMIT" : "ROLLBACK") &&
	    session->is.on_error_stop)
		code = MAINLOOP_STOPPED;
	return code;
}

/* ---- a person ---- */

/* In one piece: each write wakes the terminal's program. */
static void show_banner(struct session *session)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct db *db = session->db;
	const char *protocol;

	if (session->is.quiet || session->notty)
		return;
	str_add(&text, "redsh (" VERSION ")\n");
	if (db) {
		protocol = db_tls_attribute(db, "protocol");
		str_addf(&text,
			 "Connected to database \"%s\" as user \"%s\"%s%s"
			 "%s.\n",
			 db_name(db), db_user(db), protocol ? " (" : "",
			 protocol ? protocol : "", protocol ? ")" : "");
	} else {
		str_add(&text, "Not connected: \\c connects; commands that "
			       "need no database work.\n");
	}
	str_add(&text, "Type \"help\" for help.\n\n");
	session_put(session, text.text);
}

static void open_editor(struct session *session)
{
	struct editor_options options = { 0 };
	struct err err = ERR_EMPTY;

	if (session->notty || cmdline_has(session->cmdline, OPTION_NO_READLINE))
		return;
	options.history = record_history(session);
	entry_options(session, &options);
	session->editor = editor_open(&options, &err);
	if (!session->editor)
		say_err(&session->say, &err);
}

static int talk(struct session *session)
{
	CLEANUP(input_closep) struct input *input = input_stdin();
	int code;

	session->timing = session->styled;
	session->say.terse = true;
	read_rc(session);
	session->say.terse = true;
	show_banner(session);
	open_editor(session);
	if (session->editor)
		record_offer_import(session);
	jobs_watch(session);
	/* Names are read behind the first prompt, not at the first Tab. */
	if (session->editor)
		suggest_start_catalog(session);
	code = (int)mainloop_run(session, input);
	/* Who leaves has been asked. */
	if (!session->notty && jobs_cancel(session, 0, NULL))
		jobs_wait(session, 0, NULL);
	return code;
}

/* ---- all of it ---- */

static int list_databases(struct session *session)
{
	read_rc(session);
	return mainloop_run_command(session, "l") ? MAINLOOP_DONE
						  : MAINLOOP_FAILED;
}

static int list_warehouses(struct session *session)
{
	struct err err = ERR_EMPTY;

	if (warehouses_show(session,
			    cmdline_value(session->cmdline, OPTION_WAREHOUSES),
			    &err))
		return MAINLOOP_DONE;
	say_err(&session->say, &err);
	return MAINLOOP_FAILED;
}

int startup_run(struct session *session)
{
	const struct cmdline *cmdline = session->cmdline;
	bool list = cmdline_has(cmdline, OPTION_LIST);
	bool work = has_work(cmdline);

	style_begin(session);
	record_begin_session(session);
	if (!apply_options(session))
		return MAINLOOP_FAILED;
	if (cmdline_has(cmdline, OPTION_COMPLETE))
		return candidates_run(session);
	if (cmdline_has(cmdline, OPTION_WAREHOUSES))
		return list_warehouses(session);
	session->is_offline = cmdline_has(cmdline, OPTION_OFFLINE);
	if (!needs_connection(session)) {
		if (names_place(cmdline) && !connect_prepare(session))
			return MAINLOOP_LOST;
	} else if (!connect_first(session)) {
		/* A person can put it right at the prompt. */
		if (work || list || session->notty)
			return MAINLOOP_LOST;
		session->say.terse = true;
	}
	if (list)
		return list_databases(session);
	if (!work)
		return talk(session);
	read_rc(session);
	return run_steps(session);
}
