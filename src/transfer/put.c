/* A file to an object. Small ones go by PutObject (WHOLE); others in parts:
 *
 *	LOOKING		is something there that is to stay? (--no-clobber)
 *	LISTING		which parts has S3 of an earlier try?
 *	CREATING	a new multipart upload
 *	SENDING		parts, several at a time
 *	COMPLETING	all parts are there
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/call.h"
#include "aws/s3_multipart.h"
#include "aws/s3_object.h"
#include "aws/s3_options.h"
#include "aws/worker.h"
#include "base/vec.h"
#include "data/encode.h"
#include "data/hash.h"
#include "transfer/content_type.h"
#include "transfer/item.h"
#include "transfer/journal.h"
#include "transfer/part_plan.h"

enum stage {
	STAGE_WHOLE,
	STAGE_LOOKING,
	STAGE_LISTING,
	STAGE_CREATING,
	STAGE_SENDING,
	STAGE_COMPLETING,
};

struct put {
	enum stage stage;
	int fd;
	struct stat before; /* of the file, when it was opened */
	struct part_plan plan;
	struct journal journal;
	struct str marker;     /* of ListParts' next page */
	struct s3_parts there; /* what ListParts told so far */
	struct s3_parts parts; /* [plan.part_count], by number */
	int64_t next;          /* part to be sent next */
	int64_t missing;       /* parts without an etag */
	int64_t resumed;
};

static int64_t mtime_ns(const struct stat *status)
{
	return (int64_t)status->st_mtim.tv_sec * 1000000000 +
	       status->st_mtim.tv_nsec;
}

/* A pipe must not make us wait before we know that it is one. */
static bool open_file(struct put *put, const char *path, struct err *err)
{
	put->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (put->fd < 0 || fstat(put->fd, &put->before) != 0) {
		err_set_errno(err, errno, "%s", path);
		if (err != NULL && errno == ENOENT)
			err->kind = ERR_MISSING;
		return false;
	}
	if (S_ISREG(put->before.st_mode))
		return true;
	return err_set(err, ERR_USAGE, "%s is %s", path,
		       S_ISDIR(put->before.st_mode) ? "a folder"
						    : "not a regular file");
}

/* --no-clobber and something is there already. */
static bool left_as_it_is(struct item *item)
{
	item->outcome = ITEM_LEFT;
	item->over = true;
	return true;
}

static bool refuses_to_overwrite(const struct item *item,
				 const struct call *call)
{
	return call->reply.status == 412 &&
	       s3_options_has(item->what.uri.options, S3_OPTION_NO_CLOBBER);
}

static bool failed(const struct call *call, struct err *err)
{
	if (err != NULL)
		*err = call->err;
	return false;
}

/* NULL: the options say it, or nothing does. */
static const char *guessed_type(const struct item *item)
{
	if (s3_options_has(item->what.uri.options, S3_OPTION_CONTENT_TYPE))
		return NULL;
	return content_type_of(item->what.path.text);
}

/* --- one request --- */

static bool send_whole(struct item *item, struct err *err)
{
	struct put *put = item->state;
	struct call *call = call_new(OPERATION_PUT_OBJECT);
	const char *type = guessed_type(item);

	call_set_uri(call, &item->what.uri);
	if (type != NULL)
		call_add_header(call, "content-type", type);
	if (put->plan.size > 0 &&
	    !call_set_body_file(call, put->fd, 0, put->plan.size, err)) {
		call_free(call);
		return false;
	}
	item_send_take(item, call);
	return true;
}

/* --- the parts --- */

static void forget_parts(struct put *put)
{
	s3_parts_done(&put->parts);
	for (int64_t i = 0; i < put->plan.part_count; i++) {
		struct s3_part part = {
			.number = (int)i + 1,
			.size = part_plan_length(&put->plan, i),
		};

		vec_push(&put->parts, part);
	}
	put->missing = put->plan.part_count;
	put->next = 0;
	put->resumed = 0;
}

/* Takes over one part of an earlier try, if it is as we cut them. */
static void take_over(struct item *item, struct s3_part *from)
{
	struct put *put = item->state;
	struct s3_part *to;

	if (from->number < 1 || (size_t)from->number > put->parts.count)
		return;
	to = &put->parts.items[from->number - 1];
	if (from->size != to->size || to->etag != NULL)
		return;
	to->etag = from->etag;
	to->sum = from->sum;
	from->etag = NULL;
	item->had_bytes += to->size;
	put->resumed++;
	put->missing--;
}

