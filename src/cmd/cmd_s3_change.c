#include "cmd/cmd_s3_change.h"

#include "aws/endpoint.h"
#include "aws/listing.h"
#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/clock.h"
#include "base/sink.h"
#include "base/units.h"
#include "cmd/s3_args.h"
#include "cmd/s3_copy.h"
#include "cmd/s3_remove.h"
#include "cmd/s3_where.h"
#include "data/isotime.h"
#include "shell/session.h"

/* --- \s3mb --- */

static const struct arg s3mb_args[] = {
	{ "URI", ARG_S3_URI, ARG_REQUIRED, "s3://bucket" },
	{ "--region", ARG_WORD, ARG_OPTIONAL, "where; else the one in use",
	  WANT_REGION },
	{ "--dry-run", ARG_FLAG, ARG_OPTIONAL, "say what would be done" },
	ARG_END
};

static bool parse_new_bucket(struct session *session, const struct args *args,
			     struct s3_uri *uri, struct err *err)
{
	const char *region = args_text(args, "--region");

	if (!s3_where_parse(session, args_text(args, "URI"), uri, err))
		return false;
	if (uri->key.len > 0) {
		err_set(err, ERR_USAGE, "a bucket has no key");
		return err_hint(err, "s3://%s", uri->bucket.text);
	}
	if (region != NULL && !endpoint_region_valid(region))
		return err_set(err, ERR_USAGE, "\"%s\" is no region", region);
	return s3_uri_check_new_bucket(uri->bucket.text, err);
}

static bool s3mb_run(struct session *session, const struct args *args,
		     struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	const char *region = args_text(args, "--region");
	struct aws *aws;

	if (!parse_new_bucket(session, args, &uri, err))
		return false;
	aws = session_aws(session, err);
	if (aws == NULL)
		return false;
	if (region == NULL)
		region = worker_region(aws);
	if (args_flag(args, "--dry-run")) {
		session_info(session, "would make s3://%s in %s",
			     uri.bucket.text, region);
		return true;
	}
	if (!s3_bucket_create(aws, uri.bucket.text, region, err))
		return false;
	if (worker_listing(aws) != NULL)
		listing_forget(worker_listing(aws), "");
	session_info(session, "made: s3://%s", uri.bucket.text);
	return true;
}

/* --- \s3presign --- */

enum { EXPIRES_S = 3600 };

static const struct arg s3presign_args[] = {
	{ "URI", ARG_S3_URI, ARG_REQUIRED, "s3://bucket/key" },
	{ "--expires", ARG_WORD, ARG_OPTIONAL, "1h when not said, 7d at most",
	  WANT_CHOICE, "15min|1h|12h|1d|7d" },
	{ "--put", ARG_FLAG, ARG_OPTIONAL,
	  "to send the object, not to get it" },
	ARG_END
};

static bool read_expires(const struct args *args, struct s3_presign *how,
			 struct err *err)
{
	const char *text = args_text(args, "--expires");
	int64_t ms = EXPIRES_S * 1000;

	if (text != NULL && !units_parse_duration_ms(text, &ms, err))
		return err_wrap(err, "--expires");
	if (ms < 1000 || ms > S3_PRESIGN_MAX_S * INT64_C(1000)) {
		err_set(err, ERR_USAGE,
			"--expires %s: a link may live 1 second to 7 days",
			text);
		return err_hint(err, "--expires 12h");
	}
	how->expires_s = (int)(ms / 1000);
	return true;
}

static void warn_of_end(struct session *session, int64_t cred_ends_ms,
			int expires_s)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (cred_ends_ms == 0 ||
	    cred_ends_ms >= clock_wall_ms() + expires_s * INT64_C(1000))
		return;
	isotime_add_local(&text, cred_ends_ms);
	session_warn(session,
		     "the link ends at %s already, with the credentials that "
		     "signed it",
		     text.text);
}

