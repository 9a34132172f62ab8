#include "shell/request.h"

#include <string.h>

#include "base/cancel.h"
#include "base/str.h"
#include "data/rows_mem.h"
#include "db/conn.h"
#include "db/exec.h"
#include "db/types.h"
#include "shell/copy.h"
#include "shell/crosstab.h"
#include "shell/draw.h"
#include "shell/load_progress.h"
#include "shell/outcome.h"
#include "shell/output.h"
#include "shell/picture.h"
#include "shell/pipeline.h"
#include "shell/run.h"
#include "shell/savepoint.h"
#include "shell/session_state.h"
#include "shell/var.h"

/* ---- results ---- */

static bool is_change_tag(const char *tag)
{
	return str_starts(tag, "INSERT") || str_starts(tag, "UPDATE") ||
	       str_starts(tag, "DELETE");
}

static void put_line(struct output *output, const char *text)
{
	struct sink *sink = output_sink(output);

	sink_text(sink, text, NULL);
	sink_write(sink, "\n", 1, NULL);
}

static void put_tag(struct session *session, const char *tag)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;

	CLEANUP(str_done) struct str shown = STR_EMPTY;

	session_add_shown(session, tag, &shown);
	if (strcmp(printer_name(session->settings.print.format), "html") != 0) {
		put_line(session->out, shown.text);
		return;
	}
	str_addf(&line, "<p>%s</p>", shown.text);
	put_line(session->out, line.text);
}

/* Never into \g's file: psql's tags go where \o says. */
static void print_tag(struct session *session, const char *tag)
{
	if (!session->is.quiet && session->send.use != SEND_TAKE)
		put_tag(session, tag);
	if (session->log)
		put_line(session->log, tag);
	outcome_inserted(session);
}

/* \g FILE is opened when there is something for it, as psql does, and closed
 * behind the last result. */
static bool open_target(struct session *session)
{
	struct err err;

	if (!session->send.target || session->temporary)
		return true;
	err_clear(&err);
	session->temporary =
		session_open_output(session, session->send.target, &err);
	if (session->temporary)
		return true;
	say_err(&session->say, &err);
	return false;
}

bool request_close_target(struct session *session)
{
	struct err err;
	bool ok;

	/* \watch closes its pager itself. */
	if (!session->temporary || session->watching)
		return true;
	err_clear(&err);
	/* What a |command prints comes behind the tag. */
	session_flush(session);
	ok = output_close(session->temporary, NULL, &err);
	session->temporary = NULL;
	if (!ok)
		say_incomplete(session, &err);
	return ok;
}

/* error: of the server, amid the rows; it is told by others. */
static bool print_result(struct session *session, struct rows *rows,
			 struct result *result)
{
	struct err err;
	bool ok;

	if (!open_target(session))
		return false;
	err_clear(&err);
	if (session->send.use == SEND_CHART)
		ok = picture_draw(session, session->send.picture, rows, &err);
	else if (session->send.use == SEND_TAKE)
		ok = session->send.take(session->send.take_context, rows, &err);
	else
		ok = draw_rows(session, rows, NULL, &err);
	if (!ok && !(result && result_error(result)))
		say_err(&session->say, &err);
	/* Nobody reads on: a mere query need not run to its end. */
	if (!ok && session->lone_query && output_failed(session->base))
		session_flush(session);
	return ok;
}

static bool print_rows_of(struct session *session, struct result *result)
{
	bool ok = print_result(session, result_rows(result), result);

	if (!result_error(result) && is_change_tag(result_tag(result)))
		print_tag(session, result_tag(result));
	return ok;
}

/* ---- \gset, \gexec, \gdesc ---- */

