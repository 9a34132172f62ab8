#include "transfer/download.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/call.h"
#include "aws/s3_object.h"
#include "aws/worker.h"
#include "base/clock.h"
#include "base/file.h"
#include "transfer/part_plan.h"
#include "transfer/progress.h"

static const struct download_options no_options;

struct download {
	struct aws *aws;
	const struct s3_uri *from;
	const struct download_options *options;
	struct s3_head head;
	struct part_plan plan;
	struct worker_queue *queue;
	int fd;
	struct str temporary; /* "" when it has its final name */
	int64_t next;
	struct progress progress;
};

static void download_done(struct download *download)
{
	/* The queue first: its calls write to the file. */
	worker_queue_free(download->queue);
	if (download->fd >= 0)
		close(download->fd);
	if (download->temporary.len > 0)
		unlink(download->temporary.text);
	str_done(&download->temporary);
	s3_head_done(&download->head);
}

static void show(void *context)
{
	struct download *download = context;
	const struct progress_watch *watch = download->options->watch;

	progress_set(&download->progress, worker_bytes(download->queue),
		     clock_monotonic_us());
	if (watch != NULL)
		watch->run(watch->context, &download->progress);
}

static bool open_temporary(struct download *download, const char *path,
			   struct err *err)
{
	str_addf(&download->temporary, "%s.part-XXXXXX", path);
	download->fd = mkostemp(download->temporary.text, O_CLOEXEC);
	if (download->fd < 0) {
		int failed = errno;

		str_clear(&download->temporary);
		return err_set_errno(err, failed, "cannot write %s", path);
	}
	return true;
}

static bool ask_next(struct download *download, struct err *err)
{
	int64_t offset = part_plan_offset(&download->plan, download->next);
	int64_t length = part_plan_length(&download->plan, download->next);
	struct call *call = call_new(OPERATION_GET_OBJECT);
	char range[64];

	snprintf(range, sizeof(range), "bytes=%" PRId64 "-%" PRId64, offset,
		 offset + length - 1);
	call_set_uri(call, download->from);
	call_add_header(call, "range", range);
	if (download->head.etag.len > 0)
		call_add_header(call, "if-match", download->head.etag.text);
	if (!call_set_reply_file(call, download->fd, offset, length, err)) {
		call_free(call);
		return false;
	}
	download->next++;
	worker_send_take(download->queue, call);
	return true;
}

static bool check(const struct download *download, const struct call *call,
		  struct err *err)
{
	if (!call->ok) {
		if (err != NULL)
			*err = call->err;
		return false;
	}
	if (call->reply.file_bytes == call->reply_max &&
	    (call->reply.status == 206 || download->plan.part_count == 1))
		return true;
	return err_set(err, ERR_DATA,
		       "the reply was cut short (%" PRId64 " of %" PRId64
		       " bytes)",
		       call->reply.file_bytes, call->reply_max);
}

static bool get_ranges(struct download *download, struct err *err)
{
	struct worker_tick tick = { show, download };

	for (;;) {
		struct err failed = ERR_EMPTY;
		struct call *call;
		bool fine;

		while (worker_pending(download->queue) < PART_PLAN_IN_FLIGHT &&
		       download->next < download->plan.part_count)
			if (!ask_next(download, err))
				return false;
		if (worker_pending(download->queue) == 0)
			return true;
		call = worker_wait(download->queue, &tick, &failed);
		if (call == NULL) {
			if (err != NULL)
				*err = failed;
			return false;
		}
		fine = check(download, call, err);
		call_free(call);
		if (!fine)
			return false;
	}
}

/* mkostemp made it 0600; a download is a file like others. */
static void set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	if (fchmod(fd, 0666 & ~mask) != 0)
		return;
}

static bool finish(struct download *download, const char *path, struct err *err)
{
	set_mode(download->fd);
	if (fsync(download->fd) != 0 && errno != EINVAL)
		return err_set_errno(err, errno, "cannot write %s", path);
	if (close(download->fd) != 0) {
		download->fd = -1;
		return err_set_errno(err, errno, "cannot write %s", path);
	}
	download->fd = -1;
	if (rename(download->temporary.text, path) != 0)
		return err_set_errno(err, errno, "cannot write %s", path);
	str_clear(&download->temporary);
	return true;
}

bool download_file(struct aws *aws, const struct s3_uri *from, const char *path,
		   const struct download_options *options, int64_t *out_bytes,
		   struct err *err)
{
	CLEANUP(download_done)
	struct download download = {
		.aws = aws,
		.from = from,
		.options = options != NULL ? options : &no_options,
		.head = S3_HEAD_EMPTY,
		.temporary = STR_EMPTY,
		.fd = -1,
	};

	if (download.options->keep_existing && file_exists(path))
		return err_set(err, ERR_USAGE, "%s is there already", path);
	if (!s3_object_head(aws, from, &download.head, err) ||
	    !part_plan_make(&download.plan, download.head.size, 0, err) ||
	    !open_temporary(&download, path, err))
		return false;
	download.queue = worker_queue_new(aws, err);
	if (download.queue == NULL)
		return false;
	progress_start(&download.progress, download.head.size,
		       clock_monotonic_us());
	if (!get_ranges(&download, err) || !finish(&download, path, err))
		return err_wrap(err, "getting %s", path);
	show(&download);
	if (out_bytes != NULL)
		*out_bytes = download.head.size;
	return true;
}
