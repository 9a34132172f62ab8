#include "cmd/cmd_unload.h"

#include "base/str.h"
#include "cmd/load_world.h"
#include "load/unloadto.h"
#include "shell/mainloop.h"
#include "shell/session_state.h"

static const struct arg copyto_args[] = {
	{ "--print", ARG_FLAG, ARG_OPTIONAL,
	  "write the statement, run nothing" },
	{ "--yes", ARG_FLAG, ARG_OPTIONAL, "do not ask" },
	{ "--role", ARG_WORD, ARG_OPTIONAL, "ARN of the role, or default",
	  WANT_ROLE },
	{ "--no-check", ARG_FLAG, ARG_OPTIONAL,
	  "do not look at role, rights and keys first" },
	{ "--keys", ARG_FLAG, ARG_OPTIONAL,
	  "authorize by your own keys instead of a role" },
	{ "--download", ARG_LOCAL_PATH, ARG_OPTIONAL,
	  "join the rows into a file here, or fetch the files to a folder" },
	{ "--links", ARG_FLAG, ARG_OPTIONAL,
	  "print links to the files, good for an hour, or HOURS behind it" },
	{ "WHAT", ARG_SQL_REST, ARG_OPTIONAL,
	  "[TABLE | (QUERY)] [TO] URI [parameters of UNLOAD]" },
	ARG_END
};

/* As \g: what was typed so far, which is used up unless it is only shown;
 * else the last query. */
static void take_query(struct session *session, struct copy_args *args)
{
	str_set(&args->query, session_query_buffer(session));
	str_trim_end(&args->query);
	if (args->query.len == 0)
		str_set(&args->query, session_last_query(session));
	else if (!args->print)
		mainloop_set_text(session->loop, "");
}

static bool copyto_handler(struct session *session, const struct args *args,
			   struct err *err)
{
	CLEANUP(copy_args_done) struct copy_args parsed = COPY_ARGS_EMPTY;
	struct load_world world = load_world_make(session);

	if (!load_world_args(session, args, COPY_VERB_UNLOAD, &parsed, err))
		return false;
	if (parsed.table.len == 0 && parsed.query.len == 0)
		take_query(session, &parsed);
	return unloadto_run(&parsed, &world, err);
}

const struct command cmd_unload_table[] = {
	{
		.name = "copyto",
		.group = GROUP_LOAD,
		.needs = NEEDS_DB_BUT_PRINT,
		.synopsis = "\\copyto [--print] [--yes] [--role ARN] "
			    "[--no-check] [--links [HOURS]] "
			    "[--download FILE|DIR] [TABLE | (QUERY)] [TO] URI [PARAMETERS]",
		.brief = "write a table or query to S3, or by way of S3 to a "
			 "file here, by UNLOAD",
		.args = copyto_args,
		.run = copyto_handler,
	},
	COMMAND_END
};
