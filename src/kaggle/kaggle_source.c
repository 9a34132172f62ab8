#include "kaggle/kaggle_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "data/pack_zip.h"
#include "kaggle/kaggle_api.h"
#include "kaggle/kaggle_client.h"
#include "kaggle/kaggle_name.h"

enum {
	FIRST_BYTES = 64 * 1024,
	READ_OVER = 256 * 1024, /* cheaper than another question */
	PIECE = 256 * 1024,
	MARK_BYTES = 4, /* of what an archive begins with */
};

struct kaggle_source {
	struct kaggle_client *client;
	const struct kaggle_name *name;
	struct str path;
	struct str mark;
	bool ranges;
	int64_t size;
	struct kaggle_body *body; /* NULL: none is open */
	int64_t at;  /* of the next byte of it */
	int64_t end; /* of what body has, or is to have */
	int64_t wanted; /* no byte behind it will be asked for */
	int attempt; /* without a byte since */
};

/* --- what a reply says of the whole --- */

static const char *header(const struct kaggle_body *body, const char *name)
{
	const char *value = kaggle_body_header(body, name);

	return value != NULL ? value : "";
}

/* "bytes 0-65535/123456". */
static bool read_range(const struct kaggle_body *body, int64_t *out_from,
		       int64_t *out_size)
{
	const char *value = header(body, "Content-Range");
	char *end;

	if (!str_starts(value, "bytes "))
		return false;
	*out_from = strtoll(value + strlen("bytes "), &end, 10);
	end = strchr(end, '/');
	if (end == NULL)
		return false;
	*out_size = strtoll(end + 1, &end, 10);
	return *end == '\0' && *out_size > 0 && *out_from >= 0;
}

static void read_mark(const struct kaggle_body *body, int64_t size,
		      struct str *out)
{
	const char *tag = header(body, "ETag");

	str_clear(out);
	str_addf(out, "%lld %s", (long long)size,
		 tag[0] != '\0' ? tag : header(body, "Last-Modified"));
}

static bool changed(const struct kaggle_source *source, struct err *err)
{
	err_set(err, ERR_DATA, "%s/%s changed while it was read",
		source->name->owner.text, source->name->slug.text);
	return err_hint(err, "the same command again reads the new version; "
			     "%s/%s/versions/N stays as it is",
			source->name->owner.text, source->name->slug.text);
}

/* --- questions --- */

static struct kaggle_body *ask_bytes(struct kaggle_source *source, int64_t from,
				     int64_t end, struct err *err)
{
	struct kaggle_ask ask = {
		.path = source->path.text,
		.from = from,
		.to = end > 0 ? end - 1 : -1,
		.about = source->name,
	};

	return kaggle_open(source->client, &ask, err);
}

/* The rest of a range, of the same archive as before. */
static bool open_at(struct kaggle_source *source, struct err *err)
{
	CLEANUP(str_done) struct str mark = STR_EMPTY;
	int64_t from, size;

	source->body = ask_bytes(source, source->at, source->end, err);
	if (source->body == NULL)
		return false;
	if (kaggle_body_status(source->body) != 206 ||
	    !read_range(source->body, &from, &size) || from != source->at)
		return changed(source, err);
	read_mark(source->body, size, &mark);
	return strcmp(mark.text, source->mark.text) == 0 ||
	       changed(source, err);
}

/* A whole archive from its first byte, or its beginning and its size. */
static bool begin(struct kaggle_source *source, struct err *err)
{
	int64_t from;

	source->body = ask_bytes(source, 0, FIRST_BYTES, err);
	if (source->body == NULL)
		return false;
	source->ranges = kaggle_body_status(source->body) == 206 &&
			 read_range(source->body, &from, &source->size) &&
			 from == 0;
	if (!source->ranges) {
		const char *length = header(source->body, "Content-Length");

		source->size = length[0] != '\0' ? strtoll(length, NULL, 10)
						 : -1;
	}
	source->end = source->ranges && source->size > FIRST_BYTES
			      ? FIRST_BYTES
			      : source->size;
	read_mark(source->body, source->size, &source->mark);
	return true;
}

static bool no_archive(const struct kaggle_source *source, struct err *err)
{
	CLEANUP(str_done) struct str page = STR_EMPTY;

	kaggle_name_add_page(source->name, &page);
	err_set(err, ERR_DATA, "%s/%s: what Kaggle sends is no zip archive",
		source->name->owner.text, source->name->slug.text);
	return err_hint(err, "look at %.300s", page.text);
}

/* The first bytes tell; they stay to be read. */
static bool check_begin(struct kaggle_source *source, struct err *err)
{
	const char *bytes = "";
	size_t len = 0;

	if (!kaggle_body_peek(source->body, MARK_BYTES, &bytes, &len, err))
		return false;
	if (len >= MARK_BYTES &&
	    (pack_zip_is(bytes, len) || memcmp(bytes, "PK\x05\x06", 4) == 0))
		return true;
	return no_archive(source, err);
}

