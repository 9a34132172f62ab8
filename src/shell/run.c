#include "shell/run.h"

#include <string.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/str.h"
#include "catalog/catalog.h"
#include "data/rows_mem.h"
#include "db/conn.h"
#include "db/exec.h"
#include "db/types.h"
#include "shell/batch.h"
#include "shell/connect.h"
#include "shell/copy.h"
#include "shell/crosstab.h"
#include "shell/draw.h"
#include "shell/explain.h"
#include "shell/input.h"
#include "shell/load_progress.h"
#include "shell/lost.h"
#include "shell/outcome.h"
#include "shell/output.h"
#include "shell/pipeline.h"
#include "shell/production.h"
#include "shell/record.h"
#include "shell/request.h"
#include "shell/savepoint.h"
#include "shell/session_state.h"
#include "shell/suggest.h"
#include "shell/var.h"
#include "sql/classify.h"

/* ---- errors and variables ---- */

/* The server quotes the statement (LINE 1: ...), keys and all. */
static void mask_lines(const struct session *session, const char *text,
		       struct str *out)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		session_mask(session, text, len, out);
		text += len;
		if (*text) {
			str_add_char(out, '\n');
			text++;
		}
	}
}

void run_error_text(const struct session *session, const struct dberr *error,
		    enum dberr_verbosity verbosity, enum dberr_context context,
		    struct str *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	dberr_format(error, verbosity, context, &text);
	mask_lines(session, text.text, out);
}

void run_show_error(struct session *session, const struct dberr *error)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	run_error_text(session, error, session->is.verbosity,
		       session->is.show_context, &text);
	say_info(&session->say, "%s", text.text);
}

void run_check_connection(struct session *session)
{
	if (!session->db || db_is_alive(session->db))
		return;
	if (!session->interactive) {
		if (!session->quit_lost)
			say_error(&session->say,
				  "connection to server was lost");
		connect_forget(session);
		session->quit_lost = true;
		return;
	}
	say_raw(&session->say, "The connection to the server was lost. "
			       "Attempting reset: ");
	if (connect_again(session)) {
		say_raw(&session->say, "Succeeded.\n");
		lost_tell(session);
		return;
	}
	say_raw(&session->say, "Failed.\n");
	connect_forget(session);
	say_info(&session->say, "You are offline now; connect with \\c.");
}

/* ---- around the request ---- */

static void add_time(int64_t us, struct str *out)
{
	double ms = (double)us / 1000;
	int64_t seconds = us / 1000000;
	double second = (double)(us % 60000000) / 1000000;
	int minutes = (int)(seconds / 60 % 60);
	int hours = (int)(seconds / 3600 % 24);

	str_addf(out, "Time: %.3f ms", ms);
	if (seconds < 1)
		str_add(out, "\n");
	else if (seconds < 3600)
		str_addf(out, " (%02d:%06.3f)\n", minutes, second);
	else if (seconds < 86400)
		str_addf(out, " (%02d:%02d:%06.3f)\n", hours, minutes, second);
	else
		str_addf(out, " (%d d %02d:%02d:%06.3f)\n",
			 (int)(seconds / 86400), hours, minutes, second);
}

/* Single-step: false: the person said x. */
static bool confirm_step(struct session *session, const char *sql)
{
	CLEANUP(str_done) struct str answer = STR_EMPTY;

	session_put(session, "***(Single step mode: verify command)"
			     "*******************************************\n");
	session_put_masked(session, sql, strlen(sql));
	session_put(session, "\n***(press return to proceed or enter x and "
			     "return to cancel)********************\n");
	session_flush(session);
	if (!session_read_answer(session, &answer))
		return true;
	return answer.text[0] != 'x' && !cancel_raised();
}

static void write_log(struct session *session, const char *sql)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	str_add(&text, "********* QUERY **********\n");
	session_mask(session, sql, strlen(sql), &text);
	str_add(&text, "\n**************************\n\n");
	sink_text(output_sink(session->log), text.text, NULL);
	if (output_flush(session->log, &err))
		return;
	say_incomplete(session, &err);
	output_free(session->log);
	session->log = NULL;
}