static bool set_from_row(struct session *session, const struct rows *rows,
			 const struct rows_value *values)
{
	const char *prefix = session->send.prefix;
	bool ok = true;

	for (size_t i = 0; i < rows->column_count; i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		struct err err = ERR_EMPTY;

		str_addf(&name, "%s%s", prefix ? prefix : "",
			 rows->columns[i].name);
		if (vars_is_special(session->vars, name.text)) {
			say_warning(&session->say,
				    "attempt to \\gset into specially treated "
				    "variable \"%s\" ignored",
				    name.text);
			continue;
		}
		if (vars_set(session->vars, name.text, values[i].text, &err))
			continue;
		say_err(&session->say, &err);
		return false;
	}
	return ok;
}

static bool gset(struct session *session, struct rows *rows, size_t count)
{
	const struct rows_value *values;

	if (count == 0) {
		say_error(&session->say, "no rows returned for \\gset");
		return false;
	}
	if (count > 1) {
		say_error(&session->say,
			  "more than one row returned for \\gset");
		return false;
	}
	return rows->column_count == 0 ||
	       (rows_next(rows, &values, NULL) == ROWS_ROW &&
		set_from_row(session, rows, values));
}

static bool gexec_one(struct session *session, const char *sql)
{
	if (session->is.echo == ECHO_ALL && !session->is.singlestep) {
		session_put_masked(session, sql, strlen(sql));
		session_put(session, "\n");
	}
	return run_statement(session, sql);
}

static bool gexec(struct session *session, struct rows *rows)
{
	const struct rows_value *values;
	bool ok = true;

	session_send_clear(session);
	while (rows_next(rows, &values, NULL) == ROWS_ROW)
		for (size_t i = 0; i < rows->column_count; i++) {
			if (cancel_raised())
				return false;
			if (values[i].text)
				ok = gexec_one(session, values[i].text) && ok;
			if (!ok && session->is.on_error_stop)
				return false;
		}
	return ok;
}

static bool crosstab(struct session *session, struct rows *rows)
{
	struct err err = ERR_EMPTY;

	if (crosstab_draw(session, rows, session->send.crosstab, &err))
		return true;
	say_err(&session->say, &err);
	return false;
}

/* The rows of a result in memory: \gset and its kin look at the last result
 * of a string only, and send more statements. */
static struct rows *keep(struct result *result, size_t *out_count)
{
	struct rows *rows = result_rows(result);
	struct rows_mem *mem = rows_mem_new(NULL);
	const struct rows_value *values;

	for (size_t i = 0; i < rows->column_count; i++)
		rows_mem_column(mem, rows->columns[i].name,
				rows->columns[i].kind);
	for (*out_count = 0; rows_next(rows, &values, NULL) == ROWS_ROW;
	     ++*out_count)
		for (size_t i = 0; i < rows->column_count; i++) {
			if (values[i].text)
				rows_mem_add_slice(mem, values[i].text,
						   values[i].len);
			else
				rows_mem_add(mem, NULL);
		}
	return rows_mem_rows(mem);
}

/* ---- one request ---- */

struct request {
	struct session *session;
	struct exec *exec;
	struct rows *held;   /* of the result before: may be the last */
	size_t held_count;   /* rows in it: columns there may be none */
	struct str held_tag; /* likewise; "": none */
	struct str count;    /* ROW_COUNT of the last result */
	bool ok;
	bool copied_out; /* to where the tag would go as well */
};

static bool must_hold(const struct session *session)
{
	return session->send.use == SEND_GSET ||
	       session->send.use == SEND_GEXEC ||
	       session->send.use == SEND_CROSSTAB ||
	       !session->is.show_all_results;
}

static bool use_rows(struct request *request, struct rows *rows, bool last)
{
	struct session *session = request->session;

	if (last && session->send.use == SEND_GSET)
		return gset(session, rows, request->held_count);
	if (last && session->send.use == SEND_GEXEC)
		return gexec(session, rows);
	if (last && session->send.use == SEND_CROSSTAB)
		return crosstab(session, rows);
	if (last || session->is.show_all_results)
		return print_result(session, rows, NULL);
	return true;
}

