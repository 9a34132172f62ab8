/* All that comes from a pipe to an object. How much it is shows at its end:
 * less than a part goes by PutObject, more in parts that grow, so that S3's
 * 10,000 are enough. A part must be there to be sent again, hence each waits
 * in a slot of an unlinked temporary file until S3 has it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "aws/call.h"
#include "aws/s3_multipart.h"
#include "aws/s3_object.h"
#include "aws/s3_options.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/vec.h"
#include "transfer/content_type.h"
#include "transfer/item.h"
#include "transfer/part_plan.h"

enum {
	SLOTS = PART_PLAN_IN_FLIGHT,
	BLOCK = 256 * 1024,
	PARTS_AGAIN = 20,  /* beyond the tries of each; a pipe has no second
			    * chance */
};

enum stage {
	STAGE_FIRST,
	STAGE_WHOLE,
	STAGE_CREATING,
	STAGE_SENDING,
	STAGE_COMPLETING,
};

struct pipe_put {
	enum stage stage;
	int spool;
	char *block;
	int64_t first_bytes; /* of a part */
	int64_t part_bytes;
	bool busy[SLOTS];
	size_t slot;    /* that was filled last */
	int64_t filled; /* bytes in it */
	bool at_end;    /* of the pipe */
	struct str upload_id;
	struct s3_parts parts;
	int64_t missing; /* parts without an etag */
	int again;
};

