#include "cmd/s3_read.h"

#include <inttypes.h>
#include <string.h>

#include "aws/s3_list.h"
#include "aws/s3_object.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/sink.h"
#include "base/units.h"
#include "cmd/s3_match.h"
#include "data/isotime.h"
#include "data/pack.h"
#include "data/rows_mem.h"
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

/* --- \s3stat --- */

static void add_property(struct rows_mem *mem, const char *name,
			 const char *value)
{
	if (value[0] == '\0')
		return;
	rows_mem_add(mem, name);
	rows_mem_add(mem, value);
}

static bool stat_bucket(struct aws *aws, const struct s3_uri *uri,
			struct rows_mem *mem, struct err *err)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct s3_list_options options = {
		.bucket = uri->bucket.text,
		.page = 1,
	};
	CLEANUP(s3_list_freep)
	struct s3_list *list = s3_list_new(aws, &options);
	struct err failed = ERR_EMPTY;
	const struct s3_list_entry *entry;

	if (!worker_bucket_region(aws, uri->bucket.text, &region, err))
		return false;
	entry = s3_list_next(list, &failed);
	add_property(mem, "bucket", uri->bucket.text);
	add_property(mem, "region", region.text);
	if (failed.kind == ERR_NONE)
		add_property(mem, "empty", entry == NULL ? "yes" : "no");
	return true;
}

static bool stat_object(struct aws *aws, const struct s3_uri *uri,
			struct rows_mem *mem, struct err *err)
{
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!s3_object_head(aws, uri, &head, err))
		return false;
	add_property(mem, "bucket", uri->bucket.text);
	add_property(mem, "key", uri->key.text);
	str_addf(&text, "%" PRId64, head.size);
	add_property(mem, "size", text.text);
	str_clear(&text);
	if (head.modified_ms != 0)
		isotime_add_sql(&text, head.modified_ms);
	add_property(mem, "modified", text.text);
	str_clear(&text);
	for (const char *at = head.etag.text; *at != '\0'; at++)
		if (*at != '"')
			str_add_char(&text, *at);
	add_property(mem, "etag", text.text);
	add_property(mem, "content type", head.content_type.text);
	add_property(mem, "content encoding", head.content_encoding.text);
	add_property(mem, "storage class", head.storage_class.text);
	add_property(mem, "encryption", head.encryption.text);
	add_property(mem, "version", head.version.text);
	add_property(mem, "metadata", head.metadata.text);
	return true;
}

bool s3_read_stat(struct session *session, const struct args *args,
		  struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(rows_mem_freep) struct rows_mem *mem = rows_mem_new(NULL);
	struct aws *aws = session_aws(session, err);
	struct rows *rows;

	if (aws == NULL ||
	    !s3_uri_parse_bucket(&uri, args_text(args, "URI"), err))
		return false;
	rows_mem_column(mem, "property", ROWS_TEXT);
	rows_mem_column(mem, "value", ROWS_TEXT);
	if (uri.key.len > 0 ? !stat_object(aws, &uri, mem, err)
			    : !stat_bucket(aws, &uri, mem, err))
		return false;
	rows = rows_mem_rows(mem);
	mem = NULL;
	return session_print_rows(session, rows, "", err);
}

/* --- \s3du --- */

struct sums {
	int64_t count;
	int64_t bytes;
	int64_t largest;
	struct str largest_key;
};

static void sums_done(struct sums *sums)
{
	str_done(&sums->largest_key);
}

static bool sum_up(struct aws *aws, const struct s3_uri *uri, struct sums *sums,
		   struct err *err)
{
	struct s3_list_options options = {
		.bucket = uri->bucket.text,
		.prefix = uri->key.text,
		.glob = true,
	};
	CLEANUP(s3_list_freep)
	struct s3_list *list = s3_list_new(aws, &options);
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;

	while ((entry = s3_list_next(list, &failed)) != NULL) {
		sums->count++;
		sums->bytes += entry->size;
		if (sums->largest_key.len > 0 && entry->size <= sums->largest)
			continue;
		sums->largest = entry->size;
		str_set(&sums->largest_key, entry->key);
	}
	if (failed.kind != ERR_NONE && err != NULL)
		*err = failed;
	return failed.kind == ERR_NONE;
}

static void add_bytes(struct rows_mem *mem, int64_t bytes, bool human)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!human) {
		rows_mem_add_number(mem, bytes);
		return;
	}
	units_add_bytes(&text, bytes);
	rows_mem_add(mem, text.text);
}

bool s3_read_du(struct session *session, const struct args *args,
		struct err *err)
{
	CLEANUP(rows_mem_freep) struct rows_mem *mem = rows_mem_new(NULL);
	struct aws *aws = session_aws(session, err);
	bool human = args_flag(args, "-h");
	enum rows_kind kind = human ? ROWS_TEXT : ROWS_INTEGER;
	size_t count = args_count(args, "URI");
	struct rows *rows;

	if (aws == NULL)
		return false;
	if (count == 0)
		return err_set(err, ERR_USAGE,
			       "\\s3du: name a bucket or a "
			       "prefix");
	rows_mem_column(mem, "name", ROWS_TEXT);
	rows_mem_column(mem, "objects", ROWS_INTEGER);
	rows_mem_column(mem, "bytes", kind);
	rows_mem_column(mem, "largest", kind);
	rows_mem_column(mem, "largest key", ROWS_TEXT);
	for (size_t i = 0; i < count; i++) {
		CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
		CLEANUP(sums_done)
		struct sums sums = { .largest_key = STR_EMPTY };

		if (!s3_uri_parse_bucket(&uri, args_item(args, "URI", i),
					 err) ||
		    !sum_up(aws, &uri, &sums, err))
			return false;
		rows_mem_add(mem, args_item(args, "URI", i));
		rows_mem_add_number(mem, sums.count);
		add_bytes(mem, sums.bytes, human);
		add_bytes(mem, sums.largest, human);
		rows_mem_add(mem,
			     sums.count > 0 ? sums.largest_key.text : NULL);
	}
	rows = rows_mem_rows(mem);
	mem = NULL;
	return session_print_rows(session, rows, "", err);
}