/* AUTOCOMMIT off: a block is begun for what may stand in one. */
static bool begin_block(struct session *session, const struct statement *what)
{
	if (session->is.autocommit || db_transaction(session->db) != DB_IDLE)
		return true;
	if (what->kind == STATEMENT_BEGIN || what->kind == STATEMENT_COMMIT ||
	    what->kind == STATEMENT_ROLLBACK || what->block == BLOCK_REFUSED)
		return true;
	return run_quietly(session, "BEGIN");
}

static bool before(struct session *session, const char *sql,
		   const struct statement *what)
{
	if (!session->db) {
		say_error(&session->say,
			  "You are currently not connected to a database.");
		if (session->say.hints)
			say_info(&session->say, "HINT:  connect with \\c");
		return false;
	}
	if (session->watching)
		return begin_block(session, what);
	if (session->is.singlestep) {
		if (!confirm_step(session, sql))
			return false;
	} else if (session->is.echo == ECHO_QUERIES) {
		session_put_masked(session, sql, strlen(sql));
		session_put(session, "\n");
	}
	if (session->log)
		write_log(session, sql);
	/* Nothing can be asked inside a pipeline. */
	if (pipeline_is_open(session))
		return true;
	return begin_block(session, what) && savepoint_set(session);
}

static void note_catalog(struct session *session, const char *sql, bool ok)
{
	enum catalog_block block = CATALOG_IN_BLOCK;

	session_tell_catalog(session);
	if (!session->catalog || !session->db)
		return;
	if (db_transaction(session->db) == DB_IDLE)
		block = CATALOG_IDLE;
	else if (db_transaction(session->db) == DB_IN_FAILED_BLOCK)
		block = CATALOG_IN_FAILED_BLOCK;
	if (session->catalog_changed && block == CATALOG_IDLE)
		catalog_note_changed(session->catalog);
	session->catalog_changed = session->catalog_changed &&
				   block != CATALOG_IDLE;
	catalog_note_statement(session->catalog, sql, strlen(sql), ok, block);
}

static void show_failed_statement(struct session *session, const char *sql)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	if (session->is.echo != ECHO_ERRORS || session->watching ||
	    session->quit_lost)
		return;
	session_mask(session, sql, strlen(sql), &shown);
	say_info(&session->say, "STATEMENT:  %s", shown.text);
}

static void show_notifications(struct session *session)
{
	struct db_notification told;

	while (session->db && db_next_notification(session->db, &told)) {
		CLEANUP(str_done) struct str line = STR_EMPTY;
		CLEANUP(str_done) struct str shown = STR_EMPTY;

		str_addf(&line, "Asynchronous notification \"%s\" ",
			 told.channel);
		if (*told.payload)
			str_addf(&line, "with payload \"%s\" ", told.payload);
		str_addf(&line, "received from server process with PID %d.\n",
			 told.pid);
		session_add_shown(session, line.text, &shown);
		sink_text(output_sink(session->out), shown.text, NULL);
	}
}

/* No second statement behind a semicolon (or it looks so: quotes are not
 * told apart). */
static bool is_alone(const char *sql)
{
	const char *end = strchr(sql, ';');

	return !end || !end[1 + strspn(end + 1, "; \t\r\n")];
}

/* Only the catalog's thread asks for more than the first words. */
static struct statement what_is(const struct session *session, const char *sql)
{
	if (session->catalog)
		return classify(sql, strlen(sql), true);
	return classify_opening(sql, strlen(sql), true);
}

/* How many rows are printed at a time; 0: all. */
static int64_t rows_at_once(const struct session *session, const char *sql)
{
	enum send_use use = session->send.use;

	if (session->is.fetch_count <= 0 || use == SEND_GEXEC ||
	    use == SEND_CROSSTAB || use == SEND_GDESC ||
	    use == SEND_CHART || use == SEND_TAKE || !batch_wanted(sql))
		return 0;
	return session->is.fetch_count;
}

/* The time a person spends in the pager is not the query's. */
static int64_t end_us(const struct session *session)
{
	return session->rows_end_us > 0 ? session->rows_end_us
					: clock_monotonic_us();
}

