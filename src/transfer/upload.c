#include "transfer/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/call.h"
#include "aws/s3_multipart.h"
#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/clock.h"
#include "base/vec.h"
#include "data/encode.h"
#include "data/hash.h"
#include "transfer/journal.h"
#include "transfer/part_plan.h"
#include "transfer/progress.h"

static const struct upload_options no_options;

struct upload {
	struct aws *aws;
	const struct s3_uri *to;
	const struct upload_options *options;
	int fd;
	struct part_plan plan;
	struct journal journal;
	struct worker_queue *queue;
	struct s3_parts parts; /* [plan.part_count], by number */
	int64_t next;          /* part to be sent next */
	int64_t have_bytes;    /* of parts S3 had before */
	struct progress progress;
	struct upload_result result;
};

static void upload_done(struct upload *upload)
{
	worker_queue_free(upload->queue);
	s3_parts_done(&upload->parts);
	journal_done(&upload->journal);
	if (upload->fd >= 0)
		close(upload->fd);
}

static bool open_file(struct upload *upload, const char *path,
		      struct stat *status, struct err *err)
{
	upload->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (upload->fd < 0 || fstat(upload->fd, status) != 0) {
		err_set_errno(err, errno, "%s", path);
		if (err != NULL && errno == ENOENT)
			err->kind = ERR_MISSING;
		return false;
	}
	if (S_ISREG(status->st_mode))
		return true;
	return err_set(err, ERR_USAGE, "%s is %s", path,
		       S_ISDIR(status->st_mode) ? "a folder"
						: "not a regular file");
}

static void show(void *context)
{
	struct upload *upload = context;
	const struct progress_watch *watch = upload->options->watch;

	progress_set(&upload->progress,
		     upload->have_bytes + worker_bytes(upload->queue),
		     clock_monotonic_us());
	if (watch != NULL)
		watch->run(watch->context, &upload->progress);
}

static struct call *wait_one(struct upload *upload, struct err *err)
{
	struct worker_tick tick = { show, upload };
	struct err failed = ERR_EMPTY;
	struct call *call = worker_wait(upload->queue, &tick, &failed);

	if (call == NULL && err != NULL)
		*err = failed;
	if (call != NULL && !call->ok && err != NULL)
		*err = call->err;
	return call;
}

/* --- one request --- */

static bool put_whole(struct upload *upload, struct err *err)
{
	struct call *call = call_new(OPERATION_PUT_OBJECT);
	bool ok;

	call_set_uri(call, upload->to);
	if (upload->options->content_type != NULL)
		call_add_header(call, "content-type",
				upload->options->content_type);
	if (upload->plan.size > 0 &&
	    !call_set_body_file(call, upload->fd, 0, upload->plan.size, err)) {
		call_free(call);
		return false;
	}
	worker_send_take(upload->queue, call);
	call = wait_one(upload, err);
	ok = call != NULL && call->ok;
	call_free(call);
	upload->result.parts = 1;
	return ok;
}

/* --- parts --- */

static void forget_parts(struct upload *upload)
{
	s3_parts_done(&upload->parts);
	for (int64_t i = 0; i < upload->plan.part_count; i++) {
		struct s3_part part = {
			.number = (int)i + 1,
			.size = part_plan_length(&upload->plan, i),
		};

		vec_push(&upload->parts, part);
	}
	upload->have_bytes = 0;
	upload->result.resumed_parts = 0;
}

/* Takes over what S3 has of an earlier try, part by part. */
static void take_parts(struct upload *upload, struct s3_parts *there)
{
	forget_parts(upload);
	for (size_t i = 0; i < there->count; i++) {
		struct s3_part *from = &there->items[i];
		struct s3_part *to;

		if ((size_t)from->number > upload->parts.count)
			continue;
		to = &upload->parts.items[from->number - 1];
		if (from->size != to->size || to->etag != NULL)
			continue;
		to->etag = from->etag;
		to->sum = from->sum;
		from->etag = NULL;
		upload->have_bytes += to->size;
		upload->result.resumed_parts++;
	}
}

