#include "transfer/stream_put.h"

#include <stdlib.h>
#include <string.h>

#include "aws/call.h"
#include "aws/s3_multipart.h"
#include "aws/s3_object.h"
#include "aws/s3_options.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/str.h"
#include "base/vec.h"
#include "transfer/content_type.h"
#include "transfer/item.h"
#include "transfer/journal.h"
#include "transfer/part_plan.h"

enum {
	MEMORY = 15 * PART_PLAN_MIB, /* of parts on their way, and one more */
	PARTS_AGAIN = 20,	     /* beyond the tries of each */
};

/* One object; it lives until its last call is back. */
struct object {
	struct s3_uri uri;
	struct str from, mark;
	int64_t id;
	int64_t size;
	int64_t part_bytes;
	struct str upload_id; /* "": not in parts, so far */
	struct s3_parts parts;
	struct s3_parts there; /* of an earlier try */
	bool once;
	struct journal journal;
	size_t missing; /* calls on their way */
	int again;
};

struct stream_put {
	struct aws *aws;
	struct stream_put_watch watch;
	struct worker_queue *queue;
	struct str buffer;
	int64_t in_flight; /* bytes of calls on their way */
	struct object *now;
	struct {
		VEC(struct object *);
	} wholes; /* on their way by PutObject */
	bool can_resume;
	struct err err; /* of a call: nothing goes on after it */
};

struct stream_put *stream_put_new(struct aws *aws,
				  const struct stream_put_watch *watch,
				  struct err *err)
{
	struct worker_queue *queue = worker_queue_new(aws, err);
	struct stream_put *put;

	if (queue == NULL)
		return NULL;
	put = mem_alloc(sizeof(*put));
	put->aws = aws;
	put->watch = *watch;
	put->queue = queue;
	put->buffer = (struct str)STR_EMPTY;
	return put;
}

static void object_free(struct object *object)
{
	if (object == NULL)
		return;
	s3_uri_done(&object->uri);
	str_done(&object->from);
	str_done(&object->mark);
	str_done(&object->upload_id);
	s3_parts_done(&object->parts);
	s3_parts_done(&object->there);
	journal_done(&object->journal);
	mem_free(object);
}

static void forget_whole(struct stream_put *put, const struct object *object)
{
	for (size_t i = 0; i < put->wholes.count; i++) {
		if (put->wholes.items[i] != object)
			continue;
		object_free(put->wholes.items[i]);
		vec_remove(&put->wholes, i);
		return;
	}
}

void stream_put_free(struct stream_put *put)
{
	if (put == NULL)
		return;
	worker_queue_free(put->queue); /* its calls point at the objects */
	for (size_t i = 0; i < put->wholes.count; i++)
		object_free(put->wholes.items[i]);
	vec_done(&put->wholes);
	object_free(put->now);
	str_done(&put->buffer);
	mem_free(put);
}

bool stream_put_can_resume(const struct stream_put *put)
{
	return put->can_resume || (put->now != NULL &&
				   put->now->journal.fd >= 0);
}

/* --- calls --- */

static void send_take(struct stream_put *put, struct object *object,
		      struct call *call, struct str *body)
{
	call->user = object;
	call->body = *body;
	*body = (struct str)STR_EMPTY;
	put->in_flight += (int64_t)call->body.len;
	object->missing++;
	worker_send_take(put->queue, call);
}

static struct call *part_call(const struct object *object, int number)
{
	struct call *call = call_new(OPERATION_UPLOAD_PART);

	call_set_uri(call, &object->uri);
	call_add_query_number(call, "partNumber", number);
	call_add_query(call, "uploadId", object->upload_id.text);
	return call;
}

static int number_of(const struct call *call)
{
	const char *number = http_headers_get(&call->query, "partNumber");

	return (int)strtol(number, NULL, 10);
}

static const char *guessed_type(const struct object *object)
{
	if (s3_options_has(object->uri.options, S3_OPTION_CONTENT_TYPE))
		return NULL;
	return content_type_of(object->uri.key.text);
}

