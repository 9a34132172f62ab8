/* An object to another within S3, without its bytes passing through here; or
 * moved: copied, looked at, and only then removed where it was.
 *
 *	HEAD (when size or etag is not known)
 *	  -> COPY, or CREATE -> PARTS -> COMPLETE of a large one
 *	  -> CHECK -> REMOVE of a move
 */
#include <inttypes.h>
#include <stdlib.h>

#include "aws/call.h"
#include "aws/s3_multipart.h"
#include "aws/s3_object.h"
#include "aws/s3_options.h"
#include "base/vec.h"
#include "transfer/item.h"
#include "transfer/part_plan.h"

#define COPY_PART_BYTES (INT64_C(256) * 1024 * 1024)

enum stage {
	STAGE_HEAD,
	STAGE_COPY,
	STAGE_CREATE,
	STAGE_PARTS,
	STAGE_COMPLETE,
	STAGE_CHECK,
	STAGE_REMOVE,
};

struct copying {
	enum stage stage;
	struct s3_head head; /* of the source, when it was asked for */
	struct part_plan plan;
	struct str upload_id; /* "": none */
	struct s3_parts parts;
	int64_t sent; /* parts asked for */
	int64_t done;
};

static bool by_parts(const struct item *item)
{
	int64_t part = item->options->part_bytes;

	return item->what.size > S3_OBJECT_COPY_MAX_BYTES ||
	       (part > 0 && item->what.size > part);
}

/* Parts take neither type nor metadata along: they must be known. */
static bool ask_head(struct item *item)
{
	struct copying *copying = item->state;

	copying->stage = STAGE_HEAD;
	item_send_take(item,
		       s3_object_head_call(item->aws, &item->what.from, false));
	return true;
}

static bool plan_parts(struct item *item, struct err *err)
{
	struct copying *copying = item->state;
	int64_t part = item->options->part_bytes;
	int64_t size = item->what.size;

	if (part == 0)
		part = size / COPY_PART_BYTES < PART_PLAN_MAX_PARTS
			       ? COPY_PART_BYTES
			       : 0;
	if (!part_plan_make(&copying->plan, size, part, err))
		return false;
	for (int64_t i = 0; i < copying->plan.part_count; i++) {
		struct s3_part one = { .number = (int)i + 1 };

		vec_push(&copying->parts, one);
	}
	copying->stage = STAGE_CREATE;
	item_send_take(item,
		       s3_multipart_create_copy_call(item->aws, &item->what.uri,
						     &copying->head));
	return true;
}

static bool ask_copy(struct item *item, struct err *err)
{
	struct copying *copying = item->state;

	item->bytes = item->what.size;
	if (by_parts(item))
		return copying->head.etag.len > 0 ? plan_parts(item, err)
						  : ask_head(item);
	copying->stage = STAGE_COPY;
	item_send_take(item, s3_object_copy_call(&item->what.from,
						 item->what.etag.text,
						 &item->what.uri));
	return true;
}

static bool begin(struct item *item, struct err *err)
{
	struct copying *copying = mem_alloc(sizeof(*copying));

	copying->head = (struct s3_head)S3_HEAD_EMPTY;
	copying->upload_id = (struct str)STR_EMPTY;
	item->state = copying;
	if (item->what.size < 0 || item->what.etag.len == 0)
		return ask_head(item);
	return ask_copy(item, err);
}

static bool send_more(struct item *item, struct err *err)
{
	struct copying *copying = item->state;
	struct s3_copy_part part;

	(void)err;
	if (copying->stage != STAGE_PARTS ||
	    copying->sent == copying->plan.part_count)
		return true;
	part.offset = part_plan_offset(&copying->plan, copying->sent);
	part.length = part_plan_length(&copying->plan, copying->sent);
	part.number = (int)++copying->sent;
	item_send_take(item, s3_multipart_copy_part_call(
				     &item->what.from, item->what.etag.text,
				     &item->what.uri, copying->upload_id.text,
				     &part));
	return true;
}

