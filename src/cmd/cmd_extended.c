#include "cmd/cmd_extended.h"

#include <stdlib.h>
#include <string.h>

#include "db/prepared.h"
#include "shell/pipeline.h"
#include "shell/session_state.h"

/* ---- \bind, \bind_named, \parse, \close_prepared ---- */

/* What the next statement is sent as; its name and values are copied. */
static void set_prepared(struct session *session, enum prepared_kind kind,
			 const struct args *args)
{
	struct send *send = &session->send;
	size_t count = args_count(args, "VALUE");

	session_send_clear(session);
	send->prepared = true;
	send->kind = kind;
	send->name = mem_copy_text(args_text(args, "NAME"));
	send->values = mem_alloc_array(count + 1, sizeof(char *));
	for (size_t i = 0; i < count; i++)
		send->values[send->value_count++] =
			mem_copy_text(args_item(args, "VALUE", i));
}

static bool bind_run(struct session *session, const struct args *args,
		     struct err *err)
{
	(void)err;
	set_prepared(session, PREPARED_QUERY, args);
	return true;
}

static const struct arg bind_args[] = {
	{ "VALUE", ARG_WORD, ARG_REPEATED, "of $1, $2 ..." }, ARG_END
};

static bool bind_named_run(struct session *session, const struct args *args,
			   struct err *err)
{
	(void)err;
	set_prepared(session, PREPARED_NAMED, args);
	return true;
}

static const struct arg bind_named_args[] = {
	{ "NAME", ARG_WORD, ARG_REQUIRED, "of a prepared statement" },
	{ "VALUE", ARG_WORD, ARG_REPEATED, "of $1, $2 ..." },
	ARG_END
};

static bool parse_run(struct session *session, const struct args *args,
		      struct err *err)
{
	(void)err;
	set_prepared(session, PREPARED_PARSE, args);
	session->after = AFTER_SEND_AS_IS;
	return true;
}

static bool close_run(struct session *session, const struct args *args,
		      struct err *err)
{
	(void)err;
	set_prepared(session, PREPARED_CLOSE, args);
	session->after = AFTER_SEND_AS_IS;
	return true;
}

static const struct arg name_args[] = {
	{ "NAME", ARG_WORD, ARG_REQUIRED, "of a prepared statement" }, ARG_END
};

/* ---- pipelines ---- */

static bool start_run(struct session *session, const struct args *args,
		      struct err *err)
{
	(void)args;
	return pipeline_start(session, err);
}

static bool sync_run(struct session *session, const struct args *args,
		     struct err *err)
{
	(void)args;
	return pipeline_sync(session, err);
}

static bool end_run(struct session *session, const struct args *args,
		    struct err *err)
{
	(void)args;
	return pipeline_end(session, err);
}

static bool flushrequest_run(struct session *session, const struct args *args,
			     struct err *err)
{
	(void)args;
	return pipeline_request_flush(session, err);
}

static bool flush_run(struct session *session, const struct args *args,
		      struct err *err)
{
	(void)args;
	return pipeline_flush(session, err);
}

static bool send_run(struct session *session, const struct args *args,
		     struct err *err)
{
	const struct send *send = &session->send;

	(void)args;
	if (!pipeline_is_open(session))
		err_set(err, ERR_USAGE,
			"\\sendpipeline not allowed outside of pipeline mode");
	else if (!send->prepared)
		err_set(err, ERR_USAGE, "\\sendpipeline must be used after "
					"\\bind or \\bind_named");
	else
		session->after = AFTER_SEND_AS_IS;
	if (session->after != AFTER_NOTHING)
		return true;
	session_send_clear(session);
	return false;
}

static bool getresults_run(struct session *session, const struct args *args,
			   struct err *err)
{
	const char *text = args_text(args, "N");
	int count = text ? atoi(text) : 0;

	if (count < 0)
		return err_set(err, ERR_USAGE,
			       "\\getresults: invalid number of requested "
			       "results");
	return pipeline_read(session, count, err);
}

static const struct arg getresults_args[] = {
	{ "N", ARG_WORD, ARG_OPTIONAL, "how many; all" }, ARG_END
};

const struct command cmd_extended_table[] = {
	{
		.name = "bind",
		.group = GROUP_GENERAL,
		.brief = "set parameters for the next query",
		.args = bind_args,
		.run = bind_run,
	},
	{
		.name = "bind_named",
		.group = GROUP_GENERAL,
		.brief = "the next \\g runs a prepared statement",
		.args = bind_named_args,
		.run = bind_named_run,
	},
	{
		.name = "parse",
		.group = GROUP_GENERAL,
		.brief = "make a prepared statement of the query buffer",
		.args = name_args,
		.run = parse_run,
	},
	{
		.name = "close_prepared",
		.group = GROUP_GENERAL,
		.brief = "forget a prepared statement",
		.args = name_args,
		.run = close_run,
	},
	{
		.name = "startpipeline",
		.group = GROUP_GENERAL,
		.needs = NEEDS_DB,
		.brief = "send statements without waiting for their results",
		.run = start_run,
	},
	{
		.name = "sendpipeline",
		.group = GROUP_GENERAL,
		.needs = NEEDS_DB,
		.brief = "put the query with its \\bind into the pipeline",
		.run = send_run,
	},
	{
		.name = "syncpipeline",
		.group = GROUP_GENERAL,
		.needs = NEEDS_DB,
		.brief = "commit what is in the pipeline and go on",
		.run = sync_run,
	},
	{
		.name = "flushrequest",
		.group = GROUP_GENERAL,
		.needs = NEEDS_DB,
		.brief = "ask the server for the results so far",
		.run = flushrequest_run,
	},
	{
		.name = "flush",
		.group = GROUP_GENERAL,
		.needs = NEEDS_DB,
		.brief = "send what waits in the pipeline",
		.run = flush_run,
	},
	{
		.name = "getresults",
		.group = GROUP_GENERAL,
		.needs = NEEDS_DB,
		.brief = "show N results of the pipeline that were asked for",
		.args = getresults_args,
		.run = getresults_run,
	},
	{
		.name = "endpipeline",
		.group = GROUP_GENERAL,
		.needs = NEEDS_DB,
		.brief = "commit, show all results and end the pipeline",
		.run = end_run,
	},
	COMMAND_END
};
