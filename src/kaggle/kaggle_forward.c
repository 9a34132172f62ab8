#include "kaggle/kaggle_forward.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/pack_zip.h"
#include "kaggle/kaggle_source.h"

enum { PIECE = 64 * 1024, MARK_BYTES = 4, STORED = 0 };

struct kaggle_forward {
	struct kaggle_source *source;
	struct pack_zip_local local;
	struct str name;
	struct str pushed; /* read, and behind the last file's data */
	int64_t packed;    /* bytes of the file at hand that were read */
	bool open;         /* its data were not read yet */
};

static bool write_through(void *context, const char *bytes, size_t len,
			  struct err *err)
{
	struct kaggle_feed *feed = context;

	if (feed->sink == NULL || sink_write(feed->sink, bytes, len, err))
		return true;
	feed->failed = true;
	return false;
}

struct unzip *kaggle_feed_begin(struct kaggle_feed *feed,
				const struct pack_zip_member *member,
				struct err *err)
{
	feed->through = (struct sink){ write_through, feed };
	return unzip_new(member, &feed->through, err);
}

struct kaggle_forward *kaggle_forward_new(struct kaggle_source *source)
{
	struct kaggle_forward *forward = mem_alloc(sizeof(*forward));

	forward->source = source;
	forward->name = (struct str)STR_EMPTY;
	forward->pushed = (struct str)STR_EMPTY;
	return forward;
}

void kaggle_forward_free(struct kaggle_forward *forward)
{
	if (forward == NULL)
		return;
	str_done(&forward->name);
	str_done(&forward->pushed);
	mem_free(forward);
}

/* --- bytes, those that were read too far first --- */

static void take_pushed(struct kaggle_forward *forward, size_t len)
{
	struct str *pushed = &forward->pushed;

	memmove(pushed->text, pushed->text + len, pushed->len - len);
	str_cut(pushed, pushed->len - len);
}

static bool read_bytes(struct kaggle_forward *forward, size_t len,
		       struct str *out, struct err *err)
{
	size_t some = len < forward->pushed.len ? len : forward->pushed.len;

	if (some > 0) {
		str_add_slice(out, forward->pushed.text, some);
		take_pushed(forward, some);
	}
	return kaggle_source_read(forward->source, len - some, out, err);
}

/* Fills piece; empty: the archive has ended. */
static bool read_piece(struct kaggle_forward *forward, size_t most,
		       struct str *piece, struct err *err)
{
	const char *bytes;
	size_t len;

	str_clear(piece);
	if (forward->pushed.len > 0) {
		len = forward->pushed.len < most ? forward->pushed.len : most;
		str_add_slice(piece, forward->pushed.text, len);
		take_pushed(forward, len);
		return true;
	}
	if (!kaggle_source_next(forward->source, most, &bytes, &len, err))
		return false;
	str_add_slice(piece, bytes, len);
	return true;
}

/* --- a file --- */

static bool read_header(struct kaggle_forward *forward, struct err *err)
{
	struct pack_zip_local *local = &forward->local;
	CLEANUP(str_done) struct str bytes = STR_EMPTY;

	if (!read_bytes(forward, MARK_BYTES, &bytes, err))
		return false;
	if (pack_zip_is(bytes.text, bytes.len) &&
	    !read_bytes(forward, PACK_ZIP_HEADER_BYTES - MARK_BYTES, &bytes,
			err))
		return false;
	if (!pack_zip_local(local, bytes.text, err))
		return false;
	if (local->is_end)
		return true;
	str_clear(&bytes);
	str_clear(&forward->name);
	if (!read_bytes(forward, local->name_len, &forward->name, err) ||
	    !read_bytes(forward, local->extra_len, &bytes, err) ||
	    !pack_zip_local_extra(local, bytes.text, err))
		return false;
	local->member.name = forward->name.text;
	local->member.has_nul =
		pack_zip_mend_name(forward->name.text, forward->name.len);
	forward->packed = 0;
	forward->open = true;
	return true;
}

/* Behind deflated data that told their own end. */
static bool read_descriptor(struct kaggle_forward *forward,
			    const struct unzip *unzip, struct err *err)
{
	struct pack_zip_member *member = &forward->local.member;
	size_t len;

	/* The end of a whole archive is longer than a descriptor. */
	while (forward->pushed.len < PACK_ZIP_DESCRIPTOR_MAX) {
		const char *bytes;

		if (!kaggle_source_next(forward->source, PIECE, &bytes, &len,
					err))
			return false;
		if (len == 0)
			break;
		str_add_slice(&forward->pushed, bytes, len);
	}
	len = pack_zip_descriptor(member, forward->pushed.text,
				  forward->pushed.len, forward->packed,
				  unzip_size(unzip), err);
	take_pushed(forward, len);
	return len > 0;
}