/* Who may not list parts has the record of what was answered. */
static void take_recorded(struct item *item)
{
	struct put *put = item->state;
	enum integrity_kind kind = worker_body_kind(item->aws);

	for (size_t i = 0; i < put->journal.count; i++) {
		struct journal_part *line = &put->journal.items[i];
		struct s3_part part = { .number = (int)line->number + 1 };

		if (line->number < 0 || line->number >= put->plan.part_count)
			continue;
		part.size = part_plan_length(&put->plan, line->number);
		part.etag = mem_copy_text(line->etag);
		if (strcmp(put->journal.sum_name.text, integrity_name(kind)) ==
		    0)
			integrity_parse(&part.sum, kind, line->sum, part.size);
		take_over(item, &part);
		mem_free(part.etag);
	}
}

static void go_on_sending(struct item *item)
{
	struct put *put = item->state;

	put->stage = STAGE_SENDING;
	if (put->resumed > 0)
		item_note(item, "%s: going on after %lld of %lld parts",
			  item->subject.text, (long long)put->resumed,
			  (long long)put->plan.part_count);
}

static bool ask_parts(struct item *item)
{
	struct put *put = item->state;

	put->stage = STAGE_LISTING;
	item_send_take(item, s3_multipart_list_call(&item->what.uri,
						    put->journal.upload_id.text,
						    put->marker.text));
	return true;
}

static bool ask_upload(struct item *item)
{
	struct put *put = item->state;

	put->stage = STAGE_CREATING;
	item_send_take(item,
		       s3_multipart_create_call(item->aws, &item->what.uri,
						guessed_type(item)));
	return true;
}

static bool take_listed(struct item *item, struct call *call, struct err *err)
{
	struct put *put = item->state;

	if (!call->ok && call->err.kind == ERR_MISSING)
		return ask_upload(item);
	if (!call->ok && call->err.kind == ERR_AWS &&
	    !item_err_passes(&call->err)) {
		take_recorded(item);
		go_on_sending(item);
		return true;
	}
	if (!call->ok)
		return failed(call, err);
	if (!s3_multipart_read_list(call, &put->there, &put->marker, err))
		return false;
	if (put->marker.len > 0)
		return ask_parts(item);
	for (size_t i = 0; i < put->there.count; i++)
		take_over(item, &put->there.items[i]);
	s3_parts_done(&put->there);
	go_on_sending(item);
	return true;
}

static bool take_created(struct item *item, struct call *call, struct err *err)
{
	struct put *put = item->state;
	struct journal *journal = &put->journal;
	struct err unkept = ERR_EMPTY;

	if (!call->ok)
		return failed(call, err);
	if (!s3_multipart_read_id(call, &journal->upload_id, err))
		return false;
	journal->size = put->plan.size;
	journal->mtime_ns = mtime_ns(&put->before);
	journal->part_bytes = put->plan.part_bytes;
	str_set(&journal->sum_name,
		integrity_name(worker_body_kind(item->aws)));
	if (!journal_start(journal, &unkept))
		item_note(item, "%s: cannot be resumed: %s", item->subject.text,
			  unkept.message);
	put->stage = STAGE_SENDING;
	return true;
}

/* The bytes sent must be those of one and the same file. */
static bool check_unchanged(const struct item *item, struct err *err)
{
	const struct put *put = item->state;
	struct stat now;

	if (fstat(put->fd, &now) == 0 && now.st_size == put->before.st_size &&
	    mtime_ns(&now) == mtime_ns(&put->before))
		return true;
	err_set(err, ERR_DATA, "%s changed while it was sent",
		item->what.path.text);
	return err_hint(err, "send it again when nobody writes to it");
}

static bool take_part(struct item *item, struct call *call, struct err *err)
{
	struct put *put = item->state;
	int64_t at = call->body_offset / put->plan.part_bytes;
	struct s3_part *part = &put->parts.items[at];
	const char *etag = call_reply_header(call, "etag");
	CLEANUP(str_done) struct str sum = STR_EMPTY;

	if (!call->ok)
		return check_unchanged(item, err) && failed(call, err);
	if (etag == NULL || etag[0] == '\0')
		return err_set(err, ERR_DATA,
			       "%s: the reply to part %d has no etag",
			       item->subject.text, part->number);
	part->etag = mem_copy_text(etag);
	part->sum = call->body_sum;
	put->missing--;
	if (part->sum.kind != INTEGRITY_NONE)
		integrity_add(&part->sum, &sum);
	journal_add(&put->journal, at, etag, sum.text);
	return true;
}

