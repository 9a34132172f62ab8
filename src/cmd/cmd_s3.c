#include "cmd/cmd_s3.h"

#include "aws/s3_uri.h"
#include "cmd/s3_args.h"
#include "cmd/s3_du.h"
#include "cmd/s3_find.h"
#include "cmd/s3_list_rows.h"
#include "cmd/s3_read.h"
#include "cmd/s3_stat.h"
#include "cmd/s3_tree.h"
#include "cmd/s3_where.h"
#include "shell/session.h"

/* --- \s3ls --- */

static const struct arg s3ls_args[] = {
	{ "URI", ARG_S3_URI, ARG_OPTIONAL,
	  "bucket, folder, prefix or glob; none: your buckets, or where "
	  "\\s3cd went" },
	{ "-l", ARG_FLAG, ARG_OPTIONAL, "etags too" },
	{ "-h", ARG_FLAG, ARG_OPTIONAL, "sizes for people" },
	{ "-t", ARG_FLAG, ARG_OPTIONAL, "newest first" },
	{ "-S", ARG_FLAG, ARG_OPTIONAL, "largest first" },
	{ "-r", ARG_FLAG, ARG_OPTIONAL, "the other way round" },
	{ "-R", ARG_FLAG, ARG_OPTIONAL, "all below, not one level" },
	{ "-n", ARG_NUMBER, ARG_OPTIONAL, "so many rows at most", WANT_CHOICE,
	  "10|100|1000" },
	{ "--versions", ARG_FLAG, ARG_OPTIONAL,
	  "older versions and what was deleted" },
	S3_ARGS_ACCESS,
	ARG_END
};

/* No name and no place: the buckets. */
static bool parse_listed(const struct session *session, const char *text,
			 struct s3_uri *uri, struct err *err)
{
	if (text == NULL && s3_where_now(session)[0] == '\0')
		return true;
	return s3_where_parse_any(session, text, uri, err);
}

static bool s3ls_run(struct session *session, const struct args *args,
		     struct err *err)
{
	CLEANUP(s3_options_done) struct s3_options request = S3_OPTIONS_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct s3_list_rows_options options = {
		.all_columns = args_flag(args, "-l"),
		.human = args_flag(args, "-h"),
		.recursive = args_flag(args, "-R"),
		.versions = args_flag(args, "--versions"),
		.by_time = args_flag(args, "-t"),
		.by_size = args_flag(args, "-S"),
		.reverse = args_flag(args, "-r"),
		.limit = args_number(args, "-n", 0),
	};
	struct aws *aws;
	struct rows *rows;

	if (options.limit < 0)
		return err_set(err, ERR_USAGE, "-n: the number is negative");
	if (!s3_args_options(args, &request, err) ||
	    !parse_listed(session, args_text(args, "URI"), &uri, err))
		return false;
	uri.options = &request;
	aws = session_aws(session, err);
	if (aws == NULL)
		return false;
	if (uri.bucket.len == 0)
		rows = s3_list_rows_buckets(aws, &request, &options, err);
	else
		rows = s3_list_rows_objects(aws, &uri, &options, err);
	return rows != NULL && session_print_rows(session, rows, NULL, err);
}

/* --- arguments of handlers that stand elsewhere --- */

static const struct arg s3head_args[] = {
	{ "URI", ARG_S3_URI, ARG_REQUIRED, "s3://bucket/key" },
	{ "LINES", ARG_NUMBER, ARG_OPTIONAL, "how many, 10" },
	{ "-n", ARG_NUMBER, ARG_OPTIONAL, "likewise" },
	{ "-c", ARG_BYTES, ARG_OPTIONAL, "so many bytes instead" },
	{ "--member", ARG_WORD, ARG_OPTIONAL,
	  "of a zip archive; else the first" },
	{ "--raw", ARG_FLAG, ARG_OPTIONAL, "do not unpack" },
	S3_ARGS_ACCESS,
	ARG_END
};

static const struct arg s3cat_args[] = {
	{ "URI", ARG_S3_URI, ARG_REPEATED, "s3://bucket/key or glob" },
	{ "--member", ARG_WORD, ARG_OPTIONAL,
	  "of a zip archive; else the first" },
	{ "--raw", ARG_FLAG, ARG_OPTIONAL, "do not unpack" },
	S3_ARGS_ACCESS,
	ARG_END
};

static const struct arg s3stat_args[] = {
	{ "URI", ARG_S3_URI, ARG_OPTIONAL, "object or bucket" },
	{ "--version-id", ARG_WORD, ARG_OPTIONAL,
	  "an older version of the object" },
	S3_ARGS_ACCESS,
	ARG_END
};