static struct call *whole_call(const struct object *object)
{
	struct call *call = call_new(OPERATION_PUT_OBJECT);
	const char *type = guessed_type(object);

	call_set_uri(call, &object->uri);
	if (type != NULL)
		call_add_header(call, "content-type", type);
	return call;
}

static void take_part(struct object *object, struct call *call)
{
	struct s3_part *part =
		&object->parts.items[number_of(call) - 1];
	const char *etag = call_reply_header(call, "etag");

	part->etag = mem_copy_text(etag != NULL ? etag : "");
	part->sum = call->body_sum;
}

/* A call that came back; it may go out again. */
static void take(struct stream_put *put, struct call *call)
{
	struct object *object = call->user;
	bool whole = object->upload_id.len == 0;
	const char *etag = call_reply_header(call, "etag");

	put->in_flight -= (int64_t)call->body.len;
	object->missing--;
	if (!call->ok && item_err_passes(&call->err) &&
	    object->again++ < PARTS_AGAIN) {
		send_take(put, object,
			  whole ? whole_call(object)
				: part_call(object, number_of(call)),
			  &call->body);
		return;
	}
	if (!call->ok && put->err.kind == ERR_NONE)
		put->err = call->err;
	if (call->ok && !whole)
		take_part(object, call);
	if (call->ok && whole)
		put->watch.done(put->watch.context, object->id,
				etag != NULL ? etag : "");
	if (whole)
		forget_whole(put, object);
}

/* Waits for one of the calls on their way. */
static bool take_one(struct stream_put *put, struct err *err)
{
	struct worker_tick tick = { put->watch.tick, put->watch.context };
	struct err cancelled = ERR_EMPTY;
	CLEANUP(call_freep)
	struct call *call = worker_wait(put->queue,
					put->watch.tick != NULL ? &tick : NULL,
					&cancelled);

	if (call != NULL)
		take(put, call);
	if (call == NULL && cancelled.kind != ERR_NONE)
		put->err = cancelled;
	if (put->err.kind == ERR_NONE)
		return true;
	if (err != NULL)
		*err = put->err;
	return false;
}

/* What S3 has answered meanwhile. */
static bool take_answered(struct stream_put *put, struct err *err)
{
	for (;;) {
		CLEANUP(call_freep)
		struct call *call = worker_take(put->queue);

		if (call == NULL)
			break;
		take(put, call);
	}
	if (put->err.kind == ERR_NONE)
		return true;
	if (err != NULL)
		*err = put->err;
	return false;
}

static bool make_room(struct stream_put *put, int64_t wanted, struct err *err)
{
	while (worker_pending(put->queue) > 0 &&
	       (put->in_flight + wanted > MEMORY ||
		worker_pending(put->queue) >= PART_PLAN_IN_FLIGHT))
		if (!take_one(put, err))
			return false;
	return take_answered(put, err);
}

void stream_put_look(struct stream_put *put)
{
	if (put->err.kind == ERR_NONE)
		take_answered(put, NULL);
}

bool stream_put_wait(struct stream_put *put, struct err *err)
{
	while (worker_pending(put->queue) > 0)
		if (!take_one(put, err))
			return false;
	return true;
}

/* --- an upload in parts --- */

static void name_record(const struct stream_put *put,
			const struct object *object, const struct str *uri,
			struct journal_name *out)
{
	*out = (struct journal_name){
		.way = JOURNAL_UPLOAD,
		.path = object->from.text,
		.uri = uri->text,
		.endpoint = worker_endpoint(put->aws),
	};
}

/* S3 could not be asked now; the next try may, by the record. */
static bool keeps_record(const struct err *failed, struct err *err)
{
	if (failed->kind != ERR_CANCELLED && failed->kind != ERR_NETWORK &&
	    !failed->retry)
		return false;
	if (err != NULL)
		*err = *failed;
	return true;
}

