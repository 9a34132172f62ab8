#include "cmd/s3_get.h"

#include <string.h>

#include "aws/s3_object.h"
#include "aws/s3_options.h"
#include "base/file.h"
#include "base/path.h"
#include "cmd/s3_args.h"
#include "cmd/s3_batch.h"
#include "cmd/s3_where.h"
#include "shell/command.h"
#include "shell/session.h"
#include "transfer/get_source.h"
#include "transfer/name_filter.h"

static const char names_arg[] = "URI... [TARGET]";

/* The last argument is the target unless it names an object: one name alone
 * does where names may be relative to \s3cd's folder. */
static bool find_target(const struct args *args, bool relative, size_t *count,
			struct str *target, bool *into, struct err *err)
{
	const char *last = *count > 0 ? args_item(args, names_arg, *count - 1)
				      : NULL;

	*into = true;
	str_set(target, ".");
	if (last != NULL && (s3_uri_is(last) || (*count == 1 && relative)))
		return true;
	if (*count < 2) {
		err_set(err, ERR_USAGE, "\\s3get: name an object first");
		return err_hint(err, "\\s3get s3://bucket/key [FILE]");
	}
	--*count;
	str_clear(target);
	path_expand(last, target);
	*into = args_flag(args, "-r") || file_is_dir(target->text) ||
		str_ends(target->text, "/");
	return true;
}

static bool add_names(const struct session *session, const struct args *args,
		      size_t count, struct get_source *source, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		CLEANUP(str_done) struct str whole = STR_EMPTY;

		s3_uri_join(s3_where_now(session),
			    args_item(args, names_arg, i), &whole);
		if (!get_source_add(source, whole.text, err))
			return false;
	}
	return true;
}

/* To the output, one after the other. */
static bool write_out(struct s3_batch *batch, struct get_source *source,
		      struct err *err)
{
	struct sink *out = session_out(batch->session);

	for (;;) {
		CLEANUP(batch_item_done) struct batch_item item;
		struct err failed = ERR_EMPTY;

		batch_item_init(&item);
		switch (get_source_next(source, &item, &failed)) {
		case BATCH_NEXT:
			if (!s3_object_read(batch->aws, &item.uri, out, err))
				return false;
			break;
		case BATCH_FAILED:
		case BATCH_BROKEN:
			if (err != NULL)
				*err = failed;
			return false;
		case BATCH_END:
			return true;
		}
	}
}

bool s3_get_run(struct session *session, const struct args *args,
		struct err *err)
{
	CLEANUP(s3_batch_done) struct s3_batch batch = { .subject = STR_EMPTY };
	CLEANUP(s3_options_done) struct s3_options options = S3_OPTIONS_EMPTY;
	CLEANUP(name_filter_done) struct name_filter filter = { 0 };
	CLEANUP(str_done) struct str target = STR_EMPTY;
	CLEANUP(get_source_freep) struct get_source *source = NULL;
	size_t count = args_count(args, names_arg);
	struct get_source_options which = {
		.recursive = args_flag(args, "-r"),
		.filter = &filter,
		.request = &options,
	};

	s3_batch_read_filter(args, &filter);
	if (!find_target(args, s3_where_now(session)[0] != '\0', &count, &target, &which.into, err) ||
	    !s3_args_options(args, &options, err) ||
	    !s3_batch_begin(&batch, session, args, "get", err))
		return false;
	which.target = target.text;
	source = get_source_new(batch.aws, &which);
	if (!add_names(session, args, count, source, err))
		return false;
	batch.options.keep_existing = args_flag(args, "-n") ||
				      args_flag(args, "--no-clobber");
	if (strcmp(target.text, "-") == 0)
		return write_out(&batch, source, err);
	return s3_batch_run(
		&batch, &(struct batch_source){ get_source_next, source }, err);
}