static const struct arg s3du_args[] = {
	{ "URI", ARG_S3_URI, ARG_REPEATED, "buckets, prefixes or globs" },
	{ "-h", ARG_FLAG, ARG_OPTIONAL, "sizes for people" },
	{ "-d", ARG_NUMBER, ARG_OPTIONAL, "folders to so many levels too",
	  WANT_CHOICE, "1|2|3" },
	S3_ARGS_ACCESS,
	ARG_END
};

static const struct arg s3tree_args[] = {
	{ "URI", ARG_S3_URI, ARG_OPTIONAL, "bucket, folder or glob" },
	{ "-L", ARG_NUMBER, ARG_OPTIONAL, "so many levels; all are counted",
	  WANT_CHOICE, "1|2|3" },
	{ "-h", ARG_FLAG, ARG_OPTIONAL, "sizes for people" },
	S3_ARGS_ACCESS,
	ARG_END
};

static const struct arg s3find_args[] = {
	{ "URI", ARG_S3_URI, ARG_OPTIONAL, "below which bucket or folder" },
	{ "--name", ARG_WORD, ARG_OPTIONAL, "glob for the name: *.csv.gz" },
	{ "--size", ARG_WORD, ARG_OPTIONAL,
	  "+10MB: more; -1kB: less; 0: just so", WANT_CHOICE,
	  "+1MB|+100MB|+1GB|-1kB|0" },
	{ "--newer", ARG_WORD, ARG_OPTIONAL, "than an age or a date: 2d",
	  WANT_CHOICE, "1h|1d|7d|30d" },
	{ "--older", ARG_WORD, ARG_OPTIONAL, "likewise: 2026-03-14",
	  WANT_CHOICE, "1d|7d|30d|365d" },
	{ "--class", ARG_WORD, ARG_OPTIONAL, "storage class", WANT_CHOICE,
	  "STANDARD|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|"
	  "GLACIER_IR|GLACIER|DEEP_ARCHIVE|REDUCED_REDUNDANCY" },
	{ "-l", ARG_FLAG, ARG_OPTIONAL, "etags too" },
	{ "-h", ARG_FLAG, ARG_OPTIONAL, "sizes for people" },
	{ "-t", ARG_FLAG, ARG_OPTIONAL, "newest first" },
	{ "-S", ARG_FLAG, ARG_OPTIONAL, "largest first" },
	{ "-r", ARG_FLAG, ARG_OPTIONAL, "the other way round" },
	{ "-n", ARG_NUMBER, ARG_OPTIONAL, "so many rows at most", WANT_CHOICE,
	  "10|100|1000" },
	S3_ARGS_ACCESS,
	ARG_END
};

static const struct arg s3cd_args[] = {
	{ "URI", ARG_S3_URI, ARG_OPTIONAL,
	  "folder; .. goes up, - goes back; none: nowhere" },
	S3_ARGS_ACCESS,
	ARG_END
};

const struct command cmd_s3_table[] = {
	{
		.name = "s3ls",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3ls [-lhtSrR] [-n N] [URI]",
		.brief = "list buckets, folders and objects",
		.args = s3ls_args,
		.run = s3ls_run,
	},
	{
		.name = "s3head",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.brief = "show the first lines of an object, unpacked",
		.args = s3head_args,
		.run = s3_read_head,
	},
	{
		.name = "s3cat",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.brief = "write whole objects to the output",
		.args = s3cat_args,
		.run = s3_read_cat,
	},
	{
		.name = "s3du",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3du [-h] [-d DEPTH] [URI]...",
		.brief = "count objects and bytes",
		.args = s3du_args,
		.run = s3_du_run,
	},
	{
		.name = "s3stat",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3stat [URI]",
		.brief = "show all that S3 says of an object or bucket",
		.args = s3stat_args,
		.run = s3_stat_run,
	},
	{
		.name = "s3tree",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3tree [-h] [-L DEPTH] [URI]",
		.brief = "draw folders and objects as a tree",
		.args = s3tree_args,
		.run = s3_tree_run,
	},
	{
		.name = "s3find",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3find [-lhtSr] [--name GLOB] [--size SIZE] "
			    "[URI]",
		.brief = "find objects by name, size, age and class",
		.args = s3find_args,
		.run = s3_find_run,
	},
	{
		.name = "s3cd",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3cd [URI]",
		.brief = "choose the folder that S3 names are relative to",
		.args = s3cd_args,
		.run = s3_where_cd,
	},
	{
		.name = "s3pwd",
		.group = GROUP_S3,
		.brief = "show the folder that \\s3cd chose",
		.run = s3_where_pwd,
	},
	COMMAND_END
};