/* The link alone stands on standard output, to be caught by scripts. */
static bool s3presign_run(struct session *session, const struct args *args,
			  struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str url = STR_EMPTY;
	struct s3_presign how = { .put = args_flag(args, "--put") };
	int64_t cred_ends_ms = 0;
	struct aws *aws;

	if (!read_expires(args, &how, err) ||
	    !s3_where_parse(session, args_text(args, "URI"), &uri, err))
		return false;
	if (uri.key.len == 0) {
		err_set(err, ERR_USAGE, "\\s3presign: a bucket has no link");
		return err_hint(err, "name an object: s3://%s/key",
				uri.bucket.text);
	}
	aws = session_aws(session, err);
	if (aws == NULL ||
	    !s3_object_presign(aws, &uri, &how, &url, &cred_ends_ms, err))
		return false;
	warn_of_end(session, cred_ends_ms, how.expires_s);
	str_add_char(&url, '\n');
	return sink_write(session_out(session), url.text, url.len, err);
}

/* --- arguments of handlers that stand elsewhere --- */

static const struct arg s3cp_args[] = {
	{ "FROM... TO", ARG_S3_URI, ARG_REPEATED,
	  "objects or globs, then a key, or a folder ending in /" },
	{ "-r", ARG_FLAG, ARG_OPTIONAL, "all below a folder" },
	{ "--dry-run", ARG_FLAG, ARG_OPTIONAL, "say what would be done" },
	{ "--part-size", ARG_BYTES, ARG_OPTIONAL,
	  "copy larger objects by such parts; over 5 GiB always" },
	S3_ARGS_NEW,
	S3_ARGS_ACCESS,
	ARG_END
};

static const struct arg s3rm_args[] = {
	{ "URI", ARG_S3_URI, ARG_REPEATED, "objects or globs" },
	{ "-r", ARG_FLAG, ARG_OPTIONAL, "all below a folder" },
	{ "--versions", ARG_FLAG, ARG_OPTIONAL,
	  "every version and delete marker, for good" },
	{ "--yes", ARG_FLAG, ARG_OPTIONAL, "do not ask" },
	{ "--dry-run", ARG_FLAG, ARG_OPTIONAL, "say what would be done" },
	S3_ARGS_ACCESS,
	ARG_END
};

static const struct arg s3rb_args[] = {
	{ "URI", ARG_S3_URI, ARG_REQUIRED, "s3://bucket; it must be empty" },
	{ "--force", ARG_FLAG, ARG_OPTIONAL, "with all that is in it" },
	{ "--yes", ARG_FLAG, ARG_OPTIONAL, "do not ask" },
	{ "--dry-run", ARG_FLAG, ARG_OPTIONAL, "say what would be done" },
	S3_ARGS_ACCESS,
	ARG_END
};

const struct command cmd_s3_change_table[] = {
	{
		.name = "s3cp",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3cp [-r] [OPTION...] FROM... TO",
		.brief = "copy objects within S3",
		.args = s3cp_args,
		.behind = true,
		.run = s3_copy_cp,
	},
	{
		.name = "s3mv",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3mv [-r] [OPTION...] FROM... TO",
		.brief = "move objects within S3: copied, checked, removed",
		.args = s3cp_args,
		.behind = true,
		.run = s3_copy_mv,
	},
	{
		.name = "s3rm",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3rm [-r] [--yes] [OPTION...] URI...",
		.brief = "remove objects",
		.args = s3rm_args,
		.behind = true,
		.run = s3_remove_rm,
	},
	{
		.name = "s3mb",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3mb [--region REGION] URI",
		.brief = "make a bucket",
		.args = s3mb_args,
		.run = s3mb_run,
	},
	{
		.name = "s3rb",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3rb [--force] [--yes] [OPTION...] URI",
		.brief = "remove a bucket",
		.args = s3rb_args,
		.run = s3_remove_rb,
	},
	{
		.name = "s3presign",
		.group = GROUP_S3,
		.needs = NEEDS_AWS,
		.synopsis = "\\s3presign [--expires TIME] [--put] URI",
		.brief = "make a link to an object for people without keys",
		.args = s3presign_args,
		.run = s3presign_run,
	},
	COMMAND_END
};