static bool take_head(struct item *item, const struct call *call,
		      struct err *err)
{
	struct copying *copying = item->state;

	if (!s3_object_read_head(call, &copying->head, err))
		return false;
	item->what.size = copying->head.size;
	str_set(&item->what.etag, copying->head.etag.text);
	return ask_copy(item, err);
}

/* Which part it was stands in its query. */
static bool take_part(struct item *item, const struct call *call,
		      struct err *err)
{
	struct copying *copying = item->state;
	const char *number = http_headers_get(&call->query, "partNumber");
	char *etag = s3_multipart_read_copied(call, err);
	int64_t at;

	if (etag == NULL)
		return false;
	at = strtoll(number, NULL, 10) - 1;
	mem_free(copying->parts.items[at].etag);
	copying->parts.items[at].etag = etag;
	if (++copying->done < copying->plan.part_count)
		return true;
	copying->stage = STAGE_COMPLETE;
	item_send_take(item, s3_multipart_complete_call(&item->what.uri,
							copying->upload_id.text,
							&copying->parts));
	return true;
}

static bool copied(struct item *item)
{
	struct copying *copying = item->state;

	str_clear(&copying->upload_id);
	if (item->what.kind != BATCH_MOVE) {
		item->over = true;
		return true;
	}
	copying->stage = STAGE_CHECK;
	item_send_take(item,
		       s3_object_head_call(item->aws, &item->what.uri, false));
	return true;
}

/* The source must still be what was copied. */
static bool take_check(struct item *item, const struct call *call,
		       struct err *err)
{
	struct copying *copying = item->state;
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	struct call *removal;

	if (!s3_object_read_head(call, &head, err))
		return false;
	if (head.size != item->what.size) {
		err_set(err, ERR_DATA,
			"the copy has %" PRId64 " of %" PRId64 " bytes: what "
			"was to be moved is still there",
			head.size, item->what.size);
		return err_wrap(err, "%s", item->subject.text);
	}
	removal = call_new(OPERATION_DELETE_OBJECT);
	call_set_uri(removal, &item->what.from);
	call_add_header(removal, "if-match", item->what.etag.text);
	copying->stage = STAGE_REMOVE;
	item_send_take(item, removal);
	return true;
}

/* Something has the key, and --no-clobber was given. */
static bool is_there(const struct item *item, const struct call *call)
{
	const struct copying *copying = item->state;

	return call->reply.status == 412 &&
	       (copying->stage == STAGE_COPY ||
		copying->stage == STAGE_COMPLETE) &&
	       s3_options_has(item->what.uri.options, S3_OPTION_NO_CLOBBER);
}

static bool take(struct item *item, struct call *call, struct err *err)
{
	struct copying *copying = item->state;

	if (!call->ok && is_there(item, call)) {
		item->outcome = ITEM_LEFT;
		item->over = true;
		return true;
	}
	if (!call->ok) {
		if (err != NULL)
			*err = call->err;
		return false;
	}
	switch (copying->stage) {
	case STAGE_HEAD:
		return take_head(item, call, err);
	case STAGE_CREATE:
		if (!s3_multipart_read_id(call, &copying->upload_id, err))
			return false;
		copying->stage = STAGE_PARTS;
		return true;
	case STAGE_PARTS:
		return take_part(item, call, err);
	case STAGE_COPY:
	case STAGE_COMPLETE:
		return copied(item);
	case STAGE_CHECK:
		return take_check(item, call, err);
	case STAGE_REMOVE:
		item->over = true;
		return true;
	}
	return false;
}

static bool end(struct item *item, const struct err *failed, struct err *err)
{
	struct copying *copying = item->state;

	if (copying->upload_id.len > 0)
		item_abort_upload(item, copying->upload_id.text, err);
	s3_head_done(&copying->head);
	s3_parts_done(&copying->parts);
	str_done(&copying->upload_id);
	mem_free(copying);
	return failed == NULL;
}

const struct item_kind item_copy = { begin, send_more, take, end };
