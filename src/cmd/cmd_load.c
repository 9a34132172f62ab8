#include "cmd/cmd_load.h"

#include "base/mem.h"
#include "base/str.h"
#include "cmd/load_world.h"
#include "kaggle/kaggle_name.h"
#include "kaggle/kaggle_pipe.h"
#include "load/copy_args.h"
#include "load/copyfrom.h"
#include "shell/explain.h"
#include "shell/session.h"

/* --- commands --- */

static const struct arg copyfrom_args[] = {
	{ "--print", ARG_FLAG, ARG_OPTIONAL,
	  "write the statement, run nothing" },
	{ "--create", ARG_FLAG, ARG_OPTIONAL,
	  "create the table from the types found" },
	{ "--yes", ARG_FLAG, ARG_OPTIONAL, "do not ask" },
	{ "--role", ARG_WORD, ARG_OPTIONAL, "ARN of the role, or default",
	  WANT_ROLE },
	{ "--stage", ARG_S3_URI, ARG_OPTIONAL,
	  "folder of S3 by which local files go" },
	{ "--replace", ARG_FLAG, ARG_OPTIONAL,
	  "what was in the table goes, in the same transaction" },
	{ "--truncate", ARG_FLAG, ARG_OPTIONAL,
	  "what was in the table goes first, for good" },
	{ "--swap", ARG_FLAG, ARG_OPTIONAL,
	  "the same by a new table that takes the old one's name" },
	{ "--dry-run", ARG_FLAG, ARG_OPTIONAL,
	  "let the server check the data, load nothing" },
	{ "--max-errors", ARG_NUMBER, ARG_OPTIONAL,
	  "so many bad lines are let pass" },
	{ "--by-name", ARG_FLAG, ARG_OPTIONAL,
	  "columns by the names in the file's header" },
	{ "--map", ARG_WORD, ARG_OPTIONAL,
	  "'Header A=column_a,...' where the names differ" },
	{ "--each", ARG_FLAG, ARG_OPTIONAL,
	  "a table for each folder: s3://b/data/TABLE/..." },
	{ "--job", ARG_WORD, ARG_OPTIONAL,
	  "make a COPY JOB of this name that loads what comes" },
	{ "--auto", ARG_WORD, ARG_OPTIONAL, "on or off: does the job run "
	  "by itself" },
	{ "--no-sniff", ARG_FLAG, ARG_OPTIONAL, "do not look into the data" },
	{ "--no-check", ARG_FLAG, ARG_OPTIONAL,
	  "do not look at table, role, rights and keys first" },
	{ "--keys", ARG_FLAG, ARG_OPTIONAL,
	  "authorize by your own keys instead of a role" },
	{ "WHAT", ARG_SQL_REST, ARG_OPTIONAL,
	  "TABLE [(COLUMNS)] [FROM] URI, file or kaggle:OWNER/SET/FILE "
	  "[parameters of COPY]" },
	ARG_END
};

static bool end_pipe(void *context, struct err *err)
{
	return kaggle_pipe_end(context, err);
}

/* What is not text does not go by a pipe: COPY wants it as one object. */
static bool check_format(const char *text, struct err *err)
{
	static const char *const ends[] = { ".parquet", ".orc", ".avro" };
	CLEANUP(kaggle_name_done) struct kaggle_name name = KAGGLE_NAME_EMPTY;

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (!str_ends(text, ends[i]) ||
		    !kaggle_name_parse(&name, text, NULL))
			continue;
		err_set(err, ERR_USAGE, "%s goes whole to S3 first", text);
		return err_hint(err,
				"\\kaggle get %.100s/%.100s %.100s "
				"s3://BUCKET/FOLDER/, then \\copyfrom TABLE "
				"s3://BUCKET/FOLDER/",
				name.owner.text, name.slug.text,
				name.file.text);
	}
	return true;
}

/* A file of Kaggle's goes the way of standard input. */
static struct kaggle_pipe *open_pipe(struct session *session,
				     const struct copy_args *parsed,
				     struct load_world *world,
				     struct err *err)
{
	struct kaggle_pipe *pipe;

	if (!check_format(parsed->uri.text, err))
		return NULL;
	pipe = kaggle_pipe_open(parsed->uri.text, err);
	if (pipe == NULL)
		return NULL;
	if (kaggle_pipe_warning(pipe)[0] != '\0')
		session_warn(session, "%s", kaggle_pipe_warning(pipe));
	world->data = kaggle_pipe_fd(pipe);
	world->data_name = kaggle_pipe_name(pipe);
	world->data_end = end_pipe;
	world->data_context = pipe;
	return pipe;
}

static bool copyfrom_handler(struct session *session, const struct args *args,
			     struct err *err)
{
	CLEANUP(copy_args_done) struct copy_args parsed = COPY_ARGS_EMPTY;
	CLEANUP(kaggle_pipe_closep) struct kaggle_pipe *pipe = NULL;
	struct load_world world = load_world_make(session);
	bool good;

	if (!load_world_args(session, args, COPY_VERB_COPY, &parsed, err))
		return false;
	if (kaggle_name_is(parsed.uri.text)) {
		pipe = open_pipe(session, &parsed, &world, err);
		if (pipe == NULL)
			return false;
	}
	explain_copyfrom_begin(session, &parsed);
	good = copyfrom_run(&parsed, &world, err);
	explain_copyfrom_end(session);
	/* Why the data ended early says more than what that led to. */
	if (!good && pipe != NULL && err->kind == ERR_DATA)
		kaggle_pipe_end(pipe, err);
	return good || explain_offer(session);
}

const struct command cmd_load_table[] = {
	{
		.name = "copyfrom",
		.group = GROUP_LOAD,
		.needs = NEEDS_DB_BUT_PRINT,
		.synopsis = "\\copyfrom [--create] [--replace | --swap | "
			    "--truncate] [--by-name | --map MAP] [--each] "
			    "[--dry-run] [--max-errors N] [--job NAME "
			    "[--auto on|off]] [--print] [--yes] [--role ARN] "
			    "[--no-sniff] [--no-check] TABLE [(COLUMNS)] [FROM] "
			    "URI... [PARAMETERS]",
		.brief = "load from S3 by COPY: look at the data, propose, "
			 "ask, run",
		.args = copyfrom_args,
		.run = copyfrom_handler,
	},
	COMMAND_END
};
