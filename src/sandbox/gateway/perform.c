#include "sandbox/gateway/perform.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "sandbox/gateway/answer.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/copylink.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/gateway/plan.h"
#include "sandbox/gateway/querylog.h"
#include "sandbox/gateway/translate.h"

enum { ROLLBACK_TRIES = 100 };

#define FLUSH_BYTES 65536

static struct answer_context context_of(const struct client *client,
					const struct plan *plan)
{
	struct answer_context context = { client->shared->rewrite, plan,
					  client->query_id };

	return context;
}

static void pump_report(struct client *client, struct perform_pump *pump,
			const struct frame *frame)
{
	CLEANUP(str_done) struct str message = STR_EMPTY;
	struct answer_context context = context_of(client, pump->plan);

	answer_report(&context, frame, &client->stream.out, &message);
	if (frame->type != 'E')
		return;
	pump->failed = true;
	snprintf(pump->message, sizeof(pump->message), "%s", message.text);
}

/* Anything that asks for data: COPY never gets here, refuse all the same. */
static bool refuse_copy(struct client *client, struct err *err)
{
	static const char why[] = "COPY FROM STDIN is not supported";

	return backend_send(client->backend, 'f', why, sizeof(why), err);
}

static bool pump_notice(struct client *client, struct perform_pump *pump,
			const struct frame *frame, struct err *err)
{
	bool taken;

	if (!translate_notice(client, frame, &taken, err))
		return false;
	if (!taken) {
		querylog_message(client, pump->plan, frame);
		pump_report(client, pump, frame);
	}
	return true;
}

static bool pump_one(struct client *client, struct perform_pump *pump,
		     const struct frame *frame, struct err *err)
{
	struct str *out = &client->stream.out;

	switch (frame->type) {
	case 'T':
		if (!pump->no_columns)
			answer_columns(frame, pump->plan, client->upper_names,
				       out, pump->bytes);
		return true;
	case 'D':
		answer_row(frame, pump->bytes, out);
		return true;
	case 'C':
		pump->rows +=
			answer_tag(frame, pump->plan ? pump->plan->tag : NULL,
				   pump->held ? pump->held : out);
		return true;
	case 'E':
		querylog_message(client, pump->plan, frame);
		pump_report(client, pump, frame);
		return true;
	case 'N':
		if (querylog_take_plan(client, frame))
			return true;
		return pump_notice(client, pump, frame, err);
	case 'S':
		answer_parameter(frame, out);
		return true;
	case 'G':
		return refuse_copy(client, err);
	case 'Z':
	case 'A':
	case 'H':
	case 'd':
	case 'c':
		return true;
	default:
		frame_add(out, frame->type, frame->body, frame->len);
		return true;
	}
}

/* Waits for the backend's next bytes, and notices when the client leaves
 * meanwhile: then its statement is stopped, not run to the end for nobody. */
static bool wait_backend(struct client *client, struct err *err)
{
	struct backend *backend = client->backend;
	struct pollfd polled[2] = {
		{ .fd = backend->stream.fd, .events = POLLIN },
		{ .fd = client->stream.fd, .events = POLLRDHUP },
	};

	if (stream_buffered(&backend->stream) > 0)
		return true;
	while (poll(polled, 2, -1) < 0)
		if (errno != EINTR)
			return err_set_errno(err, errno, "poll");
	if (polled[0].revents || !polled[1].revents)
		return true;
	backend_cancel(backend->socket_path, backend->pid, backend->key);
	return err_set(err, ERR_NETWORK, "the client left");
}

static bool pump_all(struct client *client, struct perform_pump *pump,
		     struct err *err)
{
	for (;;) {
		struct frame frame;

		if (!wait_backend(client, err) ||
		    !backend_next(client->backend, &frame, err) ||
		    !pump_one(client, pump, &frame, err) ||
		    !stream_flush_if(&client->stream, FLUSH_BYTES, err))
			return false;
		pump->last = frame.type;
		if (frame.type == 'Z' || strchr(pump->ends, frame.type))
			return true;
	}
}

bool perform_pump(struct client *client, struct perform_pump *pump,
		  struct err *err)
{
	CLEANUP(str_done) struct str own = STR_EMPTY;
	struct str *kept = pump->bytes;
	bool ok;

	if (!kept)
		pump->bytes = &own;
	ok = pump_all(client, pump, err);
	pump->bytes = kept;
	return ok;
}

/* Makes PostgreSQL's open block fail as if the refused statement had been
 * its own: an empty name is a syntax error. */
bool perform_fail_block(struct client *client, struct err *err)
{
	struct err expected = ERR_EMPTY;

	if (client->backend->status != 'T')
		return true;
	backend_query(client->backend, "\"\"", NULL, NULL, &expected);
	if (expected.kind == ERR_SERVER)
		return true;
	if (err)
		*err = expected;
	return false;
}

