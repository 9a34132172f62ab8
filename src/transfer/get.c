/* An object to a file: beside its target under a temporary name, verified,
 * then renamed. Small ones whose size and ETag a listing told go by one GET;
 * for others HEAD comes first (LOOKING), then ranges several at a time, each
 * only if the object still has that ETag. What is verified: the CRC that S3
 * keeps of the whole, joined from the ranges'; else, where the ETag is an MD5
 * of the bytes, that one.
 */
#include "transfer/get.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "aws/call.h"
#include "base/file.h"
#include "transfer/item.h"

enum { SHORT_REPLIES = 10 }; /* of one object, then it fails */

static bool begin_ranges(struct item *item, struct err *err)
{
	struct get *get = item->state;
	bool resumes;

	if (!get_open_record(item, err))
		return false;
	resumes = get_resume(item);
	if (!resumes && !get_open_temporary(item, err))
		return false;
	get->missing = get->plan.part_count;
	get->sums = mem_alloc_array((size_t)get->plan.part_count,
				    sizeof(*get->sums));
	get->have = mem_alloc_array((size_t)get->plan.part_count,
				    sizeof(*get->have));
	if (resumes)
		get_take_recorded(item);
	if (!get_check_room(item, err))
		return false;
	if (!resumes) {
		get_reserve(get);
		get_start_record(item);
	}
	get->keep = get->journal.fd >= 0;
	return true;
}

/* --- requests --- */

static bool ask_range(struct item *item, int64_t at, struct err *err)
{
	struct get *get = item->state;
	int64_t offset = part_plan_offset(&get->plan, at);
	int64_t length = part_plan_length(&get->plan, at);
	struct call *call = call_new(OPERATION_GET_OBJECT);
	char range[64];

	call_set_uri(call, &item->what.uri);
	snprintf(range, sizeof(range), "bytes=%" PRId64 "-%" PRId64, offset,
		 offset + length - 1);
	call_add_header(call, "range", range);
	if (get->head.etag.len > 0)
		call_add_header(call, "if-match", get->head.etag.text);
	call->reply_kind = get->head.sum.kind;
	if (!call_set_reply_file(call, get->fd, offset, length, err)) {
		call_free(call);
		return false;
	}
	item_send_take(item, call);
	return true;
}

static bool ask_whole(struct item *item, struct err *err)
{
	struct get *get = item->state;
	struct call *call;

	if (get->fd < 0 && !get_open_temporary(item, err))
		return false;
	if (!get_check_room(item, err))
		return false;
	call = call_new(OPERATION_GET_OBJECT);
	call_set_uri(call, &item->what.uri);
	if (get->head.etag.len > 0)
		call_add_header(call, "if-match", get->head.etag.text);
	if (!call_set_reply_file(call, get->fd, 0, get->head.size, err)) {
		call_free(call);
		return false;
	}
	get->fetching = true;
	get->missing = 1;
	item_send_take(item, call);
	return true;
}

static bool failed(struct item *item, const struct call *call, struct err *err)
{
	struct get *get = item->state;

	if (call->reply.status == 412) {
		get->keep = false;
		err_set(err, ERR_DATA, "%s changed while it was fetched",
			item->subject.text);
		return err_hint(err, "the same command fetches it anew");
	}
	if (err != NULL)
		*err = call->err;
	return false;
}

/* What of the head a reply of GetObject tells as well. */
static void read_reply(struct get *get, const struct call *call)
{
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;

	if (!s3_object_read_head(call, &head, NULL))
		return;
	if (get->head.modified_ms == 0)
		get->head.modified_ms = head.modified_ms;
	if (get->head.etag.len == 0)
		str_set(&get->head.etag, head.etag.text);
	str_set(&get->head.encryption, head.encryption.text);
}

/* --- what came --- */

/* Something on the way turned them: once more, from the start. */
static bool fetch_anew(struct item *item, struct err *err)
{
	struct get *get = item->state;

	get->anew = true;
	get->is_wrong = false;
	item_note(item, "%s: the checksums differ, fetching it anew",
		  item->subject.text);
	if (get_is_whole(get))
		return ask_whole(item, err);
	for (int64_t i = 0; i < get->plan.part_count; i++)
		get->have[i] = false;
	get->next = 0;
	get->missing = get->plan.part_count;
	get_start_record(item);
	get->keep = get->journal.fd >= 0;
	return true;
}

/* All is there. */
static bool take_all(struct item *item, struct err *err)
{
	struct get *get = item->state;

	if (get_verify(item, err)) {
		item->over = true;
		return true;
	}
	return get->is_wrong && !get->anew && fetch_anew(item, err);
}

/* A reply that is whole by its own length, which is wrong. */
static bool ask_again(struct item *item, const struct call *call,
		      struct err *err)
{
	struct get *get = item->state;

	if (++get->short_replies < SHORT_REPLIES)
		return get_is_whole(get)
			       ? ask_whole(item, err)
			       : ask_range(item,
					   call->reply_offset /
						   get->plan.part_bytes,
					   err);
	err_set(err, ERR_DATA,
		"%s: the reply was cut short (%" PRId64 " of %" PRId64
		" bytes)",
		item->subject.text, call->reply.file_bytes, call->reply_max);
	return false;
}