/* What S3 has of it; *out_found false: there is nothing to go on with. */
static bool find_parts(struct stream_put *put, struct object *object,
		       bool *out_found, struct err *err)
{
	struct journal *journal = &object->journal;
	struct err failed = ERR_EMPTY;

	*out_found = false;
	if (journal->upload_id.len == 0)
		return true;
	if (journal->size == object->size &&
	    journal->part_bytes == object->part_bytes &&
	    strcmp(journal->made.text, object->mark.text) == 0) {
		*out_found = s3_multipart_list(put->aws, &object->uri,
					       journal->upload_id.text,
					       &object->there, &failed);
		if (*out_found || keeps_record(&failed, err))
			return *out_found;
	}
	/* Parts of another version cost money. */
	if (!s3_multipart_abort(put->aws, &object->uri,
				journal->upload_id.text, &failed) &&
	    keeps_record(&failed, err))
		return false;
	journal_remove(journal);
	return true;
}

static void tell_resumed(struct stream_put *put, const struct object *object)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (object->there.count == 0 || put->watch.note == NULL)
		return;
	s3_uri_add_shown(&object->uri, &text);
	str_addf(&text,
		 ": %zu part%s there from an earlier try and not sent again; "
		 "the file comes from its start",
		 object->there.count,
		 object->there.count == 1 ? " is" : "s are");
	put->watch.note(put->watch.context, text.text);
}

static bool create_upload(struct stream_put *put, struct object *object,
			  struct err *err)
{
	struct journal *journal = &object->journal;
	struct err unkept = ERR_EMPTY;

	if (!s3_multipart_create(put->aws, &object->uri, guessed_type(object),
				 &journal->upload_id, err))
		return false;
	journal->size = object->size;
	journal->part_bytes = object->part_bytes;
	str_set(&journal->made, object->mark.text);
	if (object->once)
		return true;
	if (!journal_start(journal, &unkept) && put->watch.note != NULL)
		put->watch.note(put->watch.context, unkept.message);
	return true;
}

static bool open_upload(struct stream_put *put, struct err *err)
{
	struct object *object = put->now;
	CLEANUP(str_done) struct str uri = STR_EMPTY;
	struct journal_name name;
	bool found = false;

	s3_uri_add(&object->uri, &uri);
	name_record(put, object, &uri, &name);
	if (!object->once && (!journal_open(&object->journal, &name, err) ||
			      !find_parts(put, object, &found, err)))
		return false;
	if (found)
		tell_resumed(put, object);
	else if (!create_upload(put, object, err))
		return false;
	str_set(&object->upload_id, object->journal.upload_id.text);
	return true;
}

/* Has S3 got this part from an earlier try? */
static bool take_over(struct object *object, int number, size_t len)
{
	for (size_t i = 0; i < object->there.count; i++) {
		struct s3_part *there = &object->there.items[i];
		struct s3_part part = *there;

		if (there->number != number || there->size != (int64_t)len)
			continue;
		part.etag = mem_copy_text(there->etag);
		vec_push(&object->parts, part);
		return true;
	}
	return false;
}

static bool refuse_size(struct err *err)
{
	err_set(err, ERR_USAGE, "it is larger than can go to S3 as it comes: "
				"10,000 parts of at most 20 MiB wait in "
				"memory");
	return err_hint(err, "bring it into a folder, then \\s3put sends it");
}

static void grow(struct object *object, int part)
{
	int64_t bytes = part_plan_growing(PART_PLAN_MIN_PART, part);

	object->part_bytes =
		bytes < STREAM_PUT_PART_MAX ? bytes : STREAM_PUT_PART_MAX;
}

static bool send_part(struct stream_put *put, struct err *err)
{
	struct object *object = put->now;
	struct s3_part part = {
		.number = (int)object->parts.count + 1,
		.size = (int64_t)put->buffer.len,
	};

	if (part.number > PART_PLAN_MAX_PARTS) {
		stream_put_drop(put, NULL);
		return refuse_size(err);
	}
	if (object->upload_id.len == 0 && !open_upload(put, err))
		return false;
	if (object->size < 0)
		grow(object, part.number);
	if (take_over(object, part.number, put->buffer.len)) {
		str_clear(&put->buffer);
		return true;
	}
	vec_push(&object->parts, part);
	send_take(put, object, part_call(object, part.number), &put->buffer);
	return make_room(put, object->part_bytes, err);
}

