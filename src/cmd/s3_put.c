#include "cmd/s3_put.h"

#include <string.h>

#include "aws/s3_options.h"
#include "aws/s3_uri.h"
#include "cmd/s3_args.h"
#include "cmd/s3_batch.h"
#include "cmd/s3_where.h"
#include "shell/command.h"
#include "shell/session.h"
#include "transfer/name_filter.h"
#include "transfer/put_source.h"

static const char names_arg[] = "FILE... URI";

/* The target is in S3 in any case, so it may be relative to \s3cd's folder. */
static bool read_target(const struct session *session, const struct args *args,
			size_t count, struct s3_uri *target, struct err *err)
{
	if (count >= 2)
		return s3_where_parse(session,
				      args_item(args, names_arg, count - 1),
				      target, err);
	err_set(err, ERR_USAGE, "\\s3put: a file and a target are needed");
	return err_hint(err, "\\s3put FILE s3://bucket/key");
}

static bool add_names(struct session *session, const struct args *args,
		      size_t count, struct put_source *source, struct err *err)
{
	for (size_t i = 0; i + 1 < count; i++) {
		const char *name = args_item(args, names_arg, i);

		if (strcmp(name, "-") == 0 &&
		    !session_may_read_stdin(session, err))
			return false;
		if (!put_source_add(source, name, err))
			return false;
	}
	return true;
}

static void tell_left_out(struct session *session,
			  const struct put_source *source)
{
	long long count = put_source_left_out(source);

	if (count > 0)
		session_info(session,
			     "put: %lld pipes, sockets, devices or links left "
			     "out",
			     count);
}

bool s3_put_run(struct session *session, const struct args *args,
		struct err *err)
{
	CLEANUP(s3_batch_done) struct s3_batch batch = { .subject = STR_EMPTY };
	CLEANUP(s3_options_done) struct s3_options options = S3_OPTIONS_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri target = S3_URI_EMPTY;
	CLEANUP(name_filter_done) struct name_filter filter = { 0 };
	CLEANUP(put_source_freep) struct put_source *source = NULL;
	size_t count = args_count(args, names_arg);
	struct put_source_options which = {
		.recursive = args_flag(args, "-r"),
		.leave_links = args_flag(args, "--no-follow-symlinks"),
		.filter = &filter,
	};
	bool ok;

	target.options = &options;
	s3_batch_read_filter(args, &filter);
	if (!read_target(session, args, count, &target, err) ||
	    !s3_args_options(args, &options, err))
		return false;
	source = put_source_new(&target, &which);
	if (!add_names(session, args, count, source, err) ||
	    !s3_batch_begin(&batch, session, args, "put", err))
		return false;
	ok = s3_batch_run(&batch,
			  &(struct batch_source){ put_source_next, source },
			  err);
	tell_left_out(session, source);
	return ok;
}