static bool send_part(struct item *item, struct err *err)
{
	struct put *put = item->state;
	struct s3_part_source source = { .fd = put->fd };
	struct call *call;

	while (put->next < put->plan.part_count &&
	       put->parts.items[put->next].etag != NULL)
		put->next++;
	if (put->next == put->plan.part_count)
		return true;
	source.offset = part_plan_offset(&put->plan, put->next);
	source.length = part_plan_length(&put->plan, put->next);
	source.number = (int)put->next + 1;
	call = s3_multipart_part(&item->what.uri, put->journal.upload_id.text,
				 &source, err);
	if (call == NULL)
		return false;
	put->next++;
	item_send_take(item, call);
	return true;
}

/* --- the end --- */

static bool ask_complete(struct item *item, struct err *err)
{
	struct put *put = item->state;

	if (!check_unchanged(item, err))
		return false;
	put->stage = STAGE_COMPLETING;
	item_send_take(item, s3_multipart_complete_call(
				     &item->what.uri,
				     put->journal.upload_id.text, &put->parts));
	return true;
}

/* The etag S3 gives: MD5 of the parts' MD5s, and their number. "" when the
 * parts' etags are no MD5s (KMS). */
static void expected_etag(const struct put *put, struct str *out)
{
	CLEANUP(str_done) struct str digests = STR_EMPTY;

	for (size_t i = 0; i < put->parts.count; i++) {
		const char *etag = put->parts.items[i].etag;

		etag += strspn(etag, "\"");
		if (strcspn(etag, "\"") != 32 ||
		    !encode_unhex(&digests, etag, 32))
			return;
	}
	hash_add_hex(HASH_MD5, digests.text, digests.len, out);
	str_addf(out, "-%zu", put->parts.count);
}

/* A complete whose answer was lost, or that another try of ours sent: the
 * upload is gone and the object is there. */
static bool is_there(const struct item *item)
{
	const struct put *put = item->state;
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	CLEANUP(str_done) struct str expected = STR_EMPTY;

	expected_etag(put, &expected);
	return expected.len > 0 &&
	       s3_object_head(item->aws, &item->what.uri, &head, NULL) &&
	       head.size == put->plan.size &&
	       strstr(head.etag.text, expected.text) != NULL;
}

static bool take_completed(struct item *item, const struct call *call,
			   struct err *err)
{
	struct put *put = item->state;

	if (!call->ok && refuses_to_overwrite(item, call)) {
		s3_multipart_abort(item->aws, &item->what.uri,
				   put->journal.upload_id.text, NULL);
		journal_remove(&put->journal);
		return left_as_it_is(item);
	}
	if (!call->ok && !(call->err.kind == ERR_MISSING && is_there(item)))
		return failed(call, err);
	item->over = true;
	return true;
}

static bool take_whole(struct item *item, const struct call *call,
		       struct err *err)
{
	if (!call->ok && refuses_to_overwrite(item, call))
		return left_as_it_is(item);
	if (!check_unchanged(item, err))
		return false;
	if (!call->ok)
		return failed(call, err);
	item->over = true;
	return true;
}

/* --- the begin --- */

/* What the object would be made with. */
static void add_made(const struct item *item, struct str *out)
{
	const struct s3_options *options = item->what.uri.options;
	const char *type = guessed_type(item);
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, type != NULL ? type : "");
	for (size_t i = 0; options != NULL && i < S3_OPTION_COUNT; i++)
		str_addf(&text, "\n%s",
			 options->values[i] != NULL ? options->values[i] : "-");
	for (size_t i = 0; options != NULL && i < options->metadata.count; i++)
		str_addf(&text, "\n%s=%s", options->metadata.items[i].name,
			 options->metadata.items[i].value);
	hash_add_hex(HASH_SHA256, text.text, text.len, out);
}

/* An unfinished upload of what the file was before costs money. */
static void drop_other(struct item *item)
{
	struct put *put = item->state;

	s3_multipart_abort(item->aws, &item->what.uri,
			   put->journal.upload_id.text, NULL);
	journal_remove(&put->journal);
	str_clear(&put->journal.upload_id);
}

