#include "cmd/s3_work.h"

#include <string.h>

#include "aws/listing.h"
#include "aws/worker.h"
#include "base/clock.h"
#include "base/units.h"
#include "shell/session.h"

static void show_progress(void *context, const struct progress *progress)
{
	struct s3_work *work = context;

	session_show_transfer(work->session, work->verb, work->subject.text,
			      progress);
}

bool s3_work_begin(struct s3_work *work, struct session *session,
		   const char *verb, struct err *err)
{
	*work = (struct s3_work){
		.session = session,
		.aws = session_aws(session, err),
		.verb = verb,
		.subject = STR_EMPTY,
		.start_us = clock_monotonic_us(),
	};
	work->watch.run = show_progress;
	work->watch.context = work;
	return work->aws != NULL;
}

void s3_work_done(struct s3_work *work)
{
	session_progress(work->session, "");
	str_done(&work->subject);
}

void s3_work_report(struct s3_work *work)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	session_progress(work->session, "");
	str_addf(&text, "%s: ", work->verb);
	if (work->files == 1)
		str_add(&text, work->subject.text);
	else {
		units_add_count(&text, work->files);
		str_add(&text, " objects");
	}
	if (work->bytes >= 0) {
		str_add(&text, ", ");
		units_add_bytes(&text, work->bytes);
	}
	str_add(&text, ", ");
	units_add_duration(&text, clock_monotonic_us() - work->start_us);
	session_info(work->session, "%s", text.text);
}

void s3_work_forget(struct aws *aws, const char *bucket, const char *key)
{
	struct listing *listing = worker_listing(aws);
	CLEANUP(str_done) struct str level = STR_EMPTY;
	size_t len = strlen(key);

	if (listing == NULL)
		return;
	while (len > 0 && key[len - 1] != '/')
		len--;
	str_addf(&level, "%s/", bucket);
	str_add_slice(&level, key, len);
	listing_forget(listing, level.text);
}