static bool take_fetched(struct item *item, struct call *call, struct err *err)
{
	struct get *get = item->state;
	int64_t at = call->reply_offset / get->plan.part_bytes;
	CLEANUP(str_done) struct str sum = STR_EMPTY;

	if (!call->ok)
		return failed(item, call, err);
	if (call->reply.file_bytes != call->reply_max ||
	    (call->reply.status != 206 && !get_is_whole(get)))
		return ask_again(item, call, err);
	if (get_is_whole(get)) {
		read_reply(get, call);
		get->verified = call->reply_checked;
		return take_all(item, err);
	}
	get_add_range(item, at, &call->reply_sum);
	if (call->reply_sum.kind != INTEGRITY_NONE)
		integrity_add(&call->reply_sum, &sum);
	journal_add(&get->journal, at, "", sum.text);
	return get->missing > 0 || take_all(item, err);
}

static bool take_looked(struct item *item, struct call *call, struct err *err)
{
	struct get *get = item->state;

	if (!call->ok)
		return failed(item, call, err);
	if (!s3_object_read_head(call, &get->head, err) ||
	    !part_plan_make(&get->plan, get->head.size,
			    item->options->part_bytes, err))
		return false;
	item->bytes = get->head.size;
	if (get_is_whole(get))
		return ask_whole(item, err);
	get->fetching = true;
	return begin_ranges(item, err);
}

/* --- the end --- */

/* --- the begin --- */

static bool make_folder(struct item *item, struct err *err)
{
	item->over = true;
	return file_make_dirs(item->what.path.text, 0777, err);
}

static bool begin(struct item *item, struct err *err)
{
	struct get *get = mem_alloc(sizeof(*get));
	const struct batch_item *what = &item->what;

	item->state = get;
	get->fd = -1;
	get->path = (struct str)STR_EMPTY;
	get->temporary = (struct str)STR_EMPTY;
	get->head = (struct s3_head)S3_HEAD_EMPTY;
	get->journal = (struct journal)JOURNAL_EMPTY;
	if (str_ends(what->path.text, "/"))
		return make_folder(item, err);
	if (item->options->keep_existing && file_exists(what->path.text)) {
		item->outcome = ITEM_LEFT;
		item->over = true;
		return true;
	}
	if (!get_find_path(get, what->path.text, err))
		return false;
	if (what->size >= 0 && what->size <= PART_PLAN_DEFAULT_PART &&
	    what->etag.len > 0 &&
	    part_plan_make(&get->plan, what->size, 0, NULL)) {
		get->head.size = what->size;
		str_set(&get->head.etag, what->etag.text);
		item->bytes = what->size;
		return ask_whole(item, err);
	}
	item_send_take(item, s3_object_head_call(item->aws, &what->uri, true));
	return true;
}

static bool send_more(struct item *item, struct err *err)
{
	struct get *get = item->state;

	if (!get->fetching || get_is_whole(get))
		return true;
	while (get->next < get->plan.part_count && get->have[get->next])
		get->next++;
	if (get->next == get->plan.part_count)
		return true;
	return ask_range(item, get->next++, err);
}

static bool take(struct item *item, struct call *call, struct err *err)
{
	const struct get *get = item->state;

	return get->fetching ? take_fetched(item, call, err)
			     : take_looked(item, call, err);
}

static bool can_resume(const struct get *get, const struct err *failed)
{
	return get->keep && get->missing < get->plan.part_count &&
	       (item_err_passes(failed) || failed->kind == ERR_CANCELLED ||
		failed->kind == ERR_AUTH || failed->kind == ERR_SYSTEM);
}

static void tell_kept(const struct get *get, struct err *err)
{
	const char *first = "";

	if (strcmp(err->code, "ENOSPC") == 0 ||
	    strcmp(err->code, "EDQUOT") == 0)
		first = "make room; ";
	else if (err->hint[0] != '\0' && err->kind != ERR_CANCELLED)
		return;
	err_hint(err, "%sthe same command goes on from what is in %.300s",
		 first, get->temporary.text);
}

static bool end(struct item *item, const struct err *failed, struct err *err)
{
	struct get *get = item->state;
	bool ok = failed == NULL;

	if (ok && item->outcome == ITEM_MOVED && get->temporary.len > 0) {
		ok = get_finish(item, err);
		failed = err;
	}
	if (!ok && get->temporary.len > 0 && can_resume(get, failed)) {
		tell_kept(get, err);
	} else if (!ok && get->temporary.len > 0) {
		unlink(get->temporary.text);
		journal_remove(&get->journal);
	}
	if (!ok && strstr(err->message, item->what.path.text) == NULL)
		err_wrap(err, "getting %s", item->what.path.text);
	journal_done(&get->journal);
	if (get->fd >= 0)
		close(get->fd);
	mem_free(get->sums);
	mem_free(get->have);
	s3_head_done(&get->head);
	str_done(&get->temporary);
	str_done(&get->path);
	mem_free(get);
	return ok;
}

const struct item_kind item_get = { begin, send_more, take, end };