static bool begin_parts(struct item *item, struct err *err)
{
	struct put *put = item->state;
	CLEANUP(str_done) struct str uri = STR_EMPTY;
	CLEANUP(str_done) struct str made = STR_EMPTY;
	struct journal_name name = {
		.way = JOURNAL_UPLOAD,
		.path = item->what.path.text,
		.endpoint = worker_endpoint(item->aws),
	};

	s3_uri_add(&item->what.uri, &uri);
	name.uri = uri.text;
	if (!journal_open(&put->journal, &name, err))
		return false;
	add_made(item, &made);
	if (put->journal.upload_id.len > 0 &&
	    (put->journal.size != put->plan.size ||
	     put->journal.mtime_ns != mtime_ns(&put->before) ||
	     strcmp(put->journal.made.text, made.text) != 0 ||
	     !part_plan_make(&put->plan, put->plan.size,
			     put->journal.part_bytes, NULL)))
		drop_other(item);
	str_set(&put->journal.made, made.text);
	forget_parts(put);
	return put->journal.upload_id.len > 0 ? ask_parts(item)
					      : ask_upload(item);
}

static bool look(struct item *item)
{
	struct put *put = item->state;

	put->stage = STAGE_LOOKING;
	item_send_take(item,
		       s3_object_head_call(item->aws, &item->what.uri, false));
	return true;
}

static bool take_looked(struct item *item, const struct call *call,
			struct err *err)
{
	if (call->ok)
		return left_as_it_is(item);
	if (call->err.kind == ERR_MISSING && call->reply.status == 404)
		return begin_parts(item, err);
	return failed(call, err);
}

static bool begin(struct item *item, struct err *err)
{
	struct put *put = mem_alloc(sizeof(*put));
	const struct s3_uri *uri = &item->what.uri;

	item->state = put;
	put->fd = -1;
	put->marker = (struct str)STR_EMPTY;
	put->journal = (struct journal)JOURNAL_EMPTY;
	if (!open_file(put, item->what.path.text, err) ||
	    !part_plan_make(&put->plan, put->before.st_size,
			    item->options->part_bytes, err))
		return false;
	item->bytes = put->plan.size;
	if (put->plan.part_count <= 1)
		return send_whole(item, err);
	if (s3_options_has(uri->options, S3_OPTION_NO_CLOBBER))
		return look(item);
	return begin_parts(item, err);
}

static bool send_more(struct item *item, struct err *err)
{
	struct put *put = item->state;

	if (put->stage != STAGE_SENDING)
		return true;
	return put->missing > 0 ? send_part(item, err)
				: ask_complete(item, err);
}

static bool take(struct item *item, struct call *call, struct err *err)
{
	const struct put *put = item->state;

	switch (put->stage) {
	case STAGE_WHOLE:
		return take_whole(item, call, err);
	case STAGE_LOOKING:
		return take_looked(item, call, err);
	case STAGE_LISTING:
		return take_listed(item, call, err);
	case STAGE_CREATING:
		return take_created(item, call, err);
	case STAGE_SENDING:
		return take_part(item, call, err);
	case STAGE_COMPLETING:
		return take_completed(item, call, err);
	}
	return true;
}

static bool can_resume(const struct put *put, const struct err *failed)
{
	return put->journal.fd >= 0 &&
	       (item_err_passes(failed) || failed->kind == ERR_CANCELLED ||
		failed->kind == ERR_AUTH);
}

/* Parts were sent, and the object is not to be. */
static void give_up(struct item *item, const struct err *failed,
		    struct err *err)
{
	struct put *put = item->state;
	struct err left = ERR_EMPTY;

	if (can_resume(put, failed)) {
		if (err->hint[0] == '\0' || err->kind == ERR_CANCELLED)
			err_hint(err, "the parts sent so far are kept: the "
				      "same command goes on from there");
		return;
	}
	if (!s3_multipart_abort(item->aws, &item->what.uri,
				put->journal.upload_id.text, &left) &&
	    left.kind != ERR_MISSING) {
		err_hint(err,
			 "parts of the unfinished upload %.200s remain in "
			 "the bucket and cost money until aborted",
			 put->journal.upload_id.text);
		return;
	}
	journal_remove(&put->journal);
}

static bool end(struct item *item, const struct err *failed, struct err *err)
{
	struct put *put = item->state;

	if (failed == NULL)
		journal_remove(&put->journal);
	else if (put->journal.upload_id.len > 0)
		give_up(item, failed, err);
	if (failed != NULL && !str_starts(err->message, item->what.path.text))
		err_wrap(err, "sending %s", item->what.path.text);
	journal_done(&put->journal);
	s3_parts_done(&put->there);
	s3_parts_done(&put->parts);
	str_done(&put->marker);
	if (put->fd >= 0)
		close(put->fd);
	mem_free(put);
	return failed == NULL;
}

const struct item_kind item_put = { begin, send_more, take, end };
