#include "cmd/cmd_load.h"

#include "base/mem.h"
#include "cmd/load_kaggle.h"
#include "cmd/load_world.h"
#include "kaggle/kaggle_name.h"
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

static bool copyfrom_handler(struct session *session, const struct args *args,
			     struct err *err)
{
	CLEANUP(copy_args_done) struct copy_args parsed = COPY_ARGS_EMPTY;
	CLEANUP(load_kaggle_done) struct load_kaggle kaggle = LOAD_KAGGLE_EMPTY;
	struct load_world world = load_world_make(session);
	bool good;

	if (!load_world_args(session, args, COPY_VERB_COPY, &parsed, err))
		return false;
	if (kaggle_name_is(parsed.uri.text) &&
	    !load_kaggle_open(&kaggle, session, &parsed, &world, err))
		return false;
	explain_copyfrom_begin(session, &parsed);
	good = copyfrom_run(&parsed, &world, err);
	explain_copyfrom_end(session);
	if (!good)
		load_kaggle_explain(&kaggle, err);
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