struct kaggle_source *kaggle_source_open(struct kaggle_client *client,
					 const struct kaggle_name *name,
					 struct err *err)
{
	struct kaggle_source *source = mem_alloc(sizeof(*source));

	source->client = client;
	source->name = name;
	source->path = (struct str)STR_EMPTY;
	source->mark = (struct str)STR_EMPTY;
	kaggle_api_add_path(name, "download", &source->path);
	if (begin(source, err) && check_begin(source, err))
		return source;
	kaggle_source_close(source);
	return NULL;
}

void kaggle_source_close(struct kaggle_source *source)
{
	if (source == NULL)
		return;
	kaggle_close(source->body);
	str_done(&source->path);
	str_done(&source->mark);
	mem_free(source);
}

bool kaggle_source_has_ranges(const struct kaggle_source *source)
{
	return source->ranges;
}

int64_t kaggle_source_size(const struct kaggle_source *source)
{
	return source->size;
}

const char *kaggle_source_mark(const struct kaggle_source *source)
{
	return source->mark.text;
}

/* --- reading --- */

static void forget_body(struct kaggle_source *source)
{
	kaggle_close(source->body);
	source->body = NULL;
}

static bool cannot_resume(const struct kaggle_source *source, struct err *err)
{
	err_wrap(err, "%s/%s: the download broke off after %lld bytes",
		 source->name->owner.text, source->name->slug.text,
		 (long long)source->at);
	return err_hint(err, "the server knows no ranges, so it begins anew: "
			     "the same command again");
}

/* After a break: true when another try may go on. */
static bool go_on(struct kaggle_source *source, struct err *failed)
{
	bool opened = source->body != NULL;

	forget_body(source);
	/* The client has tried again by itself. */
	if (failed->kind != ERR_NETWORK || !opened)
		return false;
	if (!source->ranges)
		return cannot_resume(source, failed);
	if (source->attempt == 0)
		source->attempt = 1;
	if (!kaggle_client_again(source->client, &source->attempt, failed))
		return false;
	kaggle_client_note(source->client,
			   "the connection broke; going on after %lld of "
			   "%lld bytes",
			   (long long)source->at, (long long)source->size);
	return true;
}

static bool try_next(struct kaggle_source *source, size_t most,
		     const char **out_bytes, size_t *out_len, struct err *err)
{
	if (source->body == NULL && !open_at(source, err))
		return false;
	if (!kaggle_body_next(source->body, most, out_bytes, out_len, err))
		return false;
	if (*out_len > 0 || source->at >= source->end || source->end < 0)
		return true;
	err_set(err, ERR_NETWORK, "the reply was cut short");
	if (err != NULL)
		err->retry = true;
	return false;
}

bool kaggle_source_next(struct kaggle_source *source, size_t most,
			const char **out_bytes, size_t *out_len,
			struct err *err)
{
	struct err failed = ERR_EMPTY;

	*out_len = 0;
	if (source->size >= 0 && source->at >= source->size)
		return true;
	if (source->ranges && source->at >= source->end) {
		forget_body(source);
		source->end = source->wanted > source->at ? source->wanted
							  : source->size;
	}
	while (!try_next(source, most, out_bytes, out_len, &failed)) {
		if (go_on(source, &failed)) {
			err_clear(&failed);
			continue;
		}
		forget_body(source);
		if (err != NULL)
			*err = failed;
		return false;
	}
	source->at += (int64_t)*out_len;
	if (*out_len > 0)
		source->attempt = 0;
	return true;
}

static bool read_over(struct kaggle_source *source, int64_t to,
		      struct err *err)
{
	while (source->at < to) {
		int64_t left = to - source->at;
		const char *bytes;
		size_t len;

		if (!kaggle_source_next(source,
					left < PIECE ? (size_t)left : PIECE,
					&bytes, &len, err))
			return false;
		if (len == 0)
			return err_set(err, ERR_DATA,
				       "the zip archive is cut short");
	}
	return true;
}

bool kaggle_source_seek(struct kaggle_source *source, int64_t offset,
			int64_t end, struct err *err)
{
	source->wanted = end;
	if (offset == source->at && (source->body != NULL || source->ranges)) {
		if (source->body == NULL)
			source->end = end;
		return true;
	}
	if (!source->ranges)
		return offset > source->at
			       ? read_over(source, offset, err)
			       : err_set(err, ERR_DATA,
					 "the server knows no ranges: there is "
					 "no way back");
	if (source->body != NULL && offset > source->at &&
	    offset - source->at <= READ_OVER && offset < source->end)
		return read_over(source, offset, err);
	forget_body(source);
	source->at = offset;
	source->end = end;
	return true;
}

bool kaggle_source_read(struct kaggle_source *source, size_t len,
			struct str *out, struct err *err)
{
	size_t wanted = out->len + len;

	while (out->len < wanted) {
		const char *bytes;
		size_t got;

		if (!kaggle_source_next(source, wanted - out->len, &bytes,
					&got, err))
			return false;
		if (got == 0)
			return err_set(err, ERR_DATA,
				       "the zip archive is cut short");
		str_add_slice(out, bytes, got);
	}
	return true;
}