/* Now it is known whether the held result was the last one. */
static void show_held(struct request *request, bool last)
{
	struct session *session = request->session;
	bool shows_tag = last || session->is.show_all_results;
	struct rows *rows = request->held;

	request->held = NULL;
	if (rows)
		request->ok = use_rows(request, rows, last) && request->ok;
	rows_free(rows);
	if (request->held_tag.len > 0 && shows_tag)
		print_tag(session, request->held_tag.text);
	str_clear(&request->held_tag);
}

static void take_rows(struct request *request, struct result *result)
{
	struct session *session = request->session;

	if (!must_hold(session)) {
		request->ok = print_rows_of(session, result) && request->ok;
		return;
	}
	request->held = keep(result, &request->held_count);
	if (!result_error(result) && is_change_tag(result_tag(result)))
		str_set(&request->held_tag, result_tag(result));
}

static void take_tag(struct request *request, struct result *result)
{
	if (!request->copied_out)
		str_set(&request->held_tag, result_tag(result));
	request->copied_out = false;
	if (!must_hold(request->session))
		show_held(request, true);
}

static bool goes_where_tags_go(const struct session *session)
{
	const struct copy_end *end = session->send.copy;

	return !session->send.target &&
	       (!end || end->to == session_output((struct session *)session));
}

static void take_copy_out(struct request *request)
{
	struct session *session = request->session;
	bool opened = open_target(session);

	/* Where the file cannot be written the data is dropped. */
	request->copied_out = goes_where_tags_go(session);
	request->ok = copy_out(session, request->exec, opened) && opened &&
		      request->ok;
}

static void take_copy_in(struct request *request)
{
	struct session *session = request->session;

	if (session->inputs_due <= 0) {
		copy_refuse(session, request->exec);
		request->ok = false;
		return;
	}
	session->inputs_due--;
	request->ok = copy_in(session, request->exec) && request->ok;
}

static void use_result(struct request *request, struct result *result)
{
	struct session *session = request->session;
	bool copied_out = request->copied_out;

	show_held(request, false);
	switch (result_kind(result)) {
	case RESULT_ROWS:
		take_rows(request, result);
		break;
	case RESULT_DONE:
		savepoint_note_tag(session, result_tag(result));
		take_tag(request, result);
		break;
	case RESULT_COPY_IN:
		take_copy_in(request);
		break;
	case RESULT_COPY_OUT:
		take_copy_out(request);
		break;
	case RESULT_ABORTED:
		request->ok = false;
		return;
	case RESULT_SYNC:
		return;
	case RESULT_EMPTY:
	case RESULT_ERROR:
		break;
	}
	if (result_error(result)) {
		request->ok = false;
		outcome_bad(session, result_error(result));
		return;
	}
	/* psql forgets the count together with the tag it does not show. */
	str_set(&request->count, copied_out ? "" : result_affected(result));
}

/* psql shows a result when it has the next one: a notice goes before the
 * result that was complete when it came. COPY's data are never held back. */
static void take_result(struct request *request, struct result *result)
{
	struct session *session = request->session;
	enum result_kind kind = result_kind(result);
	bool held = kind != RESULT_COPY_IN && kind != RESULT_COPY_OUT;
	size_t begin = output_place(session->base);

	if (!held && pipeline_is_open(session)) {
		say_error(&session->say, "COPY in a pipeline cannot be served: "
					 "the connection is closed");
		exec_abandon(request->exec);
		request->ok = false;
		return;
	}
	if (!held)
		session->notice_place = begin;
	use_result(request, result);
	session->notice_place = held ? begin : output_place(session->base);
}

/* *out_kind: of the first result. */
static bool run_request(struct session *session, struct exec *exec,
			enum result_kind *out_kind)
{
	struct request request = { .session = session,
				   .exec = exec,
				   .ok = true };
	bool is_first = true;
	struct result *result;

