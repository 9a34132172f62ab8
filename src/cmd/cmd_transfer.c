#include "cmd/cmd_transfer.h"

#include "cmd/s3_get.h"
#include "cmd/s3_put.h"

static const struct arg s3put_args[] = {
	{ "FILE... URI", ARG_PATH_OR_URI, ARG_REPEATED,
	  "local files, then s3://bucket/key or s3://bucket/folder/" },
	{ "--part-size", ARG_BYTES, ARG_OPTIONAL, "default 8 MiB" },
	ARG_END
};

static const struct arg s3get_args[] = {
	{ "URI... [TARGET]", ARG_PATH_OR_URI, ARG_REPEATED,
	  "objects or globs, then a local folder or file" },
	{ "-r", ARG_FLAG, ARG_OPTIONAL, "all below a folder" },
	{ "-n", ARG_FLAG, ARG_OPTIONAL, "overwrite nothing" },
	ARG_END
};

const struct command cmd_transfer_table[] = {
	{
		.name = "s3put",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3put [--part-size SIZE] FILE... URI",
		.brief = "send local files to S3, resuming if interrupted",
		.args = s3put_args,
		.run = s3_put_run,
	},
	{
		.name = "s3get",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3get [-rn] URI... [DIR|FILE]",
		.brief = "fetch objects into local files",
		.args = s3get_args,
		.run = s3_get_run,
	},
	COMMAND_END
};
