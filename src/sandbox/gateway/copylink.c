#include "sandbox/gateway/copylink.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "sandbox/copy/rscopy.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/backlink.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/gateway/perform.h"
#include "sandbox/gateway/plan.h"
#include "sandbox/gateway/querylog.h"

static struct client *client_of(void *context)
{
	const struct backlink *backlink = context;

	return backlink->client;
}

static bool link_aside(void *context, const char *sql,
		       const struct rscopy_row *row, struct err *err)
{
	struct backend *aside = querylog_aside(client_of(context), err);

	return aside && backlink_query(aside, sql, row, err);
}

static bool link_rewrite(void *context, const char *sql, struct str *out,
			 struct err *err)
{
	CLEANUP(plan_freep) struct plan *plan = NULL;
	int position;

	plan = plan_make(client_of(context), sql, strlen(sql), true, &position,
			 err);
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
	struct client *client = client_of(context);
	struct frame_report report = { .severity = "INFO",
				       .sqlstate = "00000",
				       .message = text };

	frame_add_report(&client->stream.out, 'N', &report);
	stream_flush(&client->stream, NULL);
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
		.aside = link_aside,
		.rewrite = link_rewrite,
		.info = link_info,
	};
	struct backlink backlink = { client, client->backend };
	struct rscopy_call call = {
		.link = &link,
		.store = client->shared->store,
		.identity = client->shared->identity,
		.user = client->user,
		.database = client->database,
		.session_pid = client->backend->pid,
		.query_id = client->query_id,
		.in_block = client->backend->status != 'I',
		.case_sensitive = client->case_sensitive,
	};

	backlink_fill(&link, &backlink);
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
