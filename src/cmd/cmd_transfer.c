#include "cmd/cmd_transfer.h"

#include "cmd/s3_args.h"
#include "cmd/s3_get.h"
#include "cmd/s3_put.h"
#include "cmd/s3_sync.h"

#define FILTER_ARGS                                                            \
	{ "--exclude", ARG_WORD, ARG_OPTIONAL,                                 \
	  "leave out names that match; may be repeated" },                     \
	{ "--include", ARG_WORD, ARG_OPTIONAL,                                 \
	  "take them nevertheless; may be repeated" }

static const struct arg s3put_args[] = {
	{ "FILE... URI", ARG_PATH_OR_URI, ARG_REPEATED,
	  "files, globs or -, then s3://bucket/key or s3://bucket/folder/" },
	{ "-r", ARG_FLAG, ARG_OPTIONAL, "all below a folder" },
	FILTER_ARGS,
	{ "--no-follow-symlinks", ARG_FLAG, ARG_OPTIONAL,
	  "leave links in folders out" },
	{ "--dry-run", ARG_FLAG, ARG_OPTIONAL, "say what would be done" },
	{ "--part-size", ARG_BYTES, ARG_OPTIONAL, "default 8 MiB" },
	S3_ARGS_NEW,
	S3_ARGS_ACCESS,
	ARG_END
};

static const struct arg s3get_args[] = {
	{ "URI... [TARGET]", ARG_PATH_OR_URI, ARG_REPEATED,
	  "objects or globs, then a local folder, file or -" },
	{ "-r", ARG_FLAG, ARG_OPTIONAL, "all below a folder" },
	{ "-n", ARG_FLAG, ARG_OPTIONAL, "overwrite nothing" },
	{ "--no-clobber", ARG_FLAG, ARG_OPTIONAL, "likewise" },
	FILTER_ARGS,
	{ "--dry-run", ARG_FLAG, ARG_OPTIONAL, "say what would be done" },
	{ "--part-size", ARG_BYTES, ARG_OPTIONAL, "default 8 MiB" },
	S3_ARGS_ACCESS,
	ARG_END
};

static const struct arg s3sync_args[] = {
	{ "FROM", ARG_PATH_OR_URI, ARG_REQUIRED,
	  "a folder, or s3://bucket/folder/" },
	{ "TO", ARG_PATH_OR_URI, ARG_REQUIRED, "likewise; one is of S3" },
	{ "--delete", ARG_FLAG, ARG_OPTIONAL, "remove what is at TO only" },
	{ "--yes", ARG_FLAG, ARG_OPTIONAL, "do not ask" },
	{ "--dry-run", ARG_FLAG, ARG_OPTIONAL, "say what would be done" },
	{ "--size-only", ARG_FLAG, ARG_OPTIONAL, "compare sizes, not times" },
	FILTER_ARGS,
	{ "--no-follow-symlinks", ARG_FLAG, ARG_OPTIONAL,
	  "leave links in folders out" },
	{ "--part-size", ARG_BYTES, ARG_OPTIONAL, "default 8 MiB" },
	S3_ARGS_NEW,
	S3_ARGS_ACCESS,
	ARG_END
};

const struct command cmd_transfer_table[] = {
	{
		.name = "s3put",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3put [-r] [OPTION...] FILE... URI",
		.brief = "send local files to S3, resuming if interrupted",
		.args = s3put_args,
		.behind = true,
		.run = s3_put_run,
	},
	{
		.name = "s3get",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3get [-rn] [OPTION...] URI... [DIR|FILE]",
		.brief = "fetch objects into local files",
		.args = s3get_args,
		.behind = true,
		.run = s3_get_run,
	},
	{
		.name = "s3sync",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3sync [--delete] [OPTION...] FROM TO",
		.brief = "make a folder and one of S3 the same, or two of S3",
		.args = s3sync_args,
		.behind = true,
		.run = s3_sync_run,
	},
	COMMAND_END
};