static bool create(struct upload *upload, struct err *err)
{
	forget_parts(upload);
	if (!s3_multipart_create(upload->aws, upload->to,
				 upload->options->content_type,
				 &upload->journal.upload_id, err))
		return false;
	upload->journal.part_bytes = upload->plan.part_bytes;
	if (upload->options->no_resume || journal_save(&upload->journal, err))
		return true;
	s3_multipart_abort(upload->aws, upload->to,
			   upload->journal.upload_id.text, NULL);
	return false;
}

/* Finds the upload to go on with, or begins one. */
static bool begin(struct upload *upload, struct err *err)
{
	CLEANUP(s3_parts_done) struct s3_parts there = { 0 };
	struct err failed = ERR_EMPTY;

	if (upload->journal.upload_id.len == 0)
		return create(upload, err);
	if (s3_multipart_list(upload->aws, upload->to,
			      upload->journal.upload_id.text, &there,
			      &failed) &&
	    part_plan_make(&upload->plan, upload->plan.size,
			   upload->journal.part_bytes, &failed)) {
		take_parts(upload, &there);
		return true;
	}
	if (failed.kind == ERR_MISSING || failed.kind == ERR_USAGE)
		return create(upload, err);
	if (err != NULL)
		*err = failed;
	return false;
}

static bool send_next(struct upload *upload, struct err *err)
{
	struct s3_part_source source = { .fd = upload->fd };
	struct call *call;

	while (upload->next < upload->plan.part_count &&
	       upload->parts.items[upload->next].etag != NULL)
		upload->next++;
	if (upload->next == upload->plan.part_count)
		return true;
	source.offset = part_plan_offset(&upload->plan, upload->next);
	source.length = part_plan_length(&upload->plan, upload->next);
	source.number = (int)upload->next + 1;
	call = s3_multipart_part(upload->to, upload->journal.upload_id.text,
				 &source, err);
	if (call == NULL)
		return false;
	call->user = &upload->parts.items[upload->next];
	upload->next++;
	worker_send_take(upload->queue, call);
	return true;
}

static bool take_part(struct call *call, struct err *err)
{
	struct s3_part *part = call->user;
	const char *etag = call_reply_header(call, "etag");

	if (etag == NULL || etag[0] == '\0')
		return err_set(err, ERR_DATA,
			       "part %d: the reply has no "
			       "etag",
			       part->number);
	part->etag = mem_copy_text(etag);
	part->sum = call->body_sum;
	return true;
}

static bool send_parts(struct upload *upload, struct err *err)
{
	for (;;) {
		struct call *call;
		bool fine;

		while (worker_pending(upload->queue) < PART_PLAN_IN_FLIGHT &&
		       upload->next < upload->plan.part_count) {
			if (!send_next(upload, err))
				return false;
			show(upload);
		}
		if (worker_pending(upload->queue) == 0)
			return true;
		call = wait_one(upload, err);
		fine = call != NULL && call->ok && take_part(call, err);
		call_free(call);
		if (!fine)
			return false;
	}
}

/* The bytes sent must be those of one and the same file. */
static bool check_unchanged(struct upload *upload, struct err *err)
{
	struct stat status;

	if (fstat(upload->fd, &status) == 0 &&
	    status.st_size == upload->journal.size &&
	    (int64_t)status.st_mtim.tv_sec * 1000000000 +
			    status.st_mtim.tv_nsec ==
		    upload->journal.mtime_ns)
		return true;
	return err_set(err, ERR_DATA, "%s changed while it was sent",
		       upload->journal.path.text);
}

static bool can_resume(const struct upload *upload, const struct err *err)
{
	return !upload->options->no_resume &&
	       (err->kind == ERR_CANCELLED || err->kind == ERR_NETWORK ||
		err->kind == ERR_AUTH);
}

