#include "cmd/s3_sync.h"

#include "aws/s3_options.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/units.h"
#include "cmd/s3_args.h"
#include "cmd/s3_batch.h"
#include "shell/command.h"
#include "shell/session.h"
#include "transfer/name_filter.h"
#include "transfer/sync.h"

struct removal {
	int64_t count;
	int64_t bytes;
};

/* One pass that only counts what would be removed: the person is asked with
 * the number. */
static bool count_removals(struct aws *aws, const struct sync_options *options,
			   struct removal *removal, struct err *err)
{
	CLEANUP(sync_freep) struct sync *sync = sync_new(aws, options, err);

	if (sync == NULL)
		return false;
	for (;;) {
		CLEANUP(batch_item_done) struct batch_item item;
		struct err failed = ERR_EMPTY;

		if (!cancel_check(err))
			return false;
		batch_item_init(&item);
		switch (sync_next(sync, &item, &failed)) {
		case BATCH_NEXT:
			if (item.kind != BATCH_REMOVE &&
			    item.kind != BATCH_UNLINK)
				continue;
			removal->count++;
			removal->bytes += item.size;
			continue;
		case BATCH_FAILED:
			continue;
		case BATCH_BROKEN:
			if (err != NULL)
				*err = failed;
			return false;
		case BATCH_END:
			return true;
		}
	}
}

static bool may_remove(const struct s3_batch *batch,
		       const struct sync_options *options, bool *out_go,
		       struct err *err)
{
	CLEANUP(str_done) struct str question = STR_EMPTY;
	struct removal removal = { 0 };

	if (session_is_interactive(batch->session)) {
		if (!count_removals(batch->aws, options, &removal, err))
			return false;
		if (removal.count == 0)
			return true;
	}
	if (removal.count > 0) {
		str_add(&question, "Remove ");
		units_add_count(&question, removal.count);
		str_add(&question, removal.count == 1 ? " file (" : " files (");
		units_add_bytes(&question, removal.bytes);
		str_addf(&question, ") at %s that %s not at %s?", options->to,
			 removal.count == 1 ? "is" : "are", options->from);
	} else {
		str_addf(&question, "Remove what is at %s only?", options->to);
	}
	return session_confirm(batch->session, question.text, "--yes", out_go,
			       err);
}

static void tell(const struct s3_batch *batch, const struct sync *sync)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (sync_same(sync) > 0) {
		units_add_count(&text, sync_same(sync));
		str_add(&text, " are the same");
	}
	if (sync_spared(sync) > 0) {
		str_add(&text, text.len > 0 ? ", " : "");
		units_add_count(&text, sync_spared(sync));
		str_add(&text, " not removed, since not all at the source "
			       "could be read");
	}
	if (text.len > 0)
		session_info(batch->session, "sync: %s", text.text);
}

bool s3_sync_run(struct session *session, const struct args *args,
		 struct err *err)
{
	CLEANUP(s3_batch_done) struct s3_batch batch = { .subject = STR_EMPTY };
	CLEANUP(s3_options_done) struct s3_options options = S3_OPTIONS_EMPTY;
	CLEANUP(name_filter_done) struct name_filter filter = { 0 };
	CLEANUP(sync_freep) struct sync *sync = NULL;
	struct sync_options which = {
		.from = args_text(args, "FROM"),
		.to = args_text(args, "TO"),
		.removes = args_flag(args, "--delete"),
		.size_only = args_flag(args, "--size-only"),
		.leave_links = args_flag(args, "--no-follow-symlinks"),
		.filter = &filter,
		.request = &options,
	};
	bool go = true;
	bool ok;

	s3_batch_read_filter(args, &filter);
	if (!s3_args_options(args, &options, err) ||
	    !s3_batch_begin(&batch, session, args, "sync", err))
		return false;
	if (which.removes && !batch.dry_run && !args_flag(args, "--yes") &&
	    !may_remove(&batch, &which, &go, err))
		return false;
	if (!go)
		return true;
	batch.start_us = clock_monotonic_us();
	sync = sync_new(batch.aws, &which, err);
	if (sync == NULL)
		return false;
	ok = s3_batch_run(&batch, &(struct batch_source){ sync_next, sync },
			  err);
	tell(&batch, sync);
	return ok;
}
