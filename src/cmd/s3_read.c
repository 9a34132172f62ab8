#include "cmd/s3_read.h"

#include <string.h>

#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "base/sink.h"
#include "cmd/s3_args.h"
#include "cmd/s3_walk.h"
#include "cmd/s3_where.h"
#include "cmd/s3_zip.h"
#include "data/pack.h"
#include "data/pack_zip.h"
#include "print/screen.h"
#include "shell/command.h"
#include "shell/session.h"

enum {
	HEAD_LINES = 10,
	STEP_BYTES = 64 * 1024, /* of the first piece, later ones are larger */
	STEP_MAX_BYTES = 4 * 1024 * 1024,
	HEAD_MAX_BYTES = 64 * 1024 * 1024, /* of one endless line */
};

/* Where the bytes go: what a terminal would obey is shown instead of done. */
struct eyes {
	struct screen_sink screen;
	struct sink *to;
	bool is_screen;
};

static void eyes_init(struct eyes *eyes, struct session *session)
{
	eyes->to = session_out(session);
	eyes->is_screen = session_out_is_screen(session);
	if (!eyes->is_screen)
		return;
	screen_sink_init(&eyes->screen, eyes->to, false);
	eyes->to = &eyes->screen.sink;
}

static void eyes_done(struct eyes *eyes)
{
	if (eyes->is_screen)
		screen_sink_done(&eyes->screen);
}

struct reader {
	struct session *session;
	struct aws *aws;
	struct s3_options request;
	struct eyes eyes;
	const char *member; /* of zip archives; NULL: the first */
	bool raw;
};

static bool reader_init(struct reader *reader, struct session *session,
			const struct args *args, struct err *err)
{
	eyes_init(&reader->eyes, session);
	reader->session = session;
	reader->member = args_text(args, "--member");
	reader->raw = args_flag(args, "--raw");
	if (reader->raw && reader->member != NULL)
		return err_set(err, ERR_USAGE,
			       "--raw and --member: one or the other");
	if (!s3_args_options(args, &reader->request, err))
		return false;
	reader->aws = session_aws(session, err);
	return reader->aws != NULL;
}

static void reader_done(struct reader *reader)
{
	eyes_done(&reader->eyes);
	s3_options_done(&reader->request);
}

/* --- the first bytes of a stream that is not told to be anything --- */

/* Unpacks what comes; a zip archive is recognised and not read further, for
 * its directory stands at its end. */
struct opener {
	struct unpack *unpack;
	bool started;
	bool is_zip;
};

static bool write_opened(void *context, const char *bytes, size_t len,
			 struct err *err)
{
	struct opener *opener = context;

	if (!opener->started && pack_zip_is(bytes, len)) {
		opener->is_zip = true;
		return err_set(err, ERR_DATA, "a zip archive");
	}
	opener->started = true;
	return unpack_feed(opener->unpack, bytes, len, err);
}

/* --- \s3head --- */

/* A sink that passes the first lines or bytes on and then swallows the
 * rest. */
struct first {
	struct sink *to;
	int64_t lines; /* still to come */
	int64_t bytes;
	char last; /* byte written last; '\n' at the start */
};

static bool is_enough(void *context)
{
	const struct first *first = context;

	return first->lines <= 0 || first->bytes <= 0;
}

static bool write_first(void *context, const char *bytes, size_t len,
			struct err *err)
{
	struct first *first = context;
	size_t end = 0;

	while (end < len && !is_enough(first)) {
		first->bytes--;
		if (bytes[end++] == '\n')
			first->lines--;
	}
	if (end == 0)
		return true;
	first->last = bytes[end - 1];
	return sink_write(first->to, bytes, end, err);
}

/* By ranges that grow: a short look costs one small request. */
static bool read_start(struct reader *reader, const struct s3_uri *uri,
		       const struct first *first, struct opener *opener,
		       struct err *err)
{
	int64_t offset = 0, size = INT64_MAX, step = STEP_BYTES;

	while (!is_enough((void *)first) && offset < size &&
	       offset < HEAD_MAX_BYTES) {
		CLEANUP(str_done) struct str piece = STR_EMPTY;
		struct s3_range range = { offset, step, NULL };

		if (!s3_object_get(reader->aws, uri, &range, &piece, &size,
				   err) ||
		    !write_opened(opener, piece.text, piece.len, err))
			return false;
		offset += (int64_t)piece.len;
		if (piece.len == 0)
			break;
		if (step < STEP_MAX_BYTES)
			step *= 2;
	}
	/* Read to its end: then it must be whole. */
	return is_enough((void *)first) || offset < size ||
	       unpack_end(opener->unpack, err);
}