/* Into the pipeline that is open: what became of it is told later. */
static bool queue(struct session *session, const char *sql,
		  const struct statement *what)
{
	struct err err = ERR_EMPTY;
	bool ok = pipeline_add(session, sql, &err);

	if (!ok)
		say_err(&session->say, &err);
	for (int left = ok ? 0 : copy_count_inputs(session, sql); left > 0;
	     left--)
		copy_skip_lines(session);
	if (what->kind == STATEMENT_DDL)
		session->catalog_changed = true;
	session_send_clear(session);
	return session_settle(session) && ok;
}

/* What the session knows of a statement that is about to be sent. */
static void expect(struct session *session, const char *sql,
		   const struct statement *what)
{
	session->expects_tag = what->kind == STATEMENT_CHANGE ||
			       what->kind == STATEMENT_DDL ||
			       what->kind == STATEMENT_SETTING;
	session->lone_query = what->kind == STATEMENT_QUERY && is_alone(sql) &&
			      db_transaction(session->db) == DB_IDLE;
	session->block_told = session->block_told &&
			      db_transaction(session->db) != DB_IDLE;
	session->rows_end_us = 0;
	session->batch_rows = rows_at_once(session, sql);
	session->inputs_due = session->send.use == SEND_GDESC
				      ? 0
				      : copy_count_inputs(session, sql);
}

/* Sent, and its answer shown. */
static bool ask(struct session *session, const char *sql,
		const struct statement *what)
{
	bool ok;

	if (session->send.use == SEND_GDESC)
		ok = request_describe(session, sql);
	else {
		load_progress_begin(session, sql, what);
		ok = request_run(session, sql);
		load_progress_end(session);
	}
	session->batch_rows = 0;
	ok = request_close_target(session) && ok;
	if (!ok)
		run_check_connection(session);
	copy_skip_refused(session, session->inputs_due);
	return ok;
}

/* What is told and noted after the answer. */
static void tell_end(struct session *session, const char *sql,
		     const struct statement *what, bool ok, int64_t took_us)
{
	CLEANUP(str_done) struct str timing = STR_EMPTY;

	if (!ok) {
		show_failed_statement(session, sql);
		explain_failure(session, sql, took_us);
	}
	record_statement(session, took_us);
	if (session->timing) {
		add_time(took_us, &timing);
		session_put(session, timing.text);
	}
	note_catalog(session, sql, ok);
	if (ok)
		explain_passed(session, sql);
	if (ok && session->interactive)
		lost_note(session, sql, what);
	if (ok && session->editor)
		suggest_note_used(session, sql);
}

bool run_statement(struct session *session, const char *sql)
{
	struct statement what = what_is(session, sql);
	int outer_due = session->inputs_due; /* \gexec runs from a request */
	int64_t start_us;
	bool ok =
		production_allows(session, sql) && before(session, sql, &what);

	if (!ok) {
		if (session->interactive)
			copy_skip_refused(session,
					  copy_count_inputs(session, sql));
		session_send_clear(session);
		return false;
	}
	if (pipeline_is_open(session))
		return queue(session, sql, &what);
	expect(session, sql, &what);
	start_us = clock_monotonic_us();
	ok = ask(session, sql, &what);
	session->inputs_due = outer_due;
	tell_end(session, sql, &what, ok, end_us(session) - start_us);
	ok = savepoint_settle(session) && ok;
	session_send_clear(session);
	show_notifications(session);
	session_sync(session);
	ok = session_settle(session) && ok;
	/* that of \copyfrom comes when its transaction has ended */
	if (!ok && session->explain.copyfrom == NULL)
		ok = explain_offer(session);
	return ok;
}

struct rows *run_query_quietly(struct session *session, const char *sql)
{
	CLEANUP(dberr_freep) struct dberr *why = dberr_new();
	struct err err = ERR_EMPTY;
	struct rows *rows = exec_query(session->db, sql, why, &err);

	if (rows)
		return rows;
	if (dberr_is_set(why))
		run_show_error(session, why);
	else
		say_err(&session->say, &err);
	run_check_connection(session);
	return NULL;
}

bool run_quietly(struct session *session, const char *sql)
{
	struct rows *rows = run_query_quietly(session, sql);

	rows_free(rows);
	return rows != NULL;
}