bool perform_refuse(struct client *client, const struct err *why, int position,
		    struct err *err)
{
	struct answer_context context = context_of(client, NULL);

	answer_err(&context, why, position, &client->stream.out);
	perform_fail_block(client, err);
	return false;
}

/* A cancel that was meant for what went before may hit the ROLLBACK itself. */
bool perform_rollback(struct client *client, struct err *err)
{
	struct err why = ERR_EMPTY;

	for (int tries = 0; tries < ROLLBACK_TRIES; tries++) {
		err_clear(&why);
		if (backend_query(client->backend, "ROLLBACK", NULL, NULL,
				  &why))
			return true;
		if (why.kind != ERR_SERVER)
			break;
	}
	if (why.kind == ERR_SERVER)
		return perform_refuse(client, &why, 0, err);
	if (err)
		*err = why;
	return false;
}

bool perform_silent(struct client *client, const char *sql, struct err *err)
{
	struct err why = ERR_EMPTY;

	if (backend_query(client->backend, sql, NULL, NULL, &why))
		return true;
	if (why.kind == ERR_SERVER)
		return perform_refuse(client, &why, 0, err);
	if (err)
		*err = why;
	return false;
}

static void add_tag_to(struct str *out, const char *tag)
{
	size_t begun = frame_begin(out, 'C');

	frame_add_text(out, tag);
	frame_end(out, begun);
}

/* A statement that is only its parts before and after has just a tag. */
static bool send_main(struct client *client, struct plan *plan,
		      struct perform_pump *pump, struct err *err)
{
	if (plan->sql.len == 0) {
		add_tag_to(pump->held ? pump->held : &client->stream.out,
			   plan->tag ? plan->tag : "OK");
		return true;
	}
	if (!backend_send(client->backend, 'Q', plan->sql.text,
			  plan->sql.len + 1, err) ||
	    !perform_pump(client, pump, err))
		return false;
	return !pump->failed;
}

/* before, the statement, after: in one transaction. The tag waits for the
 * last of them. */
static bool run_parts(struct client *client, struct plan *plan,
		      struct perform_pump *pump, struct err *err)
{
	const struct rewrite_result *result = &plan->result;
	CLEANUP(str_done) struct str held = STR_EMPTY;
	bool wrap = (result->before.len > 0 || result->after.len > 0) &&
		    client->backend->status == 'I';
	bool ok;

	if (result->commits_first && client->backend->status == 'T' &&
	    !perform_silent(client, "COMMIT", err))
		return false;
	wrap = wrap && !result->separate;
	if (!wrap && result->before.len == 0 && result->after.len == 0)
		return send_main(client, plan, pump, err);
	pump->held = &held;
	ok = (!wrap || perform_silent(client, "BEGIN", err)) &&
	     (result->before.len == 0 ||
	      perform_silent(client, result->before.text, err));
	if (ok)
		ok = send_main(client, plan, pump, err);
	if (ok && result->after.len > 0)
		ok = perform_silent(client, result->after.text, err);
	if (wrap && client->backend->status != 'I')
		ok = (ok ? perform_silent(client, "COMMIT", err)
			 : perform_rollback(client, err)) &&
		     ok;
	pump->held = NULL;
	if (ok)
		str_add_slice(&client->stream.out, held.text, held.len);
	return ok;
}

static void add_notice(struct client *client, const struct plan *plan)
{
	struct frame_report report = {
		.severity = plan->result.notice_severity,
		.sqlstate = "00000",
		.message = plan->result.notice.text,
	};

	if (plan->result.notice.len > 0)
		frame_add_report(&client->stream.out, 'N', &report);
}

static bool run_action(struct client *client, struct plan *plan,
		       struct perform_pump *pump, struct err *err)
{
	switch (plan->result.action) {
	case REWRITE_EMPTY:
		frame_add(&client->stream.out, 'I', "", 0);
		return true;
	case REWRITE_NOTHING:
		add_tag_to(&client->stream.out, plan->tag ? plan->tag : "OK");
		return true;
	case REWRITE_COPY:
	case REWRITE_UNLOAD:
		return copylink_run(client, plan, pump, err);
	case REWRITE_SEND:
	case REWRITE_SET:
	case REWRITE_SHOW:
	case REWRITE_CANCEL:
		return run_parts(client, plan, pump, err);
	}
	return true;
}

static bool is_named(const struct plan *plan, const char *name)
{
	return strcmp(plan->result.statement.name, name) == 0;
}

/* Settings that change how statements are read and answered. */
static const char *const watched[] = {
	"enable_case_sensitive_identifier",
	"downcase_delimited_identifier",
	"describe_field_name_in_uppercase",
	"enable_case_sensitive_super_attribute",
};

