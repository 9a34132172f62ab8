#include "cmd/s3_read.h"

#include <string.h>

#include "aws/s3_object.h"
#include "base/sink.h"
#include "cmd/s3_match.h"
#include "data/pack.h"
#include "shell/command.h"
#include "shell/session.h"

enum {
	HEAD_LINES = 10,
	HEAD_STEP_BYTES = 64 * 1024,
	HEAD_MAX_BYTES = 64 * 1024 * 1024, /* of one endless line */
};

/* --- \s3head --- */

/* A sink that passes the first lines on and then swallows the rest. */
struct lines {
	struct sink *to;
	int64_t left;
	char last; /* byte written last; '\n' at the start */
};

static bool write_lines(void *context, const char *bytes, size_t len,
			struct err *err)
{
	struct lines *lines = context;
	size_t end = 0;

	while (end < len && lines->left > 0)
		if (bytes[end++] == '\n')
			lines->left--;
	if (end == 0)
		return true;
	lines->last = bytes[end - 1];
	return sink_write(lines->to, bytes, end, err);
}

static bool head_object(struct aws *aws, const struct s3_uri *uri,
			struct lines *lines, struct err *err)
{
	struct sink sink = { write_lines, lines };
	CLEANUP(unpack_freep)
	struct unpack *unpack = unpack_new(PACK_AUTO, &sink);
	int64_t offset = 0, size = INT64_MAX;

	while (lines->left > 0 && offset < size && offset < HEAD_MAX_BYTES) {
		CLEANUP(str_done) struct str piece = STR_EMPTY;
		struct s3_range range = { offset, HEAD_STEP_BYTES, NULL };

		if (!s3_object_get(aws, uri, &range, &piece, &size, err) ||
		    !unpack_feed(unpack, piece.text, piece.len, err))
			return false;
		offset += (int64_t)piece.len;
		if (piece.len == 0)
			break;
	}
	/* Read to its end: then it must be whole. */
	return lines->left == 0 || offset < size || unpack_end(unpack, err);
}

bool s3_read_head(struct session *session, const struct args *args,
		  struct err *err)
{
	CLEANUP(s3_match_done) struct s3_match match = S3_MATCH_EMPTY;
	struct aws *aws = session_aws(session, err);
	struct lines lines = { session_out(session), HEAD_LINES, '\n' };
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;

	if (aws == NULL ||
	    !s3_match_find(aws, args_text(args, "URI"), false, &match, err))
		return false;
	lines.left =
		args_number(args, "-n", args_number(args, "LINES", HEAD_LINES));
	if (lines.left < 0)
		return err_set(err, ERR_USAGE,
			       "the number of lines is negative");
	s3_uri_copy(&uri, &match.uri);
	str_set(&uri.key, match.items[0].key);
	if (!head_object(aws, &uri, &lines, err))
		return false;
	return lines.last == '\n' || sink_text(lines.to, "\n", err);
}

/* --- \s3cat --- */

static bool write_unpacked(void *context, const char *bytes, size_t len,
			   struct err *err)
{
	return unpack_feed(context, bytes, len, err);
}

static bool cat_object(struct aws *aws, const struct s3_uri *uri,
		       struct sink *out, bool plain, struct err *err)
{
	CLEANUP(unpack_freep) struct unpack *unpack = NULL;
	struct sink sink = { write_unpacked, NULL };

	if (!plain)
		return s3_object_read(aws, uri, out, err);
	unpack = unpack_new(PACK_AUTO, out);
	sink.context = unpack;
	return s3_object_read(aws, uri, &sink, err) && unpack_end(unpack, err);
}

bool s3_read_cat(struct session *session, const struct args *args,
		 struct err *err)
{
	struct aws *aws = session_aws(session, err);
	bool plain = args_flag(args, "-z");
	size_t count = args_count(args, "URI");

	if (aws == NULL)
		return false;
	if (count == 0)
		return err_set(err, ERR_USAGE, "\\s3cat: name an object");
	for (size_t i = 0; i < count; i++) {
		CLEANUP(s3_match_done) struct s3_match match = S3_MATCH_EMPTY;

		if (!s3_match_find(aws, args_item(args, "URI", i), false,
				   &match, err))
			return false;
		for (size_t k = 0; k < match.count; k++) {
			str_set(&match.uri.key, match.items[k].key);
			if (!cat_object(aws, &match.uri, session_out(session),
					plain, err))
				return false;
		}
	}
	return true;
}
