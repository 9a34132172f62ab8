#include "cmd/s3_batch.h"

#include "base/clock.h"
#include "base/units.h"
#include "shell/command.h"
#include "shell/session.h"
#include "transfer/name_filter.h"

enum { TOLD_MAX = 20 }; /* failures; the number of all is told at the end */

static void show_progress(void *context, const struct progress *progress,
			  const char *subject)
{
	struct s3_batch *batch = context;

	session_show_transfer(batch->session, batch->verb, subject, progress);
}

static void show_note(void *context, const char *text)
{
	struct s3_batch *batch = context;

	session_progress(batch->session, "");
	session_info(batch->session, "%s: %s", batch->verb, text);
}

static void warn(struct s3_batch *batch, const struct err *err)
{
	session_progress(batch->session, "");
	if (++batch->told > TOLD_MAX)
		return;
	session_warn(batch->session, "%s", err->message);
	if (err->hint[0] != '\0' && batch->told == 1)
		session_info(batch->session, "HINT:  %s", err->hint);
}

/* One failure is the command's error; of several each is a warning. */
static void show_failure(void *context, const struct err *err)
{
	struct s3_batch *batch = context;

	if (batch->told == 0 && batch->held.kind == ERR_NONE) {
		batch->held = *err;
		return;
	}
	if (batch->told == 0)
		warn(batch, &batch->held);
	warn(batch, err);
}

bool s3_batch_begin(struct s3_batch *batch, struct session *session,
		    const struct args *args, const char *verb, struct err *err)
{
	*batch = (struct s3_batch){
		.session = session,
		.verb = verb,
		.subject = STR_EMPTY,
		.dry_run = args_flag(args, "--dry-run"),
		.start_us = clock_monotonic_us(),
	};
	batch->options.part_bytes = args_number(args, "--part-size", 0);
	batch->options.watch = (struct batch_watch){
		show_progress,
		show_note,
		show_failure,
		batch,
	};
	batch->aws = session_aws_ready(session, err);
	return batch->aws != NULL;
}

void s3_batch_done(struct s3_batch *batch)
{
	if (batch->session != NULL)
		session_progress(batch->session, "");
	str_done(&batch->subject);
}

/* Remembers what the first item is, for the last line. */
static enum batch_step next(void *context, struct batch_item *item,
			    struct err *err)
{
	struct s3_batch *batch = context;
	const struct batch_source *source = batch->source;
	enum batch_step step = source->next(source->context, item, err);

	if (step == BATCH_NEXT && item->kind != BATCH_REMOVE &&
	    item->kind != BATCH_UNLINK && batch->items++ == 0)
		s3_uri_add_shown(&item->uri, &batch->subject);
	return step;
}

static void add_part(struct str *text, int64_t count, const char *what)
{
	if (text->len > 0)
		str_add(text, ", ");
	units_add_count(text, count);
	str_addf(text, " %s", what);
}

static void report(struct s3_batch *batch, const struct batch_result *result,
		   bool ok)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	session_progress(batch->session, "");
	if (result->files == 1 && batch->items == 1)
		str_add(&text, batch->subject.text);
	else if (result->files > 0 || ok)
		add_part(&text, result->files, "objects");
	if (result->files > 0) {
		str_add(&text, ", ");
		units_add_bytes(&text, result->bytes);
	}
	if (result->removed > 0)
		add_part(&text, result->removed, "removed");
	if (result->left > 0)
		add_part(&text, result->left, "left as they are");
	if (text.len == 0)
		return;
	str_add(&text, ", ");
	units_add_duration(&text, clock_monotonic_us() - batch->start_us);
	session_info(batch->session, "%s: %s", batch->verb, text.text);
}

static void describe(void *context, const char *line)
{
	struct s3_batch *batch = context;

	session_info(batch->session, "would %s", line);
}

/* The one thing wanted was not done. */
static bool refuse_overwrite(const struct s3_batch *batch, struct err *err)
{
	err_set(err, ERR_USAGE, "%s is there already", batch->subject.text);
	return err_hint(err, "leave --no-clobber out to replace it");
}

bool s3_batch_run(struct s3_batch *batch, const struct batch_source *source,
		  struct err *err)
{
	struct batch_source counted = { next, batch };
	struct batch_result result;
	bool ok;

	batch->source = source;
	if (batch->dry_run) {
		ok = batch_dry_run(&counted, describe, batch, &result, err);
		if (result.files == 0 && ok)
			session_info(batch->session, "%s: nothing to do",
				     batch->verb);
		return ok;
	}
	ok = batch_run(batch->aws, &batch->options, &counted, &result, err);
	if (ok && result.left == 1 && batch->items == 1)
		return refuse_overwrite(batch, err);
	report(batch, &result, ok);
	if (!ok && batch->told > 0) {
		err_set(err, err->kind, "%lld of %lld failed",
			(long long)result.failed,
			(long long)(result.failed + result.files +
				    result.left));
		return false;
	}
	return ok;
}

void s3_batch_read_filter(const struct args *args, struct name_filter *filter)
{
	for (size_t i = 0; i < args_count(args, "--exclude"); i++)
		name_filter_exclude(filter, args_item(args, "--exclude", i));
	for (size_t i = 0; i < args_count(args, "--include"); i++)
		name_filter_include(filter, args_item(args, "--include", i));
}