static bool take_settings(void *context, const char *const *values,
			  size_t count, struct err *err)
{
	struct client *client = context;

	(void)err;
	if (count != COUNT_OF(watched) + 1)
		return true;
	client->case_sensitive =
		strcmp(values[0], "true") == 0 || strcmp(values[1], "off") == 0;
	client->upper_names = strcmp(values[2], "on") == 0;
	client->case_sensitive_fields = strcmp(values[3], "true") == 0;
	client->session_timeout_s =
		values[4] ? (int)(strtol(values[4], NULL, 10) / 1000) : 0;
	return true;
}

bool perform_read_settings(struct client *client, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	for (size_t i = 0; i < COUNT_OF(watched); i++)
		str_addf(&sql, "%s pg_catalog.current_setting('redsh.%s')",
			 i == 0 ? "SELECT" : ",", watched[i]);
	/* milliseconds; SESSION TIMEOUT of the user */
	str_add(&sql, ", (SELECT setting FROM pg_catalog.pg_settings"
		      " WHERE name = 'idle_session_timeout')");
	return backend_query(client->backend, sql.text, take_settings, client,
			     err);
}

bool perform_settle(struct client *client, struct err *err)
{
	if (!client->settings_touched || client->backend->status == 'E')
		return true;
	if (client->backend->status == 'I')
		client->settings_touched = false;
	return perform_read_settings(client, err);
}

/* What the next statement must know: settings that change how it is read, and
 * the one cursor that a session may have open. */
static void remember(struct client *client, const struct plan *plan)
{
	const char *name = plan->result.name.text;

	client->block_used = client->backend->status != 'I' &&
			     plan->result.statement.kind != STATEMENT_BEGIN;
	if (is_named(plan, "DECLARE"))
		client->cursor_open = true;
	else if (is_named(plan, "CLOSE"))
		client->cursor_open = false;

	if (plan->result.action != REWRITE_SET)
		return;
	for (size_t i = 0; i < COUNT_OF(watched); i++)
		if (strcmp(name, watched[i]) == 0 || strcmp(name, "all") == 0)
			client->settings_touched = true;
}

/* Words and SQLSTATE as users of psycopg2 report them. */
static bool check_cursor(struct client *client, const struct plan *plan,
			 struct err *why)
{
	if (client->backend->status == 'I')
		client->cursor_open = false;
	if (!client->cursor_open || !is_named(plan, "DECLARE"))
		return true;
	err_set(why, ERR_SERVER,
		"opening multiple cursors from within the "
		"same client connection is not allowed.");
	return err_set_code(why, "24000");
}

/* Around every statement: its number, its end in the query log. */
static void finish(struct client *client, const struct plan *plan,
		   const struct perform_pump *pump, int64_t start_ms, bool ok)
{
	struct querylog_end end = {
		.status = ok ? "success" : "failed",
		.message = pump->message,
		.rows = pump->rows,
		.start_ms = start_ms,
	};

	if (ok)
		remember(client, plan);
	else if (strstr(pump->message, "cancelled on user's request"))
		end.status = "canceled";
	querylog_finish(client, plan, &end);
}

bool perform_run(struct client *client, struct plan *plan, struct err *err)
{
	struct perform_pump pump = { .plan = plan, .ends = "Z" };
	int64_t start_ms = clock_wall_ms();
	struct err why = ERR_EMPTY;
	bool ok;

	atomic_store(&client->cancelled, false);
	if (!check_cursor(client, plan, &why))
		return perform_refuse(client, &why, 0, err);
	querylog_begin(client, plan);
	add_notice(client, plan);
	ok = run_action(client, plan, &pump, err);
	finish(client, plan, &pump, start_ms, ok);
	return ok;
}

bool perform_portal(struct client *client, struct plan *plan,
		    const struct str *body, bool *out_failed, struct err *err)
{
	struct perform_pump pump = { .plan = plan,
				     .ends = "CsIE",
				     .no_columns = true,
				     .bytes = &plan->bytes };
	struct str *out = &client->backend->stream.out;
	int64_t start_ms = clock_wall_ms();
	struct err why = ERR_EMPTY;

	if (plan->local) {
		*out_failed = !perform_run(client, plan, &why);
		if (why.kind != ERR_NONE && err)
			*err = why;
		return why.kind == ERR_NONE;
	}
	atomic_store(&client->cancelled, false);
	querylog_begin(client, plan);
	add_notice(client, plan);
	frame_add(out, 'E', body->text, body->len);
	frame_add(out, 'H', "", 0);
	if (!stream_flush(&client->backend->stream, err) ||
	    !perform_pump(client, &pump, err))
		return false;
	finish(client, plan, &pump, start_ms, !pump.failed);
	*out_failed = pump.failed;
	return true;
}
