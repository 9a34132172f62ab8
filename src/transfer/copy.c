/* An object to another within S3, without its bytes passing through here. */
#include "aws/call.h"
#include "aws/s3_multipart.h"
#include "aws/s3_object.h"
#include "transfer/item.h"

static bool ask_copy(struct item *item, struct err *err)
{
	const struct batch_item *what = &item->what;

	item->bytes = what->size;
	if (what->size <= S3_OBJECT_COPY_MAX_BYTES) {
		item_send_take(item,
			       s3_object_copy_call(&what->from, &what->uri));
		return true;
	}
	item->over = true;
	return s3_multipart_copy(item->aws, &what->from, what->size, &what->uri,
				 err);
}

static bool begin(struct item *item, struct err *err)
{
	if (item->what.size >= 0)
		return ask_copy(item, err);
	item_send_take(item,
		       s3_object_head_call(item->aws, &item->what.from, false));
	return true;
}

static bool send_more(struct item *item, struct err *err)
{
	(void)item;
	(void)err;
	return true;
}

static bool take(struct item *item, struct call *call, struct err *err)
{
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;

	if (!call->ok) {
		if (err != NULL)
			*err = call->err;
		return false;
	}
	if (item->what.size >= 0) {
		item->over = true;
		return true;
	}
	if (!s3_object_read_head(call, &head, err))
		return false;
	item->what.size = head.size;
	return ask_copy(item, err);
}

static bool end(struct item *item, const struct err *failed, struct err *err)
{
	(void)item;
	(void)err;
	return failed == NULL;
}

const struct item_kind item_copy = { begin, send_more, take, end };