static bool complete(struct stream_put *put, struct err *err)
{
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	struct object *object = put->now;

	while (object->missing > 0)
		if (!take_one(put, err))
			return false;
	if (!s3_multipart_complete(put->aws, &object->uri,
				   object->upload_id.text, &object->parts, err))
		return false;
	journal_remove(&object->journal);
	put->watch.done(put->watch.context, object->id,
			s3_object_head(put->aws, &object->uri, &head, NULL)
				? head.etag.text
				: "");
	object_free(object);
	put->now = NULL;
	return true;
}

/* --- the caller's side --- */

bool stream_put_begin(struct stream_put *put,
		      const struct stream_put_object *object, struct err *err)
{
	struct part_plan plan = { .part_bytes = PART_PLAN_MIN_PART };
	struct object *now;

	/* What could not be dropped. */
	if (put->now != NULL && put->err.kind != ERR_NONE) {
		if (err != NULL)
			*err = put->err;
		return false;
	}
	/* The least parts that are few enough. */
	if (object->size > 0 &&
	    !part_plan_make(&plan, object->size, PART_PLAN_MIN_PART, NULL) &&
	    (!part_plan_make(&plan, object->size, 0, NULL) ||
	     plan.part_bytes > STREAM_PUT_PART_MAX))
		return refuse_size(err);
	now = mem_alloc(sizeof(*now));
	now->uri = (struct s3_uri)S3_URI_EMPTY;
	now->from = (struct str)STR_EMPTY;
	now->mark = (struct str)STR_EMPTY;
	now->upload_id = (struct str)STR_EMPTY;
	now->journal = (struct journal)JOURNAL_EMPTY;
	s3_uri_copy(&now->uri, object->uri);
	str_set(&now->from, object->from);
	str_set(&now->mark, object->mark);
	now->id = object->id;
	now->once = object->once;
	now->size = object->size;
	now->part_bytes = plan.part_bytes;
	put->now = now;
	str_clear(&put->buffer);
	return true;
}

bool stream_put_write(struct stream_put *put, const char *bytes, size_t len,
		      struct err *err)
{
	if (put->err.kind != ERR_NONE && err != NULL)
		*err = put->err;
	if (put->err.kind != ERR_NONE)
		return false;
	while (len > 0) {
		struct object *object = put->now;
		size_t part = (size_t)object->part_bytes;
		size_t some;

		if (put->buffer.len == part && !send_part(put, err))
			return false;
		if (put->buffer.cap == 0)
			str_reserve(&put->buffer,
				    object->size >= 0 &&
						    object->size <
							    object->part_bytes
					    ? (size_t)object->size
					    : (size_t)object->part_bytes);
		part = (size_t)object->part_bytes;
		some = part - put->buffer.len < len ? part - put->buffer.len
						    : len;
		str_add_slice(&put->buffer, bytes, some);
		bytes += some;
		len -= some;
	}
	return true;
}

bool stream_put_end(struct stream_put *put, struct err *err)
{
	struct object *object = put->now;

	if (object->upload_id.len > 0)
		return (put->buffer.len == 0 || send_part(put, err)) &&
		       complete(put, err);
	put->now = NULL;
	vec_push(&put->wholes, object);
	send_take(put, object, whole_call(object), &put->buffer);
	return make_room(put, PART_PLAN_MIN_PART, err);
}

void stream_put_drop(struct stream_put *put, struct err *err)
{
	struct object *object = put->now;

	if (object == NULL)
		return;
	while (object->missing > 0 && take_one(put, NULL))
		;
	if (object->missing > 0) {
		/* Its calls still point at it: the whole ends. */
		put->can_resume = object->journal.fd >= 0;
		return;
	}
	if (object->upload_id.len > 0) {
		item_abort_at(put->aws, &object->uri, object->upload_id.text,
			      err);
		journal_remove(&object->journal);
	}
	object_free(object);
	put->now = NULL;
	str_clear(&put->buffer);
}