	request.count = (struct str)STR_EMPTY;
	request.held_tag = (struct str)STR_EMPTY;
	session->notice_place = output_place(session->base);
	while ((result = exec_next(exec)) != NULL) {
		load_progress_end(session);
		if (is_first)
			*out_kind = result_kind(result);
		is_first = false;
		take_result(&request, result);
		result_free(result);
	}
	/* \gexec sends statements of its own: this one must be over. */
	if (request.ok || session->is.show_all_results)
		show_held(&request, request.ok);
	if (request.ok && *out_kind != RESULT_SYNC)
		outcome_good(session, request.count.text);
	rows_free(request.held);
	str_done(&request.held_tag);
	str_done(&request.count);
	session->notice_place = SIZE_MAX;
	return request.ok;
}

void request_prepared(const struct session *session, const char *sql,
		      struct prepared *out)
{
	const struct send *send = &session->send;

	*out = (struct prepared){
		.kind = send->prepared ? send->kind : PREPARED_QUERY,
		.name = send->name,
		.sql = sql,
		.count = send->value_count,
		.values = (const char *const *)send->values,
	};
}

static struct exec *start(struct session *session, const char *sql,
			  struct err *err)
{
	struct prepared what;

	if (session->send.prepared) {
		request_prepared(session, sql, &what);
		return prepared_start(session->db, &what, err);
	}
	if (session->expects_tag)
		return exec_start_command(session->db, sql, err);
	return exec_start(session->db, sql, err);
}

bool request_run(struct session *session, const char *sql)
{
	CLEANUP(exec_freep) struct exec *exec = NULL;
	enum result_kind first = RESULT_EMPTY;
	struct err err;

	err_clear(&err);
	exec = start(session, sql, &err);
	if (!exec) {
		say_info(&session->say, "%s", err.message);
		return false;
	}
	if (session->batch_rows > 0)
		exec_stream(exec);
	return run_request(session, exec, &first);
}

bool request_answer(struct session *session, struct exec *exec,
		    enum result_kind *out_kind)
{
	bool ok;

	session->lone_query = false;
	session->rows_end_us = 0;
	ok = run_request(session, exec, out_kind);
	return request_close_target(session) && ok;
}

/* Types of which this program knows no name are asked of the server. */
static void add_type(struct session *session, const struct rows_column *column,
		     struct str *out)
{
	CLEANUP(rows_freep) struct rows *rows = NULL;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	const struct rows_value *values;

	if (types_name(column->oid, column->type_modifier, out))
		return;
	str_addf(&sql, "select pg_catalog.format_type(%u, %d)", column->oid,
		 column->type_modifier);
	rows = exec_query(session->db, sql.text, NULL, NULL);
	if (rows && rows_next(rows, &values, NULL) == ROWS_ROW &&
	    values[0].text)
		str_add(out, values[0].text);
	else
		str_addf(out, "type %u", column->oid);
}

bool request_describe(struct session *session, const char *sql)
{
	CLEANUP(dberr_freep) struct dberr *why = dberr_new();
	CLEANUP(rows_freep) struct rows *columns = NULL;
	CLEANUP(str_done) struct str count = STR_EMPTY;
	struct rows_mem *table;
	struct err err = ERR_EMPTY;

	columns = exec_describe(session->db, sql, why, &err);
	if (!columns) {
		if (dberr_is_set(why))
			outcome_bad(session, why);
		else
			say_err(&session->say, &err);
		return false;
	}
	if (columns->column_count == 0) {
		session_print(session, "The command has no result, or the "
				       "result has no columns.\n");
		outcome_good(session, "0");
		return true;
	}
	table = rows_mem_new(NULL);
	rows_mem_column(table, "Column", ROWS_TEXT);
	rows_mem_column(table, "Type", ROWS_TEXT);
	for (size_t i = 0; i < columns->column_count; i++) {
		const struct rows_column *column = &columns->columns[i];
		CLEANUP(str_done) struct str name = STR_EMPTY;

		add_type(session, column, &name);
		rows_mem_add(table, column->name);
		rows_mem_add(table, name.text);
	}
	str_addf(&count, "%zu", columns->column_count);
	outcome_good(session, count.text);
	return session_print_rows(session, rows_mem_rows(table), NULL, &err);
}