static bool head_object(struct reader *reader, const struct s3_uri *uri,
			struct first *first, struct err *err)
{
	struct sink sink = { write_first, first };
	struct s3_zip_wish wish = { reader->member, is_enough, first };
	struct opener opener = {
		.unpack =
			unpack_new(reader->raw ? PACK_NONE : PACK_AUTO, &sink),
		.started = reader->raw,
	};
	bool ok = false;

	if (reader->member == NULL)
		ok = read_start(reader, uri, first, &opener, err);
	unpack_free(opener.unpack);
	if (opener.is_zip || reader->member != NULL)
		ok = s3_zip_read(reader->session, reader->aws, uri, &wish,
				 &sink, err);
	return ok;
}

static bool read_counts(const struct args *args, struct first *first,
			struct err *err)
{
	bool by_bytes = args_text(args, "-c") != NULL;

	first->bytes = args_number(args, "-c", INT64_MAX);
	first->lines = args_number(
		args, "-n",
		args_number(args, "LINES", by_bytes ? INT64_MAX : HEAD_LINES));
	if (first->lines < 0)
		return err_set(err, ERR_USAGE,
			       "the number of lines is negative");
	return true;
}

/* Of several objects the first that is none of a folder's markers. */
static bool find_first(struct reader *reader, struct s3_uri *uri,
		       struct err *err)
{
	struct s3_walk_options options = { .recursive = false };
	CLEANUP(s3_walk_freep)
	struct s3_walk *walk = s3_walk_new(reader->aws, uri, &options, err);
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;

	if (walk == NULL)
		return false;
	do
		entry = s3_walk_next(walk, &failed);
	while (entry != NULL && str_ends(entry->key, "/"));
	if (entry != NULL) {
		CLEANUP(mem_freep) char *key = mem_copy_text(entry->key);

		str_set(&uri->key, key);
		return true;
	}
	if (failed.kind == ERR_NONE)
		return s3_walk_found_none(uri, err);
	if (err != NULL)
		*err = failed;
	return false;
}

bool s3_read_head(struct session *session, const struct args *args,
		  struct err *err)
{
	CLEANUP(reader_done) struct reader reader = { .session = session };
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct first first = { .last = '\n' };

	if (!reader_init(&reader, session, args, err) ||
	    !read_counts(args, &first, err) ||
	    !s3_where_parse(session, args_text(args, "URI"), &uri, err))
		return false;
	first.to = reader.eyes.to;
	uri.options = &reader.request;
	if (!find_first(&reader, &uri, err) ||
	    !head_object(&reader, &uri, &first, err))
		return false;
	return first.last == '\n' || args_text(args, "-c") != NULL ||
	       sink_text(first.to, "\n", err);
}

/* --- \s3cat --- */

static bool cat_object(struct reader *reader, const struct s3_uri *uri,
		       struct err *err)
{
	struct s3_zip_wish wish = { reader->member, NULL, NULL };
	struct sink *out = reader->eyes.to;
	struct opener opener = { NULL, false, false };
	struct sink sink = { write_opened, &opener };
	bool ok = false;

	if (reader->raw)
		return s3_object_read(reader->aws, uri, out, err);
	if (reader->member == NULL) {
		opener.unpack = unpack_new(PACK_AUTO, out);
		ok = s3_object_read(reader->aws, uri, &sink, err) &&
		     unpack_end(opener.unpack, err);
		unpack_free(opener.unpack);
	}
	if (opener.is_zip || reader->member != NULL)
		ok = s3_zip_read(reader->session, reader->aws, uri, &wish, out,
				 err);
	return ok;
}

static bool cat_argument(struct reader *reader, const char *argument,
			 struct err *err)
{
	struct s3_walk_options options = { .recursive = false };
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri one = S3_URI_EMPTY;
	CLEANUP(s3_walk_freep) struct s3_walk *walk = NULL;
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;
	int64_t count = 0;

	if (!s3_where_parse(reader->session, argument, &uri, err))
		return false;
	uri.options = &reader->request;
	walk = s3_walk_new(reader->aws, &uri, &options, err);
	if (walk == NULL)
		return false;
	s3_uri_copy(&one, &uri);
	while ((entry = s3_walk_next(walk, &failed)) != NULL) {
		str_set(&one.key, entry->key);
		if (!cat_object(reader, &one, err))
			return false;
		count++;
	}
	if (failed.kind == ERR_NONE)
		return count > 0 || s3_walk_found_none(&uri, err);
	if (err != NULL)
		*err = failed;
	return false;
}

bool s3_read_cat(struct session *session, const struct args *args,
		 struct err *err)
{
	CLEANUP(reader_done) struct reader reader = { .session = session };
	size_t count = args_count(args, "URI");

	if (!reader_init(&reader, session, args, err))
		return false;
	if (count == 0)
		return err_set(err, ERR_USAGE, "\\s3cat: name an object");
	for (size_t i = 0; i < count; i++)
		if (!cat_argument(&reader, args_item(args, "URI", i), err))
			return false;
	return true;
}