/* Feeds what is the file's; what is not goes back. */
static bool feed_some(struct kaggle_forward *forward, struct unzip *unzip,
		      struct str *piece, struct err *err)
{
	const struct pack_zip_member *member = &forward->local.member;
	int64_t left = member->packed - forward->packed;
	size_t unused;

	if (!read_piece(forward,
			member->packed >= 0 && left < PIECE ? (size_t)left
							    : PIECE,
			piece, err))
		return false;
	if (piece->len == 0)
		return err_set(err, ERR_DATA, "the zip archive is cut short");
	forward->packed += (int64_t)piece->len;
	if (!unzip_feed(unzip, piece->text, piece->len, err))
		return false;
	if (member->packed >= 0 || !unzip_has_ended(unzip))
		return true;
	unused = unzip_unused(unzip);
	forward->packed -= (int64_t)unused;
	{
		CLEANUP(str_done) struct str back = STR_EMPTY;

		str_add_slice(&back, piece->text + piece->len - unused, unused);
		str_add_slice(&back, forward->pushed.text,
			      forward->pushed.len);
		str_set_slice(&forward->pushed, back.text, back.len);
	}
	return true;
}

static bool has_more(const struct kaggle_forward *forward,
		     const struct unzip *unzip)
{
	return forward->local.member.packed >= 0
		       ? forward->packed < forward->local.member.packed
		       : !unzip_has_ended(unzip);
}

/* The rest of a file that failed, so that the next one can be found. */
static bool read_over(struct kaggle_forward *forward, struct err *err)
{
	CLEANUP(str_done) struct str piece = STR_EMPTY;

	while (forward->packed < forward->local.member.packed) {
		int64_t left = forward->local.member.packed - forward->packed;

		if (!read_piece(forward, left < PIECE ? (size_t)left : PIECE,
				&piece, err))
			return false;
		if (piece.len == 0)
			return err_set(err, ERR_DATA,
				       "the zip archive is cut short");
		forward->packed += (int64_t)piece.len;
	}
	return true;
}

static bool cannot_find_end(const struct kaggle_forward *forward,
			    struct err *err)
{
	err_set(err, ERR_DATA, "%.300s: its end cannot be found without the "
			       "archive's directory",
		forward->name.text);
	return err_hint(err, "the server knows no ranges; the Kaggle CLI can "
			     "download the archive");
}

bool kaggle_forward_unpack(struct kaggle_forward *forward, struct sink *sink,
			   bool *out_bad, struct err *err)
{
	struct pack_zip_member *member = &forward->local.member;
	struct kaggle_feed feed = { .sink = sink };
	CLEANUP(unzip_freep) struct unzip *unzip = NULL;
	CLEANUP(str_done) struct str piece = STR_EMPTY;

	*out_bad = false;
	if (member->packed < 0 && member->method == STORED)
		return cannot_find_end(forward, err);
	unzip = kaggle_feed_begin(&feed, member, err);
	if (unzip == NULL)
		return false;
	forward->open = false;
	while (has_more(forward, unzip)) {
		if (feed_some(forward, unzip, &piece, err))
			continue;
		/* Where the next one begins is known only when sizes are. */
		*out_bad = err != NULL && err->kind == ERR_DATA &&
			   !feed.failed && member->packed >= 0 &&
			   piece.len > 0 && read_over(forward, NULL);
		return false;
	}
	if (member->size < 0 && !read_descriptor(forward, unzip, err))
		return false;
	*out_bad = !unzip_end(unzip, err);
	return !*out_bad;
}

bool kaggle_forward_next(struct kaggle_forward *forward,
			 const struct pack_zip_member **out, struct err *err)
{
	bool bad;

	*out = NULL;
	if (forward->open && forward->local.member.packed >= 0) {
		forward->open = false;
		if (!read_over(forward, err))
			return false;
	}
	if (forward->open && !kaggle_forward_unpack(forward, NULL, &bad, err))
		return false;
	if (!read_header(forward, err))
		return false;
	if (!forward->local.is_end)
		*out = &forward->local.member;
	return true;
}
