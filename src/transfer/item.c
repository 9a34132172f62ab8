#include "transfer/item.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include "aws/call.h"
#include "aws/s3_multipart.h"
#include "aws/worker.h"

enum { FAREWELL_MS = 500 }; /* Ctrl-C must return within a second */

void item_abort_upload(struct item *item, const char *upload_id,
		       struct err *err)
{
	item_abort_at(item->aws, &item->what.uri, upload_id, err);
}

void item_abort_at(struct aws *aws, const struct s3_uri *uri,
		   const char *upload_id, struct err *err)
{
	struct itimerspec soon = { .it_value.tv_nsec = FAREWELL_MS * 1000000 };
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	CLEANUP(call_freep)
	struct call *call = s3_multipart_abort_call(uri, upload_id);

	if (timer >= 0 && timerfd_settime(timer, 0, &soon, NULL) == 0 &&
	    !worker_call_until(aws, call, timer, NULL))
		err_hint(err,
			 "parts of the unfinished upload %.200s may remain in "
			 "the bucket and cost money until aborted",
			 upload_id);
	if (timer >= 0)
		close(timer);
}