static bool open_spool(struct pipe_put *put, struct err *err)
{
	const char *folder = getenv("TMPDIR");
	CLEANUP(str_done) struct str name = STR_EMPTY;

	str_addf(&name, "%s/redsh-put-XXXXXX",
		 folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	put->spool = mkostemp(name.text, O_CLOEXEC);
	if (put->spool < 0)
		return err_set_errno(err, errno, "cannot write %s", name.text);
	unlink(name.text);
	return true;
}

static bool write_spool(struct pipe_put *put, int64_t offset, size_t len,
			struct err *err)
{
	size_t done = 0;

	while (done < len) {
		ssize_t put_now = pwrite(put->spool, put->block + done,
					 len - done, offset + (int64_t)done);

		if (put_now < 0 && errno == EINTR)
			continue;
		if (put_now > 0) {
			done += (size_t)put_now;
			continue;
		}
		err_set_errno(err, errno, "keeping what the pipe gave");
		return err_hint(err, "parts wait in the folder TMPDIR names "
				     "until S3 has them; it needs some room");
	}
	return true;
}

/* Fills the slot up to a part, or to the end of the pipe. */
static bool fill_slot(struct item *item, struct err *err)
{
	struct pipe_put *put = item->state;
	int64_t start = (int64_t)put->slot * put->part_bytes;

	put->filled = 0;
	while (!put->at_end && put->filled < put->part_bytes) {
		int64_t want = put->part_bytes - put->filled;
		ssize_t got;

		if (cancel_poll(item->what.fd, POLLIN, -1) < 0)
			return cancel_check(err);
		got = read(item->what.fd, put->block,
			   want < BLOCK ? (size_t)want : BLOCK);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return err_set_errno(err, errno,
					     "reading standard input");
		put->at_end = got == 0;
		if (!write_spool(put, start + put->filled, (size_t)got, err))
			return false;
		put->filled += got;
	}
	item->bytes += put->filled;
	return true;
}

static const char *guessed_type(const struct item *item)
{
	if (s3_options_has(item->what.uri.options, S3_OPTION_CONTENT_TYPE))
		return NULL;
	return content_type_of(item->what.uri.key.text);
}

static bool send_whole(struct item *item, struct err *err)
{
	struct pipe_put *put = item->state;
	struct call *call = call_new(OPERATION_PUT_OBJECT);
	const char *type = guessed_type(item);

	put->stage = STAGE_WHOLE;
	call_set_uri(call, &item->what.uri);
	if (type != NULL)
		call_add_header(call, "content-type", type);
	if (put->filled > 0 &&
	    !call_set_body_file(call, put->spool, 0, put->filled, err)) {
		call_free(call);
		return false;
	}
	item_send_take(item, call);
	return true;
}

static bool send_part(struct item *item, const struct s3_part_source *source,
		      struct err *err)
{
	struct pipe_put *put = item->state;
	struct call *call = s3_multipart_part(&item->what.uri,
					      put->upload_id.text, source, err);

	if (call == NULL)
		return false;
	item_send_take(item, call);
	return true;
}

static bool send_slot(struct item *item, struct err *err)
{
	struct pipe_put *put = item->state;
	struct s3_part part = {
		.number = (int)put->parts.count + 1,
		.size = put->filled,
	};
	struct s3_part_source source = {
		.fd = put->spool,
		.offset = (int64_t)put->slot * put->part_bytes,
		.length = put->filled,
		.number = part.number,
	};

	if (part.number > PART_PLAN_MAX_PARTS)
		return err_set(err, ERR_USAGE,
			       "standard input has more than S3 takes in "
			       "10,000 parts");
	put->busy[put->slot] = true;
	put->missing++;
	vec_push(&put->parts, part);
	return send_part(item, &source, err);
}

static bool send_again(struct item *item, const struct call *call,
		       struct err *err)
{
	struct pipe_put *put = item->state;
	const char *number = http_headers_get(&call->query, "partNumber");
	struct s3_part_source source = {
		.fd = put->spool,
		.offset = call->body_offset,
		.length = call->body_length,
		.number = (int)strtol(number, NULL, 10),
	};

	return send_part(item, &source, err);
}

/* Larger parts need the slots cut anew, when none is in use. */
static bool find_slot(struct pipe_put *put)
{
	int64_t wanted =
		part_plan_growing(put->first_bytes, (int64_t)put->parts.count);

	if (wanted != put->part_bytes && put->missing > 0)
		return false;
	put->part_bytes = wanted;
	for (put->slot = 0; put->slot < SLOTS; put->slot++)
		if (!put->busy[put->slot])
			return true;
	return false;
}

static bool send_next(struct item *item, struct err *err)
{
	struct pipe_put *put = item->state;

	if (!put->at_end) {
		if (!find_slot(put))
			return true;
		if (!fill_slot(item, err))
			return false;
		if (put->filled > 0)
			return send_slot(item, err);
	}
	if (put->missing > 0)
		return true;
	put->stage = STAGE_COMPLETING;
	item_send_take(item, s3_multipart_complete_call(&item->what.uri,
							put->upload_id.text,
							&put->parts));
	return true;
}

static bool send_more(struct item *item, struct err *err)
{
	struct pipe_put *put = item->state;

	if (put->stage == STAGE_SENDING)
		return send_next(item, err);
	if (put->stage != STAGE_FIRST)
		return true;
	if (!fill_slot(item, err))
		return false;
	if (put->at_end)
		return send_whole(item, err);
	put->stage = STAGE_CREATING;
	item_send_take(item,
		       s3_multipart_create_call(item->aws, &item->what.uri,
						guessed_type(item)));
	return true;
}

static bool take_part(struct item *item, const struct call *call,
		      struct err *err)
{
	struct pipe_put *put = item->state;
	const char *etag = call_reply_header(call, "etag");
	const char *number = http_headers_get(&call->query, "partNumber");
	size_t at = (size_t)strtol(number, NULL, 10) - 1;

	if (etag == NULL || etag[0] == '\0')
		return err_set(err, ERR_DATA,
			       "%s: the reply to part %s has no etag",
			       item->subject.text, number);
	put->parts.items[at].etag = mem_copy_text(etag);
	put->parts.items[at].sum = call->body_sum;
	put->busy[call->body_offset / put->part_bytes] = false;
	put->missing--;
	return true;
}

static bool take(struct item *item, struct call *call, struct err *err)
{
	struct pipe_put *put = item->state;

	if (!call->ok && call->reply.status == 412 &&
	    s3_options_has(item->what.uri.options, S3_OPTION_NO_CLOBBER)) {
		err_set(err, ERR_USAGE, "%s is there already",
			item->subject.text);
		return err_hint(err, "leave --no-clobber out to replace it");
	}
	if (!call->ok && put->stage == STAGE_SENDING &&
	    item_err_passes(&call->err) && put->again++ < PARTS_AGAIN)
		return send_again(item, call, err);
	if (!call->ok) {
		if (err != NULL)
			*err = call->err;
		return false;
	}
	switch (put->stage) {
	case STAGE_CREATING:
		if (!s3_multipart_read_id(call, &put->upload_id, err))
			return false;
		put->stage = STAGE_SENDING;
		return send_slot(item, err);
	case STAGE_SENDING:
		return take_part(item, call, err);
	case STAGE_FIRST:
	case STAGE_WHOLE:
	case STAGE_COMPLETING:
		item->over = true;
		break;
	}
	return true;
}

static bool begin(struct item *item, struct err *err)
{
	struct pipe_put *put = mem_alloc(sizeof(*put));
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	struct part_plan plan;

	item->state = put;
	put->spool = -1;
	put->upload_id = (struct str)STR_EMPTY;
	put->block = mem_alloc(BLOCK);
	put->first_bytes = item->options->part_bytes > 0
				   ? item->options->part_bytes
				   : PART_PLAN_DEFAULT_PART;
	put->part_bytes = put->first_bytes;
	if (!part_plan_make(&plan, 0, item->options->part_bytes, err) ||
	    !open_spool(put, err))
		return false;
	/* Before all is read, not after. */
	if (!s3_options_has(item->what.uri.options, S3_OPTION_NO_CLOBBER) ||
	    !s3_object_head(item->aws, &item->what.uri, &head, NULL))
		return true;
	err_set(err, ERR_USAGE, "%s is there already", item->subject.text);
	return err_hint(err, "leave --no-clobber out to replace it");
}

static bool end(struct item *item, const struct err *failed, struct err *err)
{
	struct pipe_put *put = item->state;

	/* What was read from the pipe cannot be read again: nothing to
	 * resume. */
	if (failed != NULL && put->upload_id.len > 0)
		item_abort_upload(item, put->upload_id.text, err);
	if (put->spool >= 0)
		close(put->spool);
	s3_parts_done(&put->parts);
	str_done(&put->upload_id);
	mem_free(put->block);
	mem_free(put);
	return failed == NULL;
}

const struct item_kind item_put_pipe = { begin, send_more, take, end };