static void give_up(struct upload *upload, struct err *err)
{
	struct err failed = ERR_EMPTY;

	/* Nothing may be under way when the upload is aborted. */
	worker_queue_free(upload->queue);
	upload->queue = NULL;
	if (can_resume(upload, err)) {
		if (err->hint[0] == '\0' || err->kind == ERR_CANCELLED)
			err_hint(err, "the parts sent so far are kept: the "
				      "same command goes on from there");
		return;
	}
	if (!s3_multipart_abort(upload->aws, upload->to,
				upload->journal.upload_id.text, &failed) &&
	    failed.kind != ERR_MISSING) {
		err_hint(err,
			 "parts of the unfinished upload %.200s remain "
			 "in the bucket and cost money until aborted",
			 upload->journal.upload_id.text);
		return;
	}
	journal_remove(&upload->journal);
}

/* The etag S3 gives: MD5 of the parts' MD5s, and their number. "" when the
 * parts' etags are no MD5s (KMS). */
static void expected_etag(const struct upload *upload, struct str *out)
{
	CLEANUP(str_done) struct str digests = STR_EMPTY;

	for (size_t i = 0; i < upload->parts.count; i++) {
		const char *etag = upload->parts.items[i].etag;

		etag += strspn(etag, "\"");
		if (strcspn(etag, "\"") != 32 ||
		    !encode_unhex(&digests, etag, 32))
			return;
	}
	hash_add_hex(HASH_MD5, digests.text, digests.len, out);
	str_addf(out, "-%zu", upload->parts.count);
}

/* A complete whose answer was lost, or that another try of ours sent: the
 * upload is gone and the object is there. */
static bool is_there(struct upload *upload)
{
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	CLEANUP(str_done) struct str expected = STR_EMPTY;

	expected_etag(upload, &expected);
	return expected.len > 0 &&
	       s3_object_head(upload->aws, upload->to, &head, NULL) &&
	       head.size == upload->plan.size &&
	       strstr(head.etag.text, expected.text) != NULL;
}

static bool complete(struct upload *upload, struct err *err)
{
	struct err failed = ERR_EMPTY;

	if (s3_multipart_complete(upload->aws, upload->to,
				  upload->journal.upload_id.text,
				  &upload->parts, &failed) ||
	    (failed.kind == ERR_MISSING && is_there(upload)))
		return true;
	*err = failed;
	return false;
}

static bool put_parts(struct upload *upload, struct err *err)
{
	struct err failed = ERR_EMPTY;

	if (!begin(upload, err))
		return false;
	upload->result.parts = upload->plan.part_count;
	if (send_parts(upload, &failed) && check_unchanged(upload, &failed) &&
	    complete(upload, &failed)) {
		journal_remove(&upload->journal);
		return true;
	}
	give_up(upload, &failed);
	if (err != NULL)
		*err = failed;
	return false;
}

bool upload_file(struct aws *aws, const char *path, const struct s3_uri *to,
		 const struct upload_options *options,
		 struct upload_result *out, struct err *err)
{
	CLEANUP(upload_done)
	struct upload upload = {
		.aws = aws,
		.to = to,
		.options = options != NULL ? options : &no_options,
		.fd = -1,
		.journal = JOURNAL_EMPTY,
	};
	struct stat status;

	if (!open_file(&upload, path, &status, err) ||
	    !part_plan_make(&upload.plan, status.st_size,
			    upload.options->part_bytes, err))
		return false;
	upload.queue = worker_queue_new(aws, err);
	if (upload.queue == NULL)
		return false;
	journal_find(&upload.journal, path, to, worker_endpoint(aws));
	if (upload.options->no_resume)
		str_clear(&upload.journal.upload_id);
	progress_start(&upload.progress, upload.plan.size,
		       clock_monotonic_us());
	if (upload.plan.part_count > 1 ? !put_parts(&upload, err)
				       : !put_whole(&upload, err))
		return err_wrap(err, "sending %s", path);
	show(&upload);
	upload.result.bytes = upload.plan.size;
	if (out != NULL)
		*out = upload.result;
	return true;
}
