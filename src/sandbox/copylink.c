#include "sandbox/copylink.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "sandbox/backend.h"
#include "sandbox/client.h"
#include "sandbox/frame.h"
#include "sandbox/perform.h"
#include "sandbox/plan.h"
#include "sandbox/querylog.h"
#include "sandbox/rscopy.h"

static bool give_row(void *context, const char *const *values, size_t count,
		     struct err *err)
{
	const struct rscopy_row *row = context;

	return row->take(row->context, values, count, err);
}

static bool run_on(struct backend *backend, const char *sql,
		   const struct rscopy_row *row, struct err *err)
{
	/* the row is only read: backend_query passes it through */
	return backend_query(backend, sql, row ? give_row : NULL,
			     (void *)(uintptr_t)row, err);
}

static bool link_query(void *context, const char *sql,
		       const struct rscopy_row *row, struct err *err)
{
	struct client *client = context;

	return run_on(client->backend, sql, row, err);
}

static bool link_aside(void *context, const char *sql,
		       const struct rscopy_row *row, struct err *err)
{
	struct backend *aside = querylog_aside(context, err);

	return aside && run_on(aside, sql, row, err);
}

static bool link_copy_begin(void *context, const char *sql, struct err *err)
{
	struct client *client = context;

	return backend_copy_begin(client->backend, sql, err);
}

static bool link_copy_data(void *context, const char *bytes, size_t len,
			   struct err *err)
{
	struct client *client = context;

	return backend_copy_data(client->backend, bytes, len, err);
}

static bool link_copy_end(void *context, const char *give_up, int64_t *out_rows,
			  struct err *err)
{
	struct client *client = context;

	return backend_copy_end(client->backend, give_up, out_rows, err);
}

static bool link_copy_out(void *context, const char *sql, struct sink *sink,
			  struct err *err)
{
	struct client *client = context;

	return backend_copy_out(client->backend, sql, sink, err);
}

static bool link_rewrite(void *context, const char *sql, struct str *out,
			 struct err *err)
{
	CLEANUP(plan_freep) struct plan *plan = NULL;
	int position;

	plan = plan_make(context, sql, strlen(sql), true, &position, err);
	if (!plan)
		return false;
	if (plan->local || plan->sql.len == 0) {
		err_set(err, ERR_SERVER, "UNLOAD takes a SELECT statement");
		return err_set_code(err, "42601");
	}
	str_add_slice(out, plan->sql.text, plan->sql.len);
	return true;
}

static void link_info(void *context, const char *text)
{
	struct client *client = context;
	struct frame_report report = { .severity = "INFO",
				       .sqlstate = "00000",
				       .message = text };

	frame_add_report(&client->stream.out, 'N', &report);
	stream_flush(&client->stream, NULL);
}

static bool link_cancelled(void *context)
{
	struct client *client = context;

	return atomic_load(&client->cancelled);
}

static bool tell_failure(struct client *client,
			 const struct rscopy_result *result, struct err *err)
{
	struct frame_report report = {
		.severity = "ERROR",
		.sqlstate = result->sqlstate[0] ? result->sqlstate : "XX000",
		.message = result->message.text,
		.detail = result->detail.text,
		.hint = result->hint.text,
	};

	frame_add_report(&client->stream.out, 'E', &report);
	return perform_fail_block(client, err);
}

bool copylink_run(struct client *client, struct plan *plan,
		  struct perform_pump *pump, struct err *err)
{
	CLEANUP(rscopy_result_done)
	struct rscopy_result result = RSCOPY_RESULT_EMPTY;
	struct rscopy_link link = {
		.context = client,
		.query = link_query,
		.aside = link_aside,
		.copy_begin = link_copy_begin,
		.copy_data = link_copy_data,
		.copy_end = link_copy_end,
		.copy_out = link_copy_out,
		.rewrite = link_rewrite,
		.info = link_info,
		.cancelled = link_cancelled,
	};
	struct rscopy_call call = {
		.link = &link,
		.store = client->shared->store,
		.identity = client->shared->identity,
		.user = client->user,
		.database = client->database,
		.session_pid = client->backend->pid,
		.query_id = client->query_id,
		.in_block = client->backend->status != 'I',
	};

	if (!rscopy_run(&call, plan->text, &result)) {
		snprintf(pump->message, sizeof(pump->message), "%s",
			 result.message.text);
		tell_failure(client, &result, err);
		return false;
	}
	pump->rows = result.rows;
	frame_add(&client->stream.out, 'C', result.tag, strlen(result.tag) + 1);
	return true;
}
